"""What an adaptation does to the sum of the parts: nothing is lost on the way down without being seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

RATES = ("%", "％", "‰", "倍", "百分点", "个百分点")  # figures of which a sum means nothing


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part whose target is to change: what it says, what is proposed, and the task above with its other parts."""

    target_value: Decimal | None
    proposed: Decimal | None
    target_unit: str = ""
    above: Decimal | None = None
    others: Decimal | None = None
    due_above: date | None = None
    proposed_date: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The parts' sum now and if accepted; `left` of the target above is then with nobody, negative what is too much."""

    now: Decimal | None = None
    then: Decimal | None = None
    above: Decimal | None = None
    is_after_above: bool = False

    @property
    def left(self) -> Decimal | None:
        return None if self.above is None or self.then is None else self.above - self.then


def is_rate(unit: str) -> bool:
    """Is a figure in this unit of measure one that does not add up?"""
    return unit in RATES or "/" in unit


def weigh(facts: PartFacts) -> Outcome:
    """What accepting means for the task above."""
    after = bool(facts.due_above and facts.proposed_date and facts.proposed_date > facts.due_above)
    if facts.above is None or is_rate(facts.target_unit):
        return Outcome(is_after_above=after)
    others, own = facts.others or Decimal(0), facts.target_value or Decimal(0)
    return Outcome(others + own, others + (own if facts.proposed is None else facts.proposed), facts.above, after)


def scale_path(values: Sequence[Decimal], *, old: Decimal | None, new: Decimal, places: int) -> list[Decimal]:
    """A path towards the old target turned towards the new one; a point that was the old target is the new one."""
    if not old:
        return list(values)
    step = Decimal(1).scaleb(-places)
    return [new if value == old else (value * new / old).quantize(step, rounding=ROUND_HALF_UP) for value in values]
