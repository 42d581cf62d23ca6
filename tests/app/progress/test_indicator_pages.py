"""The pages of indicators: board, sheet of a unit, confirmation, definition, the list and the task's page.

Pages read the real clock, so the indicator is one of last year, in which every month has ended.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from luoshi.core.clock import today  # noqa: TID251 - pages read the real clock, so their indicators are dated from it
from luoshi.core.policy import get_policy
from luoshi.insight.queries import get_needle
from luoshi.insight.rules import Need
from luoshi.progress.models import Confirmation, Reading, Tally
from luoshi.tasks.actions.indicating import allot
from luoshi.tasks.models import Allotment, Indicator, PeriodTarget
from luoshi.tasks.rules.indicators import Owed
from tests.factories.indicators import Measured, make_indicator
from tests.factories.orgs import Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
NOT_REPORTED = "未报"


@pytest.fixture
def jobs(cast: Cast) -> Measured:
    """September to November: one township gives a zero, one nothing in November."""
    made = make_indicator(cast, year=today().year - 1)
    for code, values in {"QH-T01": ("40", "50", "60"), "QH-T02": ("30", "0", "25"), "QH-T03": ("20", "35")}.items():
        for month, value in enumerate(values, start=9):
            made.give(code, month, value)
    return made


def page(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path, headers={"accept-language": "zh-CN"})
    assert answer.status_code == status
    return answer.content.decode()


def row(html: str, id: str) -> list[str]:
    """The words of each cell of a table's row, tags taken away."""
    found = re.search(rf'<tr id="{id}".*?</tr>', html, re.DOTALL)
    assert found, f"no row {id}"
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found.group(0), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_board_shows_zero_as_zero_and_missing_as_missing(jobs: Measured, signed_in: SignIn) -> None:
    html = page(signed_in("office"), f"/indicators/{jobs.of().pk}/")
    hills, town = (row(html, f"part-{jobs.of(code).pk}") for code in ("QH-T02", "QH-T03"))
    assert hills[0] == "石门乡"
    assert hills[11:14] == ["30", "0", "25"]
    assert town[11:14] == ["20", "35", NOT_REPORTED]
    assert row(html, "row-value")[11:14] == ["90 已报3/3家", "85 已报3/3家", "85 已报2/3家"]
    assert row(html, "row-to-date")[11:14] == ["90", "175", "260"]
    assert row(html, "row-target")[2:14:11] == ["1,200", "1,100"]
    assert row(html, "row-gap")[13] == "落后 840"
    assert row(html, "row-parts")[2] == "1,200"
    assert "东关街道" in html.split("coverage")[1].split("</span>")[0]


def test_first_figures_of_a_unit_come_in_on_one_sheet(jobs: Measured, signed_in: SignIn) -> None:
    client = signed_in("townclerk")
    allotment, where = jobs.of("QH-T01"), f"/indicators/readings/?month={jobs.month(12)}"
    html = page(client, where)
    assert row(html, f"reading-{allotment.pk}")[1:4] == [f"{jobs.month(12)} {NOT_REPORTED}", "60", "150 / 500"]
    answer = client.post(
        where, {"month": jobs.month(12), f"a{allotment.pk}-value": "0", f"a{allotment.pk}-source": "参保"}
    )
    assert answer.status_code == 302
    reading = Reading.objects.get(allotment=allotment, period=jobs.month(12))
    assert (reading.value, reading.source, reading.unit) == (0, "参保", jobs.cast.unit("QH-T01"))
    assert row(page(client, where), f"reading-{allotment.pk}")[3] == "150 / 500"


def test_empty_line_of_the_sheet_stays_missing(jobs: Measured, signed_in: SignIn) -> None:
    allotment = jobs.of("QH-T01")
    data = {"month": jobs.month(12), f"a{allotment.pk}-value": " ", f"a{allotment.pk}-note": "还没有数"}
    assert signed_in("townclerk").post("/indicators/readings/", data).status_code == 302
    assert not Reading.objects.filter(allotment=allotment, period=jobs.month(12)).exists()


def test_correction_asks_for_its_reason_and_keeps_what_was(jobs: Measured, signed_in: SignIn) -> None:
    client, allotment = signed_in("townclerk"), jobs.of("QH-T01")
    name = f"a{allotment.pk}"
    data = {"month": jobs.month(11), f"{name}-value": "66", f"{name}-source": "台账"}
    refused = client.post("/indicators/readings/", data)
    assert refused.status_code == 409
    assert 'value="66"' in refused.content.decode()
    assert client.post("/indicators/readings/", data | {f"{name}-why": "漏计6人"}).status_code == 302
    kept = Reading.objects.filter(allotment=allotment, period=jobs.month(11)).order_by("pk")
    assert [(r.value, r.replaced_at is None) for r in kept] == [(60, False), (66, True)]
    html = page(client, f"/indicators/{allotment.pk}/")
    assert "漏计6人" in html
    assert "<s>60</s>" in html
    assert "已更正" in row(page(signed_in("office"), f"/indicators/{jobs.of().pk}/"), f"part-{allotment.pk}")[13]


