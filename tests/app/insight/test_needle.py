"""The needle: for each member of the cast exactly what waits for them, in order, with the reason."""

from datetime import timedelta

import pytest
from django.utils import translation

from luoshi.core.policy import Policy
from luoshi.insight.queries import explain_reasons, get_needle, list_figures
from luoshi.ledger.queries import choose, list_matching
from luoshi.ledger.rules import parse_filter
from luoshi.progress.actions.obstacles import name_obstacle
from tests.factories.orgs import NOW, TODAY
from tests.factories.work import add_duty, make_county_work, make_directive, make_many, make_task, report

POLICY = Policy()
ZH = {"accept-language": "zh-CN"}


def needle(cast, who):
    return get_needle(cast.access(who), today=TODAY, policy=POLICY)


def short(cast, who):
    return [(row.item.need.value, row.item.title) for row in needle(cast, who)]


EXPECTED = {
    "office": [
        ("name_lead", "河道“四乱”问题整治"),
        ("verify", "城镇新增就业1200人"),
        ("decide_extension", "改造农村户厕800座"),
        ("dispatch", "推广农业信贷担保"),
        ("close", "新建农村寄宿制学校1所"),
    ],
    "deptclerk": [
        ("name_obstacle", "建成高标准农田2.5万亩"),
        ("answer", "石门乡建成高标准农田8000亩"),
        ("work", "改造农村户厕800座"),
    ],
    "townclerk": [
        ("work", "柳河镇建成高标准农田9000亩"),
        ("acknowledge", "河道“四乱”问题整治"),
    ],
    "otherclerk": [("report", "持续优化营商环境")],
    "leader": [
        ("press", "建成高标准农田2.5万亩"),
        ("press", "完成小型水库除险加固6座"),
        ("name_lead", "河道“四乱”问题整治"),
        ("decide_extension", "改造农村户厕800座"),
    ],
    "sponsor": [
        ("press", "建成高标准农田2.5万亩"),
        ("press", "完成小型水库除险加固6座"),
    ],
    "observer": [],
    "outsider": [],
    "admin": [],
}


@pytest.mark.parametrize("who", EXPECTED)
def test_each_person_has_exactly_their_own_list(cast, who):
    make_county_work(cast)
    assert sorted(short(cast, who)) == sorted(EXPECTED[who])


def test_critical_red_work_with_people_waiting_stands_first_and_says_so(cast):
    make_county_work(cast)
    first = needle(cast, "deptclerk")[0]
    with translation.override("zh-hans"):
        assert explain_reasons(first.reasons) == "红灯、重中之重、急件、县长交办、1个乡镇等您"


def test_sentence_reads_in_english_too(cast):
    make_county_work(cast)
    with translation.override("en"):
        assert explain_reasons(needle(cast, "deptclerk")[0].reasons) == (
            "red light, critical, urgent, asked by 县长, 1 township waits for you"
        )


def test_submitter_is_not_asked_to_verify_own_work(cast):
    from luoshi.supervision.models import Submission

    task = make_task(cast, "自报自核", lead="QH-NYJ", state="submitted", percent=100)
    Submission.objects.create(task=task, unit=cast.unit("QH-NYJ"), by=cast["officeclerk"], at=NOW, result="完成")
    assert ("verify", "自报自核") in short(cast, "office")
    assert ("verify", "自报自核") not in short(cast, "officeclerk")


def test_work_that_its_asker_does_itself_is_verified_by_the_office_above(cast):
    make_task(cast, "镇里自办", owner="QH-T01", lead="QH-T01", state="submitted", percent=100)
    assert ("verify", "镇里自办") in short(cast, "office")
    assert ("verify", "镇里自办") not in short(cast, "townclerk")


def test_named_verifier_is_asked_to_verify(cast):
    task = make_task(cast, "财政核查", lead="QH-NYJ", state="submitted", percent=100)
    add_duty(task, cast.unit("QH-CZJ"), "verifier", at=None)
    assert ("verify", "财政核查") in short(cast, "otherclerk")


def test_submitted_parts_wait_for_the_department_that_gave_them_down(cast):
    parent = make_task(cast, "牵头任务", percent=10, due=TODAY)
    for n, code in enumerate(("QH-T01", "QH-T02", "QH-T03")):
        make_task(cast, f"分解{n}", owner="QH-NYJ", lead=code, parent=parent, state="submitted", percent=100)
    rows = needle(cast, "deptclerk")
    assert [row.item.need.value for row in rows].count("verify") == 3
    work = next(row for row in rows if row.item.title == "牵头任务")
    with translation.override("zh-hans"):
        assert "3个乡镇等您" in explain_reasons(work.reasons)


def test_returned_work_is_to_be_put_right_and_finished_work_to_be_submitted(cast):
    make_task(cast, "退回", state="returned", percent=60)
    make_task(cast, "做完", percent=100)
    assert set(short(cast, "deptclerk")) == {("fix", "退回"), ("submit", "做完")}


