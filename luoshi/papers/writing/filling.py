"""Fills templates that people made in Word: only names, rows and plain conditions; anything else in them is refused.

A template is checked by what it says, not by running it: its tags may name known fields, go once through the rows of
a field, and leave out what is empty. So a filled letter is bounded by its values, and nothing in it can be called.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from luoshi.papers.facts import Limits
from luoshi.papers.package import Package
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.writing.sheet import CONTROL, save_paper

BOUNDS = Limits(max_bytes=5_000_000, max_expanded=30_000_000, max_part=8_000_000, max_entries=400)
MOST_TAGS = 600
MOST_FAULTS = 30
NUMBER_HERE = "\ue9f0\ue9f1\ue9f2"  # where the number comes when it is given; signs of private use
PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
STRANGE = re.compile(r"word/(vbaProject|activeX|embeddings)|\.bin$", re.IGNORECASE)
NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Not,
    nodes.And, nodes.Or,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a tag of a template: a stable code, the tag, and the words it stands in."""

    code: str
    tag: str
    near: str


class Missing(str):
    """What stands on paper for a value that is not there: it shows, and counts as empty in a condition."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Known:
    """What a template may name: single fields, fields with rows and the columns of each."""

    single: frozenset[str]
    rows: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a template names, and its faults; one without faults may be filled."""

    names: tuple[str, ...]
    faults: tuple[Fault, ...]


def check_template(data: bytes, *, known: Known, required: Collection[str] = ()) -> Checked:
    """Read the tags of a template. Raises UnreadablePaper for a file that is no plain Word document."""
    package = Package(_bounded(data), limits=BOUNDS, must_have="word/document.xml")
    if any(STRANGE.search(name) for name in package.names):
        raise UnreadablePaper("unsafe")
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            root = package.part(name)
            if name.endswith(".rels") and root is not None and _reaches_out(root):
                raise UnreadablePaper("unsafe")
    try:
        sources = list(_sources(data))
    except (KeyError, ValueError, AttributeError, TypeError):
        raise UnreadablePaper("broken") from None
    reader = _Reader(known)
    for source in sources:
        reader.read(source)
    absent = [Fault("required_missing", name, "") for name in required if name not in reader.names]
    return Checked(tuple(reader.names), tuple([*reader.faults, *absent][:MOST_FAULTS]))


def _bounded(data: bytes) -> bytes:
    if len(data) > BOUNDS.max_bytes:
        raise UnreadablePaper("too_large")
    return data


def _reaches_out(relations: Any) -> bool:
    """Does a part take pictures, templates or frames from elsewhere? A plain link, which only a reader follows, may."""
    return any(
        r.get("TargetMode", "").lower() == "external" and not r.get("Type", "").endswith("/hyperlink")
        for r in relations
    )


def _sources(data: bytes) -> Iterator[str]:
    """Each text of the document that would be filled, as its tags stand in it."""
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(kind):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.iter_parts():
        if "footnotes" in str(part.partname):
            yield template.patch_xml(part.blob.decode("utf-8", errors="replace"))
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield str(getattr(properties, name) or "")


class _Reader:
    """Goes through the tags of a template and keeps what they name and what is wrong with them."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.names: dict[str, None] = {}
        self.faults: list[Fault] = []
        self.source = ""
        self.tags = 0

    def read(self, source: str) -> None:
        self.source = source
        self.tags += source.count("{{") + source.count("{%")
        if self.tags > MOST_TAGS:
            self.faults.append(Fault("too_many_tags", str(self.tags), ""))
            return
        try:
            tree = _environment().parse(re.sub(r"<w:p([ >])", r"\n<w:p\1", source))
        except TemplateSyntaxError as error:
            self.faults.append(Fault("bad_tag", error.message or "", self._line(error.lineno)))
            return
        for node in tree.body:
            self.visit(node, {})

    def visit(self, node: nodes.Node, rows: Mapping[str, str]) -> None:
        """`rows` are the names that stand for a row, with the field that it is a row of."""
        if not isinstance(node, NODES):
            self._fault("not_allowed", _named(node), node)
        elif isinstance(node, nodes.For):
            self._visit_rows(node, rows)
        elif isinstance(node, nodes.Getattr):
            self._visit_cell(node, rows)
        elif isinstance(node, nodes.Name):
            self._visit_name(node, rows)
        else:
            for child in node.iter_child_nodes():
                self.visit(child, rows)

    def _visit_rows(self, node: nodes.For, rows: Mapping[str, str]) -> None:
        field, target = node.iter, node.target
        plain = isinstance(field, nodes.Name) and isinstance(target, nodes.Name)
        if not plain or node.test or node.recursive or node.else_ or rows:
            self._fault("not_allowed", "for", node)
            return
        assert isinstance(field, nodes.Name)
        assert isinstance(target, nodes.Name)
        if field.name not in self.known.rows:
            self._fault("not_rows" if field.name in self.known.single else "unknown_field", field.name, node)
            return
        self.names[field.name] = None
        for child in node.body:
            self.visit(child, {target.name: field.name})

    def _visit_cell(self, node: nodes.Getattr, rows: Mapping[str, str]) -> None:
        row = node.node.name if isinstance(node.node, nodes.Name) else ""
        if row not in rows:
            self._fault("unknown_field", f"{row}.{node.attr}", node)
        elif node.attr not in self.known.rows[rows[row]]:
            self._fault("unknown_column", f"{row}.{node.attr}", node)

    def _visit_name(self, node: nodes.Name, rows: Mapping[str, str]) -> None:
        if node.name in rows:
            self._fault("row_alone", node.name, node)
        elif node.name in self.known.single or node.name in self.known.rows:
            self.names[node.name] = None
        else:
            self._fault("unknown_field", node.name, node)

    def _fault(self, code: str, tag: str, node: nodes.Node) -> None:
        self.faults.append(Fault(code, tag[:80], self._line(node.lineno)))

    def _line(self, number: int) -> str:
        """The words of the paragraph that a line of the source is."""
        lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", self.source).split("\n")
        words = re.sub(r"<[^>]*>", "", lines[number - 1]) if 0 < number <= len(lines) else ""
        return words.strip()[:80]


def _named(node: nodes.Node) -> str:
    name = getattr(node, "name", "")
    return f"{type(node).__name__.lower()} {name}".strip() if isinstance(name, str) else type(node).__name__.lower()


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


Value = str | Sequence[Mapping[str, str]]


def fill_template(data: bytes, values: Mapping[str, Value]) -> bytes:
    """The filled document of a checked template; a line break in a value begins a paragraph.

    Raises UnreadablePaper where the template does not hold together.
    """
    template = DocxTemplate(io.BytesIO(data))
    given = {name: _plain(value) for name, value in values.items()}
    try:
        template.render(given, _environment(), autoescape=True)
    except (TemplateError, KeyError, ValueError, TypeError):
        raise UnreadablePaper("broken") from None
    return save_paper(template.docx)


def _plain(value: Value) -> Any:
    if isinstance(value, Missing):
        return value
    if isinstance(value, str):
        return _clean(value)
    return [{name: _clean(words) for name, words in row.items()} for row in value]


def _clean(words: str) -> str:
    """Text that Word can hold; the writer of templates makes a paragraph of the sign for a bell."""
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return CONTROL.sub("", words).replace("\n", "\a")


def put_number(data: bytes, *, number: str) -> bytes:
    """The document with its number where NUMBER_HERE stood, in whatever part."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    mark, words = NUMBER_HERE.encode(), number.encode()
    made = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(ZipInfo(entry.filename), part.replace(mark, words), ZIP_DEFLATED)
    return made.getvalue()
