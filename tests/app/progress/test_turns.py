"""Closing of reporting windows: written once, judged as the rule says, and nothing asked that is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.progress.actions import report_progress
from luoshi.progress.actions.turns import close_turns
from luoshi.progress.models import Feedback, Standing, Turn
from luoshi.progress.rules.windows import TurnFacts, judge_turn
from luoshi.supervision.actions import submit_task
from luoshi.tasks.actions.clocks import set_clocks
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.clocks import PRESETS
from tests.factories.indicators import make_indicator
from tests.factories.orgs import Cast
from tests.factories.work import add_duty, make_task

pytestmark = pytest.mark.django_db
CLOSED = datetime(2026, 11, 26, 16, 20, tzinfo=UTC)  # 27 November, 00:20 in Beijing: the 25th and a day of grace
MONTHLY = {"cadence": "monthly", "cadence_day": 25}


def local(day: int, hour: int = 10, month: int = 11) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, hour))


def say(task: Task, cast: Cast, at: datetime, *, period: str = "2026-11", unit: str = "QH-NYJ") -> Feedback:
    row = {"unit": cast.unit(unit), "by": cast["deptclerk"], "done": "完成3200亩", "period": period}
    return Feedback.objects.create(task=task, at=at, **row)


def states() -> dict[int, str]:
    return dict(Turn.objects.values_list("task_id", "state"))


def test_reports_up_to_the_last_day_of_grace_are_on_time(cast: Cast) -> None:
    good, late, missing, before = (make_task(cast, f"第{n}件", **MONTHLY) for n in range(4))  # type: ignore[arg-type]
    say(good, cast, local(26, 23))
    say(late, cast, local(27, 0))
    say(before, cast, local(12, month=10), period="2026-10")
    assert close_turns(now=CLOSED) == 4
    assert states() == {good.pk: "on_time", late.pk: "late", missing.pk: "missing", before.pk: "missing"}
    turn = Turn.objects.get(task=good)
    assert (turn.unit, turn.period, turn.opens_date, turn.closes_date, turn.reported_at) == (
        cast.unit("QH-NYJ"), "2026-11", date(2026, 11, 20), date(2026, 11, 25), local(26, 23),
    )  # fmt: skip
    entry = Entry.objects.get(verb="close_turns")
    assert (entry.actor, entry.data["closed"]) == (None, {"2026-11 2026-11-25": 4})


def test_second_run_of_the_same_day_adds_nothing(cast: Cast) -> None:
    make_task(cast, **MONTHLY)  # type: ignore[arg-type]
    assert (close_turns(now=CLOSED), close_turns(now=CLOSED)) == (1, 0)
    assert Entry.objects.filter(verb="close_turns").count() == 1
    assert close_turns(now=CLOSED + timedelta(days=1)) == 0


def test_sql_judges_each_turn_as_the_rule_does(cast: Cast) -> None:
    """Every mixture of what was said, submitted and paused, before, in and after the window."""
    days = (None, date(2026, 10, 20), date(2026, 11, 1), date(2026, 11, 26), date(2026, 11, 27))
    expected = {}
    for said, submitted, paused in product(days, days, days):
        task = make_task(cast, state="submitted" if submitted else "in_progress", **MONTHLY)  # type: ignore[arg-type]
        Standing.objects.filter(task=task).update(submitted_date=submitted, paused_date=paused)
        if said:
            say(task, cast, local(said.day, month=said.month), period="2026-10" if said.month == 10 else "2026-11")
        heard = said if said and said.month == 11 else None
        facts = TurnFacts(
            date(2026, 11, 26), date(2026, 11, 1), said_date=heard, submitted_date=submitted, paused_date=paused
        )
        expected[task.pk] = judge_turn(facts).value
    close_turns(now=CLOSED)
    assert states() == expected
    assert set(expected.values()) == {"on_time", "late", "missing", "excused"}


def test_nothing_is_asked_of_parents_others_or_what_had_not_begun(cast: Cast) -> None:
    parent = make_task(cast, **MONTHLY)  # type: ignore[arg-type]
    part = make_task(cast, owner="QH-NYJ", lead="QH-T01", parent=parent, **MONTHLY)  # type: ignore[arg-type]
    withdrawn = make_task(cast, "只剩自己", **MONTHLY)  # type: ignore[arg-type]
    make_task(cast, owner="QH-NYJ", lead="QH-T01", parent=withdrawn, state="withdrawn", **MONTHLY)  # type: ignore[arg-type]
    make_task(cast, co=["QH-CZJ"], cadence="quarterly", cadence_day=25)
    make_task(cast, cadence="")
    make_task(cast, start=date(2026, 11, 26), **MONTHLY)  # type: ignore[arg-type]
    make_task(cast, dispatched_at=local(26, 1), **MONTHLY)  # type: ignore[arg-type]
    for state in ("closed", "withdrawn", "suspended", "registered"):
        make_task(cast, state=state, **MONTHLY)  # type: ignore[arg-type]
    close_turns(now=CLOSED)
    assert {(t.task_id, t.unit.code) for t in Turn.objects.select_related("unit")} == {
        (part.pk, "QH-T01"), (withdrawn.pk, "QH-NYJ"),
    }  # fmt: skip


def test_joint_units_have_a_turn_each_and_a_co_unit_has_none(cast: Cast) -> None:
    task = make_task(cast, lead=(), joint=["QH-SLJ", "QH-T01"], co=["QH-CZJ"], **MONTHLY)  # type: ignore[arg-type]
    add_duty(task, cast.unit("QH-SLJ"), "lead", at=None)  # leads and shares: one turn
    say(task, cast, local(20), unit="QH-T01")
    close_turns(now=CLOSED)
    assert dict(Turn.objects.values_list("unit__code", "state")) == {"QH-SLJ": "missing", "QH-T01": "on_time"}
    assert Duty.objects.filter(task=task, unit=cast.unit("QH-SLJ")).count() == 2


def test_reading_and_submission_count_as_said(cast: Cast) -> None:
    measured = make_indicator(cast)
    Task.objects.filter(pk__in=[t.pk for t in measured.parts.values()]).update(**MONTHLY)
    measured.give("QH-T01", 11, "120")
    done = make_task(cast, percent=100, **MONTHLY)  # type: ignore[arg-type]
    submit_task(done, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=local(24), result="验收合格")
    Task.objects.filter(pk=done.pk).update(state="returned")
    Standing.objects.filter(task=done).update(submitted_date=None)
    close_turns(now=CLOSED)
    found = dict(Turn.objects.values_list("unit__code", "state"))
    assert (found["QH-T01"], found["QH-T02"], found["QH-NYJ"]) == ("on_time", "missing", "on_time")


def test_each_government_has_its_own_grace_and_opening(cast: Cast) -> None:
    slow = {m.value: replace(c, grace_days=3, opens_day=15) for m, c in PRESETS["county"].items()}  # type: ignore[attr-defined]
    set_clocks(cast.unit("BS"), slow, preset="county", version=0, by=cast["outsider"], now=cast.now)
    own, other = make_task(cast, **MONTHLY), make_task(cast, owner="BS", lead="BS-CZJ", **MONTHLY)  # type: ignore[arg-type]
    close_turns(now=CLOSED)
    assert list(states()) == [own.pk]
    for n in range(1, 6):
        close_turns(now=CLOSED + timedelta(days=n))
    turn = Turn.objects.get(task=other)  # three working days after Wednesday the 25th: Monday the 30th
    assert (turn.opens_date, turn.closes_date) == (date(2026, 11, 15), date(2026, 11, 25))
    assert Entry.objects.filter(verb="close_turns").latest("seq").at == CLOSED + timedelta(days=4)


def test_report_after_the_close_turns_missing_into_late(cast: Cast) -> None:
    task = make_task(cast, percent=10, **MONTHLY)  # type: ignore[arg-type]
    close_turns(now=CLOSED)
    given = {"by": cast["deptclerk"], "done": "补报：完成3200亩", "today": date(2026, 12, 2), "now": local(2, month=12)}
    report_progress(task, unit=cast.unit("QH-NYJ"), period="2026-12", **given)  # type: ignore[arg-type]
    assert states() == {task.pk: "missing"}
    report_progress(task, unit=cast.unit("QH-NYJ"), period="2026-11", **given)  # type: ignore[arg-type]
    turn = Turn.objects.get(task=task)
    assert (turn.state, turn.reported_at) == ("late", local(2, month=12))


def test_closing_costs_the_same_for_any_number_of_tasks(
    cast: Cast,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for n in range(30):
        make_task(cast, f"第{n}件", **MONTHLY)  # type: ignore[arg-type]
    with django_assert_max_num_queries(12):
        assert close_turns(now=CLOSED) == 30
