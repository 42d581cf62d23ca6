"""The light in SQL and the light by rule are the same light."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.core.policy import Policy
from luoshi.progress.models import Standing
from luoshi.progress.queries import list_lights, with_light
from luoshi.progress.rules.lights import PALETTES
from luoshi.tasks.models import Milestone, Task
from luoshi.tasks.rules.states import BEFORE_DISPATCH, State
from tests.factories.orgs import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db
_number = count(1)


def put(cast: Cast, *, milestones: list[tuple[int, str]] = (), standing: bool = True, **given: object) -> None:
    """One task; dates are days from today, milestones are (days from today, percent)."""
    dates = {
        k: TODAY + timedelta(days=given.pop(k)) for k in ("start", "due", "review", "submitted", "paused") if k in given
    }
    number = next(_number)
    task = Task.objects.create(
        code=f"T-{number}", title=f"{number}", kind="measure", owner=cast.unit("QH"), path=f"{number:010d}",
        created_by=cast["office"], created_at=NOW, state=given.get("state", "in_progress"),
        start_date=dates.get("start"), due_date=dates.get("due"), review_date=dates.get("review"),
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(task=task, name="n", due_date=TODAY + timedelta(days=d), percent=p and Decimal(p))
        for d, p in milestones
    )
    if standing:
        percent = given.get("percent")
        Standing.objects.create(
            task=task, percent=None if percent is None else Decimal(percent), returned=given.get("returned", 0),
            reported=given.get("reported", 1), expected=given.get("expected", 1),
            submitted_date=dates.get("submitted"), paused_date=dates.get("paused"),
            mismatched=given.get("mismatched", 0), hollow=given.get("hollow", 0),
        )  # fmt: skip


def assert_twins(policy: Policy, today: date = TODAY) -> int:
    tasks = list(with_light(Task.objects.order_by("pk"), today=today, policy=policy))
    by_rule = list_lights(tasks, today=today, policy=policy)
    for task in tasks:
        found = by_rule[task.pk].light
        assert (task.light, task.planned) == (found.code, found.planned), (task, found)
    return len(tasks)


TIMES = [
    {"start": -100, "due": 50},
    {"start": -100, "due": 8},
    {"start": -100, "due": 7},
    {"start": -100, "due": 0},
    {"start": -100, "due": -1},
    {"start": 0, "due": 0},
    {"start": 1, "due": 30},
    {"start": 5, "due": 3},
    {"start": 5, "due": -3},
    {"due": 40},
    {"review": 30},
    {"review": 7},
    {"review": -2},
]
PERCENTS = [None, "0", "36.2251", "56.22", "56.225", "66.23", "66.2251", "100"]


def test_every_time_with_every_percent_is_the_same_light(cast: Cast) -> None:
    for time, percent in product(TIMES, PERCENTS):
        put(cast, **time, percent=percent)
    for palette in PALETTES:
        assert assert_twins(Policy(palette=palette)) == len(TIMES) * len(PERCENTS) >= 60
    assert_twins(Policy(near_due_days=0, behind_yellow=0, behind_red=0))
    assert_twins(Policy(behind_yellow=30, behind_red=10))


def test_every_state_is_the_same_light(cast: Cast) -> None:
    dated = {"start": -100, "due": -3}
    for state, percent, submitted in product(State, [None, "20"], [None, -10, -1]):
        put(
            cast, state=state.value, percent=percent, **dated, **({} if submitted is None else {"submitted": submitted})
        )
    for palette in PALETTES:
        assert_twins(Policy(palette=palette))


def test_a_paused_clock_is_the_same_light(cast: Cast) -> None:
    for time, percent, paused in product(TIMES[:7], [None, "0", "56.22"], [-60, -3, 0]):
        put(cast, **time, percent=percent, paused=paused)
    put(cast, milestones=[(-10, "40"), (-2, "80")], percent="30", start=-50, due=50, paused=-5)
    put(cast, start=-50, due=-5, paused=-10, submitted=-20)
    for palette in PALETTES:
        assert_twins(Policy(palette=palette))


def test_few_reports_are_the_same_light(cast: Cast) -> None:
    covered = [(0, 1), (0, 2), (1, 2), (3, 4), (4, 5), (7, 9), (8, 10), (79, 100), (80, 100)]
    for (reported, expected), start, percent in product(covered, [-100, -12, -3], [None, "5", "90"]):
        put(cast, start=start, due=50, percent=percent, reported=reported, expected=expected)
    for share in (0, 50, 80, 100):
        assert_twins(Policy(coverage_percent=share))


def test_paths_of_milestones_are_the_same_path(cast: Cast) -> None:
    paths = [
        [(-10, "40"), (10, "80")],
        [(0, "40"), (10, "80")],
        [(-1, "40")],
        [(-5, "40"), (-5, "55.55")],
        [(-20, "60"), (-5, "50")],
        [(5, "90")],
        [(-5, None)],
        [(-9, "30"), (-5, None)],
    ]
    for path, percent in product(paths, [None, "0", "30", "29.9999", "45.55"]):
        put(cast, milestones=path, percent=percent, start=-50, due=50)
        put(cast, milestones=path, percent=percent, review=90)
    for palette in PALETTES:
        assert_twins(Policy(palette=palette))


def test_returned_work_and_a_task_without_a_standing_are_the_same_light(cast: Cast) -> None:
    for returned, state in product([0, 1, 2, 3], ["in_progress", "returned", "reopened", "submitted"]):
        put(cast, start=-1, due=90, returned=returned, state=state, percent="90")
    put(cast, start=-100, due=20, standing=False)
    put(cast, start=0, due=90, standing=False)
    for palette in PALETTES:
        assert_twins(Policy(palette=palette))


def test_doubts_are_the_same_light_at_every_threshold(cast: Cast) -> None:
    for returned, mismatched, hollow in product([0, 1, 3], [0, 1, 2], [0, 1, 4]):
        put(cast, start=-1, due=90, percent="90", returned=returned, mismatched=mismatched, hollow=hollow)
    for returns, mismatches, empty in product([0, 1, 3], [0, 2], [0, 1, 4]):
        assert_twins(Policy(returns_in_doubt=returns, mismatches_in_doubt=mismatches, hollow_in_doubt=empty))


def test_lines_that_somebody_coloured_are_the_same_light(cast: Cast) -> None:
    for time, percent in product(TIMES, [None, "0", "56.22"]):
        put(cast, **time, percent=percent, hollow=3)
    for fine, near, doubt, behind in product(
        "green blue".split(), ["blue", "green"], ["red", "blue"], ["red", "green"]
    ):
        lines = (("fine", fine), ("near", near), ("doubt", doubt), ("behind", behind))
        assert_twins(Policy(palette="pace", light_lines=lines))


def test_days_are_counted_across_month_ends_leap_days_and_years(cast: Cast) -> None:
    for start in range(-800, 1, 37):
        put(cast, start=start, due=29, percent="50")
    for today in (date(2027, 12, 31), date(2028, 2, 29), date(2028, 3, 1)):
        assert_twins(Policy(), today=today)


days = st.integers(-400, 400)
percents = st.one_of(st.none(), st.decimals(0, 100, places=4))
cases = st.fixed_dictionaries(
    {"state": st.sampled_from([s.value for s in State]), "percent": percents, "returned": st.integers(0, 3),
     "milestones": st.lists(st.tuples(days, st.one_of(st.none(), st.decimals(0, 100, places=2))), max_size=4),
     "mismatched": st.integers(0, 2), "hollow": st.integers(0, 4),
     "review": days, "reported": st.integers(0, 6), "expected": st.integers(1, 6)},
    optional={"start": days, "due": days, "submitted": days, "paused": days},
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tasks=st.lists(cases, min_size=5, max_size=15), palette=st.sampled_from(sorted(PALETTES)),
       near=st.integers(0, 30), yellow=st.integers(0, 60), red=st.integers(0, 100))  # fmt: skip
def test_any_task_at_all_is_the_same_light(
    *, cast: Cast, tasks: list[dict[str, object]], palette: str, near: int, yellow: int, red: int
) -> None:
    Standing.objects.all().delete()
    Milestone.objects.all().delete()
    Task.objects.all().delete()
    for task in tasks:
        put(cast, **task)
    assert_twins(Policy(palette=palette, near_due_days=near, behind_yellow=yellow, behind_red=red))


def test_a_light_can_be_filtered_and_counted(cast: Cast) -> None:
    put(cast, start=-100, due=-1)
    put(cast, start=0, due=50)
    put(cast, start=0, due=50, state=BEFORE_DISPATCH[0].value)
    lit = with_light(Task.objects.all(), today=TODAY, policy=Policy())
    assert sorted(lit.values_list("light", flat=True)) == [1, 3, 5]
    assert lit.filter(light=1).count() == 1
