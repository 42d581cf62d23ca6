"""Pages: letting a clock stand still, and run again."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict
from luoshi.orgs.middleware import SignedRequest
from luoshi.supervision.actions.pausing import decide_pause, end_pause, request_pause, suspend_task
from luoshi.supervision.forms.coordination import PauseForm, ReasonForm, SuspendForm
from luoshi.supervision.queries.coordination import get_open_pause
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.queries import acting_unit, get_task_for

USUAL = timedelta(days=30)


@require_http_methods(["GET", "POST"])
def ask_pause(request: SignedRequest, id: int) -> HttpResponse:
    """挂起: ask that the work be suspended."""
    task = get_task_for(request.access, id=id, to="ask_pause")
    unit = acting_unit(request.access, task, "ask_pause")
    check_step(task, "ask_pause")
    form = ReasonForm(request.POST or None)

    def act() -> None:
        request_pause(task, unit=unit, by=request.user, now=now(), **form.cleaned_data)

    done = run(request, form, task, act, _("Asked. The clock runs on until it is decided."))
    return done or show(request, "ask_pause", form, task, unit=unit)


@require_http_methods(["GET", "POST"])
def suspend(request: SignedRequest, id: int) -> HttpResponse:
    """Suspend the work with its parts, with a reason and a last day."""
    task = get_task_for(request.access, id=id, to="suspend")
    unit = acting_unit(request.access, task, "suspend")
    check_step(task, "suspend")
    form = SuspendForm(request.POST or None, initial={"until_date": today() + USUAL})

    def act() -> None:
        suspend_task(task, unit=unit, by=request.user, now=now(), **form.cleaned_data)

    done = run(request, form, task, act, _("Suspended. It goes on by itself after the last day."))
    return done or show(request, "suspend", form, task)


@require_http_methods(["GET", "POST"])
def decide(request: SignedRequest, id: int) -> HttpResponse:
    """Approve with a last day, or refuse with a reason, that a clock stand still."""
    task = get_task_for(request.access, id=id, to="decide_pause")
    pause = get_open_pause(task)
    if pause is None:
        raise Http404
    until = pause.coordination.needed_date if pause.coordination else today() + USUAL
    form = PauseForm(request.POST or None, until=max(until, today()))

    def act() -> None:
        given = form.cleaned_data
        decide_pause(
            pause, approve=given["decision"] == "approved", until_date=given["until_date"], opinion=given["opinion"],
            by=request.user, now=now(),
        )  # fmt: skip

    done = run(request, form, task, act, _("Decided. The unit is told."))
    return done or show(request, "decide_pause", form, task, pause=pause)


@require_http_methods(["GET", "POST"])
def resume(request: SignedRequest, id: int) -> HttpResponse:
    """恢复: let the clock run again before the last day."""
    task = get_task_for(request.access, id=id, to="resume")
    pause = get_open_pause(task)
    if pause is None:
        raise Http404
    if pause.state != "running":
        raise EditConflict
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = False

    def act() -> None:
        end_pause(pause, by=request.user, now=now(), reason=form.cleaned_data["reason"])

    done = run(
        request, form, task, act, _("The clock runs again; dates still to come moved by the days it stood still.")
    )
    return done or show(request, "resume", form, task, pause=pause)
