"""What a plan needs, what an approver is warned of, and the days of objection, review and recusal."""

from datetime import date, timedelta

import pytest

from luoshi.core.rules.workdays import Calendar
from luoshi.inspections.rules.days import (
    Held,
    TooLate,
    bars_review,
    fault_of_objection,
    months_before,
    objection_until,
    recusal_of,
    review_until,
)
from luoshi.inspections.rules.plans import (
    Bounds,
    Other,
    Warned,
    count_grassroots,
    missing,
    needs_reason,
    weigh_load,
    widens,
)

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)  # Monday to Friday
WHOLE = {
    "basis": "县政府常务会议", "content": "秸秆禁烧", "objects_text": "各乡镇", "scope": "县域", "methods": ["visit"],
    "from_date": FIRST, "to_date": LAST,
}  # fmt: skip


@pytest.mark.parametrize("part", list(WHOLE))
def test_plan_without_a_part_is_not_whole(part: str) -> None:
    assert missing(WHOLE | {part: None}) == [part]
    assert missing(WHOLE) == []


def other(first: date, days: int = 2, kind: str = "special") -> Other:
    return Other(1, "安全生产", "县应急局", kind, first, first + timedelta(days=days))


@pytest.mark.parametrize(
    ("others", "kind", "warnings"),
    [
        ([], "special", ()),
        ([other(date(2026, 11, 26))], "special", (Warned.SAME_WEEKS, Warned.TOO_MANY_A_MONTH)),
        ([other(date(2026, 11, 21), 1)], "special", (Warned.TOO_MANY_A_MONTH,)),  # the weekend before
        ([other(date(2026, 11, 2))], "special", (Warned.TOO_MANY_A_MONTH,)),
        ([other(date(2026, 10, 2))], "special", ()),
        ([other(date(2026, 3, 2), kind="comprehensive")], "comprehensive", (Warned.COMPREHENSIVE_AGAIN,)),
        ([other(date(2025, 3, 2), kind="comprehensive")], "comprehensive", ()),
        ([other(date(2026, 3, 2), kind="special")], "comprehensive", ()),
    ],
)
def test_approver_is_warned_of_overlaps_and_of_too_many(
    others: list[Other], kind: str, warnings: tuple[Warned, ...]
) -> None:
    load = weigh_load(9, others, kind=kind, first=FIRST, last=LAST, bounds=Bounds())
    assert load.warnings == warnings
    assert needs_reason([load]) is bool(warnings)


def test_limits_are_those_of_the_organisation() -> None:
    others = [other(date(2026, 11, 2))]
    load = weigh_load(9, others, kind="special", first=FIRST, last=LAST, bounds=Bounds(a_month=2))
    assert (load.this_month, load.this_year, load.warnings) == (1, 1, ())


def test_counties_and_below_are_counted_for_filing() -> None:
    assert count_grassroots(["department", "county", "township", "village", "city"]) == 3


def test_days_may_shrink_but_not_widen_after_approval() -> None:
    approved = (FIRST, LAST)
    assert not widens(approved, (FIRST + timedelta(days=1), LAST))
    assert widens(approved, (FIRST - timedelta(days=1), LAST))
    assert widens(approved, (FIRST, LAST + timedelta(days=1)))


@pytest.mark.parametrize(
    ("received", "off", "until"),
    [
        (date(2026, 11, 23), [], date(2026, 12, 23)),
        (date(2026, 11, 5), [], date(2026, 12, 7)),  # the thirtieth day is a Saturday
        (date(2026, 12, 2), [date(2027, 1, 1)], date(2027, 1, 4)),  # a holiday, then a weekend
    ],
)
def test_objection_ends_thirty_days_after_receipt_on_a_working_day(
    received: date, off: list[date], until: date
) -> None:
    assert objection_until(received, Calendar(off=frozenset(off))) == until


def test_review_takes_thirty_days_and_no_weekend_lengthens_it() -> None:
    assert review_until(date(2026, 11, 5)) == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("state", "received", "has_one", "on", "fault"),
    [
        ("issued", FIRST, False, date(2026, 12, 23), None),
        ("issued", FIRST, False, date(2026, 12, 24), TooLate.OVER),
        ("issued", None, False, FIRST, TooLate.NOT_RECEIVED),
        ("draft", None, False, FIRST, TooLate.NOT_FED_BACK),
        ("issued", FIRST, True, FIRST, TooLate.ALREADY),
        ("withdrawn", FIRST, False, FIRST, TooLate.NOT_FED_BACK),
    ],
)
def test_objection_is_taken_to_its_last_day_and_once(
    state: str, received: date | None, has_one: bool, on: date, fault: TooLate | None
) -> None:
    until = date(2026, 12, 23) if received else None
    assert fault_of_objection(state=state, received=received, until=until, has_one=has_one, on=on) == fault


def test_whoever_took_part_keeps_out_of_the_review() -> None:
    assert bars_review(3, took_part={1, 3})
    assert not bars_review(2, took_part={1, 3})


TOWN, VILLAGE, OTHER = "0000000100000003", "000000010000000300000008", "0000000100000004"


@pytest.mark.parametrize(
    ("posts", "declared", "reason"),
    [
        ([Held("00000001", None)], (), ""),  # the county's own office
        ([Held(TOWN, None)], (), "own_unit"),
        ([Held(VILLAGE, None)], (), "own_unit"),
        ([Held(OTHER, None)], (), ""),
        ([Held(TOWN, date(2025, 1, 31))], (), "former_unit"),
        ([Held(TOWN, date(2023, 11, 22))], (), ""),
        ([Held(TOWN, date(2023, 11, 23))], (), "former_unit"),
        ([Held("00000001", None)], (TOWN,), "declared"),
    ],
)
def test_inspector_keeps_away_from_own_former_and_declared_units(
    posts: list[Held], declared: tuple[str, ...], reason: str
) -> None:
    assert recusal_of(TOWN, posts=posts, declared=declared, today=FIRST, years=3) == reason


def test_months_before_keeps_to_the_end_of_short_months() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 11, 23), 36) == date(2023, 11, 23)
    assert months_before(date(2026, 1, 15), 2) == date(2025, 11, 15)
