"""Two days of the ledger side by side: a page with an address to send, a text table and a workbook."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import IO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.forms import SINCE, UNTIL
from luoshi.core.policy import get_policy
from luoshi.core.shell import day as shown_day
from luoshi.core.shell import percent, quantity
from luoshi.ledger.queries import Choice, choose, list_matching
from luoshi.ledger.queries.comparing import SHOWN, Comparison, Line, Span, compare_days, list_shortcuts
from luoshi.ledger.rules import StateGroup, filter_params, parse_filter, safe_cell
from luoshi.ledger.rules.comparing import Change
from luoshi.ledger.views.chips import list_chips, list_unread, read_params
from luoshi.ledger.views.exports import stream_csv
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.models import STATE_LABELS

CHANGES: dict[Change, Promise | str] = {
    Change.ADDED: gettext_lazy("added"),
    Change.ENDED: gettext_lazy("completed or closed"),
    Change.GONE: gettext_lazy("withdrawn or merged"),
    Change.REOPENED: gettext_lazy("reopened"),
    Change.DATE: gettext_lazy("date changed"),
    Change.TARGET: gettext_lazy("target changed"),
    Change.LEAD: gettext_lazy("lead changed"),
    Change.PROGRESS: gettext_lazy("progress moved"),
}
SHORTCUTS: dict[str, Promise | str] = {
    "visit": gettext_lazy("since my last visit"),
    "week": gettext_lazy("a week"),
    "month": gettext_lazy("since the end of last month"),
    "year": gettext_lazy("since the end of last year"),
}
OWN_PARAMETERS = ("from", "to", "change")
CELL_TEXT = 32_767  # Excel's own bound
WIDTHS = (16, 16, 52, 14, 24, 24)


@require_GET
def between(request: SignedRequest) -> HttpResponse:
    """What was added, ended and changed between two days, over the ledger's filter."""
    span, is_readable = _read_span(request)
    only = _read_change(request)
    choice, params, found = _compare(request, span, only=only)
    dates = {"from": span.since.isoformat(), "to": span.until.isoformat()}
    words = {
        "span": span, "is_readable": is_readable, "only": only, "found": found, "changes": CHANGES,
        "groups": [(change, [(line, *_cells(line)) for line in rows]) for change, rows in found.lines.items() if rows],
        "choice": choice, "chosen": choice.filter, "chips": list_chips(choice), "unread": list_unread(choice),
        "pairs": params, "params": urlencode({**params, **dates}), "today": today(),
        "shortcuts": [(SHORTCUTS[name], urlencode({**params, "from": day.isoformat()}))
                      for name, day in list_shortcuts(request.user, today=today())],
    }  # fmt: skip
    return render(request, "ledger/between.html", words)


@require_GET
def as_csv(request: SignedRequest) -> StreamingHttpResponse:
    """All differences as a text table in UTF-8 with a mark at its start, as Excel expects."""
    span, _readable = _read_span(request)
    _choice, _params, found = _compare(request, span, only=_read_change(request), most=None)
    lines = stream_csv(_headings(found.span), _rows(found, safe_cell))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{span.since}-{span.until}.csv"'
    return response


@require_GET
def as_xlsx(request: SignedRequest) -> FileResponse:
    """All differences as a workbook."""
    span, _readable = _read_span(request)
    _choice, _params, found = _compare(request, span, only=_read_change(request), most=None)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    _write_xlsx(file, found)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"ledger-{span.since}-{span.until}.xlsx")


def _compare(
    request: SignedRequest, span: Span, *, only: Change | None, most: int | None = SHOWN
) -> tuple[Choice, dict[str, str], Comparison]:
    """The filter, its parameters and what differs; tasks that have ended by now are in unless the filter says not."""
    given = {name: text for name, text in read_params(request.GET).items() if name not in OWN_PARAMETERS}
    choice = choose(parse_filter({"state": StateGroup.ALL.value, **given}), access=request.access)
    tasks = list_matching(choice, access=request.access, today=today(), policy=get_policy(), whole=True)
    return choice, filter_params(choice.filter), compare_days(tasks, span, only=only, most=most)


def read_span(since: str, until: str, *, today: date) -> tuple[Span, bool]:
    """The two days in order, none after today, and whether they could be read; else the last month's end and today."""
    days = [_read_day(since), _read_day(until)]
    is_readable = all(day is not None or not text for day, text in zip(days, (since, until), strict=True))
    last = min(days[1] or today, today)
    first = min(days[0] or last.replace(day=1) - timedelta(days=1), today)
    return Span(min(first, last), max(first, last)), is_readable


def _read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if SINCE <= day <= UNTIL else None


def _read_span(request: SignedRequest) -> tuple[Span, bool]:
    return read_span(request.GET.get("from", ""), request.GET.get("to", ""), today=today())


def _read_change(request: SignedRequest) -> Change | None:
    given = request.GET.get("change", "")
    return Change(given) if given in set(Change) else None


def _cells(line: Line) -> tuple[str, str, str]:
    """The value first set, the one of the first day and the one of the second, as they are read."""
    original = shown_day(line.original) if line.change == Change.DATE and line.original else ""
    if line.change == Change.PROGRESS:
        return original, percent(line.was), percent(line.stands)
    return original, _shown(line, line.then), _shown(line, line.now)


def _shown(line: Line, text: str) -> str:
    if line.change in (Change.ADDED, Change.ENDED, Change.GONE, Change.REOPENED):
        return str(STATE_LABELS.get(text, text))
    if line.change == Change.TARGET:
        return f"{quantity(Decimal(text))} {line.measure}".strip() if text else "—"
    return text or "—"


def _rows(found: Comparison, text: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for change, lines in found.lines.items():
        for line in lines:
            original, then, now = _cells(line)
            yield str(CHANGES[change]), line.code, text(line.title), original, text(then), text(now)


def _headings(span: Span) -> list[str]:
    return [
        _("Change"), _("Number"), _("Task"), _("First set"), _("On %(day)s") % {"day": span.since},
        _("On %(day)s") % {"day": span.until},
    ]  # fmt: skip


def _write_xlsx(file: IO[bytes], found: Comparison) -> None:
    import xlsxwriter  # only who takes a workbook pays for it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("Compare"))
    bold = book.add_format({"bold": True, "bg_color": "#EEF0F3", "border": 1})
    sheet.freeze_panes(1, 3)
    for column, (label, width) in enumerate(zip(_headings(found.span), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, bold)
    for place, row in enumerate(_rows(found, str), start=1):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text[:CELL_TEXT])
    sheet.autofilter(0, 0, max(found.total, 1), len(WIDTHS) - 1)
    book.close()
