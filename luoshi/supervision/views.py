"""Pages: the queues of those who check, and the forms of submission, verification, closure and extension."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import get_outlook, list_feedback
from luoshi.supervision.actions import (
    close_task,
    decide_extension,
    reopen_task,
    request_extension,
    submit_task,
    verify_submission,
)
from luoshi.supervision.forms import DecideForm, ExtendForm, ReopenForm, SubmitForm, VerifyForm
from luoshi.supervision.models import Submission
from luoshi.supervision.queries import (
    TABS,
    count_extensions,
    count_queue,
    get_extension_for,
    get_open_submission,
    list_extensions,
    list_queue,
    list_submissions,
    list_verifications,
    may_verify_as_office,
)
from luoshi.supervision.rules import bar_to_verify
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task
from luoshi.tasks.queries import acting_unit, get_task_for

RECENT = 10


@require_GET
def queue(request: SignedRequest) -> HttpResponse:
    """What waits for those who check and decide, tab by tab, with the latest verifications."""
    day = today()
    counts = count_queue(request.access, today=day)
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else next((t for t in TABS if counts[t]), "verify")
    page = list_queue(
        request.access, tab=tab, today=day, policy=get_policy(), number=request.GET.get("page", "1"), total=counts[tab]
    )
    recent = list(list_verifications(request.access)[:RECENT])
    context = {"tab": tab, "tabs": TABS, "counts": counts, "page": page, "recent": recent, "today": day}
    return render(request, "supervision/queue.html", context)


@require_GET
def verifications(request: SignedRequest) -> HttpResponse:
    """Everything that was verified, newest first."""
    page = paginate(list_verifications(request.access), number=request.GET.get("page", "1"))
    return render(request, "supervision/verifications.html", {"page": page})


@require_http_methods(["GET", "POST"])
def submit(request: SignedRequest, id: int) -> HttpResponse:
    """Say that the task is done, against its standard."""
    task = get_task_for(request.access, id=id, to="submit")
    unit = acting_unit(request.access, task, "submit")
    check_step(task, "submit")
    form = SubmitForm(request.POST or None)

    def act() -> None:
        submit_task(task, unit=unit, by=request.user, now=now(), **form.cleaned_data)

    done = _act(request, form, task, act, _("Submitted. It now waits for its verification by another."))
    reports = list(list_feedback(task)[:3])
    return done or _page(request, "submit", form, task, unit=unit, reports=reports)


@require_http_methods(["GET", "POST"])
def verify(request: SignedRequest, id: int) -> HttpResponse:
    """Look at what was asked, reported and submitted, then pass it or send it back."""
    task = get_task_for(request.access, id=id, to="verify")
    check_step(task, "verify")
    submission = get_open_submission(task)
    if submission is None:
        raise EditConflict
    submission.task = task
    unit = acting_unit(request.access, task, "verify")
    as_office = may_verify_as_office(request.access, task=task, unit=unit)
    form = VerifyForm(request.POST or None, initial={"submission": submission.pk})

    def act() -> None:
        given = dict(form.cleaned_data)
        if given.pop("submission") != submission.pk:
            raise EditConflict
        verify_submission(
            submission, verifier=request.user, verifier_unit=unit, as_office=as_office, now=now(), **given
        )

    done = _act(request, form, task, act, _("Decided. The doers are told."))
    reports, earlier = list(list_feedback(task)[:5]), [s for s in list_submissions(task) if s.pk != submission.pk]
    bar = _bar(request, submission, unit_id=unit.pk, as_office=as_office)
    return done or _page(
        request, "verify", form, task, unit=unit, submission=submission, reports=reports, earlier=earlier, bar=bar
    )


def _bar(request: SignedRequest, submission: Submission, *, unit_id: int, as_office: bool) -> bool:
    """Is this person kept from verifying their own work? The page says so before anything is typed."""
    return bool(
        bar_to_verify(
            verifier_id=request.user.pk, verifier_unit_id=unit_id, as_office=as_office,
            submitted_by_id=submission.by_id, doer_unit_ids={submission.unit_id},
        )
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def close(request: SignedRequest, id: int) -> HttpResponse:
    """销号, after one look."""
    task = get_task_for(request.access, id=id, to="close")
    check_step(task, "close")
    form = forms.Form(request.POST if request.method == "POST" else None)
    done = _act(request, form, task, lambda: close_task(task, by=request.user, now=now()), _("Closed."))
    return done or _page(request, "close", form, task, submissions=list_submissions(task))


@require_http_methods(["GET", "POST"])
def reopen(request: SignedRequest, id: int) -> HttpResponse:
    """Take work up again that proves not to be done."""
    task = get_task_for(request.access, id=id, to="reopen")
    check_step(task, "reopen")
    form = ReopenForm(request.POST or None)

    def act() -> None:
        reopen_task(task, by=request.user, now=now(), **form.cleaned_data)

    done = _act(request, form, task, act, _("Reopened. The doers are told."))
    return done or _page(request, "reopen", form, task, submissions=list_submissions(task))


@require_http_methods(["GET", "POST"])
def extend(request: SignedRequest, id: int) -> HttpResponse:
    """Ask for more time, before the due date."""
    task = get_task_for(request.access, id=id, to="extend")
    unit = acting_unit(request.access, task, "extend")
    check_step(task, "extend")
    form = ExtendForm(request.POST or None, task=task)

    def act() -> None:
        request_extension(task, unit=unit, by=request.user, now=now(), **form.cleaned_data)

    done = _act(request, form, task, act, _("Asked. The present due date holds until it is answered."))
    extensions = list(list_extensions(task)[:10])
    late = task.due_date is None or today() >= task.due_date
    context = {"unit": unit, "extensions": extensions, "times": count_extensions(task), "late": late}
    return done or _page(request, "extend", form, task, **context)


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

    done = _act(request, form, task, act, _("Answered. The unit is told."))
    earlier = [e for e in list_extensions(task)[:10] if e.pk != extension.pk]
    context = {"extension": extension, "earlier": earlier, "times": count_extensions(task)}
    return done or _page(request, "decide", form, task, **context)


def _act(
    request: SignedRequest, form: forms.Form, task: Task, act: Callable[[], None], message: str
) -> HttpResponse | None:
    """Run the action of a filled form: back to the task when it is done, None when the form is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        form.status = refusal.status  # type: ignore[attr-defined]
        return None
    messages.success(request, message)
    return HttpResponseRedirect(url("ledger:task", task.pk) or url("supervision:queue"))


def _page(request: SignedRequest, name: str, form: forms.Form, task: Task, **context: Any) -> HttpResponse:
    """The form beside what was asked and how it stands; nothing typed is lost."""
    context["outlook"] = get_outlook(task, today=today(), policy=get_policy())
    status = getattr(form, "status", 200)
    return render(request, f"supervision/{name}.html", {**context, "form": form, "task": task}, status=status)
