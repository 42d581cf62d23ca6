"""Local adaptation: a unit proposes another target, date or measure with its reason; who asked answers.

Objecting is never counted against anybody: nothing here feeds a ranking, and the task's light does not change.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.shell import day, quantity, url
from luoshi.notices.actions import say, say_by
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.concerning import tell_owner, tell_workers
from luoshi.tasks.actions.inflating import keep_growth
from luoshi.tasks.actions.moving import check_step, move_task
from luoshi.tasks.models import Adaptation, Allotment, PeriodTarget, Task
from luoshi.tasks.queries.growing import list_growth
from luoshi.tasks.rules.adapting import scale_path


class NothingProposed(Refusal):
    """What is proposed is what the task says already."""

    status = 422
    sentence = gettext_lazy("Propose another target, another date or another measure: what you gave is as it stands.")


class NoGrounds(Refusal):
    """A proposal needs a reason, and a refusal too."""

    status = 422
    sentence = gettext_lazy("Write the reason: what is different with you, with a figure where there is one.")


class DateHasPassed(Refusal):
    """A date that has passed cannot be kept."""

    status = 422
    sentence = gettext_lazy("The date proposed has already passed. Give one that is still to come.")


class ProposedAlready(Refusal):
    """One proposal of a unit waits at a time."""

    sentence = gettext_lazy("Your unit has proposed an adaptation already. Wait for its answer, then propose again.")


class AnsweredAlready(Refusal):
    """Somebody answered first."""

    sentence = gettext_lazy("Somebody has already answered this proposal. Open the task to see the answer.")


class ProposerMayNotAnswer(Refusal):
    """The person who proposed may not accept."""

    status = 403
    sentence = gettext_lazy("You proposed this yourself. Another person answers it.")


class NoAnswer(Refusal):
    """Who declines says why."""

    status = 422
    sentence = gettext_lazy("Write why it is declined: the unit will read it.")


def propose_adaptation(
    task: Task, *, unit: Unit, reason: str, by: Person, now: datetime, target_value: Decimal | None = None,
    due_date: date | None = None, measure: str = "",
) -> Adaptation:  # fmt: skip
    """Propose to do a part otherwise than asked; the task stays as it is until the superior answers.

    Raises NothingProposed, NoGrounds, DateHasPassed, ProposedAlready, UnlawfulStep.
    """
    check_step(task, "adapt")
    today = timezone.localtime(now).date()
    adaptation = Adaptation(
        task=task, unit=unit, reason=reason.strip(), by=by, at=now,
        target_value=None if target_value == task.target_value else target_value,
        due_date=None if due_date == task.due_date else due_date,
        measure="" if measure.strip() == task.requirement.strip() else measure.strip(),
        asked_target_value=task.target_value, asked_due_date=task.due_date, asked_measure=task.requirement,
    )  # fmt: skip
    _check(adaptation, today=today)
    with transaction.atomic():
        _save_only(adaptation)
        words = gettext_lazy("%(unit)s objects to “%(task)s” and proposes: %(what)s")
        text = say(words, unit=unit, task=task.title[:100], what=say_by(describe, adaptation))
        page = url("tasks:decide_adaptation", adaptation.pk)
        tell_owner(task, text=text, page=page, by=by, now=now, today=today)
        record_entry(
            "propose_adaptation", by=by, now=now, subject=task, unit_path=unit.path or "", adaptation=adaptation.pk,
            unit=str(unit), asked=_asked(adaptation), proposed=_proposed(adaptation),
            reason=adaptation.reason[:500],
        )  # fmt: skip
    return adaptation


def _check(adaptation: Adaptation, *, today: date) -> None:
    if adaptation.target_value is None and adaptation.due_date is None and not adaptation.measure:
        raise NothingProposed
    if adaptation.due_date and adaptation.due_date < today:
        raise DateHasPassed
    if not adaptation.reason:
        raise NoGrounds


def _save_only(adaptation: Adaptation) -> None:
    try:
        with transaction.atomic():
            adaptation.save()
    except IntegrityError as error:
        raise ProposedAlready from error


def describe(adaptation: Adaptation) -> str:
    """What is proposed instead of what, in a few words."""
    parts = []
    if adaptation.target_value is not None:
        old, new = quantity(adaptation.asked_target_value), quantity(adaptation.target_value)
        parts.append(_("target %(old)s → %(new)s %(unit)s") % {
            "old": old, "new": new, "unit": adaptation.task.target_unit})  # fmt: skip
    if adaptation.due_date is not None:
        old, new = day(adaptation.asked_due_date), day(adaptation.due_date)
        parts.append(_("date %(old)s → %(new)s") % {"old": old, "new": new})
    if adaptation.measure:
        parts.append(_("another measure"))
    return _(", ").join(parts)


def _asked(adaptation: Adaptation) -> dict[str, Any]:
    asked = {
        "target_value": adaptation.asked_target_value,
        "due_date": adaptation.asked_due_date,
        "requirement": adaptation.asked_measure[:500],
    }
    return {name: asked[name] for name in _proposed(adaptation)}


def _proposed(adaptation: Adaptation) -> dict[str, Any]:
    """The task's fields that the proposal would change."""
    found: dict[str, Any] = {"target_value": adaptation.target_value, "due_date": adaptation.due_date}
    return {k: v for k, v in found.items() if v is not None} | (
        {"requirement": adaptation.measure} if adaptation.measure else {}
    )


