"""The year matrix: which tasks, which nodes in which month, how many rows."""

from datetime import date

import pytest

from luoshi.core.policy import Policy
from luoshi.progress.models.following import MonthLight
from luoshi.schedule import queries
from luoshi.schedule.queries import get_matrix, list_year
from tests.factories.orgs import TODAY
from tests.factories.work import add_milestone, make_county_work, make_many, make_task

ZH = {"accept-language": "zh-CN"}


def matrix(cast, who="office", year=2026, with_parts=False, **options):
    tasks = list_year(cast.access(who), year=year, **options)
    return get_matrix(tasks, year=year, number=1, with_parts=with_parts, today=TODAY, policy=Policy())


def cells(page, title):
    line = next(row for row in page.rows if row.title == title)
    return {c.month: [(p.node.kind.value, p.node.text, p.state.value) for p in c.nodes] for c in line.cells if c.nodes}


def test_milestones_and_due_dates_stand_in_their_months_with_their_state(cast):
    make_county_work(cast)
    assert cells(matrix(cast), "建成高标准农田2.5万亩") == {
        3: [("milestone", "项目批复", "done")],
        8: [("milestone", "土地平整过半", "done")],
        11: [("milestone", "灌排设施完工", "late")],
        12: [("milestone", "县级验收", "ahead"), ("due", "", "ahead")],
    }
    assert cells(matrix(cast), "完成小型水库除险加固6座") == {
        9: [("milestone", "主体完工", "late")], 10: [("due", "", "late")]
    }  # fmt: skip
    assert cells(matrix(cast), "改造农村户厕800座")[11] == [("due", "", "near")]
    assert cells(matrix(cast), "新建农村寄宿制学校1所")[11] == [("due", "", "done")]


def test_quarterly_reports_stand_at_the_ends_of_quarters(cast):
    make_task(cast, "季报任务", cadence="quarterly", start=date(2026, 4, 2), due=date(2026, 12, 31), percent=10)
    found = cells(matrix(cast), "季报任务")
    assert {month: kinds[0][0] for month, kinds in found.items()} == {6: "report", 9: "report", 12: "due"}


def test_rows_come_by_tier_then_date(cast):
    make_county_work(cast)
    tiers = [row.tier for row in matrix(cast).rows]
    assert tiers == sorted(tiers)


def test_tasks_given_down_stand_under_their_own_heading_only_when_asked(cast):
    make_county_work(cast)
    titles = {row.title for row in matrix(cast).rows}
    assert "石门乡建成高标准农田8000亩" not in titles
    assert "石门乡建成高标准农田8000亩" in {row.title for row in matrix(cast, with_parts=True).rows}
    assert "柳河镇建成高标准农田9000亩" in {row.title for row in matrix(cast, "townclerk").rows}


@pytest.mark.parametrize("sifted", [0, 3000])
def test_database_and_program_sift_alike(cast, monkeypatch, sifted):
    make_county_work(cast)
    make_task(cast, "长期任务", due=None)
    monkeypatch.setattr(queries, "SIFTED", sifted)
    assert [row.title for row in matrix(cast).rows][-1] == "长期任务"
    assert len(matrix(cast).rows) == 11
    assert len(matrix(cast, with_parts=True).rows) == 14


def test_year_unit_and_tier_narrow_the_rows(cast):
    make_county_work(cast)
    make_task(cast, "明年任务", start=date(2027, 1, 5), due=date(2027, 6, 30))
    assert "明年任务" not in {row.title for row in matrix(cast).rows}
    assert {row.title for row in matrix(cast, year=2027).rows} == {"明年任务", "持续优化营商环境"}
    assert {row.tier for row in matrix(cast, tier=2).rows} == {2}
    assert "压减一般性支出5%" not in {row.title for row in matrix(cast, unit=cast.unit("QH-NYJ")).rows}


def test_outsider_sees_an_empty_sheet(cast, signed_in):
    make_county_work(cast)
    page = signed_in("outsider").get("/calendar/", headers=ZH).content.decode()
    assert "农田" not in page
    assert "本年没有带时限的任务" in page


def test_sheet_for_the_wall_prints_up_to_its_bound_and_says_so(cast, signed_in):
    make_many(cast, 320, parents=320)
    client = signed_in("office")
    screen = client.get("/calendar/").content.decode()
    wall = client.get("/calendar/?print=1", headers=ZH).content.decode()
    assert screen.count('scope="row"') == 60
    assert wall.count('scope="row"') == 300
    assert "wall" in wall
    assert "只打印前300行" in wall


def test_unreadable_year_and_unknown_unit_do_not_break_the_page(cast, signed_in):
    make_county_work(cast)
    client = signed_in("office")
    assert client.get("/calendar/?year=二〇二六&month=99&tier=x&page=-1").status_code == 200
    assert "没有这个局" in client.get("/calendar/", {"unit": "没有这个局"}).content.decode()


def test_matrix_keeps_its_query_budget(cast, signed_in, django_assert_max_num_queries):
    made = make_county_work(cast)
    for n in range(30):
        add_milestone(made["budget"], f"节点{n}", date(2026, 1 + n % 12, 15))
    client = signed_in("office")
    client.get("/")
    for address in ("/calendar/", "/calendar/?parts=1&unit=县财政局", "/calendar/?print=1"):
        with django_assert_max_num_queries(13):
            assert client.get(address).status_code == 200


def test_months_bear_the_light_they_ended_with_where_that_is_asked(cast, signed_in):
    made = make_county_work(cast)
    MonthLight.objects.create(task=made["budget"], month=date(2026, 3, 1), light=1, reason="overdue")
    client = signed_in("office")
    assert 'class="ended' not in client.get("/calendar/?year=2026").content.decode()
    page = client.get("/calendar/?year=2026&lights=1&print=1", headers={"accept-language": "zh-CN"}).content.decode()
    assert page.count('class="ended light light-red"') == 1
    assert "月末：红灯" in page
