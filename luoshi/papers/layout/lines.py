"""Gathers a page's characters into lines of words, however they were drawn, jittered or slightly turned."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from luoshi.papers.layout.facts import Glyph, PageContent
from luoshi.papers.layout.marks import LATIN, MARK

REACH = 0.33  # how far a character's middle may lie from its line's, in heights of the larger
RAISED = 0.46  # how far that of a much smaller one may, a note's mark
STEEPEST = 0.06  # a page turned further than this was not scanned straight enough to be read
WIDE = 0.9  # a gap between Chinese characters that stands for something, in heights
NARROW = 0.2  # a gap between Latin words, in heights
DROPPED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd-\uffff]")


@dataclass(frozen=True)
class Line:
    """Words on one line: `marks` holds for each character of `text` its glyph, or None for a space we set."""

    page: int
    text: str
    marks: tuple[Glyph | None, ...]
    column: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """The page and the column in which the line stands."""
        return self.page, self.column

    @cached_property
    def glyphs(self) -> list[Glyph]:
        """The characters that were drawn."""
        return [m for m in self.marks if m is not None]

    @cached_property
    def left(self) -> float:
        """The left edge."""
        return self.glyphs[0].left

    @cached_property
    def right(self) -> float:
        """The right edge."""
        return max(g.right for g in self.glyphs[-3:])

    @cached_property
    def size(self) -> float:
        """The height of most characters."""
        return median(g.size for g in self.glyphs)

    @cached_property
    def middle(self) -> float:
        """The height on the page of the characters' middle."""
        return median((g.top + g.bottom) / 2 for g in self.glyphs)

    @cached_property
    def begins_item(self) -> bool:
        """Whether the line begins with an outline mark: 一、（一）1.（1）① 第一条 一是 ——."""
        return MARK.match(self.text) is not None

    def part(self, places: Sequence[int]) -> "Line | None":
        """The stretch of the line from the first of some places in its text to the last; None for no places."""
        if not places:
            return None
        first, last = places[0], places[-1] + 1
        return replace(self, text=self.text[first:last], marks=self.marks[first:last])

    def with_more(self, rest: "Line") -> "Line":
        """The line with words that follow on it."""
        return replace(self, text=self.text + rest.text, marks=self.marks + rest.marks)

    def stretches(self, gap: float) -> "list[Line]":
        """The line cut where its characters stand farther apart than `gap` heights."""
        cuts, before = [0], None
        for place, mark in enumerate(self.marks):
            if mark is not None and before is not None and mark.left - before.right > gap * mark.size:
                cuts.append(place)
            before = mark or before
        parts = (self.part(_inked(self.marks, range(a, b))) for a, b in pairwise([*cuts, len(self.marks)]))
        return [part for part in parts if part is not None]


def _inked(marks: Sequence[Glyph | None], places: range) -> list[int]:
    return [place for place in places if marks[place] is not None]


def read_lines(glyphs: Sequence[Glyph], *, page: PageContent) -> list[Line]:
    """The lines that characters of a page form, from top to bottom."""
    seen = [g for g in folded(glyphs) if _on_page(g, page)]
    slope = _slope(seen)
    rows = [_write(row, page.number) for row in _rows(seen, slope)]
    return [row for row in rows if row is not None]


