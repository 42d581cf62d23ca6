"""Who proposes, who consents, who decides when a task changes hands."""

import pytest

from luoshi.orgs.rules import Access, Seat
from luoshi.supervision.rules.changing import (
    ChangeFacts,
    ChangeFault,
    Stage,
    fault_of_change,
    is_shirked,
    may_consent,
    needs_consent,
    stage_of,
)


def seat(role: str, path: str, *, person: int = 5, unit: int = 3) -> Access:
    return Access(person, (Seat(role, unit, path, "01"),))


@pytest.mark.parametrize(
    ("kind", "given", "fault"),
    [
        ("transfer", {"to_unit_id": 3}, None),
        ("transfer", {}, ChangeFault.NO_UNIT),
        ("transfer", {"to_unit_id": 2}, ChangeFault.SAME_UNIT),
        ("transfer", {"to_unit_id": 3, "reason": " "}, ChangeFault.NO_REASON),
        ("merge", {"into_id": 8}, None),
        ("merge", {"into_id": 7}, ChangeFault.NO_TASK),
        ("merge", {}, ChangeFault.NO_TASK),
        ("split", {"parts": 2}, None),
        ("split", {}, ChangeFault.NO_PARTS),
    ],
)
def test_change_needs_its_reason_and_where_it_goes(
    kind: str, given: dict[str, object], fault: ChangeFault | None
) -> None:
    whole = {"reason": "职能划转", "unit_id": 2, "to_unit_id": None, "into_id": None, "task_id": 7, "parts": 0, **given}
    assert fault_of_change(kind, **whole) == fault  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("access", "kind", "decides", "asked"),
    [
        (seat("office", "01"), "transfer", True, False),  # a common superior orders it
        (seat("head", "0102"), "transfer", True, True),  # who decides on the task but does not stand above the other
        (seat("sponsor", "01"), "transfer", True, True),
        (seat("office", "01"), "transfer", False, True),
        (seat("head", "0102"), "split", True, False),
        (seat("head", "0102"), "merge", True, False),
    ],
)
def test_consent_is_asked_unless_a_common_superior_decides(
    access: Access, kind: str, decides: bool, asked: bool
) -> None:
    assert needs_consent(access, kind=kind, to_path="0103", decides=decides) == asked


TRANSFER = ChangeFacts("transfer", "proposed", by_id=9, to_unit_id=3, to_path="0103")


def test_unit_that_takes_it_over_consents_but_not_who_proposed_it() -> None:
    assert may_consent(seat("handler", "0103"), TRANSFER)
    assert not may_consent(seat("handler", "0103", person=9), TRANSFER)
    assert not may_consent(seat("observer", "0103"), TRANSFER)
    assert not may_consent(seat("head", "01", unit=1), TRANSFER)
    assert not may_consent(seat("handler", "0103"), ChangeFacts("split", "proposed", 9))


def test_transfer_waits_for_consent_first_and_the_others_for_the_decision() -> None:
    assert stage_of(TRANSFER) == Stage.CONSENT
    assert stage_of(ChangeFacts("transfer", "consented", 9, 3, "0103", has_consent=True)) == Stage.DECISION
    assert stage_of(ChangeFacts("merge", "proposed", 9)) == Stage.DECISION
    assert stage_of(ChangeFacts("merge", "done", 9)) == Stage.DONE


def test_lead_that_changed_more_than_twice_is_pointed_out() -> None:
    assert [is_shirked(n, most=2) for n in (0, 2, 3)] == [False, False, True]
