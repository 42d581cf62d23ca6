"""Who may verify whose work, and when more time may be asked for."""

from datetime import date

import pytest

from luoshi.supervision.rules import Bar, LateRequest, Times, bar_to_verify, fault_of_grant, fault_of_request

DUE = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("verifier", "unit", "as_office", "bar"),
    [
        (1, 20, False, Bar.OWN_WORK),
        (1, 20, True, Bar.OWN_WORK),
        (2, 10, False, Bar.OWN_UNIT),
        (2, 11, False, Bar.OWN_UNIT),
        (2, 10, True, None),
        (2, 20, False, None),
    ],
)
def test_doer_never_verifies(verifier: int, unit: int, as_office: bool, bar: Bar | None) -> None:
    found = bar_to_verify(
        verifier_id=verifier, verifier_unit_id=unit, as_office=as_office, submitted_by_id=1, doer_unit_ids={10, 11}
    )
    assert found == bar


@pytest.mark.parametrize(
    ("today", "due", "to", "fault"),
    [
        (date(2026, 12, 19), DUE, date(2026, 12, 21), None),
        (date(2026, 12, 20), DUE, date(2026, 12, 30), LateRequest.TOO_LATE),
        (date(2026, 12, 21), DUE, date(2026, 12, 30), LateRequest.TOO_LATE),
        (date(2026, 12, 1), DUE, DUE, LateRequest.NOT_LATER),
        (date(2026, 12, 1), None, DUE, LateRequest.NO_DUE_DATE),
    ],
)
def test_time_is_asked_for_before_the_due_date(
    today: date, due: date | None, to: date, fault: LateRequest | None
) -> None:
    assert fault_of_request(today=today, due_date=due, to_date=to) == fault


def test_granted_date_is_later_and_still_to_come() -> None:
    assert fault_of_grant(today=DUE, from_date=DUE, granted_date=date(2026, 12, 21)) is None
    assert fault_of_grant(today=DUE, from_date=DUE, granted_date=DUE) == LateRequest.NOT_LATER
    late = date(2027, 1, 5)
    assert fault_of_grant(today=late, from_date=DUE, granted_date=date(2027, 1, 4)) == LateRequest.IN_THE_PAST


def test_second_request_is_known_as_one() -> None:
    assert Times(approved=1, refused=0).is_repeat
    assert not Times(approved=0, refused=2).is_repeat
