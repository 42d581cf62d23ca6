"""Reads tables cell by cell with the numbers of their rows, hidden sheets too, to compare them with what stands."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from luoshi.papers.facts import TABLE, Grid, GridRow, Limits
from luoshi.papers.package import Package
from luoshi.papers.plain_text import decoded
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.workbook import (
    MOST_COLUMNS,
    MOST_ROWS,
    PLACE,
    Book,
    Listed,
    column_number,
    list_sheets,
    open_book,
    row_elements,
    values_in,
)

BLOCK = 500  # rows handed on at once
MOST_FILLED = 200_000
DELIMITERS = ",\t;，"
SAMPLE = 20
LONGEST_CELL = 1_000_000
_PREFIX = re.compile(r"^'(?=[=+\-@])")


def read_grids(data: bytes, *, name: str, limits: Limits = TABLE) -> Iterator[Grid]:
    """Yield the sheets of an .xlsx workbook, or the one of a .csv file. Raises UnreadablePaper."""
    if not data:
        raise UnreadablePaper("empty")
    if len(data) > limits.max_bytes:
        raise UnreadablePaper("too_large")
    if name.lower().endswith((".csv", ".txt")) and not data.startswith(b"PK"):
        yield Grid("", is_shown=True, rows=list(_text_rows(data, limits)))
        return
    package = Package(data, limits=limits)
    book = open_book(package, exact=True)
    for sheet in list_sheets(package):
        yield _grid(package, sheet, book, limits)


def _grid(package: Package, sheet: Listed, book: Book, limits: Limits) -> Grid:
    rows: list[GridRow] = []
    merged: list[str] = []
    number = 0
    for element in row_elements(package.data(sheet.part)):
        if element.tag.endswith("}mergeCell"):
            merged.append(element.get("ref") or "")
        else:
            given = element.get("r") or ""
            number = int(given) if given.isdecimal() and len(given) < 8 else number + 1
            cells = values_in(element, book)
            if number > MOST_ROWS or book.characters > limits.max_characters:
                raise UnreadablePaper("too_large")
            if cells:
                rows.append(GridRow(number, _fold(element.get("outlineLevel")), cells))
                if len(rows) > limits.max_paragraphs:
                    raise UnreadablePaper("too_large")
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return Grid(sheet.title, sheet.is_shown, _filled(rows, merged))


def _fold(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) == 1 else 0


def _filled(rows: list[GridRow], merged: list[str]) -> list[GridRow]:
    """What a merged cell says holds for every row it covers; what it covers beside itself nobody sees."""
    found = {row.number: row for row in rows}
    left = MOST_FILLED
    for place in merged:
        first, _colon, last = place.partition(":")
        begin, end = PLACE.fullmatch(first), PLACE.fullmatch(last)
        if not begin or not end:
            continue
        top, left_column, right = int(begin[2]), column_number(begin[1]), column_number(end[1])
        words = found[top].cells.get(left_column, "") if top in found else ""
        for number in range(top, int(end[2]) + 1):
            left -= 1
            if left < 0:
                return list(found.values())
            if number in found:
                _cover(found[number].cells, left_column, right, words)
    return [row for row in found.values() if row.cells]


def _cover(cells: dict[int, str], left: int, right: int, words: str) -> None:
    for column in [c for c in cells if left <= c <= right]:
        del cells[column]
    if words:
        cells[left] = words


def _text_rows(data: bytes, limits: Limits) -> Iterator[GridRow]:
    text = decoded(data, limits=replace(limits, max_paragraphs=limits.max_paragraphs * 4))
    first = next((line for line in text.splitlines()[:SAMPLE] if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, words in enumerate(reader, start=1):
            cells = {column: kept for column, word in enumerate(words, start=1) if (kept := _own_words(word))}
            if number > limits.max_paragraphs or any(column > MOST_COLUMNS for column in cells):
                raise UnreadablePaper("too_large")
            if cells:
                yield GridRow(number, 0, cells)
    except csv.Error:
        raise UnreadablePaper("broken") from None


def _own_words(cell: str) -> str:
    """A cell's words as they were before a sheet was kept from taking them for a formula."""
    return _PREFIX.sub("", cell.replace("\r\n", "\n").strip(" \u3000\xa0\ufeff\n"))


def as_blocks(grids: Iterator[Grid]) -> Iterator[dict[str, object]]:
    """Sheets as plain data for JSON, some rows at a time."""
    for place, grid in enumerate(grids):
        yield {"sheet": place, "title": grid.title, "shown": grid.is_shown}
        for start in range(0, len(grid.rows), BLOCK):
            yield {"sheet": place, "rows": [[r.number, r.fold, r.cells] for r in grid.rows[start : start + BLOCK]]}
        grid.rows.clear()
