"""The pages of chasing: what is open, what goes out next, approvals, ladders with their preview, leaders' items."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from luoshi.core.clock import now, today  # noqa: TID251 - pages read the real clock, so their tasks are dated from it
from luoshi.core.policy import get_policy
from luoshi.insight.queries import get_needle
from luoshi.insight.rules import Hands, Need
from luoshi.notices.models import Notice
from luoshi.supervision.actions.by_hand import DayToCome, record_sponsor_act
from luoshi.supervision.actions.ladders import ensure_ladders, save_ladder
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.jobs import chase_units
from luoshi.supervision.models import Chase, ChaseStep, Contact, Ladder, SponsorAct
from luoshi.supervision.queries.sponsoring import list_idle, list_leaders
from luoshi.supervision.rules.ladders import PRESETS
from luoshi.tasks.models import Task
from tests.factories.orgs import Cast
from tests.factories.work import make_task as make_any_task

pytestmark = pytest.mark.django_db
NOW, TODAY = now(), today()
DUE = TODAY - timedelta(days=7)
SignIn = Callable[[str], Client]


def make_task(cast: Cast, title: str = "建成高标准农田", *, due: date, **fields: object) -> Task:
    """Work that was dispatched some months before today."""
    begun = {"start": TODAY - timedelta(days=120), "dispatched_at": NOW - timedelta(days=120)}
    return make_any_task(cast, title, due=due, **begun, **fields)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content.decode())


def test_chase_is_seen_by_its_step_with_what_comes_next(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, due=DUE)
    chase_units(NOW)
    words = page(signed_in("office"), "/supervision/chasing/")
    assert task.title in words
    assert "催办单" in words
    assert "督办函" in words, "the letter follows after the grace of the note"
    assert task.title in page(signed_in("deptclerk"), "/supervision/chasing/")
    assert task.title not in page(signed_in("outsider"), "/supervision/chasing/")


def test_page_says_what_goes_out_on_the_next_working_day(cast: Cast, signed_in: SignIn) -> None:
    ensure_ladders(preset="county", now=NOW)
    make_task(cast, "明天就催的事", due=TODAY)
    words = page(signed_in("office"), "/supervision/chasing/?tab=coming")
    assert "明天就催的事" in words
    assert not Chase.objects.exists(), "looking ahead writes nothing"


def test_several_steps_are_approved_at_once_by_whom_the_ladder_names(cast: Cast, signed_in: SignIn) -> None:
    for n in range(3):
        make_task(cast, f"第{n}件急事", due=DUE, urgency=1)
    chase_units(NOW)
    ids = list(ChaseStep.objects.values_list("pk", flat=True))
    assert "没有待您审批的催办" in page(signed_in("deptclerk"), "/supervision/chasing/approvals/")
    office = signed_in("office")
    assert "第0件急事" in page(office, "/supervision/chasing/approvals/")
    sent = office.post(
        "/supervision/chasing/approvals/", {"step": ids[:2], "decision": "send", "new_limit": TODAY.isoformat()}
    )
    assert sent.status_code == 302
    assert sorted(ChaseStep.objects.values_list("state", flat=True)) == ["awaiting", "sent", "sent"]
    refused = office.post("/supervision/chasing/approvals/", {"step": ids[2:], "decision": "refuse", "opinion": ""})
    assert "写明不发的理由" in refused.content.decode()
    signed_in("deptclerk").post("/supervision/chasing/approvals/", {"step": ids[2:], "decision": "send"})
    assert ChaseStep.objects.get(pk=ids[2]).state == "awaiting", "who may not send it does not"


def test_approvals_stand_on_the_needle_of_those_who_give_them(cast: Cast) -> None:
    make_task(cast, due=DUE, urgency=1, sponsor=cast["sponsor"])
    chase_units(NOW)

    def needs(who: str) -> list[Need]:
        return [row.item.need for row in get_needle(cast.access(who), today=TODAY, policy=get_policy())]

    assert Need.APPROVE_CHASE in needs("office")
    assert Need.APPROVE_CHASE not in needs("leader") + needs("sponsor") + needs("depthead")
    ChaseStep.objects.update(approver="leader")
    assert Need.APPROVE_CHASE in needs("sponsor")
    ChaseStep.objects.update(approver="head")
    assert Need.APPROVE_CHASE in needs("leader")


def test_task_page_shows_the_ladder_as_steps_and_what_stops_it(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    task = make_task(cast, due=DUE)
    chase_units(NOW)
    client = signed_in("deptclerk")
    client.get(f"/tasks/{task.pk}/")
    words = page(client, f"/tasks/{task.pk}/")
    assert "只看不办不停" in words
    assert words.index("催办单") < words.index("督办函")
    assert Chase.objects.get().stopped_at is None, "reading does not stop it"


def post_ladder(client: Client, path: str, **given: str) -> object:
    rungs = {
        "rung-TOTAL_FORMS": "2", "rung-INITIAL_FORMS": "2", "rung-0-instrument": "blue", "rung-0-trigger": "overdue",
        "rung-0-days": "1", "rung-0-tells": ["handler", "head"], "rung-1-instrument": "red",
        "rung-1-trigger": "unanswered", "rung-1-grace": "5", "rung-1-tells": ["head"], "rung-1-approver": "head",
    }  # fmt: skip
    form = {"name": "我县阶梯", "matter": "", "is_active": "on", "quiet_days": "5", "recurs_days": "30"}
    return client.post(path, {**rungs, **form, **given})


def test_ladder_is_set_step_by_step_with_a_preview_and_seen_conflicts(cast: Cast, signed_in: SignIn) -> None:
    make_task(cast, due=TODAY)
    office = signed_in("office")
    assert "三明" in page(office, "/supervision/chasing/ladders/")
    assert 'value="orange" selected' in page(office, "/supervision/chasing/ladders/new/?preset=sanming")
    seen = post_ladder(office, "/supervision/chasing/ladders/new/", preview="1")
    assert "蓝色督办单" in seen.content.decode()  # type: ignore[attr-defined]
    assert not Ladder.objects.exists()
    assert post_ladder(office, "/supervision/chasing/ladders/new/").status_code == 302  # type: ignore[attr-defined]
    ladder = Ladder.objects.get(unit__code="QH")
    path = f"/supervision/chasing/ladders/{ladder.pk}/"
    assert post_ladder(office, path, version="1").status_code == 302  # type: ignore[attr-defined]
    late = post_ladder(office, path, version="1", name="旧的")
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert Ladder.objects.get().name == "我县阶梯"
    assert list(ladder.rungs.values_list("number", "instrument", "approver")) == [(1, "blue", ""), (2, "red", "head")]
    office.post(f"{path}remove/")
    assert not Ladder.objects.exists()


def test_used_ladder_is_put_out_of_use_rather_than_removed(cast: Cast, signed_in: SignIn) -> None:
    make_task(cast, due=DUE)
    facts = PRESETS["county"]
    ladder = save_ladder(cast.unit("QH"), name="催办", matter="", facts=facts, by=cast["office"], now=NOW)
    chase_units(NOW)
    signed_in("office").post(f"/supervision/chasing/ladders/{ladder.pk}/remove/")
    ladder.refresh_from_db()
    assert not ladder.is_active
    ensure_ladders(preset="county", now=NOW)
    assert "督办函" in page(signed_in("office"), "/supervision/chasing/"), "the ladder above holds instead"


def test_listed_work_stands_on_the_public_list_until_it_is_completed(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, "老旧小区改造", due=DUE)
    chase_units(NOW)
    chase = Chase.objects.get()
    ChaseStep.objects.create(
        chase=chase, rung=6, instrument="listed", due_date=TODAY, state="sent", made_at=NOW, sent_at=NOW
    )
    assert task.title in page(signed_in("townclerk"), "/supervision/listed/")
    assert task.title not in page(signed_in("outsider"), "/supervision/listed/")
    task.state = "completed"
    task.save()
    assert task.title not in page(signed_in("townclerk"), "/supervision/listed/")


def test_call_by_hand_is_logged_with_who_answered(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, due=DUE)
    given = {
        "unit": cast.unit("QH-NYJ").pk, "method": "phone", "answered_by": "丁禾", "matter": "何时报送",
        "reply": "周五前",
    }  # fmt: skip
    assert signed_in("office").post(f"/tasks/{task.pk}/contact/", given).status_code == 302
    contact = Contact.objects.get()
    assert (contact.answered_by, contact.reply, contact.by) == ("丁禾", "周五前", cast["office"])
    assert "丁禾" in page(signed_in("office"), f"/tasks/{task.pk}/contact/")


def test_sponsor_without_an_act_on_red_work_is_shown_it_first(cast: Cast) -> None:
    policy = get_policy()
    red = make_task(cast, "久红无人问", due=TODAY - timedelta(days=31), sponsor=cast["sponsor"])
    make_task(cast, "刚刚变红", due=TODAY - timedelta(days=5), sponsor=cast["sponsor"])
    make_task(cast, "别人领衔", due=TODAY - timedelta(days=60), sponsor=cast["leader"])
    rows = get_needle(cast.access("sponsor"), today=TODAY, policy=policy)
    first = rows[0].item
    assert (first.need, first.task_id, first.hands) == (Need.SPONSOR_ACT, red.pk, Hands.MINE)
    assert len([r for r in rows if r.item.need == Need.SPONSOR_ACT]) == 1
    record_sponsor_act(red, kind="visited", note="到现场看了进度", day=TODAY, by=cast["sponsor"], now=NOW)
    assert not list_idle(cast.access("sponsor"), today=TODAY, policy=policy)
    assert list_idle(cast.access("sponsor"), today=TODAY + timedelta(days=30), policy=policy)


def test_act_of_a_sponsor_needs_words_and_a_day_that_came(cast: Cast) -> None:
    task = make_task(cast, due=DUE, sponsor=cast["sponsor"])
    give = {"kind": "met", "by": cast["sponsor"], "now": NOW}
    with pytest.raises(MissingWords):
        record_sponsor_act(task, note=" ", day=TODAY, **give)
    with pytest.raises(DayToCome):
        record_sponsor_act(task, note="明天去", day=TODAY + timedelta(days=1), **give)
    assert not SponsorAct.objects.exists()


def test_leaders_items_count_what_their_leaders_did(cast: Cast, signed_in: SignIn) -> None:
    red = make_task(cast, "久红无人问", due=TODAY - timedelta(days=31), sponsor=cast["sponsor"])
    step = {"task": red.pk}
    sponsor = signed_in("sponsor")
    act = {"kind": "coordinated", "date": TODAY.isoformat(), "note": "召集三家单位研究用地"}
    assert sponsor.post(f"/tasks/{step['task']}/sponsor-act/", act).status_code == 302
    leaders, is_cut = list_leaders(cast.access("office"), today=TODAY, policy=get_policy())
    assert not is_cut
    assert [(x.person, x.reds, x.acts, x.idle) for x in leaders] == [(cast["sponsor"], 1, 1, 0)]
    assert "久红无人问" in page(sponsor, "/supervision/sponsored/")
    assert "久红无人问" not in page(signed_in("deptclerk"), "/supervision/sponsored/")


def test_office_is_told_after_the_grace_once(cast: Cast) -> None:
    make_task(cast, "久红无人问", due=TODAY - timedelta(days=38), sponsor=cast["sponsor"])
    for _ in range(2):
        chase_units(NOW)
    told = Notice.objects.filter(kind="sponsor")
    assert {notice.person.username for notice in told} == {"office", "officeclerk"}
    assert told.count() == 2
    chase_units(NOW + timedelta(days=1))
    assert told.count() == 2
