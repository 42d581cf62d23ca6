"""Readings added up: first each leaf over time, then the parts over units, level by level; missing is never zero.

| over units | value of the whole (parts without a value are left out)                   |
|------------|----------------------------------------------------------------------------|
| SUM        | Σ value                                                                    |
| MEAN       | Σ weight·value ÷ Σ weight; no value where no weight is positive            |
| RATIO      | Σ numerator ÷ Σ denominator × scale; no value where Σ denominator is 0     |
| LAST       | the value of the part whose newest period is the newest, then that said last |
| MIN, MAX   | the lowest, the highest value                                              |
| DONE       | how many parts meet their target of the year                               |

A whole without a figure of any part shows its own reading; from the first period with a figure of a part on, the parts
alone count. Figures are kept to four places, rounded half up; ratios are added up by their parts and divided once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from luoshi.tasks.rules.indicators import OverTime, OverUnits, is_reached, scale_of

ZERO = Decimal(0)
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Method:
    """How an indicator adds up."""

    over_time: str
    over_units: str
    direction: str
    measure: str = ""

    @property
    def is_ratio(self) -> bool:
        return self.over_units == OverUnits.RATIO


@dataclass(frozen=True, slots=True)
class Goal:
    """What a part owes, and what it weighs."""

    target: Decimal | None = None
    ceiling: Decimal | None = None
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with the newest period and moment that it rests on. `value` None: nothing can be said (0 ÷ 0)."""

    value: Decimal | None
    period: str
    at: datetime
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What an allotment comes to by one period: `now` in it (None: nothing reported), `to_date` since the year began.

    `reported` leaves have a reading of the period, `heard` of any so far; `reached` parts meet their target to date.
    """

    now: Figure | None
    to_date: Figure
    reported: int
    heard: int
    reached: int


def round_half_up(value: Decimal) -> Decimal:
    """To the four places that are kept."""
    return value.quantize(PLACES, ROUND_HALF_UP)


def ratio(numerator: Decimal, denominator: Decimal, *, measure: str) -> Decimal | None:
    """The one over the other in the unit of measure; None over zero."""
    return round_half_up(numerator * scale_of(measure) / denominator) if denominator else None


def read(
    period: str, at: datetime, *, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None,
    method: Method,
) -> Figure:  # fmt: skip
    """The figure of one reading."""
    if method.is_ratio and numerator is not None and denominator is not None:
        value = ratio(numerator, denominator, measure=method.measure)
    return Figure(value, period, at, numerator, denominator)


def over_time(figures: Sequence[Figure], method: Method) -> Figure:
    """The value to date of one leaf from its readings, in the order of their periods; there is at least one."""
    last = figures[-1]
    if method.over_time == OverTime.LAST:
        return last
    if method.over_time in (OverTime.MIN, OverTime.MAX):
        valued = [f for f in figures if f.value is not None]
        choose = min if method.over_time == OverTime.MIN else max
        found = choose(valued, key=lambda f: f.value or ZERO) if valued else last
        return Figure(found.value, last.period, last.at, found.numerator, found.denominator)
    if method.is_ratio:  # the mean of a ratio is that of its sums, too
        top, bottom = (sum((getattr(f, name) or ZERO for f in figures), ZERO) for name in ("numerator", "denominator"))
        return Figure(ratio(top, bottom, measure=method.measure), last.period, last.at, top, bottom)
    total = sum((f.value or ZERO for f in figures), ZERO)
    mean = method.over_time == OverTime.MEAN
    return Figure(round_half_up(total / len(figures)) if mean else total, last.period, last.at)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the figures of several parts add up to, all that any operator needs. `parts` have a figure at all."""

    parts: int = 0
    valued: int = 0
    total: Decimal = ZERO
    weighted: Decimal = ZERO
    weight: Decimal = ZERO
    numerator: Decimal = ZERO
    denominator: Decimal = ZERO
    least: Decimal | None = None
    most: Decimal | None = None
    done: int = 0
    period: str = ""
    at: datetime | None = None
    last: tuple[str, datetime, int] | None = None  # period, moment and number of the part that said last
    last_value: Decimal | None = None

    def with_part(self, figure: Figure, goal: Goal, *, part: int, method: Method) -> "Sums":
        """The sums after a part joins."""
        value, key = figure.value, (figure.period, figure.at, part)
        is_newer = self.last is None or key > self.last
        base = replace(
            self,
            parts=self.parts + 1,
            numerator=self.numerator + (figure.numerator or ZERO),
            denominator=self.denominator + (figure.denominator or ZERO),
            done=self.done + is_reached(value, direction=method.direction, target=goal.target, ceiling=goal.ceiling),
            period=max(self.period, figure.period),
            at=figure.at if self.at is None else max(self.at, figure.at),
            last=key if is_newer else self.last,
            last_value=value if is_newer else self.last_value,
        )
        return base if value is None else base._with_value(value, goal.weight)

    def _with_value(self, value: Decimal, weight: Decimal) -> "Sums":
        return replace(
            self,
            valued=self.valued + 1,
            total=self.total + value,
            weighted=self.weighted + weight * value,
            weight=self.weight + weight,
            least=value if self.least is None else min(self.least, value),
            most=value if self.most is None else max(self.most, value),
        )


