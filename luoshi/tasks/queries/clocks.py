"""Which clocks and nodes hold for a task: those of the nearest government or company above its owner, or the preset."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, DateTimeField, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from luoshi.core.prepared import prepared
from luoshi.core.queries import get_calendar
from luoshi.core.rules.workdays import Calendar
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role, ancestor_paths, path_range
from luoshi.tasks.models import Clock, ClockSet, Duty, Node, Task
from luoshi.tasks.queries.visible import list_visible
from luoshi.tasks.rules.clocks import (
    FIELDS,
    MOST_DAYS,
    PRESETS,
    ClockFacts,
    Kind,
    Offer,
    days_of,
    last_start,
    make_offer,
    step_date,
)
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.nodes import NodeFacts, preset_nodes
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, State

KEEPERS = (Role.HEAD, Role.OFFICE)
DOING_ROLES = [role.value for role in DOING]
UNSILENT = (State.SUBMITTED.value, State.UNDER_VERIFICATION.value)
ByMatter = Mapping[str, ClockFacts]


@dataclass(frozen=True, slots=True)
class Clocks:
    """The sets of governments and companies, the deepest first, over the preset of the installation."""

    preset: ByMatter
    sets: tuple[tuple[str, ByMatter], ...] = ()

    def of(self, path: str, matter: str) -> ClockFacts:
        """The clocks of a matter for what a unit at the path asks."""
        own = next((rows[matter] for at, rows in self.sets if path.startswith(at) and matter in rows), None)
        return self.preset[matter] if own is None else own

    def above(self, path: str) -> dict[str, ClockFacts]:
        """What holds at a path when its own set is left out."""
        others = replace(self, sets=tuple(given for given in self.sets if given[0] != path))
        return {matter.value: others.of(path, matter) for matter in Matter}

    def with_set(self, path: str, rows: ByMatter) -> Clocks:
        """The same with other clocks at the path; without any it follows those above."""
        others = [given for given in self.sets if given[0] != path]
        sets = sorted([*others, *([(path, rows)] if rows else [])], key=lambda given: -len(given[0]))
        return replace(self, sets=tuple(sets))

    def all(self) -> list[ClockFacts]:
        """Every clock there is, each once."""
        return list(
            dict.fromkeys(clock for rows in (self.preset, *(rows for _p, rows in self.sets)) for clock in rows.values())
        )

    def case(self, value: Callable[[ClockFacts], Any], field: Any, *, prefix: str = "") -> Case:
        """SQL of a value that depends on the clock of a task; twin of `of`."""
        whens = []
        for path, rows in self.sets:
            inside = {f"{prefix}owner__path__range": path_range(path)}
            whens += [When(Q(**inside, **{f"{prefix}matter": m}), then=Value(value(c), field)) for m, c in rows.items()]
        whens += [When(**{f"{prefix}matter": m}, then=Value(value(c), field)) for m, c in self.preset.items()]
        return Case(*whens, output_field=field)


def preset_name() -> str:
    """The preset of the installation (LUOSHI_PRESET)."""
    return str(settings.LUOSHI["PRESET"])


def get_preset(name: str = "") -> dict[str, ClockFacts]:
    """The clocks of a preset; that of the installation with the days of receipt that LUOSHI_ACKNOWLEDGE_DAYS sets."""
    found = {matter.value: PRESETS[name or preset_name()][matter] for matter in Matter}
    days = settings.LUOSHI["ACKNOWLEDGE_DAYS"]
    return found if name or not days else {m: replace(c, acknowledge_days=days) for m, c in found.items()}


def get_clocks(paths: Collection[str] | None = None) -> Clocks:
    """The clocks that hold at these paths of units (None: everywhere); one query."""
    if paths is None:
        rows = _list_all_clocks()
    else:
        above = sorted({at for path in paths for at in ancestor_paths(path)})
        rows = _list_clocks_at(above) if above else []
    sets: dict[str, dict[str, ClockFacts]] = {}
    for path, matter, *fields in rows:
        sets.setdefault(path, {})[matter] = ClockFacts(**dict(zip(FIELDS, fields, strict=True)))
    return Clocks(get_preset(), tuple(sorted(sets.items(), key=lambda given: -len(given[0]))))


@prepared
def _list_clocks_at(paths: list[str]) -> QuerySet[Clock, Any]:
    rows = Clock.objects.filter(set__unit__path__in=paths).order_by("pk")
    return rows.values_list("set__unit__path", "matter", *FIELDS)


@prepared
def _list_all_clocks() -> QuerySet[Clock, Any]:
    rows = Clock.objects.filter(set__unit__path__isnull=False).order_by("pk")
    return rows.values_list("set__unit__path", "matter", *FIELDS)


def get_clock(task: Task) -> ClockFacts:
    """The clocks of one task; one query, one more where its owner is not loaded."""
    path = task.owner.path or ""
    return get_clocks([path]).of(path, task.matter)


def list_clocks(tasks: Sequence[Task]) -> dict[int, ClockFacts]:
    """The clocks of tasks by their ids; two queries for all of them."""
    paths = dict(Unit.objects.filter(pk__in={t.owner_id for t in tasks}).order_by().values_list("pk", "path"))
    clocks = get_clocks([path for path in paths.values() if path])
    return {task.pk: clocks.of(paths.get(task.owner_id) or "", task.matter) for task in tasks}


def calendar_from(start: date, days: int) -> Calendar:
    """The calendar wide enough to count so many working days from a day on."""
    return get_calendar(start, start + timedelta(days=2 * days + 30))


def calendar_before(end: date, days: int) -> Calendar:
    """The calendar wide enough to count so many working days back."""
    return get_calendar(end - timedelta(days=2 * days + 30), end)


def get_step_date(task: Task, kind: str, *, clock: ClockFacts | None = None, paused_days: int = 0) -> date | None:
    """The day by which a step of a dispatched task is to be taken; None where no such clock runs."""
    clock = clock or get_clock(task)
    days = days_of(clock, kind)
    if task.dispatched_at is None or days is None:
        return None
    since = timezone.localtime(task.dispatched_at).date()
    calendar = calendar_from(since, days) if clock.in_workdays else Calendar()
    return step_date(clock, kind, since=since, calendar=calendar, paused_days=paused_days)


@dataclass(frozen=True, slots=True)
class StepDates:
    """The dates of steps for many tasks, with the calendar that covers them."""

    clocks: Clocks
    calendar: Calendar

    def of(self, kind: str, *, path: str, matter: str, dispatched_at: datetime | None) -> date | None:
        """The day by which the step is to be taken of a task that a unit at the path asked."""
        since = timezone.localtime(dispatched_at).date() if dispatched_at else None
        return step_date(self.clocks.of(path, matter), kind, since=since, calendar=self.calendar)


def get_step_dates(dispatched: Iterable[tuple[str, datetime]]) -> StepDates:
    """For the paths of the units that asked and the moments of dispatch; two queries, none for nothing."""
    given = list(dispatched)
    if not given:
        return StepDates(Clocks(get_preset()), Calendar())
    clocks = get_clocks({path for path, _at in given})
    days = [timezone.localtime(at).date() for _path, at in given]
    most = max((days_of(c, kind) or 0 for c in clocks.all() for kind in Kind), default=0)
    return StepDates(clocks, get_calendar(min(days), max(days) + timedelta(days=2 * most + 30)))


def acknowledge_date(task: Task) -> date | None:
    """The day by which receipt is to be acknowledged."""
    return get_step_date(task, Kind.ACKNOWLEDGE)


def first_report_date(task: Task) -> date | None:
    """The day by which the first report is due."""
    return get_step_date(task, Kind.FIRST)


def ran_out(kind: str, *, today: date, clocks: Clocks | None = None, prefix: str = "") -> Q:
    """Tasks whose clock for the step ran out before today; twin of step_date(…) < today.

    The dispatch is compared with one moment for each clock, worked out here, so that no calendar is asked row by row.
    """
    clocks = get_clocks() if clocks is None else clocks
    most = max((days_of(clock, kind) or 0 for clock in clocks.all()), default=0)
    calendar = calendar_before(today, most)

    def until(clock: ClockFacts) -> datetime | None:
        days = days_of(clock, kind)
        if days is None:
            return None
        day = last_start(today, days, in_workdays=clock.in_workdays, calendar=calendar)
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))

    return Q(**{f"{prefix}dispatched_at__lt": clocks.case(until, DateTimeField(), prefix=prefix)})


def unacknowledged(*, today: date, clocks: Clocks | None = None, few: bool = False) -> Q:
    """Tasks of which a doing unit has not acknowledged receipt in time; not while the clock stands still.

    Among a `few` tasks each is looked at, rather than all duties of the land.
    """
    states = [s.value for s in ACTIVE]
    waiting = Q(role__in=DOING_ROLES, unit__isnull=False, acknowledged_at__isnull=True)
    if few:
        late = Q(Exists(Duty.objects.filter(waiting, task=OuterRef("pk"))), state__in=states)
    else:
        late = Q(pk__in=Duty.objects.filter(waiting, task__state__in=states).order_by().values("task"))
    return late & ran_out(Kind.ACKNOWLEDGE, today=today, clocks=clocks) & Q(standing__paused_date__isnull=True)


def unreported(*, today: date, clocks: Clocks | None = None) -> Q:
    """Tasks at work that never said anything although the day of the first report passed; parents are not asked.

    Work whose clock stood still for a time is left to its windows: its day moved, and is worked out on its own page.
    """
    states = [s.value for s in ACTIVE if s.value not in UNSILENT]
    silent = Q(state__in=states, standing__last_at__isnull=True, standing__paused_date__isnull=True)
    silent &= ~Q(pauses__state="ended")
    return silent & without_parts() & ran_out(Kind.FIRST, today=today, clocks=clocks)


def without_parts(outer: str = "pk") -> Q:
    """Tasks of which nothing is given down: their parts speak for the others."""
    parts = Task.objects.filter(parent=OuterRef(outer)).exclude(state=State.WITHDRAWN.value).order_by()
    return ~Q(Exists(parts))


def grace_case(clocks: Clocks, *, prefix: str = "") -> Case:
    """SQL of the days of grace of a task's window."""
    return clocks.case(lambda clock: clock.grace_days, IntegerField(), prefix=prefix)


