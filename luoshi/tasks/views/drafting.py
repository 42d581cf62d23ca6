"""Drafting and editing a task, and what to do when somebody else edited it meanwhile."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import formset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.tasks.actions import TooManyCritical, UnexplainedInflation, create_task, edit_task
from luoshi.tasks.actions.drafting import list_duty_rows
from luoshi.tasks.forms import SPARE_ROWS, DutyForm, TaskForm
from luoshi.tasks.models import CADENCE_LABELS, Task
from luoshi.tasks.queries import (
    NameReader,
    get_task_facts,
    get_task_for,
    list_changes,
    list_owners_for,
    list_unit_names,
)
from luoshi.tasks.queries.clocks import get_shown_offer
from luoshi.tasks.queries.growing import explain_growth, list_growth
from luoshi.tasks.queries.linting import check_task, tell
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.states import BEFORE_DISPATCH, DutyRole

MAX_ROWS = 400


def to_task(task: Task) -> HttpResponseRedirect:
    """Back to the task's page."""
    return HttpResponseRedirect(url("ledger:task", task.pk) or url("tasks:drafts"))


@require_http_methods(["GET", "POST"])
def create(request: SignedRequest) -> HttpResponse:
    """Draft a task; `parent` makes it a part of another."""
    owners = list_owners_for(request.access)
    home = owners.first()
    if home is None:
        raise PermissionDenied
    parent = _parent(request)
    initial = {"due_date": parent.due_date, "sponsor": parent.sponsor_id} if parent else {}
    form = TaskForm(request.POST or None, access=request.access, today=today(), initial=initial)
    duties = _duties(request, home=home, rows=[])
    if request.method == "POST" and "more" not in request.POST and form.is_valid() and duties.is_valid():
        try:
            task = create_task(by=request.user, now=now(), parent=parent, duties=_rows(duties), **_fields(form))
        except TooManyCritical as refusal:
            form.add_error("tier", str(refusal.sentence))
        else:
            messages.success(request, _("Drafted as %(code)s. Dispatch it when it is complete.") % {"code": task.code})
            return to_task(task)
    return _page(request, form, duties, {"parent": parent, "home": home})


def _parent(request: SignedRequest) -> Task | None:
    number = request.POST.get("parent") or request.GET.get("parent") or ""
    return get_task_for(request.access, id=int(number), to="cascade") if number.isdecimal() else None


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, id: int) -> HttpResponse:
    """Edit a task before dispatch, or how it is steered afterwards."""
    task = get_task_for(request.access, id=id, to="draft")
    steering = task.state not in BEFORE_DISPATCH
    form = TaskForm(request.POST or None, instance=copy(task), access=request.access, today=today(), steering=steering)
    duties = None if steering else _duties(request, home=task.owner, rows=list_duty_rows(task))
    context: dict[str, Any] = {"task": task, "home": task.owner, "version": request.POST.get("version", task.version)}
    wants_save = request.method == "POST" and "more" not in request.POST
    if wants_save and form.is_valid() and (duties is None or duties.is_valid()):
        version = str(context["version"])
        try:
            edit_task(
                task, version=int(version) if version.isdecimal() else 0, by=request.user, now=now(),
                duties=None if duties is None else _rows(duties), reason=request.POST.get("reason", "")[:500],
                **_fields(form),
            )  # fmt: skip
        except UnexplainedInflation as refusal:
            words = {"raises": refusal.lines, "unexplained": True, "reason": request.POST.get("reason", "")}
            return _page(request, form, duties, {**context, **words}, status=refusal.status)
        except TooManyCritical as refusal:
            form.add_error("tier", str(refusal.sentence))
        except EditConflict:
            return _conflict(request, form, duties, task)
        else:
            messages.success(request, _("Saved."))
            return to_task(task)
    return _page(request, form, duties, context)


def _conflict(request: SignedRequest, form: TaskForm, duties: Any, task: Task) -> HttpResponse:
    """The form as typed, what stands now beside it, and the present version, so that saving again takes it over."""
    task.refresh_from_db()
    changes = list_changes(task, {name: form.cleaned_data[name] for name in form.fields})
    context = {"task": task, "home": task.owner, "version": task.version, "changes": changes, "conflict": True}
    return _page(request, form, duties, context, status=409)


def _fields(form: TaskForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields}


def _duties(request: SignedRequest, *, home: Unit, rows: list[DutyRow]) -> Any:
    """The lines of duties: those that stand, and some empty ones; the button “more lines” adds to them."""
    names = {row.unit_id: row.name for row in rows}
    units = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=[pk for pk in names if pk])}
    shown = [(units.get(row.unit_id or 0) or row.name or row.selector, row) for row in rows]
    kwargs = {
        "reader": NameReader(request.access, home=home, today=today()),
        "known": {name: row for name, row in shown if row.unit_id or row.selector},
    }
    factory = formset_factory(DutyForm, extra=SPARE_ROWS, max_num=MAX_ROWS, absolute_max=MAX_ROWS + 50)
    if request.method == "POST":
        data = request.POST.copy()
        if "more" in data:
            data["duties-TOTAL_FORMS"] = str(int(data.get("duties-TOTAL_FORMS", "0") or 0) + SPARE_ROWS)
        return factory(data, prefix="duties", form_kwargs=kwargs)
    initial = [{"role": r.role, "name": name, "text": r.text, "due_date": r.due_date} for name, r in shown]
    return factory(initial=initial or [{"role": DutyRole.LEAD.value}], prefix="duties", form_kwargs=kwargs)


def _rows(duties: Any) -> list[DutyRow]:
    return [row for form in duties.forms if form.has_changed() or form.initial for row in [form.row()] if row]


def _page(
    request: SignedRequest, form: TaskForm, duties: Any, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    task = context.get("task")
    may_withdraw = task is not None and may(request.access, get_task_facts(task), "withdraw")
    names = list_unit_names(context["home"], today=today()) if duties is not None else []
    context = {
        **context,
        "cadences": CADENCE_LABELS,
        "form": form,
        "duties": duties,
        "unit_names": names,
        "may_withdraw": may_withdraw,
    }
    if task is not None and duties is not None and request.method == "GET":
        context["told"] = tell(check_task(task, today=today(), policy=get_policy()))
        context["growth"] = list_growth([task], today=today())
        context["coming"] = explain_growth(context["growth"])
        context["by_clock"] = get_shown_offer(task, today=today())
    return render(request, "tasks/edit.html", context, status=status)
