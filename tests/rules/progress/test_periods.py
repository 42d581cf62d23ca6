"""Reporting periods and the dates on which reports are due."""

from datetime import date

import pytest

from luoshi.progress.rules.periods import (
    current_period,
    list_periods,
    next_report_date,
    period_end,
    period_start,
    report_date,
)


@pytest.mark.parametrize(
    ("cadence", "day", "period", "start"),
    [
        ("weekly", date(2026, 11, 23), "2026-W48", date(2026, 11, 23)),
        ("weekly", date(2027, 1, 1), "2026-W53", date(2026, 12, 28)),
        ("monthly", date(2026, 11, 23), "2026-11", date(2026, 11, 1)),
        ("quarterly", date(2026, 11, 23), "2026-Q4", date(2026, 10, 1)),
        ("quarterly", date(2026, 3, 31), "2026-Q1", date(2026, 1, 1)),
        ("semiannual", date(2026, 6, 30), "2026-H1", date(2026, 1, 1)),
        ("semiannual", date(2026, 7, 1), "2026-H2", date(2026, 7, 1)),
        ("annual", date(2026, 11, 23), "2026", date(2026, 1, 1)),
        ("", date(2026, 2, 3), "2026-02", date(2026, 2, 1)),
    ],
)
def test_period_is_the_one_that_contains_the_day(cadence: str, day: date, period: str, start: date) -> None:
    assert current_period(cadence, day) == period
    assert period_start(cadence, day) == start


@pytest.mark.parametrize(
    ("cadence", "day_of", "today", "due"),
    [
        ("monthly", 28, date(2026, 11, 3), date(2026, 11, 28)),
        ("monthly", 31, date(2026, 2, 3), date(2026, 2, 28)),
        ("monthly", None, date(2028, 2, 3), date(2028, 2, 29)),
        ("weekly", None, date(2026, 11, 23), date(2026, 11, 27)),
        ("weekly", 2, date(2026, 11, 29), date(2026, 11, 24)),
        ("quarterly", 25, date(2026, 10, 1), date(2026, 12, 25)),
        ("semiannual", None, date(2026, 2, 1), date(2026, 6, 30)),
        ("semiannual", 10, date(2026, 7, 1), date(2026, 12, 10)),
        ("annual", None, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_report_is_due_on_its_day_of_the_period(cadence: str, day_of: int | None, today: date, due: date) -> None:
    assert report_date(cadence, cadence_day=day_of, today=today) == due


def test_without_a_cadence_no_report_is_due() -> None:
    assert next_report_date("", cadence_day=5, last_at=None, today=date(2026, 11, 23)) is None


def test_report_in_this_period_moves_the_next_one_on() -> None:
    given = {"cadence_day": 5, "today": date(2026, 12, 10)}
    assert next_report_date("monthly", last_at=date(2026, 12, 1), **given) == date(2027, 1, 5)
    assert next_report_date("monthly", last_at=date(2026, 11, 30), **given) == date(2026, 12, 5)
    assert next_report_date("quarterly", last_at=date(2026, 12, 1), **given) == date(2027, 3, 5)
    assert next_report_date("semiannual", last_at=date(2026, 12, 1), **given) == date(2027, 6, 5)
    assert next_report_date("annual", last_at=date(2026, 1, 1), **given) == date(2027, 12, 5)


def test_task_that_starts_after_the_report_day_first_owes_the_next_report() -> None:
    given = {"cadence_day": 5, "today": date(2026, 11, 10), "last_at": None}
    assert next_report_date("monthly", start=date(2026, 11, 8), **given) == date(2026, 12, 5)
    assert next_report_date("monthly", start=date(2026, 11, 5), **given) == date(2026, 11, 5)


def test_year_lists_each_of_its_periods_once_with_its_last_day() -> None:
    assert list_periods("monthly", 2026)[::11] == ("2026-01", "2026-12")
    assert list_periods("quarterly", 2026) == ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
    assert list_periods("semiannual", 2026) == ("2026-H1", "2026-H2")
    assert list_periods("annual", 2026) == ("2026",)
    assert [len(list_periods("weekly", year)) for year in (2020, 2021)] == [53, 52]
    ends = [period_end(p) for p in ("2024-02", "2026-Q3", "2026-H1", "2026", "2026-W01")]
    assert ends == [date(2024, 2, 29), date(2026, 9, 30), date(2026, 6, 30), date(2026, 12, 31), date(2026, 1, 4)]
