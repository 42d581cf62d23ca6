"""Giving one task to many units in one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.allotting import allot_parts
from luoshi.tasks.actions.announcing import tell_batches
from luoshi.tasks.actions.batches import Batch, Giving, insert_parts
from luoshi.tasks.actions.inflating import UnexplainedInflation, keep_raises, list_raises
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task
from luoshi.tasks.queries import explain_fault, get_parent_facts
from luoshi.tasks.queries.inflating import explain_raises
from luoshi.tasks.queries.measures import list_measures
from luoshi.tasks.rules.cascade import Fault, Share, check_shares
from luoshi.tasks.rules.measures import fill_shares


class FaultyShares(Refusal):
    """The shares cannot be given out as they are; `faults` say why."""

    def __init__(self, faults: Sequence[Fault], *, units: dict[int, Unit]) -> None:
        self.faults = faults
        lines = [explain_fault(fault, units=units) for fault in faults]
        super().__init__(_("Not given down. ") + " ".join(lines))


def cascade_task(
    task: Task, *, shares: Sequence[Share], owner: Unit, by: Person, now: datetime, dispatch: bool = True,
    cadence: str | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Give a task to many units, each with its own target, words and date, in one transaction; how many.

    `owner` is the unit in whose name it is given down and that will check the parts. The parent's row is locked, so
    that two who cascade at once do not give a unit its part twice. The parts owe their share of the task's indicators.
    Where more is asked than of the task a reason is needed. Raises FaultyShares, UnexplainedInflation, UnlawfulStep.
    """
    giving = Giving(owner, by, now, dispatch, cadence)
    with transaction.atomic():
        batch, kept = give_shares(task, shares, giving=giving, reason=reason)
        notes: dict[str, Any] = {"reason": reason.strip(), "inflation": kept} if kept else {}
        record_entry(
            "cascade_task", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            parts=[[task.pk, batch.first, batch.last, batch.count]], owner=str(owner), units=batch.count,
            **notes,
        )  # fmt: skip
    return batch.count


def give_shares(
    task: Task, shares: Sequence[Share], *, giving: Giving, reason: str = ""
) -> tuple[Batch, list[dict[str, object]]]:
    """The parts of the shares, for use inside an action that records them (`parts`); the batch and what was raised.

    Raises what cascade_task raises.
    """
    Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    task.refresh_from_db(fields=["state", "version", "target_value", "due_date", "standard", "path"])
    check_step(task, "cascade")
    units = Unit.objects.in_bulk([share.unit_id for share in shares])
    measures = list_measures(task)
    facts = get_parent_facts(task, measures=measures)
    shares = fill_shares(shares, whole=facts.target_value, adds_up=facts.is_divided)
    faults = [fault for fault in check_shares(facts, shares) if fault.blocks]
    if faults:
        raise FaultyShares(faults, units=units)
    raises = list_raises(task, shares, facts=facts, giving=giving, cadence=giving.cadence)
    if raises and not reason.strip():
        raise UnexplainedInflation(explain_raises(raises, names={pk: str(unit) for pk, unit in units.items()}))
    batch = insert_parts(task, shares, count=len(shares), giving=giving)
    parts = _list_keys(batch, shares) if measures or raises else {}
    allot_parts(
        measures, units=[share.unit_id for share in shares], parts=list(parts.values()),
        mains=[share.target_value for share in shares], periods=[share.periods for share in shares],
        typed={m.indicator_id: [share.targets.get(m.indicator_id) for share in shares] for m in measures},
    )  # fmt: skip
    kept = keep_raises(task, raises, parts=parts, reason=reason.strip(), giving=giving)
    if giving.dispatch:
        tell_batches([batch], now=giving.now, today=giving.today)
    return batch, kept


def _list_keys(batch: Batch, shares: Sequence[Share]) -> dict[int, int]:
    """The new tasks by unit; they stand in the order of the shares."""
    keys = Task.objects.filter(parent=batch.parent_id, pk__range=(batch.first, batch.last)).order_by("pk")
    return dict(zip((share.unit_id for share in shares), keys.values_list("pk", flat=True), strict=True))
