"""Clocks that stand still by approval: dates still to come move by the days, the original one never."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Standing
from luoshi.supervision.actions import submit_task
from luoshi.supervision.actions.coordination import answer_coordination, ask_coordination
from luoshi.supervision.actions.pausing import (
    PausedAlready,
    PauseDecided,
    PauserMayNotDecide,
    decide_pause,
    end_pause,
    end_pauses_due,
    request_pause,
    suspend_task,
)
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import Coordination, Pause
from luoshi.tasks.actions import UnlawfulStep, withdraw_task
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Duty, Milestone, Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import add_milestone, make_task

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 20)
UNTIL = date(2026, 12, 10)


def days(count: int) -> datetime:
    return NOW + timedelta(days=count)


def fresh(task: Task) -> Task:
    return Task.objects.select_related("owner").get(pk=task.pk)


def ask(cast: Cast, task: Task) -> Pause:
    """The bureau asks the finance bureau, and for its clock to stand still meanwhile."""
    ask_coordination(
        fresh(task), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, question="资金由谁承担",
        asked_unit=cast.unit("QH-CZJ"), wants_pause=True,
    )  # fmt: skip
    return get(task)


def get(task: Task) -> Pause:
    return Pause.objects.select_related("task__owner").filter(task=task).latest("pk")


def approve(cast: Cast, pause: Pause, **given: Any) -> None:
    decide_pause(pause, **{"approve": True, "until_date": UNTIL, "by": cast["office"], "now": days(1), **given})


def test_approved_pause_starts_when_it_was_asked_for_and_ends_with_the_answer(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    add_milestone(task, "已过", TODAY - timedelta(days=3))
    add_milestone(task, "将到", TODAY + timedelta(days=10))
    add_milestone(task, "已成", TODAY + timedelta(days=5), done=TODAY)
    approve(cast, ask(cast, task))
    assert Standing.objects.get(task=task).paused_date == TODAY
    assert fresh(task).state == "in_progress"
    asked = Coordination.objects.select_related("task__owner", "asked_unit", "asked_person").get()
    answer_coordination(asked, answer="县级承担", by=cast["otherclerk"], now=days(6))
    task.refresh_from_db()
    assert (task.due_date, task.original_due_date) == (DUE + timedelta(days=6), DUE)
    moved = dict(Milestone.objects.filter(task=task).values_list("name", "due_date"))
    assert moved == {
        "已过": TODAY - timedelta(days=3), "将到": TODAY + timedelta(days=16), "已成": TODAY + timedelta(days=5),
    }  # fmt: skip
    pause = Pause.objects.get()
    assert (pause.state, pause.to_date, Standing.objects.get(task=task).paused_date) == (
        "ended",
        date(2026, 11, 29),
        None,
    )
    assert Entry.objects.latest("seq").data["paused_days"] == 6


def test_pause_ends_by_itself_after_its_last_day_once_however_often_the_routine_runs(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    approve(cast, ask(cast, task))
    for day in (UNTIL, UNTIL + timedelta(days=1), UNTIL + timedelta(days=1), UNTIL + timedelta(days=5)):
        end_pauses_due(timezone.make_aware(datetime.combine(day, time(0, 20))))
    task.refresh_from_db()
    assert task.due_date == DUE + timedelta(days=18)  # 23 November up to and including 10 December
    assert Entry.objects.filter(verb="end_pause").count() == 1
    assert Coordination.objects.get().state == "open"  # the question still waits: only the excuse ran out


def test_late_routine_counts_the_days_up_to_the_last_day_only(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    approve(cast, ask(cast, task))
    end_pauses_due(timezone.make_aware(datetime(2027, 2, 1, 0, 20)))
    task.refresh_from_db()
    assert task.due_date == DUE + timedelta(days=18)


def test_refusal_needs_a_reason_and_the_asker_does_not_decide(cast: Cast) -> None:
    pause = ask(cast, make_task(cast))
    with pytest.raises(PauserMayNotDecide):
        approve(cast, pause, by=cast["deptclerk"])
    with pytest.raises(MissingWords):
        approve(cast, pause, approve=False)
    with pytest.raises(MissingWords):
        approve(cast, pause, until_date=None)
    with pytest.raises(MissingWords):
        approve(cast, pause, until_date=TODAY - timedelta(days=1))
    approve(cast, pause, approve=False, opinion="可先做别的工序")
    with pytest.raises(PauseDecided):
        approve(cast, pause)
    assert Pause.objects.get().state == "refused"


def test_question_answered_before_the_pause_was_decided_lets_it_lapse(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    pause = ask(cast, task)
    asked = Coordination.objects.select_related("task__owner", "asked_unit", "asked_person").get()
    answer_coordination(asked, answer="县级承担", by=cast["otherclerk"], now=days(1))
    with pytest.raises(PauseDecided):
        approve(cast, pause)
    task.refresh_from_db()
    assert task.due_date == DUE


def test_submission_ends_the_pause(cast: Cast) -> None:
    task = make_task(cast, due=DUE, percent=100)
    approve(cast, ask(cast, task))
    submit_task(fresh(task), unit=cast.unit("QH-NYJ"), by=cast["depthead"], now=days(2), result="已建成")
    task.refresh_from_db()
    standing = Standing.objects.get(task=task)
    assert (task.state, task.due_date, standing.paused_date) == ("submitted", DUE + timedelta(days=2), None)


def make_tree(cast: Cast) -> tuple[Task, Task, Task]:
    task = make_task(cast, due=DUE, percent=50, expected=2, reported=2)
    part = make_task(cast, "一部分", owner="QH-NYJ", lead="QH-T01", parent=task, due=date(2026, 12, 15), percent=40)
    done = make_task(cast, "已交的部分", owner="QH-NYJ", lead="QH-T02", parent=task, state="submitted", percent=100)
    recompute_standings()
    return task, part, done


def test_suspended_work_stops_with_its_parts_and_each_goes_on_from_its_own_state(cast: Cast) -> None:
    task, part, done = make_tree(cast)
    Task.objects.filter(pk=part.pk).update(state="dispatched")
    suspend_task(fresh(task), unit=cast.unit("QH"), reason="规划调整", until_date=UNTIL, by=cast["office"], now=NOW)
    assert [fresh(t).state for t in (task, part, done)] == ["suspended", "suspended", "submitted"]
    assert set(Standing.objects.values_list("paused_date", flat=True)) == {TODAY, None}
    assert not recompute_standings(check=True)
    end_pause(get(task), by=cast["office"], now=days(4), reason="规划已定")
    assert [fresh(t).state for t in (task, part, done)] == ["in_progress", "dispatched", "submitted"]
    assert fresh(part).due_date == date(2026, 12, 19)
    assert set(Standing.objects.values_list("paused_date", flat=True)) == {None}
    assert not recompute_standings(check=True)


def test_suspension_ends_by_itself_with_its_parts(cast: Cast) -> None:
    task, part, _done = make_tree(cast)
    request_pause(fresh(task), unit=cast.unit("QH-NYJ"), reason="等土地指标", by=cast["deptclerk"], now=NOW)
    with pytest.raises(PausedAlready):
        suspend_task(fresh(task), unit=cast.unit("QH"), reason="x", until_date=UNTIL, by=cast["office"], now=NOW)
    approve(cast, get(task))
    end_pauses_due(timezone.make_aware(datetime.combine(UNTIL + timedelta(days=2), time(0, 20))))
    assert [fresh(t).state for t in (task, part)] == ["in_progress", "in_progress"]
    assert Entry.objects.filter(verb="end_pause").count() == 1


def test_suspended_work_takes_no_step_but_resuming_and_withdrawing(cast: Cast) -> None:
    task, part, _done = make_tree(cast)
    suspend_task(fresh(task), unit=cast.unit("QH"), reason="规划调整", until_date=UNTIL, by=cast["office"], now=NOW)
    with pytest.raises(UnlawfulStep):
        check_step(fresh(task), "report")
    withdraw_task(fresh(task), reason="不再做", by=cast["office"], now=NOW)
    assert [fresh(t).state for t in (task, part)] == ["withdrawn", "withdrawn"]
    end_pauses_due(timezone.make_aware(datetime.combine(UNTIL + timedelta(days=2), time(0, 20))))
    assert fresh(task).state == "withdrawn"


def test_own_dates_of_duties_move_with_the_task(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    Duty.objects.filter(task=task).update(due_date=date(2026, 12, 1))
    suspend_task(fresh(task), unit=cast.unit("QH"), reason="规划调整", until_date=UNTIL, by=cast["office"], now=NOW)
    end_pause(get(task), by=cast["office"], now=days(2))
    assert Duty.objects.get(task=task).due_date == date(2026, 12, 3)