def get_offer(task: Task, *, today: date, clock: ClockFacts | None = None) -> Offer:
    """What the clocks propose for the task as it stands: its tier, its urgency, from its first day on."""
    clock = clock or get_clock(task)
    since = task.start_date or today
    days = max((d for d in (clock.due_days, clock.urgent_days, clock.immediate_days, clock.hard_days) if d), default=0)
    calendar = calendar_from(since, days) if clock.in_workdays and days else Calendar()
    return make_offer(clock, tier=task.tier, urgency=task.urgency, since=since, calendar=calendar)


def get_shown_offer(task: Task, *, today: date) -> Offer | None:
    """What the clocks propose beyond what the task says itself; None for nothing."""
    if task.cadence and (task.due_date or task.review_date):
        return None
    offer = missing_part(task, get_offer(task, today=today))
    return offer if offer.due_date or offer.cadence else None


def list_offers(tasks: Sequence[Task], *, today: date) -> dict[int, Offer]:
    """By task, what the clocks propose for those without a date or a cadence; three queries for all of them."""
    lacking = [t for t in tasks if not t.cadence or not (t.due_date or t.review_date)]
    if not lacking:
        return {}
    clocks = list_clocks(lacking)
    first = min(t.start_date or today for t in lacking)
    last = max(t.start_date or today for t in lacking)
    calendar = get_calendar(first, last + timedelta(days=2 * MOST_DAYS))
    found: dict[int, Offer] = {}
    for t in lacking:
        since = t.start_date or today
        whole = make_offer(clocks[t.pk], tier=t.tier, urgency=t.urgency, since=since, calendar=calendar)
        offer = missing_part(t, whole)
        if offer.due_date or offer.cadence:
            found[t.pk] = offer
    return found


