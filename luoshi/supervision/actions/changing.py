"""转办、分办、并办: a task changes hands, proposed with a reason, consented to where the rules ask, and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.supervision.actions.telling import tell_checkers, tell_doers, tell_units
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import CHANGE_LABELS, Change
from luoshi.supervision.rules.changing import ChangeFault, Kind, fault_of_change
from luoshi.tasks.actions.batches import Giving
from luoshi.tasks.actions.cascading import give_shares
from luoshi.tasks.actions.handing import hand_over, merge_task
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task
from luoshi.tasks.rules.cascade import Share

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


WAITING = ["proposed", "consented"]


class BadChange(Refusal):
    """The change cannot be proposed as it is."""

    status = 422
    SENTENCES: Mapping[ChangeFault, str | Promise] = {
        ChangeFault.NO_REASON: _("Write the reason: everyone who works on the task will read it."),
        ChangeFault.NO_UNIT: _("Choose the unit that is to take it over."),
        ChangeFault.SAME_UNIT: _("This unit leads it already. Choose another one."),
        ChangeFault.NO_TASK: _("Choose another task that this one is to go into."),
        ChangeFault.NO_PARTS: _("Name at least one unit with its part."),
        ChangeFault.NO_CONSENT: _(
            "The unit that is to take it over has not agreed, and you do not stand above it. Wait for its answer."
        ),
    }

    def __init__(self, fault: ChangeFault) -> None:
        super().__init__(self.SENTENCES[fault])


class ChangingAlready(Refusal):
    """One change at a time."""

    sentence = _("A change of hands already waits for its answer. Wait for it, or take it back first.")


class ChangeDecided(Refusal):
    """Somebody answered first."""

    sentence = _("Somebody has already answered this. Open the task to see how it stands.")


class ProposerMayNotDecide(Refusal):
    """Who proposed it for the unit that leads does not decide."""

    status = 403
    sentence = _("You proposed this yourself. Another person decides on it.")


def as_part(
    unit_id: int, *, target: Decimal | None = None, due_date: date | None = None, requirement: str = ""
) -> dict[str, Any]:
    """One part of a split as it is kept."""
    return {
        "unit": unit_id,
        "target": None if target is None else str(target),
        "due_date": due_date.isoformat() if due_date else None,
        "requirement": requirement.strip(),
    }


def propose_change(
    task: Task, *, kind: str, unit: Unit, reason: str, by: Person, now: datetime, to_unit: Unit | None = None,
    into: Task | None = None, parts: Sequence[Mapping[str, Any]] = (),
) -> Change:  # fmt: skip
    """Propose that a task be transferred, split or merged; those who answer are told.

    Raises BadChange, ChangingAlready, UnlawfulStep.
    """
    change = _make(task, kind=kind, unit=unit, reason=reason, by=by, now=now, to_unit=to_unit, into=into, parts=parts)
    today = timezone.localtime(now).date()
    with transaction.atomic():
        _save_only(change)
        words = _("%(unit)s proposes for “%(task)s”: %(kind)s. %(reason)s")
        kind_name = CHANGE_LABELS[change.kind]
        text = say(words, unit=unit, task=task.title[:100], kind=kind_name, reason=change.reason[:100])
        page = url("supervision:decide_change", task.pk)
        tell_checkers(task, text=text, page=page, by=by, now=now, today=today)
        if to_unit is not None:
            tell_units([to_unit.pk], text=text, page=url("supervision:change", change.pk), by=by, now=now, today=today)
        record_entry(
            "propose_change", by=by, now=now, subject=task, unit_path=unit.path or "", change=change.pk, kind=kind,
            unit=str(unit), to=str(to_unit or into or ""), reason=change.reason[:500],
        )  # fmt: skip
    return change


def order_change(
    task: Task, *, kind: str, unit: Unit, reason: str, by: Person, now: datetime, needs_consent: bool = False,
    to_unit: Unit | None = None, into: Task | None = None, parts: Sequence[Mapping[str, Any]] = (),
) -> Change:  # fmt: skip
    """Who decides on the task lets it change hands at once; `unit` is the one that leads it now.

    `needs_consent`: a transfer to a unit that the person does not stand above. Raises what proposing and deciding do.
    """
    if needs_consent:
        raise BadChange(ChangeFault.NO_CONSENT)
    change = _make(task, kind=kind, unit=unit, reason=reason, by=by, now=now, to_unit=to_unit, into=into, parts=parts)
    with transaction.atomic():
        _save_only(change)
        _carry_out(change, opinion=reason.strip(), by=by, now=now)
    return change


def _make(
    task: Task, *, kind: str, unit: Unit, reason: str, by: Person, now: datetime, to_unit: Unit | None,
    into: Task | None, parts: Sequence[Mapping[str, Any]],
) -> Change:  # fmt: skip
    check_step(task, "change_hands")
    fault = fault_of_change(
        kind, reason=reason, unit_id=unit.pk, to_unit_id=to_unit.pk if to_unit else None,
        into_id=into.pk if into else None, task_id=task.pk, parts=len(parts),
    )  # fmt: skip
    if fault:
        raise BadChange(fault)
    return Change(
        task=task, kind=kind, unit=unit, by=by, at=now, reason=reason.strip(), to_unit=to_unit, into=into,
        parts=[dict(part) for part in parts],
    )  # fmt: skip


def _save_only(change: Change) -> None:
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        raise ChangingAlready from error


def consent_change(change: Change, *, agree: bool, opinion: str, by: Person, now: datetime) -> None:
    """The unit that is to take a task over agrees, or refuses with a reason. Raises MissingWords, ChangeDecided."""
    if not agree and not opinion.strip():
        raise MissingWords(_("Write why your unit cannot take it over."))
    task, today = change.task, timezone.localtime(now).date()
    said = {"state": "consented", "consent_by": by, "consent_at": now}
    if not agree:
        said = {"state": "refused", "decided_by": by, "decided_at": now}
    with transaction.atomic():
        _settle(change, ["proposed"], **said, opinion=opinion.strip())
        words = _("%(unit)s agrees to take over “%(task)s”.") if agree else _(
            "%(unit)s does not take over “%(task)s”: %(opinion)s"
        )  # fmt: skip
        text = say(words, unit=change.to_unit, task=task.title[:140], opinion=change.opinion[:120])
        tell_checkers(task, text=text, page=url("supervision:decide_change", task.pk), by=by, now=now, today=today)
        tell_doers(task, text=text, by=by, now=now, today=today)
        path = change.to_unit.path if change.to_unit else ""
        record_entry(
            "consent_change", by=by, now=now, subject=task, unit_path=path or "", change=change.pk,
            decision="consented" if agree else "refused", unit=str(change.to_unit), opinion=change.opinion[:500],
        )  # fmt: skip


def decide_change(
    change: Change, *, approve: bool, opinion: str, by: Person, now: datetime, needs_consent: bool = False
) -> None:
    """Let the task change hands as proposed, or refuse with a reason.

    `needs_consent`: the person does not stand above the unit that is to take it over. Raises ProposerMayNotDecide,
    BadChange, MissingWords, ChangeDecided, and what handing over, giving parts and merging raise.
    """
    if change.by_id == by.pk:
        raise ProposerMayNotDecide
    if approve and needs_consent and change.state != "consented":
        raise BadChange(ChangeFault.NO_CONSENT)
    if not approve and not opinion.strip():
        raise MissingWords(_("Write why it is refused."))
    with transaction.atomic():
        if approve:
            _carry_out(change, opinion=opinion, by=by, now=now)
            return
        _settle(change, WAITING, state="refused", decided_by=by, decided_at=now, opinion=opinion.strip())
        words = _("“%(task)s” stays where it is: %(opinion)s")
        text = say(words, task=change.task.title[:140], opinion=change.opinion[:120])
        tell_doers(change.task, text=text, by=by, now=now, today=timezone.localtime(now).date())
        _record(change, by=by, now=now)


def withdraw_change(change: Change, *, by: Person, now: datetime) -> None:
    """Take a proposal back. Raises ChangeDecided."""
    with transaction.atomic():
        _settle(change, WAITING, state="withdrawn", decided_by=by, decided_at=now)
        record_entry(
            "withdraw_change", by=by, now=now, subject=change.task, unit_path=change.unit.path or "", change=change.pk,
            kind=change.kind,
        )  # fmt: skip


def _settle(change: Change, states: Sequence[str], **said: Any) -> None:
    if not Change.objects.filter(pk=change.pk, state__in=states).update(**said):
        raise ChangeDecided
    for name, value in said.items():
        setattr(change, name, value)


def _carry_out(change: Change, *, opinion: str, by: Person, now: datetime) -> None:
    """Do what was proposed, in one act with one entry."""
    task, today = change.task, timezone.localtime(now).date()
    _settle(change, WAITING, state="done", decided_by=by, decided_at=now, opinion=opinion.strip())
    tell_doers(task, text=_told(change), by=by, now=now, today=today)
    done = {Kind.TRANSFER: _transfer, Kind.SPLIT: _split, Kind.MERGE: _merge}[Kind(change.kind)]
    notes = done(change, by=by, now=now)
    _record(change, by=by, now=now, **notes)


def _told(change: Change) -> StrPromise:
    words = {
        Kind.TRANSFER: _("“%(task)s” passes from %(unit)s to %(to)s."),
        Kind.SPLIT: _("“%(task)s” of %(unit)s is split among %(n)s units."),
        Kind.MERGE: _("“%(task)s” goes into “%(into)s”."),
    }[Kind(change.kind)]
    return say(
        words, task=change.task.title[:100], unit=change.unit, to=change.to_unit or "", n=len(change.parts),
        into=change.into.title[:100] if change.into else "",
    )  # fmt: skip


def _transfer(change: Change, *, by: Person, now: datetime) -> dict[str, Any]:
    assert change.to_unit is not None
    before = change.task.state
    role = hand_over(change.task, unit=change.unit, to=change.to_unit, now=now)
    today = timezone.localtime(now).date()
    tell_doers(change.task, text=_told(change), by=by, now=now, today=today)
    return {
        "before": {"lead": str(change.unit), "state": before}, "role": role,
        "after": {"lead": str(change.to_unit), "state": change.task.state}, "task_ids": [change.task.pk],
    }  # fmt: skip


def _split(change: Change, *, by: Person, now: datetime) -> dict[str, Any]:
    """The parts are given in the name of who asked; what they sum to is guarded there."""
    shares = [read_part(part) for part in change.parts]
    giving = Giving(change.task.owner, by, now)
    batch, raised = give_shares(change.task, shares, giving=giving, reason=change.reason)
    notes: dict[str, Any] = {"inflation": raised} if raised else {}
    given = [[change.task.pk, batch.first, batch.last, batch.count]]
    return notes | {"parts": given, "task_ids": [change.task.pk], "units": batch.count}


def read_part(part: Mapping[str, Any]) -> Share:
    """A part as it is kept, as a share to be given."""
    target = part.get("target")
    return Share(
        unit_id=int(part["unit"]), target_value=None if target is None else Decimal(str(target)),
        due_date=parse_date(str(part.get("due_date") or "")), requirement=str(part.get("requirement") or ""),
    )  # fmt: skip


def _merge(change: Change, *, by: Person, now: datetime) -> dict[str, Any]:
    assert change.into is not None
    before = change.task.state
    notes = merge_task(change.task, into=change.into, now=now)
    today = timezone.localtime(now).date()
    tell_doers(change.into, text=_told(change), by=by, now=now, today=today)
    states = {"before": {"state": before}, "after": {"state": change.task.state}}
    return notes | states | {"into": change.into.code}


def _record(change: Change, *, by: Person, now: datetime, **notes: Any) -> None:
    task = change.task
    record_entry(
        "decide_change", by=by, now=now, subject=task, unit_path=task.owner.path or "", change=change.pk,
        kind=change.kind, decision=change.state, unit=str(change.unit), to=str(change.to_unit or change.into or ""),
        reason=change.reason[:500], opinion=change.opinion[:500], **notes,
    )  # fmt: skip
