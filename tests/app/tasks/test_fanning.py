"""Giving many tasks to a whole group of units: one act, one entry, and a cost that does not follow the units."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.notices.models import Notice
from luoshi.orgs.models import Unit, UnitFigure, UnitQuerySet
from luoshi.progress.actions import recompute_standings, recompute_tallies
from luoshi.progress.models import Standing
from luoshi.tasks.actions import (
    FaultyShares,
    NobodyLeft,
    ToBeDivided,
    UnexplainedInflation,
    UnlawfulStep,
    cascade_tasks,
)
from luoshi.tasks.models import Allotment, Duty, Indicator, Inflation, PeriodTarget, Task
from luoshi.tasks.queries.dividing import Method
from luoshi.tasks.rules.division import divide_by_weights
from tests.factories.orgs import Cast
from tests.factories.work import make_task as make_any_task


def towns(cast: Cast) -> UnitQuerySet:
    return Unit.objects.filter(level="township", parent=cast.unit("QH"))


def make_task(cast: Cast, **fields: Any) -> Task:
    return make_any_task(cast, **{"standard": "验收合格", **fields})


def give(cast: Cast, tasks: list[Task], units: UnitQuerySet | None = None, **how: Any) -> int:
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
    give(cast, [task], method=Method("each", 2026))
    give(cast, [plain])
    assert set(Task.objects.filter(parent=task).values_list("target_value", "kind")) == {(Decimal(100), "hard_target")}
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


def measured(cast: Cast, *, target: int = 3200, path: bool = False, **fields: Any) -> tuple[Task, Indicator]:
    task = make_task(cast)
    known = {
        "name": "城镇新增就业",
        "measure": "人",
        "year": 2026,
        "created_by": cast["office"],
        "created_at": cast.now,
    }
    indicator = Indicator.objects.create(task=task, owner=cast.unit("QH"), **known | fields)
    own = Allotment.objects.create(indicator=indicator, task=task, target=target)
    if path:
        for period, value in (("2026-10", target // 2), ("2026-11", target - 100), ("2026-12", target)):
            PeriodTarget.objects.create(allotment=own, period=period, value=value)
    return task, indicator


def test_measured_task_is_not_given_before_somebody_says_how_it_is_divided(cast: Cast) -> None:
    task, _indicator = measured(cast)
    with pytest.raises(ToBeDivided, match="城镇新增就业"):
        give(cast, [task])
    assert not Task.objects.filter(parent=task).exists()


def test_parts_divided_evenly_owe_the_whole_to_the_last_place_period_by_period(cast: Cast) -> None:
    task, indicator = measured(cast, target=3205, path=True)
    count = give(cast, [task], method=Method("even", 2026))
    parts = Allotment.objects.filter(indicator=indicator, task__parent=task)
    assert parts.count() == count
    targets = sorted(target or Decimal(0) for target in parts.values_list("target", flat=True))
    assert (sum(targets), targets[-1] - targets[0] <= 1) == (3205, True)
    for period, value in (("2026-10", 1602), ("2026-11", 3105), ("2026-12", 3205)):
        steps = PeriodTarget.objects.filter(allotment__in=parts, period=period).values_list("value", flat=True)
        assert (len(steps), sum(steps)) == (count, value)
    assert {(p.target_value, p.weight) for p in Task.objects.filter(parent=task)} == {(t, t) for t in targets}
    assert not Inflation.objects.exists()
    assert recompute_tallies(check=True) == []


def test_parts_are_divided_by_a_figure_of_the_units(cast: Cast) -> None:
    task, indicator = measured(cast, target=1000)
    units = list(towns(cast).order_by("path"))
    for number, unit in enumerate(units, start=1):
        UnitFigure.objects.create(unit=unit, name="户籍人口", year=2025, value=10_000 * number)
    give(cast, [task], method=Method("base", 2026, figure="户籍人口"))
    found = Allotment.objects.filter(indicator=indicator, task__parent=task).order_by("task__duties__unit__path")
    expected = divide_by_weights(Decimal(1000), weights=[Decimal(n) for n in range(1, len(units) + 1)])
    assert list(found.values_list("target", flat=True)) == expected


def test_unit_without_the_figure_is_named_and_nothing_is_given(cast: Cast) -> None:
    task, _indicator = measured(cast)
    UnitFigure.objects.create(unit=cast.unit("QH-T01"), name="户籍人口", year=2025, value=1)
    lacking = towns(cast).exclude(code="QH-T01").order_by("path").first()
    with pytest.raises(ToBeDivided, match=str(lacking)):
        give(cast, [task], method=Method("base", 2026, figure="户籍人口"))
    assert not Task.objects.filter(parent=task).exists()


def test_second_group_divides_only_what_the_first_left(cast: Cast) -> None:
    task, indicator = measured(cast, target=900)
    give(cast, [task], towns(cast).filter(code="QH-T01"), method=Method("each", 2026))
    part = Allotment.objects.get(indicator=indicator, task__parent=task)
    Allotment.objects.filter(pk=part.pk).update(target=300)
    give(cast, [task], method=Method("even", 2026))
    owed = Allotment.objects.filter(task__parent=task).values_list("target", flat=True)
    assert sum(target or Decimal(0) for target in owed) == 900


def test_same_whole_for_each_of_many_is_asked_about(cast: Cast) -> None:
    task, count = make_task(cast, target_value=100, target_op=">=", target_unit="人"), towns(cast).count()
    with pytest.raises(UnexplainedInflation, match=str(100 * count)):
        give(cast, [task], method=Method("each", 2026))
    give(cast, [task], method=Method("each", 2026), reason="各镇都要达到")
    row = Inflation.objects.get()
    assert (row.task, row.figure, row.reason) == (task, Decimal(count), "各镇都要达到")
    assert Entry.objects.get(verb="cascade_tasks").data["inflation"][0]["kind"] == "target"


def test_rate_is_the_same_for_each_and_no_raise(cast: Cast) -> None:
    task, indicator = measured(cast, target=95, measure="%", over_units="mean", base="户籍人口")
    give(cast, [task], method=Method("even", 2026))
    assert set(Allotment.objects.filter(indicator=indicator, task__parent=task).values_list("target", flat=True)) == {
        95
    }
    assert not Inflation.objects.exists()


def test_dividing_costs_no_statement_for_each_unit(cast: Cast) -> None:
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
        task, _indicator = measured(cast, path=True)
        with CaptureQueriesContext(connection) as queries:
            give(cast, [task], units, method=Method("even", 2026))
        asked.append(len(queries))
    assert asked[0] == asked[1] < 60


def test_sum_of_the_parts_stands_in_the_tree_beside_the_target(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    task, _indicator = measured(cast, target=900)
    plain = make_task(cast, target_value=1000, target_op=">=", target_unit="人")
    rate = make_task(cast, target_value=95, target_op=">=", target_unit="%")
    give(cast, [task, plain, rate], method=Method("even", 2026))
    Task.objects.filter(parent=plain, duties__unit__code="QH-T01").update(target_value=Decimal("500.5"))
    page = signed_in("office").get("/ledger/?tree=1").content.decode()
    assert "Σ 900 / 900 人" in page
    assert re.search(r"tag-warn[^>]*>Σ [\d,.]+ / 1,000 人", page)
    assert "/ 95 %" not in page
