"""More time: when it may be asked for, who answers, and the versions of a due date (domain handbook §1.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luoshi.orgs.rules import TENANT_LEVELS, Access, Role

HIGHER = (Role.OFFICE, Role.HEAD)


class LateRequest(StrEnum):
    """Why more time cannot be asked for or given."""

    NO_DUE_DATE = "no_due_date"
    TOO_LATE = "too_late"
    AFTER_HOURS = "after_hours"
    NOT_LATER = "not_later"
    IN_THE_PAST = "in_the_past"


@dataclass(frozen=True, slots=True)
class Times:
    """How often a task's date was moved: `approved` times so far. A further request needs a second look."""

    approved: int
    refused: int

    @property
    def is_repeat(self) -> bool:
        return self.approved > 0

    @property
    def next_number(self) -> int:
        """Which extension a request made now would be; what was refused moved nothing."""
        return self.approved + 1


def fault_of_request(
    *, today: date, due_date: date | None, to_date: date, hour: int = 0, cutoff: int | None = None
) -> LateRequest | None:
    """What is wrong with a request for more time: it must come before the due date and name a later one (§1.6).

    Where a `cutoff` hour is set (hotline matters, whose days are few) the due day itself still does until then.
    """
    if due_date is None:
        return LateRequest.NO_DUE_DATE
    if today > due_date or (today == due_date and cutoff is None):
        return LateRequest.TOO_LATE
    if today == due_date and cutoff is not None and hour >= cutoff:
        return LateRequest.AFTER_HOURS
    return LateRequest.NOT_LATER if to_date <= due_date else None


def fault_of_grant(*, today: date, from_date: date, granted_date: date) -> LateRequest | None:
    """What is wrong with the date an approval gives: it must be later than the present one, and still to come."""
    if granted_date <= from_date:
        return LateRequest.NOT_LATER
    return LateRequest.IN_THE_PAST if granted_date < today else None


@dataclass(frozen=True, slots=True)
class Above:
    """A unit in the chain: the owner of a task, and the unit above it (None at the top of the tree)."""

    unit_id: int
    level: str
    parent_id: int | None = None


def deciding_unit(number: int, owner: Above, *, higher_from: int) -> int | None:
    """Who answers instead of the owner: from the second extension on the unit above it, for a government itself.

    0 switches the rule off. A government or company has nobody above it within the house: there its head decides and
    no longer the office alone.
    """
    if not higher_from or number < higher_from:
        return None
    return owner.unit_id if owner.level in TENANT_LEVELS or owner.parent_id is None else owner.parent_id


def may_decide_higher(access: Access, *, decider_id: int, decider_path: str, owner_id: int) -> bool:
    """May this person answer a repeated request? The head of the owner itself, or the office or head further up."""
    if access.admin:
        return False
    roles = (Role.HEAD,) if decider_id == owner_id else HIGHER
    return access.oversees(decider_path, roles=roles)


class Cause(StrEnum):
    """Why a due date changed."""

    ORIGINAL = "original"
    EXTENDED = "extended"
    PAUSED = "paused"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Version:
    """One due date of a task, since when it held, and why; `days` against the original one."""

    due_date: date
    cause: Cause
    since: date | None = None
    number: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One change of the due date: an extension that was granted, or a pause that ended after some days."""

    at: date
    to_date: date
    cause: Cause
    number: int = 0


def due_versions(original: date | None, *, moves: Iterable[Move], due_date: date | None) -> tuple[Version, ...]:
    """The due dates of a task in their order, the original first; a change of another kind shows as what it is."""
    if original is None:
        return ()
    found = [Version(original, Cause.ORIGINAL)]
    for move in sorted(moves, key=lambda m: (m.at, m.number)):
        found.append(Version(move.to_date, move.cause, move.at, move.number, (move.to_date - original).days))
    if due_date is not None and found[-1].due_date != due_date:
        found.append(Version(due_date, Cause.CHANGED, None, 0, (due_date - original).days))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lateness:
    """Both ways of counting: days after the date that holds, and after the one first set; negative is early."""

    against_due: int | None
    against_original: int | None


def lateness(*, ended: date | None, today: date, due_date: date | None, original: date | None) -> Lateness:
    """How late the work is or was: scores use the approved date, statistics show both (§1.6)."""
    day = ended or today
    return Lateness(
        (day - due_date).days if due_date else None,
        (day - original).days if original else None,
    )
