"""Giving one task to many units."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.notices.models import Notice
from luoshi.tasks.actions import FaultyShares, UnlawfulStep, cascade_task
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.cascade import Share
from tests.factories.orgs import Cast
from tests.factories.work import make_task

TOWNS = ("QH-T01", "QH-T02", "QH-T03")


def give(cast: Cast, task: Task, codes: tuple[str, ...] = TOWNS, **share: object) -> int:
    shares = [Share(cast.unit(code).pk, **share) for code in codes]  # type: ignore[arg-type]
    return cascade_task(task, shares=shares, owner=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=cast.now)


def parent(cast: Cast, **fields: object) -> Task:
    fields = {"standard": "建成900亩", "target_value": Decimal(900), "target_op": ">=", "target_unit": "亩", **fields}
    return make_task(cast, **fields)  # type: ignore[arg-type]


def test_cascade_gives_each_unit_its_own_part(cast: Cast) -> None:
    task = parent(cast, tier=2)
    assert give(cast, task, target_value=Decimal(300), standard="建成300亩并通过验收") == 3
    parts = list(Task.objects.filter(parent=task).order_by("path"))
    assert [part.code for part in parts] == [f"QH-NYJ-2026-{n:04d}" for n in (1, 2, 3)]
    assert {part.standard for part in parts} == {"建成300亩并通过验收"}
    assert {(part.state, part.owner_id, part.tier, part.kind) for part in parts} == {
        ("dispatched", cast.unit("QH-NYJ").pk, 2, "hard_target")
    }
    assert all(part.path == f"{task.path}{part.pk:010d}" for part in parts)
    assert {part.original_due_date for part in parts} == {task.due_date}
    duties = Duty.objects.filter(task__in=parts).order_by("task").values_list("unit__code", "role")
    assert list(duties) == [(code, "lead") for code in TOWNS]


def test_cascade_is_one_journal_entry(cast: Cast) -> None:
    task = parent(cast)
    give(cast, task)
    entry = Entry.objects.get(verb="cascade_task")
    assert entry.subject_id == str(task.pk)
    assert (entry.data["parts"][0][0], entry.data["parts"][0][3]) == (task.pk, 3)
    assert Entry.objects.count() == 1
    assert find_journal_faults() == []


def test_cascade_tells_the_people_of_each_unit(cast: Cast) -> None:
    give(cast, parent(cast))
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"townhead", "townclerk"}
    assert Notice.objects.filter(person=cast["townclerk"]).count() == 1


def test_cascade_refuses_a_unit_that_already_has_a_part(cast: Cast) -> None:
    task = parent(cast)
    give(cast, task, ("QH-T01",))
    with pytest.raises(FaultyShares, match="柳河镇"):
        give(cast, task)
    assert Task.objects.filter(parent=task).count() == 1


def test_cascade_refuses_a_date_after_the_parents(cast: Cast) -> None:
    with pytest.raises(FaultyShares):
        give(cast, parent(cast), due_date=date(2026, 12, 21))


def test_cascade_refuses_parts_without_a_standard(cast: Cast) -> None:
    with pytest.raises(FaultyShares):
        give(cast, parent(cast, standard=""))


def test_closed_task_is_not_given_down(cast: Cast) -> None:
    with pytest.raises(UnlawfulStep):
        give(cast, parent(cast, state="closed"))


def test_five_thousand_parts_cost_no_query_each(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    from tests.factories.orgs import SINCE, Unit

    county = cast.unit("QH")
    units = Unit.objects.bulk_create(
        Unit(
            code=f"V{n}",
            name=f"第{n}村",
            level="village",
            parent=county,
            valid_from=SINCE,
            path=f"{county.path}9{n:07d}",
        )
        for n in range(500)
    )
    task = parent(cast)
    shares = [Share(unit.pk) for unit in units]
    with django_assert_max_num_queries(60):
        cascade_task(task, shares=shares, owner=county, by=cast["office"], now=cast.now)
    assert Task.objects.under(task.path or "").count() == 501
