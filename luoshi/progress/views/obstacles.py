"""Pages: what holds a task up, how it was removed, and what waits for whom."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.actions.obstacles import clear_obstacle, name_obstacle
from luoshi.progress.forms.following import ClearForm, ObstacleForm
from luoshi.progress.queries import explain_light
from luoshi.progress.queries.obstacles import (
    get_obstacle_for,
    get_open_obstacle,
    holder_name,
    list_earlier_obstacles,
    page_ours,
    page_waiting,
    parse_holder,
    suggest_obstacle,
)
from luoshi.progress.rules.obstacles import holds, may_name
from luoshi.tasks.models import Task
from luoshi.tasks.queries.gate import get_task_and_facts


@require_http_methods(["GET", "POST"])
def name(request: SignedRequest, id: int) -> HttpResponse:
    """Say what holds a task up and who can remove it; the last report is filled in."""
    task, facts = get_task_and_facts(request.access, id=id)
    if not may_name(request.access, facts):
        raise NotAllowed
    held = get_open_obstacle(task.pk)
    initial = suggest_obstacle(task)
    if held:
        initial = {"cause": held.cause, "note": held.note, "holder": str(held.holder_unit or held.holder_person)}
    form = ObstacleForm(request.POST or None, initial=initial)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            _name(request, task, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Said. It waits for who can remove it, and they are told."))
            return HttpResponseRedirect(url("ledger:task", task.pk) or url("progress:obstacles"))
    words = {"form": form, "task": task, "held": held, "earlier": list_earlier_obstacles(task)}
    lit = explain_light(task, today=today(), policy=get_policy())
    return render(request, "progress/obstacles/name.html", {**words, "lit": lit}, status=status)


def _name(request: SignedRequest, task: Task, form: ObstacleForm) -> None:
    given = form.cleaned_data
    unit, person = parse_holder(given["holder"], request.access, today=today())
    name_obstacle(
        task, cause=given["cause"], note=given["note"], holder_unit=unit, holder_person=person, by=request.user,
        now=now(), today=today(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def clear(request: SignedRequest, id: int) -> HttpResponse:
    """What waits for the reader, and how it was removed; also for holders who do not see the task itself."""
    obstacle = get_obstacle_for(request.access, id=id, to="clear")
    form = ClearForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            clear_obstacle(obstacle, how=form.cleaned_data["how"], by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Removed. Whoever named it is told."))
            return HttpResponseRedirect(url("progress:obstacles"))
    task = obstacle.task
    words = {
        "form": form, "obstacle": obstacle, "task": task, "holder": holder_name(obstacle),
        "lit": explain_light(task, today=today(), policy=get_policy()),
        "is_mine": holds(request.access, unit_id=obstacle.holder_unit_id, person_id=obstacle.holder_person_id),
    }  # fmt: skip
    return render(request, "progress/obstacles/clear.html", words, status=status)


@require_GET
def obstacles(request: SignedRequest) -> HttpResponse:
    """What waits for the reader, and what the tasks that they see wait for."""
    tab = "ours" if request.GET.get("tab") == "ours" else "mine"
    read, number = page_ours if tab == "ours" else page_waiting, request.GET.get("page", "1")
    page = read(request.access, today=today(), policy=get_policy(), number=number)
    return render(request, "progress/obstacles/list.html", {"page": page, "tab": tab})
