"""Pages: asking for more time, and the answer to it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now
from luoshi.core.policy import get_policy
from luoshi.core.queries import list_unknown_years_of, may_keep_calendar
from luoshi.orgs.middleware import SignedRequest
from luoshi.supervision.actions import decide_extension, request_extension
from luoshi.supervision.forms import DecideForm, ExtendForm
from luoshi.supervision.queries import count_extensions, get_extension_for, list_extensions
from luoshi.supervision.queries.extending import get_deciding_unit, is_too_late
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.queries import acting_unit, get_task_for


@require_http_methods(["GET", "POST"])
def extend(request: SignedRequest, id: int) -> HttpResponse:
    """Ask for more time, before the due date."""
    task = get_task_for(request.access, id=id, to="extend")
    unit = acting_unit(request.access, task, "extend")
    check_step(task, "extend")
    form = ExtendForm(request.POST or None, task=task)

    def act() -> None:
        request_extension(task, unit=unit, by=request.user, now=now(), **form.cleaned_data)

    done = run(request, form, task, act, _("Asked. The present due date holds until it is answered."))
    extensions = list(list_extensions(task)[:10])
    times, policy = count_extensions(task), get_policy()
    context = {
        "unit": unit, "extensions": extensions, "times": times, "late": is_too_late(task, now=now(), policy=policy),
        "decider": get_deciding_unit(task, number=times.next_number, policy=policy),
        **_holidays(request, task.due_date, form.cleaned_data.get("to_date") if form.is_bound else None),
    }  # fmt: skip
    return done or show(request, "extend", form, task, **context)


@require_http_methods(["GET", "POST"])
def decide(request: SignedRequest, id: int) -> HttpResponse:
    """Answer a request for more time with a definite date or a reason."""
    extension = get_extension_for(request.access, id=id, to="decide_extension")
    task = extension.task
    form = DecideForm(request.POST or None, extension=extension)

    def act() -> None:
        given = form.cleaned_data
        decide_extension(
            extension, approve=given["decision"] == "approved", granted_date=given["granted_date"],
            opinion=given["opinion"], by=request.user, now=now(),
        )  # fmt: skip

    done = run(request, form, task, act, _("Answered. The unit is told."))
    earlier = [e for e in list_extensions(task)[:10] if e.pk != extension.pk]
    context = {"extension": extension, "earlier": earlier, "times": count_extensions(task)}
    context |= _holidays(request, extension.to_date, extension.granted_date)
    return done or show(request, "decide", form, task, **context)


def _holidays(request: SignedRequest, *days: date | None) -> dict[str, Any]:
    """The years of these dates whose holidays nobody entered, and whether the reader may."""
    return {"unknown_years": list_unknown_years_of(filter(None, days)), "may_enter": may_keep_calendar(request.access)}
