"""Reads a file into paragraphs: .docx and .txt, within bounds of size and time."""

import re

from luoshi.papers.facts import Limits, Paper, Paragraph, Progress
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


KINDS = {
    "docx": "docx", "txt": "txt", "pdf": "pdf", "ofd": "ofd", "png": "scan", "jpg": "scan", "jpeg": "scan",
    "tif": "scan", "tiff": "scan", "doc": "doc", "wps": "doc",
}  # fmt: skip
DEFAULT = Limits()


def silent(_done: int, _total: int) -> None:
    """Nobody waits to hear of progress."""


def read_paper(data: bytes, *, name: str, limits: Limits = DEFAULT, told: Progress = silent) -> Paper:
    """Read a file's bytes; `told` hears of each page. Raises UnreadablePaper with a reason and a remedy."""
    if not data:
        raise UnreadablePaper("empty")
    if len(data) > limits.max_bytes:
        raise UnreadablePaper("too_large")
    paper = _read(data, kind_of(name), limits, told)
    if not any(p.text.strip() for p in paper.paragraphs):
        raise UnreadablePaper("no_text")
    return paper


def kind_of(name: str) -> str:
    """The kind of paper that a file's name promises; empty where it promises none that is read."""
    return KINDS.get(name.rpartition(".")[2].lower() if "." in name else "", "")


def _read(data: bytes, kind: str, limits: Limits, told: Progress) -> Paper:
    if kind == "docx":
        from luoshi.papers.word import read_word

        return Paper("docx", tuple(read_word(data, limits=limits)))
    if kind == "txt":
        return Paper("txt", tuple(_lines(_decoded(data), limits)))
    if kind == "pdf":
        from luoshi.papers.pdf import read_pdf

        return read_pdf(data, limits=limits, told=told)
    if kind == "ofd":
        from luoshi.papers.ofd import read_ofd

        return read_ofd(data, limits=limits, told=told)
    if kind == "scan":
        from luoshi.papers.scan import read_scan

        return read_scan(data, limits=limits, told=told)
    raise UnreadablePaper("old_word" if kind == "doc" else "unsupported")


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
