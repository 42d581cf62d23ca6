"""Pages of indicators: the list, the board of one level, and defining what is measured and owed."""

from dataclasses import replace
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.forms.indicators import SPREADS, IndicatorForm, SpreadForm
from luoshi.progress.queries.boards import (
    get_allotment_and_facts,
    get_allotment_for,
    list_indicators_for,
    list_lead_names,
    read_facts,
    summarise,
)
from luoshi.progress.queries.levels import get_board
from luoshi.progress.queries.sheets import TAKING, list_reporting_units, owes_readings
from luoshi.progress.rules.examples import Example, work_example
from luoshi.progress.rules.periods import list_periods
from luoshi.progress.rules.spreading import read_numbers, spread_by_curve, spread_evenly
from luoshi.progress.rules.tallies import Method
from luoshi.tasks.actions.indicating import allot, edit_indicator, set_indicator
from luoshi.tasks.models import DIRECTION_LABELS, OVER_TIME_LABELS, OVER_UNITS_LABELS, Allotment, Indicator, Task
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.rules.access import acting_unit_id, may
from luoshi.tasks.rules.indicators import OverTime, OverUnits, Owed

OWED = ("baseline", "target", "ceiling")


class CurveDoesNotFit(Refusal):
    """The pasted numbers are not one for each period."""

    sentence = gettext_lazy("Paste one number for each period of the year; they must add up to more than nothing.")


@require_GET
def indicators(request: SignedRequest) -> HttpResponse:
    """What the reader's units keep and owe, with value to date, pace and coverage."""
    units, q = list_reporting_units(request.access), request.GET.get("q", "").strip()
    found = list_indicators_for(request.access, units=[unit.pk for unit in units], q=q)
    page = paginate(found, number=request.GET.get("page", "1"))
    facts = read_facts([row.pk for row in page.rows])
    names = list_lead_names(row.task_id for row in page.rows)
    rows = [
        summarise(
            row, facts, today=today(), has_parts=row.pk in facts.expected,
            name=names.get(row.task_id) or str(row.indicator.owner),
        )
        for row in page.rows
    ]  # fmt: skip
    words = {"rows": rows, "page": page, "q": q, "owes": owes_readings(unit.pk for unit in units)}
    return render(request, "progress/indicators/list.html", words)


@require_GET
def board(request: SignedRequest, id: int) -> HttpResponse:
    """One level of an indicator: its parts by periods; each number of a part that has parts opens the level below."""
    allotment, facts = get_allotment_and_facts(request.access, id=id)
    after = request.GET.get("after", "")
    found = get_board(
        request.access, allotment, today=today(), period=request.GET.get("period", ""),
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 12 else 0,
    )  # fmt: skip
    reporter = acting_unit_id(request.access, facts, "report") if may(request.access, facts, "report") else None
    words = {
        "board": found,
        "reporter": reporter if not found.has_parts and allotment.task.state in TAKING else None,
        "may_confirm": found.has_parts and may(request.access, facts, "cascade"),
        "may_edit": may(request.access, facts, "steer") and allotment.task_id == allotment.indicator.task_id,
        "may_divide": facts.has_children and may(request.access, facts, "cascade"),
    }
    return render(request, "progress/indicators/board.html", words)


