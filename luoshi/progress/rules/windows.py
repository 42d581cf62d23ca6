"""Reporting windows (报送窗口): when they open and close, and how a turn that has closed is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from luoshi.core.rules.workdays import Calendar
from luoshi.progress.rules.periods import current_period, period_start, previous_day, report_date
from luoshi.tasks.rules.clocks import ClockFacts, add_days, last_start
from luoshi.tasks.rules.states import Cadence

FEW = 10  # a rate of fewer turns is said as a number of turns, never as a percentage
YEARS = (1900, 2100)  # of months that an address may ask for
CADENCE_DAYS = (None, *range(1, 32))


class TurnState(StrEnum):
    """What became of a closed window."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Window:
    """The window of one period; `final` is its last day with the days of grace, up to which reports are on time."""

    period: str
    starts: date
    opens: date
    closes: date
    final: date


@dataclass(frozen=True, slots=True)
class Closing:
    """Windows of one cadence that close for good on one day, whatever the day of the month their tasks name."""

    cadence: str
    days: tuple[int | None, ...]
    closes: date

    @property
    def period(self) -> str:
        return current_period(self.cadence, self.closes)

    @property
    def before(self) -> str:
        """The period before: a report that names it is late for that one."""
        return current_period(self.cadence, previous_day(self.starts))

    @property
    def starts(self) -> date:
        return period_start(self.cadence, self.closes)


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What is known of one unit's turn: when it first said something, and since when its clock stands still."""

    final: date
    starts: date
    said_date: date | None = None
    submitted_date: date | None = None
    paused_date: date | None = None


def opening_date(clock: ClockFacts, *, cadence: str, closes: date) -> date:
    """The first day of the window: its day of the closing month, else that of the month, or of the week."""
    start = period_start(cadence, closes)
    if cadence == Cadence.WEEKLY:
        return start
    month = closes.replace(day=1)
    if clock.opens_day is None or clock.opens_day > closes.day:
        return max(start, month)
    return closes.replace(day=clock.opens_day)


def final_date(clock: ClockFacts, *, closes: date, calendar: Calendar) -> date:
    """The last day on which a report is still on time."""
    return add_days(closes, clock.grace_days, in_workdays=clock.in_workdays, calendar=calendar)


def window_of(
    cadence: str, *, cadence_day: int | None, day: date, clock: ClockFacts, calendar: Calendar
) -> Window | None:
    """The window of the period that a day lies in; None where reports follow milestones."""
    closes = report_date(cadence, cadence_day=cadence_day, today=day)
    if closes is None:
        return None
    return Window(
        period=current_period(cadence, day),
        starts=period_start(cadence, day),
        opens=opening_date(clock, cadence=cadence, closes=closes),
        closes=closes,
        final=final_date(clock, closes=closes, calendar=calendar),
    )


def list_closings(last: date, *, grace: int, in_workdays: bool, calendar: Calendar) -> Iterator[Closing]:
    """The windows of which `last` was the last day, grace counted: the closing days c with c + grace = last."""
    first = last_start(last, grace, in_workdays=in_workdays, calendar=calendar)
    end = last_start(last + timedelta(days=1), grace, in_workdays=in_workdays, calendar=calendar)
    for number in range(1, (end - first).days + 1):
        closes = first + timedelta(days=number)
        for cadence in Cadence:
            days = tuple(d for d in CADENCE_DAYS if report_date(cadence, cadence_day=d, today=closes) == closes)
            if days:
                yield Closing(cadence.value, days, closes)


def judge_turn(turn: TurnFacts) -> TurnState:
    """On time, late, missing, or excused: its clock stood still, or its result lay with a verifier all the while."""
    if turn.said_date is not None and turn.said_date <= turn.final:
        return TurnState.ON_TIME
    if turn.submitted_date is not None and turn.submitted_date <= turn.final:
        return TurnState.ON_TIME if turn.submitted_date >= turn.starts else TurnState.EXCUSED
    if turn.paused_date is not None and turn.paused_date <= turn.final:
        return TurnState.EXCUSED
    return TurnState.LATE if turn.said_date is not None else TurnState.MISSING


@dataclass(frozen=True, slots=True)
class Rates:
    """Closed turns by what became of them."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    excused: int = 0

    @property
    def asked(self) -> int:
        """Turns in which something was owed."""
        return self.on_time + self.late + self.missing

    @property
    def is_few(self) -> bool:
        """Too few for a percentage to say anything."""
        return self.asked < FEW

    @property
    def percent(self) -> int | None:
        """On time, of those that were asked, rounded down; None for few."""
        return None if self.is_few else 100 * self.on_time // self.asked

    def __add__(self, other: "Rates") -> "Rates":
        return Rates(
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.excused + other.excused,
        )


def month_start(text: str) -> date | None:
    """The first day of a month as an address writes it (2026-11); None for what is none, or far from any plan."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if YEARS[0] <= month.year <= YEARS[1] else None


def open_periods(cadence: str, today: date) -> list[str]:
    """The periods that a report may be for: the present one, and the one before for a report that is late."""
    return [current_period(cadence, today), current_period(cadence, previous_day(period_start(cadence, today)))]


def months_back(month: date, count: int) -> list[date]:
    """The first days of so many months up to this one, the oldest first."""
    found = [month]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]
