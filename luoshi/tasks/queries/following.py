"""What the changes of the unit tree left behind in dispatched work, read afresh each time; no job, nothing stored.

A duty of a unit that ended passes to its successor. A unit that is new is given a part where a unit that it was split
from holds one, or where the task names a group (各乡镇) that it belongs to. A renamed unit stays the same unit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from luoshi.directives.rules import UnitFact, UnitIndex, expand_selector
from luoshi.orgs.models import Succession, Unit, UnitQuerySet
from luoshi.orgs.rules import Access, ancestor_paths
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.rules.access import DECIDERS
from luoshi.tasks.rules.following import list_heirs
from luoshi.tasks.rules.states import ACTIVE, State

MOST = 300  # lines shown at once
FRESH_DAYS = 400
FRESH_MOST = 500
DEPTH = 8
GONE = [State.MERGED.value, State.TRANSFERRED.value, State.WITHDRAWN.value]
ACTIVE_STATES = [s.value for s in ACTIVE]


@dataclass(frozen=True, slots=True)
class Passing:
    """A duty of a unit that ended, and the units that it may pass to."""

    duty: Duty
    heirs: tuple[Unit, ...]

    @property
    def key(self) -> str:
        return f"p{self.duty.pk}"

    @property
    def task(self) -> Task:
        return self.duty.task


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that is meant and holds no part of a task; `beside` is the part of the unit that it was split from."""

    parent: Task
    unit: Unit
    giver: Unit
    beside: Task | None = None
    beside_unit: Unit | None = None

    @property
    def key(self) -> str:
        return f"m{self.parent.pk}-{self.unit.pk}"

    @property
    def task(self) -> Task:
        return self.parent


@dataclass(frozen=True, slots=True)
class Changes:
    """All lines, in the order of the tasks, and whether there are more than are shown."""

    passings: list[Passing]
    missing: list[Missing]
    is_whole: bool = True

    @property
    def count(self) -> int:
        return len(self.passings) + len(self.missing)


def list_changes(access: Access, *, today: date) -> Changes:
    """What waits for those who decide for the askers of the work; a fixed number of queries."""
    owners = _owners(access)
    if owners is None:
        return Changes([], [])
    duties = list(_ended_duties(owners, today=today)[: MOST + 1])
    passings = _passings(duties[:MOST], today=today)
    missing = _missing(owners, passings=passings, today=today)
    return Changes(passings, missing[: MOST + 1], is_whole=len(duties) <= MOST and len(missing) <= MOST)


def has_changes(access: Access, *, today: date) -> bool:
    """Is there any line? Two queries where no unit changed."""
    owners = _owners(access)
    if owners is None:
        return False
    return _ended_duties(owners, today=today).exists() or bool(_missing(owners, passings=None, today=today))


def _owners(access: Access) -> UnitQuerySet | None:
    """The units for which this person decides."""
    paths = [seat.path for seat in access.seats if seat.role in DECIDERS]
    return Unit.objects.within(*paths).order_by() if paths else None


def _ended_duties(owners: UnitQuerySet, *, today: date) -> QuerySet[Duty]:
    ended = Unit.objects.filter(valid_to__lt=today).order_by().values("pk")
    duties = Duty.objects.filter(unit__in=ended, task__state__in=ACTIVE_STATES, task__owner__in=owners.values("pk"))
    return duties.select_related("unit", "task__owner", "task__parent").order_by("task__path", "pk")


def _passings(duties: Sequence[Duty], *, today: date) -> list[Passing]:
    links, units = _links({d.unit_id for d in duties if d.unit_id}, today=today)
    over = {pk for pk, unit in units.items() if unit.valid_to and unit.valid_to < today}
    return [
        Passing(duty, tuple(units[pk] for pk in list_heirs(duty.unit_id or 0, links=links, ended=over)))
        for duty in duties
    ]


def _links(ids: Iterable[int], *, today: date) -> tuple[dict[int, list[int]], dict[int, Unit]]:
    """What the units became, and what those became that ended too; one query a step, seldom more than one."""
    links: dict[int, list[int]] = defaultdict(list)
    units: dict[int, Unit] = {}
    waiting = set(ids)
    for _step in range(DEPTH):
        if not waiting:
            break
        rows = Succession.objects.filter(predecessor__in=waiting).select_related("successor").order_by("date", "pk")
        waiting = set()
        for row in rows:
            links[row.predecessor_id].append(row.successor_id)
            units[row.successor_id] = row.successor
            if row.successor.valid_to and row.successor.valid_to < today and row.successor_id not in links:
                waiting.add(row.successor_id)
    return links, units


