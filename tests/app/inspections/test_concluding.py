"""Findings put right as tasks, conclusions with their clocks, objections reviewed by others, and looking back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.inspections.actions.concluding import (
    AlreadyReceived,
    CannotObject,
    ConclusionIncomplete,
    InForce,
    MayNotReview,
    issue_conclusion,
    object_to,
    receive_conclusion,
    review_objection,
    write_conclusion,
)
from luoshi.inspections.actions.deciding import record_decision
from luoshi.inspections.actions.drawing import add_inspector, draw_inspectors
from luoshi.inspections.actions.finding import (
    AlreadyTask,
    FindingIncomplete,
    NothingClosed,
    SawItBefore,
    draw_look_back,
    drop_finding,
    edit_finding,
    note_look_back,
    rectify_findings,
)
from luoshi.inspections.actions.planning import NoWords, step_inspection
from luoshi.inspections.models import Conclusion, LookBack, Objection
from luoshi.inspections.queries.gate import list_about, list_inspections, list_took_part
from luoshi.inspections.queries.reading import list_alike, replay, stage_of
from luoshi.inspections.queries.waiting import list_waiting
from luoshi.notices.models import Notice
from luoshi.supervision.actions import close_task, submit_task, verify_submission
from luoshi.tasks.actions import acknowledge_task
from luoshi.tasks.models import Task
from tests.factories.inspecting import concluded, found, objected, running, the_object
from tests.factories.orgs import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are read in English here, whatever language a test before spoke."""
    with translation.override("en"):
        yield


def test_findings_become_dispatched_tasks_of_their_object_in_one_act(cast: Cast) -> None:
    row = the_object(running(cast, "QH-T01"))
    findings = [found(cast, row), found(cast, row, fact="巡查台账空白", severity="serious")]
    tasks = rectify_findings(findings, by=cast["office"], now=NOW)
    task = Task.objects.get(pk=tasks[1].pk)
    assert (task.matter, task.state, task.due_date, task.urgency) == ("finding", "dispatched", date(2026, 12, 15), 2)
    assert task.duties.get(role="lead").unit == cast.unit("QH-T01")
    assert task.standing.percent is None
    assert Notice.objects.filter(person=cast["townclerk"], kind="dispatch").count() == 2
    assert Entry.objects.latest("seq").verb == "rectify_findings"
    findings[0].refresh_from_db()
    assert stage_of(findings[0]) == "dispatched"
    for act in (lambda: rectify_findings(findings, by=cast["office"], now=NOW),
                lambda: drop_finding(findings[0], why="重复", by=cast["office"], now=NOW)):  # fmt: skip
        with pytest.raises(AlreadyTask):
            act()
    assert find_journal_faults() == []


def test_finding_says_fact_rule_and_a_day_to_come_and_is_corrected_with_its_version(cast: Cast) -> None:
    row = the_object(running(cast, "QH-T01"))
    for lacking in ({"fact": " "}, {"rule": ""}, {"requirement": ""}, {"due_date": date(2026, 11, 22)}):
        with pytest.raises(FindingIncomplete):
            found(cast, row, **lacking)
    finding = found(cast, row)
    edit_finding(finding, version=1, by=cast["office"], now=NOW, fact="两处地块焚烧")
    with pytest.raises(EditConflict):
        edit_finding(finding, version=1, by=cast["office"], now=NOW, fact="一处")
    with pytest.raises(NoWords):
        drop_finding(finding, why="", by=cast["office"], now=NOW)
    drop_finding(finding, why="查明属邻镇", by=cast["office"], now=NOW)
    finding.refresh_from_db()
    assert stage_of(finding) == "dropped"


def test_same_problem_at_the_same_object_is_offered_and_tied_by_a_person(cast: Cast) -> None:
    first = found(cast, the_object(running(cast, "QH-T01", "QH-T02")))
    found(cast, the_object(first.object.inspection, "QH-T02"))
    row = the_object(running(cast, "QH-T01"))
    offered = list_alike(row, words="新民村又有两处地块焚烧秸秆未处置")
    assert [e.finding.pk for e in offered] == [first.pk]
    assert list_alike(row, words="会议记录不全") == []
    assert found(cast, row, recurrence_of=first).recurrence_of_id == first.pk
    other = the_object(first.object.inspection, "QH-T02")
    assert found(cast, other, recurrence_of=first).recurrence_of_id is None