def test_sheet_with_one_unreadable_number_saves_nothing(jobs: Measured, signed_in: SignIn) -> None:
    second = make_indicator(jobs.cast, name="第二项", year=jobs.year)
    good, bad = jobs.of("QH-T01"), second.of("QH-T01")
    data = {"month": jobs.month(12), f"a{good.pk}-value": "5", f"a{bad.pk}-value": "12人"}
    answer = signed_in("townclerk").post("/indicators/readings/", data)
    assert answer.status_code == 200
    assert "12人" in answer.content.decode()
    assert not Reading.objects.filter(period=jobs.month(12)).exists()


def test_ratio_takes_two_numbers_and_its_whole_is_the_ratio_of_sums(cast: Cast, signed_in: SignIn) -> None:
    air = make_indicator(
        cast, name="优良天数比例", targets=("90", "90", "90"), year=today().year - 1, measure="%", over_units="ratio",
        places=1,
    )  # fmt: skip
    allotment = air.of("QH-T01")
    name = f"a{allotment.pk}"
    half = {"month": air.month(10), f"{name}-numerator": "27"}
    assert "比率要分子分母都填" in signed_in("townclerk").post("/indicators/readings/", half).content.decode()
    assert signed_in("townclerk").post("/indicators/readings/", half | {f"{name}-denominator": "31"}).status_code == 302
    air.give("QH-T02", 10, ("10", "20"))
    html = page(signed_in("office"), f"/indicators/{air.of().pk}/?period={air.month(10)}")
    assert row(html, f"part-{allotment.pk}")[12] == "87.1"
    assert row(html, "row-value")[12] == "72.5 已报2/3家"  # (27 + 10) ÷ (31 + 20)
    assert "row-parts" not in html


def test_township_cannot_open_another_units_sheet(jobs: Measured, signed_in: SignIn) -> None:
    other = jobs.cast.unit("QH-T02").pk
    assert signed_in("townclerk").get(f"/indicators/readings/?unit={other}").status_code == 404


def test_superior_sees_who_has_not_reported_and_what_to_look_at(jobs: Measured, signed_in: SignIn) -> None:
    html = page(signed_in("depthead"), f"/indicators/{jobs.of().pk}/confirm/?period={jobs.month(10)}")
    assert "不到上期的三分之一" in html
    html = page(signed_in("depthead"), f"/indicators/{jobs.of().pk}/confirm/?period={jobs.month(11)}")
    assert "未报：东关街道" in html
    assert "1 家未报，按未报处理，不当作零" in html


def test_confirmed_level_is_locked_until_it_is_opened_again_with_a_reason(jobs: Measured, signed_in: SignIn) -> None:
    head, clerk, where = signed_in("depthead"), signed_in("townclerk"), f"/indicators/{jobs.of().pk}/confirm/"
    october, name = {"period": jobs.month(10)}, f"a{jobs.of('QH-T01').pk}"
    assert head.post(where, october | {"do": "confirm"}).status_code == 302
    change = {"month": jobs.month(10), f"{name}-value": "51", f"{name}-why": "补录"}
    assert "上级已确认" in page(clerk, f"/indicators/readings/?month={jobs.month(10)}")
    clerk.post("/indicators/readings/", change)
    assert Reading.objects.get(allotment=jobs.of("QH-T01"), period=jobs.month(10)).value == 50
    assert head.post(where, october | {"do": "reopen", "why": " "}).status_code == 409
    assert head.post(where, october | {"do": "reopen", "why": "补录漏报"}).status_code == 302
    clerk.post("/indicators/readings/", change)
    assert Tally.objects.get(allotment=jobs.of(), period=jobs.month(10)).value == 86
    assert "补录漏报" in page(signed_in("office"), f"/indicators/{jobs.of().pk}/")
    assert Confirmation.objects.get().reopened_at


def test_indicator_is_defined_with_its_targets_laid_out(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, "城镇新增就业", cadence="monthly")
    data = {
        "name": "城镇新增就业", "measure": "人", "year": "2026", "cadence": "monthly", "direction": "up",
        "over_time": "sum", "over_units": "sum", "places": "0", "target": "3,200", "is_main": "on", "spread": "even",
    }  # fmt: skip
    client = signed_in("office")
    assert client.post(f"/tasks/{task.pk}/indicators/new/", data).status_code == 302
    allotment = Allotment.objects.get(task=task)
    path = list(PeriodTarget.objects.filter(allotment=allotment).order_by("period").values_list("value", flat=True))
    assert (len(path), path[-1]) == (12, 3200)
    again = client.post(f"/tasks/{task.pk}/indicators/new/", data)
    assert again.status_code == 409
    filled = client.post(f"/indicators/{allotment.pk}/targets/", {"fill": "paste", "curve": "\t".join(["1"] * 12)})
    assert filled.content.decode().count('value="1"') >= 12
    assert PeriodTarget.objects.filter(allotment=allotment, period="2026-12").get().value == 3200
    wrong = client.post(f"/indicators/{allotment.pk}/targets/", {"fill": "curve", "curve": "1 2"})
    assert wrong.status_code == 409


