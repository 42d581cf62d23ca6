"""What the actions of tasks do, and what they refuse."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.directives.actions import NotAllDecided, ReviewClosed
from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.notices.models import Notice
from luoshi.tasks.actions import (
    AlreadyAcknowledged,
    NoReason,
    NotAmongDoers,
    NothingAccepted,
    NotReady,
    TooManyCritical,
    UnlawfulStep,
    acknowledge_task,
    create_task,
    dispatch_tasks,
    edit_task,
    edit_tasks,
    move_task,
    name_lead,
    open_tasks,
    set_milestones,
    withdraw_task,
)
from luoshi.tasks.models import Task
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.ladder import Point
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task


def draft(cast: Cast, title: str = "建成高标准农田", **fields: object) -> Task:
    fields = {"title": title, "state": "registered", "standard": "建成并通过验收", "dispatched_at": None, **fields}
    return make_task(cast, **fields)  # type: ignore[arg-type]


def same_row(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


# --- dispatch


def test_dispatch_keeps_the_original_due_date_and_starts_today(cast: Cast) -> None:
    task = draft(cast, start=None, original_due_date=None)
    assert dispatch_tasks([task], by=cast["office"], now=cast.now) == 1
    task.refresh_from_db()
    assert (task.state, task.original_due_date, task.start_date) == ("dispatched", task.due_date, TODAY)
    assert task.dispatched_at == NOW


def test_dispatch_of_many_is_one_entry_and_tells_doers_and_sponsor(cast: Cast) -> None:
    tasks = [draft(cast, f"任务{n}", co=["QH-CZJ"], sponsor=cast["sponsor"]) for n in range(3)]
    dispatch_tasks(tasks, by=cast["office"], now=cast.now)
    entry = Entry.objects.get()
    assert entry.verb == "dispatch_tasks"
    assert entry.data["task_ids"] == [task.pk for task in tasks]
    told = sorted(Notice.objects.values_list("person__username", flat=True))
    assert told == sorted(["depthead", "deptclerk", "otherclerk", "sponsor"] * 3)


def test_many_tasks_to_one_person_are_one_notice(cast: Cast) -> None:
    dispatch_tasks([draft(cast, f"任务{n}") for n in range(8)], by=cast["office"], now=cast.now)
    assert Notice.objects.filter(person=cast["deptclerk"]).count() == 1


def test_dispatch_refuses_all_when_one_lacks_a_standard_and_says_which(cast: Cast) -> None:
    good, bad = draft(cast, "好任务"), draft(cast, "软任务", standard="", due=None, review_date=None)
    with pytest.raises(NotReady, match="软任务") as refusal:
        dispatch_tasks([good, bad], by=cast["office"], now=cast.now)
    assert {f.code for f in refusal.value.missing[bad]} == {"L111", "L102"}
    assert set(Task.objects.values_list("state", flat=True)) == {"registered"}
    assert not Entry.objects.exists()


def test_joint_task_without_a_lead_is_not_dispatched_until_one_is_named(cast: Cast) -> None:
    task = draft(cast, lead="", joint=["QH-CZJ", "QH-SLJ"])
    with pytest.raises(NotReady):
        dispatch_tasks([task], by=cast["office"], now=cast.now)
    name_lead(task, unit=cast.unit("QH-SLJ"), by=cast["office"], now=cast.now)
    dispatch_tasks([task], by=cast["office"], now=cast.now)
    assert same_row(task).state == "dispatched"


def test_second_of_two_who_dispatch_at_once_is_told(cast: Cast) -> None:
    task = draft(cast)
    first, second = same_row(task), same_row(task)
    dispatch_tasks([first], by=cast["office"], now=cast.now)
    with pytest.raises(EditConflict):
        dispatch_tasks([second], by=cast["officeclerk"], now=cast.now)
    assert Entry.objects.count() == 1
    assert Notice.objects.filter(person=cast["deptclerk"]).count() == 1


def test_task_edited_after_the_preview_is_not_dispatched_unseen(cast: Cast) -> None:
    seen = draft(cast)
    edit_task(same_row(seen), version=seen.version, by=cast["officeclerk"], now=cast.now, standard="改了的标准")
    with pytest.raises(EditConflict):
        dispatch_tasks([seen], by=cast["office"], now=cast.now)


def test_dispatched_task_is_not_dispatched_again(cast: Cast) -> None:
    with pytest.raises(UnlawfulStep):
        dispatch_tasks([make_task(cast)], by=cast["office"], now=cast.now)


# --- drafting and editing


def test_numbers_run_by_unit_and_year(cast: Cast) -> None:
    def code(unit: str, days: int = 0) -> str:
        task = create_task(
            cast.unit(unit), by=cast["office"], now=cast.now + timedelta(days=days), title="任务", kind="measure"
        )
        return task.code

    assert [code("QH"), code("QH"), code("QH-CZJ"), code("QH", 60)] == [
        "QH-2026-0001", "QH-2026-0002", "QH-CZJ-2026-0001", "QH-2027-0001",
    ]  # fmt: skip


def test_edit_records_only_what_changed(cast: Cast) -> None:
    task = draft(cast)
    edit_task(task, version=1, by=cast["office"], now=cast.now, standard="新标准", title=task.title)
    entry = Entry.objects.get()
    assert entry.data["before"] == {"standard": "建成并通过验收"}
    assert entry.data["after"] == {"standard": "新标准"}
    assert same_row(task).version == 2


def test_edit_replaces_duties_and_says_so(cast: Cast) -> None:
    task = draft(cast)
    rows = [DutyRow("lead", cast.unit("QH-SLJ").pk, "县水利局"), DutyRow("co", None, "各乡镇", "level=township")]
    edit_task(task, version=1, by=cast["office"], now=cast.now, duties=rows)
    assert list(task.duties.order_by("id").values_list("role", "written_name")) == [
        ("lead", "县水利局"), ("co", "各乡镇"),
    ]  # fmt: skip
    assert Entry.objects.get().data["after"]["duties"] == ["lead: 县水利局", "co: 各乡镇"]


def test_older_version_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    task, late = draft(cast), None
    late = same_row(task)
    edit_task(task, version=1, by=cast["office"], now=cast.now, standard="先到")
    with pytest.raises(EditConflict):
        edit_task(late, version=1, by=cast["officeclerk"], now=cast.now, standard="后到")
    assert same_row(task).standard == "先到"


def test_words_of_a_dispatched_task_stand_but_its_tier_may_change(cast: Cast) -> None:
    task = make_task(cast)
    with pytest.raises(UnlawfulStep):
        edit_task(task, version=1, by=cast["office"], now=cast.now, standard="改")
    edit_task(task, version=1, by=cast["office"], now=cast.now, tier=2)
    assert same_row(task).tier == 2


@pytest.fixture
def cap_of_two(settings) -> None:  # type: ignore[no-untyped-def]
    settings.LUOSHI = {**settings.LUOSHI, "CRITICAL_CAP": 2}


@pytest.mark.usefixtures("cap_of_two")
def test_critical_tasks_are_capped_and_their_parts_count_as_one(cast: Cast) -> None:
    parent = make_task(cast, tier=1)
    for code in ("QH-T01", "QH-T02", "QH-T03"):
        make_task(cast, tier=1, parent=parent, lead=code)
    make_task(cast, tier=1, state="closed")
    second, third = draft(cast), draft(cast)
    edit_tasks([second], by=cast["office"], now=cast.now, tier=1)
    with pytest.raises(TooManyCritical):
        edit_task(third, version=1, by=cast["office"], now=cast.now, tier=1)
    assert same_row(third).tier == 3


# --- lead, acknowledgement, milestones, withdrawal


def test_lead_must_be_among_the_doers(cast: Cast) -> None:
    with pytest.raises(NotAmongDoers):
        name_lead(draft(cast), unit=cast.unit("QH-T01"), by=cast["office"], now=cast.now)


def test_unit_that_was_lead_beside_another_works_with_it(cast: Cast) -> None:
    task = draft(cast, lead=["QH-NYJ", "QH-SLJ"], co=["QH-NYJ"])
    name_lead(task, unit=cast.unit("QH-SLJ"), by=cast["office"], now=cast.now)
    assert set(task.duties.values_list("unit__code", "role")) == {("QH-SLJ", "lead"), ("QH-NYJ", "co")}


def test_co_unit_acknowledges_without_moving_the_task(cast: Cast) -> None:
    task = make_task(cast, state="dispatched", co=["QH-CZJ"], acknowledged=False)
    acknowledge_task(task, unit=cast.unit("QH-CZJ"), by=cast["otherclerk"], now=cast.now)
    assert same_row(task).state == "dispatched"
    acknowledge_task(task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=cast.now)
    assert same_row(task).state == "acknowledged"
    with pytest.raises(AlreadyAcknowledged):
        acknowledge_task(task, unit=cast.unit("QH-NYJ"), by=cast["depthead"], now=cast.now)
    assert Entry.objects.filter(verb="acknowledge_task").count() == 2


def test_reached_milestone_stays_reached_when_the_path_is_edited(cast: Cast) -> None:
    task = make_task(cast, state="acknowledged")
    first = Point("开工", date(2026, 11, 25), Decimal(20))
    set_milestones(task, rows=[first], by=cast["deptclerk"], now=cast.now)
    task.milestones.update(done_date=TODAY)
    set_milestones(task, rows=[first, Point("封顶", date(2026, 12, 10), Decimal(80))], by=cast["deptclerk"], now=NOW)
    assert list(task.milestones.values_list("name", "done_date")) == [("开工", TODAY), ("封顶", None)]
    assert task.state == "planned"


def test_withdrawal_needs_a_reason_and_takes_open_parts_along(cast: Cast) -> None:
    task = make_task(cast)
    part, closed = make_task(cast, parent=task, lead="QH-T01"), make_task(cast, parent=task, state="closed")
    with pytest.raises(NoReason):
        withdraw_task(task, reason="  ", by=cast["office"], now=cast.now)
    assert withdraw_task(task, reason="政策调整", by=cast["office"], now=cast.now) == 2
    assert (same_row(part).state, same_row(closed).state) == ("withdrawn", "closed")
    assert Notice.objects.filter(person=cast["townclerk"], text__contains="政策调整").exists()


# --- the step alone


def test_move_refuses_a_step_from_another_state(cast: Cast) -> None:
    with pytest.raises(UnlawfulStep):
        move_task(make_task(cast, state="closed"), "submit", now=cast.now)


def test_second_of_two_moves_is_told(cast: Cast) -> None:
    task = make_task(cast, state="submitted")
    other = same_row(task)
    move_task(task, "complete", now=cast.now)
    assert (task.state, task.completed_at, task.version) == ("completed", NOW, 2)
    with pytest.raises(EditConflict):
        move_task(other, "return", now=cast.now)


def test_report_leaves_a_task_in_progress_as_it_is(cast: Cast) -> None:
    task = make_task(cast)
    move_task(task, "report", now=cast.now)
    assert (task.state, task.version) == ("in_progress", 1)


def test_reopening_takes_back_the_dates_of_completion(cast: Cast) -> None:
    task = make_task(cast, state="closed", completed_at=NOW, closed_at=NOW)
    move_task(task, "reopen", now=cast.now)
    assert (task.state, task.completed_at, task.closed_at) == ("reopened", None, None)


# --- from a directive


@pytest.fixture
def directive(cast: Cast) -> Directive:
    text = "一、改造供水厂。到年底改造老旧供水厂2座。（县水利局牵头，各乡镇配合）"
    directive = Directive.objects.create(
        unit=cast.unit("QH"), title="分工方案", kind="directive", received_date=TODAY, text=text, sha256="0" * 64,
        created_by=cast["office"], created_at=NOW,
    )  # fmt: skip
    clause = Clause.objects.create(directive=directive, position=0, role="duty", start=0, end=len(text))
    units = [
        {"name": "县水利局", "role": "lead", "unit": cast.unit("QH-SLJ").pk, "selector": ""},
        {"name": "各乡镇", "role": "co", "unit": None, "selector": "level=township"},
    ]
    common = {"directive": directive, "clause": clause, "start": 0, "end": 10}
    Proposal.objects.create(
        **common, position=0, title="改造老旧供水厂", requirement="改造老旧供水厂2座。", standard="2座",
        due_date=date(2026, 12, 31), units=units, state="accepted", cadence="monthly",
        targets=[{"name": "供水厂", "op": ">=", "value": "2", "unit": "座"}],
        milestones=[{"name": "开工", "date": "2026-12-01"}],
    )  # fmt: skip
    Proposal.objects.create(
        **common, position=1, title="持续巡查", requirement="持续巡查。", is_open_ended=True, units=units[:1],
        state="accepted",
    )  # fmt: skip
    Proposal.objects.create(**common, position=2, title="不办", requirement="不办。", state="dropped")
    return directive


def test_directive_opens_one_registered_task_for_each_accepted_proposal(cast: Cast, directive: Directive) -> None:
    first, second = open_tasks(directive, by=cast["office"], now=cast.now)
    assert (first.code, second.code) == ("QH-2026-0001", "QH-2026-0002")
    first.refresh_from_db()
    assert (first.state, first.kind, first.target_value, first.cadence) == ("registered", "hard_target", 2, "monthly")
    assert (first.clause.directive_id if first.clause else None, first.path) == (directive.pk, f"{first.pk:010d}")
    assert list(first.duties.order_by("id").values_list("role", "unit__code", "selector")) == [
        ("lead", "QH-SLJ", ""), ("co", None, "level=township"),
    ]  # fmt: skip
    assert first.milestones.get().due_date == date(2026, 12, 1)
    assert (second.due_date, second.review_date, second.cadence) == (None, date(2026, 12, 31), "quarterly")
    assert Entry.objects.get().verb == "open_tasks"
    assert Directive.objects.get().state == "confirmed"
    assert find_journal_faults() == []


def test_directive_is_opened_once(cast: Cast, directive: Directive) -> None:
    open_tasks(directive, by=cast["office"], now=cast.now)
    with pytest.raises(ReviewClosed):
        open_tasks(directive, by=cast["office"], now=cast.now)
    assert Task.objects.count() == 2


def test_directive_waits_until_every_proposal_is_decided(cast: Cast, directive: Directive) -> None:
    Proposal.objects.filter(title="不办").update(state="proposed")
    with pytest.raises(NotAllDecided):
        open_tasks(directive, by=cast["office"], now=cast.now)
    assert not Task.objects.exists()


def test_directive_without_an_accepted_proposal_stays_in_review(cast: Cast, directive: Directive) -> None:
    Proposal.objects.update(state="dropped")
    with pytest.raises(NothingAccepted):
        open_tasks(directive, by=cast["office"], now=cast.now)
    assert Directive.objects.get().state == "review"
