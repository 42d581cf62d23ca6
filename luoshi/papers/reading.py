"""Reads a file into paragraphs: .docx and .txt, within bounds of size and time."""

import re
from dataclasses import dataclass
from functools import cached_property

from luoshi.papers.refusals import UnreadablePaper

__all__ = ["DEFAULT", "Limits", "Paper", "Paragraph", "UnreadablePaper", "read_paper"]

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_MAGIC = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    OLD_OFFICE,
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
LINE_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a file: bytes as sent, bytes when unpacked, how far it may unpack, entries, characters of text."""

    max_bytes: int = 20_000_000
    max_expanded: int = 120_000_000
    max_part: int = 40_000_000
    max_ratio: int = 200
    max_entries: int = 2_000
    max_characters: int = 2_000_000
    max_paragraphs: int = 60_000


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words and where they stood: p12 is the twelfth paragraph or line, t1r2 a row of a table, t1r2c3 a cell."""

    text: str
    source: str


@dataclass(frozen=True)
class Paper:
    """A paper as read; kind is docx or txt."""

    kind: str
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(p.text for p in self.paragraphs)


def read_paper(data: bytes, *, name: str, limits: Limits = DEFAULT) -> Paper:
    """Read a file's bytes. Raises UnreadablePaper with a reason and a remedy."""
    if not data:
        raise UnreadablePaper("empty")
    if len(data) > limits.max_bytes:
        raise UnreadablePaper("too_large")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending == "docx":
        from luoshi.papers.word import read_word

        paper = Paper("docx", tuple(read_word(data, limits=limits)))
    elif ending == "txt":
        paper = Paper("txt", tuple(_lines(_decoded(data), limits)))
    else:
        raise UnreadablePaper("old_word" if ending == "doc" else "unsupported")
    if not any(p.text.strip() for p in paper.paragraphs):
        raise UnreadablePaper("no_text")
    return paper


def _decoded(data: bytes) -> str:
    if data.startswith(OTHER_MAGIC):
        raise UnreadablePaper("wrong_content")
    text = _by_mark(data) if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) else _without_mark(data)
    if CONTROL.search(text):
        raise UnreadablePaper("encoding" if b"\x00" in data else "wrong_content")
    return text


def _by_mark(data: bytes) -> str:
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadablePaper("broken") from None


def _without_mark(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadablePaper("encoding")


def _lines(text: str, limits: Limits) -> list[Paragraph]:
    if len(text) > limits.max_characters:
        raise UnreadablePaper("too_large")
    rows = enumerate(LINE_BREAK.split(text), start=1)
    found = [Paragraph(row, f"p{number}") for number, row in ((n, _tidy(r)) for n, r in rows) if row]
    if len(found) > limits.max_paragraphs:
        raise UnreadablePaper("too_large")
    return found


def _tidy(row: str) -> str:
    """Strip a line, but keep the empty cells of a table's row."""
    return row.strip(" \u3000\xa0\ufeff") if "\t" in row and row.strip() else row.strip(" \t\u3000\xa0\ufeff")
