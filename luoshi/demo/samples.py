"""Papers of the demo county to try the upload with: a table, and one notice as OFD, as PDF and as a scan."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from luoshi.demo import county

NOTICE, TABLE = "今冬明春重点工作通知", "信访突出问题整改清单"
WIDTHS = (6, 10, 30, 36, 14, 20, 18)


def write_samples(folder: Path) -> list[Path]:
    """Write the papers into the folder, which is made when there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in samples():
        path = folder / name
        path.write_bytes(data)
        written.append(path)
    return written


def samples() -> Iterator[tuple[str, bytes]]:
    """The name and bytes of each paper; the scan was printed, stamped and laid on the glass a little askew."""
    yield f"{TABLE}.xlsx", table()
    yield f"{NOTICE}.ofd", county.paper("tongzhi.ofd")
    yield f"{NOTICE}.pdf", county.paper("tongzhi.pdf")
    yield f"{NOTICE}（扫描件）.png", county.paper("tongzhi.png")


def table() -> bytes:
    """A rectification list as offices keep it: a heading over all columns, the class of problem in merged cells."""
    import xlsxwriter  # slow to import, and only needed here

    head, *rows = csv.reader(io.StringIO(county.paper("xinfang.csv").decode("utf-8")))
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("整改清单")
    title = book.add_format({"bold": True, "align": "center", "font_size": 16})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, len(head) - 1, f"青禾县{TABLE}", title)
    sheet.write_row(1, 0, head, cell)
    for number, row in enumerate(rows, start=2):
        sheet.write_row(number, 0, row, cell)
    first = 2
    for kind, group in groupby(rows, key=lambda row: row[1]):
        last = first + len(list(group)) - 1
        sheet.merge_range(first, 1, last, 1, kind, cell)
        first = last + 1
    book.close()
    return stream.getvalue()
