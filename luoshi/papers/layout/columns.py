"""Reads a page set in two columns, as gazettes are, one column after the other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median

from luoshi.papers.layout.lines import Line

GUTTER = 1.0  # the least room between columns, in heights of a character
FEWEST = 8  # lines that make a column
LONGEST = 0.5  # the part of a column's lines that must fill it
CROSSING = 0.25  # the part of lines that may run over both columns: titles, heads


def in_columns(rows: list[Line]) -> list[Line]:
    """The lines of a page in reading order; those of a right column say so."""
    x = _gutter(rows)
    if x is None:
        return rows
    found: list[Line] = []
    sides: tuple[list[Line], list[Line]] = ([], [])
    for row in rows:
        if _crosses(row, x):
            found += [*sides[0], *sides[1], row]
            sides = ([], [])
            continue
        for side, part in zip(sides, _halves(row, x), strict=True):
            side.extend([part] if part is not None else [])
    return [*found, *sides[0], *sides[1]]


def _gutter(rows: list[Line]) -> float | None:
    """Where the room between two columns lies; None on a page of one."""
    if len(rows) < FEWEST:
        return None
    left, right = min(r.left for r in rows), max(r.right for r in rows)
    size = median(r.size for r in rows)
    starts = Counter(
        round(start / size)
        for row in rows
        for start in _starts(row)
        if left + 0.4 * (right - left) < start < left + 0.65 * (right - left)
    )
    if not starts:
        return None
    x = (starts.most_common(1)[0][0] - 0.75) * size
    return x if _is_gutter(rows, x) else None


def _starts(row: Line) -> Iterator[float]:
    """Where a row, or a stretch of it after a gap, begins."""
    drawn = row.glyphs
    yield drawn[0].left
    for before, glyph in pairwise(drawn):
        if glyph.left - before.right >= GUTTER * glyph.size:
            yield glyph.left


def _is_gutter(rows: list[Line], x: float) -> bool:
    crossing = sum(_crosses(row, x) for row in rows)
    halves = [_halves(row, x) for row in rows if not _crosses(row, x)]
    lefts, rights = [h[0] for h in halves if h[0] is not None], [h[1] for h in halves if h[1] is not None]
    if min(len(lefts), len(rights)) < FEWEST or crossing > CROSSING * len(rows):
        return False
    return all(_is_full(side) for side in (lefts, rights))


def _is_full(side: list[Line]) -> bool:
    """Whether lines of one column mostly run from edge to edge, as prose does and cells do not."""
    width = max(r.right for r in side) - min(r.left for r in side)
    return sum(r.right - r.left > width - 4 * r.size for r in side) >= LONGEST * len(side)


def _crosses(row: Line, x: float) -> bool:
    before = [g.right for g in row.glyphs if g.left < x]
    after = [g.left for g in row.glyphs if g.left >= x]
    return bool(before) and (max(before) > x or (bool(after) and min(after) - max(before) < GUTTER * row.size))


def _halves(row: Line, x: float) -> tuple[Line | None, Line | None]:
    before = [i for i, m in enumerate(row.marks) if m and m.left < x]
    after = [i for i, m in enumerate(row.marks) if m and m.left >= x]
    left, right = row.part(before), row.part(after)
    return left, replace(right, column=1) if right is not None else None
