"""Giving many tasks to a whole group of units in one act, set-based from the first row to the last notice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit, UnitQuerySet
from luoshi.tasks.actions.allotting import allot_parts
from luoshi.tasks.actions.announcing import tell_batches
from luoshi.tasks.actions.batches import Batch, Giving, insert_parts
from luoshi.tasks.actions.cascading import FaultyShares
from luoshi.tasks.actions.dispatching import label_tasks
from luoshi.tasks.actions.inflating import UnexplainedInflation, keep_raises
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task
from luoshi.tasks.queries.dividing import Method
from luoshi.tasks.queries.portions import Group, Portions, explain_portions
from luoshi.tasks.rules.cascade import ParentFacts, Share, check_shares


class NobodyLeft(Refusal):
    """No unit of the group is without a part."""

    sentence = gettext_lazy("Every unit of this group holds a part of these tasks already, or the group is empty.")


class ToBeDivided(Refusal):
    """What a task measures has to be divided among the units, and nobody says how, or it cannot be done so."""


def cascade_tasks(
    tasks: Sequence[Task], *, units: UnitQuerySet, owner: Unit, by: Person, now: datetime,
    method: Method | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Give each task to each unit that holds no part of it yet: one transaction, one entry; how many parts.

    Each part says what its task says. By the `method` targets are divided, and the parts owe their share of the
    indicators; a rate, or with "each" any target, is the same for each unit. Without a method parts have no target.
    Of a unit only its key is kept in memory, and its target where one is divided.
    Raises UnlawfulStep, FaultyShares, ToBeDivided, UnexplainedInflation, NobodyLeft.
    """
    giving = Giving(owner, by, now)
    with transaction.atomic():
        locked = list(Task.objects.select_for_update(no_key=True).filter(pk__in=[t.pk for t in tasks]).order_by("pk"))
        for task in locked:
            check_step(task, "cascade")
            _refuse_faulty(task)
        group = Group(units.exclude(pk=owner.pk), method, giving.today)
        given = [_give(group.plan(task), giving=giving, reason=reason.strip()) for task in locked]
        batches = [batch for batch, _kept in given if batch.count]
        count = sum(batch.count for batch in batches)
        if not count:
            raise NobodyLeft
        tell_batches(batches, now=now, today=giving.today)
        kept = [line for _batch, lines in given for line in lines]
        notes: dict[str, Any] = {"reason": reason.strip(), "inflation": kept} if kept else {}
        record_entry(
            "cascade_tasks", by=by, now=now, subject=locked[0], label=label_tasks(locked), unit_path=owner.path or "",
            parts=[[b.parent_id, b.first, b.last, b.count] for b in batches], owner=str(owner), units=count, **notes,
        )  # fmt: skip
    return count


def _refuse_faulty(task: Task) -> None:
    """Each part takes the task's own words and date, so one stands for all of them."""
    facts = ParentFacts(
        requirement=task.requirement, standard=task.standard, due_date=task.due_date, review_date=task.review_date
    )
    faults = [fault for fault in check_shares(facts, [Share(unit_id=0)]) if fault.blocks]
    if faults:
        raise FaultyShares(faults, units={0: Unit(name=_("every unit"))})


def _give(portions: Portions, *, giving: Giving, reason: str) -> tuple[Batch, list[dict[str, object]]]:
    """The parts of one task, what they owe, and what was let pass."""
    task = portions.task
    if portions.fault:
        raise ToBeDivided(portions.fault)
    if portions.raises and not reason:
        raise UnexplainedInflation(explain_portions(portions))
    batch = insert_parts(task, portions.list_shares(), count=len(portions.units), giving=giving)
    if portions.measures and batch.count:
        new = Task.objects.filter(parent=task, pk__range=(batch.first, batch.last)).order_by("pk")
        allot_parts(
            portions.measures, units=portions.units, parts=list(new.values_list("pk", flat=True)),
            mains=portions.targets or [None] * batch.count,
        )  # fmt: skip
    return batch, keep_raises(task, portions.raises, parts={}, reason=reason, giving=giving)
