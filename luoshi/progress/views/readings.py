"""Pages of readings: a unit's sheet of a month, and a level's check and confirmation of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.shell import quantity
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.progress.actions.confirming import NoReopenReason, confirm_period, reopen_period
from luoshi.progress.actions.readings import ReadingRow, record_readings
from luoshi.progress.forms.indicators import ReadingForm, ReasonForm
from luoshi.progress.models import Reading
from luoshi.progress.queries.boards import get_allotment_and_facts, list_missing_names
from luoshi.progress.queries.levels import Board, get_board, get_confirmation, list_checks
from luoshi.progress.queries.sheets import SheetRow, list_reporting_units, list_sheet
from luoshi.progress.rules.periods import period_end, previous_day
from luoshi.progress.rules.windows import month_start
from luoshi.tasks.models import Allotment
from luoshi.tasks.queries import acting_unit, get_task_for
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.indicators import OverUnits


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the sheet, ready to print and to fill in."""

    row: SheetRow
    form: ReadingForm

    @property
    def was_words(self) -> str:
        """The reading that counts so far, as it is shown."""
        was = self.row.reading
        if was is None:
            return ""
        return (
            quantity(was.value) if was.value is not None else f"{quantity(was.numerator)}/{quantity(was.denominator)}"
        )

    @property
    def is_writable(self) -> bool:
        return self.row.is_open and not self.row.is_locked


@require_http_methods(["GET", "POST"])
def readings(request: SignedRequest) -> HttpResponse:
    """Every indicator a unit owes in a month, on one sheet; all of it is saved together or not at all."""
    units = list_reporting_units(request.access)
    unit = _chosen(units, request.POST.get("unit") or request.GET.get("unit", ""))
    month = _month(request.POST.get("month") or request.GET.get("month", ""), today=today())
    entries = _entries(request, unit, month) if unit else []
    refusal: Refusal | None = None
    if request.method == "POST":
        if unit is None:
            raise NotAllowed
        if not [entry for entry in entries if entry.is_writable and not entry.form.is_valid()]:
            try:
                return _save(request, unit, entries, month=month)
            except Refusal as found:
                refusal = found
    last = period_end(f"{month:%Y-%m}")
    words = {
        "units": units, "unit": unit, "entries": entries, "month": f"{month:%Y-%m}",
        "before": f"{previous_day(month):%Y-%m}", "after": f"{_next(last):%Y-%m}" if last < today() else "",
        "refusal": refusal and refusal.sentence,
    }  # fmt: skip
    return render(request, "progress/indicators/readings.html", words, status=refusal.status if refusal else 200)


def _chosen(units: Sequence[Unit], asked: str) -> Unit | None:
    """The unit asked for, else the first; a unit of somebody else does not exist here."""
    if not asked:
        return units[0] if units else None
    found = next((unit for unit in units if str(unit.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _month(text: str, *, today: date) -> date:
    """The first day of the month asked for, else of today's; never one to come."""
    return min(month_start(text) or today, today).replace(day=1)


def _next(last: date) -> date:
    """The first day after a month's last."""
    return date(last.year + last.month // 12, last.month % 12 + 1, 1)


def _entries(request: SignedRequest, unit: Unit, month: date) -> list[Entry]:
    posted = request.POST if request.method == "POST" else None
    return [
        Entry(
            row,
            ReadingForm(
                posted if row.is_open and not row.is_locked else None, prefix=f"a{row.allotment.pk}",
                is_ratio=row.allotment.indicator.over_units == OverUnits.RATIO, initial=_initial(row.reading),
            ),
        )
        for row in list_sheet(unit, month=month, today=today())
    ]  # fmt: skip


def _initial(was: Reading | None) -> dict[str, object]:
    names = ("value", "numerator", "denominator", "source", "note")
    return {name: getattr(was, name) for name in names} if was else {}


def _save(request: SignedRequest, unit: Unit, entries: Sequence[Entry], *, month: date) -> HttpResponse:
    """Record what was typed; an empty line stays missing."""
    rows = [_row(entry) for entry in entries if entry.is_writable and not entry.form.is_blank]
    for entry in entries:
        if entry.is_writable and not entry.form.is_blank:
            get_task_for(request.access, id=entry.row.allotment.task_id, to="report")
    made = record_readings(rows, unit=unit, by=request.user, now=now(), today=today()) if rows else []
    if made:
        words = ngettext("%(n)s reading is saved.", "%(n)s readings are saved.", len(made)) % {"n": len(made)}
        messages.success(request, f"{words} {_('Every level above is right already.')}")
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(f"{reverse('progress:readings')}?unit={unit.pk}&month={month:%Y-%m}")


def _row(entry: Entry) -> ReadingRow:
    given = entry.form.cleaned_data
    return ReadingRow(
        allotment=entry.row.allotment, period=entry.row.period, source=given["source"], note=given["note"],
        why=given["why"], **entry.form.figures,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def confirm(request: SignedRequest, id: int) -> HttpResponse:
    """Who has reported, what is worth a look, and the confirmation that locks what is below."""
    allotment, facts = get_allotment_and_facts(request.access, id=id)
    after = request.GET.get("after", "")
    board = get_board(
        request.access, allotment, today=today(), period=request.POST.get("period") or request.GET.get("period", ""),
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 12 else 0,
    )  # fmt: skip
    reason = ReasonForm(request.POST if request.POST.get("do") == "reopen" else None)
    refusal: Refusal | None = None
    if request.method == "POST":
        get_task_for(request.access, id=allotment.task_id, to="cascade")
        try:
            return _decide(request, allotment, board.period, reason)
        except Refusal as found:
            refusal = found
    words = _confirm_words(board) | {
        "reason": reason, "refusal": refusal and refusal.sentence, "may": may(request.access, facts, "cascade"),
    }  # fmt: skip
    return render(request, "progress/indicators/confirm.html", words, status=refusal.status if refusal else 200)


def _confirm_words(board: Board) -> dict[str, object]:
    periods, at = board.periods, board.column - 1
    return {
        "board": board,
        "period": board.period,
        "whole": board.own.cells[at],
        "checks": list_checks(board, board.period),
        "missing_names": list_missing_names(board.allotment, board.period),
        "confirmed": get_confirmation(board.allotment, board.period),
        "before": periods[at - 1] if at else "",
        "after": periods[at + 1] if at + 1 < len(periods) and board.own.cells[at + 1].state != "ahead" else "",
        "more_url": f"?period={board.period}&after={board.after}" if board.after else "",
    }


def _decide(request: SignedRequest, allotment: Allotment, period: str, reason: ReasonForm) -> HttpResponse:
    """Confirm the period, or open it again with the reason."""
    unit, moment = acting_unit(request.access, allotment.task, "cascade"), now()
    if request.POST.get("do") == "reopen":
        if not reason.is_valid():
            raise NoReopenReason
        why = reason.cleaned_data["why"]
        reopen_period(allotment, period=period, why=why, unit=unit, by=request.user, now=moment)
        messages.success(request, _("Open again. The units below can correct the period."))
    else:
        confirm_period(allotment, period=period, unit=unit, by=request.user, now=moment, today=today())
        messages.success(request, _("Confirmed and locked up to %(period)s.") % {"period": period})
    return HttpResponseRedirect(f"{reverse('progress:confirm', args=[allotment.pk])}?period={period}")
