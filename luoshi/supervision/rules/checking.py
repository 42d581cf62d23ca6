"""Who may verify whose work: pure rules."""

from collections.abc import Collection
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
