"""Pages: the report form, and the reports of a task."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.progress.actions import report_progress
from luoshi.progress.actions.obstacles import name_obstacle
from luoshi.progress.forms import ReportForm
from luoshi.progress.models import Feedback
from luoshi.progress.queries import (
    HINT_SENTENCES,
    Outlook,
    get_last_feedback,
    get_outlook,
    list_feedback,
)
from luoshi.progress.queries.obstacles import get_open_obstacle
from luoshi.progress.queries.turns import get_window
from luoshi.progress.rules.hints import Hint
from luoshi.progress.rules.lights import Colour
from luoshi.progress.rules.windows import Window, open_periods
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task
from luoshi.tasks.queries import acting_unit, get_task_for


@require_http_methods(["GET", "POST"])
def report(request: SignedRequest, id: int) -> HttpResponse:
    """Report progress; hints are shown once before what was typed is saved as it is."""
    task = get_task_for(request.access, id=id, to="report")
    unit = acting_unit(request.access, task, "report")
    check_step(task, "report")
    outlook = _outlook(task)
    form = _form(request, task, unit, asks_holder=_lacks_obstacle(task, outlook))
    shown: tuple[Hint, ...] = ()
    status = 200
    if request.method == "POST" and form.is_valid():
        shown = form.hints()
        if set(shown) <= set(request.POST.getlist("seen")):
            try:
                _save(request, form, task=task, unit=unit)
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
                status = refusal.status
            else:
                messages.success(request, _("Reported. It counts from now on, up to the top."))
                return HttpResponseRedirect(url("ledger:task", task.pk) or url("progress:reports", task.pk))
    context = {"form": form, "task": task, "unit": unit, "hints": _sentences(shown, form), "last": form.last}
    context |= {"window": _window(form), "today": today()}
    return render(request, "progress/report.html", {**context, "outlook": outlook}, status=status)


def _lacks_obstacle(task: Task, outlook: Outlook) -> bool:
    """Is the task red, and nobody has said who can remove what holds it up?"""
    return outlook.light.colour == Colour.RED and get_open_obstacle(task.pk) is None


def _form(request: SignedRequest, task: Task, unit: Unit, *, asks_holder: bool = False) -> ReportForm:
    last = get_last_feedback(task, unit_id=unit.pk)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return ReportForm(
        data, files, task=task, unit=unit, access=request.access, today=today(), last=last, asks_holder=asks_holder
    )


def _save(request: SignedRequest, form: ReportForm, *, task: Task, unit: Unit) -> Feedback:
    given = dict(form.cleaned_data)
    asked, files, reached = given.pop("asked_name"), given.pop("evidence"), given.pop("milestones")
    again, holder = given.pop("again"), given.pop("holder", None)
    found = report_progress(
        task, unit=unit, by=request.user, now=now(), today=today(), asked_unit=asked, files=files, again=again,
        milestones=[m.pk for m in reached], **given,
    )  # fmt: skip
    if holder:
        name_obstacle(
            task, cause=given["cause"], note=given["problem"], holder_unit=holder[0], holder_person=holder[1],
            by=request.user, now=now(), today=today(),
        )  # fmt: skip
    return found


def _window(form: ReportForm) -> Window | None:
    """The window of the period that the form stands on."""
    period = str(form["period"].value())
    return get_window(form.task, period=period) if period in open_periods(form.task.cadence, today()) else None


def _sentences(hints: tuple[Hint, ...], form: ReportForm) -> list[tuple[str, str]]:
    figures = form.figures() if hints else {}
    return [(hint.value, str(HINT_SENTENCES[hint]) % figures) for hint in hints]


def _outlook(task: Task) -> Outlook:
    return get_outlook(task, today=today(), policy=get_policy())


@require_POST
def hints(request: SignedRequest, id: int) -> HttpResponse:
    """The hints on what is typed so far, as a fragment."""
    task = get_task_for(request.access, id=id, to="report")
    form = _form(request, task, acting_unit(request.access, task, "report"))
    form.is_valid()
    return render(request, "progress/_hints.html", {"hints": _sentences(form.hints(), form)})


@require_GET
def reports(request: SignedRequest, id: int) -> HttpResponse:
    """Every report on a task, newest first."""
    task = get_task_for(request.access, id=id, to="see")
    page = paginate(list_feedback(task), number=request.GET.get("page", "1"), size=20)
    return render(request, "progress/reports.html", {"task": task, "page": page, "outlook": _outlook(task)})
