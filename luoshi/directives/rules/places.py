"""Where words of a directive's text stood in the original: the paragraph or cell, and the boxes on a page's picture."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.directives.rules.review import Mark

SOURCE = re.compile(r"(?P<kind>[a-z])(?P<number>\d+)(?:r(?P<row>\d+)(?:c(?P<cell>\d+))?)?\Z")
ORDER = ("span", "duty", "unit", "due", "target")  # what is drawn later is clicked first


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character came from: p a paragraph or line, t a table's row, s a sheet's, n a footnote; and the page."""

    kind: str
    number: int
    row: int = 0
    cell: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """Marked words on a page, in ten-thousandths of its width and height."""

    left: int
    top: int
    width: int
    height: int
    kind: str
    proposal: int


def place_at(sources: Sequence[Sequence[Any]], text: str, offset: int) -> Place | None:
    """The place of the character at an offset; `sources` are rows of offset, place and (0 for none) page."""
    index = bisect_right(sources, offset, key=lambda row: int(row[0])) - 1
    if index < 0:
        return None
    start, source, *page = sources[index]
    found = SOURCE.match(source)
    if found is None:
        return None
    cell = int(found["cell"] or 0)
    if found["row"] and not cell and "\t" in _line(text, start):
        cell = text.count("\t", start, max(start, offset)) + 1
    return Place(found["kind"], int(found["number"]), int(found["row"] or 0), cell, page[0] if page else 0)


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def pages_between(sources: Sequence[Sequence[Any]], start: int, end: int) -> tuple[int, int] | None:
    """The first and last page that words between two offsets stand on; a paragraph may run on to the next page."""
    first = bisect_right(sources, start, key=lambda row: int(row[0])) - 1
    last = bisect_right(sources, max(start, end - 1), key=lambda row: int(row[0])) - 1
    pages = [row[2] for row in sources[max(0, first) : last + 2] if len(row) > 2 and row[2]]
    return (min(pages), max(pages)) if pages else None


def find_boxes(runs: Iterable[Sequence[Any]], marks: Sequence[Mark]) -> list[Box]:
    """The boxes of the marks on a page; a run is [start, end, top, bottom, edges of its characters, confidence]."""
    ordered = sorted(marks, key=lambda m: m.start)
    starts = [m.start for m in ordered]
    longest = max((m.end - m.start for m in ordered), default=0)
    found = []
    for start, end, top, bottom, edges, *_confidence in runs:
        for mark in ordered[bisect_right(starts, start - longest - 1) : bisect_right(starts, end - 1)]:
            left, right = max(start, mark.start), min(end, mark.end)
            if left < right:
                x, beyond = edges[left - start], edges[right - start]
                found.append(Box(x, top, max(1, beyond - x), max(1, bottom - top), mark.kind, mark.proposal))
    return sorted(found, key=lambda box: ORDER.index(box.kind) if box.kind in ORDER else 0)
