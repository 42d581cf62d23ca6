"""Who may verify whose work, and when more time may be asked for: pure rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Bar(StrEnum):
    """Why a person may not verify a submission."""

    OWN_WORK = "own_work"
    OWN_UNIT = "own_unit"


def bar_to_verify(
    *,
    verifier_id: int,
    verifier_unit_id: int,
    as_office: bool,
    submitted_by_id: int,
    doer_unit_ids: Collection[int],
) -> Bar | None:
    """What keeps this person from verifying: the doer never verifies, nor does a doing unit unless as the office."""
    if verifier_id == submitted_by_id:
        return Bar.OWN_WORK
    if verifier_unit_id in doer_unit_ids and not as_office:
        return Bar.OWN_UNIT
    return None


class LateRequest(StrEnum):
    """Why more time cannot be asked for or given."""

    NO_DUE_DATE = "no_due_date"
    TOO_LATE = "too_late"
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


def fault_of_request(*, today: date, due_date: date | None, to_date: date) -> LateRequest | None:
    """What is wrong with a request for more time: it must come before the due date and name a later one (§1.6)."""
    if due_date is None:
        return LateRequest.NO_DUE_DATE
    if today >= due_date:
        return LateRequest.TOO_LATE
    return LateRequest.NOT_LATER if to_date <= due_date else None


def fault_of_grant(*, today: date, from_date: date, granted_date: date) -> LateRequest | None:
    """What is wrong with the date an approval gives: it must be later than the present one, and still to come."""
    if granted_date <= from_date:
        return LateRequest.NOT_LATER
    return LateRequest.IN_THE_PAST if granted_date < today else None