def missing_part(task: Task, offer: Offer) -> Offer:
    """Of an offer, what the task does not say itself."""
    if task.due_date or task.review_date:
        offer = replace(offer, due_date=None, hard_date=None)
    return replace(offer, cadence="", cadence_day=None) if task.cadence else offer


def list_clock_units(access: Access) -> list[Unit]:
    """The governments and companies whose clocks this person sets: those on top of which they are head or office."""
    held = {seat.unit_id for seat in access.seats if seat.role in KEEPERS and seat.path == seat.home}
    return list(Unit.objects.filter(pk__in=held, valid_to__isnull=True).order_by("path")) if held else []


def get_clock_set(unit: Unit) -> ClockSet | None:
    """The unit's own set, if it has one."""
    return ClockSet.objects.filter(unit=unit).first()


def list_nodes(path: str, matter: str) -> tuple[NodeFacts, ...]:
    """The nodes of a matter for what a unit at the path asks; one query."""
    rows = _list_nodes_at(ancestor_paths(path), matter) if path else []
    nearest = max((at for at, _name, _step in rows if at), key=len, default="")
    return tuple(NodeFacts(name, step) for at, name, step in rows if at == nearest) or preset_nodes(matter)


@prepared
def _list_nodes_at(paths: list[str], matter: str) -> QuerySet[Node, Any]:
    rows = Node.objects.filter(set__unit__path__in=paths, matter=matter).order_by("number")
    return rows.values_list("set__unit__path", "name", "reached_by")


