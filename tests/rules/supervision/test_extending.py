"""More time, by the rules of domain handbook §1.6: when it may be asked for, who answers, both ways of counting."""

from datetime import date

import pytest

from luoshi.orgs.rules import Access, Seat
from luoshi.supervision.rules.extending import (
    Above,
    Cause,
    Lateness,
    LateRequest,
    Move,
    deciding_unit,
    due_versions,
    fault_of_request,
    lateness,
    may_decide_higher,
)

DUE, LATER = date(2026, 12, 20), date(2027, 1, 20)
REQUESTS = [  # today, hour, cutoff, asked for → what is wrong
    (date(2026, 12, 19), 23, None, LATER, None),
    (DUE, 0, None, LATER, LateRequest.TOO_LATE),
    (DUE, 16, 17, LATER, None),
    (DUE, 17, 17, LATER, LateRequest.AFTER_HOURS),
    (date(2026, 12, 21), 9, 17, LATER, LateRequest.TOO_LATE),
    (date(2026, 12, 19), 9, None, DUE, LateRequest.NOT_LATER),
    (DUE, 9, 17, DUE, LateRequest.NOT_LATER),
]


@pytest.mark.parametrize(("today", "hour", "cutoff", "to", "fault"), REQUESTS)
def test_time_is_asked_for_before_the_due_date_and_hotline_matters_until_an_hour_of_it(
    today: date, hour: int, cutoff: int | None, to: date, fault: LateRequest | None
) -> None:
    assert fault_of_request(today=today, due_date=DUE, to_date=to, hour=hour, cutoff=cutoff) == fault


COUNTY, BUREAU, CITY, VILLAGE = (
    Above(1, "county", 9),
    Above(2, "department", 1),
    Above(9, "city"),
    Above(7, "village", 5),
)


@pytest.mark.parametrize(
    ("number", "owner", "higher_from", "unit"),
    [
        (1, COUNTY, 2, None),
        (1, BUREAU, 2, None),
        (2, COUNTY, 2, 1),
        (2, BUREAU, 2, 1),
        (2, VILLAGE, 2, 5),
        (2, CITY, 2, 9),
        (2, BUREAU, 3, None),
        (3, BUREAU, 3, 1),
        (5, BUREAU, 0, None),
        (5, BUREAU, 99, None),
    ],
)
def test_second_extension_is_answered_one_level_higher(
    number: int, owner: Above, higher_from: int, unit: int | None
) -> None:
    assert deciding_unit(number, owner, higher_from=higher_from) == unit


PATHS = {1: "01", 2: "0102", 9: "00"}


@pytest.mark.parametrize(
    ("role", "seat", "decider", "owner", "allowed"),
    [
        ("office", 1, 1, 1, False),  # the county's own second extension is not the office's to grant
        ("head", 1, 1, 1, True),
        ("office", 1, 1, 2, True),  # but a bureau's is
        ("head", 1, 1, 2, True),
        ("head", 2, 1, 2, False),  # and not the bureau's own any more
        ("handler", 1, 1, 2, False),
        ("observer", 1, 1, 2, False),
    ],
)
def test_repeated_request_is_for_the_head_of_the_owner_or_those_above(
    role: str, seat: int, decider: int, owner: int, allowed: bool
) -> None:
    access = Access(1, (Seat(role, seat, PATHS[seat], "01"),))
    assert may_decide_higher(access, decider_id=decider, decider_path=PATHS[decider], owner_id=owner) == allowed


def test_due_dates_are_listed_in_their_order_with_the_days_from_the_first() -> None:
    moves = [
        Move(date(2027, 1, 15), date(2027, 2, 20), Cause.EXTENDED, 2),
        Move(date(2026, 12, 1), date(2027, 1, 20), Cause.EXTENDED, 1),
        Move(date(2027, 2, 1), date(2027, 2, 25), Cause.PAUSED),
    ]
    found = due_versions(DUE, moves=moves, due_date=date(2027, 2, 25))
    assert [(v.cause.value, v.number, v.days) for v in found] == [
        ("original", 0, 0),
        ("extended", 1, 31),
        ("extended", 2, 62),
        ("paused", 0, 67),
    ]
    assert [v.cause.value for v in due_versions(DUE, moves=[], due_date=LATER)] == ["original", "changed"]
    assert due_versions(None, moves=[], due_date=DUE) == ()


def test_lateness_is_counted_against_both_dates() -> None:
    ended = date(2027, 1, 25)
    assert lateness(ended=ended, today=LATER, due_date=LATER, original=DUE) == Lateness(5, 36)
    assert lateness(ended=None, today=date(2027, 1, 10), due_date=LATER, original=DUE) == Lateness(-10, 21)
    assert lateness(ended=None, today=DUE, due_date=None, original=None) == Lateness(None, None)
