"""The filtered ledger as a text table and as a workbook; text is never a formula."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.ledger.models import Column
from luoshi.ledger.queries import Line, iterate_lines
from luoshi.ledger.rules import EXCEL_OUTLINE_LEVELS, LIGHTS, safe_cell
from luoshi.ledger.rules.columns import Value
from luoshi.ledger.views.listing import matching
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.tasks.models import STATE_LABELS, TIER_LABELS

if TYPE_CHECKING:
    from xlsxwriter.format import Format

BLOCK = 500  # lines written to the wire at once
INDENT = "　"
EXCEL_DAY_0 = date(1899, 12, 30)
CELL_TEXT = 32_767  # Excel's own bound
WIDTHS = (5, 15, 15, 42, 42, 24, 9, 9, 8, 20, 26, 11, 11, 8, 8, 32)

_Cell = str | int | float | Decimal | date | None


@require_GET
def export_csv(request: SignedRequest) -> StreamingHttpResponse:
    """UTF-8 with a mark at its start, as Excel expects; sent while it is read."""
    choice, tasks = matching(request)
    own = choice.shown
    lines = iterate_lines(tasks, today=today(), policy=get_policy(), columns=own)
    table = stream_csv(headings(own), map(_cells(safe_cell), lines))
    response = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{today()}.csv"'
    return response


@require_GET
def export_xlsx(request: SignedRequest) -> FileResponse:
    """A workbook whose rows fold along the hierarchy, written in constant memory."""
    choice, tasks = matching(request)
    own = choice.shown
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    _write_xlsx(file, iterate_lines(tasks, today=today(), policy=get_policy(), columns=own), own)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"ledger-{today()}.xlsx")


def headings(own: Sequence[Column] = ()) -> list[str]:
    """The columns of both exports, own ones last; the original due date stands only where it was moved."""
    return [
        _("Depth"), _("Number"), _("Under"), _("Task"), _("Requirement"), _("Standard"), _("Tier"), _("State"),
        _("Light"), _("Lead"), _("Co-units"), _("Due"), _("Original due date"), _("% done"), _("Reported"),
        _("Last word"), *(column.name for column in own),
    ]  # fmt: skip


def _cells(text: Callable[[str], str]) -> Callable[[Line], tuple[_Cell, ...]]:
    """A function that turns a line into cells, labels translated once, whatever people typed passed through `text`."""
    tiers = {code: str(label) for code, label in TIER_LABELS.items()}
    states = {code: str(label) for code, label in STATE_LABELS.items()}
    lights = {number: str(COLOUR_WORDS[colour]) for colour, number in LIGHTS.items()}

    def cells(line: Line) -> tuple[_Cell, ...]:
        (level, code, parent, title, requirement, standard, tier, state, light, lead, co, due, original,
         percent, reported, expected, word, own) = line  # fmt: skip
        return (
            level, code, parent, INDENT * (level - 1) + title if level > 1 else text(title), text(requirement),
            text(standard), tiers[tier], states[state], lights[light], text(lead), text(co), due,
            original if original != due else None, percent, f"{reported}/{expected}" if expected else "", text(word),
            *(_own(value, text) for value in own),
        )  # fmt: skip

    return cells


def _own(value: Value, text: Callable[[str], str]) -> _Cell:
    """What stands in an own column, in the type of the column."""
    if value.number is not None:
        return value.number.normalize() + 0
    return value.day or text(value.text)


def stream_csv(labels: Iterable[str], rows: Iterator[Sequence[_Cell]]) -> Iterator[str]:
    """A text table block by block, with the mark that Excel expects; cells are safe already."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(safe_cell(label) for label in labels)
    while block := list(islice(rows, BLOCK)):
        writer.writerows(block)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _write_xlsx(file: IO[bytes], lines: Iterable[Line], own: Sequence[Column]) -> None:
    import xlsxwriter  # only who takes a workbook pays for it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("Ledger"))
    bold = book.add_format({"bold": True, "bg_color": "#EEF0F3", "border": 1})
    sheet.outline_settings(symbols_below=False)
    sheet.freeze_panes(1, 4)
    for column, width in enumerate((*WIDTHS, *(16 for _column in own))):
        sheet.set_column(column, column, width)
    for column, label in enumerate(headings(own)):
        sheet.write_string(0, column, label, bold)
    cells, dated = _cells(str), book.add_format({"num_format": "yyyy-mm-dd"})
    last = 0
    for last, line in enumerate(lines, start=1):
        if line.level > 1:
            sheet.set_row(last, None, None, {"level": min(line.level - 1, EXCEL_OUTLINE_LEVELS)})
        _write_row(sheet, last, cells(line), dated)
    sheet.autofilter(0, 0, max(last, 1), len(WIDTHS) + len(own) - 1)
    book.close()


def _write_row(sheet: Any, place: int, row: tuple[_Cell, ...], dated: "Format") -> None:
    for column, value in enumerate(row):
        if type(value) is str:
            if value:
                sheet.write_string(place, column, value[:CELL_TEXT])
        elif isinstance(value, date):
            sheet.write_number(place, column, (value - EXCEL_DAY_0).days, dated)
        elif value is not None:
            sheet.write_number(place, column, float(value))
