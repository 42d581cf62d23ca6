"""Naming who handles a unit's part of a task."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions.handling import name_handler
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.queries.handling import get_suggestion, list_nameable, list_staff_of
from luoshi.tasks.rules.handlers import STEP
from luoshi.tasks.views.drafting import to_task


@require_http_methods(["GET", "POST"])
def handler(request: SignedRequest, id: int) -> HttpResponse:
    """People of the unit with what speaks for and against each; a person chooses, nothing is chosen for them."""
    task = get_task_for(request.access, id=id, to="name_handler")
    check_step(task, "name_handler")
    duties = list_nameable(request.access, task)
    if request.method == "POST":
        duty = next((d for d in duties if str(d.pk) == request.POST.get("duty", "")), None)
        if duty is None:
            raise Http404
        chosen = request.POST.get("person", "")
        staff = list_staff_of(duty, today=today())
        person = staff[int(chosen)][0] if chosen.isdecimal() and int(chosen) in staff else None
        if chosen and person is None:
            raise Http404
        name_handler(duty, person=person, by=request.user, now=now())
        said = _("%(name)s handles it now and was told.") % {"name": person} if person else _("Nobody is named now.")
        messages.success(request, said)
        return to_task(task)
    rows = [get_suggestion(duty, today=today()) for duty in duties[:3]]
    context = {"task": task, "rows": rows, "today": today(), "step": STEP}
    return render(request, "tasks/handler.html", context)
