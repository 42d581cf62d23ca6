"""Taking back what went out, while nobody has taken note of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import recall_dispatch, recall_parts
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.actions.recalling import NothingToRecall
from luoshi.tasks.queries import get_task_facts, get_task_for
from luoshi.tasks.queries.recalling import list_acts, list_dispatched_with
from luoshi.tasks.rules.access import is_recallable
from luoshi.tasks.views.drafting import to_task


@require_http_methods(["GET", "POST"])
def recall(request: SignedRequest, id: int) -> HttpResponse:
    """Undo a dispatch, alone or with what went out in the same act."""
    task = get_task_for(request.access, id=id, to="recall")
    check_step(task, "recall")
    others = list_dispatched_with(task)
    if request.method == "POST":
        tasks = [task, *(others if "all" in request.POST else [])]
        count = recall_dispatch(tasks, by=request.user, now=now())
        words = ngettext("%(count)s task recalled.", "%(count)s tasks recalled.", count) % {"count": count}
        messages.success(request, f"{words} {_('It waits for dispatch again; unread messages were taken back.')}")
        return to_task(task)
    context = {"task": task, "others": others, "may_recall": is_recallable(get_task_facts(task))}
    return render(request, "tasks/recall.html", context)


@require_http_methods(["GET", "POST"])
def recall_given(request: SignedRequest, id: int) -> HttpResponse:
    """Undo one act of giving down."""
    task = get_task_for(request.access, id=id, to="recall_parts")
    check_step(task, "recall_parts")
    acts = list_acts(task, access=request.access)
    if request.method == "POST":
        act = next((act for act in acts if act.key == request.POST.get("act", "")), None)
        if act is None:
            raise NothingToRecall
        count = recall_parts(task, at=act.at, owner=act.owner, by=request.user, now=now())
        words = ngettext("%(count)s part recalled.", "%(count)s parts recalled.", count) % {"count": count}
        messages.success(request, f"{words} {_('Unread messages were taken back.')}")
        return to_task(task)
    return render(request, "tasks/recall_parts.html", {"task": task, "acts": acts})
