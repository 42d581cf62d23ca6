"""The papers of chasing: issued with the yes of a leader, or by the office that looked them over; never twice."""

import contextlib
import hashlib
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.insight.queries import get_needle
from luoshi.insight.rules import Need
from luoshi.letters.actions import AlreadyIssued, change_letter, issue_letter
from luoshi.letters.models import Letter, Series
from luoshi.notices.models import Notice
from luoshi.supervision.actions.approving import approve_steps
from luoshi.supervision.actions.issuing import issue_papers
from luoshi.supervision.actions.ladders import ensure_ladders
from luoshi.supervision.models import Chase, ChaseStep, Ladder
from luoshi.supervision.queries.step_papers import list_papers_waiting
from luoshi.supervision.rules.ladders import PAPERS
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
LIMIT = date(2026, 12, 4)


@pytest.fixture
def make_step(cast: Cast, settings: Any, tmp_path: Any) -> Callable[..., ChaseStep]:
    """A step of a chase that waits for a yes, or was sent by the ladder itself."""
    settings.MEDIA_ROOT = tmp_path
    ensure_ladders(preset="county", now=NOW)

    def make(instrument: str = "letter", *, approver: str = "leader", task: Task | None = None) -> ChaseStep:
        task = task or make_task(cast, due=date(2026, 11, 2), sponsor=cast["sponsor"])
        chase = Chase.objects.create(
            task=task, unit=cast.unit("QH-NYJ"), ladder=Ladder.objects.get(),
            home=cast.unit("QH"), opened_date=date(2026, 11, 3), rung=5, rung_date=TODAY,
        )  # fmt: skip
        sent = {} if approver else {"sent_at": NOW}
        return ChaseStep.objects.create(
            chase=chase, rung=5, instrument=instrument, due_date=TODAY, made_at=NOW, approver=approver,
            state="awaiting" if approver else "sent", **sent,
        )  # fmt: skip

    return make


def approve(cast: Cast, *steps: ChaseStep, **how: Any) -> list[ChaseStep]:
    sent = approve_steps(steps, by=cast["sponsor"], now=NOW, policy=get_policy(), **how)
    for step in sent:
        step.refresh_from_db()
    return sent


def issue(cast: Cast, *steps: ChaseStep) -> list[Letter]:
    return issue_papers(steps, by=cast["office"], now=NOW, policy=get_policy())


def needs(cast: Cast, who: str) -> list[Need]:
    return [row.item.need for row in get_needle(cast.access(who), today=TODAY, policy=get_policy())]


def test_yes_of_the_leader_issues_the_paper_in_the_same_act(cast: Cast, make_step: Callable[..., ChaseStep]) -> None:
    (step,) = approve(cast, make_step(), new_limit=LIMIT)
    paper = step.letter
    assert paper is not None
    assert (paper.kind, paper.state, paper.number, paper.approved_by) == ("order", "issued", 1, cast["sponsor"])
    assert paper.fields["due_date"] == LIMIT.isoformat()
    entry = Entry.objects.get(verb="issue_letter")
    with paper.docx.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == paper.docx_sha256 == entry.data["docx_sha256"]
    told = Notice.objects.filter(url=f"/letters/{paper.pk}/").values_list("person__username", flat=True)
    assert set(told) == {"depthead", "deptclerk"}
    assert list_papers_waiting(cast.access("office"), today=TODAY) == []


@pytest.mark.parametrize(
    ("instrument", "kind", "told"),
    [("listed", "order", 2), ("talk", "talk", 2), ("chase", "chase", 2), ("circular", "circular", 2),
     ("referral", "special", 0)],
)  # fmt: skip
def test_each_instrument_has_its_paper(
    cast: Cast, make_step: Callable[..., ChaseStep], instrument: str, kind: str, told: int
) -> None:
    (step,) = approve(cast, make_step(instrument), new_limit=LIMIT)
    assert step.letter is not None
    assert (step.letter.kind, step.letter.state) == (kind, "issued")
    assert Notice.objects.filter(url=f"/letters/{step.letter_id}/").count() == told, "a referral is not told"
    assert "建成高标准农田" in f"{step.letter.title}{step.letter.fields}"
    assert ("挂牌督办" in step.letter.title) == (instrument == "listed")


def test_no_instrument_is_without_a_paper() -> None:
    from luoshi.supervision.rules.chasing import Instrument

    assert set(PAPERS) == {instrument.value for instrument in Instrument}


