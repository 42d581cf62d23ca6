"""Laying a year's target over its periods: evenly, or along another year's curve; always as targets to date."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from luoshi.tasks.rules.division import divide_by_weights
from luoshi.tasks.rules.indicators import OverTime

CELLS = re.compile(r"[\t\n;；]+")
DATED = re.compile(r"^\d{4}-(\d\d|[QH]\d|W\d\d)$")


def spread_evenly(
    target: Decimal, *, count: int, over_time: str, baseline: Decimal | None = None, places: int = 0
) -> list[Decimal]:
    """Where the year's target should stand by the end of each of `count` periods, the last being the target itself.

    What adds up grows from nothing; a level (latest period) moves from the baseline, or else is the target all year;
    a mean, lowest or highest period is the target all year.
    """
    if over_time == OverTime.SUM:
        return list(accumulate(divide_by_weights(target, weights=[Decimal(1)] * count, places=places)))
    if over_time == OverTime.LAST and baseline is not None:
        step = Decimal(1).scaleb(-places)
        way = [baseline + (target - baseline) * n / count for n in range(1, count)]
        return [*(value.quantize(step, rounding=ROUND_HALF_UP) for value in way), target]
    return [target] * count


def spread_by_curve(target: Decimal, *, curve: Sequence[Decimal], over_time: str, places: int = 0) -> list[Decimal]:
    """The target laid along what each period of another year was: its share of that year, or its distance to the end.

    Raises ValueError for a curve that adds up to nothing or is negative.
    """
    if over_time == OverTime.SUM:
        return list(accumulate(divide_by_weights(target, weights=list(curve), places=places)))
    last = curve[-1]
    if not last:
        raise ValueError("a curve that ends at zero gives no proportion")
    step = Decimal(1).scaleb(-places)
    return [*((target * value / last).quantize(step, rounding=ROUND_HALF_UP) for value in curve[:-1]), target]


def read_numbers(text: str) -> list[Decimal | None]:
    """Numbers pasted from a row or a column of a sheet, in order; None for an empty cell. Raises ValueError."""
    cells = [cell.strip() for cell in CELLS.split(text.strip("\r\n")) if not DATED.match(cell.strip())]
    return [read_number(cell) for cell in cells]


def read_number(cell: str) -> Decimal | None:
    """A number as people write it: thousands apart, full-width commas, a percent sign. Raises ValueError."""
    plain = cell.replace(",", "").replace("，", "").replace(" ", "").removesuffix("%").removesuffix("％")
    if plain in ("", "-", "—"):
        return None
    try:
        value = Decimal(plain)
    except ArithmeticError as fault:
        raise ValueError(cell) from fault
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise ValueError(cell)
    return value