def list_own_nodes(unit: Unit) -> dict[str, tuple[NodeFacts, ...]]:
    """The nodes that the unit itself set, by matter."""
    found: dict[str, tuple[NodeFacts, ...]] = {}
    for matter, name, step in Node.objects.filter(set__unit=unit).values_list("matter", "name", "reached_by"):
        found[matter] = (*found.get(matter, ()), NodeFacts(name, step))
    return found


@dataclass(frozen=True, slots=True)
class Effect:
    """How many open tasks would be late in a step that are not now, and how many would not be any more."""

    kind: str
    more: int
    fewer: int


def list_effects(unit: Unit, rows: ByMatter, *, today: date) -> list[Effect]:
    """What other clocks of a unit would change at once over the open tasks that it and those below ask."""
    now = get_clocks()
    then = now.with_set(unit.path or "", rows)
    asked = Task.objects.filter(owner__path__range=path_range(unit.path or ""))
    found = []
    for kind, late in ((Kind.ACKNOWLEDGE.value, unacknowledged), (Kind.FIRST.value, unreported)):
        before = asked.filter(late(today=today, clocks=now)).order_by().values("pk")
        after = asked.filter(late(today=today, clocks=then)).order_by().values("pk")
        more, fewer = (
            asked.filter(pk__in=after).exclude(pk__in=before),
            asked.filter(pk__in=before).exclude(pk__in=after),
        )
        found.append(Effect(kind, more.count(), fewer.count()))
    return found


def list_undated(access: Access, ids: Iterable[int]) -> QuerySet[Task]:
    """Of these tasks, those before dispatch that the person sees and that have no date of their own."""
    tasks = list_visible(access).filter(pk__in=list(ids), state__in=[s.value for s in BEFORE_DISPATCH])
    return tasks.filter(due_date__isnull=True, review_date__isnull=True)
