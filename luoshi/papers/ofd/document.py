"""What an OFD package declares: its documents, their pages in order, templates, annotations and shared resources."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from luoshi.papers.facts import Limits
from luoshi.papers.ofd.archive import ENTRY, Archive, child, children, folder_of, named, words_of
from luoshi.papers.ofd.geometry import Box, page_box
from luoshi.papers.refusals import UnreadablePaper

MAX_DOCUMENTS = 50
MAX_RESOURCES = 100_000
SHARED = ("Font", "DrawParam", "ColorSpace", "MultiMedia", "CompositeGraphicUnit", "VectorG")


@dataclass(frozen=True, slots=True)
class Resource:
    """A shared thing and the folder from which its file is sought."""

    element: "etree._Element"
    folder: str


@dataclass
class Document:
    """One document of a package."""

    folder: str
    area: "etree._Element | None"
    resources: dict[str, Resource] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page not yet opened: its number in the whole package, its identifier and its part."""

    number: int
    id: str
    part: str
    document: Document


@dataclass(frozen=True, slots=True)
class Page:
    """A page opened: its box, its content, the templates on it and the resources within its reach."""

    ref: PageRef
    area: Box
    content: "etree._Element | None"
    templates: tuple[tuple[str, str], ...]  # (part, ZOrder)
    resources: dict[str, Resource]


class Opened:
    """A package with its pages counted, but not read."""

    def __init__(self, data: bytes, *, limits: Limits) -> None:
        # A page takes up to four parts; a long paper must not be taken for a bomb.
        roomy = replace(limits, max_entries=limits.max_entries + 4 * limits.max_pages)
        self.archive = Archive(data, limits=roomy)
        self.limits = limits
        self.pages: list[PageRef] = []
        if self.archive.is_encrypted:
            raise UnreadablePaper("encrypted")
        self._open_documents()

    def _open_documents(self) -> None:
        entry = self.archive.find("/" + ENTRY)
        bodies = children(self.archive.root(entry or ENTRY), "DocBody")
        for body in bodies[:MAX_DOCUMENTS]:
            part = self.archive.find(words_of(child(body, "DocRoot")))
            if part is None:
                raise UnreadablePaper("broken")
            self._open_document(part)
        if not self.pages:
            raise UnreadablePaper("broken")

    def _open_document(self, part: str) -> None:
        root, folder = self.archive.root(part), folder_of(part)
        common = child(root, "CommonData")
        document = Document(folder, child(common, "PageArea"))
        for name in ("PublicRes", "DocumentRes"):
            for element in children(common, name):
                document.resources.update(self.resources(words_of(element), folder))
        for element in children(common, "TemplatePage"):
            found = self.archive.find(element.get("BaseLoc") or "", folder)
            if found:
                document.templates[element.get("ID") or ""] = found
        self._note_annotations(document, words_of(child(root, "Annotations")))
        for element in children(child(root, "Pages"), "Page"):
            self._add_page(element, document)

    def _add_page(self, element: "etree._Element", document: Document) -> None:
        if len(self.pages) >= self.limits.max_pages:
            raise UnreadablePaper("too_many_pages")
        part = self.archive.find(element.get("BaseLoc") or "", document.folder)
        if part is None:
            raise UnreadablePaper("broken")  # a page left out in silence could have held duties
        self.pages.append(PageRef(len(self.pages) + 1, element.get("ID") or "", part, document))

    def resources(self, location: str, *bases: str) -> dict[str, Resource]:
        """The things that a resource part shares, by identifier."""
        part = self.archive.find(location, *bases)
        root = self.archive.spare(part)
        if part is None or root is None:
            return {}
        folder = "/".join(filter(None, (folder_of(part), (root.get("BaseLoc") or "").strip("/ "))))
        found: dict[str, Resource] = {}
        for element in (e for group in root for e in group if named(e) in SHARED):
            if len(found) >= MAX_RESOURCES:
                break
            found[element.get("ID") or ""] = Resource(element, folder)
        return found

    def _note_annotations(self, document: Document, location: str) -> None:
        part = self.archive.find(location, document.folder)
        root = self.archive.spare(part)
        for element in children(root, "Page"):
            for place in children(element, "FileLoc"):
                found = self.archive.find(words_of(place), folder_of(part or ""), document.folder)
                if found:
                    document.annotations.setdefault(element.get("PageID") or "", []).append(found)

    def page(self, ref: PageRef) -> Page:
        """Open a page."""
        root = self.archive.root(ref.part)
        own = dict(ref.document.resources)
        for element in children(root, "PageRes"):
            own.update(self.resources(words_of(element), folder_of(ref.part), ref.document.folder))
        areas = (child(root, "Area"), ref.document.area)
        area = page_box(*(words_of(child(a, b)) for a in areas for b in ("PhysicalBox", "ApplicationBox")))
        return Page(ref, area, child(root, "Content"), tuple(self._templates(root, ref)), own)

    def _templates(self, root: "etree._Element", ref: PageRef) -> Iterator[tuple[str, str]]:
        for element in children(root, "Template")[:20]:
            part = ref.document.templates.get(element.get("TemplateID") or "")
            if part:
                yield part, element.get("ZOrder") or "Background"

    def template(self, part: str) -> "etree._Element | None":
        """A template's content."""
        return child(self.archive.spare(part), "Content")

    def appearances(self, ref: PageRef) -> "Iterator[etree._Element]":
        """The appearances of a page's annotations: stamps, watermarks, notes."""
        for part in ref.document.annotations.get(ref.id, ())[:20]:
            for annotation in children(self.archive.spare(part), "Annot"):
                if annotation.get("Visible") != "false":
                    yield from children(annotation, "Appearance")
