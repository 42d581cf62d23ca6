"""Keeping the standing of every task right, from the leaf that changed up to the root.

Each function here runs after the journal's entry of the same transaction: the entry holds the journal's lock, so that
standings are written by one transaction at a time and two writers never wait for each other in a circle.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import tee
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from luoshi.core.bulk import insert_like
from luoshi.core.models import ChainHead, Entry
from luoshi.core.policy import get_policy
from luoshi.core.prepared import prepared
from luoshi.progress.models import DayPercent, Standing
from luoshi.progress.rules.lights import DONE, mismatches_after
from luoshi.progress.rules.rollup import Node, Part, Sums, part_of, roll_up
from luoshi.tasks.models import TASK_STEP, Task
from luoshi.tasks.rules.states import State

GONE = [State.WITHDRAWN.value, State.MERGED.value, State.TRANSFERRED.value]
ROLLED = ("percent", "weighted", "weight", "reported", "expected")
CHUNK = 900  # ids in one query: builds of SQLite differ in how many parameters they take


def settle(task: Task, *, today: date, **fields: Any) -> None:
    """Write what changed on the task's own standing, and carry the difference up to the root."""
    line = _lock_line(task)
    own = line[-1]
    before = Part(own.percent, own.task.weight, own.reported, own.expected)
    for name, value in fields.items():
        setattr(own, name, value)
    after = _place(own, _sums(own) if _list_a_part(task.pk) else Sums())
    counts = own.task.state not in GONE
    above = _climb(line[:-1], before=before, after=after) if after != before and counts else []
    _write([own, *above], [*fields, *ROLLED])
    if after != before:
        _remember([own, *above], today=today)


def _write(locked: list[Standing], columns: list[str]) -> None:
    """Write the columns of standings that are there and locked, in one statement."""
    Standing.objects.bulk_create(locked, update_conflicts=True, unique_fields=["task"], update_fields=columns)


@prepared
def _list_a_part(parent: int) -> QuerySet[Task, Any]:
    """One task below that counts, if there is any."""
    return Task.objects.filter(parent=parent).exclude(state__in=GONE).order_by().values_list("pk", flat=True)[:1]


@prepared
def _lock(ids: list[int]) -> QuerySet[Standing]:
    """The standings of these tasks, locked from the root downwards."""
    locked = Standing.objects.select_for_update(no_key=True, of=("self",)).select_related("task").order_by("task__path")
    return locked.filter(task__in=ids)


@prepared
def _list_parents(ids: list[int]) -> QuerySet[Task, Any]:
    above = Task.objects.filter(pk__in=ids, parent__isnull=False).order_by()
    return above.values_list("parent", flat=True).distinct()


def _lock_line(task: Task) -> list[Standing]:
    """The standings from the root down to the task, locked in that order."""
    line = _lock_along(task.path or "")
    path = line[-1].task.path or ""
    return line if path == task.path else _lock_along(path)  # somebody moved it after it was read


def _lock_along(path: str) -> list[Standing]:
    ids = [int(path[place : place + TASK_STEP]) for place in range(0, len(path), TASK_STEP)]
    line = _lock(ids)
    if len(line) < len(ids):
        _add_missing(ids)
        line = _lock(ids)
    own = next(standing for standing in line if standing.task_id == ids[-1])
    return [*(standing for standing in line if standing is not own), own]


def _climb(above: list[Standing], *, before: Part, after: Part) -> list[Standing]:
    """Exchange a child's old part for its new one in each ancestor, as long as something changes; those changed."""
    changed: list[Standing] = []
    for parent in reversed(above):
        old = Part(parent.percent, parent.task.weight, parent.reported, parent.expected)
        new = _place(parent, _sums(parent).without_part(before).with_part(after))
        changed.append(parent)
        if new == old or parent.task.state in GONE:  # what is gone adds nothing to what stands above it
            break
        before, after = old, new
    return changed


def _sums(standing: Standing) -> Sums:
    return Sums(standing.weighted, standing.weight, standing.reported, standing.expected)


def _place(standing: Standing, sums: Sums) -> Part:
    """Set the rolled-up columns from the sums of the children; what the task now adds to its parent."""
    task = standing.task
    part = part_of(standing.own_percent, sums, weight=task.weight, is_done=task.state in DONE)
    standing.percent = part.percent
    standing.weighted, standing.weight = sums.weighted, sums.weight
    standing.reported, standing.expected = part.reported, part.expected
    return part


def _remember(standings: Iterable[Standing], *, today: date) -> None:
    """Keep the percent that each task has at the end of the day."""
    DayPercent.objects.bulk_create(
        [DayPercent(task_id=s.task_id, date=today, percent=s.percent) for s in standings],
        update_conflicts=True,
        unique_fields=["task", "date"],
        update_fields=["percent"],
    )


def note_submission(task: Task, *, today: date) -> None:
    """The result is with a verifier: the doer's clock stands still from today."""
    settle(task, today=today, submitted_date=today)


def note_return(task: Task, *, today: date) -> None:
    """A check sent the result back: the clock runs again, and the return is counted."""
    returned = Standing.objects.values_list("returned", flat=True).get(task=task)
    settle(task, today=today, submitted_date=None, returned=returned + 1)


