"""Giving a task down: choose units, see the shares beside the whole, then confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import list_figure_names
from luoshi.tasks.actions import UnexplainedInflation, cascade_task
from luoshi.tasks.actions.batches import Giving
from luoshi.tasks.actions.inflating import list_raises
from luoshi.tasks.models import CADENCE_LABELS, Task
from luoshi.tasks.queries import (
    acting_unit,
    explain_fault,
    get_parent_facts,
    get_task_for,
    list_groups,
    list_task_selectors,
)
from luoshi.tasks.queries.dividing import HOW
from luoshi.tasks.queries.inflating import explain_raises, list_tiers
from luoshi.tasks.rules.cascade import as_pasted, check_shares, total_of
from luoshi.tasks.rules.inflation import whole_ratio
from luoshi.tasks.views.drafting import to_task
from luoshi.tasks.views.sharing import EDITABLE, Choice, read_choice, sum_periods


@require_http_methods(["GET", "POST"])
def cascade(request: SignedRequest, id: int) -> HttpResponse:
    """One page in two steps: choosing, then a preview whose lines may be changed before they are given out."""
    task = get_task_for(request.access, id=id, to="cascade")
    giver = acting_unit(request.access, task, "cascade")
    if request.method != "POST" or "back" in request.POST:
        return _choosing(request, task, giver)
    choice = read_choice(request, task, giver)
    if not choice.units:
        return _choosing(request, task, giver, unknown=choice.unknown, empty=True)
    if "confirm" in request.POST and choice.is_valid:
        try:
            count = cascade_task(
                task, shares=choice.typed, owner=giver, by=request.user, now=now(), cadence=choice.cadence,
                reason=request.POST.get("reason", "")[:500],
            )  # fmt: skip
        except Refusal as refusal:
            return _preview(request, task, giver, choice, refusal=refusal)
        words = ngettext("Given down to %(n)s unit.", "Given down to %(n)s units.", count) % {"n": count}
        messages.success(request, f"{words} {_('The units were told.')}")
        return to_task(task)
    return _preview(request, task, giver, choice)


def _choosing(
    request: SignedRequest, task: Task, giver: Unit, *, unknown: list[str] | None = None, empty: bool = False
) -> HttpResponse:
    parent = get_parent_facts(task)
    context = {
        "task": task,
        "giver": giver,
        "groups": list_groups(request.access, giver=giver, today=today()),
        "given": parent.given,
        "selectors": list_task_selectors(task),
        "unknown": unknown or [],
        "empty": empty,
        "names": request.POST.get("names", ""),
        "ticked": {int(n) for n in request.POST.getlist("unit") if n.isdecimal()},
    }
    return render(request, "tasks/cascade_choose.html", context, status=422 if empty else 200)


def _preview(
    request: SignedRequest, task: Task, giver: Unit, choice: Choice, *, refusal: Refusal | None = None
) -> HttpResponse:
    units = {unit.pk: unit for unit in choice.units}
    faults = check_shares(choice.facts, choice.shares)
    unexplained = isinstance(refusal, UnexplainedInflation)
    context = {
        "task": task,
        "giver": giver,
        "choice": choice,
        "facts": choice.facts,
        "lost": "\n".join(as_pasted(line) for line in choice.lost),
        "rows": choice.rows[:EDITABLE],
        "editable": choice.is_editable,
        "ids": ",".join(str(unit.pk) for unit in choice.units),
        "stops": [explain_fault(f, units=units) for f in faults if f.blocks],
        "hints": [explain_fault(f, units=units) for f in faults if not f.blocks],
        "refusal": refusal.sentence if refusal and not unexplained else "",
        "unexplained": unexplained,
        "asked": "confirm" in request.POST and not refusal,
        **_sums(choice),
        **_guard(request, task, giver, choice),
        **_dividing(request, choice),
    }
    return render(request, "tasks/cascade_preview.html", context, status=refusal.status if refusal else 200)


def _sums(choice: Choice) -> dict[str, Any]:
    """Σ of the parts beside the whole, in all and period by period, and each unit's share of the whole."""
    total, whole = total_of(choice.shares), choice.facts.target_value
    is_divided = choice.facts.is_divided and choice.has_target
    reached = None if total is None or not is_divided else total + choice.facts.given_value
    shares = {s.unit_id: s.target_value for s in choice.shares if s.target_value is not None and is_divided}
    return {
        "sum": reached,
        "gap": None if reached is None or whole is None else reached - whole,
        "percents": {pk: value * 100 / whole for pk, value in shares.items()} if whole else {},
        "paths": choice.paths if choice.is_editable else {},
        "periods": sum_periods(choice),
    }


def _guard(request: SignedRequest, task: Task, giver: Unit, choice: Choice) -> dict[str, Any]:
    """What is asked beyond what was asked from above, and how it grew from tier to tier."""
    giving = Giving(giver, request.user, now())
    raises = list_raises(task, choice.shares, facts=choice.facts, giving=giving, cadence=choice.cadence)
    total = total_of(choice.shares)
    if choice.facts.is_divided and total is not None:
        total += choice.facts.given_value
    elif total is not None:
        values = [s.target_value for s in choice.shares if s.target_value is not None]
        total = min(values) if choice.facts.target_op.startswith("<") else max(values)
    tiers = list_tiers(task, total=total, giver=str(giver)) if choice.has_target else []
    return {
        "raises": explain_raises(raises, names={unit.pk: str(unit) for unit in choice.units}),
        "tiers": tiers if total is not None else [],
        "whole_ratio": whole_ratio(tiers),
        "reason": request.POST.get("reason", ""),
        "cadences": CADENCE_LABELS,
        "cadence": choice.cadence,
    }


def _dividing(request: SignedRequest, choice: Choice) -> dict[str, Any]:
    """What the fields about dividing show, with the figures that there are."""
    post, method = request.POST, choice.method
    return {
        "ways": HOW if choice.facts.is_divided else {"each": HOW["each"]},
        "how": method.how if method else "",
        "figures": list_figure_names(request.access) if choice.has_target and choice.facts.is_divided else [],
        "figure": method.figure if method else post.get("figure", ""),
        "formula": post.get("formula", ""),
        "floor": post.get("floor", ""),
        "ceiling": post.get("ceiling", ""),
        "figure_year": post.get("figure_year", "") or today().year,
    }
