"""Giving one task to many units in one act."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.batches import Giving, insert_parts
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.actions.announcing import tell_batches
from luoshi.tasks.models import Task
from luoshi.tasks.queries import explain_fault, get_parent_facts
from luoshi.tasks.rules.cascade import Fault, Share, check_shares


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
        batch = insert_parts(task, shares, count=len(shares), giving=Giving(owner, by, now, dispatch))
        if dispatch:
            tell_batches([batch], now=now, today=timezone.localtime(now).date())
        record_entry(
            "cascade_task", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            parts=[[task.pk, batch.first, batch.last, batch.count]], owner=str(owner), units=batch.count,
        )  # fmt: skip
    return batch.count