def test_one_circular_is_written_for_all_that_are_approved_at_once(
    cast: Cast, make_step: Callable[..., ChaseStep]
) -> None:
    first, second = approve(cast, make_step("circular"), make_step("circular"), new_limit=LIMIT)
    assert first.letter == second.letter is not None
    assert first.letter.fields["total"] == "2"
    assert len(first.letter.fields["lagging"]) == 2
    assert Letter.objects.count() == 1


def test_paper_kept_as_a_draft_is_worked_over_by_the_office_and_keeps_its_approval(
    cast: Cast, make_step: Callable[..., ChaseStep]
) -> None:
    (step,) = approve(cast, make_step(), keep_drafts=True)
    draft = step.letter
    assert draft is not None
    assert (draft.state, list_papers_waiting(cast.access("office"), today=TODAY)) == ("draft", [step])
    assert Need.ISSUE_PAPERS in needs(cast, "office")
    assert Need.ISSUE_PAPERS not in needs(cast, "sponsor") + needs(cast, "depthead")
    fields = {**draft.fields, "requirement": "三日内报送清单。"}
    change_letter(draft, by=cast["office"], now=NOW, version=draft.version, title=draft.title, fields=fields)
    (paper,) = issue(cast, step)
    assert (paper.state, paper.approved_by, paper.issued_by) == ("issued", cast["sponsor"], cast["office"])
    assert paper.fields["requirement"] == "三日内报送清单。"
    assert issue(cast, step) == []
    assert Need.ISSUE_PAPERS not in needs(cast, "office")


def test_paper_that_lacks_something_waits_with_the_office(cast: Cast, make_step: Callable[..., ChaseStep]) -> None:
    (step,) = approve(cast, make_step("rectify"))
    assert step.state == "sent"
    assert step.letter is not None
    assert step.letter.state == "draft", "what was inspected and when, only the office knows"
    assert list_papers_waiting(cast.access("office"), today=TODAY) == [step]


def test_sheet_that_goes_by_itself_leaves_under_the_seal_only_after_the_office_looked(
    cast: Cast, make_step: Callable[..., ChaseStep], signed_in: Callable[[str], Client]
) -> None:
    sheet, reminder = make_step("chase", approver=""), make_step("reminder", approver="")
    assert list_papers_waiting(cast.access("office"), today=TODAY) == [sheet], "a reminder is a message, no paper"
    assert list_papers_waiting(cast.access("depthead"), today=TODAY) == []
    office = signed_in("office")
    page = office.get("/supervision/chasing/papers/").content.decode()
    assert f"/supervision/chasing/steps/{sheet.pk}/paper/" in page
    shown = office.get(f"/supervision/chasing/steps/{sheet.pk}/paper/").content.decode()
    assert "催办单" in shown
    assert "青禾县农业农村局" in shown
    assert Letter.objects.count() == 0, "looking writes nothing"
    assert office.get(f"/supervision/chasing/steps/{reminder.pk}/paper/").status_code == 404
    signed_in("depthead").post("/supervision/chasing/papers/", {"step": [sheet.pk]})
    assert Letter.objects.count() == 0
    office.post("/supervision/chasing/papers/", {"step": [sheet.pk, reminder.pk]})
    paper = Letter.objects.get()
    assert (paper.kind, paper.state, paper.approved_by) == ("chase", "issued", cast["office"])


def test_paper_is_not_needed_any_more_once_the_unit_acted_or_the_chase_climbed(
    cast: Cast, make_step: Callable[..., ChaseStep]
) -> None:
    ended, climbed = make_step("chase", approver=""), make_step("chase", approver="")
    Chase.objects.filter(pk=ended.chase_id).update(stopped_at=NOW, stopped_by="report_progress")
    Chase.objects.filter(pk=climbed.chase_id).update(rung=6)
    assert list_papers_waiting(cast.access("office"), today=TODAY) == []
    assert issue(cast, ended, climbed) == []


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("number", [20, 45, 60, 70, 80, 90])
def test_approval_killed_in_its_midst_writes_no_paper_twice(
    cast: Cast, make_step: Callable[..., ChaseStep], number: int
) -> None:
    step, seen = make_step(), count(1)

    def pass_on(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if next(seen) >= number and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(pass_on), contextlib.suppress(Killed):
        approve(cast, step)
    if ChaseStep.objects.get(pk=step.pk).state == "awaiting":
        approve(cast, step)
    issue(cast, step)
    paper = Letter.objects.get()
    step.refresh_from_db()
    assert (step.state, step.letter, paper.state, paper.number) == ("sent", paper, "issued", 1)
    assert Series.objects.get().last == 1
    with pytest.raises(AlreadyIssued):
        issue_letter(paper, by=cast["office"], now=NOW, today=TODAY)