def test_co_unit_acknowledges_but_is_not_pressed_to_report(cast):
    make_task(cast, "配合一", lead="QH-SLJ", co=["QH-NYJ"], due=TODAY, acknowledged=False, state="dispatched")
    make_task(cast, "配合二", lead="QH-SLJ", co=["QH-NYJ"], due=TODAY, percent=5)
    assert short(cast, "deptclerk") == [("acknowledge", "配合一")]


def test_report_of_the_period_is_asked_for_until_it_is_given(cast):
    from datetime import UTC, datetime, timedelta

    make_task(cast, "月报", cadence="monthly", cadence_day=25, percent=90, last_at=datetime(2026, 10, 20, tzinfo=UTC))
    make_task(cast, "已报", cadence="monthly", cadence_day=25, percent=90, last_at=NOW - timedelta(days=1))
    assert short(cast, "deptclerk") == [("report", "月报")]


def test_question_is_gone_once_a_later_report_no_longer_asks(cast):
    made = make_county_work(cast)
    assert ("answer", "石门乡建成高标准农田8000亩") in short(cast, "deptclerk")
    report(made["QH-T02"], cast.unit("QH-T02"), cast["townhead"], done="已复工", days_ago=0)
    assert ("answer", "石门乡建成高标准农田8000亩") not in short(cast, "deptclerk")


def test_directive_in_review_waits_for_the_office(cast):
    make_directive(cast, title="待审文件", state="review")
    assert short(cast, "office") == [("review", "待审文件")]
    assert short(cast, "townclerk") == []


def test_person_with_two_posts_has_one_list(cast):
    from luoshi.orgs.models import Post
    from tests.factories.orgs import SINCE

    make_county_work(cast)
    Post.objects.create(person=cast["townclerk"], unit=cast.unit("QH-NYJ"), role="handler", from_date=SINCE)
    found = short(cast, "townclerk")
    assert {("name_obstacle", "建成高标准农田2.5万亩"), ("acknowledge", "河道“四乱”问题整治")} <= set(found)
    assert len(found) == len({title for _need, title in found})


@pytest.mark.parametrize("who", ["office", "townclerk", "leader", "outsider"])
def test_every_number_is_the_length_of_its_list_in_the_ledger(cast, who):
    make_county_work(cast)
    access = cast.access(who)
    for figure in list_figures(access, today=TODAY, policy=POLICY):
        choice = choose(parse_filter(figure.params), access=access)
        assert list_matching(choice, access=access, today=TODAY, policy=POLICY).count() == figure.number, figure.code


def test_needle_page_shows_the_list_the_reasons_and_the_numbers(cast, signed_in):
    make_county_work(cast)
    page = signed_in("deptclerk").get("/", headers=ZH).content.decode()
    assert "县长交办" in page
    assert page.index("建成高标准农田2.5万亩") < page.index("改造农村户厕800座")
    assert "light=red" in page


def test_empty_needle_says_so(cast, signed_in):
    assert "目前没有等您办的事" in signed_in("observer").get("/", headers=ZH).content.decode()


def test_needle_keeps_its_query_budget_and_is_bounded(cast, signed_in, django_assert_max_num_queries):
    make_county_work(cast)
    make_many(cast, 600)
    for who in ("office", "deptclerk", "leader"):
        client = signed_in(who)
        client.get("/ledger/")
        with django_assert_max_num_queries(29):
            page = client.get("/").content.decode()
        assert page.count('class="needle-row"') <= 100


def test_red_work_without_an_obstacle_asks_for_one_and_the_holder_sees_it(cast):
    task = make_task(cast, "修渠", due=TODAY - timedelta(days=3), percent=40)
    assert short(cast, "deptclerk") == [("name_obstacle", "修渠")]
    name_obstacle(task, cause="land", note="没有批复", holder_unit=cast.unit("QH-CZJ"), by=cast["deptclerk"], now=NOW)
    assert short(cast, "deptclerk") == [("work", "修渠")]
    assert short(cast, "otherclerk") == [("remove_obstacle", "修渠")]
    with translation.override("zh-hans"):
        assert "1个部门等您" in explain_reasons(needle(cast, "otherclerk")[0].reasons)


def test_a_leader_who_can_remove_an_obstacle_sees_it_and_yellow_work_asks_for_none(cast):
    task = make_task(cast, "修渠", due=TODAY + timedelta(days=3), percent=95)
    assert ("name_obstacle", "修渠") not in short(cast, "deptclerk")
    name_obstacle(task, cause="land", note="没有批复", holder_person=cast["sponsor"], by=cast["deptclerk"], now=NOW)
    assert short(cast, "sponsor") == [("remove_obstacle", "修渠")]
