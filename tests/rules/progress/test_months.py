"""Months as they ended: which are missing, and what a caught-up month shows."""

from datetime import date

import pytest

from luoshi.progress.rules.months import MOST_MISSED, make_strip, missing_months, month_before, month_end, shown_colour

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("last", "today", "missing"),
    [
        (None, date(2026, 11, 1), ["2026-10"]),
        (None, date(2026, 1, 31), ["2025-12"]),
        (date(2026, 10, 1), date(2026, 11, 1), []),
        (date(2026, 10, 1), date(2026, 11, 30), []),
        (date(2026, 9, 1), date(2026, 11, 1), ["2026-10"]),
        (date(2025, 11, 1), date(2026, 2, 14), ["2025-12", "2026-01"]),
        (date(2027, 1, 1), date(2026, 11, 1), []),
    ],
)
def test_missing_months_are_those_that_ended_since_the_last(last: date | None, today: date, missing: list[str]) -> None:
    assert [f"{month:%Y-%m}" for month in missing_months(last, today=today)] == missing


def test_a_long_standstill_is_made_up_for_two_years_at_most() -> None:
    found = missing_months(date(2010, 1, 1), today=TODAY)
    assert (len(found), found[-1]) == (MOST_MISSED, date(2026, 10, 1))


def test_month_ends_on_its_last_day() -> None:
    assert month_end(date(2028, 2, 1)) == date(2028, 2, 29)
    assert month_end(date(2026, 12, 1)) == date(2026, 12, 31)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)


@pytest.mark.parametrize("day", [None, TODAY])
@pytest.mark.parametrize("setting", ["yellow", "red"])
@pytest.mark.parametrize("code", [1, 2, 3, 4])
def test_a_red_month_that_was_caught_up_is_yellow_or_stays_red_but_is_never_green(
    code: int, setting: str, day: date | None
) -> None:
    shown = shown_colour(code, caught_up_date=day, caught_up=setting).value
    plain = {1: "red", 2: "yellow", 3: "green", 4: "blue"}[code]
    assert shown == ("yellow" if code == 1 and day and setting == "yellow" else plain)


def test_strip_shows_twelve_months_with_gaps() -> None:
    strip = make_strip(
        [
            (date(2026, 10, 1), 1, "overdue", TODAY),
            (date(2026, 8, 1), 3, "fine", None),
            (date(2025, 1, 1), 1, "x", None),
        ],
        today=TODAY, caught_up="yellow",
    )  # fmt: skip
    assert [mark.month for mark in strip] == [date(2025, 11, 1), date(2025, 12, 1)] + [
        date(2026, n, 1) for n in range(1, 11)
    ]
    assert [mark.colour for mark in strip][-3:] == ["green", None, "yellow"]
    assert strip[-1].ended == "red"
    assert all(mark.colour is None for mark in strip[:9])
