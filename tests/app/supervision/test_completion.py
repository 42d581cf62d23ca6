"""From submission to 办结 and 销号, and back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.core.queries import find_journal_faults
from luoshi.notices.models import Notice
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Standing
from luoshi.progress.queries import explain_light
from luoshi.supervision.actions import (
    DoerMayNotVerify,
    MissingWords,
    PartsStillOpen,
    close_task,
    reopen_task,
    submit_task,
    verify_submission,
)
from luoshi.supervision.models import Submission, Verification
from luoshi.tasks.actions import UnlawfulStep
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import add_duty, make_task

pytestmark = pytest.mark.django_db


def submit(cast: Cast, task: Task) -> Submission:
    unit, by = cast.unit("QH-NYJ"), cast["deptclerk"]
    return submit_task(Task.objects.get(pk=task.pk), unit=unit, by=by, now=NOW, result="建成12000亩，已验收")


def verify(cast: Cast, submission: Submission, result: str = "passed", **given: object) -> Verification:
    fields = {
        "verifier": cast["office"], "verifier_unit": cast.unit("QH"), "as_office": True, "method": "visit",
        "opinion": "现场看过，与标准一致", "now": NOW, **given,
    }  # fmt: skip
    return verify_submission(Submission.objects.get(pk=submission.pk), result=result, **fields)


def test_submission_passed_by_another_completes_the_task_and_closing_is_a_step_of_its_own(cast: Cast) -> None:
    task = make_task(cast, percent=95)
    submission = submit(cast, task)
    task.refresh_from_db()
    assert task.state == "submitted"
    verify(cast, submission)
    task.refresh_from_db()
    assert (task.state, task.completed_at, task.closed_at) == ("completed", NOW, None)
    close_task(task, by=cast["office"], now=NOW)
    task.refresh_from_db()
    assert (task.state, task.closed_at) == ("closed", NOW)
    assert find_journal_faults() == []


def test_each_step_is_one_journal_entry(cast: Cast) -> None:
    task = make_task(cast)
    submission = submit(cast, task)
    verify(cast, submission)
    close_task(Task.objects.get(pk=task.pk), by=cast["office"], now=NOW)
    reopen_task(Task.objects.get(pk=task.pk), reason="回头看发现渠道未通", by=cast["office"], now=NOW)
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["submit_task", "verify_task", "close_task", "reopen_task"]
    passed = Entry.objects.get(verb="verify_task")
    assert (passed.data["before"], passed.data["after"]) == ({"state": "submitted"}, {"state": "completed"})


def test_doer_never_verifies_not_even_as_the_office(cast: Cast) -> None:
    submission = submit(cast, make_task(cast))
    for as_office in (False, True):
        with pytest.raises(DoerMayNotVerify):
            verify(cast, submission, verifier=cast["deptclerk"], as_office=as_office)


def test_colleague_of_the_doer_does_not_verify_and_neither_does_a_co_unit(cast: Cast) -> None:
    submission = submit(cast, make_task(cast, co=["QH-CZJ"]))
    for unit in ("QH-NYJ", "QH-CZJ"):
        with pytest.raises(DoerMayNotVerify):
            verify(cast, submission, verifier=cast["depthead"], verifier_unit=cast.unit(unit), as_office=False)
    assert not Verification.objects.exists()


def test_database_holds_that_doer_and_verifier_differ(cast: Cast) -> None:
    submission = submit(cast, make_task(cast))
    base = {
        "submission": submission, "submitted_by": cast["deptclerk"], "doer_unit": cast.unit("QH-NYJ"), "at": NOW,
        "method": "papers", "result": "passed", "opinion": "好",
    }  # fmt: skip
    for person, unit in (("deptclerk", "QH"), ("office", "QH-NYJ")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.create(verifier=cast[person], verifier_unit=cast.unit(unit), **base)


def test_return_needs_its_reason_counts_and_lets_the_clock_run_again(cast: Cast) -> None:
    task = make_task(cast, percent=95)
    submission = submit(cast, task)
    with pytest.raises(MissingWords):
        verify(cast, submission, "returned", opinion=" ")
    assert Standing.objects.get(task=task).submitted_date == TODAY
    verify(cast, submission, "returned", opinion="渠道未通水")
    task.refresh_from_db()
    standing = Standing.objects.get(task=task)
    assert (task.state, standing.returned, standing.submitted_date) == ("returned", 1, None)
    verify(cast, submit(cast, task), "returned", opinion="仍未通水")
    assert Standing.objects.get(task=task).returned == 2
    assert verify(cast, submit(cast, task)).result == "passed"


def test_doers_are_told_the_result_and_checkers_of_the_submission(cast: Cast) -> None:
    submission = submit(cast, make_task(cast))
    assert Notice.objects.filter(person=cast["office"]).count() == 1
    assert not Notice.objects.filter(person=cast["deptclerk"]).exists()
    verify(cast, submission, "returned", opinion="渠道未通水")
    assert "渠道未通水" in Notice.objects.get(person=cast["deptclerk"]).text


def test_task_waiting_for_its_verifier_does_not_turn_red(cast: Cast) -> None:
    task = make_task(cast, due=TODAY + timedelta(days=1), percent=90)
    submit(cast, task)
    later = TODAY + timedelta(days=30)
    found = explain_light(Task.objects.get(pk=task.pk), today=later, policy=Policy())
    assert found.colour == "yellow"


def test_second_decision_on_one_submission_is_refused(cast: Cast) -> None:
    submission = submit(cast, make_task(cast))
    verify(cast, submission)
    with pytest.raises(EditConflict):
        verify(cast, submission, "returned")


def test_parent_with_open_parts_is_not_submitted_or_completed_and_they_are_named(cast: Cast) -> None:
    parent = make_task(cast)
    submission = submit(cast, parent)
    part = make_task(cast, "柳河镇的一份", parent=parent)
    with pytest.raises(PartsStillOpen, match="柳河镇的一份"):
        verify(cast, submission)
    assert Task.objects.get(pk=parent.pk).state == "submitted"
    other = make_task(cast)
    part.parent = other
    part.save(update_fields=["parent"])
    with pytest.raises(PartsStillOpen, match="柳河镇的一份"):
        submit(cast, other)
    Task.objects.filter(pk=part.pk).update(state="completed")
    assert submit(cast, other).pk


def test_completed_work_counts_a_hundred_until_it_is_reopened(cast: Cast) -> None:
    root = make_task(cast, "根")
    part = make_task(cast, "叶", parent=root, percent=80)
    recompute_standings()
    submission = submit(cast, part)
    verify(cast, submission)
    assert Standing.objects.get(task=root).percent == 100
    assert recompute_standings(check=True) == []
    reopen_task(Task.objects.get(pk=part.pk), reason="未通水", by=cast["office"], now=NOW)
    assert Standing.objects.get(task=root).percent == 80
    assert recompute_standings(check=True) == []


def test_reopening_needs_a_reason_and_may_set_a_date_but_keeps_the_original(cast: Cast) -> None:
    task = make_task(cast, state="closed", due=date(2026, 6, 30), completed_at=NOW, closed_at=NOW)
    with pytest.raises(MissingWords):
        reopen_task(task, reason=" ", by=cast["office"], now=NOW)
    with pytest.raises(MissingWords):
        reopen_task(task, reason="未通水", by=cast["office"], now=NOW, due_date=TODAY - timedelta(days=1))
    reopen_task(task, reason="未通水", by=cast["office"], now=NOW, due_date=date(2027, 1, 31))
    task.refresh_from_db()
    assert (task.state, task.due_date, task.original_due_date) == ("reopened", date(2027, 1, 31), date(2026, 6, 30))
    assert task.completed_at is None
    assert task.closed_at is None


@pytest.mark.parametrize("state", ["draft", "dispatched", "submitted", "completed", "closed"])
def test_only_work_that_goes_on_is_submitted(cast: Cast, state: str) -> None:
    with pytest.raises(UnlawfulStep):
        submit(cast, make_task(cast, state=state))


def test_only_completed_work_is_closed(cast: Cast) -> None:
    with pytest.raises(UnlawfulStep):
        close_task(make_task(cast), by=cast["office"], now=NOW)


def test_stale_page_does_not_close_what_was_reopened(cast: Cast) -> None:
    task = make_task(cast, state="completed")
    stale = Task.objects.get(pk=task.pk)
    close_task(task, by=cast["office"], now=NOW)
    with pytest.raises(EditConflict):
        close_task(stale, by=cast["leader"], now=NOW)


def test_verifying_unit_is_told_too(cast: Cast) -> None:
    task = make_task(cast)
    add_duty(task, cast.unit("QH-CZJ"), "verifier", at=None)
    submit(cast, task)
    assert Notice.objects.filter(person=cast["otherclerk"]).exists()


def test_check_that_finds_otherwise_is_kept_beside_the_report_and_casts_doubt(cast: Cast) -> None:
    task = make_task(cast, percent=80)
    found = verify(cast, submit(cast, task), "returned", found_percent=Decimal(60), allowed=5)
    assert (found.reported_percent, found.found_percent, found.is_mismatch) == (80, 60, True)
    assert Standing.objects.get(task=task).mismatched == 1
    entry = Entry.objects.get(verb="verify_task")
    assert (entry.data["found_percent"], entry.data["is_mismatch"]) == ("60", True)


def test_check_within_what_is_allowed_or_without_figures_is_no_mismatch(cast: Cast) -> None:
    for given in ({"found_percent": Decimal(77)}, {}):
        task = make_task(cast, percent=80)
        assert verify(cast, submit(cast, task), allowed=5, **given).is_mismatch is False
        assert Standing.objects.get(task=task).mismatched == 0


def test_check_that_agrees_makes_up_for_one_that_did_not_and_one_without_figures_does_not(cast: Cast) -> None:
    task = make_task(cast, percent=80)
    counts = []
    for found in (Decimal(60), None, Decimal(80)):
        verify(cast, submit(cast, task), "returned", found_percent=found, allowed=5)
        task.refresh_from_db()
        counts.append(Standing.objects.get(task=task).mismatched)
    assert counts == [1, 1, 0]
