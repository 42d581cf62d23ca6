"""What is due in chasing: the tasks that may be due are found by SQL, the rules decide about these alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from luoshi.core.policy import Policy
from luoshi.core.queries import get_calendar
from luoshi.core.rules.workdays import Calendar
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import TENANT_LEVELS, ancestor_paths, path_range
from luoshi.progress.models import Feedback, Turn
from luoshi.progress.queries import with_light
from luoshi.progress.queries.lights import list_facts, showing
from luoshi.progress.rules.lights import CODES, Colour, LightFacts, light
from luoshi.supervision.models import Chase, ChaseStep, Coordination, Extension
from luoshi.supervision.queries.ladders import HeldLadder, Ladders
from luoshi.supervision.rules.chasing import Due, LastSpell, Owed, Spell, StepState, Trigger, due_step, is_settled
from luoshi.tasks.models import LEADING_ROLES, PHASE_OPEN, Duty, Task
from luoshi.tasks.queries.clocks import Clocks, get_clocks, unacknowledged, unreported
from luoshi.tasks.rules.clocks import Kind, step_date
from luoshi.tasks.rules.states import ACTIVE, DOING, State

CHASED = tuple(s.value for s in ACTIVE if s not in (State.SUBMITTED, State.UNDER_VERIFICATION))
DOING_ROLES = [role.value for role in DOING]
PAST, AHEAD = timedelta(days=500), timedelta(days=200)
LATELY = timedelta(days=200)  # an action of before then buys no quiet days, whatever the ladder says
RED = frozenset({Colour.RED})
BEHIND = frozenset({Colour.RED, Colour.YELLOW})
LIT = (Trigger.RED.value, Trigger.BEHIND.value)
SETTLED, REFUSED = "settled", "refused"  # chases that no action ended: nothing is owed any more, or a step was refused
Pair = tuple[int, int]  # a task and a unit


class TaskRow(NamedTuple):
    """A task as chasing reads it, in the order of COLUMNS."""

    pk: int
    code: str
    title: str
    state: str
    tier: int
    urgency: int
    matter: str
    owner_path: str
    due_date: date | None
    dispatched_at: Any
    sponsor_id: int | None
    paused_date: date | None
    last_at: Any
    hollow: int | None


COLUMNS = (
    "pk", "code", "title", "state", "tier", "urgency", "matter", "owner__path", "due_date", "dispatched_at",
    "sponsor_id", "standing__paused_date", "standing__last_at", "standing__hollow",
)  # fmt: skip


class DutyRow(NamedTuple):
    """What one unit owes in a task."""

    task_id: int
    unit_id: int
    role: str
    acknowledged_at: Any
    handler_id: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One unit and one task: what is owed, the chase under way, and what is due today."""

    task: TaskRow
    unit_id: int
    ladder: HeldLadder
    home_id: int
    owed: Owed
    chase: Chase | None
    spell: Spell | None
    due: Due | None
    is_settled: bool = False
    handler_id: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is decided for, with what all cases share."""

    date: date
    policy: Policy
    calendar: Calendar
    ladders: Ladders
    clocks: Clocks


def get_day(day: date, *, policy: Policy, ladders: Ladders) -> Day:
    """What deciding for a day needs; two queries."""
    return Day(day, policy, get_calendar(day - PAST, day + AHEAD), ladders, get_clocks())


def list_pairs(day: Day, *, path: str = "") -> list[Pair]:
    """The tasks and units for which a step may be due, in order; each kind is gathered through its own index."""
    found: set[Pair] = set()
    for arm in _arms(day, path=path):
        found.update(arm)
    return sorted(found)


def _arms(day: Day, *, path: str) -> Iterable[Iterable[Any]]:
    inside = {"task__owner__path__range": path_range(path)} if path else {}
    open_work = {"task__phase": PHASE_OPEN, "task__state__in": CHASED, "task__standing__paused_date__isnull": True}
    duties = Duty.objects.filter(unit__isnull=False, **open_work, **inside).order_by()
    leading = duties.filter(role__in=LEADING_ROLES)
    triggers = {rung.trigger for ladder in day.ladders.all() for rung in ladder.facts.rungs}
    if triggers & {Trigger.NEAR, Trigger.OVERDUE}:
        yield _pairs(leading.filter(task__due_date__lte=_horizon(day)))
    if Trigger.UNACKNOWLEDGED in triggers:
        late = Task.objects.filter(unacknowledged(today=day.date, clocks=day.clocks)).order_by().values("pk")
        yield _pairs(duties.filter(role__in=DOING_ROLES, acknowledged_at__isnull=True, task__in=late))
    if Trigger.SILENT in triggers:
        missing = Turn.objects.filter(state="missing", task__phase=PHASE_OPEN, closes_date__lt=day.date, **inside)
        yield _pairs(missing.order_by())
        silent = Task.objects.filter(unreported(today=day.date, clocks=day.clocks)).order_by().values("pk")
        yield _pairs(leading.filter(task__in=silent))
    if triggers & set(LIT):
        tasks = with_light(Task.objects.filter(state__in=CHASED), today=day.date, policy=day.policy)
        lit = tasks.filter(showing([CODES[colour] for colour in BEHIND])).order_by().values("pk")
        yield _pairs(leading.filter(task__in=lit))
    yield _pairs(Chase.objects.filter(stopped_at__isnull=True, **inside).order_by())


def _pairs(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.values_list("task_id", "unit_id")


def _horizon(day: Day) -> date:
    """The latest due date that any ladder calls near today."""
    days = [r.days for held in day.ladders.all() for r in held.facts.rungs if r.trigger == Trigger.NEAR]
    return day.calendar.add_workdays(day.date, max(days, default=0)) + timedelta(days=max(days, default=0))


def list_cases(pairs: Collection[Pair], *, day: Day) -> list[Case]:
    """These tasks and units with what is owed and due; a fixed number of queries however many they are."""
    ids = sorted({task for task, _unit in pairs})
    tasks = {row.pk: row for row in (TaskRow(*r) for r in Task.objects.filter(pk__in=ids).values_list(*COLUMNS))}
    known = _Known(day, tasks)
    cases = []
    for task_id, unit_id in pairs:
        task = tasks[task_id]
        ladder = day.ladders.of(task.owner_path, task.matter)
        chase = known.chases.get((task_id, unit_id))
        if chase:
            ladder = next((held for held in day.ladders.all() if held.id == chase.ladder_id), ladder)
        if ladder:
            cases.append(known.case(task, unit_id, ladder, chase))
    return cases


class _Known:
    """What the cases of some tasks depend on, read once for all of them."""

    def __init__(self, day: Day, tasks: dict[int, TaskRow]) -> None:
        ids = list(tasks)
        self.day = day
        self.duties = _list_duties(ids)
        self.asking = _list_asking(ids)
        self.told = _list_told({row.pk: row.hollow for row in tasks.values() if row.hollow}, since=day.date - LATELY)
        self.homes = list_homes(row.owner_path for row in tasks.values())
        self.missing = _list_missing(ids, today=day.date)
        self.chases = {(c.task_id, c.unit_id): c for c in Chase.objects.filter(task__in=ids, stopped_at__isnull=True)}
        self.steps = _list_last_steps([chase.pk for chase in self.chases.values()])
        self.last = _list_last_spells(ids)
        self.over = _list_over(ids, today=day.date)
        self.silent = _list_silent(ids, day=day)
        self.lights = _list_light_facts(ids) if _asks_for_lights(day) else {}

    def case(self, task: TaskRow, unit_id: int, ladder: HeldLadder, chase: Chase | None) -> Case:
        duties = self.duties.get((task.pk, unit_id), [])
        last, spell = self.last.get((task.pk, unit_id)), self._spell(chase)
        owed = self._owed(task, unit_id, duties, last)
        day, handler = self.day, next((d.handler_id for d in duties if d.handler_id), None)
        due = due_step(ladder.facts, owed, today=day.date, calendar=day.calendar, spell=spell, last=last)
        gone = task.state not in CHASED or not duties
        settled = chase is not None and (
            gone or task.paused_date is not None
            or (not owed.is_still and is_settled(ladder.facts, owed, today=day.date, calendar=day.calendar))
        )  # fmt: skip
        due = None if gone or settled or (chase is None and (task.pk, unit_id) in self.over) else due
        home = self.homes.get(task.owner_path, ladder.unit_id)
        return Case(task, unit_id, ladder, home, owed, chase, spell, due, settled, handler)

    def _spell(self, chase: Chase | None) -> Spell | None:
        if chase is None:
            return None
        step = self.steps.get(chase.pk)
        waits = step is not None and step.state == StepState.AWAITING
        return Spell(chase.rung, chase.rung_date, step.new_limit if step else None, is_awaiting=waits)

    def _owed(self, task: TaskRow, unit_id: int, duties: list[DutyRow], last: LastSpell | None) -> Owed:
        leads = any(duty.role in LEADING_ROLES for duty in duties)
        still = task.state not in CHASED or task.paused_date is not None or self._waits(task.pk, unit_id)
        reported = self.told.get(task.pk) if task.hollow else task.last_at
        reported = timezone.localtime(reported).date() if reported else None
        acted = max((d for d in (reported, last.stopped_date if last else None) if d), default=None)
        receipt = self._receipt(task) if any(d.acknowledged_at is None for d in duties) else None
        if not leads:
            return Owed(receipt_date=receipt, urgency=task.urgency, is_still=still, acted_date=acted)
        silent = self.missing.get((task.pk, unit_id)) or self._first(task)
        red, behind = self._lit(task, RED), self._lit(task, BEHIND)
        return Owed(task.due_date, receipt, silent, red, behind, task.urgency, is_still=still, acted_date=acted)

    def _waits(self, task_id: int, unit_id: int) -> bool:
        """Does the unit wait for an answer: more time asked for, or a decision of others?"""
        return (task_id, unit_id) in self.asking

    def _receipt(self, task: TaskRow) -> date | None:
        return self._clock_date(task, Kind.ACKNOWLEDGE)

    def _first(self, task: TaskRow) -> date | None:
        return self._clock_date(task, Kind.FIRST) if task.pk in self.silent else None

    def _clock_date(self, task: TaskRow, kind: str) -> date | None:
        clock = self.day.clocks.of(task.owner_path, task.matter)
        since = timezone.localtime(task.dispatched_at).date() if task.dispatched_at else None
        return step_date(clock, kind, since=since, calendar=self.day.calendar)

    def _lit(self, task: TaskRow, colours: frozenset[Colour]) -> date | None:
        facts = self.lights.get(task.pk)
        if facts is None:
            return None
        start = timezone.localtime(task.dispatched_at).date() if task.dispatched_at else self.day.date
        return lit_since(facts, colours, start=start, today=self.day.date, policy=self.day.policy)


def lit_since(
    facts: LightFacts, colours: frozenset[Colour], *, start: date, today: date, policy: Policy
) -> date | None:
    """Since when the light shows one of the colours, as the work stands now; time alone never betters a light."""

    def shows(day: date) -> bool:
        return light(facts, today=day, policy=policy).colour in colours

    if not shows(today):
        return None
    low, high = min(start, today), today
    while low < high:
        middle = low + (high - low) // 2
        low, high = (low, middle) if shows(middle) else (middle + timedelta(days=1), high)
    return low


def _asks_for_lights(day: Day) -> bool:
    return any(rung.trigger in LIT for held in day.ladders.all() for rung in held.facts.rungs)


def _list_duties(ids: list[int]) -> dict[Pair, list[DutyRow]]:
    found: dict[Pair, list[DutyRow]] = defaultdict(list)
    rows = Duty.objects.filter(task__in=ids, role__in=DOING_ROLES, unit__isnull=False).order_by("pk")
    for row in rows.values_list("task_id", "unit_id", "role", "acknowledged_at", "handler_id"):
        duty = DutyRow(*row)
        found[duty.task_id, duty.unit_id].append(duty)
    return found


def list_homes(paths: Iterable[str]) -> dict[str, int]:
    """The government or company in whose name units at these paths ask: the nearest at or above; one query."""
    chains = {path: ancestor_paths(path) for path in paths}
    wanted = {at for chain in chains.values() for at in chain}
    tenants = Unit.objects.filter(path__in=wanted, level__in=[level.value for level in TENANT_LEVELS]).order_by()
    known = dict(tenants.values_list("path", "pk"))
    found = {path: next((known[at] for at in reversed(chain) if at in known), None) for path, chain in chains.items()}
    return {path: pk for path, pk in found.items() if pk}


def _list_asking(ids: list[int]) -> set[Pair]:
    """Who waits for an answer about which task."""
    extensions = Extension.objects.filter(task__in=ids, state="requested").order_by()
    requests = Coordination.objects.filter(task__in=ids, state="open").order_by()
    return {*extensions.values_list("task_id", "unit_id"), *requests.values_list("task_id", "unit_id")}


def _list_told(hollow: dict[int, int], *, since: date) -> dict[int, datetime]:
    """When those who lead last reported something, for tasks whose last so many reports were hollow; one query."""
    lead = Duty.objects.filter(task=OuterRef("task"), role__in=LEADING_ROLES, unit__isnull=False)
    rows = Feedback.objects.filter(
        Exists(lead.filter(unit=OuterRef("unit"))) | ~Exists(lead), task__in=hollow, at__date__gte=since
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for task, at in rows.order_by("-at", "-pk").values_list("task_id", "at") if hollow else ():
        found[task].append(at)
    return {task: times[hollow[task]] for task, times in found.items() if len(times) > hollow[task]}


def _list_missing(ids: list[int], *, today: date) -> dict[Pair, date]:
    """Since when a unit's report is missing: the earliest closed window without one, and none came later."""
    missing = Turn.objects.filter(task__in=ids, state="missing", closes_date__lt=today).filter(
        Q(task__standing__last_at__isnull=True) | Q(task__standing__last_at__date__lte=F("closes_date"))
    )
    rows = missing.order_by().values("task_id", "unit_id").annotate(since=Min("closes_date"))
    return {(task, unit): since for task, unit, since in rows.values_list("task_id", "unit_id", "since")}


