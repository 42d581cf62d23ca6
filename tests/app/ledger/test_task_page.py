"""The page of one task: what it says to whom, and which one step it offers."""

import re
from dataclasses import replace
from datetime import date

import pytest

from luoshi.core.models import CalendarDay
from luoshi.ledger.queries import choose_steps
from luoshi.tasks.queries import get_task_facts
from tests.factories.work import make_county_work, make_many, make_task, report

ZH = {"accept-language": "zh-CN"}


def page_of(client, task, **params):
    response = client.get(f"/tasks/{task.pk}/", params, headers=ZH)
    return response.content.decode() if response.status_code == 200 else response.status_code


def primary(page):
    found = re.findall(r'class="btn btn-primary"[^>]*>([^<]+)<', page)
    assert len(found) <= 1
    return found[0] if found else None


def test_page_says_what_was_asked_and_where_it_was_written(cast, signed_in):
    made = make_county_work(cast)
    page = page_of(signed_in("deptclerk"), made["farmland"])
    for words in (
        "同步完善田间灌排设施", "经县级验收合格", "2026-12-31", "25,000", "青政发〔2026〕3号",
        "县农业农村局牵头，县水利局配合",
        "周文", "牵头领导：高明",
    ):  # fmt: skip
        assert words in page
    assert f"/directives/{made['farmland'].clause.directive_id}/" in page


def test_moved_date_is_shown_beside_the_original_one(cast, signed_in):
    task = make_task(cast, due=date(2026, 12, 20), original_due_date=date(2026, 10, 31))
    assert "原时限2026-10-31" in page_of(signed_in("office"), task)


@pytest.mark.parametrize(
    ("who", "name", "label"),
    [
        ("deptclerk", "farmland", "反馈进展"),
        ("townclerk", "rivers", "签收"),
        ("office", "employment", "核查"),
        ("otherclerk", "employment", None),
        ("office", "school", "销号"),
        ("office", "toilets", "审批延期"),
        ("office", "credit", "交办"),
        ("observer", "farmland", None),
        ("admin", "farmland", None),
        ("deptclerk", "toilets", "反馈进展"),
    ],
)
def test_one_button_is_the_next_lawful_step(cast, signed_in, who, name, label):
    made = make_county_work(cast)
    assert primary(page_of(signed_in(who), made[name])) == label


def test_doer_whose_work_is_all_done_is_offered_submission(cast, signed_in):
    task = make_task(cast, percent=100)
    assert primary(page_of(signed_in("deptclerk"), task)) == "申请办结"


def test_second_request_for_time_is_not_offered_while_one_is_open(cast):
    made = make_county_work(cast)
    facts = get_task_facts(made["toilets"])
    _primary, steps = choose_steps(cast.access("deptclerk"), replace(facts, is_done=False), asks_time=True)
    assert "extend" not in steps
    _primary, steps = choose_steps(cast.access("deptclerk"), facts, asks_time=False)
    assert "extend" in steps


@pytest.mark.parametrize("who", ["outsider", "baishi"])
def test_outsider_finds_no_such_task(cast, signed_in, who):
    made = make_county_work(cast)
    assert page_of(signed_in(who), made["farmland"]) == 404


def test_township_sees_its_part_and_the_name_of_what_it_belongs_to(cast, signed_in):
    made = make_county_work(cast)
    page = page_of(signed_in("townclerk"), made["QH-T01"])
    assert "建成高标准农田2.5万亩" in page
    assert f'href="/tasks/{made["farmland"].pk}/"' not in page
    assert f'href="/tasks/{made["farmland"].pk}/"' in page_of(signed_in("deptclerk"), made["QH-T01"])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("rivers", "待青禾县明确牵头单位"),
        ("rivers", "待签收：县水利局、柳河镇"),
        ("employment", "为青禾县核查"),
        ("school", "待青禾县销号"),
        ("credit", "待青禾县交办"),
        ("toilets", "县农业农村局申请延期至2026-12-20，待青禾县审批"),
        ("QH-T02", "请县农业农村局协调"),
        ("farmland", "下次反馈时限为"),
    ],
)
def test_page_says_what_the_task_waits_for(cast, signed_in, name, sentence):
    made = make_county_work(cast)
    assert sentence in page_of(signed_in("office"), made[name])


def test_parent_compares_the_sum_of_its_parts_with_its_own_target(cast, signed_in):
    made = make_county_work(cast)
    page = page_of(signed_in("office"), made["farmland"])
    assert "分解合计</span> <b>25,000</b> / 25,000 亩" in page
    assert "合计相符" in page
    assert "应反馈3家，已反馈2家" in page
    assert "缺口" not in page


def test_reported_words_problem_and_question_are_on_the_page(cast, signed_in):
    made = make_county_work(cast)
    page = page_of(signed_in("office"), made["QH-T02"])
    for words in ("机械进场困难", "连续降雨，机械无法进场", "请协调县水利局增派排涝设备", "雨停后48小时内复工"):
        assert words in page


def test_history_is_told_in_the_reader_s_words(cast, signed_in):
    from luoshi.tasks.actions import acknowledge_task

    made = make_county_work(cast)
    acknowledge_task(made["rivers"], unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)
    page = page_of(signed_in("office"), made["rivers"])
    assert "何苗" in page
    assert "acknowledge_task" not in page


def test_task_page_keeps_its_query_budget(cast, signed_in, django_assert_max_num_queries):
    made = make_county_work(cast)
    report(made["QH-T02"], cast.unit("QH-T02"), cast["townhead"], done="继续推进")
    client = signed_in("office")
    client.get("/")
    for name in ("employment", "QH-T02"):
        with django_assert_max_num_queries(29):
            assert client.get(f"/tasks/{made[name].pk}/").status_code == 200
    with django_assert_max_num_queries(33):
        assert client.get(f"/tasks/{made['farmland'].pk}/").status_code == 200


def test_root_with_many_parts_costs_no_more_queries(cast, signed_in, django_assert_max_num_queries):
    make_many(cast, 300, parents=1)
    client = signed_in("office")
    from luoshi.tasks.models import Task

    root = Task.objects.get(parent=None)
    client.get("/")
    with django_assert_max_num_queries(33):
        page = client.get(f"/tasks/{root.pk}/", headers=ZH).content.decode()
    assert "分解任务：299项" in page
    assert page.count('class="c-task"') == 50


def test_dates_in_a_year_without_holidays_say_so_and_lead_keepers_to_the_calendar(cast, signed_in):
    task = make_task(cast, due=date(2028, 3, 1), state="in_progress", lead="QH-T01")
    words = "仅按星期推算：2028年节假日未录入"
    page = page_of(signed_in("office"), task)
    assert words in page
    assert "/calendar/days/?year=2028" in page
    worker = page_of(signed_in("townclerk"), task)
    assert words in worker
    assert "/calendar/days/?year=2028" not in worker
    for day in (date(2028, 1, 26), date(2028, 5, 1), date(2028, 10, 2)):
        CalendarDay.objects.create(day=day, is_workday=False)
    assert words not in page_of(signed_in("office"), task)
