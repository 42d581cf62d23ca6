"""Clocks of a matter: receipt, first report, due, cadence and windows (domain handbook §1.5); presets are data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from luoshi.core.rules.workdays import Calendar
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import Cadence, Tier, Urgency

MOST_DAYS = 400
LAST_DAY = 31
COUNTED = ("acknowledge_days", "first_days", "due_days", "urgent_days", "immediate_days", "hard_days", "grace_days")
CADENCES = ("cadence_critical", "cadence_key", "cadence_routine")
WINDOW = ("opens_day", "closes_day")
FIELDS = ("in_workdays", *COUNTED, *CADENCES, *WINDOW)


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """The clocks of one kind of matter; None: no such clock runs. `hard_days` is for what is named hard or complex."""

    in_workdays: bool = True
    acknowledge_days: int | None = None
    first_days: int | None = None
    due_days: int | None = None
    urgent_days: int | None = None
    immediate_days: int | None = None
    hard_days: int | None = None
    grace_days: int = 0
    cadence_critical: str = Cadence.MONTHLY.value
    cadence_key: str = Cadence.MONTHLY.value
    cadence_routine: str = Cadence.QUARTERLY.value
    opens_day: int | None = None
    closes_day: int | None = None


class Kind(StrEnum):
    """The clocks that stop at a step of the work; the due date is the task's own."""

    ACKNOWLEDGE = "acknowledge"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the clocks propose for a task that says nothing itself; `hard_date` if it is hard or complex."""

    due_date: date | None = None
    hard_date: date | None = None
    cadence: str = ""
    cadence_day: int | None = None


def _county() -> dict[str, ClockFacts]:
    """文件30日、会议纪要20日、批示特急1日急5日一般15日疑难30日、热线5个工作日 [S12a, S14, S16]; 每月25日前报."""
    plain = ClockFacts(acknowledge_days=2, first_days=10, opens_day=20, closes_day=25, grace_days=1)
    return {
        Matter.DOCUMENT: replace(plain, due_days=30, urgent_days=10, immediate_days=3),
        Matter.MEETING: replace(plain, first_days=5, due_days=20, urgent_days=10, immediate_days=3),
        Matter.REMARK: replace(
            plain, acknowledge_days=1, first_days=5, due_days=15, urgent_days=5, immediate_days=1, hard_days=30
        ),
        Matter.HOTLINE: replace(
            plain, acknowledge_days=1, first_days=3, due_days=5, urgent_days=3, immediate_days=1, hard_days=15,
            cadence_critical="", cadence_key="", cadence_routine="", opens_day=None, closes_day=None,
        ),
        Matter.FINDING: replace(plain, first_days=5, due_days=30, urgent_days=15, immediate_days=5, hard_days=60),
        Matter.PROJECT: replace(plain, cadence_routine=Cadence.MONTHLY.value),
        Matter.PROPOSAL: replace(plain, due_days=60, hard_days=120, cadence_key=Cadence.QUARTERLY.value),
    }  # fmt: skip


def _shanxi() -> dict[str, ClockFacts]:
    """13710: 当日研究，3日内反馈，一般7日、重大复杂1个月落实，0即跟踪到底 [S5]; calendar days."""
    one = ClockFacts(
        in_workdays=False, acknowledge_days=1, first_days=3, due_days=7, urgent_days=7, immediate_days=3, hard_days=30,
        cadence_critical=Cadence.WEEKLY.value, cadence_routine=Cadence.MONTHLY.value, closes_day=28,
    )  # fmt: skip
    return _with_projects(one)


def _qinghai() -> dict[str, ClockFacts]:
    """710: 一般7日、较难1个月、年底清零 [S6]; calendar days."""
    one = ClockFacts(
        in_workdays=False, acknowledge_days=1, first_days=7, due_days=7, urgent_days=7, immediate_days=3, hard_days=30,
        cadence_routine=Cadence.MONTHLY.value, closes_day=28,
    )  # fmt: skip
    return _with_projects(one)


def _enterprise() -> dict[str, ClockFacts]:
    """A company's own rhythm: weekly for what is critical, the 28th for the rest."""
    plain = ClockFacts(
        acknowledge_days=1, first_days=5, due_days=20, urgent_days=5, immediate_days=2, hard_days=40,
        cadence_critical=Cadence.WEEKLY.value, cadence_routine=Cadence.MONTHLY.value, opens_day=24, closes_day=28,
    )  # fmt: skip
    return _with_projects(plain) | {Matter.REMARK: replace(plain, first_days=3, due_days=10, hard_days=20)}


def _with_projects(one: ClockFacts) -> dict[str, ClockFacts]:
    """One clock for all, but a project runs to the date of its own plan."""
    project = replace(one, due_days=None, urgent_days=None, immediate_days=None, hard_days=None)
    return {matter: project if matter == Matter.PROJECT else one for matter in Matter}


