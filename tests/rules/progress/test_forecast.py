"""Forecasts: the pace of a task's own reports, and when nothing honest can be said."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luoshi.progress.rules.forecast import Forecast, Outcome, forecast
from luoshi.progress.rules.paths import Point

TODAY = date(2026, 11, 23)


def said(*reports: tuple[int, str], due: int | None = 20, days: int = 90) -> Forecast:
    """The forecast from reports as (days from today, percent)."""
    points = [Point(TODAY + timedelta(days=day), Decimal(percent)) for day, percent in reports]
    return forecast(points, today=TODAY, due_date=None if due is None else TODAY + timedelta(days=due), days=days)


def in_days(day: date | None) -> int | None:
    return None if day is None else (day - TODAY).days


@pytest.mark.parametrize(
    ("reports", "outcome", "done", "over"),
    [
        ((), Outcome.TOO_FEW, None, None),
        (((-30, "10"), (0, "20")), Outcome.TOO_FEW, None, None),
        (((-200, "5"), (-30, "10"), (0, "20")), Outcome.TOO_FEW, None, None),
        (((-40, "20"), (-20, "40"), (0, "60")), Outcome.DATED, 40, 20),
        (((-40, "60"), (-20, "70"), (0, "90")), Outcome.DATED, 14, -6),
        (((-20, "40"), (-10, "40"), (0, "40")), Outcome.STANDS_STILL, None, None),
        (((-20, "60"), (-10, "50"), (0, "40")), Outcome.STANDS_STILL, None, None),
        (((-80, "0"), (-40, "0.2"), (0, "0.4")), Outcome.FAR, None, None),
        (((-20, "40"), (-10, "70"), (-1, "100")), Outcome.REACHED, None, None),
        (((-80, "97"), (-75, "98"), (-70, "99")), Outcome.DATED, 1, -19),
    ],
)
def test_forecast_follows_its_own_pace(
    reports: tuple[tuple[int, str], ...], outcome: Outcome, done: int | None, over: int | None
) -> None:
    found = said(*reports)
    assert (found.outcome, in_days(found.done_date), found.days_over) == (outcome, done, over)
    assert found.will_miss == (over is not None and over > 0)


def test_one_jump_does_not_decide() -> None:
    steady = said((-40, "10"), (-30, "15"), (-20, "20"), (-10, "25"), (0, "30"))
    jumped = said((-40, "10"), (-30, "15"), (-20, "20"), (-10, "60"), (0, "30"))
    assert in_days(steady.done_date) == in_days(jumped.done_date) == 140


def test_span_lies_around_the_date() -> None:
    found = said((-60, "10"), (-45, "15"), (-30, "30"), (-15, "35"), (0, "55"))
    assert found.early is not None
    assert found.late is not None
    assert found.done_date is not None
    assert found.early <= found.done_date <= found.late


def test_long_silence_is_said() -> None:
    assert said((-80, "10"), (-60, "20"), (-50, "30")).is_stale
    assert not said((-80, "10"), (-60, "20"), (-45, "30")).is_stale


def test_reports_of_later_days_are_not_known_yet() -> None:
    assert said((-20, "40"), (-10, "50"), (5, "100")).outcome == Outcome.TOO_FEW


def test_open_ended_work_has_a_date_but_nothing_to_miss() -> None:
    found = said((-40, "20"), (-20, "40"), (0, "60"), due=None)
    assert (in_days(found.done_date), found.days_over, found.will_miss) == (40, None, False)
