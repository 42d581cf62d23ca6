"""The filtered ledger as a text table and as a workbook; text is never a formula."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.ledger.queries import Choice, Line, iterate_lines
from luoshi.ledger.rules import EXCEL_OUTLINE_LEVELS, LIGHTS, safe_cell
from luoshi.ledger.rules.columns import Value
from luoshi.ledger.rules.filters import Shown
from luoshi.ledger.views.listing import matching
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.progress.rules.forecast import Forecast
from luoshi.progress.rules.months import STRIP, MonthMark, list_strip_months
from luoshi.tasks.models import STATE_LABELS, TIER_LABELS, Task

if TYPE_CHECKING:
    from xlsxwriter.format import Format

BLOCK = 500  # lines written to the wire at once
INDENT = "　"
EXCEL_DAY_0 = date(1899, 12, 30)
CELL_TEXT = 32_767  # Excel's own bound
WIDTHS = (5, 15, 15, 42, 42, 24, 9, 9, 8, 20, 26, 11, 11, 8, 8, 32)

BESIDE = {Shown.FORECAST: (12, 9), Shown.MONTHS: (9,) * STRIP}  # the widths of what stands there if it is shown
FILLS = {"red": "#F6C1BE", "yellow": "#FBE7A6", "green": "#C3E6CB", "blue": "#BFD9F2"}

_Cell = str | int | float | Decimal | date | None


class Lit(str):
    """A word on the ground of its colour."""

    __slots__ = ("colour",)

    def __new__(cls, word: str, colour: str) -> "Lit":
        """The word, and the colour by name."""
        made = super().__new__(cls, word)
        made.colour = colour
        return made

    colour: str


@require_GET
def export_csv(request: SignedRequest) -> StreamingHttpResponse:
    """UTF-8 with a mark at its start, as Excel expects; sent while it is read."""
    choice, tasks = matching(request)
    table = stream_csv(headings(choice, today()), map(_cells(choice, safe_cell), _lines(choice, tasks)))
    response = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{today()}.csv"'
    return response


@require_GET
def export_xlsx(request: SignedRequest) -> FileResponse:
    """A workbook whose rows fold along the hierarchy, written in constant memory."""
    choice, tasks = matching(request)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    _write_xlsx(file, choice, _lines(choice, tasks), day=today())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"ledger-{today()}.xlsx")


def _lines(choice: Choice, tasks: QuerySet[Task]) -> Iterator[Line]:
    shown = _beside(choice)
    return iterate_lines(tasks, today=today(), policy=get_policy(), columns=choice.shown, shown=shown)


def _beside(choice: Choice) -> list[Shown]:
    """What the export shows on top of its usual columns."""
    return [name for name in BESIDE if name in choice.filter.columns]


def headings(choice: Choice, day: date) -> list[str]:
    """The columns of both exports, own ones last; the original due date stands only where it was moved."""
    beside = {
        Shown.FORECAST: [_("Done on this pace"), _("Days late")],
        Shown.MONTHS: [f"{month:%Y-%m}" for month in list_strip_months(day)],
    }
    return [
        _("Depth"), _("Number"), _("Under"), _("Task"), _("Requirement"), _("Standard"), _("Tier"), _("State"),
        _("Light"), _("Lead"), _("Co-units"), _("Due"), _("Original due date"), _("% done"), _("Reported"),
        _("Last word"), *(label for name in _beside(choice) for label in beside[name]),
        *(column.name for column in choice.shown),
    ]  # fmt: skip


def _cells(choice: Choice, text: Callable[[str], str]) -> Callable[[Line], tuple[_Cell, ...]]:
    """A function that turns a line into cells, labels translated once, whatever people typed passed through `text`."""
    beside = _beside_cells(choice)
    tiers = {code: str(label) for code, label in TIER_LABELS.items()}
    states = {code: str(label) for code, label in STATE_LABELS.items()}
    lights = {number: str(COLOUR_WORDS[colour]) for colour, number in LIGHTS.items()}

    def cells(line: Line) -> tuple[_Cell, ...]:
        (level, code, parent, title, requirement, standard, tier, state, light, lead, co, due, original,
         percent, reported, expected, word, own, *_more) = line  # fmt: skip
        return (
            level, code, parent, INDENT * (level - 1) + title if level > 1 else text(title), text(requirement),
            text(standard), tiers[tier], states[state], lights[light], text(lead), text(co), due,
            original if original != due else None, percent, f"{reported}/{expected}" if expected else "", text(word),
            *beside(line), *(_own(value, text) for value in own),
        )  # fmt: skip

    return cells


def _beside_cells(choice: Choice) -> Callable[[Line], list[_Cell]]:
    """A function that gives the cells for what is shown on top."""
    words, caught = {colour: str(word) for colour, word in COLOUR_WORDS.items()}, _("caught up")

    def month(mark: MonthMark) -> _Cell:
        if mark.colour is None:
            return None
        return Lit(caught if mark.caught_up_date else words[mark.colour], mark.colour.value)

    def forecast(ahead: Forecast | None) -> list[_Cell]:
        return [ahead.done_date, ahead.days_over if ahead.will_miss else None] if ahead else [None, None]

    shown: dict[Shown, Callable[[Line], list[_Cell]]] = {
        Shown.FORECAST: lambda line: forecast(line.ahead),
        Shown.MONTHS: lambda line: [month(mark) for mark in line.months] or [None] * STRIP,
    }
    chosen = [shown[name] for name in _beside(choice)]
    return lambda line: [cell for cells in chosen for cell in cells(line)]


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


def _write_xlsx(file: IO[bytes], choice: Choice, lines: Iterable[Line], *, day: date) -> None:
    import xlsxwriter  # only who takes a workbook pays for it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("Ledger"))
    bold = book.add_format({"bold": True, "bg_color": "#EEF0F3", "border": 1})
    sheet.outline_settings(symbols_below=False)
    sheet.freeze_panes(1, 4)
    labels = headings(choice, day)
    widths = (*WIDTHS, *(width for name in _beside(choice) for width in BESIDE[name]))
    for column, label in enumerate(labels):
        sheet.set_column(column, column, widths[column] if column < len(widths) else 16)
        sheet.write_string(0, column, label, bold)
    cells = _cells(choice, str)
    formats = {name: book.add_format({"bg_color": fill}) for name, fill in FILLS.items()}
    formats["date"] = book.add_format({"num_format": "yyyy-mm-dd"})
    last = 0
    for last, line in enumerate(lines, start=1):
        if line.level > 1:
            sheet.set_row(last, None, None, {"level": min(line.level - 1, EXCEL_OUTLINE_LEVELS)})
        _write_row(sheet, last, cells(line), formats)
    sheet.autofilter(0, 0, max(last, 1), len(labels) - 1)
    book.close()


def _write_row(sheet: Any, place: int, row: tuple[_Cell, ...], formats: "Mapping[str, Format]") -> None:
    for column, value in enumerate(row):
        if type(value) is str:
            if value:
                sheet.write_string(place, column, value[:CELL_TEXT])
        elif isinstance(value, Lit):
            sheet.write_string(place, column, value, formats.get(value.colour))
        elif isinstance(value, date):
            sheet.write_number(place, column, (value - EXCEL_DAY_0).days, formats["date"])
        elif value is not None:
            sheet.write_number(place, column, float(value))
