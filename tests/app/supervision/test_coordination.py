"""Asking for a decision: the clock runs on the asked, answers are once only, and the chain of passing on is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.core.models import Entry
from luoshi.notices.models import Notice
from luoshi.progress.actions import report_progress
from luoshi.supervision.actions.coordination import (
    AnsweredBefore,
    BadQuestion,
    answer_coordination,
    ask_coordination,
    pass_coordination,
    withdraw_coordination,
)
from luoshi.supervision.actions.pausing import PausedAlready
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import Coordination, Pause
from luoshi.supervision.queries.coordination import (
    get_coordination_for,
    list_asked_rows,
    list_chain,
    list_keeping,
    list_requests,
)
from luoshi.supervision.rules.coordination import Timeliness
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
QUESTION = "请明确征地补偿由哪级财政承担"


def ask(cast: Cast, task: Task | None = None, **given: Any) -> Coordination:
    task = task or make_task(cast)
    fields: dict[str, Any] = {"question": QUESTION, "asked_unit": cast.unit("QH-CZJ"), **given}
    if "asked_person" in given:
        fields.pop("asked_unit")
    fresh = Task.objects.select_related("owner").get(pk=task.pk)
    return ask_coordination(fresh, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, **fields)


def test_question_is_needed_by_the_clock_of_leaders_remarks_unless_a_day_is_given(cast: Cast) -> None:
    plain, urgent = ask(cast), ask(cast, make_task(cast, urgency=2))
    assert plain.needed_date == date(2026, 12, 14)  # 15 working days after 23 November
    assert urgent.needed_date == date(2026, 11, 30)
    assert ask(cast, needed_date=TODAY).needed_date == TODAY


def test_who_is_asked_is_told_and_the_journal_keeps_the_question(cast: Cast) -> None:
    asked = ask(cast, asked_person=cast["leader"])
    notice = Notice.objects.get(person=cast["leader"])
    assert QUESTION in notice.text
    assert notice.url.endswith(f"/{asked.pk}/")
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.data["coordination"], entry.data["asked"]) == ("ask_coordination", asked.pk, "周文")


@pytest.mark.parametrize(
    "given",
    [
        {"question": " "},
        {"asked_unit": None},
        {"asked_unit": "QH-NYJ"},
        {"asked_person": "deptclerk"},
        {"needed_date": TODAY - timedelta(days=1)},
    ],
)
def test_question_without_words_to_nobody_to_oneself_or_for_yesterday_is_refused(
    cast: Cast, given: dict[str, Any]
) -> None:
    if isinstance(given.get("asked_unit"), str):
        given = {**given, "asked_unit": cast.unit(given["asked_unit"])}
    if "asked_person" in given:
        given = {**given, "asked_person": cast[given["asked_person"]]}
    with pytest.raises(BadQuestion):
        ask(cast, **given)
    assert not Coordination.objects.exists()


def test_answer_is_given_once_and_told_to_the_unit_that_asked(cast: Cast) -> None:
    asked = ask(cast)
    again = Coordination.objects.get(pk=asked.pk)
    with pytest.raises(MissingWords):
        answer_coordination(asked, answer=" ", by=cast["otherclerk"], now=NOW)
    answer_coordination(asked, answer="由县级财政承担，下周拨付", by=cast["otherclerk"], now=NOW)
    with pytest.raises(AnsweredBefore):
        answer_coordination(again, answer="不同意", by=cast["otherclerk"], now=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("answered", cast["otherclerk"])
    assert Notice.objects.filter(person=cast["depthead"], text__contains="下周拨付").exists()
    assert Entry.objects.filter(verb="answer_coordination").count() == 1


def test_passing_on_keeps_the_chain_gives_two_working_days_and_never_goes_back(cast: Cast) -> None:
    asked = ask(cast, needed_date=TODAY)
    following = pass_coordination(
        asked, reason="属水利项目资金", to_unit=cast.unit("QH-SLJ"), by=cast["otherclerk"], now=NOW
    )
    assert following.needed_date == date(2026, 11, 25)
    assert [c.asked_unit_id for c in list_chain(following)] == [cast.unit("QH-CZJ").pk, cast.unit("QH-SLJ").pk]
    for back in ("QH-CZJ", "QH-NYJ"):
        with pytest.raises(BadQuestion):
            pass_coordination(following, reason="退回", to_unit=cast.unit(back), by=cast["office"], now=NOW)
    third = pass_coordination(following, reason="请县领导定", to_person=cast["sponsor"], by=cast["office"], now=NOW)
    with pytest.raises(BadQuestion):  # two times are the most
        pass_coordination(third, reason="请县长定", to_person=cast["leader"], by=cast["sponsor"], now=NOW)
    answer_coordination(third, answer="由水利局先行垫付", by=cast["sponsor"], now=NOW)
    assert {c.state for c in Coordination.objects.all()} == {"passed_on", "answered"}


def test_late_answers_count_against_the_asked_and_taken_back_questions_against_nobody(cast: Cast) -> None:
    tasks = [make_task(cast) for _n in range(4)]
    late, in_time, waits, back = (ask(cast, task, needed_date=TODAY) for task in tasks)
    answer_coordination(in_time, answer="同意", by=cast["otherclerk"], now=NOW)
    answer_coordination(late, answer="同意", by=cast["otherclerk"], now=NOW + timedelta(days=3))
    withdraw_coordination(back, by=cast["deptclerk"], now=NOW)
    tomorrow = TODAY + timedelta(days=1)
    (keeping,) = list_keeping(cast.access("office"), today=tomorrow)
    assert (keeping.name, keeping.waiting, keeping.late) == ("县财政局", 1, 1)
    assert (keeping.settled, keeping.in_time, keeping.share) == (2, 1, None)
    rows = list_asked_rows(
        cast.access("otherclerk"), list_requests(cast.access("otherclerk"), tab="settled"), today=tomorrow
    )
    assert {row.asked.pk: row.timeliness for row in rows} == {
        late.pk: Timeliness.ANSWERED_LATE, in_time.pk: Timeliness.IN_TIME, back.pk: Timeliness.OFF,
    }  # fmt: skip
    (mine,) = list_requests(cast.access("otherclerk"), tab="mine")
    assert mine.pk == waits.pk


WHO = {  # who sees the question of a bureau to the finance bureau, and who may answer it or take it back
    "see": "leader sponsor office officeclerk observer depthead deptclerk otherclerk admin",
    "answer": "otherclerk",
    "take_back": "depthead deptclerk",
}


@pytest.mark.parametrize("to", WHO)
def test_question_is_answered_by_the_asked_and_taken_back_by_the_asker(cast: Cast, to: str) -> None:
    asked = ask(cast, make_task(cast, owner="QH"))
    found = set()
    for who in cast.people:
        try:
            get_coordination_for(cast.access(who), id=asked.pk, to=to)
        except (Http404, NotAllowed):
            continue
        found.add(who)
    assert found == set(WHO[to].split())


def test_asked_unit_reads_the_question_of_a_task_that_it_does_not_see(cast: Cast) -> None:
    asked = ask(cast, make_task(cast, owner="QH-NYJ", lead="QH-NYJ"), asked_unit=cast.unit("QH-T01"))
    access = cast.access("townclerk")
    assert not Task.objects.visible_to(access).filter(pk=asked.task_id).exists()
    assert get_coordination_for(access, id=asked.pk, to="answer") == asked
    with pytest.raises(Http404):
        get_coordination_for(cast.access("outsider"), id=asked.pk)


def test_leader_s_office_records_what_the_leader_decided(cast: Cast) -> None:
    asked = ask(cast, asked_person=cast["leader"])
    for who in ("leader", "office"):
        assert get_coordination_for(cast.access(who), id=asked.pk, to="answer") == asked
    with pytest.raises(NotAllowed):
        get_coordination_for(cast.access("sponsor"), id=asked.pk, to="answer")


def test_report_that_asks_a_unit_makes_one_question_with_a_clock(cast: Cast) -> None:
    task = make_task(cast)
    for _twice in range(2):
        report_progress(
            Task.objects.select_related("owner").get(pk=task.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"],
            now=NOW, today=TODAY, period="2026-11", done="完成3200亩", ask="请增派排涝设备",
            asked_unit=cast.unit("QH-SLJ"),
        )  # fmt: skip
    asked = Coordination.objects.get()
    assert (asked.question, asked.asked_unit, asked.unit) == (
        "请增派排涝设备",
        cast.unit("QH-SLJ"),
        cast.unit("QH-NYJ"),
    )


def test_pause_is_asked_for_with_the_question_and_one_at_a_time(cast: Cast) -> None:
    task = make_task(cast)
    ask(cast, task, wants_pause=True)
    assert Pause.objects.get().state == "requested"
    with pytest.raises(PausedAlready):
        ask(cast, task, wants_pause=True, asked_unit=cast.unit("QH-SLJ"))
    assert Coordination.objects.count() == 1
