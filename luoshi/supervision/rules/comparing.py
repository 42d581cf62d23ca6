"""What was reported against what a check found: pure rules."""

from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Found:
    """What a report said and what a check found; None is "not said" or "not checked". Percents are in points."""

    reported_percent: Decimal | None = None
    found_percent: Decimal | None = None
    reported_value: Decimal | None = None
    found_value: Decimal | None = None


def is_mismatch(found: Found, *, allowed: int) -> bool:
    """Did the check find otherwise than reported, by more than `allowed` points, or percent of the value reported?

    Nothing said or nothing checked is no mismatch. Against a reported zero any other value differs.
    """
    return _points_apart(found) > allowed or _value_apart(found) > allowed


def was_compared(found: Found) -> bool:
    """Was anything checked that had been reported?"""
    pairs = ((found.reported_percent, found.found_percent), (found.reported_value, found.found_value))
    return any(said is not None and seen is not None for said, seen in pairs)


def _points_apart(found: Found) -> Decimal:
    if found.reported_percent is None or found.found_percent is None:
        return Decimal(0)
    return abs(found.reported_percent - found.found_percent)


def _value_apart(found: Found) -> Decimal:
    if found.reported_value is None or found.found_value is None:
        return Decimal(0)
    apart = abs(found.reported_value - found.found_value)
    if found.reported_value == 0:
        return Decimal("Infinity") if apart else apart
    return HUNDRED * apart / abs(found.reported_value)
