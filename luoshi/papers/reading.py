"""Reads a file of any kind into paragraphs, within bounds of size; each kind has a reader of its own."""

from collections.abc import Callable
from importlib import import_module

from luoshi.papers.facts import Limits, Paper, Paragraph, Progress
from luoshi.papers.kinds import kind_in, kind_of
from luoshi.papers.refusals import UnreadablePaper

__all__ = ["DEFAULT", "Limits", "Paper", "Paragraph", "UnreadablePaper", "kind_in", "kind_of", "read_paper", "silent"]

Reader = Callable[..., Paper]
# Each reader is imported when a paper of its kind comes; those of papers with pages tell of each.
READERS = {
    "docx": ("word", "read_word"),
    "doc": ("old_word", "read_old_word"),
    "pdf": ("pdf", "read_pdf"),
    "ofd": ("ofd", "read_ofd"),
    "scan": ("scan", "read_scan"),
    "xlsx": ("sheets", "read_book"),
    "csv": ("sheets", "read_csv"),
    "html": ("html", "read_html"),
    "txt": ("plain_text", "read_text"),
}
PAGED = frozenset({"pdf", "ofd", "scan"})
DEFAULT = Limits()


def silent(_done: int, _total: int) -> None:
    """Nobody waits to hear of progress."""


def read_paper(data: bytes, *, name: str, limits: Limits = DEFAULT, told: Progress = silent) -> Paper:
    """Read a file's bytes; `told` hears of each page. Raises UnreadablePaper with a reason and a remedy."""
    if not data:
        raise UnreadablePaper("empty")
    if len(data) > limits.max_bytes:
        raise UnreadablePaper("too_large")
    paper = _read(data, kind_in(data, name=name), limits, told)
    if not any(p.text.strip() for p in paper.paragraphs):
        raise UnreadablePaper("no_text")
    return paper


def _read(data: bytes, kind: str, limits: Limits, told: Progress) -> Paper:
    module, function = READERS[kind]
    reader: Reader = getattr(import_module(f"luoshi.papers.{module}"), function)
    return reader(data, limits=limits, told=told) if kind in PAGED else reader(data, limits=limits)
