"""The gate: what the rule says and what the query finds are the same."""

import pytest
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.tasks.models import Task
from luoshi.tasks.queries import (
    acting_unit,
    count_drafts_for,
    get_task_facts,
    get_task_for,
    list_drafts_for,
    list_task_facts,
    list_tasks,
)
from luoshi.tasks.rules.access import may
from tests.factories.orgs import Cast
from tests.factories.work import make_task


@pytest.fixture
def tasks(cast: Cast) -> list[Task]:
    top = make_task(cast, "县任务", co=["QH-CZJ"])
    return [
        top,
        make_task(cast, "农业农村局分解给柳河镇", owner="QH-NYJ", lead="QH-T01", parent=top),
        make_task(cast, "县直接分解给石门乡", owner="QH", lead="QH-T02", parent=top),
        make_task(cast, "柳河镇自己的任务", owner="QH-T01", lead="QH-T01-V01"),
        make_task(cast, "白石县任务", owner="BS", lead="BS-CZJ"),
        make_task(cast, "跨县领导联系", owner="BS", lead="BS-CZJ", sponsor=cast["sponsor"]),
        make_task(cast, "没有单位的草稿", owner="QH-CZJ", lead="", state="draft"),
        make_task(cast, "共同负责的草稿", lead="", joint=["QH-CZJ", "QH-SLJ"], state="registered"),
    ]


PEOPLE = [
    "leader", "sponsor", "office", "observer", "depthead", "deptclerk", "otherclerk", "townhead", "townclerk",
    "outsider", "baishi", "admin",
]  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_visible_tasks_are_those_that_the_rule_allows(cast: Cast, tasks: list[Task], name: str) -> None:
    access = cast.access(name)
    facts = list_task_facts(tasks)
    expected = {task.title for task in tasks if may(access, facts[task.pk], "see")}
    assert set(Task.objects.visible_to(access).values_list("title", flat=True)) == expected


@pytest.mark.parametrize("name", PEOPLE)
def test_drafts_listed_are_those_that_the_rule_allows(cast: Cast, tasks: list[Task], name: str) -> None:
    access = cast.access(name)
    facts = list_task_facts(tasks)
    drafts = [task for task in tasks if task.state in ("draft", "registered")]
    expected = {task.title for task in drafts if may(access, facts[task.pk], "draft")}
    assert {task.title for task in list_drafts_for(access)} == expected
    assert count_drafts_for(access) == len(expected)


def test_cast_sees_different_things(cast: Cast, tasks: list[Task]) -> None:
    def count(name: str) -> int:
        return Task.objects.visible_to(cast.access(name)).count()

    assert (count("admin"), count("office"), count("sponsor"), count("townclerk"), count("outsider")) == (8, 6, 7, 2, 2)


def test_unseen_task_is_not_found_and_seen_task_is_refused(cast: Cast, tasks: list[Task]) -> None:
    with pytest.raises(Http404):
        get_task_for(cast.access("outsider"), id=tasks[0].pk)
    with pytest.raises(NotAllowed):
        get_task_for(cast.access("observer"), id=tasks[0].pk, to="dispatch")
    assert get_task_for(cast.access("deptclerk"), id=tasks[0].pk, to="report") == tasks[0]


def test_acting_unit_is_the_doing_unit(cast: Cast, tasks: list[Task]) -> None:
    assert acting_unit(cast.access("otherclerk"), tasks[0], "report") == cast.unit("QH-CZJ")
    with pytest.raises(NotAllowed):
        acting_unit(cast.access("office"), tasks[0], "report")


def test_facts_of_many_tasks_cost_as_many_queries_as_of_one(  # type: ignore[no-untyped-def]
    cast: Cast, tasks: list[Task], django_assert_max_num_queries
) -> None:
    rows = list(Task.objects.select_related("owner"))
    with django_assert_max_num_queries(2):
        facts = list_task_facts(rows)
    assert facts[tasks[1].pk] == get_task_facts(tasks[1])
    assert facts[tasks[0].pk].has_children
    assert facts[tasks[2].pk].parent_lead_paths == (cast.unit("QH-NYJ").path,)


def test_list_is_filtered_by_unit_subtree_and_words(cast: Cast, tasks: list[Task]) -> None:
    access = cast.access("admin")

    def titles(**filters: object) -> set[str]:
        return {t.title for t in list_tasks(access, **filters)}  # type: ignore[arg-type]

    assert titles(unit="QH-T01") == {"农业农村局分解给柳河镇", "柳河镇自己的任务"}
    assert titles(unit="nowhere") == set()
    assert titles(q="草稿", state="draft") == {"没有单位的草稿"}
    assert titles(parent=tasks[0].pk) == {"农业农村局分解给柳河镇", "县直接分解给石门乡"}
