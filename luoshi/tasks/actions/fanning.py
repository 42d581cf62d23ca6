"""Giving many tasks to a whole group of units in one act, set-based from the first row to the last notice."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.bulk import CHUNK
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.announcing import tell_batches
from luoshi.tasks.actions.batches import Batch, Giving, insert_parts
from luoshi.tasks.actions.cascading import FaultyShares
from luoshi.tasks.actions.dispatching import label_tasks
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries.measures import list_measures
from luoshi.tasks.rules.cascade import ParentFacts, Share, check_shares
from luoshi.tasks.rules.states import DutyRole, State


class NobodyLeft(Refusal):
    """No unit of the group is without a part."""

    sentence = gettext_lazy("Every unit of this group holds a part of these tasks already, or the group is empty.")


class ToBeDivided(Refusal):
    """What a task measures has to be divided among the units, one task at a time."""


def cascade_tasks(
    tasks: Sequence[Task], *, units: QuerySet[Unit], owner: Unit, by: Person, now: datetime, whole_target: bool = False
) -> int:
    """Give each task to each unit that holds no part of it yet: one transaction, one entry; how many parts.

    Each part says what its task says; with `whole_target` every unit is to reach the task's figure itself, else it has
    none. Of a unit only its key is kept in memory. Raises UnlawfulStep, FaultyShares, ToBeDivided, NobodyLeft.
    """
    giving = Giving(owner, by, now)
    with transaction.atomic():
        locked = list(Task.objects.select_for_update(no_key=True).filter(pk__in=[t.pk for t in tasks]).order_by("pk"))
        for task in locked:
            check_step(task, "cascade")
            _refuse_faulty(task)
        keys = array("q", _list_keys(units.exclude(pk=owner.pk)))
        batches = [batch for task in locked if (batch := _give(task, keys, giving=giving, whole=whole_target)).count]
        count = sum(batch.count for batch in batches)
        if not count:
            raise NobodyLeft
        tell_batches(batches, now=now, today=giving.today)
        record_entry(
            "cascade_tasks", by=by, now=now, subject=locked[0], label=label_tasks(locked), unit_path=owner.path or "",
            parts=[[b.parent_id, b.first, b.last, b.count] for b in batches], owner=str(owner), units=count,
        )  # fmt: skip
    return count


def _list_keys(units: QuerySet[Unit]) -> Iterator[int]:
    """The keys of the units in the order of the directory: eight bytes a unit is all that is kept of them."""
    return units.order_by("path").values_list("pk", flat=True).iterator(chunk_size=CHUNK)


def _refuse_faulty(task: Task) -> None:
    """Each part takes the task's own words and date, so one stands for all of them."""
    if list_measures(task):
        words = _("“%(task)s” has indicators, and each unit must owe its share of them: give it down by itself.")
        raise ToBeDivided(words % {"task": task.title})
    facts = ParentFacts(
        requirement=task.requirement, standard=task.standard, due_date=task.due_date, review_date=task.review_date
    )
    faults = [fault for fault in check_shares(facts, [Share(unit_id=0)]) if fault.blocks]
    if faults:
        raise FaultyShares(faults, units={0: Unit(name=_("every unit"))})


def _give(task: Task, units: "array[int]", *, giving: Giving, whole: bool) -> Batch:
    held = Duty.objects.filter(task__parent=task, role=DutyRole.LEAD.value, unit__isnull=False)
    holders = set(held.exclude(task__state=State.WITHDRAWN.value).values_list("unit_id", flat=True))
    target = task.target_value if whole else None
    free = units if not holders else array("q", (pk for pk in units if pk not in holders))
    return insert_parts(task, (Share(pk, target_value=target) for pk in free), count=len(free), giving=giving)
