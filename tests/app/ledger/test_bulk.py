"""One change for many tasks: previewed row by row, done in one act, taken back in one."""

from datetime import date

import pytest

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.ledger.actions.columns import Filling, define_column, set_values
from luoshi.ledger.models import ColumnValue
from luoshi.ledger.rules.columns import Value
from luoshi.notices.models import Notice
from luoshi.tasks.models import Task
from tests.factories.work import add_milestone, make_task

ZH = {"accept-language": "zh-CN"}


def ask(client, tasks, what, value="", *, step="preview", **more):
    given = {"task": [task.pk for task in tasks], "what": what, f"v_{what}": value, "step": step, **more}
    return client.post("/ledger/bulk/", given, headers=ZH)


def mark_of(page):
    return page.content.decode().split('name="mark" value="')[1].split('"')[0]


def change(client, tasks, what, value="", **more):
    """Preview, then confirm what was previewed."""
    page = ask(client, tasks, what, value, **more)
    return ask(client, tasks, what, value, step="apply", mark=mark_of(page), **more)


def values(tasks, name):
    return [getattr(Task.objects.get(pk=task.pk), name) for task in tasks]


def test_ticked_tasks_change_in_one_act_with_one_entry(cast, signed_in):
    tasks = [make_task(cast, f"任务{n}", tier=3) for n in range(3)]
    page = ask(signed_in("office"), tasks, "tier", "2").content.decode()
    assert "将更改3项" in page
    assert values(tasks, "tier") == [3, 3, 3]
    answer = change(signed_in("office"), tasks, "tier", "2")
    assert answer.status_code == 302
    assert values(tasks, "tier") == [2, 2, 2]
    entry = Entry.objects.get(verb="steer_tasks")
    assert entry.data["count"] == 3
    assert entry.data["changes"][0] == [tasks[0].pk, 3, 2, 2]


def test_row_that_stays_as_it_is_says_why(cast, signed_in):
    ended = make_task(cast, "已办结", state="closed")
    others = make_task(cast, "局里交办", owner="QH-NYJ", lead="QH-T01")
    same = make_task(cast, "已是重点", tier=2)
    page = ask(signed_in("depthead"), [ended, others, same], "tier", "2").content.decode()
    assert "将更改1项，2项保持不变" in page
    assert page.count("您的岗位不能决定") == 2
    page = ask(signed_in("office"), [ended, others, same], "tier", "2").content.decode()
    assert "已结束" in page
    assert "本来就是这样" in page


@pytest.mark.parametrize("who", ["townclerk", "observer", "admin", "outsider"])
def test_nobody_changes_what_their_post_does_not_decide(cast, signed_in, who):
    task = make_task(cast)
    page = ask(signed_in(who), [task], "urgency", "1")
    if page.status_code == 200:
        assert "将更改0项" in page.content.decode()
        ask(signed_in(who), [task], "urgency", "1", step="apply", mark="x")
    assert values([task], "urgency") == [3]
    assert not Entry.objects.filter(verb="steer_tasks").exists()


def test_due_dates_move_by_days_and_the_original_stays(cast, signed_in):
    tasks = [make_task(cast, "甲", due=date(2026, 12, 1)), make_task(cast, "乙", due=date(2026, 12, 20))]
    change(signed_in("office"), tasks, "shift", "10")
    assert values(tasks, "due_date") == [date(2026, 12, 11), date(2026, 12, 30)]
    assert values(tasks, "original_due_date") == [date(2026, 12, 1), date(2026, 12, 20)]
    assert Notice.objects.filter(person=cast["deptclerk"]).count() == 1


def test_date_that_the_task_cannot_have_is_refused_for_that_row_alone(cast, signed_in):
    top = make_task(cast, "上级", due=date(2026, 12, 10))
    part = make_task(cast, "下级", parent=top, owner="QH", lead="QH-T01", due=date(2026, 12, 5))
    staged = make_task(cast, "有节点", due=date(2026, 12, 31))
    add_milestone(staged, "主体完工", date(2026, 12, 20))
    late = make_task(cast, "未开始", start=date(2026, 12, 15), due=date(2026, 12, 31))
    endless = make_task(cast, "长期", due=None)
    page = ask(signed_in("office"), [part, staged, late], "due", "2026-12-12").content.decode()
    for words in ("晚于上级任务的时限", "早于它的一个节点", "早于它的开始日期", "将更改0项"):
        assert words in page
    assert "早于某个分解任务的时限" in ask(signed_in("office"), [top], "due", "2026-12-01").content.decode()
    assert "没有时限" in ask(signed_in("office"), [endless], "shift", "5").content.decode()


def test_date_after_dispatch_is_moved_by_who_decides_extensions_only(cast, signed_in):
    task = make_task(cast)
    assert "将更改0项" in ask(signed_in("sponsor"), [task], "shift", "5").content.decode()
    assert "将更改1项" in ask(signed_in("sponsor"), [task], "urgency", "1").content.decode()
    assert "将更改1项" in ask(signed_in("leader"), [task], "shift", "5").content.decode()


