"""Obstacles: a red task says what holds it up; who can remove it sees it waiting and says how."""

from typing import Any

import pytest

from luoshi.core.models import Entry
from luoshi.notices.models import Notice
from luoshi.progress.actions.obstacles import NoCause, NoHolder, NoHow, NotUnderWay, clear_obstacle, name_obstacle
from luoshi.progress.models.following import Obstacle
from luoshi.progress.queries.obstacles import SeveralHolders, UnknownHolder, parse_holder
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast, make_person
from tests.factories.work import make_task, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def red(cast: Cast) -> Task:
    return make_task(cast, "建成高标准农田", due=TODAY.replace(day=2), percent=40)


def said(cast: Cast, task: Task, **given: Any) -> Obstacle:
    given = {"cause": "land", "note": "三块地没有批复", "holder_unit": cast.unit("QH-CZJ"), **given}
    return name_obstacle(task, by=cast["deptclerk"], now=NOW, **given)


def test_an_obstacle_waits_for_its_holder_who_is_told(cast: Cast, red: Task) -> None:
    found = said(cast, red)
    assert Notice.objects.filter(person=cast["otherclerk"], kind="obstacle").count() == 1
    assert Entry.objects.get(verb="name_obstacle").data["obstacle"] == found.pk


def test_naming_it_anew_replaces_it_and_saying_the_same_changes_nothing(cast: Cast, red: Task) -> None:
    first = said(cast, red)
    assert said(cast, red).pk == first.pk
    second = said(cast, red, cause="funds", holder_unit=None, holder_person=cast["leader"])
    first.refresh_from_db()
    assert first.cleared_at is not None
    assert Obstacle.objects.get(task=red, cleared_at=None) == second


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"holder_unit": None}, NoHolder),
        ({"cause": ""}, NoCause),
        ({"cause": "magic"}, NoCause),
        ({"note": " "}, NoCause),
    ],
)
def test_an_obstacle_without_cause_or_holder_is_refused(
    cast: Cast, red: Task, given: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        said(cast, red, **given)


def test_work_that_ended_is_not_held_up(cast: Cast) -> None:
    with pytest.raises(NotUnderWay):
        said(cast, make_task(cast, state="closed"))


def test_removing_says_how_and_tells_who_named_it(cast: Cast, red: Task) -> None:
    found = said(cast, red)
    with pytest.raises(NoHow):
        clear_obstacle(found, how=" ", by=cast["otherclerk"], now=NOW)
    clear_obstacle(found, how="已协调批复", by=cast["otherclerk"], now=NOW)
    assert Notice.objects.filter(person=cast["deptclerk"], text__contains="已协调批复").exists()
    assert Entry.objects.get(verb="clear_obstacle").data["how"] == "已协调批复"


def test_a_holder_is_a_unit_or_one_person_in_office(cast: Cast) -> None:
    access = cast.access("deptclerk")
    assert parse_holder("县财政局", access, today=TODAY) == (cast.unit("QH-CZJ"), None)
    assert parse_holder("周文", access, today=TODAY) == (None, cast["leader"])
    make_person("namesake", "周文", unit=cast.unit("QH-CZJ"))
    with pytest.raises(SeveralHolders):
        parse_holder("周文", access, today=TODAY)
    with pytest.raises(UnknownHolder):
        parse_holder("无此人", access, today=TODAY)


def test_the_form_is_filled_from_the_last_report_and_leads_to_the_list_of_the_holder(
    cast: Cast, red: Task, signed_in: Any
) -> None:
    report(red, cast.unit("QH-NYJ"), cast["deptclerk"], done="完成四成", problem="三块地没有批复", cause="land",
           ask="请尽快批复", asked_unit=cast.unit("QH-CZJ"))  # fmt: skip
    clerk = signed_in("deptclerk")
    page = clerk.get(f"/tasks/{red.pk}/obstacle/").content.decode()
    assert "三块地没有批复\n请尽快批复" in page
    assert "县财政局" in page
    given = {"cause": "land", "note": "三块地没有批复", "holder": "县财政局"}
    assert clerk.post(f"/tasks/{red.pk}/obstacle/", {**given, "holder": "没有这个单位"}).status_code == 422
    assert clerk.post(f"/tasks/{red.pk}/obstacle/", given).status_code == 302
    assert "三块地没有批复" in clerk.get(f"/tasks/{red.pk}/").content.decode()
    assert "三块地没有批复" in clerk.get("/obstacles/?tab=ours").content.decode()
    holder = signed_in("otherclerk")
    assert "三块地没有批复" in holder.get("/obstacles/").content.decode()
    found = Obstacle.objects.get()
    assert holder.get(f"/tasks/{red.pk}/").status_code == 404  # it may be asked without seeing the task
    assert holder.post(f"/obstacles/{found.pk}/", {"how": "已批复"}).status_code == 302
    assert "三块地没有批复" not in holder.get("/obstacles/").content.decode()
    assert signed_in("townclerk").get(f"/obstacles/{found.pk}/").status_code == 404
    assert signed_in("observer").get(f"/obstacles/{found.pk}/").status_code == 403


def test_the_report_form_of_red_work_asks_who_can_remove_what_holds_it_up(
    cast: Cast, red: Task, signed_in: Any
) -> None:
    clerk, other = signed_in("deptclerk"), make_task(cast, "按时的任务", due=TODAY.replace(month=12), percent=95)
    assert 'name="holder"' in clerk.get(f"/tasks/{red.pk}/report/").content.decode()
    assert 'name="holder"' not in clerk.get(f"/tasks/{other.pk}/report/").content.decode()
    given = {"period": "2026-11", "done": "11月完成3块地", "percent": "45", "next_step": "复工", "holder": "县财政局"}
    assert clerk.post(f"/tasks/{red.pk}/report/", given).status_code == 200  # without the problem and its cause
    assert not Obstacle.objects.exists()
    given |= {"problem": "资金没有到位", "cause": "funds"}
    assert clerk.post(f"/tasks/{red.pk}/report/", given).status_code == 302
    found = Obstacle.objects.get()
    assert (found.holder_unit, found.cause, found.note) == (cast.unit("QH-CZJ"), "funds", "资金没有到位")
    assert 'name="holder"' not in clerk.get(f"/tasks/{red.pk}/report/").content.decode()


def test_reports_that_say_nothing_are_counted_until_one_says_something(cast: Cast, signed_in: Any) -> None:
    task, clerk = make_task(cast, due=TODAY.replace(month=12), percent=95), signed_in("deptclerk")
    for done, hollow in [
        ("正在积极推进", 1),
        ("正在积极推进。", 2),
        ("继续推进", 3),
        ("完成3公里", 0),
        ("完成3公里", 1),
    ]:
        given = {"period": "2026-11", "done": done, "percent": "96", "next_step": "继续"}
        seen = ["empty_words", "same_as_last", "percent_jumped"]
        assert clerk.post(f"/tasks/{task.pk}/report/", {**given, "seen": seen}).status_code == 302
        task.standing.refresh_from_db()
        assert task.standing.hollow == hollow
