"""Finds the grids that ruling lines draw on a page, with their merged cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from luoshi.papers.layout.facts import Ruling

NEAR = 3.0  # points within which two rulings are one, or touch
SHORTEST = 4.0
STACKED = 45.0  # points between two parts of a table that belong together
MOST_RULINGS = 20_000
MOST_CROSSINGS = 400_000
MOST_CELLS = 40_000
COVERED = 0.6  # the part of a cell's edge that must be drawn


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruling on its axis: where it lies, and from where to where it runs."""

    at: float
    start: float
    end: float


Part = tuple[list[Stroke], list[Stroke]]  # what hangs together: the strokes across and those down


@dataclass(frozen=True, slots=True)
class Region:
    """A cell, perhaps merged of several: its first row and column and how many of each it takes.

    A torn one hung together with more than a rectangle, so that a border of its own must be missing.
    """

    row: int
    column: int
    rows: int
    columns: int
    torn: bool = False


@dataclass(frozen=True)
class Grid:
    """A table's frame: the lines between columns and between rows, and which region each cell belongs to."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]
    owner: tuple[tuple[int, ...], ...]
    open_above: bool
    open_below: bool

    @property
    def area(self) -> float:
        """How much of the page it takes."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def region_at(self, x: float, y: float) -> int | None:
        """The index of the region in which a point lies."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        return self.owner[self.row_at(y)][column]

    def row_at(self, y: float) -> int:
        """The row at a height of the page."""
        return min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)


def find_grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """The grids of a page, smallest first, so that a table in a frame keeps its words."""
    if not 4 <= len(rulings) <= MOST_RULINGS:
        return []
    across = horizontals(rulings)
    down = _merged(Stroke(r.left, r.top, r.bottom) for r in rulings if r.right - r.left <= abs(r.bottom - r.top))
    if len(across) * len(down) > MOST_CROSSINGS:
        return []
    grids = (_grid(rows, columns) for rows, columns in _groups(across, down))
    return sorted((g for g in grids if g is not None and len(g.regions) > 1), key=lambda g: g.area)


def horizontals(rulings: Sequence[Ruling]) -> list[Stroke]:
    """The horizontal lines of a page, pieces joined, from top to bottom."""
    return _merged(Stroke(r.top, r.left, r.right) for r in rulings if r.right - r.left > abs(r.bottom - r.top))


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Join strokes that lie on one line and touch."""
    found: list[Stroke] = []
    for level in _levels(sorted(strokes, key=lambda s: s.at)):
        at = sum(s.at for s in level) / len(level)
        start, end = level[0].start, level[0].end
        for stroke in level[1:]:
            if stroke.start > end + NEAR:
                found.append(Stroke(at, start, end))
                start, end = stroke.start, stroke.end
            end = max(end, stroke.end)
        found.append(Stroke(at, start, end))
    return [s for s in found if s.end - s.start >= SHORTEST]


def _levels(strokes: Sequence[Stroke]) -> Iterator[list[Stroke]]:
    """Group strokes, sorted by where they lie, that lie on one line; each group sorted along it."""
    level: list[Stroke] = []
    for stroke in strokes:
        if level and stroke.at - level[0].at > NEAR:
            yield sorted(level, key=lambda s: s.start)
            level = []
        level.append(stroke)
    if level:
        yield sorted(level, key=lambda s: s.start)


def _groups(across: list[Stroke], down: list[Stroke]) -> Iterator[Part]:
    """Strokes that hang together by touching."""
    parent = list(range(len(across) + len(down)))
    places = [s.at for s in down]
    for i, row in enumerate(across):
        for j in range(bisect_left(places, row.start - NEAR), bisect_right(places, row.end + NEAR)):
            if down[j].start - NEAR <= row.at <= down[j].end + NEAR:
                parent[_root(parent, i)] = _root(parent, len(across) + j)
    groups: dict[int, Part] = {}
    for index in range(len(parent)):
        group = groups.setdefault(_root(parent, index), ([], []))
        (group[0] if index < len(across) else group[1]).append(
            across[index] if index < len(across) else down[index - len(across)]
        )
    yield from _stacked(list(groups.values()))


def _stacked(groups: list[Part]) -> Iterator[Part]:
    """Put together parts of a table that rows without side lines keep apart: as wide, with the same columns."""
    parts = sorted((g for g in groups if g[0]), key=lambda g: min(s.at for s in g[0]))
    held: Part | None = None
    above: Part | None = None  # lines across that may head the next part
    for part in parts:
        if held is not None and _belong(held, part):
            held = _both(held, part)
        elif not part[1]:
            above = _both(above, part) if above is not None and _belong(above, part) else part
        else:
            if held is not None:
                yield held
            held = _both(above, part) if above is not None and _belong(above, part) else part
            above = None
    if held is not None:
        yield held


def _both(upper: Part, lower: Part) -> Part:
    return upper[0] + lower[0], upper[1] + lower[1]