def test_weighted_mean_without_a_base_and_band_without_a_ceiling_are_marked(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, "增速")
    data = {
        "name": "增速", "year": "2026", "cadence": "monthly", "direction": "band", "over_time": "last",
        "over_units": "mean", "places": "1", "target": "6",
    }  # fmt: skip
    html = signed_in("office").post(f"/tasks/{task.pk}/indicators/new/", data).content.decode()
    assert "加权平均要写明" in html
    assert "区间指标要填" in html
    assert not Indicator.objects.exists()


def test_parts_are_given_their_share_and_the_path_of_the_whole(cast: Cast, signed_in: SignIn) -> None:
    made = make_indicator(cast, targets=("500", "300", "400"))
    where, ids = f"/indicators/{made.of().pk}/parts/", [part.pk for part in made.parts.values()]
    weights = {f"t{pk}-weight": str(n) for n, pk in enumerate(ids, start=1)}
    targets = {f"t{pk}-target": "1" for pk in ids}
    html = signed_in("office").post(where, weights | targets | {"fill": "weight"}).content.decode()
    assert [f'value="{n}"' in html for n in (200, 400, 600)] == [True] * 3
    shares = {f"t{pk}-target": str(200 * n) for n, pk in enumerate(ids, start=1)}
    assert signed_in("office").post(where, weights | shares | {"save": "1"}).status_code == 302
    paths = PeriodTarget.objects.filter(allotment__task__in=ids, period="2026-06").order_by("allotment__task")
    assert list(paths.values_list("value", flat=True)) == [100, 200, 300]


def test_board_of_many_parts_costs_the_same_and_pages_by_key(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    made = make_indicator(cast, year=today().year - 1)
    for number in range(70):
        part = make_task(cast, f"第{number}份", owner="QH-NYJ", lead="QH-T01", parent=made.task)
        allot(made.indicator, {part.pk: Owed(target=Decimal(1))}, by=cast["office"], now=cast.now)
    client = signed_in("office")
    with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
        html = page(client, f"/indicators/{made.of().pk}/")
    assert html.count('id="part-') == 60
    found = re.search(r'href="\?after=(\d+)"', html)
    assert found
    assert page(client, f"/indicators/{made.of().pk}/?after={found.group(1)}").count('id="part-') == 13
    assert row(html, "row-parts")[2].startswith("1,270")


def test_list_names_what_a_unit_owes_and_nothing_of_another_county(jobs: Measured, signed_in: SignIn) -> None:
    own = f"/indicators/{jobs.of('QH-T01').pk}/"
    html = page(signed_in("townclerk"), "/indicators/")
    assert own in html
    assert f"/indicators/{jobs.of('QH-T02').pk}/" not in html
    assert f"/indicators/{jobs.of().pk}/" in page(signed_in("office"), "/indicators/")
    assert "城镇新增就业" not in page(signed_in("outsider"), "/indicators/")


def test_task_page_shows_its_indicator_with_coverage_and_the_way_to_the_sheet(
    jobs: Measured, signed_in: SignIn
) -> None:
    html = page(signed_in("office"), f"/tasks/{jobs.task.pk}/")
    words = " ".join(re.sub(r"<[^>]+>", " ", html.split('id="h-indicators"')[1].split("</section>")[0]).split())
    assert "260 / 1,200 人" in words
    assert "应反馈3家，已反馈2家" in words
    assert "落后 840" in words
    assert "/indicators/readings/?unit=" in page(signed_in("townclerk"), f"/tasks/{jobs.parts['QH-T01'].pk}/")


def test_worked_example_follows_the_operators_chosen(cast: Cast, signed_in: SignIn) -> None:
    html = page(signed_in("office"), "/indicators/example/?over_time=sum&over_units=ratio&direction=up")
    assert "(60 + 20 + 20) ÷ (150 + 60 + 60) = 37.04" in html
    assert "60 + 20 + 20 = 100" in page(signed_in("office"), "/indicators/example/?over_units=nonsense")


def test_missing_readings_stand_in_the_needle_once_for_the_unit(cast: Cast, signed_in: SignIn) -> None:
    jobs, air = make_indicator(cast), make_indicator(cast, name="优良天数", measure="天")
    november = get_needle(cast.access("townclerk"), today=date(2026, 11, 24), policy=get_policy())
    rows = [ranked.item for ranked in november if ranked.item.need == Need.READ]
    assert [(row.key, row.day) for row in rows] == [(f"readings-{cast.unit('QH-T01').pk}", date(2026, 10, 31))]
    for made in (jobs, air):
        for month in (10, 11):
            made.give("QH-T01", month, "0")
    after = get_needle(cast.access("townclerk"), today=date(2026, 11, 24), policy=get_policy())
    assert Need.READ not in {ranked.item.need for ranked in after}
