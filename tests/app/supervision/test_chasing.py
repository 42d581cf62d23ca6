"""Chasing by the day: who is told and when, what stops it, and every step once only."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.notices.models import Notice
from luoshi.orgs.models import Absence, Post
from luoshi.progress.actions import report_progress
from luoshi.progress.models import Turn
from luoshi.supervision.actions.approving import LimitInThePast, NothingChosen, approve_steps, refuse_steps
from luoshi.supervision.actions.chasing import take_due_steps
from luoshi.supervision.actions.extensions import AlreadyDecided, request_extension
from luoshi.supervision.actions.ladders import BadLadder, LadderExists, ensure_ladders, save_ladder
from luoshi.supervision.actions.verifying import MissingWords, submit_task
from luoshi.supervision.jobs import chase_units
from luoshi.supervision.models import Chase, ChaseStep, Ladder
from luoshi.supervision.rules.chasing import LadderFacts
from luoshi.supervision.rules.ladders import PRESETS
from luoshi.tasks.actions import acknowledge_task
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 20)  # a Friday; NOW is the Monday after


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 8))


def days(first: date, number: int) -> Iterator[date]:
    """Working days from the first on."""
    found = 0
    while found < number:
        if first.weekday() < 5:
            found += 1
            yield first
        first += timedelta(days=1)


def chase_days(first: date, number: int) -> None:
    for day in days(first, number):
        chase_units(at(day))


def steps_of(task: Task) -> list[tuple[int, str, str]]:
    rows = ChaseStep.objects.filter(chase__task=task).order_by("pk")
    return list(rows.values_list("rung", "instrument", "state"))


def told(step: ChaseStep) -> set[str]:
    return {entry["name"] for entry in step.told}


def report(cast: Cast, task: Task, *, done: str = "完成清表400亩", now: datetime = NOW) -> None:
    day = timezone.localtime(now).date()
    report_progress(
        Task.objects.get(pk=task.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=now, today=day,
        period="2026-11", done=done,
    )  # fmt: skip


def test_overdue_work_is_chased_level_by_level_up_to_the_yes_that_a_letter_needs(cast: Cast) -> None:
    task = make_task(cast, due=DUE, sponsor=cast["sponsor"])
    report(cast, task, now=NOW - timedelta(days=30))
    chase_days(date(2026, 11, 17), 11)
    assert steps_of(task) == [(2, "reminder", "sent"), (4, "chase", "sent"), (5, "letter", "awaiting")]
    letter = ChaseStep.objects.get(chase__task=task, rung=5)
    assert letter.due_date == date(2026, 11, 30)
    approve_steps([letter], by=cast["office"], now=at(date(2026, 12, 1)), policy=get_policy())
    letter.refresh_from_db()
    assert told(letter) == {"孟田", "高明", "周文"}, "head of the unit, the sponsor, and the level above"
    paper = letter.letter
    assert paper is not None
    assert (paper.kind, paper.state, paper.unit, list(paper.recipients.all())) == (
        "order", "issued", cast.unit("QH"), [cast.unit("QH-NYJ")],
    )  # fmt: skip
    chase_days(date(2026, 12, 2), 20)
    assert steps_of(task)[-1] == (6, "listed", "awaiting")


def test_routine_run_twice_takes_no_step_twice(cast: Cast) -> None:
    make_task(cast, due=DUE)
    for _ in range(3):
        chase_units(NOW)
    assert ChaseStep.objects.count() == 1
    assert Entry.objects.filter(verb="chase_units").count() == 1
    assert Notice.objects.filter(kind="chase").count() == 2


def test_no_chase_begins_twice_in_a_day_that_is_decided_again(cast: Cast) -> None:
    task = make_task(cast, due=DUE, percent=50)
    tasks = Task.objects.filter(pk=task.pk)
    chase_units(NOW)
    tasks.update(due_date=date(2027, 3, 1))
    chase_units(NOW)
    assert Chase.objects.get().stopped_by == "settled"
    tasks.update(due_date=DUE)
    chase_units(NOW)
    assert Chase.objects.count() == 1
    chase_units(NOW + timedelta(days=1))
    assert Chase.objects.count() == 2


class Killed(Exception):
    """Stands for the end of the process."""


def die_at(number: int) -> Callable[..., Any]:
    """Let no statement pass from the given one on."""
    seen = count(1)

    def pass_on(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if next(seen) >= number and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            raise Killed
        return execute(sql, params, many, context)

    return pass_on


@pytest.mark.parametrize("number", range(12, 30, 3))
def test_routine_killed_in_its_midst_leaves_nothing_and_is_made_up_for(cast: Cast, number: int) -> None:
    task = make_task(cast, due=DUE)
    ensure_ladders(preset="county", now=NOW)
    with connection.execute_wrapper(die_at(number)), contextlib.suppress(Killed):
        take_due_steps(now=NOW, policy=get_policy())
    assert Notice.objects.exists() == ChaseStep.objects.exists() == Entry.objects.filter(verb="chase_units").exists()
    chase_units(NOW)
    assert steps_of(task) == [(4, "chase", "sent")]
    assert Notice.objects.filter(kind="chase").count() == 2


def test_database_refuses_a_second_chase_and_a_second_step(cast: Cast) -> None:
    make_task(cast, due=DUE)
    chase_units(NOW)
    step = ChaseStep.objects.select_related("chase").get()
    step.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        step.save(force_insert=True)
    chase = Chase.objects.get()
    chase.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        chase.save(force_insert=True)


def test_report_with_content_stops_the_chase_and_an_empty_one_does_not(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    chase_units(NOW)
    report(cast, task, done="正在积极推进")
    assert Chase.objects.get().stopped_at is None
    report(cast, task)
    chase = Chase.objects.get()
    assert (chase.stopped_by, chase.stopped_at) == ("report_progress", NOW)
    chase_days(date(2026, 11, 24), 4)
    assert Chase.objects.count() == 1, "left in peace for five working days"
    chase_days(date(2026, 11, 30), 1)
    assert steps_of(task)[-1] == (5, "letter", "awaiting"), "a chase that recurs starts one step higher"


SAYS, HOLLOW = "完成清表400亩", "正在积极推进"


@pytest.mark.parametrize(
    ("reports", "chased_on"),
    [
        ([], date(2026, 11, 23)),
        ([HOLLOW], date(2026, 11, 23)),
        ([HOLLOW, HOLLOW], date(2026, 11, 23)),
        ([SAYS], date(2026, 11, 27)),
        ([SAYS, HOLLOW], date(2026, 11, 27)),
        ([SAYS, SAYS], date(2026, 11, 27)),
        ([HOLLOW, SAYS], date(2026, 11, 27)),
    ],
)
def test_hollow_report_buys_no_quiet_days_before_a_chase_begins(
    cast: Cast, reports: list[str], chased_on: date
) -> None:
    task = make_task(cast, due=DUE)
    for hour, words in enumerate(reports):
        report(cast, task, done=words, now=at(date(2026, 11, 21)) + timedelta(hours=hour))
    chase_days(date(2026, 11, 23), 5)
    first = ChaseStep.objects.filter(chase__task=task).earliest("pk")
    assert timezone.localtime(first.made_at).date() == chased_on


def test_unit_that_did_not_act_is_chased_on_while_the_other_rests(cast: Cast) -> None:
    task = make_task(cast, due=DUE, lead=(), joint=("QH-NYJ", "QH-CZJ"))
    chase_units(NOW)
    report(cast, task)
    assert dict(Chase.objects.values_list("unit__code", "stopped_by")) == {"QH-NYJ": "report_progress", "QH-CZJ": ""}


def test_submission_and_a_request_in_time_stop_the_chase_and_a_waiting_step_is_overtaken(cast: Cast) -> None:
    urgent = make_task(cast, due=DUE, urgency=1)
    chase_units(NOW)
    assert steps_of(urgent) == [(5, "letter", "awaiting")], "immediate work starts at the letter"
    step = ChaseStep.objects.get()
    submit_task(
        Task.objects.get(pk=urgent.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, result="全部建成"
    )
    assert steps_of(urgent) == [(5, "letter", "overtaken")]
    with pytest.raises(AlreadyDecided):
        approve_steps([step], by=cast["office"], now=NOW, policy=get_policy())
    near = make_task(cast, due=date(2026, 11, 25))
    chase_units(NOW)
    request_extension(
        Task.objects.get(pk=near.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW,
        to_date=date(2026, 12, 25), cause="land", reason="征地未批", progress="完成六成",
    )  # fmt: skip
    assert Chase.objects.get(task=near).stopped_by == "request_extension"
    chase_days(date(2026, 11, 26), 5)
    assert not Chase.objects.filter(task=near, stopped_at=None).exists(), "the clock runs on those who answer"


def test_receipt_is_chased_and_acknowledging_stops_it(cast: Cast) -> None:
    task = make_task(cast, state="dispatched", acknowledged=False, dispatched_at=NOW - timedelta(days=6), co=["QH-CZJ"])
    chase_units(NOW)
    assert set(Chase.objects.values_list("unit__code", "rung")) == {("QH-NYJ", 1), ("QH-CZJ", 1)}
    acknowledge_task(Task.objects.get(pk=task.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW)
    assert dict(Chase.objects.values_list("unit__code", "stopped_by"))["QH-NYJ"] == "acknowledge_task"


def test_missing_report_is_chased_from_the_close_of_its_window(cast: Cast) -> None:
    task = make_task(cast, percent=50, last_at=NOW - timedelta(days=40))
    Turn.objects.create(
        task=task, unit=cast.unit("QH-NYJ"), period="2026-10", opens_date=date(2026, 10, 20),
        closes_date=date(2026, 10, 25), state="missing",
    )  # fmt: skip
    chase_units(NOW)
    assert steps_of(task) == [(3, "reminder", "sent")]
    assert ChaseStep.objects.get().due_date == date(2026, 10, 26)


@pytest.mark.parametrize("state", ["submitted", "under_verification", "suspended", "completed", "draft"])
def test_work_that_is_not_in_the_units_hands_is_not_chased(cast: Cast, state: str) -> None:
    make_task(cast, due=DUE, state=state)
    chase_units(NOW)
    assert not Chase.objects.exists()


def test_paused_work_is_not_chased_and_a_running_chase_ends(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    chase_units(NOW)
    task.standing.paused_date = date(2026, 11, 24)
    task.standing.save()
    chase_days(date(2026, 11, 24), 8)
    assert steps_of(task) == [(4, "chase", "sent")]
    assert Chase.objects.get().stopped_by == "settled"


def test_chase_ends_when_the_date_is_moved(cast: Cast) -> None:
    task = make_task(cast, due=DUE, percent=50)
    chase_units(NOW)
    Task.objects.filter(pk=task.pk).update(due_date=date(2027, 3, 1))
    chase_days(date(2026, 11, 24), 1)
    assert Chase.objects.get().stopped_by == "settled"


def test_vacant_or_absent_head_is_passed_over_upwards_and_it_is_said(cast: Cast) -> None:
    make_task(cast, due=DUE)
    Absence.objects.create(person=cast["depthead"], from_date=NOW.date(), to_date=NOW.date())
    chase_units(NOW)
    step = ChaseStep.objects.get()
    assert {"name": "周文", "instead_of": "县农业农村局", "why": "away"}.items() <= step.told[-1].items()
    words = Notice.objects.get(person=cast["leader"]).text
    assert "县农业农村局" in words.split("”")[-1]
    Absence.objects.all().delete()
    Post.objects.filter(person=cast["depthead"]).update(to_date=date(2026, 11, 1))
    make_task(cast, "另一项", due=DUE)
    chase_units(NOW)
    assert ChaseStep.objects.latest("pk").told[-1]["why"] == "vacant"


def test_named_handler_alone_is_told_of_a_reminder(cast: Cast) -> None:
    task = make_task(cast, due=date(2026, 11, 25))
    task.duties.update(handler=cast["depthead"])
    chase_units(NOW)
    assert told(ChaseStep.objects.get()) == {"孟田"}


def test_refused_step_ends_the_chase_with_its_reason(cast: Cast) -> None:
    task = make_task(cast, due=DUE, urgency=1)
    chase_units(NOW)
    step = ChaseStep.objects.select_related("chase__task", "chase__ladder__unit").get()
    with pytest.raises(MissingWords):
        refuse_steps([step], reason=" ", by=cast["office"], now=NOW)
    refuse_steps([step], reason="上级批复未到，非该单位原因", by=cast["office"], now=NOW)
    assert steps_of(task) == [(5, "letter", "refused")]
    assert Chase.objects.get().stopped_by == "refused"
    with pytest.raises(AlreadyDecided):
        refuse_steps([step], reason="再次", by=cast["office"], now=NOW)


def test_new_limit_gives_time_before_the_next_level(cast: Cast) -> None:
    task = make_task(cast, due=DUE, urgency=1)
    chase_units(NOW)
    step = ChaseStep.objects.get()
    for limit, error in ((date(2026, 11, 1), LimitInThePast),):
        with pytest.raises(error):
            approve_steps([step], by=cast["office"], now=NOW, policy=get_policy(), new_limit=limit)
    with pytest.raises(NothingChosen):
        approve_steps([], by=cast["office"], now=NOW, policy=get_policy())
    approve_steps([step], by=cast["office"], now=NOW, policy=get_policy(), new_limit=date(2026, 12, 11))
    chase_days(date(2026, 11, 24), 23)
    assert [s[0] for s in steps_of(task)] == [5]
    chase_days(date(2026, 12, 25), 1)
    assert [s[0] for s in steps_of(task)] == [5, 6]


def test_nearest_government_sets_the_ladder(cast: Cast) -> None:
    ensure_ladders(preset="county", now=NOW)
    save_ladder(
        cast.unit("QH"), name="三色督查单", matter="", facts=PRESETS["sanming"], by=cast["office"], now=NOW,
        preset="sanming",
    )  # fmt: skip
    ours, theirs = make_task(cast, due=DUE), make_task(cast, owner="BS", lead="BS-CZJ", due=DUE)
    chase_units(NOW)
    assert steps_of(ours) == [(1, "blue", "sent")]
    assert steps_of(theirs) == [(4, "chase", "sent")]
    assert Chase.objects.get(task=theirs).home == cast.unit("BS"), (
        "its own government chases, by the ladder of the city"
    )


def test_ladder_of_a_matter_goes_before_the_one_for_all_and_one_is_in_use_at_once(cast: Cast) -> None:
    give = {"name": "热线", "by": cast["office"], "now": NOW}
    save_ladder(cast.unit("QH"), matter="", facts=PRESETS["county"], **give)
    save_ladder(cast.unit("QH"), matter="hotline", facts=PRESETS["sanming"], **give)
    with pytest.raises(LadderExists):
        save_ladder(cast.unit("QH"), matter="hotline", facts=PRESETS["county"], **give)
    with pytest.raises(BadLadder):
        save_ladder(cast.unit("QH"), matter="meeting", facts=LadderFacts(()), **give)
    make_task(cast, due=DUE, matter="hotline")
    chase_units(NOW)
    assert ChaseStep.objects.get().instrument == "blue"


def test_installation_gives_a_ladder_once_to_whoever_is_on_top(cast: Cast) -> None:
    assert ensure_ladders(preset="county", now=NOW) == 1
    Ladder.objects.update(is_active=False)
    assert ensure_ladders(preset="county", now=NOW) == 0, "who put it out of use keeps it so"
    make_task(cast, due=DUE)
    chase_units(NOW)
    assert not Chase.objects.exists()


def test_candidates_cost_the_same_however_many_are_chased(cast: Cast, django_assert_max_num_queries: object) -> None:
    for n in range(30):
        make_task(cast, f"第{n}项", due=DUE)
    ensure_ladders(preset="county", now=NOW)
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        assert take_due_steps(now=NOW, policy=get_policy()) == 30