def over_units(sums: Sums, method: Method) -> Figure | None:
    """The figure of a whole from those of its parts; None where no part has one."""
    if not sums.parts or sums.at is None:
        return None
    period, at = sums.last[:2] if sums.last and method.over_units == OverUnits.LAST else (sums.period, sums.at)
    if method.is_ratio:
        value = ratio(sums.numerator, sums.denominator, measure=method.measure)
        return Figure(value, period, at, sums.numerator, sums.denominator)
    return Figure(_value(sums, method.over_units), period, at)


def _value(sums: Sums, operator: str) -> Decimal | None:
    if operator == OverUnits.LAST:
        return sums.last_value
    if not sums.valued:
        return None
    if operator == OverUnits.MEAN:
        return round_half_up(sums.weighted / sums.weight) if sums.weight > 0 else None
    if operator == OverUnits.DONE:
        return Decimal(sums.done)
    return {OverUnits.SUM: sums.total, OverUnits.MIN: sums.least, OverUnits.MAX: sums.most}[OverUnits(operator)]


@dataclass(frozen=True, slots=True)
class PartSums:
    """The parts of a whole in one period: their figures of it and to date, and how many leaves have spoken."""

    now: Sums = Sums()
    to_date: Sums = Sums()
    reported: int = 0
    heard: int = 0

    def with_part(self, count: Count, goal: Goal, *, part: int, method: Method) -> "PartSums":
        """The sums after a part joins."""
        now = self.now.with_part(count.now, goal, part=part, method=method) if count.now else self.now
        to_date = self.to_date.with_part(count.to_date, goal, part=part, method=method)
        return PartSums(now, to_date, self.reported + count.reported, self.heard + count.heard)


def count_up(
    own: Sequence[Figure], parts: Mapping[str, PartSums], *, periods: Iterable[str], method: Method, is_leaf: bool
) -> dict[str, Count]:
    """What an allotment comes to in each period, from its own readings (in order) and the sums of its parts.

    Periods before the first figure have no entry.
    """
    found: dict[str, Count] = {}
    for period in periods:
        given = parts.get(period)
        so_far = [f for f in own if f.period <= period]
        if given is not None and given.to_date.parts:
            found[period] = _of_parts(given, method)
        elif so_far:
            now = so_far[-1] if so_far[-1].period == period else None
            found[period] = Count(now, over_time(so_far, method), int(is_leaf and now is not None), int(is_leaf), 0)
    return found


def _of_parts(given: PartSums, method: Method) -> Count:
    to_date = over_units(given.to_date, method)
    assert to_date is not None
    return Count(over_units(given.now, method), to_date, given.reported, given.heard, given.to_date.done)
