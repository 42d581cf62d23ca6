"""Clocks of a matter: dates in working days, what is proposed, and the cutoff that SQL compares with."""

from datetime import date, timedelta

import pytest

from luoshi.core.rules.workdays import Calendar
from luoshi.tasks.rules.clocks import (
    PRESETS,
    ClockFacts,
    Fault,
    Kind,
    acknowledge_date,
    add_days,
    cadence_of,
    check_clock,
    first_date,
    last_start,
    make_offer,
    step_date,
)
from luoshi.tasks.rules.matters import Matter

# The week of National Day 2026: 1–7 October off, Saturday 10 October and Sunday 20 September worked.
CALENDAR = Calendar(
    off=frozenset(date(2026, 10, n) for n in (1, 2, 5, 6, 7)), worked=frozenset({date(2026, 10, 10), date(2026, 9, 20)})
)
CLOCK = ClockFacts(
    acknowledge_days=2, first_days=5, due_days=15, urgent_days=5, immediate_days=1, hard_days=30, closes_day=25
)


def test_receipt_counts_working_days_over_a_holiday() -> None:
    assert acknowledge_date(CLOCK, dispatched=date(2026, 9, 30), calendar=CALENDAR) == date(2026, 10, 9)
    assert first_date(CLOCK, dispatched=date(2026, 9, 30), calendar=CALENDAR) == date(2026, 10, 13)


def test_clock_of_all_days_counts_holidays_too() -> None:
    clock = PRESETS["13710"][Matter.REMARK]
    assert first_date(clock, dispatched=date(2026, 9, 30), calendar=CALENDAR) == date(2026, 10, 3)


def test_missing_clock_has_no_date() -> None:
    assert acknowledge_date(ClockFacts(), dispatched=date(2026, 9, 30), calendar=CALENDAR) is None
    assert acknowledge_date(CLOCK, dispatched=None, calendar=CALENDAR) is None


def test_days_that_the_clock_stood_still_follow() -> None:
    day = step_date(CLOCK, Kind.FIRST, since=date(2026, 11, 2), calendar=CALENDAR, paused_days=4)
    assert day == date(2026, 11, 13)


@pytest.mark.parametrize("in_workdays", [True, False])
@pytest.mark.parametrize("days", [0, 1, 2, 3, 5, 20])
def test_cutoff_is_the_inverse_of_counting_forward(*, in_workdays: bool, days: int) -> None:
    for end in (date(2026, 9, 15) + timedelta(days=n) for n in range(40)):
        cutoff = last_start(end, days, in_workdays=in_workdays, calendar=CALENDAR)
        for start in (cutoff + timedelta(days=n) for n in range(-12, 13)):
            late = add_days(start, days, in_workdays=in_workdays, calendar=CALENDAR) < end
            assert late == (start <= cutoff), (start, end, days)


@pytest.mark.parametrize(
    ("preset", "matter", "urgency", "days", "hard"),
    [
        ("county", Matter.DOCUMENT, 3, 30, None),
        ("county", Matter.MEETING, 3, 20, None),
        ("county", Matter.REMARK, 3, 15, 30),
        ("county", Matter.REMARK, 2, 5, None),
        ("county", Matter.REMARK, 1, 1, None),
        ("county", Matter.HOTLINE, 3, 5, 15),
        ("county", Matter.PROJECT, 3, None, None),
    ],
)
def test_county_proposes_the_attested_limits(
    preset: str, matter: Matter, urgency: int, days: int | None, hard: int | None
) -> None:
    start = date(2026, 6, 1)
    offer = make_offer(PRESETS[preset][matter], tier=3, urgency=urgency, since=start, calendar=CALENDAR)
    assert offer.due_date == (None if days is None else CALENDAR.add_workdays(start, days))
    assert offer.hard_date == (None if hard is None else CALENDAR.add_workdays(start, hard))


def test_13710_gives_seven_days_or_a_month() -> None:
    offer = make_offer(PRESETS["13710"][Matter.REMARK], tier=2, urgency=3, since=date(2026, 6, 1), calendar=CALENDAR)
    assert (offer.due_date, offer.hard_date) == (date(2026, 6, 8), date(2026, 7, 1))


@pytest.mark.parametrize(("tier", "cadence"), [(1, "monthly"), (2, "monthly"), (3, "quarterly")])
def test_cadence_follows_the_tier(tier: int, cadence: str) -> None:
    assert cadence_of(PRESETS["county"][Matter.DOCUMENT], tier=tier) == cadence


def test_weekly_reports_close_on_their_own_day() -> None:
    offer = make_offer(
        PRESETS["enterprise"][Matter.MEETING], tier=1, urgency=3, since=date(2026, 6, 1), calendar=CALENDAR
    )
    assert (offer.cadence, offer.cadence_day) == ("weekly", None)
    offer = make_offer(
        PRESETS["enterprise"][Matter.MEETING], tier=2, urgency=3, since=date(2026, 6, 1), calendar=CALENDAR
    )
    assert (offer.cadence, offer.cadence_day) == ("monthly", 28)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_names_every_matter_and_holds_together(name: str) -> None:
    assert set(PRESETS[name]) == set(Matter)
    assert [check_clock(clock) for clock in PRESETS[name].values()] == [None] * len(Matter)


@pytest.mark.parametrize(
    ("clock", "fault"),
    [
        (ClockFacts(due_days=401), Fault.DAYS),
        (ClockFacts(cadence_key="daily"), Fault.CADENCE),
        (ClockFacts(closes_day=32), Fault.DAY),
        (ClockFacts(opens_day=28, closes_day=5), Fault.ORDER),
        (ClockFacts(acknowledge_days=5, first_days=3), Fault.FIRST),
        (ClockFacts(), None),
    ],
)
def test_faulty_clocks_are_told(clock: ClockFacts, fault: Fault | None) -> None:
    assert check_clock(clock) == fault