def _belong(upper: Part, lower: Part) -> bool:
    gap = min(s.at for s in lower[0]) - max(s.at for s in upper[0])
    if not 0 < gap < STACKED:
        return False
    widths = [(min(s.start for s in part[0]), max(s.end for s in part[0])) for part in (upper, lower)]
    if any(abs(a - b) > NEAR for a, b in zip(*widths, strict=True)):
        return False
    if not (upper[1] and lower[1]):  # a heading between lines that reach as far, above the columns or below
        return True
    above, below = (_places(part[1]) for part in (upper, lower))
    shared = sum(any(abs(a - b) <= NEAR for a in above) for b in below)
    return shared >= 0.8 * max(len(above), len(below))


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _grid(across: list[Stroke], down: list[Stroke]) -> Grid | None:
    if len(across) + len(down) < 3 or not across or not down:
        return None
    top, bottom = min(s.at for s in across), max(s.at for s in across)
    across, down = _closed(across, down), _closed(down, across)
    ys, xs = _places(across), _places(down)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > MOST_CELLS:
        return None
    parent = list(range(rows * columns))
    _merge(parent, columns, _open_edges(down, xs, ys), step=1)
    _merge(parent, columns, ((j, i) for i, j in _open_edges(across, ys, xs)), step=columns)
    regions, owner = _regions(parent, columns)
    table = tuple(tuple(owner[r * columns : (r + 1) * columns]) for r in range(rows))
    return Grid(xs, ys, tuple(regions), table, ys[0] < top - 0.1, ys[-1] > bottom + 0.1)


def _closed(strokes: list[Stroke], others: list[Stroke]) -> list[Stroke]:
    """Add the outer edges where the others run on past the outermost stroke: tables open at a side or a page's end."""
    low, high = min(s.start for s in others), max(s.end for s in others)
    start, end = min(s.at for s in others), max(s.at for s in others)
    added = list(strokes)
    if low < min(s.at for s in strokes) - 2 * NEAR:
        added.append(Stroke(low, start, end))
    if high > max(s.at for s in strokes) + 2 * NEAR:
        added.append(Stroke(high, start, end))
    return added


def _places(strokes: list[Stroke]) -> tuple[float, ...]:
    return tuple(level[0].at for level in _levels(sorted(strokes, key=lambda s: s.at)))


def _open_edges(
    strokes: list[Stroke], places: tuple[float, ...], across: tuple[float, ...]
) -> Iterator[tuple[int, int]]:
    """The inner edges not drawn: (index across, index of the place before the edge)."""
    drawn: dict[tuple[int, int], float] = {}
    for stroke in strokes:
        place = max(0, bisect_right(places, stroke.at + 0.01) - 1)
        for index in range(max(0, bisect_right(across, stroke.start) - 1), bisect_left(across, stroke.end)):
            if index < len(across) - 1:
                length = min(stroke.end, across[index + 1]) - max(stroke.start, across[index])
                drawn[place, index] = drawn.get((place, index), 0.0) + length
    for place in range(1, len(places) - 1):
        for index in range(len(across) - 1):
            if drawn.get((place, index), 0.0) < COVERED * (across[index + 1] - across[index]):
                yield index, place - 1


def _merge(parent: list[int], columns: int, edges: Iterable[tuple[int, int]], *, step: int) -> None:
    """Join the cells on both sides of edges that are not drawn; edges are (row, column) of the cell before."""
    for row, column in edges:
        cell = row * columns + column
        parent[_root(parent, cell + step)] = _root(parent, cell)


def _regions(parent: list[int], columns: int) -> tuple[list[Region], list[int]]:
    """Name the cells that hang together; what is no rectangle, because a border was left out, falls into strips."""
    members: dict[int, list[int]] = {}
    for cell in range(len(parent)):
        members.setdefault(_root(parent, cell), []).append(cell)
    regions: list[Region] = []
    owner = [0] * len(parent)
    for cells in members.values():
        parts = list(_rectangles(cells, columns))
        for region in parts if len(parts) == 1 else [replace(p, torn=True) for p in parts]:
            for row in range(region.row, region.row + region.rows):
                start = row * columns + region.column
                owner[start : start + region.columns] = [len(regions)] * region.columns
            regions.append(region)
    return regions, owner


def _rectangles(cells: list[int], columns: int) -> Iterator[Region]:
    """Cut cells into rectangles: neighbouring columns that take the same rows stay together."""
    rows: dict[int, list[int]] = {}
    for cell in cells:
        rows.setdefault(cell % columns, []).append(cell // columns)
    held: tuple[int, int, list[int]] | None = None
    for column in sorted(rows):
        if held is not None and rows[column] == held[2] and column == held[0] + held[1]:
            held = (held[0], held[1] + 1, held[2])
            continue
        yield from _strips(held)
        held = (column, 1, rows[column])
    yield from _strips(held)


def _strips(held: tuple[int, int, list[int]] | None) -> Iterator[Region]:
    """Yield the unbroken stretches of rows of some columns."""
    if held is None:
        return
    column, count, rows = held
    first = 0
    for index in range(1, len(rows) + 1):
        if index == len(rows) or rows[index] != rows[index - 1] + 1:
            yield Region(rows[first], column, rows[index - 1] - rows[first] + 1, count)
            first = index
