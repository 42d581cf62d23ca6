"""Giving one task to many units in one act."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.dispatching import tell_doers
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.actions.numbering import insert_tasks, take_codes
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries import explain_fault, get_parent_facts
from luoshi.tasks.rules.cascade import Fault, Share, check_shares
from luoshi.tasks.rules.ladder import rung_below
from luoshi.tasks.rules.states import DutyRole, State


class FaultyShares(Refusal):
    """The shares cannot be given out as they are; `faults` say why."""

    def __init__(self, faults: Sequence[Fault], *, units: dict[int, Unit]) -> None:
        self.faults = faults
        lines = [explain_fault(fault, units=units) for fault in faults]
        super().__init__(_("Not given down. ") + " ".join(lines))


def cascade_task(
    task: Task, *, shares: Sequence[Share], owner: Unit, by: Person, now: datetime, dispatch: bool = True
) -> int:
    """Give a task to many units, each with its own target, words and date, in one transaction; how many.

    `owner` is the unit in whose name it is given down and that will check the parts. The parent's row is locked, so
    that two who cascade at once do not give a unit its part twice. Raises FaultyShares, UnlawfulStep.
    """
    with transaction.atomic():
        Task.objects.select_for_update(no_key=True).get(pk=task.pk)
        task.refresh_from_db(fields=["state", "version", "target_value", "due_date", "standard"])
        check_step(task, "cascade")
        units = Unit.objects.in_bulk([share.unit_id for share in shares])
        faults = [fault for fault in check_shares(get_parent_facts(task), shares) if fault.blocks]
        if faults:
            raise FaultyShares(faults, units=units)
        parts = _insert_parts(task, shares, owner=owner, by=by, now=now, dispatch=dispatch)
        _insert_duties(parts, [units[share.unit_id] for share in shares])
        if dispatch:
            tell_doers(parts, now=now, today=timezone.localtime(now).date())
        record_entry(
            "cascade_task", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            task_ids=[p.pk for p in parts], owner=str(owner), units=len(parts),
        )  # fmt: skip
    return len(parts)


def _insert_duties(parts: Sequence[Task], units: Sequence[Unit]) -> None:
    """Each unit leads its part."""
    rows = [
        Duty(task=part, unit=unit, role=DutyRole.LEAD.value, written_name=str(unit))
        for part, unit in zip(parts, units, strict=True)
    ]
    Duty.objects.bulk_create(rows, batch_size=2000)


def _insert_parts(
    task: Task, shares: Sequence[Share], *, owner: Unit, by: Person, now: datetime, dispatch: bool
) -> list[Task]:
    today = timezone.localtime(now).date()
    codes = take_codes(owner, year=today.year, count=len(shares))
    parts = [
        _part(task, share, code, owner=owner, by=by, now=now, today=today if dispatch else None)
        for share, code in zip(shares, codes, strict=True)
    ]
    return insert_tasks(parts, parent_path=task.path or "")


def _part(task: Task, share: Share, code: str, *, owner: Unit, by: Person, now: datetime, today: date | None) -> Task:
    """One unit's part; what the share leaves empty is the parent's. `today` is None when it is only drafted."""
    due = share.due_date or task.due_date
    return Task(
        code=code, title=task.title, requirement=share.requirement or task.requirement,
        standard=share.standard or task.standard, tier=task.tier, urgency=task.urgency, owner=owner, parent=task,
        kind=rung_below(task.kind, has_number=share.target_value is not None).value,
        state=State.DISPATCHED.value if today else State.DRAFT.value, sponsor_id=task.sponsor_id,
        clause_id=task.clause_id, asked_by_id=task.asked_by_id, weight=share.weight, due_date=due,
        review_date=None if due else task.review_date, original_due_date=due if today else None,
        start_date=today, target_op=task.target_op if share.target_value is not None else "",
        target_value=share.target_value, target_unit=task.target_unit if share.target_value is not None else "",
        cadence=task.cadence, cadence_day=task.cadence_day, created_by=by, created_at=now,
        dispatched_at=now if today else None,
    )  # fmt: skip