PRESETS: Mapping[str, Mapping[str, ClockFacts]] = {
    "county": _county(),
    "13710": _shanxi(),
    "710": _qinghai(),
    "enterprise": _enterprise(),
}


def add_days(start: date, days: int, *, in_workdays: bool, calendar: Calendar) -> date:
    """The `days`-th day after `start`, of working days or of all."""
    return calendar.add_workdays(start, days) if in_workdays else start + timedelta(days=days)


def last_start(end: date, days: int, *, in_workdays: bool, calendar: Calendar) -> date:
    """The latest day from which `days` have run out before `end`: add_days(day) < end ⇔ day <= last_start."""
    day = end - timedelta(days=1)
    if not in_workdays:
        return day - timedelta(days=days)
    while days > 0:
        days -= calendar.is_workday(day)
        day -= timedelta(days=1)
    return day


def days_of(clock: ClockFacts, kind: str) -> int | None:
    """Within how many days the step is to be taken."""
    return clock.acknowledge_days if kind == Kind.ACKNOWLEDGE else clock.first_days


def step_date(
    clock: ClockFacts, kind: str, *, since: date | None, calendar: Calendar, paused_days: int = 0
) -> date | None:
    """The day by which a step is to be taken, counted from the dispatch; days that the clock stood still follow."""
    days = days_of(clock, kind)
    if since is None or days is None:
        return None
    return add_days(since, days, in_workdays=clock.in_workdays, calendar=calendar) + timedelta(days=paused_days)


def acknowledge_date(clock: ClockFacts, *, dispatched: date | None, calendar: Calendar) -> date | None:
    """The day by which receipt is to be acknowledged (签收)."""
    return step_date(clock, Kind.ACKNOWLEDGE, since=dispatched, calendar=calendar)


def first_date(clock: ClockFacts, *, dispatched: date | None, calendar: Calendar) -> date | None:
    """The day by which the first report is due (首次反馈)."""
    return step_date(clock, Kind.FIRST, since=dispatched, calendar=calendar)


def due_days(clock: ClockFacts, *, urgency: int) -> int | None:
    """The limit where nothing is said; a missing limit for what is urgent is that of the ordinary."""
    named = {Urgency.IMMEDIATE: clock.immediate_days, Urgency.URGENT: clock.urgent_days}.get(Urgency(urgency))
    return clock.due_days if named is None else named


def cadence_of(clock: ClockFacts, *, tier: int) -> str:
    """How often a task of the tier reports."""
    named = {Tier.CRITICAL: clock.cadence_critical, Tier.KEY: clock.cadence_key}.get(Tier(tier))
    return clock.cadence_routine if named is None else named


def window_day(clock: ClockFacts, *, cadence: str) -> int | None:
    """The day by which a window closes; in weeks it is Friday, so that a day of the month says nothing there."""
    return None if cadence in (Cadence.NONE, Cadence.WEEKLY) else clock.closes_day


def make_offer(clock: ClockFacts, *, tier: int, urgency: int, since: date, calendar: Calendar) -> Offer:
    """The date and cadence that the clocks propose for a task that starts on a day."""
    days, hard = due_days(clock, urgency=urgency), clock.hard_days
    cadence = cadence_of(clock, tier=tier)
    count = partial(add_days, since, in_workdays=clock.in_workdays, calendar=calendar)
    return Offer(
        due_date=None if days is None else count(days),
        hard_date=None if hard is None or urgency < Urgency.NORMAL else count(hard),
        cadence=cadence,
        cadence_day=window_day(clock, cadence=cadence),
    )


class Fault(StrEnum):
    """Why a set of clocks cannot be kept."""

    DAYS = "days"
    CADENCE = "cadence"
    DAY = "day"
    ORDER = "order"
    FIRST = "first_before_receipt"


def check_clock(clock: ClockFacts) -> Fault | None:
    """The first thing that is wrong with the clocks of a matter."""
    counted = [getattr(clock, name) for name in COUNTED]
    if any(days is not None and not 0 <= days <= MOST_DAYS for days in counted):
        return Fault.DAYS
    if any(getattr(clock, name) not in set(Cadence) for name in CADENCES):
        return Fault.CADENCE
    if any(day is not None and not 1 <= day <= LAST_DAY for day in (clock.opens_day, clock.closes_day)):
        return Fault.DAY
    if clock.opens_day and clock.closes_day and clock.opens_day > clock.closes_day:
        return Fault.ORDER
    if (
        clock.first_days is not None
        and clock.acknowledge_days is not None
        and clock.first_days < clock.acknowledge_days
    ):
        return Fault.FIRST
    return None
