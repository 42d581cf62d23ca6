"""Forecast: on the pace of its own last reports, when will the work be done?

The pace is the median of the paces between every two reports of the window (Theil and Sen), so that one jump or one
slip does not decide; of two in the middle the slower one, which was really gone. The middle half of these paces gives
the span. Fewer than three reports say nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import ceil

from luoshi.progress.rules.lights import HUNDRED
from luoshi.progress.rules.paths import Point

LEAST = 3
STALE_DAYS = 45
FAR_DAYS = 3650


class Outcome(StrEnum):
    """What can be said."""

    DATED = "dated"
    REACHED = "reached"
    TOO_FEW = "too_few"
    STANDS_STILL = "stands_still"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Forecast:
    """On its own pace done by `done_date`, in the middle half of cases between `early` and `late`.

    `days_over` counts from the due date: above 0 it will be missed by so many days. Without `done_date` nothing honest
    can be said but the outcome. `is_stale` when the last report is long ago.
    """

    outcome: Outcome
    reports: int = 0
    done_date: date | None = None
    early: date | None = None
    late: date | None = None
    days_over: int | None = None
    last_date: date | None = None
    is_stale: bool = False

    @property
    def will_miss(self) -> bool:
        """Is the due date missed on this pace?"""
        return self.days_over is not None and self.days_over > 0


def forecast(points: Sequence[Point], *, today: date, due_date: date | None, days: int) -> Forecast:
    """The forecast from the points of the last `days`, in the order of their dates."""
    known = [p for p in points if p.date <= today]
    recent = [p for p in known if p.date > today - timedelta(days=days)]
    last = known[-1] if known else None
    if last is not None and last.percent >= HUNDRED:
        return Forecast(Outcome.REACHED, len(recent), last_date=last.date)
    if last is None or len(recent) < LEAST:
        return Forecast(Outcome.TOO_FEW, len(recent), last_date=last.date if last else None)
    stale = (today - last.date).days > STALE_DAYS
    paces = sorted(_pace(one, other) for one, other in combinations(recent, 2) if other.date > one.date)
    middle = paces[(len(paces) - 1) // 2]
    done = _reach(last, middle, today=today)
    if done is None:
        outcome = Outcome.STANDS_STILL if middle <= 0 else Outcome.FAR
        return Forecast(outcome, len(recent), last_date=last.date, is_stale=stale)
    return Forecast(
        Outcome.DATED,
        len(recent),
        done,
        early=_reach(last, _quantile(paces, Fraction(3, 4)), today=today),
        late=_reach(last, _quantile(paces, Fraction(1, 4)), today=today),
        days_over=(done - due_date).days if due_date else None,
        last_date=last.date,
        is_stale=stale,
    )


def _pace(one: Point, other: Point) -> Fraction:
    """Points a day between two reports."""
    return Fraction(other.percent - one.percent) / (other.date - one.date).days


def _quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value below which the share lies, between neighbours in proportion."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _reach(last: Point, pace: Fraction, *, today: date) -> date | None:
    """The day on which the rest is done at this pace, not before tomorrow: what is not reported is not done."""
    if pace <= 0:
        return None
    days = ceil(Fraction(HUNDRED - last.percent) / pace)
    if days > FAR_DAYS:
        return None
    return max(last.date + timedelta(days=days), today + timedelta(days=1))
