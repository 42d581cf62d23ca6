"""The parts of an OFD package by their locations: relative or absolute, and in whatever case the writer chose."""

import posixpath

from lxml import etree

from luoshi.papers.facts import Limits
from luoshi.papers.package import Package
from luoshi.papers.refusals import UnreadablePaper

ENTRY = "OFD.xml"
ENCRYPTIONS = ("encryptions.xml", "decryptseed.dat")


def named(element: "etree._Element") -> str:
    """An element's name without its namespace, of which there are several; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child(element: "etree._Element | None", *path: str) -> "etree._Element | None":
    """The first descendant along a path of names."""
    for name in path:
        element = next((e for e in element if named(e) == name), None) if element is not None else None
    return element


def children(element: "etree._Element | None", name: str) -> "list[etree._Element]":
    """The children of a name."""
    return [e for e in element if named(e) == name] if element is not None else []


def words_of(element: "etree._Element | None") -> str:
    """An element's text without blanks around it."""
    return (element.text or "").strip() if element is not None else ""


class Archive:
    """Finds and opens the parts of a package."""

    def __init__(self, data: bytes, *, limits: Limits) -> None:
        self.package = Package(data, limits=limits, must_have=ENTRY)
        self.limits = limits
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in self.package.names}

    @property
    def is_encrypted(self) -> bool:
        """Whether the package names keys instead of readable parts."""
        return any(name.rpartition("/")[2] in ENCRYPTIONS for name in self._names)

    def find(self, location: str, *bases: str) -> str | None:
        """The name of a part; a relative location is sought in each base folder, then at the root."""
        location = location.strip().replace("\\", "/")
        if not location or len(location) > 1_000:
            return None
        folders = ("",) if location.startswith("/") else (*bases, "")
        for folder in folders:
            path = posixpath.normpath(posixpath.join("/", folder, location.lstrip("/"))).lstrip("/")
            if path.lower() in self._names:
                return self._names[path.lower()]
        return None

    def root(self, name: str) -> "etree._Element":
        """A part that must be there."""
        element = self.package.part(name)
        if element is None:
            raise UnreadablePaper("encrypted" if self.is_encrypted else "broken")
        return element

    def spare(self, name: str | None) -> "etree._Element | None":
        """A part without which the paper can still be read: None where it is missing or damaged."""
        if name is None:
            return None
        try:
            return self.package.part(name)
        except UnreadablePaper as refusal:
            if refusal.code != "broken":
                raise
            return None

    def data(self, name: str | None) -> bytes:
        """A part's bytes; none where it is missing or damaged."""
        if name is None:
            return b""
        try:
            return self.package.data(name)
        except UnreadablePaper as refusal:
            if refusal.code != "broken":
                raise
            return b""


def folder_of(name: str) -> str:
    """The folder in which a part lies."""
    return posixpath.dirname(name.replace("\\", "/"))
