"""From a confirmed directive to dispatch: opening, drafts, dispatch; then 签收, naming the lead and withdrawal."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.directives.queries import get_directive_for
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import (
    UnexplainedInflation,
    acknowledge_task,
    dispatch_tasks,
    edit_tasks,
    name_lead,
    open_tasks,
    withdraw_task,
)
from luoshi.tasks.forms import BulkForm, ReasonForm
from luoshi.tasks.models import CADENCE_LABELS, Duty, Task
from luoshi.tasks.queries import (
    acting_unit,
    explain_finding,
    get_task_for,
    list_doers,
    list_drafts_for,
    list_duties,
    list_findings,
)
from luoshi.tasks.queries.asked import list_references
from luoshi.tasks.queries.clocks import list_offers
from luoshi.tasks.queries.growing import explain_growth, list_growth
from luoshi.tasks.views.drafting import to_task

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A task before dispatch with its duties and what the linter says: what stops it, and what is worth a look."""

    task: Task
    duties: Sequence[Duty]
    stops: Sequence[str]
    hints: Sequence[str]


def _rows(tasks: Sequence[Task]) -> list[Row]:
    findings = list_findings(tasks, today=today(), policy=get_policy())
    duties = list_duties(tasks)
    return [
        Row(
            task,
            duties[task.pk],
            [explain_finding(f) for f in findings[task.pk] if f.blocks],
            [explain_finding(f) for f in findings[task.pk] if not f.blocks],
        )
        for task in tasks
    ]


@require_POST
def open_from(request: SignedRequest, id: int) -> HttpResponse:
    """Confirm a reviewed directive and open its tasks; then they wait for dispatch."""
    directive = get_directive_for(request.access, id=id, to="confirm")
    linked = len(list_references(directive))
    count = len(open_tasks(directive, by=request.user, now=now()))
    words = ngettext("%(count)s task opened.", "%(count)s tasks opened.", count) % {"count": count}
    if linked:
        words += " " + ngettext("%(n)s existing task linked.", "%(n)s existing tasks linked.", linked) % {"n": linked}
    if not count:
        messages.success(request, words)
        return HttpResponseRedirect(url("directives:review", directive.pk))
    messages.success(request, f"{words} {_('Complete what is missing, then dispatch them.')}")
    return HttpResponseRedirect(f"{url('tasks:drafts')}?directive={directive.pk}")


@require_GET
def drafts(request: SignedRequest) -> HttpResponse:
    """Tasks that this person has to dispatch, with what the linter says of each."""
    tasks = list_drafts_for(request.access)
    directive = request.GET.get("directive", "")
    if directive.isdecimal():
        tasks = tasks.filter(clause__directive=int(directive))
    page = paginate(tasks, number=request.GET.get("page", "1"), size=PAGE)
    form = BulkForm(access=request.access, today=today())
    context = {
        "page": page,
        "rows": _rows(page.rows),
        "form": form,
        "directive": directive,
        "tick": request.GET.get("tick"),
        "offers": list_offers(page.rows, today=today()),
        "cadences": CADENCE_LABELS,
    }
    return render(request, "tasks/drafts.html", context)


def _chosen(request: SignedRequest) -> list[Task]:
    """The drafts that are ticked, as far as this person may draft them."""
    ids = [int(number) for number in request.POST.getlist("task") if number.isdecimal()][:500]
    return list(list_drafts_for(request.access).filter(pk__in=ids))


@require_POST
def bulk(request: SignedRequest) -> HttpResponse:
    """Give the ticked drafts the same tier, urgency, kind or sponsor."""
    tasks = _chosen(request)
    form = BulkForm(request.POST, access=request.access, today=today())
    if not tasks:
        messages.warning(request, _("Tick at least one task first."))
    elif not form.is_valid() or not form.changes():
        messages.warning(request, _("Choose what the ticked tasks are to be given."))
    else:
        count = edit_tasks(tasks, by=request.user, now=now(), **form.changes())
        messages.success(request, ngettext("%(n)s task saved.", "%(n)s tasks saved.", count) % {"n": count})
    directive = request.POST.get("directive", "")
    return HttpResponseRedirect(url("tasks:drafts") + (f"?directive={directive}" if directive.isdecimal() else ""))


