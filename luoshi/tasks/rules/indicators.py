"""Indicators: which way is better, and how readings add up over time and over units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from luoshi.tasks.rules.states import Cadence

HUNDRED = Decimal(100)
ZERO = Decimal(0)
LARGEST = Decimal(10) ** 11  # beyond it not every database keeps four places
SCALES = {"%": Decimal(100), "％": Decimal(100), "‰": Decimal(1000)}
_PERIODS = {
    Cadence.WEEKLY.value: r"W(0[1-9]|[1-4]\d|5[0-3])",
    Cadence.MONTHLY.value: r"(0[1-9]|1[0-2])",
    Cadence.QUARTERLY.value: r"Q[1-4]",
    Cadence.SEMIANNUAL.value: r"H[12]",
}


class Direction(StrEnum):
    """Whether more is better, less is better, or the value shall stay within a band."""

    UP = "up"
    DOWN = "down"
    BAND = "band"


class OverTime(StrEnum):
    """How the readings of a unit's periods become its value to date."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"


class OverUnits(StrEnum):
    """How the values of the parts become the value of the whole.

    MEAN is weighted by the named base; RATIO is Σ numerators over Σ denominators; LAST is the part that reported most
    recently; DONE counts the parts that reached their target.
    """

    SUM = "sum"
    MEAN = "mean"
    RATIO = "ratio"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a task owes of an indicator; `target` is the floor of a band. `periods` are targets to date by period."""

    target: Decimal | None = None
    ceiling: Decimal | None = None
    baseline: Decimal | None = None
    weight: Decimal = Decimal(1)
    periods: Mapping[str, Decimal] = field(default_factory=dict)


def is_reached(
    value: Decimal | None, *, direction: str, target: Decimal | None, ceiling: Decimal | None = None
) -> bool:
    """Does the value meet the target? A missing value or target is never met; a band without a side is open there."""
    if value is None or (target is None and (direction != Direction.BAND or ceiling is None)):
        return False
    if direction == Direction.DOWN:
        return target is not None and value <= target
    above = target is None or value >= target
    return above and (direction != Direction.BAND or ceiling is None or value <= ceiling)


def percent_reached(value: Decimal | None, *, direction: str, target: Decimal | None) -> Decimal | None:
    """How much of the target is reached, 0 to 100; None for a limit or a band, which is kept, not reached."""
    if value is None or target is None or direction != Direction.UP or target <= 0:
        return None
    return max(ZERO, min(HUNDRED, value / target * HUNDRED)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def scale_of(measure: str) -> Decimal:
    """What a ratio is multiplied by, so that it is shown in its unit of measure: 100 for %, 1000 for ‰, else 1."""
    return SCALES.get(measure.strip(), Decimal(1))


def is_period_of(period: str, *, cadence: str, year: int) -> bool:
    """Is it one of the year's periods, written as periods are (2026-11, 2026-Q4, 2026-H2, 2026)?"""
    if cadence == Cadence.ANNUAL:
        return period == str(year)
    return re.fullmatch(rf"{year}-{_PERIODS[cadence]}", period) is not None
