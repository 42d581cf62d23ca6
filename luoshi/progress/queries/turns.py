"""Reporting as it closed (on time, late, missing), what closes this week, and the rows behind each number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.progress.models import Turn
from luoshi.progress.rules.periods import period_end, period_start, report_date
from luoshi.progress.rules.windows import Rates, TurnState, Window, months_back, opening_date, window_of
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.queries.clocks import calendar_from, get_clock, get_clocks, without_parts
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.states import ACTIVE, Cadence, State

YEAR = 12
UNITS = 400
SPAN = 400  # days that a period and its grace take at most
STATES = tuple(state.value for state in TurnState)
ASKING = [s.value for s in ACTIVE if s not in (State.SUBMITTED, State.UNDER_VERIFICATION)]


@dataclass(frozen=True, slots=True)
class UnitRates:
    """How one unit, or the units of one level together, reported in a month and in the year that ends with it."""

    name: str
    level: str
    month: Rates
    year: Rates
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Closes:
    """What closes on one day of the coming week: how many reports are owed and how many have come."""

    day: date
    opens: date
    cadence: str
    asked: int
    reported: int

    @property
    def waits(self) -> int:
        return self.asked - self.reported


def list_turns_for(access: Access) -> QuerySet[Turn]:
    """The closed turns that a person reads: of units at or below a seat, and of work that these asked for."""
    turns = Turn.objects.order_by()
    if access.admin:
        return turns
    return turns.filter(within(access.paths, "unit__path") | within(access.paths, "task__owner__path"))


def in_months(turns: QuerySet[Turn], first: date, *, last: date | None = None) -> QuerySet[Turn]:
    """The turns that closed in a month, or from one month to another."""
    end = (last or first).replace(day=28) + timedelta(days=4)
    return turns.filter(closes_date__gte=first, closes_date__lt=end.replace(day=1))


def list_unit_rates(access: Access, *, month: date, level: str = "") -> list[UnitRates]:
    """Each unit's rates of the month and the year, in the order of the tree; two queries."""
    of_year = _count(in_months(list_turns_for(access), months_back(month, YEAR)[0], last=month), "unit_id")
    of_month = _count(in_months(list_turns_for(access), month), "unit_id")
    units = Unit.objects.filter(pk__in=of_year).order_by("path")
    if level:
        units = units.filter(level=level)
    return [UnitRates(str(u), u.level, of_month.get(u.pk, Rates()), of_year[u.pk], unit_id=u.pk) for u in units[:UNITS]]


def sum_levels(rows: Iterable[UnitRates]) -> list[UnitRates]:
    """The same by level of unit, from above to below; no unit is set against another."""
    month: dict[str, Rates] = defaultdict(Rates)
    year: dict[str, Rates] = defaultdict(Rates)
    for row in rows:
        month[row.level] += row.month
        year[row.level] += row.year
    return [UnitRates("", level, month[level], year[level]) for level in month]


def list_month_rates(access: Access, *, month: date) -> list[tuple[date, Rates]]:
    """All that the person reads by month, the oldest first; one query."""
    months = months_back(month, YEAR)
    rows = in_months(list_turns_for(access), months[0], last=month).values_list("closes_date", "state")
    found: dict[date, dict[str, int]] = {first: defaultdict(int) for first in months}
    for closes, state, number in rows.annotate(number=Count("pk")):
        found[closes.replace(day=1)][state] += number
    return [(first, Rates(**found[first])) for first in months]


def _count(turns: QuerySet[Turn], name: str) -> dict[int, Rates]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
    for key, state, number in turns.values_list(name, "state").annotate(number=Count("pk")):
        found[key][state] = number
    return {key: Rates(**states) for key, states in found.items()}


def list_turn_rows(
    access: Access, *, first: date, last: date, unit: int | None = None, level: str = "", state: str = ""
) -> QuerySet[Turn]:
    """The turns behind a number, the latest close first."""
    turns = in_months(list_turns_for(access), first, last=last)
    exact = {"unit": unit, "unit__level": level, "state": state}
    chosen = turns.filter(**{name: value for name, value in exact.items() if value})
    return chosen.select_related("task", "unit").order_by("-closes_date", "unit__path", "task_id")


def get_window(task: Task, *, period: str) -> Window | None:
    """The window of a period of the task by its own clock; None where its reports follow milestones. Two queries."""
    if not task.cadence:
        return None
    day = period_end(period)
    clock = get_clock(task)
    calendar = calendar_from(period_start(task.cadence, day), SPAN)
    return window_of(task.cadence, cadence_day=task.cadence_day, day=day, clock=clock, calendar=calendar)


def list_task_turns(task: int, *, limit: int = YEAR) -> list[Turn]:
    """The latest closed turns of a task."""
    return list(Turn.objects.filter(task=task).select_related("unit").order_by("-closes_date", "pk")[:limit])


def list_closing(access: Access, *, today: date, days: int = 7) -> list[Closes]:
    """What closes from today on for a week, of the work the person sees; two queries."""
    said = Case(
        *[
            When(cadence=cadence.value, then=Value(_midnight(period_start(cadence, today)), DateTimeField()))
            for cadence in Cadence
        ]
    )
    led = Duty.objects.filter(task=OuterRef("pk"), role__in=LEADING_ROLES, unit__isnull=False)
    tasks = list_visible(access, whole=True).filter(without_parts(), Exists(led), state__in=ASKING).exclude(cadence="")
    rows: Any = tasks.order_by().alias(since=said).values_list("cadence", "cadence_day")
    counted = rows.annotate(asked=Count("pk"), reported=Count("pk", filter=Q(standing__last_at__gte=said)))
    found: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for cadence, day_of, asked, reported in counted:
        closes = report_date(cadence, cadence_day=day_of, today=today)
        if closes and today <= closes < today + timedelta(days=days):
            sums = found[closes, cadence]
            sums[0], sums[1] = sums[0] + asked, sums[1] + reported
    clock = _common_clock(access)
    return [
        Closes(day, opening_date(clock, cadence=cadence, closes=day), cadence, asked, reported)
        for (day, cadence), (asked, reported) in sorted(found.items())
    ]


def _common_clock(access: Access) -> Any:
    """The clocks of the person's own government for what comes by document."""
    home = access.homes[0] if access.homes else ""
    return get_clocks([home] if home else []).of(home, "document")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
