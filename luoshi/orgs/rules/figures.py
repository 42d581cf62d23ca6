"""Figures of units that targets are divided by: reading them, and which year's counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException

OLDEST, NEWEST = 1990, 2100
NAME_LIMIT, SOURCE_LIMIT = 40, 120
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the year it is of."""

    value: Decimal
    year: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure to be kept of a unit; without a value it is removed."""

    unit_id: int
    name: str
    year: int
    value: Decimal | None
    source: str = ""


def read_figure(text: str) -> Decimal | None:
    """A figure as typed, with or without thousands apart; None when it is none, or too large to be kept."""
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", ""))
    except DecimalException:
        return None
    return value.quantize(PLACES) if value.is_finite() and abs(value) < Decimal(10) ** 14 else None


def read_year(text: str) -> int | None:
    """A year as typed (2025 or 2025年)."""
    digits = text.strip().removesuffix("年")
    return int(digits) if digits.isascii() and digits.isdecimal() and OLDEST <= int(digits[:5]) <= NEWEST else None


def figure_of(figures: Mapping[int, Decimal], *, year: int) -> Figure | None:
    """The figure of the year, else of the latest year before it; None when there is none."""
    known: Iterable[int] = (known for known in figures if known <= year)
    latest = max(known, default=None)
    return None if latest is None else Figure(figures[latest], latest)


def plain(value: Decimal) -> str:
    """A figure without trailing zeros, as it reads back."""
    return f"{value.normalize():f}" if value else "0"
