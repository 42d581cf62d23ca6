"""Reporting by unit and month: on time, late, missing; what closes this week; each number opens its rows."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.pagination import paginate
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import LEVEL_LABELS, Unit
from luoshi.papers.tables import write_csv
from luoshi.progress.models.following import TURN_LABELS
from luoshi.progress.queries.turns import (
    YEAR,
    UnitRates,
    list_closing,
    list_month_rates,
    list_turn_rows,
    list_unit_rates,
    sum_levels,
)
from luoshi.progress.rules.windows import FEW, Rates, month_start, months_back
from luoshi.tasks.models import CADENCE_LABELS

MOST_CLOSED = 25  # the day of the month from which on the present month is shown first


@require_GET
def reporting(request: SignedRequest) -> HttpResponse:
    """The month's reporting, in the order of units and never of figures."""
    month, level = _month(request), _level(request)
    rows = list_unit_rates(request.access, month=month, level=level)
    context = {
        "rows": rows,
        "levels": sum_levels(rows),
        "labels": LEVEL_LABELS,
        "states": TURN_LABELS,
        "cadences": CADENCE_LABELS,
        "months": list_month_rates(request.access, month=month),
        "closing": list_closing(request.access, today=today()),
        "month": month,
        "before": months_back(month, 2)[0],
        "after": _next(month) if _next(month) <= today() else None,
        "level": level,
        "few": FEW,
        "rows_of": _rows_of,
        "rate": rate_words,
    }
    return render(request, "progress/reporting.html", context)


def _month(request: SignedRequest) -> date:
    """The month of the address; else the present one once most of its windows have closed, before that the last."""
    day = today()
    return month_start(request.GET.get("month", "")) or months_back(day.replace(day=1), 2)[day.day > MOST_CLOSED]


def _level(request: SignedRequest) -> str:
    level = request.GET.get("level", "")
    return level if level in LEVEL_LABELS else ""


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _rows_of(row: UnitRates | None, month: date, *, state: str = "", year: bool = False) -> str:
    """The address of the rows behind a number."""
    given: dict[str, Any] = {"month": f"{month:%Y-%m}", "state": state, "year": "1" if year else ""}
    if row is not None:
        given |= {"unit": row.unit_id} if row.unit_id else {"level": row.level}
    return url("progress:turns") + "?" + urlencode({key: value for key, value in given.items() if value})


def rate_words(rates: Rates) -> str:
    """A percentage, or how many of how many where they are few, or a dash where nothing was asked."""
    if not rates.asked:
        return "—"
    if rates.percent is None:
        return _("%(n)s of %(m)s times") % {"n": rates.on_time, "m": rates.asked}
    return f"{rates.percent}%"


@require_GET
def turns(request: SignedRequest) -> HttpResponse:
    """The rows behind a number, or a text table of them with `format=csv`."""
    month, number = _month(request), request.GET.get("unit", "")
    unit = int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else None
    state = request.GET.get("state", "")
    rows = list_turn_rows(
        request.access,
        first=months_back(month, YEAR)[0] if request.GET.get("year") == "1" else month,
        last=month,
        unit=unit,
        level=_level(request),
        state=state if state in TURN_LABELS else "",
    )
    page = paginate(rows, number=request.GET.get("page", "1"))
    named = Unit.objects.filter(pk=unit).first() if unit and page.rows else None
    context = {
        "page": page,
        "month": month,
        "asked": state,
        "states": TURN_LABELS,
        "unit": named,
        "labels": LEVEL_LABELS,
        "level": _level(request),
    }
    return render(request, "progress/turns.html", context)


@require_GET
def reporting_csv(request: SignedRequest) -> HttpResponse:
    """The month's table for a spreadsheet, in the same order."""
    month = _month(request)
    heads = [_("Unit"), _("Level"), *(str(label) for label in TURN_LABELS.values()), _("On time, of those asked")]
    heads += [_("12 months: on time"), _("12 months: asked")]
    lines: list[list[str]] = [heads]
    for row in list_unit_rates(request.access, month=month, level=_level(request)):
        counts = [getattr(row.month, state) for state in TURN_LABELS]
        cells = [row.name, LEVEL_LABELS[row.level], *counts, rate_words(row.month), row.year.on_time, row.year.asked]
        lines.append([str(cell) for cell in cells])
    response = HttpResponse("".join(write_csv(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reporting-{month:%Y-%m}.csv"'
    return response
