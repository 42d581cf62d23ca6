"""Months are frozen once, as they ended; red ones that are caught up later say so."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from luoshi.core.models import Entry
from luoshi.core.policy import Policy, get_policy
from luoshi.progress.actions.months import freeze_month, keep_months, note_caught_up
from luoshi.progress.models import DayPercent, Standing
from luoshi.progress.models.following import MonthLight
from luoshi.progress.queries.lights import list_facts
from luoshi.progress.rules.lights import CODES, light
from luoshi.progress.rules.palettes import PALETTES
from luoshi.tasks.models import Task
from tests.factories.orgs import TODAY, Cast
from tests.factories.work import make_county_work, make_task

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
FIRST = datetime(2026, 10, 31, 16, 10, tzinfo=UTC)  # ten past midnight on 1 November in Beijing
LATER = datetime(2026, 11, 23, 16, 10, tzinfo=UTC)


def marks() -> dict[int, tuple[int, str]]:
    return {m.task_id: (m.light, m.reason) for m in MonthLight.objects.filter(month=OCTOBER)}


@pytest.mark.parametrize("palette", PALETTES)
def test_a_month_keeps_the_light_and_reason_that_the_rule_gives_for_its_last_day(cast: Cast, palette: str) -> None:
    work = make_county_work(cast)
    Standing.objects.filter(task=work["toilets"]).update(hollow=3, submitted_date=date(2026, 10, 5))
    Standing.objects.filter(task=work["budget"]).update(paused_date=date(2026, 9, 5), mismatched=1)
    Task.objects.update(dispatched_at=datetime(2026, 5, 5, tzinfo=UTC))
    policy = Policy(palette=palette)
    assert freeze_month(OCTOBER, now=FIRST, policy=policy) == len(marks()) > 8
    facts = list_facts(Task.objects.filter(pk__in=marks(), completed_at=None))
    for pk, found in facts.items():
        lit = light(found, today=date(2026, 10, 31), policy=policy)
        assert marks()[pk] == (lit.code, lit.reason), found


def test_a_month_is_frozen_once_and_what_is_frozen_stays(cast: Cast) -> None:
    task = make_task(cast, due=date(2026, 10, 20), percent=50)
    keep_months(FIRST)
    keep_months(FIRST)
    assert marks() == {task.pk: (1, "overdue")}
    Task.objects.update(due_date=date(2027, 3, 1))
    assert freeze_month(OCTOBER, now=LATER, policy=get_policy()) == 0
    assert marks() == {task.pk: (1, "overdue")}
    assert Entry.objects.filter(verb="freeze_month").count() == 1


def test_a_month_frozen_late_is_judged_as_it_ended(cast: Cast) -> None:
    """Reported, submitted, completed and dispatched since: none of it was so on the last day."""
    behind = make_task(cast, "一", due=date(2026, 12, 31), percent=95)
    DayPercent.objects.create(task=behind, date=date(2026, 10, 9), percent=Decimal(20))
    DayPercent.objects.create(task=behind, date=date(2026, 11, 9), percent=Decimal(95))
    silent = make_task(cast, "二", due=date(2026, 12, 31), percent=80)
    DayPercent.objects.create(task=silent, date=date(2026, 11, 2), percent=Decimal(80))
    steady = make_task(cast, "三", due=date(2026, 12, 31), percent=90)
    DayPercent.objects.create(task=steady, date=date(2026, 9, 2), percent=Decimal(90))
    submitted = make_task(cast, "四", due=date(2026, 10, 10), percent=90)
    Standing.objects.filter(task=submitted).update(submitted_date=date(2026, 11, 3))
    done = make_task(cast, "五", due=date(2026, 10, 10), percent=90, state="completed",
                     completed_at=datetime(2026, 11, 4, tzinfo=UTC))  # fmt: skip
    make_task(cast, "六", state="closed", completed_at=datetime(2026, 10, 31, 15, 59, tzinfo=UTC))
    make_task(cast, "七", dispatched_at=datetime(2026, 10, 31, 16, tzinfo=UTC))
    make_task(cast, "八", state="suspended")
    keep_months(LATER)
    expected = {behind: "far_behind", silent: "missing", steady: "fine", submitted: "overdue", done: "overdue"}
    assert {pk: reason for pk, (_light, reason) in marks().items()} == {t.pk: r for t, r in expected.items()}


def test_missed_months_are_made_up_for(cast: Cast) -> None:
    task = make_task(cast, due=date(2026, 9, 15), percent=0)
    MonthLight.objects.create(task=task, month=date(2026, 7, 1), light=3, reason="fine")
    keep_months(LATER)
    found = MonthLight.objects.order_by("month").values_list("month", "light")
    assert list(found) == [(date(2026, 7, 1), 3), (date(2026, 8, 1), 1), (date(2026, 9, 1), 1), (OCTOBER, 1)]


def test_red_months_are_caught_up_when_the_task_is_no_longer_red_or_done(cast: Cast) -> None:
    tasks = {
        "red": make_task(cast, "一", due=date(2026, 10, 20), percent=50),
        "moved": make_task(cast, "二", due=date(2027, 3, 20), percent=90),
        "done": make_task(cast, "三", due=date(2026, 10, 20), state="closed", percent=100),
        "withdrawn": make_task(cast, "四", due=date(2026, 10, 20), state="withdrawn"),
        "suspended": make_task(cast, "五", due=date(2027, 10, 20), state="suspended"),
    }
    for task in tasks.values():
        MonthLight.objects.create(task=task, month=OCTOBER, light=1, reason="overdue")
        MonthLight.objects.create(task=task, month=date(2026, 9, 1), light=2, reason="behind")
    day = TODAY + timedelta(days=1)
    assert note_caught_up(today=TODAY, now=LATER, policy=get_policy()) == 2
    assert note_caught_up(today=day, now=LATER, policy=get_policy()) == 0
    caught = MonthLight.objects.exclude(caught_up_date=None).values_list("task_id", "month", "light", "caught_up_date")
    assert set(caught) == {(tasks[n].pk, OCTOBER, 1, TODAY) for n in ("moved", "done")}
    assert Entry.objects.get(verb="catch_up_months").data["number"] == 2


def test_every_light_has_a_code_that_fits() -> None:
    assert max(CODES.values()) < 10
