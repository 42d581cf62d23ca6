"""Local adaptation: proposed with a reason, answered by who asked, both versions kept, the sum right afterwards."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.core.queries import find_journal_faults
from luoshi.ledger.queries.rows import list_rows
from luoshi.notices.models import Notice
from luoshi.progress.actions import recompute_standings, report_progress
from luoshi.progress.models import Standing
from luoshi.tasks.actions import UnlawfulStep, decide_adaptation, edit_task, propose_adaptation
from luoshi.tasks.actions.adapting import (
    AnsweredAlready,
    DateHasPassed,
    NoAnswer,
    NoGrounds,
    NothingProposed,
    ProposedAlready,
    ProposerMayNotAnswer,
)
from luoshi.tasks.models import Adaptation, Allotment, Indicator, PeriodTarget, Task
from luoshi.tasks.queries import get_task_facts
from luoshi.tasks.queries.adapting import get_outcome
from luoshi.tasks.rules.access import lawful_steps
from tests.factories.orgs import Cast
from tests.factories.work import make_task

PLACES = {"target_op": ">=", "target_unit": "人"}


@pytest.fixture
def parts(cast: Cast) -> dict[str, Task]:
    """新增就业 1200 人 given by the bureau to three townships, each 400, weighing as much."""
    above = make_task(cast, "城镇新增就业1200人", target_value=Decimal(1200), **PLACES)
    given = {"above": above}
    for code in ("QH-T01", "QH-T02", "QH-T03"):
        given[code] = make_task(
            cast, "城镇新增就业", owner="QH-NYJ", lead=code, parent=above, target_value=Decimal(400),
            state="in_progress", weight=Decimal(400), standard="新增就业400人，以实名登记为准", **PLACES,
        )  # fmt: skip
    return given


def propose(cast: Cast, task: Task, **given: object) -> Adaptation:
    given = {"target_value": Decimal(365), "reason": "全镇劳动力仅占全县6%", **given}
    unit = cast.unit("QH-T01")
    return propose_adaptation(task, unit=unit, by=cast["townclerk"], now=cast.now, **given)  # type: ignore[arg-type]


def answer(cast: Cast, adaptation: Adaptation, *, accept: bool = True, said: str = "", **given: object) -> None:
    by = cast["deptclerk"]
    decide_adaptation(adaptation, accept=accept, answer=said, by=by, now=cast.now, **given)  # type: ignore[arg-type]


def test_proposal_changes_nothing_until_it_is_answered(cast: Cast, parts: dict[str, Task]) -> None:
    task = parts["QH-T01"]
    propose(cast, task, due_date=date(2026, 12, 28), measure="以零工市场带动")
    task.refresh_from_db()
    assert (task.target_value, task.due_date) == (Decimal(400), date(2026, 12, 20))
    found = Adaptation.objects.get()
    assert (found.asked_target_value, found.asked_due_date) == (Decimal(400), date(2026, 12, 20))
    assert found.asked_measure == task.requirement
    told = Notice.objects.values_list("person__username", flat=True)
    assert set(told) == {"depthead", "deptclerk"}


def test_accepting_leaves_a_remainder_that_is_shown_to_who_decides(cast: Cast, parts: dict[str, Task]) -> None:
    outcome = get_outcome(propose(cast, parts["QH-T01"]))
    assert (outcome.above, outcome.now, outcome.then, outcome.left) == (1200, 1200, 1165, 35)


def test_accepted_proposal_becomes_what_the_task_says(cast: Cast, parts: dict[str, Task]) -> None:
    task = parts["QH-T01"]
    adaptation = propose(cast, task, due_date=date(2027, 1, 20), measure="以零工市场带动")
    answer(cast, adaptation, standard="新增就业365人，以实名登记为准")
    task.refresh_from_db()
    assert (task.target_value, task.due_date, task.requirement) == (Decimal(365), date(2027, 1, 20), "以零工市场带动")
    assert task.standard == "新增就业365人，以实名登记为准"
    assert task.original_due_date == date(2026, 12, 20)
    assert (task.weight, task.version) == (Decimal(365), 2)
    entry = Entry.objects.get(verb="decide_adaptation")
    assert [Decimal(entry.data[side]["target_value"]) for side in ("before", "after")] == [400, 365]
    told = Notice.objects.filter(person__posts__unit=cast.unit("QH-T01")).values_list("person__username", "text")
    assert {name for name, text in told if "365" in text} == {"townhead", "townclerk"}
    assert find_journal_faults() == []


def test_declined_proposal_stays_beside_the_task_with_its_answer(cast: Cast, parts: dict[str, Task]) -> None:
    adaptation = propose(cast, parts["QH-T01"])
    answer(cast, adaptation, accept=False, said="县里另有项目落在你镇")
    parts["QH-T01"].refresh_from_db()
    assert parts["QH-T01"].target_value == Decimal(400)
    assert (adaptation.state, adaptation.answer) == ("declined", "县里另有项目落在你镇")
    assert Adaptation.objects.get().target_value == Decimal(365)


def test_progress_is_counted_anew_against_the_adapted_target(cast: Cast, parts: dict[str, Task]) -> None:
    task = parts["QH-T01"]
    report_progress(
        task, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now, today=cast.today, period="2026-11",
        done="新增200人", value=Decimal(200),
    )  # fmt: skip
    assert Standing.objects.get(task=task).percent == 50
    answer(cast, propose(cast, task, target_value=Decimal(250)))
    assert Standing.objects.get(task=task).percent == 80
    assert Standing.objects.get(task=parts["above"]).percent == 80
    assert recompute_standings(check=True) == []


def test_main_indicator_of_the_part_owes_the_new_target_along_its_path(cast: Cast, parts: dict[str, Task]) -> None:
    indicator = Indicator.objects.create(
        task=parts["above"], owner=cast.unit("QH"), name="城镇新增就业", year=2026, created_by=cast["office"],
        created_at=cast.now,
    )  # fmt: skip
    own = Allotment.objects.create(indicator=indicator, task=parts["QH-T01"], target=Decimal(400), weight=Decimal(400))
    for period, value in (("2026-06", 200), ("2026-12", 400)):
        PeriodTarget.objects.create(allotment=own, period=period, value=Decimal(value))
    answer(cast, propose(cast, parts["QH-T01"]))
    own.refresh_from_db()
    assert (own.target, own.weight, own.version) == (365, 365, 2)
    path = PeriodTarget.objects.filter(allotment=own).order_by("period").values_list("value", flat=True)
    assert path[1] == 365
    assert 182 <= path[0] <= 183


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"target_value": Decimal(400)}, NothingProposed),
        ({"reason": " "}, NoGrounds),
        ({"due_date": date(2026, 11, 1)}, DateHasPassed),
    ],
)
def test_proposal_without_substance_is_refused(
    cast: Cast, parts: dict[str, Task], given: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        propose(cast, parts["QH-T01"], **given)
    assert not Entry.objects.exists()


def test_one_proposal_of_a_unit_waits_at_a_time(cast: Cast, parts: dict[str, Task]) -> None:
    propose(cast, parts["QH-T01"])
    with pytest.raises(ProposedAlready):
        propose(cast, parts["QH-T01"], target_value=Decimal(300))


def test_answer_is_given_once_by_another_and_a_refusal_says_why(cast: Cast, parts: dict[str, Task]) -> None:
    adaptation = propose(cast, parts["QH-T01"])
    with pytest.raises(ProposerMayNotAnswer):
        decide_adaptation(adaptation, accept=True, answer="", by=cast["townclerk"], now=cast.now)
    with pytest.raises(NoAnswer):
        answer(cast, adaptation, accept=False)
    answer(cast, adaptation)
    with pytest.raises(AnsweredAlready):
        answer(cast, adaptation)


def test_task_that_changed_meanwhile_is_not_overwritten(cast: Cast, parts: dict[str, Task]) -> None:
    adaptation = propose(cast, parts["QH-T01"])
    edit_task(Task.objects.get(pk=adaptation.task_id), version=1, by=cast["deptclerk"], now=cast.now, tier=2)
    with pytest.raises(EditConflict):
        answer(cast, adaptation)
    adaptation.refresh_from_db()
    assert adaptation.state == "proposed"


def test_ended_task_takes_no_proposal(cast: Cast) -> None:
    task = make_task(cast, owner="QH-NYJ", lead="QH-T01", state="closed")
    with pytest.raises(UnlawfulStep):
        propose(cast, task, target_value=None, measure="另法")


def test_nobody_objects_to_what_they_ask_of_themselves(cast: Cast) -> None:
    own = make_task(cast, owner="QH-T01", lead="QH-T01")
    given = make_task(cast, owner="QH-NYJ", lead="QH-T01")
    assert "adapt" not in lawful_steps(cast.access("townclerk"), get_task_facts(own))
    assert "adapt" in lawful_steps(cast.access("townclerk"), get_task_facts(given))


def test_ledger_marks_the_part_while_the_objection_waits_and_after(cast: Cast, parts: dict[str, Task]) -> None:
    ids = [parts["QH-T01"].pk, parts["QH-T02"].pk]

    def marks() -> list[str]:
        return [row.mark for row in list_rows(ids, today=cast.today, policy=Policy())]

    adaptation = propose(cast, parts["QH-T01"])
    waiting = marks()
    assert waiting[0]
    assert not waiting[1]
    answer(cast, adaptation)
    assert marks()[0] not in ("", waiting[0])
