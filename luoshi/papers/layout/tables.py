"""Turns grids into rows of cells, joins tables over pages, and writes each row as a line with tabs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from luoshi.papers.facts import Paragraph
from luoshi.papers.layout.facts import Glyph, PageContent
from luoshi.papers.layout.flow import Brackets, cell_groups
from luoshi.papers.layout.grids import Grid, Region, find_grids
from luoshi.papers.layout.lines import Line, read_lines
from luoshi.papers.layout.marks import ENDS
from luoshi.papers.layout.writing import Writer

SAME = 6.0  # points by which the columns of a table may shift from page to page
HEADS = 4  # rows of a head that may be repeated
PADDING = 6.0  # points between a cell's words and its edge
RECENT = 100  # rows that show what rows of a table look like
MOST_GRIDS = 60  # on a page
Cell = list[list[Line]]  # the lines of each paragraph in it


@dataclass
class Row:
    """A row's filled cells by column; `covered` are columns that a merged cell from above takes."""

    cells: dict[int, Cell]
    covered: set[int] = field(default_factory=set)

    @property
    def words(self) -> dict[int, str]:
        """What each filled cell says, without spaces."""
        return {c: "".join(re.sub(r"\s", "", row.text) for g in cell for row in g) for c, cell in self.cells.items()}


@dataclass
class Table:
    """A table, from its first page to its last."""

    page: int
    top: float
    bottom: float
    xs: tuple[float, ...]
    rows: list[Row]
    open_above: bool = False
    open_below: bool = False
    heads: tuple[tuple[float, float], ...] = ()  # where the names of its columns stand, when nothing is drawn


