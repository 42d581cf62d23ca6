"""Reporting windows: when they open and close, which close on a day, and what becomes of a turn."""

from datetime import date, timedelta

import pytest

from luoshi.core.rules.workdays import Calendar
from luoshi.progress.rules.windows import (
    Rates,
    TurnFacts,
    TurnState,
    judge_turn,
    list_closings,
    month_start,
    months_back,
    window_of,
)
from luoshi.tasks.rules.clocks import ClockFacts, add_days

PLAIN = Calendar(off=frozenset({date(2026, 10, 1), date(2026, 10, 2)}))
CLOCK = ClockFacts(opens_day=20, grace_days=1)


@pytest.mark.parametrize(
    ("cadence", "day_of", "day", "expected"),
    [
        ("monthly", 25, date(2026, 11, 3), ("2026-11", date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 26))),
        ("monthly", 5, date(2026, 11, 3), ("2026-11", date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 6))),
        ("monthly", None, date(2026, 2, 3), ("2026-02", date(2026, 2, 20), date(2026, 2, 28), date(2026, 3, 2))),
        ("quarterly", 25, date(2026, 11, 3), ("2026-Q4", date(2026, 12, 20), date(2026, 12, 25), date(2026, 12, 28))),
        ("weekly", None, date(2026, 11, 25), ("2026-W48", date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 30))),
        ("", 25, date(2026, 11, 3), None),
    ],
)
def test_window_opens_and_closes_by_cadence_and_clock(
    cadence: str, day_of: int | None, day: date, expected: tuple[str, date, date, date] | None
) -> None:
    found = window_of(cadence, cadence_day=day_of, day=day, clock=CLOCK, calendar=PLAIN)
    assert (found and (found.period, found.opens, found.closes, found.final)) == expected


@pytest.mark.parametrize("in_workdays", [True, False])
@pytest.mark.parametrize("grace", [0, 1, 3])
def test_every_window_closes_for_good_on_exactly_one_day(*, grace: int, in_workdays: bool) -> None:
    """A year of days: each cadence and day of the month is named once for each of its closing days."""
    seen: list[tuple[str, int | None, date]] = []
    for last in (date(2025, 12, 20) + timedelta(days=n) for n in range(400)):
        for closing in list_closings(last, grace=grace, in_workdays=in_workdays, calendar=PLAIN):
            assert add_days(closing.closes, grace, in_workdays=in_workdays, calendar=PLAIN) == last
            seen += [(closing.cadence, day, closing.closes) for day in closing.days]
    assert len(seen) == len(set(seen))
    of_year = [closes for cadence, day, closes in seen if (cadence, day) == ("monthly", 31) and closes.year == 2026]
    assert len(of_year) == 12
    assert sum(cadence == "weekly" and day is None and closes.year == 2026 for cadence, day, closes in seen) == 52


FINAL, STARTS = date(2026, 11, 26), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("said", "submitted", "paused", "state"),
    [
        (date(2026, 11, 26), None, None, TurnState.ON_TIME),
        (date(2026, 11, 27), None, None, TurnState.LATE),
        (None, None, None, TurnState.MISSING),
        (None, date(2026, 11, 20), None, TurnState.ON_TIME),
        (None, date(2026, 10, 20), None, TurnState.EXCUSED),
        (None, date(2026, 11, 27), None, TurnState.MISSING),
        (None, None, date(2026, 11, 26), TurnState.EXCUSED),
        (None, None, date(2026, 11, 27), TurnState.MISSING),
        (date(2026, 11, 2), None, date(2026, 11, 3), TurnState.ON_TIME),
        (date(2026, 11, 27), None, date(2026, 11, 3), TurnState.EXCUSED),
    ],
)
def test_turn_is_judged_by_what_was_said_and_whether_the_clock_ran(
    said: date | None, submitted: date | None, paused: date | None, state: TurnState
) -> None:
    facts = TurnFacts(FINAL, STARTS, said_date=said, submitted_date=submitted, paused_date=paused)
    assert judge_turn(facts) is state


def test_rate_of_few_turns_is_no_percentage() -> None:
    few = Rates(on_time=8, late=1)
    assert (few.asked, few.is_few, few.percent) == (9, True, None)
    assert (few + Rates(missing=1, excused=4)).percent == 80
    assert Rates(on_time=199, missing=1).percent == 99


def test_months_of_a_year_end_with_the_one_asked() -> None:
    assert months_back(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert (month_start("2026-11"), month_start("2026-13"), month_start("x")) == (date(2026, 11, 1), None, None)
