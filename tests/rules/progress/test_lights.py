"""Lights by rule: signals, palettes, and what can never be red."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luoshi.progress.rules.lights import (
    PALETTES,
    WORST_FIRST,
    Checkpoint,
    Condition,
    LightFacts,
    Pace,
    Time,
    light,
    mismatches_after,
    planned_percent,
)
from luoshi.tasks.rules.states import ACTIVE, State

TODAY = date(2026, 11, 23)


class Policy:
    """An organisation's thresholds."""

    coverage_percent = 80
    returns_in_doubt, mismatches_in_doubt, hollow_in_doubt = 2, 1, 3
    light_lines: tuple[tuple[str, str], ...] = ()

    def __init__(self, palette: str = "traffic", near: int = 7, yellow: int = 10, red: int = 30) -> None:
        self.palette, self.near_due_days, self.behind_yellow, self.behind_red = palette, near, yellow, red


def facts(**given: object) -> LightFacts:
    """Ten days of a hundred are over: the plan says 10 %."""
    start = TODAY - timedelta(days=10)
    base = {"state": "in_progress", "start_date": start, "due_date": start + timedelta(days=99)}
    return LightFacts(**{**base, **given})


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("given", "colour", "reason"),
    [
        ({"percent": Decimal(10)}, "green", Condition.FINE),
        ({"percent": Decimal("0.0001")}, "green", Condition.FINE),
        ({"percent": Decimal(0)}, "yellow", Condition.BEHIND),
        ({"percent": None}, "yellow", Condition.MISSING),
        ({"percent": None, "start_date": day(-9), "due_date": day(90)}, "green", Condition.FINE),
        ({"percent": Decimal(100), "due_date": day(-1)}, "red", Condition.OVERDUE),
        ({"percent": Decimal(95), "due_date": day(0)}, "yellow", Condition.NEAR),
        ({"percent": Decimal(70), "due_date": day(7)}, "yellow", Condition.NEAR),
        ({"percent": Decimal(70), "due_date": day(8)}, "green", Condition.FINE),
        ({"percent": Decimal(0), "start_date": day(-30), "due_date": day(69)}, "yellow", Condition.BEHIND),
        ({"percent": Decimal(0), "start_date": day(-31), "due_date": day(68)}, "red", Condition.FAR_BEHIND),
        ({"percent": None, "start_date": day(-90), "due_date": day(9)}, "yellow", Condition.MISSING),
        ({"percent": Decimal(90), "reported": 1, "expected": 14}, "yellow", Condition.PARTIAL),
        ({"percent": Decimal(90), "reported": 0, "expected": 14}, "yellow", Condition.PARTIAL),
        ({"percent": Decimal(90), "reported": 4, "expected": 5}, "green", Condition.FINE),
        ({"percent": Decimal(9), "reported": 1, "expected": 14, "start_date": day(-9), "due_date": day(90)}, "green",
         Condition.FINE),
        ({"percent": Decimal(0), "reported": 1, "expected": 14}, "yellow", Condition.BEHIND),
        ({"percent": Decimal(10), "state": "returned"}, "yellow", Condition.DOUBT),
        ({"percent": Decimal(10), "returned": 1}, "green", Condition.FINE),
        ({"percent": Decimal(10), "returned": 2}, "yellow", Condition.DOUBT),
        ({"percent": Decimal(10), "mismatched": 1}, "yellow", Condition.DOUBT),
        ({"percent": Decimal(10), "hollow": 2}, "green", Condition.FINE),
        ({"percent": Decimal(10), "hollow": 3}, "yellow", Condition.DOUBT),
        ({"due_date": None, "review_date": day(-3)}, "yellow", Condition.REVIEW),
        ({"due_date": None, "review_date": day(30)}, "green", Condition.FINE),
        ({"due_date": None, "start_date": None}, "green", Condition.FINE),
    ],
)  # fmt: skip
def test_traffic_light_follows_its_table(given: dict[str, object], colour: str, reason: Condition) -> None:
    found = light(facts(**given), today=TODAY, policy=Policy())
    assert (found.colour.value, found.reason) == (colour, reason)


