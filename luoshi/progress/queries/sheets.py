"""The sheet of a unit: every indicator it owes a reading of in a month, beside what it gave before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef

from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.progress.models import Confirmation, Coverage, Reading, Tally
from luoshi.progress.rules.periods import current_period, period_end, period_start, previous_day, report_date
from luoshi.tasks.models import LEADING_ROLES, TASK_STEP, Allotment, Duty, PeriodTarget
from luoshi.tasks.rules.access import DOERS
from luoshi.tasks.rules.states import ACTIVE, WORKING, State

ROWS = 200
ACTIVE_STATES = [state.value for state in ACTIVE]
TAKING = frozenset((*WORKING, State.SUBMITTED, State.UNDER_VERIFICATION))  # states in which readings are taken


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of a sheet: `reading` is what counts so far, `last` the value of the period before."""

    allotment: Allotment
    period: str
    reading: Reading | None
    last: Decimal | None
    to_date: Decimal | None
    target: Decimal | None
    is_locked: bool
    is_open: bool

    @property
    def is_missing(self) -> bool:
        return self.reading is None


def list_reporting_units(access: Access) -> list[Unit]:
    """The units for which the person gives readings, those that owe some first."""
    ids = [seat.unit_id for seat in access.seats if seat.role in DOERS]
    owes = Duty.objects.filter(unit=OuterRef("pk"), role__in=LEADING_ROLES, task__allotments__isnull=False)
    units = Unit.objects.filter(pk__in=ids).alias(owes=Exists(owes))
    return list(units.order_by("-owes", "path"))


def owes_readings(units: Iterable[int]) -> bool:
    """Do these units lead a task of which an indicator is read?"""
    return Duty.objects.filter(unit__in=list(units), role__in=LEADING_ROLES, task__allotments__isnull=False).exists()


def list_owed(units: Sequence[int], *, year: int) -> list[Allotment]:
    """The allotments of which these units give the readings themselves: they lead the task and it has no parts."""
    leads = Duty.objects.filter(task=OuterRef("task"), unit__in=units, role__in=LEADING_ROLES)
    parts = Coverage.objects.filter(allotment=OuterRef("pk"))
    owed = Allotment.objects.filter(Exists(leads), ~Exists(parts), indicator__year=year, task__state__in=ACTIVE_STATES)
    return list(owed.select_related("indicator", "task__owner").order_by("-indicator__is_main", "pk")[:ROWS])


def list_sheet(unit: Unit, *, month: date, today: date) -> list[SheetRow]:
    """What the unit owes in the periods that a month's last day (or today) belongs to; six queries."""
    owed = list_owed([unit.pk], year=month.year)
    day = min(today, period_end(f"{month:%Y-%m}"))
    asked = {row.pk: current_period(row.indicator.cadence, day) for row in owed}
    before = {row.pk: _before(row, day) for row in owed}
    ids, periods = list(asked), {*asked.values(), *before.values()}
    counting = Reading.objects.filter(allotment__in=ids, period__in=periods, replaced_at__isnull=True)
    readings = {(r.allotment_id, r.period): r for r in counting.select_related("by")}
    tallies = {(t.allotment_id, t.period): t for t in Tally.objects.filter(allotment__in=ids, period__in=periods)}
    planned = PeriodTarget.objects.filter(allotment__in=ids, period__in=periods)
    targets = {(pk, period): value for pk, period, value in planned.values_list("allotment", "period", "value")}
    locks = list_locks(owed)
    rows = []
    for row in owed:
        now, last = (row.pk, asked[row.pk]), tallies.get((row.pk, before[row.pk]))
        rows.append(
            SheetRow(
                allotment=row, period=asked[row.pk], reading=readings.get(now), last=last.value if last else None,
                to_date=tallies[now].to_date if now in tallies else None, target=targets.get(now),
                is_locked=asked[row.pk] <= locks[row.pk], is_open=row.task.state in TAKING,
            )
        )  # fmt: skip
    return rows


def _before(allotment: Allotment, day: date) -> str:
    """The period before the one that the day belongs to."""
    cadence = allotment.indicator.cadence
    return current_period(cadence, previous_day(period_start(cadence, day)))


def list_locks(allotments: Sequence[Allotment]) -> dict[int, str]:
    """By allotment, the last period that some level above has confirmed; one query."""
    above = {a.pk: _above(a.task.path or "") for a in allotments}
    standing = Confirmation.objects.filter(
        allotment__indicator__in={a.indicator_id for a in allotments}, reopened_at__isnull=True
    ).values_list("allotment__indicator_id", "allotment__task_id", "period")
    until: dict[tuple[int, int], str] = {}
    for indicator, task, period in standing:
        until[indicator, task] = max(period, until.get((indicator, task), ""))
    return {a.pk: max((until.get((a.indicator_id, task), "") for task in above[a.pk]), default="") for a in allotments}


def _above(path: str) -> list[int]:
    return [int(path[n : n + TASK_STEP]) for n in range(0, len(path) - TASK_STEP, TASK_STEP)]


@dataclass(frozen=True, slots=True)
class DueReadings:
    """What one unit has not read yet although it is late or soon due, with the first day and tier among it."""

    unit_id: int
    names: tuple[str, ...]
    day: date
    tier: int


def list_due_readings(units: Collection[int], *, today: date, soon: timedelta) -> list[DueReadings]:
    """By unit, what it owes of the period before and, once its day is near, of this one; three queries."""
    owed = [a for a in list_owed(list(units), year=today.year) if a.task.state in TAKING] if units else []
    if not owed:
        return []
    given = set(
        Reading.objects.filter(allotment__in=[a.pk for a in owed], replaced_at__isnull=True)
        .filter(period__startswith=str(today.year))
        .values_list("allotment_id", "period")
    )
    due = {a.pk: day for a in owed if (day := _first_due(a, given, today=today)) and day <= today + soon}
    leads = Duty.objects.filter(task__in={a.task_id for a in owed}, unit__in=units, role__in=LEADING_ROLES)
    by_task = dict(leads.order_by("-pk").values_list("task_id", "unit_id"))
    found: dict[int, list[Allotment]] = {}
    for a in owed:
        if a.pk in due and by_task.get(a.task_id):
            found.setdefault(by_task[a.task_id] or 0, []).append(a)
    return [
        DueReadings(
            unit, tuple(a.indicator.name for a in rows), min(due[a.pk] for a in rows), min(a.task.tier for a in rows)
        )
        for unit, rows in found.items()
    ]


def _first_due(allotment: Allotment, given: set[tuple[int, str]], *, today: date) -> date | None:
    """The day by which the first missing reading of the last period and this one is due."""
    cadence, start = allotment.indicator.cadence, allotment.task.start_date
    day_of = allotment.task.cadence_day if allotment.task.cadence == cadence else None
    for day in (previous_day(period_start(cadence, today)), today):
        due = report_date(cadence, cadence_day=day_of, today=day)
        began = start is None or due is None or start <= due
        if due and began and day.year == today.year and (allotment.pk, current_period(cadence, day)) not in given:
            return due
    return None
