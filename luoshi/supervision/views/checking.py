"""Pages: the queues of those who check, and the forms of submission, verification, closure and reopening."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import list_feedback
from luoshi.supervision.actions import close_task, reopen_task, submit_task, verify_submission
from luoshi.supervision.forms import ReopenForm, SubmitForm, VerifyForm
from luoshi.supervision.models import Submission
from luoshi.supervision.queries import (
    TABS,
    count_queue,
    get_open_submission,
    list_queue,
    list_submissions,
    list_verifications,
    may_verify_as_office,
)
from luoshi.supervision.rules import bar_to_verify
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.actions.moving import check_step
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

    done = run(request, form, task, act, _("Submitted. It now waits for its verification by another."))
    reports = list(list_feedback(task)[:3])
    return done or show(request, "submit", form, task, unit=unit, reports=reports)


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
    form = VerifyForm(request.POST or None, task=task, initial={"submission": submission.pk})

    def act() -> None:
        given = dict(form.cleaned_data)
        if given.pop("submission") != submission.pk:
            raise EditConflict
        verify_submission(
            submission, verifier=request.user, verifier_unit=unit, as_office=as_office, now=now(),
            allowed=get_policy().mismatch_percent, **given,
        )  # fmt: skip

    done = run(request, form, task, act, _("Decided. The doers are told."))
    reports, earlier = list(list_feedback(task)[:5]), [s for s in list_submissions(task) if s.pk != submission.pk]
    bar = _bar(request, submission, unit_id=unit.pk, as_office=as_office)
    return done or show(
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
    done = run(request, form, task, lambda: close_task(task, by=request.user, now=now()), _("Closed."))
    return done or show(request, "close", form, task, submissions=list_submissions(task))


@require_http_methods(["GET", "POST"])
def reopen(request: SignedRequest, id: int) -> HttpResponse:
    """Take work up again that proves not to be done."""
    task = get_task_for(request.access, id=id, to="reopen")
    check_step(task, "reopen")
    form = ReopenForm(request.POST or None)

    def act() -> None:
        reopen_task(task, by=request.user, now=now(), **form.cleaned_data)

    done = run(request, form, task, act, _("Reopened. The doers are told."))
    return done or show(request, "reopen", form, task, submissions=list_submissions(task))
