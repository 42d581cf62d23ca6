"""Parts of a task that is measured: what they owe, what they weigh, and what is asked beyond what was asked."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from luoshi.core.models import Entry
from luoshi.orgs.models import Unit, UnitFigure
from luoshi.tasks.actions import UnexplainedInflation, cascade_task
from luoshi.tasks.actions.indicating import set_indicator
from luoshi.tasks.models import Allotment, Indicator, Inflation, PeriodTarget, Task
from luoshi.tasks.queries.inflating import gather_inflations, list_inflations, list_inflations_of, list_tiers
from luoshi.tasks.queries.measures import list_divisions
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.indicators import Owed
from luoshi.tasks.rules.inflation import whole_ratio
from tests.factories.orgs import SINCE, Cast
from tests.factories.work import make_task

D = Decimal
TOWNS = ("QH-T01", "QH-T02", "QH-T03")
PERIODS = {f"2026-{month:02d}": D(value) for month, value in ((9, 600), (10, 750), (11, 900), (12, 1000))}


def parent(cast: Cast, **fields: object) -> Task:
    known = {"standard": "登记在册", "target_value": D(1000), "target_op": ">=", "target_unit": "人", **fields}
    return make_task(cast, "城镇新增就业", due=date(2026, 12, 20), **known)  # type: ignore[arg-type]


def measured(cast: Cast, task: Task, *, periods: bool = True, target: str = "1000", **fields: object) -> Indicator:
    owed = Owed(target=D(target), periods=PERIODS if periods else {})
    given = {"name": "城镇新增就业", "measure": "人", **fields}
    return set_indicator(task, year=2026, by=cast["deptclerk"], now=cast.now, owed=owed, **given)  # type: ignore[arg-type]


def give(
    cast: Cast, task: Task, *targets: object, reason: str = "", cadence: str | None = None, **fields: object
) -> None:
    shares = [
        Share(cast.unit(code).pk, None if target is None else D(str(target)), **fields)  # type: ignore[arg-type]
        for code, target in zip(TOWNS, targets, strict=False)
    ]
    cascade_task(
        task, shares=shares, owner=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=cast.now, reason=reason,
        cadence=cadence,
    )  # fmt: skip


def owed(indicator: Indicator) -> dict[str, tuple[Decimal | None, Decimal]]:
    rows = Allotment.objects.filter(indicator=indicator).exclude(task=indicator.task)
    return {
        code: (target, weight)
        for code, target, weight in rows.values_list("task__duties__unit__code", "target", "weight")
    }


def test_parts_weigh_their_targets_so_that_percent_is_done_of_all(cast: Cast) -> None:
    task = parent(cast)
    give(cast, task, 500, 300, 200)
    assert list(Task.objects.filter(parent=task).order_by("pk").values_list("weight", flat=True)) == [500, 300, 200]


def test_parts_of_a_rate_take_the_target_over_and_weigh_alike(cast: Cast) -> None:
    task = parent(cast, target_value=D(95), target_unit="%")
    give(cast, task, None, 96)
    parts = Task.objects.filter(parent=task).order_by("pk").values_list("target_value", "weight")
    assert list(parts) == [(D(95), D(1)), (D(96), D(1))]


def test_each_part_owes_its_share_of_the_indicator_along_the_path(cast: Cast) -> None:
    task = parent(cast)
    indicator = measured(cast, task)
    give(cast, task, 501, 299, 200)
    assert {code: target for code, (target, _w) in owed(indicator).items()} == {
        "QH-T01": 501,
        "QH-T02": 299,
        "QH-T03": 200,
    }
    rows = PeriodTarget.objects.filter(allotment__task__parent=task)
    for period, whole in PERIODS.items():
        assert sum(rows.filter(period=period).values_list("value", flat=True)) == whole
    assert list(rows.filter(period="2026-12").order_by("allotment").values_list("value", flat=True)) == [501, 299, 200]
    division = list_divisions(task)[0]
    assert (division.total.parts, division.total.gap, division.without) == (D(1000), D(0), 0)
    assert [row.gap for row in division.periods] == [0, 0, 0, 0]


def test_typed_period_stands_instead_of_the_scaled_one(cast: Cast) -> None:
    task = parent(cast)
    measured(cast, task)
    give(cast, task, 400, 300, 300, periods={"2026-09": D(100)})
    september = PeriodTarget.objects.filter(allotment__task__parent=task, period="2026-09")
    assert list(september.values_list("value", flat=True)) == [100, 100, 100]
    assert [row.gap for row in list_divisions(task)[0].periods] == [-300, 0, 0, 0]


def test_weighted_mean_is_not_divided_and_weighs_by_its_base(cast: Cast) -> None:
    for code, value in (("QH-T01", 30000), ("QH-T02", 10000)):
        UnitFigure.objects.create(unit=cast.unit(code), name="户籍人口", year=2025, value=value)
    task = parent(cast, target_value=None, target_op="", target_unit="")
    indicator = measured(
        cast, task, name="参保率", measure="%", over_units="mean", base="户籍人口", target="95", periods=False
    )
    give(cast, task, None, 97, None)
    assert owed(indicator) == {
        "QH-T01": (D(95), D(30000)), "QH-T02": (D(97), D(10000)), "QH-T03": (D(95), D(0)),
    }  # fmt: skip
    assert list_divisions(task) == []


def test_other_indicators_are_divided_like_the_main_one_unless_typed(cast: Cast) -> None:
    task = parent(cast)
    measured(cast, task)
    training = measured(cast, task, name="培训人次", target="100", periods=False, is_main=False)
    give(cast, task, 500, 300, 200)
    assert {code: target for code, (target, _w) in owed(training).items()} == {"QH-T01": 50, "QH-T02": 30, "QH-T03": 20}


def test_second_giving_divides_only_what_is_left(cast: Cast) -> None:
    task = parent(cast)
    measured(cast, task)
    training = measured(cast, task, name="培训人次", target="100", periods=False, is_main=False)
    give(cast, task, 600)
    cascade_task(
        task,
        shares=[Share(cast.unit("QH-T02").pk, D(400))],
        owner=cast.unit("QH-NYJ"),
        by=cast["deptclerk"],
        now=cast.now,
    )
    assert {code: target for code, (target, _w) in owed(training).items()} == {"QH-T01": 100, "QH-T02": 0}


def test_asking_more_than_was_asked_needs_a_reason(cast: Cast) -> None:
    task = parent(cast)
    with pytest.raises(UnexplainedInflation, match="1200"):
        give(cast, task, 500, 400, 300)
    assert not Task.objects.filter(parent=task).exists()
    give(cast, task, 500, 400, 300, reason="为完成市里可能追加的任务留有余地")
    row = Inflation.objects.get()
    assert (row.kind, row.figure, row.part, row.unit.code) == ("target", D("1.2"), None, "QH-NYJ")
    entry = Entry.objects.get(verb="cascade_task")
    assert entry.data["reason"] == "为完成市里可能追加的任务留有余地"
    assert entry.data["inflation"][0]["figure"] == "1.2000"


def test_earlier_date_more_reports_and_new_papers_are_kept_part_by_part(cast: Cast) -> None:
    task = parent(cast, cadence="quarterly")
    give(
        cast, task, 500, 300, 200, due_date=date(2026, 9, 30), standard="登记在册并上传工作照片", cadence="monthly",
        reason="市里要求提前",
    )  # fmt: skip
    kinds = Inflation.objects.order_by("pk").values_list("kind", "figure", "part__duties__unit__code", "now")
    assert set(kinds) == {
        row
        for code in TOWNS
        for row in (
            ("date", D(81), code, "2026-09-30"),
            ("report", D(12), code, "12"),
            ("evidence", D(1), code, "照片"),
        )
    }
    (act,) = gather_inflations(list_inflations_of(task))
    assert len(act.lines) == 3
    assert act.reason == "市里要求提前"
    assert set(Task.objects.filter(parent=task).values_list("cadence", flat=True)) == {"monthly"}


def test_reason_without_inflation_is_not_kept(cast: Cast) -> None:
    give(cast, parent(cast), 500, 300, 200, reason="随便")
    assert not Inflation.objects.exists()
    assert "reason" not in Entry.objects.get(verb="cascade_task").data


def test_chain_shows_what_each_tier_added(cast: Cast) -> None:
    city = parent(cast, target_value=D(100), owner="YZ", lead="QH")
    county = make_task(
        cast, "县", owner="YZ", lead="QH", parent=city, target_value=D(110), target_op=">=", target_unit="人",
        standard="在册",
    )  # fmt: skip
    tiers = list_tiers(county, total=D(132), giver="青禾县")
    assert [(t.name, t.asked, t.given, t.ratio) for t in tiers] == [
        ("云泽市", D(100), D(110), D("1.1")),
        ("青禾县", D(110), D(132), D("1.2")),
    ]
    assert whole_ratio(tiers) == D("1.32")


def test_list_of_inflation_is_seen_by_whom_the_task_is_seen(cast: Cast) -> None:
    task = parent(cast)
    give(cast, task, 500, 400, 300, reason="留有余地")
    path = cast.unit("QH-NYJ").path or ""
    assert list_inflations(cast.access("office"), unit=path, kind="target", ratio=D("1.2")).count() == 1
    assert list_inflations(cast.access("office"), ratio=D("1.21")).count() == 0
    assert list_inflations(cast.access("office"), unit=cast.unit("QH-CZJ").path or "").count() == 0
    assert list_inflations(cast.access("outsider")).count() == 0
    assert list_inflations(cast.access("townclerk")).count() == 0


def test_measured_task_goes_to_a_thousand_units_without_a_query_each(
    cast: Cast, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    county = cast.unit("QH")
    units = Unit.objects.bulk_create(
        Unit(
            code=f"V{n}", name=f"第{n}村", level="village", parent=county, valid_from=SINCE,
            path=f"{county.path}9{n:07d}",
        )
        for n in range(1000)
    )  # fmt: skip
    task = parent(cast)
    indicator = measured(cast, task, target="2000")
    shares = [Share(unit.pk, D(2), due_date=date(2026, 9, 1)) for unit in units]
    with django_assert_max_num_queries(260):  # type: ignore[attr-defined]
        cascade_task(task, shares=shares, owner=county, by=cast["office"], now=cast.now, reason="统一提前")
    assert Allotment.objects.filter(indicator=indicator).count() == 1001
    assert PeriodTarget.objects.filter(allotment__task__parent=task).count() == 1000 * len(PERIODS)
    assert Inflation.objects.count() == 1000
