"""Giving many tasks to a whole group of units: one act, one entry, and a cost that does not follow the units."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.notices.models import Notice
from luoshi.orgs.models import Unit
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Standing
from luoshi.tasks.actions import FaultyShares, NobodyLeft, ToBeDivided, UnlawfulStep, cascade_tasks
from luoshi.tasks.models import Allotment, Duty, Indicator, Task
from tests.factories.orgs import Cast
from tests.factories.work import make_task as make_any_task


def towns(cast: Cast) -> QuerySet[Unit]:
    return Unit.objects.filter(level="township", parent=cast.unit("QH"))


def make_task(cast: Cast, **fields: Any) -> Task:
    return make_any_task(cast, **{"standard": "验收合格", **fields})


def give(cast: Cast, tasks: list[Task], units: QuerySet[Unit] | None = None, **how: bool) -> int:
    chosen = towns(cast) if units is None else units
    return cascade_tasks(tasks, units=chosen, owner=cast.unit("QH"), by=cast["office"], now=cast.now, **how)


def test_every_unit_of_the_group_gets_a_part_of_every_task(cast: Cast) -> None:
    tasks, units = [make_task(cast), make_task(cast)], set(towns(cast).values_list("pk", flat=True))
    assert give(cast, tasks) == 2 * len(units)
    for task in tasks:
        parts = Task.objects.filter(parent=task)
        assert set(Duty.objects.filter(task__in=parts, role="lead").values_list("unit", flat=True)) == units
        assert {(p.state, p.owner_id, p.requirement, p.due_date) for p in parts} == {
            ("dispatched", cast.unit("QH").pk, task.requirement, task.due_date)
        }
        assert all(part.path == f"{task.path}{part.pk:010d}" for part in parts)
    codes = list(Task.objects.filter(parent__in=tasks).values_list("code", flat=True))
    assert len(set(codes)) == len(codes)


def test_the_whole_act_is_one_entry_that_names_ranges_not_rows(cast: Cast) -> None:
    tasks = [make_task(cast), make_task(cast)]
    count = give(cast, tasks)
    entry = Entry.objects.get(verb="cascade_tasks")
    assert [row[0] for row in entry.data["parts"]] == [task.pk for task in tasks]
    assert sum(row[3] for row in entry.data["parts"]) == count == entry.data["units"]
    for parent, first, last, number in entry.data["parts"]:
        assert Task.objects.filter(parent=parent, pk__range=(first, last)).count() == number
    assert find_journal_faults() == []


def test_parts_stand_in_the_roll_up_at_once(cast: Cast) -> None:
    task = make_task(cast)
    count = give(cast, [task])
    assert Standing.objects.filter(task__parent=task).count() == count
    assert Standing.objects.get(task=task).expected == count
    assert recompute_standings(check=True) == []


def test_a_unit_that_holds_a_part_keeps_it_and_gets_no_second(cast: Cast) -> None:
    task, other = make_task(cast), make_task(cast)
    give(cast, [task], towns(cast).filter(code="QH-T01"))
    count = towns(cast).count()
    assert give(cast, [task, other]) == 2 * count - 1
    with pytest.raises(NobodyLeft):
        give(cast, [task, other])
    assert Task.objects.filter(parent=task).count() == count


def test_each_unit_takes_the_whole_figure_only_when_asked(cast: Cast) -> None:
    task = make_task(cast, target_value=100, target_op=">=", target_unit="%")
    plain = make_task(cast, target_value=100, target_op=">=", target_unit="%")
    give(cast, [task], whole_target=True)
    give(cast, [plain])
    assert set(Task.objects.filter(parent=task).values_list("target_value", "kind")) == {(100, "hard_target")}
    assert set(Task.objects.filter(parent=plain).values_list("target_value", "target_op")) == {(None, "")}


def test_who_gets_more_than_five_parts_is_told_once(cast: Cast) -> None:
    give(cast, [make_task(cast) for _n in range(6)], towns(cast).filter(code="QH-T01"))
    told = Notice.objects.filter(person=cast["townclerk"])
    assert [notice.text.startswith("6 ") or "6" in notice.text for notice in told] == [True]
    give(cast, [make_task(cast)], towns(cast).filter(code="QH-T01"))
    assert told.all().count() == 2
    part = Task.objects.order_by("pk").last()
    assert part is not None
    assert told.filter(url__contains=str(part.pk), text__contains=part.title).count() == 1


def test_closed_task_is_not_given_to_a_group(cast: Cast) -> None:
    with pytest.raises(UnlawfulStep):
        give(cast, [make_task(cast), make_task(cast, state="closed")])
    assert not Task.objects.filter(parent__isnull=False).exists()


def test_task_without_a_standard_is_not_given_to_a_group(cast: Cast) -> None:
    with pytest.raises(FaultyShares):
        give(cast, [make_task(cast, standard="")])


def test_statements_do_not_follow_the_number_of_units(cast: Cast) -> None:
    county = cast.unit("QH")
    Unit.objects.bulk_create(
        Unit(code=f"G-{n}", name=f"第{n}村", level="village", parent=county, path=f"{county.path}{9_000_000 + n:08d}",
             valid_from=cast.today)
        for n in range(300)
    )  # fmt: skip
    villages = Unit.objects.filter(code__startswith="G-")
    asked = []
    give(cast, [make_task(cast)], villages.filter(code="G-1"))
    for units in (villages.filter(code__in=["G-2", "G-3"]), villages):
        task = make_task(cast)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            give(cast, [task], units)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 40


def test_task_with_indicators_is_to_be_divided_by_itself(cast: Cast) -> None:
    task = make_task(cast)
    indicator = Indicator.objects.create(
        task=task, owner=cast.unit("QH"), name="城镇新增就业", year=2026, created_by=cast["office"], created_at=cast.now
    )
    Allotment.objects.create(indicator=indicator, task=task, target=3200)
    with pytest.raises(ToBeDivided):
        give(cast, [task])
