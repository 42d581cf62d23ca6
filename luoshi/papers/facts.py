"""What a paper is once read: paragraphs of words, each character traceable to its page, line, paragraph or cell."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

Progress = Callable[[int, int], None]  # called with (pages read, pages in all)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a file: bytes as sent, bytes when unpacked, how far it may unpack, entries, text, pages, pixels."""

    max_bytes: int = 20_000_000
    max_expanded: int = 120_000_000
    max_part: int = 40_000_000
    max_ratio: int = 200
    max_entries: int = 2_000
    max_characters: int = 2_000_000
    max_paragraphs: int = 60_000
    max_pages: int = 600
    max_pixels: int = 60_000_000


TABLE = Limits(
    max_bytes=40_000_000, max_expanded=400_000_000, max_part=250_000_000, max_ratio=400, max_characters=60_000_000,
    max_paragraphs=120_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row by the number that the sheet shows, how deep it is folded, and its cells by their numbers from 1."""

    number: int
    fold: int
    cells: dict[int, str]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters `start` to `end` of a paragraph that stand on one line of a page (numbered from 1).

    Lengths are ten-thousandths of the page's width and height. `edges` are the left edges of the characters and the
    right edge of the last: `end - start + 1` numbers. `confidence` (0–1) is that of character recognition, None for
    text that needed none.
    """

    start: int
    end: int
    page: int
    top: int
    bottom: int
    edges: tuple[int, ...]
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words and where they stood: p12 is the twelfth paragraph or line, t1r2 a row of the first table (cells between
    tabs), t1r2c3 a cell that stands alone in its row; `runs` are its places on page images, where there are any."""

    text: str
    source: str
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as an image can show it: its number from 1, width and height in points."""

    number: int
    width: float
    height: float


@dataclass(frozen=True)
class Paper:
    """A paper as read; kind is docx, doc, pdf, ofd, scan, xlsx, csv, html or txt; `notes` are codes for the reader."""

    kind: str
    paragraphs: tuple[Paragraph, ...]
    sheets: tuple[Sheet, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(p.text for p in self.paragraphs)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each paragraph begins in `text`."""
        return tuple(accumulate((len(p.text) + 1 for p in self.paragraphs[:-1]), initial=0))

    def source_at(self, offset: int) -> str:
        """Where the character at an offset of `text` came from: p12, or the cell t1r2c3."""
        index = max(0, bisect_right(self.starts, offset) - 1)
        paragraph = self.paragraphs[index]
        if "\t" not in paragraph.text:
            return paragraph.source
        return f"{paragraph.source}c{paragraph.text.count(chr(9), 0, max(0, offset - self.starts[index])) + 1}"

    @property
    def recognised(self) -> tuple[tuple[int, int], ...]:
        """The ranges of `text` that character recognition read."""
        return tuple(
            (start + run.start, start + run.end)
            for start, paragraph in zip(self.starts, self.paragraphs, strict=False)
            for run in paragraph.runs
            if run.confidence is not None
        )


def as_plain(paper: Paper) -> dict[str, Any]:
    """A paper as plain data for JSON."""
    return {
        "kind": paper.kind,
        "paragraphs": [[p.text, p.source, [_plain_run(r) for r in p.runs]] for p in paper.paragraphs],
        "sheets": [[s.number, s.width, s.height] for s in paper.sheets],
        "notes": list(paper.notes),
    }


def from_plain(data: dict[str, Any]) -> Paper:
    """The paper that `as_plain` wrote."""
    return Paper(
        data["kind"],
        tuple(Paragraph(text, source, tuple(_run(r) for r in runs)) for text, source, runs in data["paragraphs"]),
        tuple(Sheet(*s) for s in data["sheets"]),
        tuple(data["notes"]),
    )


def _plain_run(run: Run) -> list[Any]:
    return [run.start, run.end, run.page, run.top, run.bottom, list(run.edges), run.confidence]


def _run(row: list[Any]) -> Run:
    return Run(row[0], row[1], row[2], row[3], row[4], tuple(row[5]), row[6])
