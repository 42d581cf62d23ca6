"""Reading and writing tables as people keep them: .xlsx and .csv, bounded in size and memory."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class UnreadableTable(Exception):
    """A file that is not a table within the limits. `code`: not_a_table, damaged, too_large, too_many or empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much of a table is read: bytes, bytes unpacked, rows, columns, and cells times the longest text."""

    size: int = 20_000_000
    expanded: int = 120_000_000
    entries: int = 500
    rows: int = 20_010
    columns: int = 60
    text: int = 400_000_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with the number that the sheet itself shows; every cell is text."""

    number: int
    cells: tuple[str, ...]


def read_table(data: bytes, *, name: str, limits: TableLimits | None = None) -> list[TableRow]:
    """The rows of the first sheet that hold anything. Raises UnreadableTable."""
    limits = limits or TableLimits()
    if not data:
        raise UnreadableTable("empty")
    if len(data) > limits.size:
        raise UnreadableTable("too_large")
    if name.lower().endswith(".xlsx"):
        rows = _read_xlsx(data, limits=limits)
    elif name.lower().endswith((".csv", ".txt")):
        rows = _read_csv(data, limits=limits)
    else:
        raise UnreadableTable("not_a_table")
    found = [row for row in rows if any(row.cells)]
    if not found:
        raise UnreadableTable("empty")
    return found


def write_xlsx(sheets: Iterable[tuple[str, Iterable[Sequence[object]], Sequence[int]]]) -> bytes:
    """A workbook of (title, rows, column widths); the first row of each is its heading. Text is never a formula."""
    import xlsxwriter  # only who takes a workbook pays for it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    heading = book.add_format({"bold": True, "bg_color": "#EEF0F3", "border": 1})
    as_text = book.add_format({"num_format": "@"})
    for title, rows, widths in sheets:
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, as_text)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write_string(number, place, as_cell(value), heading if number == 0 else as_text)
    book.close()
    return buffer.getvalue()


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file that spreadsheets open as text: with a mark for UTF-8, without formulas."""
    yield "\ufeff"
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([_harmless(as_cell(value)) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def as_cell(value: object) -> str:
    """A value as the text of a cell: dates in ISO form, whole numbers without a point, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("\u3000", " ").strip()


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(DANGEROUS) else text


def _read_csv(data: bytes, *, limits: TableLimits) -> list[TableRow]:
    text = _decode(data)
    if "\x00" in text:
        raise UnreadableTable("not_a_table")
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",\t;，", key=first.count)
    rows: list[TableRow] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number > limits.rows or len(cells) > limits.columns:
                raise UnreadableTable("too_many")
            rows.append(TableRow(number, tuple(_restored(as_cell(cell)) for cell in cells)))
    except csv.Error as error:
        raise UnreadableTable("damaged") from error
    return rows


def _restored(text: str) -> str:
    """A cell that write_csv made harmless, as it was."""
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS else text


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable("not_a_table")


def _read_xlsx(data: bytes, *, limits: TableLimits) -> list[TableRow]:
    from python_calamine import CalamineError, CalamineWorkbook  # only who brings one pays for it

    _check_archive(data, limits=limits)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        last_row, last_column = sheet.end or (0, 0)
        if last_row >= limits.rows or last_column >= limits.columns:
            raise UnreadableTable("too_many")
        return [
            TableRow(number, tuple(as_cell(cell) for cell in cells))
            for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        ]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise UnreadableTable("damaged") from error


def _check_archive(data: bytes, *, limits: TableLimits) -> None:
    """Refuse a package that unpacks to too much, before the reader makes a grid of it.

    Reading every entry to its end makes zipfile compare size and checksum, so that declared sizes can be believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries or sum(e.file_size for e in entries) > limits.expanded:
                raise UnreadableTable("too_large")
            if any(entry.flag_bits & 1 for entry in entries):
                raise UnreadableTable("damaged")
            cells = 0
            longest = 1
            for entry in entries:
                content = archive.read(entry)
                longest = max([longest, *(len(text) for text in content.split(b"<si")[1:])])
                cells += _count_cells(content, limits=limits)
            if cells * longest > limits.text:
                raise UnreadableTable("too_large")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise UnreadableTable("damaged") from error


def _count_cells(content: bytes, *, limits: TableLimits) -> int:
    """How many cells a sheet names; a cell far out would make the grid between huge."""
    count = 0
    for match in CELL.finditer(content):
        count += 1
        if int(match[2]) > limits.rows or len(match[1]) > 2 or count > limits.rows * limits.columns:
            raise UnreadableTable("too_many")
    return count