@pytest.mark.parametrize(
    ("given", "colour"),
    [
        ({"due_date": day(-1)}, "red"),
        ({"percent": Decimal(0), "start_date": day(-90), "due_date": day(9)}, "yellow"),
        ({"percent": Decimal(99), "due_date": day(3)}, "blue"),
        ({"percent": Decimal(0), "due_date": day(3)}, "yellow"),
        ({"percent": Decimal(10)}, "green"),
        ({"due_date": None, "review_date": day(2)}, "blue"),
    ],
)
def test_three_coloured_sheets_follow_their_table(given: dict[str, object], colour: str) -> None:
    assert light(facts(**given), today=TODAY, policy=Policy("sheets")).colour.value == colour


@pytest.mark.parametrize("state", [s for s in State if s not in ACTIVE])
@pytest.mark.parametrize("palette", PALETTES)
def test_work_that_is_not_going_on_is_never_red(state: State, palette: str) -> None:
    overdue = facts(state=state.value, due_date=day(-400), percent=Decimal(0), returned=5)
    assert light(overdue, today=TODAY, policy=Policy(palette)).colour == "grey"


def test_open_ended_work_is_never_overdue() -> None:
    found = light(facts(due_date=None, review_date=day(-400)), today=TODAY, policy=Policy())
    assert found.signals.time == Time.NEAR
    assert found.colour == "yellow"


def test_clock_stands_still_while_the_verifier_has_the_result() -> None:
    waiting = facts(state="submitted", due_date=day(-5), submitted_date=day(-20), percent=None)
    assert light(waiting, today=TODAY, policy=Policy()).colour == "green"
    late = facts(state="submitted", due_date=day(-5), submitted_date=day(-4))
    assert light(late, today=TODAY, policy=Policy()).reason == Condition.OVERDUE


def test_clock_stands_still_during_a_pause() -> None:
    paused = facts(due_date=day(-5), paused_date=day(-20), start_date=day(-40), percent=Decimal(60))
    assert light(paused, today=TODAY, policy=Policy()).colour == "green"
    behind = facts(due_date=day(-5), paused_date=day(-20), start_date=day(-40), percent=Decimal(40))
    assert light(behind, today=TODAY, policy=Policy()).reason == Condition.BEHIND


def test_reported_zero_is_behind_where_silence_is_missing() -> None:
    zero = light(facts(percent=Decimal(0)), today=TODAY, policy=Policy())
    silent = light(facts(percent=None), today=TODAY, policy=Policy())
    assert (zero.signals.pace, silent.signals.pace) == (Pace.BEHIND, Pace.MISSING)


def test_planned_path_of_milestones_is_the_last_that_passed() -> None:
    path = (Checkpoint(day(-20), Decimal(30)), Checkpoint(day(0), Decimal(50)), Checkpoint(day(9), Decimal(100)))
    assert planned_percent(facts(path=path), today=TODAY) == 30
    assert planned_percent(facts(path=path), today=day(1)) == 50
    assert planned_percent(facts(path=path), today=day(-20)) == 0
    assert planned_percent(facts(path=path, due_date=None, start_date=None), today=day(10)) == 100


@pytest.mark.parametrize(
    ("today", "planned"),
    [(-11, "0"), (-10, "0"), (-9, "1"), (0, "10"), (89, "99"), (90, "100"), (400, "100")],
)
def test_planned_path_without_milestones_is_a_line(today: int, planned: str) -> None:
    assert planned_percent(facts(), today=day(today)) == Decimal(planned)


def test_task_of_one_day_has_a_path() -> None:
    one = facts(start_date=TODAY, due_date=TODAY)
    assert planned_percent(one, today=TODAY) == 0
    assert planned_percent(one, today=day(1)) == 100


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_palette_colours_every_condition_and_far_behind_is_no_better_than_behind(palette: dict[str, str]) -> None:
    rest = {Condition.DONE, Condition.IDLE, Condition.SUSPENDED, Condition.ENDED}
    assert set(palette) == set(Condition) - rest
    place = WORST_FIRST.index
    assert place(palette[Condition.FAR_BEHIND]) <= place(palette[Condition.BEHIND])


@pytest.mark.parametrize(
    ("checks", "healing", "left"),
    [
        ([False], 1, 1),
        ([False, True], 1, 0),
        ([False, False, True], 1, 1),
        ([False, False, True], 2, 0),
        ([True, False], 1, 1),
        ([True, True], 1, 0),
        ([False, True, True], 0, 1),
    ],
)
def test_checks_that_agree_make_up_for_those_that_did_not(checks: list[bool], healing: int, left: int) -> None:
    count = 0
    for agrees in checks:
        count = mismatches_after(count, agrees=agrees, healing=healing)
    assert count == left
