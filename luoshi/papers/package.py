"""Opens the zip package of a paper (Word, OFD) and hands out its parts, within bounds and without external entities."""

import io
import lzma
import struct
import zipfile
import zlib

from lxml import etree

from luoshi.papers.facts import Limits
from luoshi.papers.kinds import ENCRYPTED_PACKAGE, OLD_OFFICE
from luoshi.papers.refusals import UnreadablePaper

ENTRY = b"PK\x01\x02"  # each entry of a zip's directory begins so
SMALL = 1_000_000
# What the zip library meets in a damaged file: negative places, unknown methods, broken streams.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, OverflowError, IndexError,
)  # fmt: skip
MOST_TAGS = 4_000_000  # in one part; each costs memory
# The strict form of the format writes the same words under other names.
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class Package:
    """The parts of a Word document, or of another paper kept in a zip, read on demand."""

    def __init__(self, data: bytes, *, limits: Limits, must_have: str = "") -> None:
        if data.startswith(OLD_OFFICE):
            raise UnreadablePaper("encrypted" if ENCRYPTED_PACKAGE in data else "wrong_content")
        if not data.startswith(b"PK"):
            raise UnreadablePaper("wrong_content")
        self.limits = limits
        self.zip = self._opened(data)
        self.names = frozenset(self.zip.namelist())
        self._check(len(data), must_have)

    def _opened(self, data: bytes) -> zipfile.ZipFile:
        """Open the zip; a directory of very many entries is refused before it is read into memory."""
        if data.count(ENTRY) > 2 * self.limits.max_entries:
            raise UnreadablePaper("expands_too_far")
        try:
            return zipfile.ZipFile(io.BytesIO(data))
        except DAMAGE:
            raise UnreadablePaper("broken") from None

    def _check(self, size: int, must_have: str) -> None:
        entries = self.zip.infolist()
        expanded = sum(e.file_size for e in entries)
        too_far = expanded > SMALL and expanded > size * self.limits.max_ratio
        if len(entries) > self.limits.max_entries or expanded > self.limits.max_expanded or too_far:
            raise UnreadablePaper("expands_too_far")
        if any(e.flag_bits & 1 for e in entries):
            raise UnreadablePaper("encrypted")
        if must_have and must_have.lower() not in (name.lower() for name in self.names):
            raise UnreadablePaper("wrong_content")

    def part(self, name: str) -> "etree._Element | None":
        """Return a part's root element, or None where the package has no such part."""
        if name not in self.names:
            return None
        data = self.data(name)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<\x00!\x00" in data or b"\x00<\x00!" in data:
            raise UnreadablePaper("unsafe")
        if data.count(b"<") > MOST_TAGS:
            raise UnreadablePaper("too_large")
        for strict, usual in STRICT.items():
            data = data.replace(strict, usual, 9)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise UnreadablePaper("broken") from None

    def data(self, name: str) -> bytes:
        """Read a part: no more than the bound, whatever size the directory of the zip claims."""
        try:
            with self.zip.open(name) as part:
                data = part.read(self.limits.max_part + 1)
        except DAMAGE:
            raise UnreadablePaper("broken") from None
        if len(data) > self.limits.max_part:
            raise UnreadablePaper("expands_too_far")
        return data
