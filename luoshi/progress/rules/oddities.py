"""What a superior may look at before confirming a reading; never a judgement of who reported it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

JUMP = 3  # times the last period's value


class Oddity(StrEnum):
    """Why a reading is worth a second look."""

    JUMPED = "jumped"
    FELL = "fell"
    REPEATED = "repeated"
    ON_TARGET = "on_target"


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading beside its neighbours: the period before, and where it stands to date against the target to date."""

    value: Decimal | None
    last: Decimal | None = None
    to_date: Decimal | None = None
    target_to_date: Decimal | None = None


def find_oddities(seen: Seen) -> tuple[Oddity, ...]:
    """What is odd about a reading; nothing about one that is missing, and a zero that stays zero is not odd."""
    found = []
    if seen.value is not None and seen.last is not None:
        high, low = abs(seen.value), abs(seen.last)
        if low and high > low * JUMP:
            found.append(Oddity.JUMPED)
        elif high * JUMP < low:
            found.append(Oddity.FELL)
        elif seen.value == seen.last and seen.value:
            found.append(Oddity.REPEATED)
    if seen.value is not None and seen.target_to_date and seen.to_date == seen.target_to_date:
        found.append(Oddity.ON_TARGET)
    return tuple(found)