def _list_silent(ids: list[int], *, day: Day) -> set[int]:
    """Tasks whose first report is late."""
    late = Task.objects.filter(unreported(today=day.date, clocks=day.clocks), pk__in=ids)
    return set(late.order_by().values_list("pk", flat=True))


def _list_last_steps(chases: list[int]) -> dict[int, ChaseStep]:
    """The highest step of each chase."""
    return {step.chase_id: step for step in ChaseStep.objects.filter(chase__in=chases).order_by("chase_id", "rung")}


def _list_last_spells(ids: list[int]) -> dict[Pair, LastSpell]:
    """The latest chase that an action ended, by task and unit."""
    ended = Chase.objects.filter(task__in=ids, stopped_at__isnull=False).exclude(stopped_by=SETTLED)
    latest = ended.order_by().values("task_id", "unit_id").annotate(latest=Max("pk")).values("latest")
    rows = Chase.objects.filter(pk__in=latest).values_list(
        "task_id", "unit_id", "start_rung", "stopped_at", "stopped_by"
    )
    return {
        (task, unit): LastSpell(0 if by == REFUSED else rung, timezone.localtime(at).date())
        for task, unit, rung, at, by in rows
        if at is not None
    }


def _list_over(ids: list[int], *, today: date) -> set[Pair]:
    """Whose chase began and ended today: none begins twice in a day, however often this day is decided."""
    rows = Chase.objects.filter(task__in=ids, opened_date=today, stopped_at__isnull=False).order_by()
    return set(rows.values_list("task_id", "unit_id"))


def _list_light_facts(ids: list[int]) -> dict[int, LightFacts]:
    return list_facts(Task.objects.filter(pk__in=ids))
