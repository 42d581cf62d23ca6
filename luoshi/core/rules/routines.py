"""When what recurs falls due: every day at an hour, on working days only, or every so many minutes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from luoshi.core.rules.workdays import Calendar

MOST_MISSED = 400  # occurrences that are made good for at most: a daily routine of a site that stood still for a year
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
ATTEMPTS = len(PATIENCE) + 1
CatchUp = Literal["each", "latest"]


@dataclass(frozen=True, slots=True)
class Routine:
    """Something that happens by itself. `minutes` is 0 for what happens once a day at `at`."""

    name: str
    run: Callable[[datetime], object]
    at: time = time(0)
    minutes: int = 0
    workdays_only: bool = False
    catch_up: CatchUp = "each"
    label: Any = ""
    atomic: bool = False


def list_due(
    routine: Routine, *, last: datetime | None, now: datetime, zone: tzinfo, calendar: Calendar
) -> list[datetime]:
    """The moments after `last` up to `now` at which the routine falls due, oldest first, within bounds.

    A routine that never ran begins with the latest moment. One that makes good for the latest only keeps that.
    """
    backwards = _by_minutes(routine, now) if routine.minutes else _by_days(routine, now.astimezone(zone), calendar)
    most = MOST_MISSED if routine.catch_up == "each" and last else 1
    found: list[datetime] = []
    for moment in backwards:
        if len(found) == most or (last is not None and not _is_after(routine, moment, last, zone)):
            break
        found.append(moment)
    return found[::-1]


def next_due(routine: Routine, *, after: datetime, zone: tzinfo, calendar: Calendar) -> datetime:
    """The next moment after `after` at which the routine falls due."""
    if routine.minutes:
        return next(_by_minutes(routine, after)) + timedelta(minutes=routine.minutes)
    local = after.astimezone(zone)
    for n in range(MOST_MISSED):
        moment = _moment(local.date() + timedelta(days=n), routine.at, local.tzinfo)
        if moment > local and _counts(routine, moment.date(), calendar):
            return moment
    return local


def wait_before(attempt: int) -> timedelta:
    """How long to wait after so many attempts that failed."""
    return PATIENCE[min(attempt, len(PATIENCE)) - 1]


def _by_minutes(routine: Routine, now: datetime) -> Iterator[datetime]:
    step = routine.minutes * 60
    seconds = int(now.timestamp()) // step * step
    while True:
        yield datetime.fromtimestamp(seconds, tz=now.tzinfo)
        seconds -= step


def _by_days(routine: Routine, local: datetime, calendar: Calendar) -> Iterator[datetime]:
    day = local.date()
    while day.year > 1:
        moment = _moment(day, routine.at, local.tzinfo)
        if moment <= local and _counts(routine, day, calendar):
            yield moment
        day -= timedelta(days=1)


def _moment(day: date, at: time, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, at, tzinfo=zone)


def _counts(routine: Routine, day: date, calendar: Calendar) -> bool:
    return not routine.workdays_only or calendar.is_workday(day)


def _is_after(routine: Routine, moment: datetime, last: datetime, zone: tzinfo) -> bool:
    """Days are compared for what happens once a day: an hour that was changed makes no second time."""
    if routine.minutes:
        return moment > last
    return moment.astimezone(zone).date() > last.astimezone(zone).date()
