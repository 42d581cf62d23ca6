"""Stocktakes: the rule chooses few tasks, and what is decided becomes a task, an answer or a note at once."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import Http404
from docx import Document

from luoshi.core.errors import EditConflict, NotAllowed
from luoshi.core.models import Entry
from luoshi.supervision.actions.coordination import answer_coordination, ask_coordination
from luoshi.supervision.actions.stocktaking import (
    BadRuling,
    StocktakeEnded,
    edit_pack,
    end_stocktake,
    make_stocktake,
    rule_stocktake,
)
from luoshi.supervision.models import Coordination, Stocktake
from luoshi.supervision.queries.coordination import get_coordination_for
from luoshi.supervision.queries.stocktaking import get_stocktake_for, list_stocktakes
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
OVERDUE, LATER = TODAY - timedelta(days=5), TODAY + timedelta(days=200)


def make(cast: Cast) -> Stocktake:
    return make_stocktake(
        cast.unit("QH"), title="11月盘点会", date=TODAY, leader=cast["leader"], by=cast["office"], now=NOW
    )


def tasks_of(found: Stocktake) -> list[int]:
    return [row["id"] for row in found.pack["tasks"]]


def ask(cast: Cast, task: Task) -> Coordination:
    whole = Task.objects.select_related("owner").get(pk=task.pk)
    return ask_coordination(
        whole, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, question="资金由谁承担",
        asked_person=cast["leader"],
    )  # fmt: skip


@pytest.fixture
def made(cast: Cast) -> dict[str, Task]:
    fine = {"due": LATER, "start": TODAY}
    found = {
        "fine": make_task(cast, "平稳的", **fine),
        "routine red": make_task(cast, "一般红灯", due=OVERDUE, percent=10),
        "key red": make_task(cast, "重点红灯", tier=2, due=OVERDUE, percent=10),
        "critical red": make_task(cast, "重中之重红灯", tier=1, due=OVERDUE, percent=10),
        "critical fine": make_task(cast, "重中之重平稳", tier=1, **fine),
        "asks": make_task(cast, "等决定的", **fine),
    }
    found["part"] = make_task(
        cast, "分解", tier=1, owner="QH-NYJ", due=OVERDUE, percent=1, parent=found["critical red"]
    )
    ask(cast, found["asks"])
    return found


def test_pack_holds_what_is_red_and_critical_first_then_what_waits_and_of_a_tree_its_top(
    cast: Cast, made: dict[str, Task]
) -> None:
    found = make(cast)
    assert tasks_of(found) == [made[name].pk for name in ("critical red", "asks", "key red")]
    assert [row["why"] for row in found.pack["tasks"]] == ["red_critical", "waits", "red"]
    assert found.pack["tasks"][0]["light"] == "red"
    assert Entry.objects.latest("seq").verb == "make_stocktake"


def test_pack_is_edited_by_hand_and_not_over_somebody_else_s_edit(cast: Cast, made: dict[str, Task]) -> None:
    found = make(cast)
    other = Stocktake.objects.select_related("unit").get(pk=found.pk)
    first, second, _third = tasks_of(found)
    edit_pack(found, kept=[second, first, 0], added=[made["fine"].pk, second], by=cast["office"], now=NOW)
    assert tasks_of(Stocktake.objects.get(pk=found.pk)) == [second, first, made["fine"].pk]
    with pytest.raises(EditConflict):
        edit_pack(other, kept=[first], by=cast["officeclerk"], now=NOW)


def test_parts_of_one_task_stand_under_it_with_what_they_wait_for(cast: Cast, signed_in: Any) -> None:
    top = make_task(cast, "高标准农田", tier=1, due=LATER, start=TODAY, percent=80)
    for town in ("QH-T01", "QH-T02"):
        make_task(cast, f"{town}建设", tier=1, owner="QH", lead=town, due=OVERDUE, percent=1, parent=top)
    ask(cast, Task.objects.get(title="QH-T02建设"))
    found = make(cast)
    assert tasks_of(found) == [top.pk]
    office = signed_in("office")
    for page in (f"/stocktakes/{found.pk}/", f"/stocktakes/{found.pk}/stage/"):
        words = office.get(page).content.decode()
        assert "QH-T01建设" in words
        assert "QH-T02建设" in words
    asked = Coordination.objects.get()
    given = {"kind": "answer", "text": "由县财政承担", "coordination": asked.pk}
    data = {f"t{top.pk}-{name}": value for name, value in given.items()}
    assert signed_in("leader").post(f"/stocktakes/{found.pk}/rule/", {"task": top.pk, **data}).status_code == 302
    asked.refresh_from_db()
    assert asked.answer == "由县财政承担"
    word = b"".join(office.get(f"/stocktakes/{found.pk}/docx/").streaming_content)
    assert "最滞后的分解任务：石门乡，QH-T02建设，" in "\n".join(p.text for p in Document(BytesIO(word)).paragraphs)


def rule(found: Stocktake, cast: Cast, **given: Any) -> Any:
    fields: dict[str, Any] = {"kind": "task", "text": "12月10日前完成征地补偿方案", "by": cast["office"], "now": NOW}
    return rule_stocktake(found, **{**fields, **given})


def test_decision_becomes_a_task_that_goes_out_at_once(cast: Cast, made: dict[str, Task]) -> None:
    found = make(cast)
    done = rule(found, cast, unit=cast.unit("QH-CZJ"), due_date=date(2026, 12, 10), about=made["critical red"])
    task = Task.objects.get(pk=done.ruling.task_id)
    assert (task.state, task.owner.code, task.asked_by, done.held) == ("dispatched", "QH", cast["leader"], "")
    assert task.matter == "meeting"
    assert list(task.duties.values_list("unit__code", "role")) == [("QH-CZJ", "lead")]
    row = list_stocktakes(cast.access("office")).get()
    assert (row.decided, row.tasks, row.completed) == (1, 1, 0)


def test_decision_that_the_linter_stops_waits_as_a_draft(cast: Cast) -> None:
    done = rule(make(cast), cast, text="抓紧", unit=cast.unit("QH-CZJ"), due_date=LATER, dispatch=False)
    assert Task.objects.get(pk=done.ruling.task_id).state == "draft"


def test_decision_answers_the_question_at_once(cast: Cast, made: dict[str, Task]) -> None:
    found = make(cast)
    asked = get_coordination_for(cast.access("office"), id=Coordination.objects.get().pk, to="answer")
    rule(found, cast, kind="answer", text="由县财政承担", coordination=asked, about=made["asks"])
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("answered", "由县财政承担")


def test_question_answered_after_the_meeting_says_so(cast: Cast, made: dict[str, Task], signed_in: Any) -> None:
    found = make(cast)
    asked = Coordination.objects.select_related("task").get(task=made["asks"])
    answer_coordination(asked, answer="县财政承担", by=cast["leader"], now=NOW + timedelta(days=2))
    page = signed_in("office").get(f"/stocktakes/{found.pk}/").content.decode()
    assert "已答复" in page


@pytest.mark.parametrize(
    "given",
    [
        {"text": " "},
        {"unit": None},
        {"due_date": None},
        {"due_date": TODAY - timedelta(days=1)},
        {"kind": "answer"},
    ],
)
def test_decision_without_words_unit_day_or_question_is_refused(cast: Cast, given: dict[str, Any]) -> None:
    whole = {"unit": cast.unit("QH-CZJ"), "due_date": LATER}
    with pytest.raises(BadRuling):
        rule(make(cast), cast, **{**whole, **given})


def test_ended_stocktake_takes_no_more_decisions(cast: Cast) -> None:
    found = make(cast)
    end_stocktake(found, by=cast["office"], now=NOW)
    for act in (lambda: rule(found, cast, kind="note"), lambda: end_stocktake(found, by=cast["office"], now=NOW)):
        with pytest.raises(StocktakeEnded):
            act()


WHO = {"see": "leader sponsor office officeclerk admin", "hold": "leader sponsor office officeclerk"}


@pytest.mark.parametrize("to", WHO)
def test_stocktake_is_seen_and_held_by_those_who_govern(cast: Cast, to: str) -> None:
    found = make(cast)
    seen = set()
    for who in cast.people:
        try:
            get_stocktake_for(cast.access(who), id=found.pk, to=to)
        except (Http404, NotAllowed):
            continue
        seen.add(who)
    assert seen == set(WHO[to].split())


def test_meeting_s_page_records_a_decision_and_word_holds_the_pack(
    cast: Cast, made: dict[str, Task], signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    found, office, task = make(cast), signed_in("office"), made["critical red"]
    with django_assert_max_num_queries(36):
        page = office.get(f"/stocktakes/{found.pk}/stage/").content.decode()
    assert page.count('class="stage-screen"') == 4
    given = {"kind": "task", "text": "12月10日前拿出方案", "unit_name": "县财政局", "due_date": "2099-12-10"}
    data = {f"t{task.pk}-{name}": value for name, value in given.items()}
    answer = office.post(f"/stocktakes/{found.pk}/rule/", {"task": task.pk, **data})
    assert (answer.status_code, answer.url) == (302, f"/stocktakes/{found.pk}/stage/#task-{task.pk}")
    word = b"".join(office.get(f"/stocktakes/{found.pk}/docx/").streaming_content)
    words = "\n".join(p.text for p in Document(BytesIO(word)).paragraphs)
    assert "重中之重红灯" in words
    assert "12月10日前拿出方案" in words