def folded(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Fold full-width digits and letters, radicals and ligatures; drop what has no shape. Spaces stay."""
    for glyph in glyphs:
        char = glyph.char
        if "一" <= char <= "\u9fa5" or "!" <= char <= "~":
            yield glyph
            continue
        words = _plain(char)
        if len(words) == 1:
            yield glyph if words == char else _with(glyph, words, glyph.left, glyph.right)
            continue
        step = (glyph.right - glyph.left) / max(1, len(words))
        for index, letter in enumerate(words):
            yield _with(glyph, letter, glyph.left + step * index, glyph.left + step * (index + 1))


def _plain(char: str) -> str:
    if char.isspace():
        return " "
    if DROPPED.match(char) or (len(char) == 1 and "\ud800" <= char <= "\udfff"):
        return ""
    point = ord(char[:1])
    if 0xFF10 <= point <= 0xFF19 or 0xFF21 <= point <= 0xFF3A or 0xFF41 <= point <= 0xFF5A:
        return chr(point - 0xFEE0)
    if 0x2E80 <= point <= 0x2FD5 or 0xF900 <= point <= 0xFAFF or 0xFB00 <= point <= 0xFB06:
        return unicodedata.normalize("NFKC", char)
    return char


def _with(glyph: Glyph, char: str, left: float, right: float) -> Glyph:
    return Glyph(char, left, glyph.top, right, glyph.bottom, glyph.size, glyph.confidence)


def _on_page(glyph: Glyph, page: PageContent) -> bool:
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    return -1 <= x <= page.width + 1 and -1 <= y <= page.height + 1 and 0 < glyph.size < 1000


def _slope(glyphs: Sequence[Glyph]) -> float:
    """How steeply the lines of a page run, from characters that were drawn one after another."""
    run, rise = 0.0, 0.0
    steps = []
    for a, b in pairwise(glyphs):
        across, down = b.left - a.left, (b.top + b.bottom - a.top - a.bottom) / 2
        if 0.2 * a.size < across < 3 * a.size and abs(down) < 0.25 * a.size and abs(a.size - b.size) < 0.1 * a.size:
            steps.append((across, down))
    if len(steps) < 20:
        return 0.0
    typical = median(down / across for across, down in steps)
    for across, down in steps:
        if abs(down / across - typical) < 0.05:
            run, rise = run + across, rise + down
    slope = rise / run if run else 0.0
    return slope if 0.001 < abs(slope) < STEEPEST else 0.0


def _rows(glyphs: Sequence[Glyph], slope: float) -> list[list[Glyph]]:
    """Gather glyphs whose middles lie at one height; `slope` straightens a page that was scanned askew."""
    placed = sorted(
        (((g.top + g.bottom) / 2 - slope * (g.left + g.right) / 2, g) for g in glyphs), key=lambda pair: pair[0]
    )
    rows: list[list[Glyph]] = []
    levels: list[tuple[float, float]] = []
    for height, glyph in placed:
        near = [
            (abs(height - levels[i][0]), i)
            for i in range(max(0, len(rows) - 3), len(rows))
            if abs(height - levels[i][0]) <= _reach(levels[i][1], glyph.size)
        ]
        if not near:
            rows.append([glyph])
            levels.append((height, glyph.size))
            continue
        _gap, index = min(near)
        level, size = levels[index]
        count = len(rows[index])
        heavy = glyph.size >= 0.8 * size and glyph.char != " "
        level = (level * count + height) / (count + 1) if heavy and glyph.size <= 1.25 * size else level
        rows[index].append(glyph)
        levels[index] = (height, glyph.size) if glyph.size > 1.25 * size else (level, max(size, glyph.size))
    return rows


def _reach(size: float, other: float) -> float:
    larger = max(size, other)
    return larger * (RAISED if min(size, other) < 0.75 * larger else REACH)


def _write(row: list[Glyph], page: int) -> Line | None:
    """Put a row's glyphs into reading order and set the spaces that mean something."""
    drawn: list[Glyph] = []
    spaced: set[int] = set()
    for glyph in sorted(row, key=lambda g: g.left):
        if glyph.char == " ":
            spaced.add(len(drawn))
        elif not (drawn and _same_place(drawn[-1], glyph)):
            drawn.append(glyph)
    if not drawn:
        return None
    gaps = [b.left - a.right for a, b in pairwise(drawn)]
    spread = median(gaps) if len(gaps) >= 3 else 0.0
    text: list[str] = []
    marks: list[Glyph | None] = []
    for index, glyph in enumerate(drawn):
        if index and _is_apart(drawn[index - 1], glyph, explicit=index in spaced, spread=spread):
            text.append(" ")
            marks.append(None)
        text.append(glyph.char)
        marks.append(glyph)
    return _tidy(page, "".join(text), marks)


def _same_place(a: Glyph, b: Glyph) -> bool:
    """Whether a character was only drawn twice to look bold."""
    return a.char == b.char and abs(a.left - b.left) < 0.25 * a.size and abs(a.top - b.top) < 0.3 * a.size


def _is_apart(a: Glyph, b: Glyph, *, explicit: bool, spread: float) -> bool:
    gap, height = b.left - a.right, max(a.size, b.size)
    if LATIN.match(a.char) and LATIN.match(b.char):
        if a.char.isdigit() and b.char.isdigit():
            return gap > max(0.35 * height, 1.8 * spread)
        return explicit or gap > max(NARROW * height, 1.8 * spread)
    return gap > max(WIDE * height, 1.8 * spread if spread > 0.3 * height else 0)


def _tidy(page: int, text: str, marks: list[Glyph | None]) -> Line:
    """Drop the space after an outline mark: 一、 加快."""
    found = MARK.match(text)
    end = found.end() if found else 0
    if end and text[end : end + 1] == " " and not text.startswith("第"):
        text, marks = text[:end] + text[end + 1 :], marks[:end] + marks[end + 1 :]
    return Line(page, text, tuple(marks))