def test_conclusion_is_the_objects_only_once_it_is_fed_back(cast: Cast) -> None:
    row = the_object(running(cast, "QH-T01"))
    with pytest.raises(ConclusionIncomplete):
        write_conclusion(row, facts="", conclusion="x", by=cast["office"], now=NOW)
    held = write_conclusion(row, facts="事实", conclusion="结论", by=cast["office"], now=NOW)
    assert not list_about(cast.access("townclerk")).exists()
    held = write_conclusion(row, facts="事实二", conclusion="结论", by=cast["office"], now=NOW, edits=held.edits)
    with pytest.raises(EditConflict):
        write_conclusion(row, facts="事实三", conclusion="结论", by=cast["office"], now=NOW, edits=1)
    issue_conclusion(held, by=cast["leader"], now=NOW)
    assert list(list_about(cast.access("townclerk"))) == [held]
    assert not list_about(cast.access("otherclerk")).exists()
    assert not list_inspections(cast.access("townclerk")).exists()
    with pytest.raises(InForce):
        write_conclusion(row, facts="改", conclusion="改", by=cast["office"], now=NOW)


def test_thirty_days_run_from_receipt_and_not_a_day_longer(cast: Cast) -> None:
    conclusion = concluded(cast, the_object(running(cast, "QH-T01")))
    town, head = cast.unit("QH-T01"), cast["townhead"]
    with pytest.raises(CannotObject, match="receipt"):
        object_to(conclusion, unit=town, reason="不符", by=head, now=NOW)
    received = NOW + timedelta(days=3)
    receive_conclusion(conclusion, by=cast["townclerk"], now=received)
    assert conclusion.objection_until == date(2026, 12, 28)  # the thirtieth day is a Saturday
    with pytest.raises(AlreadyReceived):
        receive_conclusion(conclusion, by=head, now=received)
    with pytest.raises(CannotObject, match="2026-12-28"):
        object_to(conclusion, unit=town, reason="不符", by=head, now=NOW + timedelta(days=36))
    objection = object_to(conclusion, unit=town, reason="不符", by=head, now=NOW + timedelta(days=35))
    assert objection.due_date == date(2027, 1, 27)
    with pytest.raises(CannotObject, match="filed already"):
        object_to(conclusion, unit=town, reason="再议", by=head, now=NOW + timedelta(days=35))


def test_delivery_is_recorded_by_the_inspecting_side_with_its_day_and_manner(cast: Cast) -> None:
    conclusion = concluded(cast, the_object(running(cast, "QH-T01")))
    later = NOW + timedelta(days=5)
    with pytest.raises(NoWords):
        receive_conclusion(conclusion, by=cast["office"], now=later, received_date=TODAY)
    with pytest.raises(NoWords):
        receive_conclusion(
            conclusion, by=cast["office"], now=later, received_date=TODAY - timedelta(days=1), delivery="送达"
        )
    receive_conclusion(conclusion, by=cast["office"], now=later, received_date=TODAY, delivery="专人送达镇党政办")
    assert conclusion.objection_until == date(2026, 12, 23)


def test_authors_signers_inspectors_and_finders_keep_out_of_the_review(cast: Cast) -> None:
    inspection = running(cast, "QH-T01")
    row = the_object(inspection)
    add_inspector(inspection, person=cast["officeclerk"], is_leader=False, by=cast["office"], now=NOW)
    draw_inspectors(inspection, count=1, by=cast["office"], now=NOW)
    found(cast, row)
    objection = objected(cast, concluded(cast, row))
    assert list_took_part(objection.conclusion) == {
        cast[n].pk for n in ("office", "leader", "officeclerk", "townhead")
    }  # fmt: skip
    for name in ("office", "leader", "officeclerk", "townhead", "depthead", "observer", "outsider"):
        with pytest.raises(MayNotReview):
            review_objection(objection, ruling="upheld", grounds="属实", by=cast[name], now=NOW)
    review_objection(objection, ruling="upheld", grounds="经复核属实", by=cast["sponsor"], now=NOW)
    objection.refresh_from_db()
    assert (objection.ruling, objection.reviewer) == ("upheld", cast["sponsor"])