def test_change_is_not_done_when_a_task_changed_after_the_preview(cast, signed_in):
    tasks = [make_task(cast, f"任务{n}") for n in range(2)]
    mark = mark_of(ask(signed_in("office"), tasks, "urgency", "1"))
    Task.objects.filter(pk=tasks[0].pk).update(version=7)
    answer = ask(signed_in("office"), tasks, "urgency", "1", step="apply", mark=mark)
    assert answer.status_code == 409
    assert values(tasks, "urgency") == [3, 3]


def test_cap_on_critical_tasks_holds_for_all_together(cast, signed_in):
    cap = get_policy().critical_cap
    tasks = [make_task(cast, f"任务{n}", tier=2) for n in range(cap + 1)]
    answer = change(signed_in("office"), tasks, "tier", "1")
    assert answer.status_code == 409
    assert set(values(tasks, "tier")) == {2}


def test_all_that_pass_the_filter_change_together(cast, signed_in):
    urgent = [make_task(cast, f"重点{n}", tier=2) for n in range(60)]
    other = make_task(cast, "一般", tier=3)
    client = signed_in("office")
    given = {"all": "1", "query": "tier=2"}
    page = client.post("/ledger/bulk/", {**given, "step": "preview", "what": "cadence", "v_cadence": "weekly"})
    client.post(
        "/ledger/bulk/",
        {**given, "step": "apply", "what": "cadence", "v_cadence": "weekly", "mark": mark_of(page)},
    )
    assert set(values(urgent, "cadence")) == {"weekly"}
    assert values([other], "cadence") == [""]


def test_change_is_taken_back_once_and_only_by_who_made_it(cast, signed_in):
    tasks = [make_task(cast, "甲", due=date(2026, 12, 1)), make_task(cast, "乙", due=date(2026, 12, 20))]
    done = change(signed_in("office"), tasks, "due", "2027-01-05")["Location"]
    assert signed_in("leader").get(done).status_code == 404
    assert signed_in("office").get(done).status_code == 200
    signed_in("office").post(done)
    assert values(tasks, "due_date") == [date(2026, 12, 1), date(2026, 12, 20)]
    assert signed_in("office").post(done).status_code == 409
    assert Entry.objects.filter(verb="undo_steering").count() == 1


def test_change_is_not_taken_back_over_a_later_one(cast, signed_in):
    tasks = [make_task(cast, f"任务{n}") for n in range(2)]
    done = change(signed_in("office"), tasks, "urgency", "1")["Location"]
    change(signed_in("leader"), tasks[:1], "urgency", "2")
    assert signed_in("office").post(done).status_code == 409
    assert values(tasks, "urgency") == [2, 1]


def test_own_column_is_filled_for_many_and_emptied_again(cast, signed_in):
    column = define_column(cast.unit("QH"), name="批次", kind="text", by=cast["office"], now=cast.now)
    tasks = [make_task(cast, f"任务{n}") for n in range(3)]
    set_values([Filling(tasks[0].pk, column, Value("第一批"))], by=cast["office"], now=cast.now)
    done = change(signed_in("office"), tasks, f"own-{column.pk}", "第二批")["Location"]
    assert set(ColumnValue.objects.values_list("text", flat=True)) == {"第二批"}
    signed_in("office").post(done)
    assert list(ColumnValue.objects.values_list("task", "text")) == [(tasks[0].pk, "第一批")]


def test_tasks_move_under_another_and_back(cast, signed_in):
    top = make_task(cast, "总任务", code="QH-2026-TOP")
    tasks = [make_task(cast, f"任务{n}") for n in range(2)]
    done = change(signed_in("office"), tasks, "place", "qh-2026-top")["Location"]
    assert values(tasks, "parent_id") == [top.pk, top.pk]
    assert (
        "不能放到它自己或它的分解任务之下" in ask(signed_in("office"), [top], "place", "QH-2026-TOP").content.decode()
    )
    signed_in("office").post(done)
    assert values(tasks, "parent_id") == [None, None]
    page = ask(signed_in("office"), tasks, "place", "没有")
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("what", "value"),
    [("", ""), ("tier", "9"), ("tier", ""), ("due", "年底"), ("due", "1950-01-01"), ("shift", "x"), ("shift", "0"),
     ("sponsor", "99999"), ("cadence", "hourly"), ("own-99", "a"), ("owner", "1")],
)  # fmt: skip
def test_unclear_change_is_asked_again(cast, signed_in, what, value):
    assert ask(signed_in("office"), [make_task(cast)], what, value).status_code == 422


def test_nothing_ticked_goes_back_with_a_word(cast, signed_in):
    assert ask(signed_in("office"), [], "tier", "1").status_code == 302


@pytest.mark.parametrize("number", [1, 30, 120])
def test_bulk_costs_the_same_for_any_number(cast, signed_in, django_assert_max_num_queries, number):
    tasks = [make_task(cast, f"任务{n}") for n in range(number)]
    client = signed_in("office")
    ask(client, tasks, "urgency", "1")
    with django_assert_max_num_queries(22):
        page = ask(client, tasks, "shift", "3")
    with django_assert_max_num_queries(45):
        ask(client, tasks, "shift", "3", step="apply", mark=mark_of(page))
    assert set(values(tasks, "due_date")) == {date(2026, 12, 23)}