def take_tables(page: PageContent) -> tuple[list[Table], list[Glyph]]:
    """The ruled tables of a page, and the characters that stand in none."""
    left = list(page.glyphs)
    tables = []
    for grid in find_grids(page.rulings)[-MOST_GRIDS:]:
        inside: dict[int, list[Glyph]] = {}
        rest = []
        for glyph in left:
            region = grid.region_at((glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2)
            if region is None:
                rest.append(glyph)
            else:
                inside.setdefault(region, []).append(glyph)
        if sum(any(not g.char.isspace() for g in found) for found in inside.values()) > 1:
            tables.append(_table(page, grid, inside))
            left = rest
    return tables, left


def _table(page: PageContent, grid: Grid, inside: dict[int, list[Glyph]]) -> Table:
    rows = [Row({}) for _ in grid.ys[1:]]
    for index, glyphs in inside.items():
        region = grid.regions[index]
        lines = read_lines(glyphs, page=page)
        if lines:
            edge = grid.xs[region.column + region.columns]
            first = _first_row(grid, region, lines)
            rows[first].cells[region.column] = cell_groups(lines, right=edge)
            for below in range(first + 1, region.row + region.rows):
                rows[below].covered.add(region.column)
    filled = [row for row in rows if row.cells]
    return Table(page.number, grid.ys[0], grid.ys[-1], grid.xs, filled, grid.open_above, grid.open_below)


def _first_row(grid: Grid, region: Region, lines: list[Line]) -> int:
    """The row in which a cell begins: that of its words, where a border above them is missing."""
    if not region.torn or region.rows == 1:
        return region.row
    last, middle = region.row + region.rows, (lines[0].middle + lines[-1].middle) / 2
    starts = range(region.row, grid.row_at(lines[0].middle) + 1)
    return min(starts, key=lambda row: abs(middle - (grid.ys[row] + grid.ys[last]) / 2), default=region.row)


def join_tables(first: Table, second: Table) -> bool:
    """Let a table go on with one that follows it; False when they are two."""
    if not _aligned(first, second):
        return False
    rows = second.rows
    if second.page != first.page:
        head = next((n for n in range(HEADS, 0, -1) if _words(rows[:n]) == _words(first.rows[:n])), 0)
        rows = rows[min(head, len(rows)) :]
        open_edge = first.open_below or (second.open_above and not head)
        if rows and _is_cut(first, rows[0], head, open_edge=open_edge):
            _append(first, rows[0])
            rows = rows[1:]
    first.rows.extend(rows)
    first.page, first.bottom, first.open_below = second.page, second.bottom, second.open_below
    return True


def _words(rows: Sequence[Row]) -> list[dict[int, str]]:
    return [row.words for row in rows]


def _aligned(first: Table, second: Table) -> bool:
    """Bring two tables to the same columns, where their frames are as wide and one has all lines of the other."""
    shift = second.xs[0] - first.xs[0]
    moved = [x - shift for x in second.xs]
    if abs(moved[-1] - first.xs[-1]) > 2 * SAME:
        return False
    more, fewer = (first.xs, moved) if len(first.xs) >= len(moved) else (moved, first.xs)
    places = [min(range(len(more)), key=lambda i, x=x: abs(more[i] - x)) for x in fewer]  # type: ignore[misc]
    if len(set(places)) < len(places) or any(abs(more[i] - x) > SAME for i, x in zip(places, fewer, strict=True)):
        return False
    changed = second if more is first.xs else first
    for row in changed.rows:
        row.cells = {places[c]: cell for c, cell in row.cells.items()}
        row.covered = {places[c] for c in row.covered}
    changed.xs = tuple(x + (shift if changed is second else 0) for x in more)
    return True


def _is_cut(table: Table, row: Row, head: int, *, open_edge: bool) -> bool:
    """Whether the first row on a page is the rest of the last on the page before."""
    last, body = table.rows[-1], table.rows[head:][-RECENT:]
    if not body or not set(row.cells) <= set(last.cells) | last.covered:
        return False
    key = _key_column(body)
    if key is not None:
        return key not in row.cells and key in last.cells
    if len(body) > 2 and (_always(body) - row.covered) - set(row.cells):
        return True
    going_on = [_goes_on(table, column, cell) for column, cell in row.cells.items()]
    return any(going_on) if open_edge else all(going_on)


def _key_column(rows: list[Row]) -> int | None:
    """The column that numbers the rows."""
    for column in (0, 1, 2):
        words = [row.words[column] for row in rows if column in row.cells and len(row.cells) > 1]
        if words and all(re.fullmatch(r"[（(]?\d{1,6}[）).．、]?", w) for w in words):
            return column
    return None


def _always(rows: list[Row]) -> set[int]:
    """The columns that every row fills, apart from rows of one cell such as headings."""
    wide = [set(row.cells) for row in rows if len(row.cells) > 1]
    return set.intersection(*wide) if wide else set()


def _cell_of(rows: list[Row], column: int) -> Cell:
    """The last cell that stands in a column, in its own row or merged down into the last."""
    return next((row.cells[column] for row in reversed(rows) if column in row.cells), [])


def _goes_on(table: Table, column: int, rest: Cell) -> bool:
    """Whether the words of a column's last cell, which ran to its edge, go on with others."""
    cell = _cell_of(table.rows, column)
    if not cell or rest[0][0].begins_item:
        return False
    words = "".join(row.text for row in cell[-1])
    state = Brackets()
    state.read(words)
    last = cell[-1][-1]
    return state.waiting or (not ENDS.search(words) and last.right > table.xs[column + 1] - PADDING - 1.2 * last.size)


def _append(table: Table, rest: Row) -> None:
    """Let the cells of a row that a page's end cut go on."""
    rows = table.rows
    for column, more in rest.cells.items():
        cell = _cell_of(rows, column) if column in rows[-1].cells or column in rows[-1].covered else []
        if not cell:
            rows[-1].cells[column] = more
            continue
        joined = _goes_on(table, column, more)
        if joined:
            cell[-1].extend(more[0])
        cell.extend(more[1:] if joined else more)


def write_table(table: Table, writer: Writer, *, number: int) -> Iterator[Paragraph]:
    """Write a table's rows: cells between tabs; a row of one cell as its paragraphs."""
    for count, row in enumerate(table.rows, start=1):
        source = f"t{number}r{count}"
        if len(row.cells) == 1 and not row.covered:
            column, cell = next(iter(row.cells.items()))
            for group in cell:
                writer.add_lines(group)
                yield writer.paragraph(f"{source}c{column + 1}")
            continue
        for column in range(len(table.xs) - 1):
            if column:
                writer.add("\t")
            _write_cell(row.cells.get(column, []), writer)
        yield writer.paragraph(source)


def _write_cell(cell: Cell, writer: Writer) -> None:
    before = ""
    for group in cell:
        if before:
            writer.add(" ")
        writer.add_lines(group)
        before = group[-1].text
