"""How far a value lies from where it should be, and whether that is good: more, less, or within a band."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from luoshi.tasks.rules.indicators import Direction

HUNDRED = Decimal(100)


class Side(StrEnum):
    """Where a value lies beside its target, in words that suit the direction."""

    EXACT = "exact"
    AHEAD = "ahead"
    BEHIND = "behind"
    UNDER = "under"
    OVER = "over"
    INSIDE = "inside"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"


KEPT = frozenset({Side.EXACT, Side.AHEAD, Side.UNDER, Side.INSIDE})


@dataclass(frozen=True, slots=True)
class Gap:
    """A distance of at least 0 and the side on which it lies."""

    side: Side
    size: Decimal

    @property
    def is_kept(self) -> bool:
        """Is the target kept or reached?"""
        return self.side in KEPT


def measure_gap(
    value: Decimal | None, *, target: Decimal | None, ceiling: Decimal | None = None, direction: str
) -> Gap | None:
    """The distance of a value to its target; None when either is missing."""
    if value is None or target is None:
        return None
    off = value - target
    if direction == Direction.BAND:
        return _band(off, top=None if ceiling is None else value - ceiling)
    if not off:
        return Gap(Side.EXACT, off)
    if direction == Direction.DOWN:
        return Gap(Side.OVER if off > 0 else Side.UNDER, abs(off))
    return Gap(Side.AHEAD if off > 0 else Side.BEHIND, abs(off))


def _band(off: Decimal, *, top: Decimal | None) -> Gap:
    if off < 0:
        return Gap(Side.TOO_LOW, -off)
    if top is not None and top > 0:
        return Gap(Side.TOO_HIGH, top)
    return Gap(Side.INSIDE, Decimal(0))
