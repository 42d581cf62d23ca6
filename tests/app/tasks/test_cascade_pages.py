"""Giving down on the page: divided by a figure, guarded, and shown to the level above."""

import html
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from luoshi.orgs.models import UnitFigure
from luoshi.tasks.actions.indicating import set_indicator
from luoshi.tasks.models import Inflation, PeriodTarget, Task
from luoshi.tasks.rules.indicators import Owed
from tests.factories.orgs import Cast
from tests.factories.work import make_task

SignIn = Callable[[str], Client]
D = Decimal
TOWNS = ("QH-T01", "QH-T02", "QH-T03")
ZH = {"accept-language": "zh-hans"}


@pytest.fixture
def task(cast: Cast) -> Task:
    for code, people in zip(TOWNS, (38200, 16900, 109100), strict=True):
        UnitFigure.objects.create(unit=cast.unit(code), name="户籍人口", year=2025, value=people)
    return make_task(
        cast, "城镇新增就业", standard="登记在册", due=date(2026, 12, 20), target_value=D(1000), target_op=">=",
        target_unit="人",
    )  # fmt: skip


def post(client: Client, task: Task, **data: object) -> str:
    answer = client.post(f"/tasks/{task.pk}/cascade/", data, headers=ZH)
    return html.unescape(answer.content.decode())


def typed(page: str) -> dict[str, str]:
    """What stands in the fields of the table, by their names."""
    fields = re.findall(r'<input type="(?:number|date)" name="(u[^"]+)"(?: value="([^"]*)")?', page)
    return dict(fields)


def targets(cast: Cast, page: str) -> list[str]:
    return [typed(page)[f"u{cast.unit(code).pk}-target_value"] for code in TOWNS]


def lines(cast: Cast, page: str) -> dict[str, object]:
    return {"preview": "1", "unit": [cast.unit(code).pk for code in TOWNS], **typed(page)}


def test_target_is_divided_by_a_figure_of_last_year(cast: Cast, signed_in: SignIn, task: Task) -> None:
    page = post(signed_in("deptclerk"), task, level="township", divide="base", figure="户籍人口", work="1")
    assert targets(cast, page) == ["233", "103", "664"]
    assert "合计相符" in page
    assert "2026 年还没有数据，已取：户籍人口 2025 年（3 个单位）" in page
    assert "38,200" in page


def test_formula_with_floor_keeps_the_sum(cast: Cast, signed_in: SignIn, task: Task) -> None:
    page = post(
        signed_in("deptclerk"),
        task,
        level="township",
        divide="formula",
        formula="0.5*户籍人口+1000",
        floor="150",
        work="1",
    )
    assert sum(map(int, targets(cast, page))) == 1000
    assert targets(cast, page)[1] == "150"


def test_unit_without_the_figure_is_named_and_gets_no_target(cast: Cast, signed_in: SignIn, task: Task) -> None:
    UnitFigure.objects.filter(unit=cast.unit("QH-T02")).delete()
    page = post(signed_in("deptclerk"), task, level="township", divide="base", figure="户籍人口", work="1")
    assert targets(cast, page) == ["259", "", "741"]
    assert "缺少数据（户籍人口），未分配目标：石门乡" in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"divide": "formula", "formula": "户籍人口*"}, "公式不完整"),
        ({"divide": "even", "floor": "500"}, "下限合计已超出待分配数 500"),
        ({"divide": "even", "ceiling": "300"}, "还有 100 分不下去"),
    ],
)
def test_division_that_cannot_be_says_why(
    cast: Cast, signed_in: SignIn, task: Task, more: dict[str, str], words: str
) -> None:
    page = post(signed_in("deptclerk"), task, level="township", work="1", **more)
    assert words in page


def test_raised_target_and_earlier_date_need_a_reason_and_the_level_above_reads_it(
    cast: Cast, signed_in: SignIn, task: Task
) -> None:
    clerk = signed_in("deptclerk")
    page = post(clerk, task, level="township", divide="even")
    first, second, _third = (cast.unit(code).pk for code in TOWNS)
    form = lines(cast, page) | {f"u{first}-target_value": "700", f"u{second}-due_date": "2026-06-30"}
    page = post(clerk, task, **form)
    assert "上级要求 1000，分解合计 1366，为 1.37 倍" in page
    assert "石门乡：时限由 2026-12-20 提前到 2026-06-30，早 173 天" in page
    refused = clerk.post(f"/tasks/{task.pk}/cascade/", form | {"confirm": "1"})
    assert refused.status_code == 409
    assert not Task.objects.filter(parent=task).exists()
    done = clerk.post(f"/tasks/{task.pk}/cascade/", form | {"confirm": "1", "reason": "市里可能追加"})
    assert done.status_code == 302
    assert sorted(Inflation.objects.values_list("kind", flat=True)) == ["date", "target"]
    office = signed_in("office")
    above = office.get(f"/tasks/{task.pk}/", headers=ZH).content.decode()
    assert "1 家下达时加码" in above
    assert "市里可能追加" in above
    listed = office.get("/tasks/inflations/?kind=target&ratio=1.3&unit=QH-NYJ", headers=ZH).content.decode()
    assert "市里可能追加" in listed
    assert "市里可能追加" not in office.get("/tasks/inflations/?ratio=1.4", headers=ZH).content.decode()


def test_measured_task_is_divided_period_by_period(cast: Cast, signed_in: SignIn, task: Task) -> None:
    path = {"2026-10": D(700), "2026-11": D(850), "2026-12": D(1000)}
    set_indicator(
        task, name="城镇新增就业", year=2026, measure="人", base="户籍人口", by=cast["deptclerk"], now=cast.now,
        owed=Owed(target=D(1000), periods=path),
    )  # fmt: skip
    clerk = signed_in("deptclerk")
    page = post(clerk, task, level="township")
    assert targets(cast, page) == ["233", "103", "664"], "the indicator's own base is proposed"
    first = cast.unit("QH-T01").pk
    form = lines(cast, page) | {f"u{first}-p2026-10": "200", "confirm": "1"}
    assert clerk.post(f"/tasks/{task.pk}/cascade/", form).status_code == 302
    rows = PeriodTarget.objects.filter(allotment__task__parent=task)
    sums = {p: sum(rows.filter(period=p).values_list("value", flat=True)) for p in path}
    assert sums["2026-11"] == 850
    assert sums["2026-12"] == 1000
    assert rows.get(period="2026-10", allotment__task__duties__unit=first).value == 200
    assert "分期（累计）" in signed_in("office").get(f"/tasks/{task.pk}/", headers=ZH).content.decode()


def test_preview_keeps_its_query_budget(
    cast: Cast, signed_in: SignIn, task: Task, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = signed_in("deptclerk")
    client.get("/")
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        post(client, task, level="township", divide="base", figure="户籍人口", work="1")
    office = signed_in("office")
    office.get("/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        office.get("/tasks/inflations/")
