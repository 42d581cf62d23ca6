"""Writes a table as a workbook in constant memory: rows that fold, lists to choose from; text is never a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

OUTLINE_LEVELS = 7
CELL_TEXT = 32_767  # Excel's own bound
DAY_0 = date(1899, 12, 30)
LAST_ROW = 1_048_575
INLINE_LIST = 250
SPARE_ROWS = 2000  # below the last row the lists still offer themselves
LISTS = "_lists"

CellValue = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column: heading, width in characters, what may be chosen in it, whether it wraps, and whether it shows."""

    heading: str
    width: int = 12
    choices: Sequence[str] = ()
    wraps: bool = False
    is_hidden: bool = False
    is_shown_only: bool = False


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row: how deep it folds (1 is the top) and its cells in the order of the columns."""

    level: int
    cells: Sequence[CellValue]


def write_book(
    file: IO[bytes],
    *,
    title: str,
    columns: Sequence[BookColumn],
    rows: Iterable[BookRow],
    indented: int | None = None,
    hidden: tuple[str, Iterable[Sequence[str]]] | None = None,
) -> int:
    """Write the workbook and return how many rows it has. `indented` is the column that shows the depth.

    `hidden` is a sheet that nobody sees, by its title, with its rows of text.
    """
    import xlsxwriter  # only who takes a workbook pays for it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    style = _Styles(book)
    _head(sheet, columns, style)
    last = 0
    for last, row in enumerate(rows, start=1):
        if row.level > 1:
            sheet.set_row(last, None, None, {"level": min(row.level - 1, OUTLINE_LEVELS)})
        _write_row(sheet, last, row, style, indented)
    shown = sum(not column.is_hidden for column in columns)
    sheet.autofilter(0, 0, max(last, 1), max(shown - 1, 0))
    _offer(book, sheet, columns, last=min(last + SPARE_ROWS, LAST_ROW))
    if hidden:
        _write_hidden(book, *hidden)
    book.close()
    return last


class _Styles:
    """The formats of the sheet's cells, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#EEF0F3", "border": 1, "text_wrap": True})
        self.read = book.add_format({"bold": True, "bg_color": "#FFFFFF", "font_color": "#5B6470", "border": 1})
        self.text = book.add_format({"num_format": "@"})
        self.wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._deep: dict[int, Any] = {}

    def deep(self, level: int) -> Any:
        """Text set in by its depth."""
        if level not in self._deep:
            wanted = {"num_format": "@", "text_wrap": True, "valign": "top", "indent": min(level - 1, 15)}
            self._deep[level] = self.book.add_format(wanted)
        return self._deep[level]


def _head(sheet: Any, columns: Sequence[BookColumn], style: _Styles) -> None:
    sheet.outline_settings(symbols_below=False)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        options = {"hidden": 1} if column.is_hidden else {}
        sheet.set_column(place, place, column.width, style.wrapped if column.wraps else None, options)
        sheet.write_string(0, place, column.heading, style.read if column.is_shown_only else style.head)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)


def _write_row(sheet: Any, place: int, row: BookRow, style: _Styles, indented: int | None) -> None:
    for column, value in enumerate(row.cells):
        if type(value) is str:
            if value:
                kind = style.deep(row.level) if column == indented else style.text
                sheet.write_string(place, column, value[:CELL_TEXT], kind)
        elif isinstance(value, date):
            sheet.write_number(place, column, (value - DAY_0).days, style.day)
        elif value is not None:
            sheet.write_number(place, column, float(value))


def _offer(book: Any, sheet: Any, columns: Sequence[BookColumn], *, last: int) -> None:
    """Lists to choose from: suggestions, since a cell may name several units."""
    offered = [(place, list(column.choices)) for place, column in enumerate(columns) if column.choices]
    long = [(place, choices) for place, choices in offered if len(",".join(choices)) > INLINE_LIST]
    sources: dict[int, Any] = dict(offered)
    if long:
        lists = book.add_worksheet(LISTS)
        lists.hide()
        for row in range(max(len(choices) for _place, choices in long)):
            for number, (_place, choices) in enumerate(long):
                if row < len(choices):
                    lists.write_string(row, number, choices[row][:255])
        for number, (place, choices) in enumerate(long):
            letter = chr(ord("A") + number)
            sources[place] = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
    for place, source in sources.items():
        sheet.data_validation(1, place, last, place, {"validate": "list", "source": source, "show_error": False})


def _write_hidden(book: Any, title: str, rows: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(title)
    sheet.hide()
    for place, row in enumerate(rows):
        for column, words in enumerate(row):
            sheet.write_string(place, column, words[:CELL_TEXT])