def decide_adaptation(
    adaptation: Adaptation, *, accept: bool, answer: str, by: Person, now: datetime, standard: str | None = None
) -> None:
    """Accept a proposal, so that the task says what was proposed, or decline it with an answer.

    Asking for more than was asked is the unit's own wish and needs no other reason, but the level above is shown it.
    `standard` may be worded anew along with it, so that no old figure stays there; the date first set stays on record.
    Raises AnsweredAlready, ProposerMayNotAnswer, NoAnswer, DateHasPassed, UnlawfulStep, EditConflict.
    """
    task, today = adaptation.task, timezone.localtime(now).date()
    if adaptation.by_id == by.pk:
        raise ProposerMayNotAnswer
    if not accept and not answer.strip():
        raise NoAnswer
    if accept and adaptation.due_date and adaptation.due_date < today:
        raise DateHasPassed
    fields = _changes(adaptation, standard=standard) if accept else {}
    before = {name: getattr(task, name) for name in fields}
    asked: dict[str, Any] = {name: fields[name] for name in ("target_value", "due_date") if name in fields}
    growth = [found for found in list_growth([task], today=today, changes={task.pk: asked}) if found.raises]
    with transaction.atomic():
        _answer(adaptation, accept=accept, answer=answer, by=by, now=now)
        move_task(task, "decide_adaptation", now=now, **fields)
        if "target_value" in fields:
            adapt_allotment(task)
        _tell_answer(adaptation, by=by, now=now, today=today)
        grounds = _("Proposed by %(unit)s itself: %(reason)s") % {"unit": adaptation.unit, "reason": adaptation.reason}
        notes = keep_growth(growth, reason=grounds, by=by, now=now) if growth else {}
        record_entry(
            "decide_adaptation", by=by, now=now, subject=task, unit_path=task.owner.path or "", before=before,
            after=fields, adaptation=adaptation.pk, unit=str(adaptation.unit), decision=adaptation.state,
            opinion=adaptation.answer[:500], original_due_date=task.original_due_date, **notes,
        )  # fmt: skip


def _answer(adaptation: Adaptation, *, accept: bool, answer: str, by: Person, now: datetime) -> None:
    said = {
        "state": "accepted" if accept else "declined",
        "answer": answer.strip(),
        "decided_by": by,
        "decided_at": now,
    }
    if not Adaptation.objects.filter(pk=adaptation.pk, state="proposed").update(**said):
        raise AnsweredAlready
    for name, value in said.items():
        setattr(adaptation, name, value)


def _changes(adaptation: Adaptation, *, standard: str | None) -> dict[str, Any]:
    """What the task takes over. A weight that was its target stays its target, so that the sum above stays right."""
    task, fields = adaptation.task, _proposed(adaptation)
    if standard is not None and standard.strip() and standard.strip() != task.standard:
        fields["standard"] = standard.strip()
    if adaptation.target_value and task.target_value is not None and task.weight == task.target_value:
        fields["weight"] = adaptation.target_value
    return fields


def adapt_allotment(task: Task) -> None:
    """The main indicator's allotment of the part owes the new target, and its path by period leads there."""
    found = Allotment.objects.select_for_update(no_key=True, of=("self",)).select_related("indicator")
    own = found.filter(task=task, indicator__is_main=True).first()
    if own is None or task.target_value is None:
        return
    old, own.target = own.target, task.target_value
    if own.weight == old:
        own.weight = own.target
    own.ceiling = None if own.ceiling is not None and own.ceiling < own.target else own.ceiling
    own.version = F("version") + 1
    own.save(update_fields=["target", "weight", "ceiling", "version"])
    points = list(PeriodTarget.objects.filter(allotment=own).order_by("period"))
    path = scale_path([p.value for p in points], old=old, new=task.target_value, places=own.indicator.places)
    for point, value in zip(points, path, strict=True):
        point.value = value
    PeriodTarget.objects.bulk_update(points, ["value"])


def _tell_answer(adaptation: Adaptation, *, by: Person, now: datetime, today: date) -> None:
    task, accepted = adaptation.task, adaptation.state == "accepted"
    words = gettext_lazy("Accepted for “%(task)s”: %(what)s") if accepted else gettext_lazy(
        "Declined for “%(task)s”: %(what)s. %(answer)s"
    )  # fmt: skip
    text = say(words, task=task.title[:100], what=say_by(describe, adaptation), answer=adaptation.answer)
    tell_workers(task, units=[adaptation.unit_id], text=text, by=by, now=now, today=today)
