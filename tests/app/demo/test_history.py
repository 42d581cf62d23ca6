"""The county has lived: its months were made by the rooms' own actions and hold together."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.db.models import Count

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.core.queries import find_journal_faults
from luoshi.demo import county
from luoshi.demo.actions import County, load_county
from luoshi.demo.history import live_through
from luoshi.demo.history.story import (
    AskRow,
    DecisionRow,
    ExtensionRow,
    MilestoneRow,
    NameRow,
    OpinionRow,
    PartRow,
    PlanRow,
    ProblemRow,
    ReopeningRow,
    read,
)
from luoshi.directives.models import Directive
from luoshi.ledger.models import Workbook
from luoshi.orgs.queries import get_access
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import CAUSE_LABELS, Confirmation, Feedback, Reading, Tally, Turn
from luoshi.progress.queries import with_light
from luoshi.supervision.models import METHOD_LABELS, Extension, Submission
from luoshi.tasks.models import Adaptation, Allotment, Duty, Task
from luoshi.tasks.queries import list_task_facts
from luoshi.tasks.queries.following import list_changes
from luoshi.tasks.queries.versions import list_touched
from luoshi.tasks.rules.access import lawful_steps
from luoshi.tasks.rules.states import State

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 17:00 in Beijing
TODAY = date(2026, 11, 23)
RED, YELLOW, GREEN, GREY = 1, 2, 3, 5

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> object:
    """The whole county, lived through once for this module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        planted = load_county(now=datetime(2026, 3, 1, tzinfo=UTC))
        live_through(planted, now=NOW)
        yield planted
        transaction.set_rollback(True)


def lights() -> set[int]:
    tasks = with_light(Task.objects.order_by(), today=TODAY, policy=get_policy())
    return set(tasks.values_list("light", flat=True))


def test_every_light_burns_somewhere(whole: County) -> None:
    assert lights() == {RED, YELLOW, GREEN, GREY}


def test_county_adapts_recalls_names_and_follows_its_units(whole: County) -> None:
    states = Adaptation.objects.order_by("at").values_list("state", flat=True)
    assert list(states) == ["accepted", "declined", "proposed"]
    assert Entry.objects.filter(verb="recall_dispatch").exists()
    assert Duty.objects.get(handler__isnull=False).handler == whole.people["deptclerk"]
    changes = list_changes(get_access(whole.people["townhead"], today=TODAY), today=TODAY)
    assert {line.duty.unit for line in changes.passings} == {whole.units["QH-T01-V02"]}
    assert {unit for line in changes.passings for unit in line.heirs} == {whole.units["QH-T01-V01"]}


def test_edited_ledger_waits_with_changes_a_conflict_and_a_slip(whole: County) -> None:
    book = Workbook.objects.get(person__username="office")
    found = {row.data["title"]: row.state for row in book.rows.all()}
    assert (book.state, book.counts["gone"]) == ("read", 1)
    assert found["稳定粮食生产"] == "conflict"
    assert found["建设高标准农田"] == "error"
    assert found["开展冬季安全生产百日攻坚"] == "new"
    assert list(found.values()).count("changed") == 5