def note_comparison(task: Task, *, agrees: bool, today: date) -> None:
    """A check compared figures: the light counts what was found otherwise, less what later checks made good."""
    before = Standing.objects.values_list("mismatched", flat=True).get(task=task)
    after = mismatches_after(before, agrees=agrees, healing=get_policy().mismatch_healing)
    if after != before:
        settle(task, today=today, mismatched=after)


def note_decision(task: Task, *, today: date) -> None:
    """The task was completed or reopened: completed work counts 100, reopened work what was reported."""
    settle(task, today=today, submitted_date=None)


def note_pause(task: Task, *, since: date | None, today: date) -> None:
    """The clock stands still since a day by approval, or (None) runs again; after the entry that says so."""
    settle(task, today=today, paused_date=since)


def keep_standings(entry: Entry) -> None:
    """Listener: give new tasks their standing, and count again what stands above tasks that came, went or changed.

    An entry names the tasks (`task_ids`) or, for whole groups of units, the keys between which each task's parts lie;
    `parent_ids` are those that tasks moved away from.
    """
    batches = entry.data.get("parts") or []
    ids = entry.data.get("task_ids") or ([int(entry.subject_id)] if entry.subject_type == "task" else [])
    today = timezone.localtime(entry.at).date()
    parents: set[int] = {parent for parent, *_range in batches} | set(entry.data.get("parent_ids", ()))
    for parent, first, last, _count in batches:
        _add_between(parent, first=first, last=last)
    for chunk in _chunks(ids):
        _add_missing(chunk)
        parents.update(_list_parents(chunk))
    while parents:
        parents = _recount(parents, today=today)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _add_missing(task_ids: Iterable[int]) -> None:
    Standing.objects.bulk_create([Standing(task_id=pk) for pk in task_ids], ignore_conflicts=True)


def _add_between(parent: int, *, first: int, last: int) -> None:
    """An empty standing for each part of a task between two keys; one statement."""
    tasks, own = Task._meta.db_table, Standing._meta.db_table
    source = f"{tasks} t WHERE t.parent_id = %s AND t.id BETWEEN %s AND %s"
    without = f"NOT EXISTS (SELECT 1 FROM {own} s WHERE s.task_id = t.id)"  # noqa: S608 - names of tables only
    insert_like(Standing(), f"{source} AND {without}", [parent, first, last], task_id="t.id")


def _recount(task_ids: set[int], *, today: date) -> set[int]:
    """Count the children of the tasks again; the parents of those that changed."""
    _add_missing(task_ids)
    found = _list_sums(task_ids)
    changed = []
    for standing in _lock(list(task_ids)):
        before = [getattr(standing, name) for name in ROLLED]
        _place(standing, found.get(standing.task_id, Sums()))
        if before != [getattr(standing, name) for name in ROLLED]:
            standing.save(update_fields=ROLLED)
            changed.append(standing)
    _remember(changed, today=today)
    return {s.task.parent_id for s in changed if s.task.parent_id is not None}


def _list_sums(task_ids: set[int]) -> dict[int, Sums]:
    """What the children of each task add up to now; one query."""
    given = Q(standing__percent__isnull=False)
    rows = (
        Task.objects.filter(parent__in=task_ids)
        .exclude(state__in=GONE)
        .order_by()
        .values_list("parent_id")
        .annotate(
            weighted=Sum(F("weight") * F("standing__percent"), default=Decimal(0)),
            counted=Sum("weight", filter=given, default=Decimal(0)),
            reported=Sum("standing__reported", default=0),
            expected=Sum("standing__expected", default=0),
        )
    )
    places, thousandths = Decimal("0.0000001"), Decimal("0.001")
    return {
        parent: Sums(weighted.quantize(places), weight.quantize(thousandths), reported, expected)
        for parent, weighted, weight, reported, expected in rows
    }


@dataclass(frozen=True, slots=True)
class Drift:
    """A standing that is not what its reports add up to: percent, weighted, weight, reported, expected."""

    task_id: int
    stored: tuple[Any, ...]
    right: tuple[Any, ...]


def recompute_standings(*, check: bool = False) -> list[Drift]:
    """Recompute every roll-up from the leaves and put right what differs; with `check` only report it."""
    with transaction.atomic():
        ChainHead.objects.select_for_update().get(pk=1)
        drifts = list(_find_drifts())
        if not check:
            missing = [d.task_id for d in drifts if d.stored[-1] is None]
            for chunk in _chunks(missing):
                _add_missing(chunk)
            rows = [Standing(task_id=d.task_id, **dict(zip(ROLLED, d.right, strict=True))) for d in drifts]
            Standing.objects.bulk_update(rows, ROLLED, batch_size=100)
    return drifts


def _find_drifts() -> Iterator[Drift]:
    names = [f"standing__{name}" for name in ("own_percent", *ROLLED)]
    tasks = Task.objects.filter(path__isnull=False).order_by("-path")
    rows, same_rows = tee(tasks.values_list("pk", "parent_id", "weight", "state", *names).iterator(chunk_size=2000))
    nodes = (
        Node(pk, parent, weight, own, is_done=state in DONE, counts=state not in GONE)
        for pk, parent, weight, state, own, *_rest in rows
    )
    for (task_id, sums, part), row in zip(roll_up(nodes), same_rows, strict=True):
        stored, right = tuple(row[5:]), (part.percent, sums.weighted, sums.weight, part.reported, part.expected)
        if stored != right:
            yield Drift(task_id, stored, right)
