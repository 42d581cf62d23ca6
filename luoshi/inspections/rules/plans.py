"""What a plan must say, what may change after approval, and what an approver is warned of (art. 15, 若干规定).

A plan has content, objects, scope and time, its legal basis, and a way of looking. After approval objects, content
and scope are not widened: only days may shrink. Frequency is controlled: so much of one object a month, one
comprehensive inspection a year; more needs the approver's reason, and what touches counties and below is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luoshi.inspections.rules.kinds import Kind
from luoshi.orgs.rules import Level

GRASSROOTS = frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})
REQUIRED = ("basis", "content", "objects_text", "scope", "methods", "from_date", "to_date")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an organisation holds its inspections to (Limits as data; these are the preset)."""

    a_month: int = 1
    comprehensive_a_year: int = 1
    apart_months: int = 6
    recusal_years: int = 3
    random_percent: int = 30
    red_weight: int = 3
    critical_weight: int = 5
    mismatch_weight: int = 4
    look_back_months: int = 3
    look_back_percent: int = 20


@dataclass(frozen=True, slots=True)
class Other:
    """Another inspection of an object: whose, of which kind, when, about what."""

    id: int
    title: str
    unit: str
    kind: str
    from_date: date
    to_date: date


class Warned(StrEnum):
    """What an approver is told before saying yes."""

    SAME_WEEKS = "same_weeks"
    TOO_MANY_A_MONTH = "too_many_a_month"
    COMPREHENSIVE_AGAIN = "comprehensive_again"


@dataclass(frozen=True, slots=True)
class Load:
    """How often one object was inspected and what is said about it; counts are without the plan at hand."""

    object_id: int
    this_month: int
    this_year: int
    overlapping: tuple[Other, ...]
    warnings: tuple[Warned, ...]


def missing(plan: dict[str, object]) -> list[str]:
    """The names of the parts that a plan lacks (art. 15: 督查内容、对象和范围; arts. 11, 12)."""
    return [name for name in REQUIRED if not plan.get(name)]


def weigh_load(object_id: int, others: Sequence[Other], *, kind: str, first: date, last: date, bounds: Bounds) -> Load:
    """What one more inspection on these days would mean for an object."""
    month = [o for o in others if _months(o.from_date, o.to_date) & _months(first, last)]
    year = [o for o in others if o.from_date.year <= last.year and o.to_date.year >= first.year]
    overlapping = tuple(o for o in others if _weeks(o.from_date, o.to_date) & _weeks(first, last))
    full = sum(o.kind == Kind.COMPREHENSIVE for o in year)
    found = [
        Warned.SAME_WEEKS if overlapping else None,
        Warned.TOO_MANY_A_MONTH if len(month) >= bounds.a_month else None,
        Warned.COMPREHENSIVE_AGAIN if kind == Kind.COMPREHENSIVE and full >= bounds.comprehensive_a_year else None,
    ]
    return Load(object_id, len(month), len(year), overlapping, tuple(w for w in found if w))


def needs_reason(loads: Iterable[Load]) -> bool:
    """Does approval go against a warning, so that it needs its reason?"""
    return any(load.warnings for load in loads)


def count_grassroots(levels: Iterable[str]) -> int:
    """How many objects are counties or below, whose inspections are to be filed (若干规定: 县及以下)."""
    return sum(level in GRASSROOTS for level in levels)


def widens(before: tuple[date, date], after: tuple[date, date]) -> bool:
    """Would these days go beyond those approved? (art. 15: 不得随意扩大督查范围)"""
    return after[0] < before[0] or after[1] > before[1]


def _weeks(first: date, last: date) -> set[tuple[int, int]]:
    return {date.fromordinal(n).isocalendar()[:2] for n in _span(first, last)}


def _months(first: date, last: date) -> set[tuple[int, int]]:
    return {(day.year, day.month) for day in map(date.fromordinal, _span(first, last))}


def _span(first: date, last: date) -> range:
    return range(first.toordinal(), min(last.toordinal(), first.toordinal() + 3660) + 1)
