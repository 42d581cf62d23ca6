"""From "we are done" to 办结 and 销号, and back when it was not done."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.progress.actions import note_comparison, note_decision, note_return, note_submission
from luoshi.progress.models import Standing
from luoshi.supervision.actions.telling import tell_checkers, tell_doers
from luoshi.supervision.models import RESULT_LABELS, Submission, Verification
from luoshi.supervision.rules import Bar, bar_to_verify
from luoshi.supervision.rules.comparing import Found, is_mismatch, was_compared
from luoshi.tasks.actions import move_task
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.states import DOING, ENDED

NAMED = 5


class MissingWords(Refusal):
    """A step that needs its reason or result in words."""


class DoerMayNotVerify(Refusal):
    """The verifier is the doer, or of the doing unit."""

    status = 403
    SENTENCES: dict[Bar, str | Promise] = {
        Bar.OWN_WORK: _("You submitted this yourself. Another person verifies it."),
        Bar.OWN_UNIT: _("Your unit does this work. Another unit or the supervision office verifies it."),
    }

    def __init__(self, bar: Bar) -> None:
        super().__init__(self.SENTENCES[bar])


class PartsStillOpen(Refusal):
    """Parts given down are not completed yet."""


def submit_task(task: Task, *, unit: Unit, by: Person, now: datetime, result: str) -> Submission:
    """Say that the task is done, against its standard. Raises MissingWords, PartsStillOpen, UnlawfulStep."""
    today = timezone.localtime(now).date()
    if not result.strip():
        raise MissingWords(_("Write the result against the standard, point by point."))
    with transaction.atomic():
        refuse_open_parts(task)
        before = task.state
        move_task(task, "submit", now=now)
        submission = Submission.objects.create(task=task, unit=unit, by=by, at=now, result=result.strip())
        text = say(_("%(unit)s submits “%(task)s” for verification."), unit=unit, task=task.title)
        tell_checkers(task, text=text, page=url("supervision:verify", task.pk), by=by, now=now, today=today)
        record_entry(
            "submit_task", by=by, now=now, subject=task, unit_path=unit.path or "", before={"state": before},
            after={"state": task.state}, submission=submission.pk, result=submission.result[:500],
        )  # fmt: skip
        note_submission(task, today=today)
    return submission


def refuse_open_parts(task: Task) -> None:
    """Raise PartsStillOpen, naming the first of them, when the task has parts that are not completed."""
    parts = Task.objects.filter(parent=task).exclude(state__in=[s.value for s in ENDED]).order_by("path")
    names = [f"{code} {title}" for code, title in parts.values_list("code", "title")[:NAMED]]
    if names:
        more = parts.count() - len(names)
        words = _("Parts of this task are still open: %(names)s%(more)s. Complete or withdraw them first.")
        raise PartsStillOpen(
            words % {"names": "；".join(names), "more": _(" and %(n)s more") % {"n": more} if more else ""}
        )


def verify_submission(
    submission: Submission, *, verifier: Person, verifier_unit: Unit, as_office: bool, method: str, result: str,
    opinion: str, now: datetime, found_percent: Decimal | None = None, found_value: Decimal | None = None,
    allowed: int = 0,
) -> Verification:  # fmt: skip
    """Pass a result, which completes the task (办结), or return it with a reason.

    What was found is kept beside what was reported; more than `allowed` points or percent of the value apart is a
    mismatch, counted against the quality of the reports until checks that agree make up for it. Raises
    DoerMayNotVerify, MissingWords, PartsStillOpen, UnlawfulStep, and EditConflict when somebody decided before.
    """
    task, today = submission.task, timezone.localtime(now).date()
    passed = result == "passed"
    _check_verifier(submission, verifier=verifier, unit=verifier_unit, as_office=as_office)
    if not opinion.strip():
        raise MissingWords(_("Write what was checked and found; a return needs its reason."))
    with transaction.atomic():
        if Verification.objects.filter(submission=submission).exists():
            raise EditConflict
        if passed:
            refuse_open_parts(task)
        before = task.state
        move_task(task, "complete" if passed else "return", now=now)
        verification = Verification.objects.create(
            submission=submission, submitted_by_id=submission.by_id, verifier=verifier, verifier_unit=verifier_unit,
            doer_unit_id=submission.unit_id, as_office=as_office, at=now, method=method, result=result,
            opinion=opinion.strip(), **_compare(task, percent=found_percent, value=found_value, allowed=allowed),
        )  # fmt: skip
        _tell_result(verification, task, today=today)
        _record_decision(verification, task, before=before)
        (note_decision if passed else note_return)(task, today=today)
        if was_compared(_found(verification)):
            note_comparison(task, agrees=not verification.is_mismatch, today=today)
    return verification


def _compare(task: Task, *, percent: Decimal | None, value: Decimal | None, allowed: int) -> dict[str, Any]:
    """What was found beside what stood reported, for the columns of a verification."""
    said, amount = Standing.objects.values_list("percent", "value").get(task=task)
    said = None if said is None else round(said, 2)
    found = Found(said, percent, amount, value)
    return {
        "reported_percent": said, "found_percent": percent, "reported_value": amount, "found_value": value,
        "is_mismatch": is_mismatch(found, allowed=allowed),
    }  # fmt: skip


def _found(row: Verification) -> Found:
    return Found(row.reported_percent, row.found_percent, row.reported_value, row.found_value)


def _record_decision(verification: Verification, task: Task, *, before: str) -> None:
    record_entry(
        "verify_task", by=verification.verifier, now=verification.at, subject=task,
        unit_path=verification.verifier_unit.path or "", before={"state": before}, after={"state": task.state},
        result=verification.result, method=verification.method, opinion=verification.opinion[:500],
        submission=verification.submission_id, verifier_unit=str(verification.verifier_unit),
        as_office=verification.as_office,
        **_told_apart(verification),
    )  # fmt: skip


def _told_apart(verification: Verification) -> dict[str, Any]:
    """What was found beside what was reported, where something was checked."""
    names = ("reported_percent", "found_percent", "reported_value", "found_value", "is_mismatch")
    if verification.found_percent is None and verification.found_value is None:
        return {}
    return {name: getattr(verification, name) for name in names}


def _check_verifier(submission: Submission, *, verifier: Person, unit: Unit, as_office: bool) -> None:
    doing = Duty.objects.filter(task=submission.task_id, role__in=[r.value for r in DOING], unit__isnull=False)
    bar = bar_to_verify(
        verifier_id=verifier.pk,
        verifier_unit_id=unit.pk,
        as_office=as_office,
        submitted_by_id=submission.by_id,
        doer_unit_ids={submission.unit_id, *(pk for pk in doing.values_list("unit_id", flat=True) if pk)},
    )
    if bar:
        raise DoerMayNotVerify(bar)


def _tell_result(verification: Verification, task: Task, *, today: date) -> None:
    words = _("“%(task)s” was verified: %(result)s. %(opinion)s")
    result = RESULT_LABELS[verification.result]
    text = say(words, task=task.title[:120], result=result, opinion=verification.opinion)
    tell_doers(task, text=text, by=verification.verifier, now=verification.at, today=today)


def close_task(task: Task, *, by: Person, now: datetime) -> None:
    """销号: take a completed task off the ledger of open work. Raises UnlawfulStep, EditConflict."""
    with transaction.atomic():
        before = task.state
        move_task(task, "close", now=now)
        text = say(_("“%(task)s” is closed."), task=task.title)
        tell_doers(task, text=text, by=by, now=now, today=timezone.localtime(now).date())
        record_entry(
            "close_task", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            before={"state": before}, after={"state": task.state},
        )  # fmt: skip


def reopen_task(task: Task, *, reason: str, by: Person, now: datetime, due_date: date | None = None) -> None:
    """回头看: work that proves not to be done is taken up again, with a new date when one is given.

    The original date stays. Raises MissingWords, UnlawfulStep, EditConflict.
    """
    today = timezone.localtime(now).date()
    if not reason.strip():
        raise MissingWords(_("Write what was found: the doers must know what to put right."))
    if due_date is not None and due_date < today:
        raise MissingWords(_("The new due date has already passed. Give one that is still to come."))
    with transaction.atomic():
        before = {"state": task.state, "due_date": task.due_date}
        move_task(task, "reopen", now=now, **({"due_date": due_date} if due_date else {}))
        words = _("“%(task)s” is reopened: %(reason)s")
        text = say(words, task=task.title[:140], reason=reason.strip())
        tell_doers(task, text=text, by=by, now=now, today=today)
        record_entry(
            "reopen_task", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            before=before, after={"state": task.state, "due_date": task.due_date}, reason=reason.strip()[:500],
        )  # fmt: skip
        note_decision(task, today=today)
