"""Finds tables without ruling lines, where a head names its columns and words keep to them unmistakably."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from luoshi.papers.layout.facts import PageContent
from luoshi.papers.layout.flow import cell_groups
from luoshi.papers.layout.grids import horizontals
from luoshi.papers.layout.lines import Line
from luoshi.papers.layout.tables import Row, Table

GAP = 1.0  # room between the names of columns, in heights
NARROW = 0.6  # room between cells
PADDING = 6.0  # points between a cell's words and the next column
FEWEST = 3  # columns, and lines, of what is unmistakably a table
LOOSE = 1.35  # how much farther the first line of a row may stand than the lines of a cell
HEAD = re.compile(
    r"序号|编号|任务|事项|工作|措施|举措|内容|问题|项目|目标|指标|要求|标准|单位|部门|责任|牵头|配合|领导|时限|时间|期限"
    r"|进度|备注|类别|领域"
)
SENTENCE = re.compile(r"[。；，,;]")


class Columns:
    """Where columns stand: between the edges of their names, and of the words found under them."""

    def __init__(self, heads: tuple[tuple[float, float], ...]) -> None:
        self.heads = heads
        self.spans = list(heads)

    def place(self, part: Line) -> int | None:
        """The column to which words belong; None for words that run over several."""
        over = [i for i, (left, right) in enumerate(self.spans) if part.left < right and part.right > left]
        if len(over) > 1:
            return None
        middle = (part.left + part.right) / 2
        column = over[0] if over else min(range(len(self.heads)), key=lambda i: abs(sum(self.heads[i]) / 2 - middle))
        left, right = self.spans[column]
        self.spans[column] = (min(left, part.left), max(right, part.right))
        return column

    def edge(self, column: int) -> float:
        """How far words of a column may reach."""
        if column + 1 == len(self.spans):
            return self.spans[column][1]
        return max(self.spans[column][1], self.spans[column + 1][0] - PADDING)

    @property
    def xs(self) -> tuple[float, ...]:
        """Lines between the columns, as if they had been drawn."""
        between = [(a[1] + b[0]) / 2 for a, b in pairwise(self.heads)]
        return (self.heads[0][0] - 20, *between, self.heads[-1][1] + 20)


def take_aligned(rows: list[Line], page: PageContent, *, going_on: Columns | None) -> tuple[list[Table], list[Line]]:
    """The tables that rows of a page form, and the rows that belong to none; `going_on` are columns left open above."""
    tables: list[Table] = []
    rest: list[Line] = []
    at = 0
    while at < len(rows):
        columns = _head(rows[at]) or (going_on if at == 0 else None)
        taken = _taken(rows[at:], columns) if columns is not None else []
        if columns is None or len(taken) < FEWEST:
            rest.append(rows[at])
            at += 1
            continue
        tables.append(_table(rows[at : at + len(taken)], taken, columns, page))
        at += len(taken)
    return tables, rest


def columns_of(tables: Sequence[Table], rest: Sequence[Line]) -> Columns | None:
    """The columns of a table that ends a page, so that the next page may go on with it."""
    if not tables or any(row.middle > tables[-1].bottom for row in rest):
        return None
    return Columns(tables[-1].heads) if tables[-1].heads else None


def _head(row: Line) -> Columns | None:
    """The columns that a line names, when it can be nothing but the head of a table."""
    parts = row.stretches(GAP)
    if len(parts) < FEWEST or any(len(p.text) > 12 or SENTENCE.search(p.text) for p in parts):
        return None
    if sum(HEAD.search(p.text) is not None for p in parts) < max(2, len(parts) - 1):
        return None
    return Columns(tuple((p.left, p.right) for p in parts))


def _taken(rows: list[Line], columns: Columns) -> list[dict[int, Line]]:
    """The cells of each line, for as long as lines keep to the columns."""
    found: list[dict[int, Line]] = []
    for row in rows:
        cells: dict[int, Line] = {}
        for part in row.stretches(NARROW):
            column = columns.place(part)
            if column is None:
                return _trimmed(found)
            cells[column] = cells[column].with_more(part) if column in cells else part
        found.append(cells)
    return _trimmed(found)


def _trimmed(found: list[dict[int, Line]]) -> list[dict[int, Line]]:
    """Leave out the words that follow a table at its left edge; leave out all where few lines have several cells."""
    if sum(len(cells) > 1 for cells in found) < FEWEST:
        return []
    inside = [i for i, cells in enumerate(found) if len(cells) > 1 or 0 not in cells]
    return found[: inside[-1] + 1]


def _table(rows: list[Line], taken: list[dict[int, Line]], columns: Columns, page: PageContent) -> Table:
    xs = columns.xs
    made = []
    for group in _rows(rows, taken, page):
        cells: dict[int, list[Line]] = {}
        for index in group:
            for column, part in taken[index].items():
                cells.setdefault(column, []).append(part)
        made.append(Row({c: cell_groups(lines, right=columns.edge(c)) for c, lines in sorted(cells.items())}))
    top, bottom = rows[0].middle - rows[0].size, rows[-1].middle + rows[-1].size
    return Table(page.number, top, bottom, xs, made, heads=columns.heads)


def _rows(rows: list[Line], taken: list[dict[int, Line]], page: PageContent) -> list[list[int]]:
    """Group lines into rows: between drawn lines, by wider gaps, or where the first column is filled."""
    ruled = _between_rules(rows, page)
    if ruled and _are_rows(ruled, taken):
        return ruled
    steps = [b.middle - a.middle for a, b in pairwise(rows)]
    loose = [i for i, step in enumerate(steps, start=1) if step > LOOSE * min(steps)]
    by_gap = _cut(len(rows), loose)
    if loose and _are_rows(by_gap, taken):
        return by_gap
    return _cut(len(rows), [i for i in range(1, len(rows)) if 0 in taken[i]])


def _are_rows(groups: list[list[int]], taken: list[dict[int, Line]]) -> bool:
    """Whether no group of lines can be two rows: each fills the first column once at most."""
    return all(sum(0 in taken[i] for i in group) <= 1 for group in groups)


def _between_rules(rows: list[Line], page: PageContent) -> list[list[int]]:
    """Lines as horizontal rulings part them; nothing where there are none."""
    left, right = min(r.left for r in rows), max(r.right for r in rows)
    wide = 0.6 * (right - left)
    levels = [s.at for s in horizontals(page.rulings) if min(s.end, right) - max(s.start, left) > wide]
    bands = [bisect_right(levels, row.middle) for row in rows]
    return _cut(len(rows), [i for i in range(1, len(rows)) if bands[i] != bands[i - 1]]) if levels else []


def _cut(count: int, starts: list[int]) -> list[list[int]]:
    return [list(range(a, b)) for a, b in pairwise([0, *starts, count]) if a < b]
