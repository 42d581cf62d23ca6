"""Months as they ended: which are still to be frozen, and what a frozen month shows once it was caught up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from luoshi.progress.rules.palettes import CODES, Colour

STRIP = 12
MOST_MISSED = 24  # months that are made up for after a long standstill
_COLOURS = {code: colour for colour, code in CODES.items()}


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    """The last day of a month."""
    return month_of(month + timedelta(days=31)) - timedelta(days=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return month_of(month - timedelta(days=1))


def missing_months(last: date | None, *, today: date) -> list[date]:
    """The months that ended and are not frozen yet, oldest first; where none ever was, only the last one."""
    ended = month_before(month_of(today))
    if last is None:
        return [ended]
    found: list[date] = []
    while ended > last and len(found) < MOST_MISSED:
        found.append(ended)
        ended = month_before(ended)
    return found[::-1]


@dataclass(frozen=True, slots=True)
class MonthMark:
    """One month of a task: the colour it shows, that it ended with, and why; no colour where it was not under way."""

    month: date
    colour: Colour | None = None
    ended: Colour | None = None
    reason: str = ""
    caught_up_date: date | None = None


def shown_colour(code: int, *, caught_up_date: date | None, caught_up: str) -> Colour:
    """What a frozen month shows: a red one that was caught up may turn yellow, never green."""
    colour = _COLOURS[code]
    if colour == Colour.RED and caught_up_date is not None and caught_up == Colour.YELLOW:
        return Colour.YELLOW
    return colour


def make_strip(
    frozen: Iterable[tuple[date, int, str, date | None]], *, today: date, caught_up: str, length: int = STRIP
) -> tuple[MonthMark, ...]:
    """The last months that ended, oldest first, from rows of (month, light, reason, caught up on)."""
    held = {month: (code, reason, on) for month, code, reason, on in frozen}
    marks: list[MonthMark] = []
    for month in list_strip_months(today, length=length):
        if month in held:
            code, reason, on = held[month]
            colour = shown_colour(code, caught_up_date=on, caught_up=caught_up)
            marks.append(MonthMark(month, colour, _COLOURS[code], reason, on))
        else:
            marks.append(MonthMark(month))
    return tuple(marks)


def list_strip_months(today: date, *, length: int = STRIP) -> list[date]:
    """The last months that ended, oldest first."""
    found = [month_before(month_of(today))]
    while len(found) < length:
        found.append(month_before(found[-1]))
    return found[::-1]
