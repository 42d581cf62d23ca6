"""The history of a task tells of every act that touched it, also of those on several tasks at once."""

from luoshi.core.models import Entry
from luoshi.tasks.actions import dispatch_tasks
from luoshi.tasks.actions.steering import Change, steer_tasks
from luoshi.tasks.models import Task, TaskEntry
from luoshi.tasks.queries.journal import list_task_entries
from luoshi.tasks.rules.steering import Steer
from tests.factories.work import make_task


def test_each_task_of_an_act_on_several_tells_of_it_in_its_own_words(cast, signed_in):
    first, second, other = (make_task(cast, title, state="in_progress") for title in ("甲", "乙", "丙"))
    changes = [Change(task.pk, task.version, 2, tier) for task, tier in ((first, 1), (second, 3))]
    steer_tasks(changes, what=Steer.TIER, by=cast["office"], now=cast.now, today=cast.today)
    assert [e.verb for e in list_task_entries(second.pk)] == ["steer_tasks"]
    assert list_task_entries(other.pk) == []
    office = signed_in("office")
    assert "重要程度 重点 → 重中之重" in office.get(f"/tasks/{first.pk}/").content.decode()
    assert "重要程度 重点 → 一般" in office.get(f"/tasks/{second.pk}/").content.decode()


def test_whoever_dispatched_stands_in_the_history_of_every_task(cast):
    tasks = [make_task(cast, title, state="registered", standard="验收合格") for title in ("甲", "乙")]
    dispatch_tasks(tasks, by=cast["office"], now=cast.now)
    for task in tasks:
        assert [(e.verb, e.actor) for e in list_task_entries(task.pk)] == [("dispatch_tasks", cast["office"])]
    assert TaskEntry.objects.count() == 1, "the subject itself needs no row"
    assert Entry.objects.count() == 1


def test_entries_come_newest_first_and_once(cast):
    task, other = make_task(cast, "甲", state="in_progress"), make_task(cast, "乙", state="in_progress")
    for tier in (3, 2, 3):
        changes = [
            Change(t.pk, Task.objects.get(pk=t.pk).version, Task.objects.get(pk=t.pk).tier, tier) for t in (other, task)
        ]
        steer_tasks(changes, what=Steer.TIER, by=cast["office"], now=cast.now, today=cast.today)
    found = [e.seq for e in list_task_entries(task.pk, limit=2)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 2