def test_the_journal_is_clean_and_in_order(whole: County) -> None:
    assert find_journal_faults() == []
    moments = list(Entry.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_roll_up_finds_nothing_to_put_right(whole: County) -> None:
    assert recompute_standings(check=True) == []


def test_every_task_of_the_plan_was_dispatched(whole: County) -> None:
    plan = read("plan", PlanRow)
    from_papers = Task.objects.filter(parent=None, proposal__isnull=False)
    assert from_papers.count() == len(plan) == 59
    assert not from_papers.filter(dispatched_at=None).exists()


def test_three_papers_are_confirmed_one_waits_half_reviewed_and_a_revision_is_untouched(whole: County) -> None:
    assert Directive.objects.filter(state="confirmed").count() == 3
    waiting, revision = Directive.objects.filter(state="review").order_by("pk")
    assert {p.state for p in revision.proposals.all()} == {"proposed"}
    office = get_access(whole.people["office"], today=TODAY)
    assert {row.fate for row in list_touched(office, revision)} == {"same", "changed", "gone"}
    assert {p.state for p in waiting.proposals.all()} == {"accepted", "proposed"}


def test_tasks_stand_in_every_state_that_somebody_waits_for(whole: County) -> None:
    states = set(Task.objects.values_list("state", flat=True))
    assert {
        State.DRAFT, State.DISPATCHED, State.IN_PROGRESS, State.SUBMITTED, State.RETURNED, State.COMPLETED,
        State.CLOSED,
    } <= states  # fmt: skip
    assert Entry.objects.filter(verb="reopen_task").exists()


def test_extensions_are_approved_refused_and_waiting(whole: County) -> None:
    assert set(Extension.objects.values_list("state", flat=True)) == {"approved", "refused", "requested"}
    moved = Task.objects.get(title="实施城市更新行动")
    assert (moved.original_due_date, moved.due_date) == (date(2026, 10, 31), date(2026, 11, 30))


def test_a_joint_task_waits_for_its_lead_to_be_named(whole: County) -> None:
    drafts = Task.objects.filter(state="draft")
    facts = list_task_facts(drafts)
    assert any(found.lacks_lead for found in facts.values())


def test_parts_given_down_keep_the_sum_of_their_parent(whole: County) -> None:
    grain = Task.objects.get(title="稳定粮食生产", parent=None)
    assert sum(part.target_value or 0 for part in grain.children.all()) == grain.target_value
    assert grain.children.count() == 14


def test_a_village_has_a_part_of_its_township(whole: County) -> None:
    part = Task.objects.filter(duties__unit__code="QH-T01-V03", parent__parent__isnull=False).first()
    assert part is not None
    assert part.owner.code == "QH-T01"


def test_a_real_zero_is_reported_beside_what_is_missing(whole: County) -> None:
    assert Feedback.objects.filter(percent=0).exists()
    silent = Task.objects.filter(standing__reported=0, children=None, parent__standing__reported__gt=0)
    assert silent.exists()


def test_some_reports_name_a_cause_and_ask_for_help(whole: County) -> None:
    asking = Feedback.objects.exclude(ask="").exclude(asked_unit=None)
    assert asking.count() >= 8
    assert len(set(asking.values_list("cause", flat=True))) >= 4


def test_some_reports_repeat_the_one_before(whole: County) -> None:
    words = Feedback.objects.filter(task__title="丰富文化体育供给").values_list("done", flat=True)
    assert len(words) > len(set(words))


def test_a_return_comes_before_some_passes(whole: County) -> None:
    assert Submission.objects.filter(verification__result="returned").count() >= 3
    again = Task.objects.get(title="整治城区停车秩序")
    assert list(again.submissions.order_by("at").values_list("verification__result", flat=True)) == [
        "returned",
        "passed",
    ]


def test_reports_came_on_time_late_and_not_at_all(whole: County) -> None:
    counts = dict(Turn.objects.values_list("state").annotate(n=Count("pk")).order_by())
    assert counts["on_time"] > counts["missing"] > 0
    assert counts["late"] >= 2
    late = set(Turn.objects.filter(state="late").values_list("unit__code", flat=True))
    assert late == {"QH-T02", "QH-T04"}


def test_some_acknowledge_late(whole: County) -> None:
    days = [
        (duty.acknowledged_at - duty.task.dispatched_at).days
        for duty in Duty.objects.filter(acknowledged_at__isnull=False).select_related("task")
        if duty.acknowledged_at and duty.task.dispatched_at
    ]
    assert max(days) > get_policy().acknowledge_days > min(days)


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("office", "verify"),
        ("office", "close"),
        ("office", "decide_extension"),
        ("office", "name_lead"),
        ("office", "dispatch"),
        ("leader", "reopen"),
        ("depthead", "cascade"),
        ("deptclerk", "submit"),
        ("deptclerk", "verify"),
        ("otherclerk", "report"),
        ("townhead", "acknowledge"),
        ("townclerk", "acknowledge"),
        ("townclerk", "report"),
        ("deng.baotian", "report"),
    ],
)
def test_each_of_the_cast_has_something_to_do(whole: County, name: str, step: str) -> None:
    access = get_access(whole.people[name], today=TODAY)
    facts = list_task_facts(Task.objects.visible_to(access).select_related("owner"))
    assert any(step in lawful_steps(access, found) for found in facts.values())


@pytest.mark.parametrize("name", ["leader", "sponsor", "office", "observer", "townclerk", "deng.baotian", "admin"])
def test_each_of_the_cast_sees_work(whole: County, name: str) -> None:
    assert Task.objects.visible_to(get_access(whole.people[name], today=TODAY)).count() >= 3


@pytest.mark.parametrize("name", ["outsider", "baishi", "mai.xiaohe"])
def test_another_county_sees_nothing(whole: County, name: str) -> None:
    access = get_access(whole.people[name], today=TODAY)
    assert not Task.objects.visible_to(access).exists()
    assert not Directive.objects.visible_to(access).exists()


def test_sheets_of_the_story_name_units_people_and_tasks_that_exist() -> None:
    units, people = {u.code for u in county.units()}, {p.username for p in county.people()}
    titles = {row.title for row in read("plan", PlanRow)}
    for row in read("plan", PlanRow):
        assert {row.sponsor, row.asked_by or "leader"} <= people
        assert row.lead == "" or row.lead in units
    for part in read("cascades", PartRow):
        assert part.title in titles
        assert {part.unit, part.owner, part.within or "QH"} <= units
        assert part.by in people
    for ask in read("asks", AskRow):
        assert {duty.split(":")[1] for duty in ask.duties.split(";")} <= units
        assert {ask.by, ask.asked_by or "leader", ask.sponsor or "leader"} <= people
    for problem in read("problems", ProblemRow):
        assert problem.title in titles
        assert problem.cause in CAUSE_LABELS
        assert {problem.unit or "QH", problem.asked or "QH"} <= units
    named = [*read("milestones", MilestoneRow), *read("extensions", ExtensionRow), *read("reopenings", ReopeningRow)]
    assert {row.title for row in named} <= titles
    assert {row.unit for row in read("names", NameRow)} <= units
    assert {row.method for row in read("opinions", OpinionRow)} <= set(METHOD_LABELS)
    assert {row.paper for row in read("decisions", DecisionRow)} <= {"fengong", "jiyao", "zhenggai", "jiyao19"}


def test_indicators_are_read_with_one_missing_a_zero_and_a_correction(whole: County) -> None:
    jobs = Allotment.objects.get(indicator__name="城镇新增就业", task__parent=None)
    parts = Allotment.objects.filter(indicator=jobs.indicator, task__parent=jobs.task)
    assert sum(part.target or 0 for part in parts) == jobs.target == 3200
    november = Tally.objects.get(allotment=jobs, period="2026-11")
    assert (november.reported, parts.count()) == (13, 14)
    assert Reading.objects.filter(allotment__in=parts, period="2026-11", value=0).exists()
    assert Reading.objects.filter(allotment__in=parts, replaced_at__isnull=False).count() == 1
    assert Confirmation.objects.filter(allotment=jobs, reopened_at__isnull=False).count() == 1
    october = Confirmation.objects.filter(period="2026-10", reopened_at__isnull=True)
    assert october.values("allotment__indicator").distinct().count() == 4
