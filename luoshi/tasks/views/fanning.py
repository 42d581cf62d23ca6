"""Giving tasks of a directive to a whole group of units: choose, see what each would take over, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.directives.models import Directive
from luoshi.directives.queries import get_directive_for
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.queries import list_figure_names
from luoshi.tasks.actions import UnexplainedInflation, cascade_tasks
from luoshi.tasks.models import Task
from luoshi.tasks.queries.dividing import Method
from luoshi.tasks.queries.fanning import list_group, list_tiers, list_to_give
from luoshi.tasks.queries.portions import Group, Portions, explain_portions

WAYS = {
    "": gettext_lazy("Parts have no target of their own"),
    "even": gettext_lazy("Divided evenly"),
    "base": gettext_lazy("Divided by a figure of the units"),
    "each": gettext_lazy("The same for each unit"),
}


@require_http_methods(["GET", "POST"])
def give_all(request: SignedRequest, id: int) -> HttpResponse:
    """One page in two steps: which tasks to which level of units, then what that makes, to be confirmed."""
    directive = get_directive_for(request.access, id=id, to="confirm")
    tasks = list_to_give(request.access, directive)
    ticked = {int(pk) for pk in request.POST.getlist("task") if pk.isdecimal()}
    chosen = [task for task in tasks if task.pk in ticked]
    if request.method == "POST" and "confirm" in request.POST and chosen:
        try:
            return _give(request, directive, chosen)
        except Refusal as refusal:
            return _page(request, directive, tasks, chosen=chosen, refusal=refusal)
    return _page(request, directive, tasks, chosen=chosen)


def _method(request: SignedRequest) -> Method | None:
    """How targets are divided, as chosen; figures are those of the year typed."""
    how, year = request.POST.get("how", ""), request.POST.get("year", "")
    if how not in WAYS or not how:
        return None
    known = int(year) if year.isdecimal() and len(year) == len("2026") else today().year
    return Method(how, known, figure=request.POST.get("figure", "")[:40])


def _give(request: SignedRequest, directive: Directive, chosen: list[Task]) -> HttpResponse:
    units = list_group(request.access, giver=directive.unit, level=request.POST.get("level", ""), today=today())
    count = cascade_tasks(
        chosen, units=units, owner=directive.unit, by=request.user, now=now(), method=_method(request),
        reason=request.POST.get("reason", "")[:500],
    )  # fmt: skip
    words = ngettext("%(n)s part was given out.", "%(n)s parts were given out.", count) % {"n": count}
    messages.success(request, f"{words} {_('The units were told.')}")
    return HttpResponseRedirect(f"{url('ledger:list')}?directive={directive.pk}")


def _page(
    request: SignedRequest, directive: Directive, tasks: list[Task], *, chosen: list[Task],
    refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    post, level = request.POST, request.POST.get("level", "")
    tiers = list_tiers(request.access, giver=directive.unit, today=today())
    asked = request.method == "POST"
    plans = _plan(request, directive, chosen) if asked and level else []
    parts = sum(len(plan.units) for plan in plans)
    faults = [plan.fault for plan in plans if plan.fault]
    unexplained = isinstance(refusal, UnexplainedInflation)
    context: dict[str, Any] = {
        "directive": directive, "tasks": tasks, "tiers": tiers, "level": level, "plans": plans, "parts": parts,
        "ticked": {task.pk for task in chosen} if asked else {task.pk for task in tasks},
        "count": len(chosen), "units": next((tier.count for tier in tiers if tier.level == level), 0),
        "ways": WAYS, "how": post.get("how", ""), "figures": list_figure_names(request.access),
        "figure": post.get("figure", ""), "year": post.get("year", "") or today().year,
        "faults": faults, "raises": [words for plan in plans for words in explain_portions(plan)],
        "notes": list(dict.fromkeys(words for plan in plans for words in plan.notes)),
        "reason": post.get("reason", ""), "unexplained": unexplained,
        "lacking": asked and not parts and not refusal and not faults,
        "refusal": refusal.sentence if refusal and not unexplained and not faults else "",
    }  # fmt: skip
    status = refusal.status if refusal else 422 if context["lacking"] or faults else 200
    return render(request, "tasks/give_all.html", context, status=status)


def _plan(request: SignedRequest, directive: Directive, chosen: list[Task]) -> list[Portions]:
    """What each unit would take over of each task."""
    units = list_group(request.access, giver=directive.unit, level=request.POST.get("level", ""), today=today())
    group = Group(units.exclude(pk=directive.unit_id), _method(request), today())
    return [group.plan(task) for task in chosen]
