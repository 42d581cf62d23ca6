"""What will miss its date by rule and in SQL are the same tasks."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from luoshi.core.policy import Policy
from luoshi.progress.models import DayPercent, Standing
from luoshi.progress.queries.forecast import list_points, will_miss
from luoshi.progress.rules.forecast import forecast
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db
_number = count(1)
PERCENTS = st.integers(0, 100).map(Decimal) | st.decimals(0, 100, places=4)
REPORTS = st.dictionaries(st.integers(-40, 2), PERCENTS, max_size=7)
History = tuple[int, dict[int, Decimal]]


def put(cast: Cast, due: int, reports: dict[int, Decimal]) -> None:
    """A task due in so many days, with reports by days from today."""
    number = next(_number)
    task = Task.objects.create(
        code=f"T-{number}", title=f"{number}", kind="measure", owner=cast.unit("QH"), path=f"{number:010d}",
        created_by=cast["office"], created_at=NOW, state="in_progress", due_date=TODAY + timedelta(days=due),
    )  # fmt: skip
    Standing.objects.create(task=task, percent=Decimal(50))
    DayPercent.objects.bulk_create(
        DayPercent(task=task, date=TODAY + timedelta(days=day), percent=p) for day, p in reports.items()
    )


def steady(*percents: str, every: int = 10) -> dict[int, Decimal]:
    """Reports that end today."""
    return {-every * place: Decimal(percent) for place, percent in enumerate(reversed(percents))}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(20, steady("20", "40", "60")), (19, steady("20", "40", "60")), (21, steady("20", "40", "60"))], 90)
@example([(0, steady("97", "98", "99")), (1, steady("97", "98", "99")), (0, steady("40", "40", "40"))], 90)
@example([(5, steady("0", "0.2", "0.4")), (5, steady("60", "50", "40")), (5, steady("80", "90", "100"))], 90)
@example([(40, steady("10", "10", "30", "31", "60")), (30, steady("33.3333", "66.6666", "99.9999"))], 20)
@given(st.lists(st.tuples(st.integers(0, 200), REPORTS), min_size=1, max_size=20), st.sampled_from([14, 30, 90]))
def test_what_will_miss_is_the_same_by_rule_and_in_the_database(
    cast: Cast, histories: list[History], days: int
) -> None:
    Task.objects.all().delete()
    policy = Policy(forecast_days=days)
    for due, reports in histories:
        put(cast, due, reports)
    tasks = list(Task.objects.all())
    points = list_points([t.pk for t in tasks], since=TODAY - timedelta(days=days))
    by_rule = {t for t in tasks if forecast(points[t.pk], today=TODAY, due_date=t.due_date, days=days).will_miss}
    assert set(Task.objects.filter(will_miss(TODAY, policy=policy))) == by_rule
