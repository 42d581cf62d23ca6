"""Pages on which the path of an indicator through the year and the parts' targets are set."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now
from luoshi.core.errors import Refusal
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.forms.indicators import PartForm, SpreadForm, TargetForm, plain
from luoshi.progress.queries.boards import get_allotment_for, list_lead_names, periods_of
from luoshi.progress.queries.targets import PartToSet, list_parts_to_set
from luoshi.progress.rules.spreading import read_numbers, spread_evenly
from luoshi.progress.views.indicators import CurveDoesNotFit, lay_along, path_operator
from luoshi.tasks.actions import UnexplainedInflation
from luoshi.tasks.actions.indicating import allot, set_period_targets
from luoshi.tasks.models import Allotment
from luoshi.tasks.rules.division import divide_by_weights, spread_path
from luoshi.tasks.rules.indicators import Owed


class NothingToDivide(Refusal):
    """The division has no target, or no weights above zero."""

    sentence = gettext_lazy("Nothing to divide by: the whole needs a target, and the parts need weights above zero.")


def back_to(allotment: Allotment) -> HttpResponseRedirect:
    """Back to the board."""
    return HttpResponseRedirect(reverse("progress:board", args=[allotment.pk]))


@require_http_methods(["GET", "POST"])
def targets(request: SignedRequest, id: int) -> HttpResponse:
    """Where an allotment should stand by the end of each period; filled by a button, kept by Save."""
    allotment = get_allotment_for(request.access, id=id, to="steer")
    periods, post = periods_of(allotment.indicator), request.POST
    held = dict(allotment.period_targets.values_list("period", "value"))
    forms = [TargetForm(post or None, prefix=p, initial={"value": held.get(p)}) for p in periods]
    spread = SpreadForm(post or None)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            if "fill" in post:
                values = _filled(allotment, spread, how=post["fill"], count=len(periods))
                forms = [TargetForm({f"{p}-value": plain(v)}, prefix=p) for p, v in zip(periods, values, strict=True)]
            elif _are_valid(forms):
                given = {p: form.cleaned_data["value"] for p, form in zip(periods, forms, strict=True)}
                kept = {p: value for p, value in given.items() if value is not None}
                set_period_targets(allotment, kept, by=request.user, now=now())
                messages.success(request, _("The targets by period are saved."))
                return back_to(allotment)
        except Refusal as found:
            refusal = found
    words = {
        "allotment": allotment, "rows": list(zip(periods, forms, strict=True)), "spread": spread,
        "refusal": refusal and refusal.sentence, "total": _last(forms),
    }  # fmt: skip
    return render(request, "progress/indicators/targets.html", words, status=refusal.status if refusal else 200)


def _are_valid(forms: Sequence[TargetForm] | Sequence[PartForm]) -> bool:
    """Can every line be read? Each is asked, so that each shows what is wrong with it."""
    return not [form for form in forms if not form.is_valid()]


def _last(forms: Sequence[TargetForm]) -> Decimal | None:
    """The target to date of the last period, as far as it can be read."""
    form = forms[-1]
    if not form.is_bound:
        return form.initial.get("value")
    return form.cleaned_data.get("value") if form.is_valid() else None


def _filled(allotment: Allotment, spread: SpreadForm, *, how: str, count: int) -> list[Decimal | None]:
    """The targets that a button fills in. Raises CurveDoesNotFit."""
    indicator, target = allotment.indicator, allotment.target or Decimal(0)
    pasted = spread.cleaned_data["curve"] if spread.is_valid() else ""
    kind = {"over_time": path_operator(indicator.over_time, indicator.over_units), "places": indicator.places}
    if how == "even":
        return list(spread_evenly(target, count=count, baseline=allotment.baseline, **kind))  # type: ignore[arg-type]
    if how == "curve":
        return list(lay_along(target, pasted, count=count, **kind))  # type: ignore[arg-type]
    try:
        values = read_numbers(pasted)
    except ValueError as fault:
        raise CurveDoesNotFit from fault
    if len(values) != count:
        raise CurveDoesNotFit
    return values


@require_http_methods(["GET", "POST"])
def parts(request: SignedRequest, id: int) -> HttpResponse:
    """What each part below owes of an indicator: its target and its weight, divided by a button or typed."""
    allotment = get_allotment_for(request.access, id=id, to="cascade")
    found, post = list_parts_to_set(allotment), request.POST
    names = list_lead_names(part.task.pk for part in found)
    forms = [
        PartForm(post or None, prefix=f"t{part.task.pk}", initial={"target": part.target, "weight": part.weight})
        for part in found
    ]
    refusal: Refusal | None = None
    if request.method == "POST" and _are_valid(forms):
        try:
            if post.get("fill"):
                forms = _divided(allotment, found, forms, how=post["fill"])
            else:
                _save(request, allotment, found, forms)
                messages.success(request, _("What each part owes is saved; the whole was counted again."))
                return back_to(allotment)
        except Refusal as fault:
            refusal = fault
    values = [_value(form, "target") for form in forms]
    total = sum((v for v in values if v is not None), Decimal(0)) if any(v is not None for v in values) else None
    words = {
        "allotment": allotment, "sum": total, "reason": post.get("reason", ""),
        "raises": refusal.lines if isinstance(refusal, UnexplainedInflation) else [],
        "refusal": refusal and not isinstance(refusal, UnexplainedInflation) and refusal.sentence,
        "gap": None if total is None or allotment.target is None else allotment.target - total,
        "rows": [(p.task, names.get(p.task.pk, "—"), f) for p, f in zip(found, forms, strict=True)],
    }  # fmt: skip
    return render(request, "progress/indicators/parts.html", words, status=refusal.status if refusal else 200)


def _value(form: PartForm, name: str) -> Decimal | None:
    """A figure of a line as typed, else as stored."""
    if not form.is_bound:
        return form.initial.get(name)
    return form.cleaned_data.get(name) if form.is_valid() else None


def _divided(
    allotment: Allotment, found: Sequence[PartToSet], forms: Sequence[PartForm], *, how: str
) -> list[PartForm]:
    """The lines after a button: targets divided evenly, by weight or alike, or weights taken from the base."""
    weights = [_value(form, "weight") for form in forms]
    values = [_value(form, "target") for form in forms]
    if how == "base":
        weights = [part.figure for part in found]
    elif how in ("even", "weight", "same"):
        values = _shares(allotment, weights if how == "weight" else None, how=how, count=len(found))
    return [
        PartForm({f"{form.prefix}-target": plain(value), f"{form.prefix}-weight": plain(weight)}, prefix=form.prefix)
        for form, value, weight in zip(forms, values, weights, strict=True)
    ]


def _shares(
    allotment: Allotment, weights: Sequence[Decimal | None] | None, *, how: str, count: int
) -> list[Decimal | None]:
    """The whole's target among the parts, to the indicator's decimal places. Raises NothingToDivide."""
    if allotment.target is None or not count:
        raise NothingToDivide
    if how == "same":
        return [allotment.target] * count
    shares = [weight or Decimal(0) for weight in weights] if weights is not None else [Decimal(1)] * count
    if not any(shares):
        raise NothingToDivide
    return list(divide_by_weights(allotment.target, weights=shares, places=allotment.indicator.places))


def _save(request: SignedRequest, allotment: Allotment, found: Sequence[PartToSet], forms: Sequence[PartForm]) -> None:
    """Each part with a target or a weight takes part; its path follows that of the whole in proportion."""
    indicator, whole = allotment.indicator, allotment.target
    path = dict(allotment.period_targets.values_list("period", "value"))
    given = {
        part.task.pk: (form.cleaned_data["target"], form.cleaned_data["weight"])
        for part, form in zip(found, forms, strict=True)
    }
    taking = {task: owed for task, owed in given.items() if owed != (None, None)}
    paths = _paths(path, [target for target, _weight in taking.values()], whole=whole, places=indicator.places)
    owed = {
        task: Owed(target=target, weight=Decimal(1) if weight is None else weight, periods=periods)
        for (task, (target, weight)), periods in zip(taking.items(), paths, strict=True)
    }
    allot(indicator, owed, by=request.user, now=now(), reason=request.POST.get("reason", "")[:500])


def _paths(
    path: dict[str, Decimal], targets: Sequence[Decimal | None], *, whole: Decimal | None, places: int
) -> list[dict[str, Decimal]]:
    """The whole's path in the proportion of each part's target; none where the whole or the part has no target."""
    if not path or not whole or not any(targets):
        return [{} for _target in targets]
    periods, shares = sorted(path), [target or Decimal(0) for target in targets]
    spread = spread_path([(p, path[p]) for p in periods], whole=whole, parts=shares, places=places)
    return [
        {} if target is None else dict(zip(periods, values, strict=False))
        for target, values in zip(targets, spread, strict=True)
    ]
