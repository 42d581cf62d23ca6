"""Turns the bytes of plain text into lines: UTF-8, UTF-16 and GB18030, with and without a mark of the encoding."""

import re

from luoshi.papers.facts import Limits, Paper, Paragraph
from luoshi.papers.markdown import without_marks
from luoshi.papers.refusals import UnreadablePaper

MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
LINE_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# What Chinese papers are made of: a wrong guess at the encoding shows in how little of this it gives.
USUAL = re.compile(r"[\t\n\r -~·—‘’“”…①-⑳Ⅰ-Ⅻ\u3000-〕㈠-㈩\u4e00-\u9fff\uff00-\uffef]")
SAMPLE = 20_000
SURE = 0.9
EDGES = " \u3000\xa0\ufeff"


def read_text(data: bytes, *, limits: Limits) -> Paper:
    """Read the lines that hold words, each by its number. Raises UnreadablePaper."""
    rows = enumerate(LINE_BREAK.split(decoded(data, limits=limits)), start=1)
    found = [Paragraph(row, f"p{number}") for number, row in ((n, _tidy(r)) for n, r in rows) if row]
    if len(found) > limits.max_paragraphs:
        raise UnreadablePaper("too_large")
    return Paper("txt", tuple(without_marks(found)))


def decoded(data: bytes, *, limits: Limits) -> str:
    """Return the characters of a text file. Raises UnreadablePaper."""
    text = _by_mark(data) if data.startswith(MARKS) else _without_mark(data)
    if CONTROL.search(text):
        raise UnreadablePaper("wrong_content")
    if len(text) > limits.max_characters:
        raise UnreadablePaper("too_large")
    return text


def _by_mark(data: bytes) -> str:
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadablePaper("broken") from None


def _without_mark(data: bytes) -> str:
    """Take UTF-8 where it fits; else whichever of the others gives more of what papers are made of."""
    text = _as(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text
    guesses = [(_likeness(guess), guess) for guess in _guesses(data)]
    if not guesses:
        raise UnreadablePaper("encoding")
    likeness, best = max(guesses, key=lambda pair: pair[0])
    if "\x00" in best and likeness < SURE:
        raise UnreadablePaper("encoding")
    return best


def _guesses(data: bytes) -> list[str]:
    sixteen = ("utf-16-le", "utf-16-be") if len(data) % 2 == 0 else ()
    found = [(encoding, _as(data, encoding)) for encoding in ("gb18030", *sixteen)]
    return [text for name, text in found if text and (name == "gb18030" or _likeness(text) > SURE)]


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likeness(text: str) -> float:
    sample = text[:SAMPLE]
    return len(USUAL.findall(sample)) / len(sample)


def _tidy(row: str) -> str:
    """Strip a line, but keep the empty cells of a table's row."""
    return row.strip(EDGES) if "\t" in row and row.strip() else row.strip("\t" + EDGES)
