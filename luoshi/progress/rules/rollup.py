"""Roll-up: what a task's percent is, from its own report and from its parts; missing is never zero.

The percent of a parent is the mean of its reported children, weighted by their weights; unreported children are left
out of the mean and shown as "n of m reported" instead. Until a child has reported, the parent's own report stands.
Completed work counts 100. All sums are exact decimals: percent 4 places × weight 3 places = 7 places.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
ZERO = Decimal(0)
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Part:
    """What one child adds to its parent; `percent` None is missing. `reported` of `expected` leaves have a percent."""

    percent: Decimal | None
    weight: Decimal
    reported: int
    expected: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What the children of a task add up to: Σ weight·percent and Σ weight over those that have a percent."""

    weighted: Decimal = ZERO
    weight: Decimal = ZERO
    reported: int = 0
    expected: int = 0

    def with_part(self, part: Part | None) -> "Sums":
        """The sums after a child joins."""
        return self._moved(part, 1) if part else self

    def without_part(self, part: Part | None) -> "Sums":
        """The sums after a child leaves."""
        return self._moved(part, -1) if part else self

    def _moved(self, part: Part, sign: int) -> "Sums":
        given = part.percent is not None
        return Sums(
            weighted=self.weighted + (sign * part.weight * part.percent if part.percent is not None else ZERO),
            weight=self.weight + (sign * part.weight if given else ZERO),
            reported=self.reported + sign * part.reported,
            expected=self.expected + sign * part.expected,
        )


def percent_of(own: Decimal | None, sums: Sums, *, is_done: bool) -> Decimal | None:
    """The percent that counts, to 4 places: 100 when done, else the mean of the reported parts, else the own report."""
    if is_done:
        return HUNDRED
    if sums.weight > 0:
        return (sums.weighted / sums.weight).quantize(PLACES, ROUND_HALF_UP)
    return own


def part_of(own: Decimal | None, sums: Sums, *, weight: Decimal, is_done: bool) -> Part:
    """What a task adds to its parent. Without children it is one leaf; with children, the leaves below it."""
    percent = percent_of(own, sums, is_done=is_done)
    if sums.expected:
        return Part(percent, weight, sums.reported, sums.expected)
    return Part(percent, weight, int(percent is not None), 1)


@dataclass(frozen=True, slots=True)
class Node:
    """A task in the tree. `counts` is False for one that was withdrawn, merged or transferred."""

    id: int
    parent: int | None
    weight: Decimal
    own: Decimal | None
    is_done: bool = False
    counts: bool = True


def roll_up(nodes: Iterable[Node]) -> Iterator[tuple[int, Sums, Part]]:
    """The sums and the part of every task, recomputed from the leaves; children must come before their parents.

    Memory holds only the sums of parents whose children are still coming.
    """
    open_sums: dict[int, Sums] = {}
    for node in nodes:
        sums = open_sums.pop(node.id, Sums())
        part = part_of(node.own, sums, weight=node.weight, is_done=node.is_done)
        if node.parent is not None:
            above = open_sums.get(node.parent, Sums())
            open_sums[node.parent] = above.with_part(part) if node.counts else above
        yield node.id, sums, part


def percent_of_target(value: Decimal, *, op: str, target: Decimal) -> Decimal | None:
    """How much of a target to be reached a value is, 0 to 100; None for an upper limit, which is kept, not reached."""
    if op.startswith("<") or target <= 0:
        return None
    return max(ZERO, min(HUNDRED, value / target * HUNDRED)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def percent_said(percent: Decimal | None, *, value: Decimal | None, op: str, target: Decimal | None) -> Decimal | None:
    """The percent of a report: that of the value reached where a target can be measured by it, else the one typed."""
    if value is None or target is None:
        return percent
    reached = percent_of_target(value, op=op, target=target)
    return percent if reached is None else reached
