"""A dispatch is undone until somebody has taken note of it; after that there is withdrawal with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.notices.models import Notice
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Standing
from luoshi.tasks.actions import (
    UnlawfulStep,
    acknowledge_task,
    cascade_task,
    dispatch_tasks,
    recall_dispatch,
    recall_parts,
    withdraw_task,
)
from luoshi.tasks.actions.recalling import GivenDown, NothingToRecall, TakenNoteOf
from luoshi.tasks.models import Task
from luoshi.tasks.queries.recalling import list_acts, list_dispatched_with
from luoshi.tasks.rules.cascade import Share
from tests.factories.orgs import Cast
from tests.factories.work import make_task


def draft(cast: Cast, title: str = "修好3座水库", **fields: object) -> Task:
    fields = {"lead": "QH-T01", "state": "draft", "standard": "验收合格", "acknowledged": False, **fields}
    return make_task(cast, title, dispatched_at=None, original_due_date=None, **fields)  # type: ignore[arg-type]


def dispatched(cast: Cast, *tasks: Task) -> list[Task]:
    dispatch_tasks(tasks, by=cast["office"], now=cast.now)
    return list(tasks)


def give(cast: Cast, task: Task, *codes: str, minutes: int = 0) -> list[Task]:
    shares = [Share(cast.unit(code).pk, target_value=Decimal(300)) for code in codes]
    at = cast.now + timedelta(minutes=minutes)
    cascade_task(task, shares=shares, owner=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=at)
    return list(Task.objects.filter(parent=task, dispatched_at=at).order_by("pk"))


def whole(cast: Cast) -> Task:
    return make_task(cast, standard="建成900亩", target_value=Decimal(900), target_op=">=", target_unit="亩")


def test_recalled_task_stands_as_before_dispatch(cast: Cast) -> None:
    task = draft(cast)
    dispatched(cast, task)
    recall_dispatch([task], by=cast["office"], now=cast.now)
    found = Task.objects.get(pk=task.pk)
    assert (found.state, found.dispatched_at, found.original_due_date) == ("draft", None, None)
    assert Entry.objects.latest("seq").verb == "recall_dispatch"
    assert find_journal_faults() == []
    assert recompute_standings(check=True) == []
    dispatch_tasks([found], by=cast["office"], now=cast.now + timedelta(hours=1))


def test_unread_messages_are_taken_back_and_readers_are_told(cast: Cast) -> None:
    task = draft(cast)
    dispatched(cast, task)
    Notice.objects.filter(person=cast["townhead"]).update(read_at=cast.now)
    recall_dispatch([task], by=cast["office"], now=cast.now)
    assert not Notice.objects.filter(person=cast["townclerk"]).exists()
    told = Notice.objects.get(person=cast["townhead"], kind="recall")
    assert "修好3座水库" in told.text


def test_acknowledged_task_can_only_be_withdrawn(cast: Cast) -> None:
    task = draft(cast, co=["QH-T02"])
    dispatched(cast, task)
    acknowledge_task(task, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    with pytest.raises(UnlawfulStep):
        recall_dispatch([task], by=cast["office"], now=cast.now)
    other = draft(cast, "共同办", lead="QH-T02", co=["QH-T01"])
    dispatched(cast, other)
    acknowledge_task(other, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    with pytest.raises(TakenNoteOf):
        recall_dispatch([other], by=cast["office"], now=cast.now)
    assert withdraw_task(other, reason="重复下达", by=cast["office"], now=cast.now) == 1


def test_what_went_out_together_is_recalled_together(cast: Cast) -> None:
    tasks = dispatched(cast, *(draft(cast, f"第{n}件") for n in range(8)))
    acknowledge_task(tasks[3], unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    others = list_dispatched_with(Task.objects.get(pk=tasks[0].pk))
    assert [t.title for t in others] == [f"第{n}件" for n in (1, 2, 4, 5, 6, 7)]
    first = Task.objects.get(pk=tasks[0].pk)
    assert recall_dispatch([first, *others], by=cast["office"], now=cast.now) == 7
    assert Task.objects.filter(state="draft").count() == 7
    summary = Notice.objects.get(person=cast["townclerk"], kind="recall")
    assert "6" in summary.text


def test_task_with_parts_is_not_recalled_before_its_parts(cast: Cast) -> None:
    task = draft(cast, lead="QH-NYJ", target_value=Decimal(900), target_op=">=", target_unit="亩")
    dispatched(cast, task)
    (part,) = give(cast, task, "QH-T01")
    with pytest.raises(GivenDown):
        recall_dispatch([task], by=cast["office"], now=cast.now)
    recall_parts(task, at=part.dispatched_at, owner=part.owner, by=cast["deptclerk"], now=cast.now)
    assert recall_dispatch([Task.objects.get(pk=task.pk)], by=cast["office"], now=cast.now) == 1


def test_recalled_parts_no_longer_count_and_may_be_given_anew(cast: Cast) -> None:
    task = whole(cast)
    parts = give(cast, task, "QH-T01", "QH-T02", "QH-T03")
    assert Standing.objects.get(task=task).expected == 3
    recall_parts(task, at=parts[0].dispatched_at, owner=parts[0].owner, by=cast["deptclerk"], now=cast.now)
    assert set(Task.objects.filter(parent=task).values_list("state", flat=True)) == {"withdrawn"}
    assert Standing.objects.get(task=task).expected == 1
    assert not Notice.objects.filter(kind="dispatch").exists()
    assert len(give(cast, task, "QH-T01", "QH-T02", minutes=5)) == 2
    assert recompute_standings(check=True) == []


def test_one_acknowledgement_keeps_the_whole_act(cast: Cast) -> None:
    task = whole(cast)
    parts = give(cast, task, "QH-T01", "QH-T02")
    later = give(cast, task, "QH-T03", minutes=10)
    acknowledge_task(parts[0], unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    acts = list_acts(task, access=cast.access("deptclerk"))
    assert [(act.count, act.taken, act.is_recallable) for act in acts] == [(1, 0, True), (2, 1, False)]
    with pytest.raises((TakenNoteOf, UnlawfulStep)):
        recall_parts(task, at=parts[0].dispatched_at, owner=parts[0].owner, by=cast["deptclerk"], now=cast.now)
    assert recall_parts(task, at=later[0].dispatched_at, owner=later[0].owner, by=cast["deptclerk"], now=cast.now) == 1
    with pytest.raises(NothingToRecall):
        recall_parts(task, at=later[0].dispatched_at, owner=later[0].owner, by=cast["deptclerk"], now=cast.now)


def test_act_is_recalled_only_by_those_who_dispatch_for_its_giver(cast: Cast) -> None:
    task = whole(cast)
    give(cast, task, "QH-T01")
    assert list_acts(task, access=cast.access("office"))
    assert list_acts(task, access=cast.access("deptclerk"))
    assert not list_acts(task, access=cast.access("otherclerk"))


def test_withdrawal_takes_the_whole_subtree_and_tells_everybody(cast: Cast) -> None:
    task = whole(cast)
    (part,) = give(cast, task, "QH-T01")
    acknowledge_task(part, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    below = [Share(cast.unit(code).pk, target_value=Decimal(150)) for code in ("QH-T01-V01", "QH-T01-V02")]
    part.refresh_from_db()
    cascade_task(part, shares=below, owner=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    Notice.objects.all().delete()
    task.refresh_from_db()
    assert withdraw_task(task, reason="上级任务取消", by=cast["office"], now=cast.now) == 4
    assert set(Task.objects.values_list("state", flat=True)) == {"withdrawn"}
    told = set(Notice.objects.filter(text__contains="上级任务取消").values_list("person__username", flat=True))
    assert told == {"depthead", "deptclerk", "townhead", "townclerk"}
    assert recompute_standings(check=True) == []
