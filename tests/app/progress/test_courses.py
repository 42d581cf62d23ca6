"""Pages of months as they ended and of work that will miss its date; what the page of a task says of both."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from luoshi.core.policy import Policy, get_policy
from luoshi.progress.models import DayPercent, Standing
from luoshi.progress.models.following import MonthLight
from luoshi.progress.queries.forecast import list_misses
from luoshi.progress.queries.months import count_months, get_strip
from luoshi.tasks.models import Task
from tests.factories.orgs import TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


def reported(task: Task, *points: tuple[int, str]) -> Task:
    for day, percent in points:
        DayPercent.objects.create(task=task, date=TODAY + timedelta(days=day), percent=Decimal(percent))
    return task


def ended(task: Task, month: date, light: int, reason: str, caught: date | None = None) -> None:
    MonthLight.objects.create(task=task, month=month, light=light, reason=reason, caught_up_date=caught)


def test_months_are_counted_by_colour_and_each_number_opens_its_tasks(cast: Cast, signed_in: Any) -> None:
    farm, town = make_task(cast, "建设农田"), make_task(cast, "修缮桥梁", lead="QH-T01")
    ended(farm, OCTOBER, 1, "overdue")
    ended(town, OCTOBER, 1, "behind", caught=TODAY)
    ended(farm, SEPTEMBER, 3, "fine")
    found = count_months(cast.access("office"), today=TODAY)
    assert [(c.month, c.numbers["red"], c.numbers["caught_up"], c.total) for c in found] == [
        (OCTOBER, 1, 1, 2),
        (SEPTEMBER, 0, 0, 1),
    ]
    office = signed_in("office")
    page = office.get("/lights/months/?month=2026-10&light=caught_up").content.decode()
    assert "修缮桥梁" in page
    assert "建设农田" not in page
    page = office.get("/lights/months/?name=柳河镇&month=2026-10&light=red").content.decode()
    assert "建设农田" not in page
    assert office.get("/lights/months/?name=无此单位&month=x&light=red").status_code == 200


def test_each_reader_counts_only_what_they_see(cast: Cast) -> None:
    ended(make_task(cast, "建设农田"), OCTOBER, 1, "overdue")
    assert count_months(cast.access("townclerk"), today=TODAY) == []
    assert count_months(cast.access("outsider"), today=TODAY) == []
    assert count_months(cast.access("deptclerk"), today=TODAY)[0].numbers["red"] == 1


@pytest.mark.parametrize(("setting", "colour"), [("yellow", "yellow"), ("red", "red")])
def test_strip_says_that_a_red_month_was_caught_up(cast: Cast, setting: str, colour: str) -> None:
    task = make_task(cast)
    ended(task, OCTOBER, 1, "overdue", caught=TODAY)
    last = get_strip(task.pk, today=TODAY, policy=Policy(caught_up=setting))[-1]
    assert last.colour == colour
    assert "2026-11-23" in last.why


def test_task_page_shows_its_months_and_its_forecast(cast: Cast, signed_in: Any) -> None:
    task = reported(make_task(cast, due=TODAY + timedelta(days=20), percent=60), (-40, "20"), (-20, "40"), (0, "60"))
    ended(task, OCTOBER, 2, "behind")
    page = signed_in("office").get(f"/tasks/{task.pk}/").content.decode()
    assert 'class="past-months"' in page
    assert "2027-01-02" in page  # forty days on
    assert 'class="forecast"' in page


def test_work_that_will_miss_its_date_is_listed_the_latest_first(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    def made(title: str, *, due: int, state: str = "in_progress", percent: str = "60") -> Task:
        task = make_task(cast, title, due=TODAY + timedelta(days=due), percent=percent, state=state)
        return reported(task, (-40, "20"), (-20, "40"), (0, percent))

    made("晚二十天", due=20)
    made("晚三十天", due=10)
    made("赶得上", due=60)
    made("已完成", due=10, state="completed")
    waiting = made("待核查", due=10)
    Standing.objects.filter(task=waiting).update(submitted_date=TODAY)
    reported(make_task(cast, "报得太少", due=TODAY, percent=10), (0, "10"))
    with django_assert_max_num_queries(8):
        found = list_misses(cast.access("office"), today=TODAY, policy=get_policy())
    assert [(row.task.title, row.forecast.days_over) for row in found.rows] == [("晚三十天", 30), ("晚二十天", 20)]
    assert "晚三十天" in signed_in("office").get("/lights/misses/").content.decode()
    assert "晚三十天" not in signed_in("townclerk").get("/lights/misses/").content.decode()
