"""More time: asked for before the due date, answered with a definite date; the original date stays forever."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.supervision.actions.telling import tell_checkers, tell_doers, tell_units
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import Extension
from luoshi.supervision.queries.extending import count_extensions, get_cutoff, get_deciding_unit
from luoshi.supervision.rules import LateRequest, fault_of_grant, fault_of_request
from luoshi.tasks.actions import move_task
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task


class BadDate(Refusal):
    """The date of a request or of its answer does not do."""

    SENTENCES: dict[LateRequest, str | Promise] = {
        LateRequest.NO_DUE_DATE: _("This task has no due date, so there is nothing to extend."),
        LateRequest.TOO_LATE: _(
            "More time is asked for before the due date. It has come: report the cause, and let the office decide."
        ),
        LateRequest.AFTER_HOURS: _(
            "Hotline matters may ask for more time until %(hour)s:00 of the due day. That has passed: report the cause."
        ),
        LateRequest.NOT_LATER: _("The new date must be later than the present due date."),
        LateRequest.IN_THE_PAST: _("The new date has already passed. Give one that is still to come."),
    }

    def __init__(self, fault: LateRequest) -> None:
        super().__init__(str(self.SENTENCES[fault]) % {"hour": get_policy().hotline_cutoff})


class AlreadyAsked(Refusal):
    """One request waits for its answer."""

    sentence = _("A request for more time already waits for an answer. Wait for it, then ask again.")


class AlreadyDecided(Refusal):
    """Somebody answered first."""

    sentence = _("Somebody has already answered this request. Open the task to see the answer.")


class AskerMayNotDecide(Refusal):
    """The person who asked for time may not give it."""

    status = 403
    sentence = _("You asked for this yourself. Another person answers it.")


def request_extension(
    task: Task, *, unit: Unit, by: Person, now: datetime, to_date: date, cause: str, reason: str, progress: str
) -> Extension:
    """Ask for more time. A repeated request is answered one level higher.

    Raises BadDate, MissingWords, AlreadyAsked, UnlawfulStep.
    """
    today = timezone.localtime(now).date()
    check_step(task, "extend")
    hour = timezone.localtime(now).hour
    fault = fault_of_request(
        today=today, due_date=task.due_date, to_date=to_date, hour=hour, cutoff=get_cutoff(task, policy=get_policy())
    )
    if fault or task.due_date is None:
        raise BadDate(fault or LateRequest.NO_DUE_DATE)
    if not reason.strip() or not progress.strip():
        raise MissingWords(_("Write why more time is needed and what is done so far."))
    number = count_extensions(task).next_number
    decider = get_deciding_unit(task, number=number, policy=get_policy())
    extension = Extension(
        task=task, unit=unit, requested_by=by, requested_at=now, from_date=task.due_date, to_date=to_date,
        cause=cause, reason=reason.strip(), progress=progress.strip(), number=number, decider_unit=decider,
    )  # fmt: skip
    with transaction.atomic():
        _save_only_request(extension)
        words = _("%(unit)s asks for more time for “%(task)s”: %(date)s.")
        text = say(words, unit=unit, task=task.title[:140], date=to_date.isoformat())
        page = url("supervision:decide", extension.pk)
        if decider is None:
            tell_checkers(task, text=text, page=page, by=by, now=now, today=today)
        else:
            tell_units([decider.pk], text=text, page=page, by=by, now=now, today=today)
        record_entry(
            "request_extension", by=by, now=now, subject=task, unit_path=unit.path or "",
            extension=extension.pk, from_date=extension.from_date, to_date=to_date, cause=cause,
            reason=extension.reason[:500], number=number, decided_by=str(decider or task.owner),
        )  # fmt: skip
    return extension


def _save_only_request(extension: Extension) -> None:
    try:
        with transaction.atomic():
            extension.save()
    except IntegrityError as error:
        raise AlreadyAsked from error


def decide_extension(
    extension: Extension, *, approve: bool, granted_date: date | None, opinion: str, by: Person, now: datetime
) -> None:
    """Approve a request with a definite date, which may differ from the one asked for, or refuse it with a reason.

    Raises BadDate, MissingWords, AlreadyDecided, NotAllowed for the person who asked, UnlawfulStep, EditConflict.
    """
    today = timezone.localtime(now).date()
    task = extension.task
    _check_answer(extension, approve=approve, granted_date=granted_date, opinion=opinion, by=by, today=today)
    answer = {
        "state": "approved" if approve else "refused",
        "granted_date": granted_date if approve else None,
        "decided_by": by,
        "decided_at": now,
        "opinion": opinion.strip(),
    }
    with transaction.atomic():
        if not Extension.objects.filter(pk=extension.pk, state="requested").update(**answer):
            raise AlreadyDecided
        extension.refresh_from_db()
        before = task.due_date
        move_task(task, "decide_extension", now=now, **({"due_date": granted_date} if approve else {}))
        _tell_answer(extension, by=by, now=now, today=today)
        record_entry(
            "decide_extension", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            before={"due_date": before}, after={"due_date": task.due_date}, extension=extension.pk,
            decision=extension.state, original_due_date=task.original_due_date, opinion=extension.opinion[:500],
        )  # fmt: skip


def _check_answer(
    extension: Extension, *, approve: bool, granted_date: date | None, opinion: str, by: Person, today: date
) -> None:
    if extension.requested_by_id == by.pk:
        raise AskerMayNotDecide
    if not approve:
        if not opinion.strip():
            raise MissingWords(_("Write why the request is refused."))
        return
    if granted_date is None:
        raise MissingWords(_("Give the definite new date."))
    fault = fault_of_grant(today=today, from_date=extension.from_date, granted_date=granted_date)
    if fault:
        raise BadDate(fault)


def _tell_answer(extension: Extension, *, by: Person, now: datetime, today: date) -> None:
    task = extension.task
    if extension.granted_date:
        words = _("More time is given for “%(task)s”: now due %(date)s.")
        text = say(words, task=task.title[:140], date=extension.granted_date.isoformat())
    else:
        words = _("No more time is given for “%(task)s”: %(opinion)s")
        text = say(words, task=task.title[:140], opinion=extension.opinion)
    tell_doers(task, text=text, by=by, now=now, today=today)
