"""Reads tables that come as workbooks (.xlsx, .xls) or as text (.csv): every sheet row by row, as it is shown."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from luoshi.papers.cell_formats import plain
from luoshi.papers.compound import check_book
from luoshi.papers.facts import Limits, Paper, Paragraph
from luoshi.papers.kinds import OLD_OFFICE
from luoshi.papers.plain_text import decoded
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.workbook import MOST_COLUMNS, Rows, Shown, read_sheets

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

DELIMITERS = ",\t;，|"
SAMPLE = 20
MOST_MERGED = 10_000
HARMLESS = ("'=", "'+", "'-", "'@")


def read_book(data: bytes, *, limits: Limits) -> Paper:
    """Read the sheets of a workbook that are shown. Raises UnreadablePaper."""
    sheets = _old_sheets(data, limits) if data.startswith(OLD_OFFICE) else read_sheets(data, limits=limits)
    found: list[Paragraph] = []
    for number, sheet in enumerate((sheet for sheet in sheets if sheet.rows), start=1):
        found.extend(_paragraphs(sheet, f"s{number}"))
        if len(found) > limits.max_paragraphs or sum(len(p.text) for p in found) > limits.max_characters:
            raise UnreadablePaper("too_large")
    return Paper("xlsx", tuple(found))


def read_csv(data: bytes, *, limits: Limits) -> Paper:
    """Read a table kept as text. Raises UnreadablePaper."""
    text = decoded(data, limits=limits)
    rows: Rows = {}
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), start=1):
            row = {column: words for column, cell in enumerate(cells, start=1) if (words := _tidy(cell))}
            if len(rows) >= limits.max_paragraphs or any(column > MOST_COLUMNS for column in row):
                raise UnreadablePaper("too_large")
            if row:
                rows[number] = row
    except csv.Error:
        raise UnreadablePaper("broken") from None
    first = min((min(row) for row in rows.values()), default=1)
    below = {number for number, row in rows.items() if min(row) > first}  # merged cells do not show in text
    return Paper("csv", tuple(_paragraphs(Shown(rows, below), "s1")))


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[: SAMPLE * 5] if line.strip()][:SAMPLE]
    return max(DELIMITERS, key=lambda sign: sum(line.count(sign) for line in lines))


def _tidy(cell: str) -> str:
    """One line of a cell's words, as they were before a sheet was kept from taking them for a formula."""
    words = re.sub(r"\s+", " ", cell).strip(" \u3000\xa0\ufeff")
    return words[1:] if words.startswith(HARMLESS) else words


def _paragraphs(sheet: Shown, name: str) -> Iterator[Paragraph]:
    """Yield rows with their cells between tabs; a cell alone in its row stands for itself.

    Where merged cells of the rows above reach down into a row, its only cell is a part of them: 措施 2 of a task.
    """
    last = max((max(row) for row in sheet.rows.values()), default=0)
    for number, row in sorted(sheet.rows.items()):
        if len(row) == 1 and number not in sheet.below:
            ((column, words),) = row.items()
            yield Paragraph(words, f"{name}r{number}c{column}")
        else:
            yield Paragraph("\t".join(row.get(c, "") for c in range(1, last + 1)), f"{name}r{number}")


def _old_sheets(data: bytes, limits: Limits) -> Iterator[Shown]:
    """Yield the visible sheets of an .xls workbook."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    check_book(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheets_metadata:
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                yield _old_rows(book.get_sheet_by_name(sheet.name), limits)
    except PasswordError:
        raise UnreadablePaper("encrypted") from None
    except (CalamineError, OSError, ValueError, IndexError, OverflowError):
        raise UnreadablePaper("broken") from None


def _old_rows(sheet: "CalamineSheet", limits: Limits) -> Shown:
    found: Rows = {}
    size = 0
    left = (sheet.start or (0, 0))[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = {c: words for c, cell in enumerate(cells, start=left + 1) if (words := _as_shown(cell))}
        size += sum(map(len, row.values()))
        if size > limits.max_characters or len(found) >= limits.max_paragraphs:
            raise UnreadablePaper("too_large")
        if row:
            found[number] = row
    merged = sheet.merged_cell_ranges or []
    return Shown(found, {n for (top, _), (bottom, _) in merged[:MOST_MERGED] for n in range(top + 2, bottom + 2)})


def _as_shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return plain(Decimal(str(cell)))
    if isinstance(cell, datetime):
        day = f"{cell.year}年{cell.month}月{cell.day}日"
        return day if cell.time() == time() else f"{day} {cell:%H:%M}"
    if isinstance(cell, date):
        return f"{cell.year}年{cell.month}月{cell.day}日"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        return str(cell)
    return _tidy(str(cell or ""))
