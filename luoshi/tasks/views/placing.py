"""Where a task stands in the tree: under another task, at the top, or own work under a part that was given."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.actions.placing import place_task
from luoshi.tasks.actions.tying import tie_task
from luoshi.tasks.models import Task
from luoshi.tasks.queries import acting_unit, get_task_and_facts, get_task_for
from luoshi.tasks.queries.tying import list_own_work, list_places
from luoshi.tasks.rules.access import may
from luoshi.tasks.views.drafting import to_task


@require_http_methods(["GET", "POST"])
def place(request: SignedRequest, id: int) -> HttpResponse:
    """Move a task under another one that is found by its words or number, or to the top."""
    task = get_task_for(request.access, id=id, to="place")
    check_step(task, "place")
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            place_task(task, under=_chosen(request, "under"), by=request.user, now=now())
        except Refusal as refusal:
            problem = refusal
        else:
            messages.success(request, _("Moved. What both tasks above add up to is right again."))
            return to_task(task)
    q = request.GET.get("q", "").strip()[:80]
    context = {
        "task": task, "q": q, "rows": list_places(request.access, task, q=q),
        "problem": problem.sentence if problem else "",
    }  # fmt: skip
    return render(request, "tasks/place.html", context, status=problem.status if problem else 200)


def _chosen(request: SignedRequest, name: str) -> Task | None:
    """The task meant by the form: None for the top; it must be one that this person may give parts."""
    given = request.POST.get(name, "")
    if given and not given.isdecimal():
        raise Http404
    if not given:
        return None
    chosen, facts = get_task_and_facts(request.access, id=int(given))
    if not any(may(request.access, facts, verb) for verb in ("cascade", "steer")):
        raise NotAllowed
    return chosen


@require_http_methods(["GET", "POST"])
def tie(request: SignedRequest, id: int) -> HttpResponse:
    """我单位已有此项工作: answer a part by own work, without a new task."""
    part = get_task_for(request.access, id=id, to="tie")
    unit = acting_unit(request.access, part, "tie")
    check_step(part, "tie")
    problem: Refusal | None = None
    if request.method == "POST":
        given = request.POST.get("work", "")
        if not given.isdecimal():
            raise Http404
        work = get_task_for(request.access, id=int(given), to="steer")
        try:
            tie_task(part, work=work, unit=unit, by=request.user, now=now())
        except Refusal as refusal:
            problem = refusal
        else:
            messages.success(request, _("Tied: report on your own task only; it counts here."))
            return to_task(part)
    q = request.GET.get("q", "").strip()[:80]
    context = {
        "task": part, "unit": unit, "q": q, "rows": list_own_work(part, unit=unit, q=q),
        "problem": problem.sentence if problem else "",
    }  # fmt: skip
    return render(request, "tasks/tie.html", context, status=problem.status if problem else 200)
