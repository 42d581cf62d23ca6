"""Reads tables cell by cell with the numbers of their rows, hidden sheets too, to compare them with what stands.

Rows are handed on while they are read: a long table costs no more memory than its file unpacked.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from luoshi.papers.facts import TABLE, GridRow, Limits
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
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref=[\"']([A-Z0-9:]+)[\"']")
_PREFIX = re.compile(r"^'(?=[=+\-@])")


def read_blocks(data: bytes, *, name: str, limits: Limits = TABLE) -> Iterator[dict[str, object]]:
    """Yield the sheets of an .xlsx workbook, or the one of a .csv file, as plain data for JSON, some rows at a time.

    Raises UnreadablePaper.
    """
    if not data:
        raise UnreadablePaper("empty")
    if len(data) > limits.max_bytes:
        raise UnreadablePaper("too_large")
    if name.lower().endswith((".csv", ".txt")) and not data.startswith(b"PK"):
        yield from _blocks(0, "", _text_rows(data, limits), is_shown=True)
        return
    package = Package(data, limits=limits)
    book = open_book(package, exact=True)
    for place, sheet in enumerate(list_sheets(package)):
        yield from _blocks(place, sheet.title, _rows(package, sheet, book, limits), is_shown=sheet.is_shown)


def _blocks(place: int, title: str, rows: Iterable[GridRow], *, is_shown: bool) -> Iterator[dict[str, object]]:
    yield {"sheet": place, "title": title, "shown": is_shown}
    left = iter(rows)
    while block := list(islice(left, BLOCK)):
        yield {"sheet": place, "rows": [[row.number, row.fold, row.cells] for row in block]}


def _rows(package: Package, sheet: Listed, book: Book, limits: Limits) -> Iterator[GridRow]:
    data = package.data(sheet.part)
    merged = _Merged(MERGED.findall(data))
    number = count = 0
    for element in row_elements(data):
        if not element.tag.endswith("}mergeCell"):
            given = element.get("r") or ""
            number = int(given) if given.isdecimal() and len(given) < 8 else number + 1
            cells = values_in(element, book)
            if number > MOST_ROWS or book.characters > limits.max_characters:
                raise UnreadablePaper("too_large")
            if cells and merged.filled(number, cells):
                count += 1
                if count > limits.max_paragraphs:
                    raise UnreadablePaper("too_large")
                yield GridRow(number, _fold(element.get("outlineLevel")), cells)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _fold(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) == 1 else 0


class _Merged:
    """Merged cells: what one says holds for every row it covers; what it covers beside itself nobody sees."""

    def __init__(self, places: Iterable[bytes]) -> None:
        found = (_area(place.decode()) for place in places)
        self.coming = sorted((area for area in found if area), reverse=True)
        self.open: list[tuple[tuple[int, int, int, int], str]] = []
        self.left = MOST_FILLED

    def filled(self, number: int, cells: dict[int, str]) -> bool:
        """Fill a row; whether anything stands in it then. The rows come in their order."""
        if not self.coming and not self.open:
            return True
        while self.coming and self.coming[-1][0] <= number:
            area = self.coming.pop()
            self.open.append((area, cells.get(area[2], "") if area[0] == number else ""))
        self.open = [one for one in self.open if one[0][1] >= number]
        for (_top, _bottom, left, right), words in self.open:
            self.left -= 1
            if self.left < 0:
                self.coming, self.open = [], []
                break
            _cover(cells, left, right, words)
        return bool(cells)


def _area(place: str) -> tuple[int, int, int, int] | None:
    """The top and bottom row, the left and right column of a merged cell."""
    first, _colon, last = place.partition(":")
    begin, end = PLACE.fullmatch(first), PLACE.fullmatch(last)
    if not begin or not end:
        return None
    return int(begin[2]), int(end[2]), column_number(begin[1]), column_number(end[1])


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
