"""Giving tasks of a directive to a whole group of units: choose, see how many parts that makes, confirm."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.directives.models import Directive
from luoshi.directives.queries import get_directive_for
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import cascade_tasks
from luoshi.tasks.models import Task
from luoshi.tasks.queries.fanning import list_group, list_tiers, list_to_give


@require_http_methods(["GET", "POST"])
def give_all(request: SignedRequest, id: int) -> HttpResponse:
    """One page in two steps: which tasks to which level of units, then the number of parts to be confirmed."""
    directive = get_directive_for(request.access, id=id, to="confirm")
    tasks = list_to_give(request.access, directive)
    ticked = {int(pk) for pk in request.POST.getlist("task") if pk.isdecimal()}
    chosen = [task for task in tasks if task.pk in ticked]
    level = request.POST.get("level", "")
    if request.method == "POST" and "confirm" in request.POST and chosen:
        try:
            return _give(request, directive, chosen, level=level)
        except Refusal as refusal:
            return _page(request, directive, tasks, chosen=chosen, level=level, refusal=refusal)
    return _page(request, directive, tasks, chosen=chosen, level=level)


def _give(request: SignedRequest, directive: Directive, chosen: list[Task], *, level: str) -> HttpResponse:
    units = list_group(request.access, giver=directive.unit, level=level, today=today())
    count = cascade_tasks(
        chosen, units=units, owner=directive.unit, by=request.user, now=now(), whole_target="whole" in request.POST
    )
    words = ngettext("%(n)s part was given out.", "%(n)s parts were given out.", count) % {"n": count}
    messages.success(request, f"{words} {_('The units were told.')}")
    return HttpResponseRedirect(f"{url('ledger:list')}?directive={directive.pk}")


def _page(
    request: SignedRequest,
    directive: Directive,
    tasks: list[Task],
    *,
    chosen: list[Task],
    level: str,
    refusal: Refusal | None = None,
) -> HttpResponse:
    tiers = list_tiers(request.access, giver=directive.unit, today=today())
    units = next((tier.count for tier in tiers if tier.level == level), 0)
    asked = request.method == "POST"
    context = {
        "directive": directive,
        "tasks": tasks,
        "tiers": tiers,
        "ticked": {task.pk for task in chosen} if asked else {task.pk for task in tasks},
        "level": level,
        "whole": "whole" in request.POST,
        "count": len(chosen),
        "units": units,
        "parts": len(chosen) * units,
        "lacking": asked and not (chosen and units) and not refusal,
        "refusal": refusal.sentence if refusal else "",
    }
    status = refusal.status if refusal else 422 if context["lacking"] else 200
    return render(request, "tasks/give_all.html", context, status=status)