def _missing(owners: UnitQuerySet, *, passings: Sequence[Passing] | None, today: date) -> list[Missing]:
    """Fresh units without the part that they are meant to have; those that a passing will give one are left out."""
    since = today - timedelta(days=FRESH_DAYS)
    fresh = {u.pk: u for u in Unit.objects.valid_on(today).filter(
        valid_from__gt=since, path__isnull=False).order_by("-valid_from", "-pk")[:FRESH_MOST]}  # fmt: skip
    if not fresh:
        return []
    found: dict[tuple[int, int], Missing] = {}
    for line in [*_split_off(owners, fresh), *_selected(owners, fresh)]:
        found.setdefault((line.parent.pk, line.unit.pk), line)
    coming = {(p.task.parent_id, heir.pk) for p in passings or () for heir in p.heirs[:1]}
    held = set(
        Duty.objects.filter(task__parent__in={parent for parent, _unit in found}, unit__in=fresh)
        .exclude(task__state__in=GONE)
        .values_list("task__parent_id", "unit_id")
    )
    rows = [line for key, line in found.items() if key not in held and key not in coming]
    return sorted(rows, key=lambda line: (line.parent.path or "", line.unit.path or ""))


def _split_off(owners: UnitQuerySet, fresh: dict[int, Unit]) -> list[Missing]:
    """Units split from one that holds a part, which was dispatched before they came into being."""
    splits = Succession.objects.filter(successor__in=fresh, kind=Succession.SPLIT)
    origins = list(splits.values_list("predecessor_id", "successor_id"))
    if not origins:
        return []
    kin: dict[int, set[int]] = defaultdict(set)
    for old, new in origins:
        kin[old].add(new)
    for news in [*kin.values()]:  # what passed to one of them counts for the others too
        for new in news:
            kin[new] |= news - {new}
    duties = Duty.objects.filter(
        unit__in=list(kin), role__in=LEADING_ROLES, task__parent__isnull=False, task__state__in=ACTIVE_STATES,
        task__owner__in=owners.values("pk"), task__parent__state__in=ACTIVE_STATES,
    ).select_related("unit", "task__parent__owner", "task__owner")  # fmt: skip
    return [
        Missing(duty.task.parent, fresh[new], duty.task.owner, duty.task, duty.unit)
        for duty in duties.order_by("task__path", "pk")[: MOST * 2]
        for new in sorted(kin[duty.unit_id or 0])
        if duty.task.parent and _is_younger(fresh[new], duty.task)
    ]


def _is_younger(unit: Unit, task: Task) -> bool:
    """Did the unit come into being after the task was dispatched?"""
    return task.dispatched_at is not None and unit.valid_from > timezone.localtime(task.dispatched_at).date()


def _selected(owners: UnitQuerySet, fresh: dict[int, Unit]) -> list[Missing]:
    """Units of a group that a task names, when the group was given its parts before they came into being."""
    part = Task.objects.filter(parent=OuterRef("task")).exclude(state__in=GONE)
    named = (
        Duty.objects.filter(unit=None, task__state__in=ACTIVE_STATES, task__owner__in=owners.values("pk"))
        .exclude(selector="")
        .filter(Exists(part), task__dispatched_at__date__lt=max(unit.valid_from for unit in fresh.values()))
    )
    duties = list(named.select_related("task__owner").order_by("task__path", "pk")[: MOST * 2])
    if not duties:
        return []
    index = _index(fresh.values(), {duty.task.owner.path or "" for duty in duties})
    givers = _givers({duty.task_id for duty in duties})
    return [
        Missing(duty.task, fresh[pk], givers.get(duty.task_id, duty.task.owner))
        for duty in duties
        for pk in _meant(duty, index)
        if pk in fresh and _is_younger(fresh[pk], duty.task)
    ]


def _meant(duty: Duty, index: UnitIndex) -> tuple[int, ...]:
    try:
        return expand_selector(duty.selector, index=index, scope_path=duty.task.owner.path or "")
    except ValueError:
        return ()


def _index(fresh: Iterable[Unit], paths: Iterable[str]) -> UnitIndex:
    """The fresh units and whatever stands above the askers: enough to say whom a group means of the fresh ones."""
    above = Unit.objects.filter(path__in={p for path in paths for p in ancestor_paths(path)})
    units: dict[int, Unit] = {unit.pk: unit for unit in [*above, *fresh]}
    return UnitIndex.build(
        UnitFact(u.pk, u.name, u.short_name, (), u.level, u.category, u.parent_id, u.path or "") for u in units.values()
    )


def _givers(ids: Iterable[int]) -> dict[int, Unit]:
    """In whose name the latest part of each of these tasks was given."""
    parts = Task.objects.filter(parent__in=ids).exclude(state__in=GONE).order_by("pk").select_related("owner")
    last: dict[int, Any] = {}
    for parent, owner in parts.values_list("parent_id", "owner_id"):
        last[parent] = owner
    owners = Unit.objects.in_bulk(set(last.values()))
    return {parent: owners[owner] for parent, owner in last.items() if parent is not None}


__all__ = ["Changes", "Missing", "Passing", "has_changes", "list_changes"]