def test_database_holds_that_authors_never_review_and_decisions_have_grounds(cast: Cast) -> None:
    objection = objected(cast, concluded(cast, the_object(running(cast, "QH-T01"))))
    rows = Objection.objects.filter(pk=objection.pk)
    for name in ("office", "leader", "townhead"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(reviewer=cast[name], ruling="upheld", grounds="x", reviewed_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(reviewer=cast["sponsor"], ruling="upheld", grounds="", reviewed_at=NOW)


def test_changed_conclusion_is_a_new_version_that_is_final(cast: Cast) -> None:
    objection = objected(cast, concluded(cast, the_object(running(cast, "QH-T01"))))
    with pytest.raises(ConclusionIncomplete):
        review_objection(objection, ruling="changed", grounds="一处属邻镇", by=cast["sponsor"], now=NOW)
    found = review_objection(
        objection, ruling="changed", grounds="一处属邻镇", facts="两处地块焚烧秸秆", conclusion="责任落实不够到位",
        by=cast["sponsor"], now=NOW,
    )  # fmt: skip
    assert (found.version, found.state) == (2, "issued")
    assert Conclusion.objects.get(version=1).state == "replaced"
    with pytest.raises(EditConflict):
        review_objection(objection, ruling="upheld", grounds="又议", by=cast["sponsor"], now=NOW)
    with pytest.raises(CannotObject, match="final"):
        object_to(found, unit=cast.unit("QH-T01"), reason="仍不服", by=cast["townhead"], now=NOW)
    assert Notice.objects.filter(person=cast["townclerk"], text__contains="复核决定").count() == 1


def test_changed_conclusion_proposes_what_still_stands_with_what_was_decided(cast: Cast) -> None:
    held = concluded(cast, the_object(running(cast, "QH-T01")))
    objection = objected(cast, held)
    proposal = held.advice.get()
    said = {"body": "县委常委会", "decided_date": TODAY, "is_adopted": True, "words": "", "number": ""}
    record_decision(proposal, by=cast["office"], now=NOW, **said)
    found = review_objection(
        objection, ruling="changed", grounds="一处属邻镇", facts="两处地块", conclusion="不够到位", advice=[proposal],
        by=cast["sponsor"], now=NOW,
    )  # fmt: skip
    kept = found.advice.get()
    assert (kept.kind, kept.whom, kept.decided.body) == ("criticism", "柳河镇", "县委常委会")
    assert held.advice.count() == 1
    entry = Entry.objects.get(verb="review_objection")
    assert entry.data["kept"] == [str(kept)]


def test_both_sides_and_the_approver_find_it_on_their_needle(cast: Cast) -> None:
    row = the_object(running(cast, "QH-T01"))
    conclusion = concluded(cast, row)
    assert [(w.what, w.id) for w in list_waiting(cast.access("townclerk"))] == [("receive", conclusion.pk)]
    objection = objected(cast, conclusion)
    assert list_waiting(cast.access("townclerk")) == []
    for name in ("office", "leader", "outsider", "depthead"):
        assert list_waiting(cast.access(name)) == []
    waiting = list_waiting(cast.access("sponsor"))
    assert [(w.what, w.id, w.day) for w in waiting] == [("review", conclusion.pk, objection.due_date)]


def close(cast: Cast, task: Task, days: int) -> None:
    """The township does what was asked, the office verifies and closes."""
    at = NOW + timedelta(days=days)
    acknowledge_task(task, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=at)
    submission = submit_task(
        Task.objects.get(pk=task.pk), unit=cast.unit("QH-T01"), by=cast["townclerk"], now=at, result="已清理"
    )
    verify_submission(
        submission, verifier=cast["office"], verifier_unit=cast.unit("QH"), as_office=True, method="visit",
        result="passed", opinion="属实", now=at,
    )  # fmt: skip
    close_task(Task.objects.get(pk=task.pk), by=cast["office"], now=at)


def test_look_back_draws_from_old_closures_and_a_false_one_is_reopened(cast: Cast) -> None:
    row = the_object(running(cast, "QH-T01"))
    findings = [found(cast, row, fact=f"问题{n}") for n in range(3)]
    for task in rectify_findings(findings, by=cast["office"], now=NOW):
        close(cast, task, days=10)
    inspection, later = row.inspection, NOW + timedelta(days=110)
    with pytest.raises(NothingClosed):
        draw_look_back(inspection, by=cast["office"], now=NOW + timedelta(days=60))
    draw = draw_look_back(inspection, by=cast["office"], now=later, seed="9")
    assert replay(draw).agrees
    look = LookBack.objects.select_related("finding__task", "inspection__unit").get(draw=draw)
    with pytest.raises(SawItBefore):
        note_look_back(look, holds=False, seen="又烧", by=cast["office"], now=later)
    note_look_back(look, holds=False, seen="复燃一处", by=cast["officeclerk"], now=later, due_date=date(2027, 4, 1))
    task = Task.objects.get(pk=look.finding.task_id)
    assert (task.state, task.due_date, task.original_due_date) == ("reopened", date(2027, 4, 1), date(2026, 12, 15))
    with pytest.raises(EditConflict):
        note_look_back(look, holds=True, seen="好", by=cast["officeclerk"], now=later)
    draw_look_back(inspection, by=cast["office"], now=later)
    assert LookBack.objects.values("finding").distinct().count() == 2
    step_inspection(inspection, "conclude", by=cast["office"], now=later)