@require_http_methods(["GET", "POST"])
def create(request: SignedRequest, id: int) -> HttpResponse:
    """Define an indicator of a task; its path through the year is laid out as chosen."""
    task = get_task_for(request.access, id=id, to="steer")
    first = Indicator(task=task, owner=task.owner, year=today().year, is_main=not task.indicators.exists())
    form, spread = IndicatorForm(request.POST or None, instance=first, initial=_from_task(task)), _spread(request)
    if request.method == "POST" and form.is_valid() and spread.is_valid():
        try:
            made = _set(request, task, form, spread)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The indicator is defined. Check its targets by period."))
            return HttpResponseRedirect(reverse("progress:targets", args=[made.pk]))
    return _define_page(request, task, form, spread=spread)


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, id: int) -> HttpResponse:
    """Change an indicator's definition and what its task owes in the year."""
    allotment = get_allotment_for(request.access, id=id, to="steer")
    indicator, task = allotment.indicator, allotment.task
    form = IndicatorForm(
        request.POST or None, instance=indicator, initial={name: getattr(allotment, name) for name in OWED}
    )
    if request.method == "POST" and form.is_valid():
        indicator.refresh_from_db()
        try:
            _edit(request, allotment, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Saved. What it comes to was counted again."))
            return HttpResponseRedirect(reverse("progress:board", args=[allotment.pk]))
    return _define_page(request, task, form, indicator=indicator)


@require_GET
def example(request: HttpRequest) -> HttpResponse:
    """The worked example for the operators chosen so far, as a fragment."""
    given = request.GET
    words = {"example": _example(given.get("over_time", ""), given.get("over_units", ""), given.get("direction", ""))}
    return render(request, "progress/indicators/_example.html", words)


def _from_task(task: Task) -> dict[str, object]:
    """What the task already says: its target, and how often it is reported."""
    found: dict[str, object] = {"cadence": task.cadence or "monthly"}
    if task.target_value is not None:
        found |= {"target": task.target_value, "measure": task.target_unit}
        found["direction"] = "down" if task.target_op.startswith("<") else "up"
    return found


def _spread(request: SignedRequest) -> SpreadForm:
    return SpreadForm(request.POST if request.method == "POST" else None, initial={"spread": "even"})


def _set(request: SignedRequest, task: Task, form: IndicatorForm, spread: SpreadForm) -> Allotment:
    given = dict(form.cleaned_data)
    owed = Owed(**{name: given.pop(name) for name in OWED})
    periods = list_periods(given["cadence"], given["year"])
    if owed.target is not None:
        over_time = path_operator(given["over_time"], given["over_units"])
        values = _lay_out(owed, spread, count=len(periods), over_time=over_time, places=given["places"])
        owed = replace(owed, periods=dict(zip(periods, values, strict=True)) if values else {})
    made = set_indicator(task, by=request.user, now=now(), owed=owed, **given)
    return made.allotments.get(task=task)


def path_operator(over_time: str, over_units: str) -> str:
    """How a path runs: numerators and denominators add up over time, but their ratio stays a level all year."""
    return OverTime.MEAN.value if over_units == OverUnits.RATIO else over_time


def _lay_out(owed: Owed, spread: SpreadForm, *, count: int, over_time: str, places: int) -> list[Decimal]:
    """The targets to date by period as chosen; none when they are to be typed. Raises CurveDoesNotFit."""
    how, target = spread.cleaned_data["spread"], owed.target or Decimal(0)
    if how == "even":
        return spread_evenly(target, count=count, over_time=over_time, baseline=owed.baseline, places=places)
    if how != "curve":
        return []
    return lay_along(target, spread.cleaned_data["curve"], count=count, over_time=over_time, places=places)


def lay_along(target: Decimal, pasted: str, *, count: int, over_time: str, places: int) -> list[Decimal]:
    """The target along last year's values as pasted. Raises CurveDoesNotFit."""
    try:
        curve = [value or Decimal(0) for value in read_numbers(pasted)]
        if len(curve) != count:
            raise CurveDoesNotFit
        return spread_by_curve(target, curve=curve, over_time=over_time, places=places)
    except ValueError as fault:
        raise CurveDoesNotFit from fault


def _edit(request: SignedRequest, allotment: Allotment, form: IndicatorForm) -> None:
    given, moment = dict(form.cleaned_data), now()
    owed = {name: given.pop(name) for name in OWED}
    version = request.POST.get("version", "")
    edit_indicator(
        allotment.indicator, version=int(version) if version.isdecimal() else 0, by=request.user, now=moment, **given
    )
    if any(getattr(allotment, name) != value for name, value in owed.items()):
        kept = Owed(weight=allotment.weight, **owed)
        reason = request.POST.get("reason", "")[:500]
        allot(allotment.indicator, {allotment.task_id: kept}, by=request.user, now=moment, reason=reason)


def _define_page(
    request: SignedRequest, task: Task, form: IndicatorForm, *, spread: SpreadForm | None = None,
    indicator: Indicator | None = None,
) -> HttpResponse:  # fmt: skip
    words = {
        "task": task,
        "form": form,
        "spread": spread,
        "spreads": SPREADS,
        "chosen": spread["spread"].value() if spread else "",
        "indicator": indicator,
        "allotment": indicator and indicator.allotments.filter(task=task).first(),
        "example": _example(*(str(form[name].value() or "") for name in ("over_time", "over_units", "direction"))),
    }
    return render(request, "progress/indicators/define.html", words, status=409 if form.non_field_errors() else 200)


def _example(over_time: str, over_units: str, direction: str) -> Example:
    """The example under the operators named; an unknown name counts as the first of its kind."""
    method = Method(
        over_time=over_time if over_time in OVER_TIME_LABELS else "sum",
        over_units=over_units if over_units in OVER_UNITS_LABELS else "sum",
        direction=direction if direction in DIRECTION_LABELS else "up",
        measure="%",
    )
    return work_example(method)