@require_POST
def dispatch_many(request: SignedRequest) -> HttpResponse:
    """First show which of the ticked drafts are ready and which lack something; then dispatch those shown as ready."""
    tasks = _chosen(request)
    if not tasks:
        messages.warning(request, _("Tick at least one task first. What was dispatched meanwhile is no longer listed."))
        return HttpResponseRedirect(url("tasks:drafts"))
    if "confirm" not in request.POST:
        return _preview(request, tasks)
    return _dispatch(request, tasks)


@require_http_methods(["GET", "POST"])
def dispatch(request: SignedRequest, id: int) -> HttpResponse:
    """Dispatch one task, after a look at what the linter says."""
    task = get_task_for(request.access, id=id, to="dispatch")
    return _dispatch(request, [task]) if request.method == "POST" else _preview(request, [task])


def _dispatch(request: SignedRequest, tasks: list[Task]) -> HttpResponse:
    try:
        count = dispatch_tasks(tasks, by=request.user, now=now(), reason=request.POST.get("reason", "")[:500])
    except Refusal as refusal:
        return _preview(request, tasks, refusal=refusal)
    words = ngettext("%(count)s task dispatched.", "%(count)s tasks dispatched.", count) % {"count": count}
    messages.success(request, f"{words} {_('The units were told.')}")
    return to_task(tasks[0]) if count == 1 else HttpResponseRedirect(url("tasks:drafts"))


def _preview(request: SignedRequest, tasks: list[Task], *, refusal: Refusal | None = None) -> HttpResponse:
    for task in tasks:
        task.refresh_from_db()
    rows = _rows(tasks)
    ready = [row for row in rows if not row.stops]
    growth = list_growth([row.task for row in ready], today=today())
    unexplained = isinstance(refusal, UnexplainedInflation)
    context = {
        "ready": ready,
        "stopped": [row for row in rows if row.stops],
        "refusal": refusal.sentence if refusal and not unexplained else "",
        "growth": growth,
        "raises": explain_growth(growth),
        "unexplained": unexplained,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "tasks/dispatch.html", context, status=refusal.status if refusal else 200)


@require_POST
def acknowledge(request: SignedRequest, id: int) -> HttpResponse:
    """签收 in the name of the unit in which this person works."""
    task = get_task_for(request.access, id=id, to="acknowledge")
    unit = acting_unit(request.access, task, "acknowledge")
    acknowledge_task(task, unit=unit, by=request.user, now=now())
    messages.success(request, _("Acknowledged in the name of %(unit)s.") % {"unit": unit})
    return to_task(task)


@require_http_methods(["GET", "POST"])
def lead(request: SignedRequest, id: int) -> HttpResponse:
    """Name the one unit that leads."""
    task = get_task_for(request.access, id=id, to="name_lead")
    doers = list_doers(task)
    if request.method == "POST":
        chosen = {str(duty.unit_id): duty.unit for duty in doers}.get(request.POST.get("unit", ""))
        if chosen is None:
            messages.warning(request, _("Choose the unit that is to lead."))
        else:
            name_lead(task, unit=chosen, by=request.user, now=now())
            messages.success(request, _("%(unit)s leads now; the others work with it.") % {"unit": chosen})
            return to_task(task)
    return render(request, "tasks/lead.html", {"task": task, "doers": doers})


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedRequest, id: int) -> HttpResponse:
    """Take a task back, with a reason; asks once because it cannot be undone."""
    task = get_task_for(request.access, id=id, to="withdraw")
    form = ReasonForm(request.POST or None, initial={"reason": request.GET.get("reason", "")[:500]})
    if request.method == "POST" and form.is_valid():
        count = withdraw_task(task, reason=form.cleaned_data["reason"], by=request.user, now=now())
        words = ngettext("%(count)s task withdrawn.", "%(count)s tasks withdrawn.", count) % {"count": count}
        messages.success(request, words)
        return to_task(task)
    parts = Task.objects.under(task.path or "").exclude(pk=task.pk).count()
    return render(request, "tasks/withdraw.html", {"task": task, "form": form, "parts": parts})
