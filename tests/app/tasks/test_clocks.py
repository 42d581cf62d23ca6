"""Clocks of governments: the nearest set holds, SQL says late where the rule does, and editors do not overwrite."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from luoshi.core.errors import EditConflict
from luoshi.core.models import CalendarDay, Entry
from luoshi.core.queries import get_calendar
from luoshi.progress.models import Standing
from luoshi.tasks.actions.clocks import FaultyClocks, NothingToTake, set_clocks, set_nodes, take_clock, take_clocks
from luoshi.tasks.models import Clock, ClockSet, Task
from luoshi.tasks.queries.clocks import (
    acknowledge_date,
    first_report_date,
    get_clock,
    get_clocks,
    get_preset,
    get_step_date,
    list_clocks,
    list_effects,
    list_nodes,
    ran_out,
    unacknowledged,
    unreported,
)
from luoshi.tasks.rules.clocks import PRESETS, ClockFacts, Kind
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.nodes import NodeFacts, preset_nodes
from tests.factories.orgs import Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
OWN = {matter.value: replace(clock, acknowledge_days=1) for matter, clock in PRESETS["county"].items()}  # type: ignore[attr-defined]


def keep(cast: Cast, code: str, clocks: dict[str, ClockFacts], **given: Any) -> ClockSet:
    fields = {"preset": "county", "version": 0, "by": cast["office"], "now": cast.now, **given}
    return set_clocks(cast.unit(code), clocks, **fields)


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def test_nearest_set_up_the_owners_path_holds(cast: Cast) -> None:
    keep(cast, "YZ", {m: ClockFacts(acknowledge_days=9) for m in OWN})
    keep(cast, "QH", {Matter.REMARK.value: ClockFacts(acknowledge_days=4)})
    county, other = make_task(cast, matter="remark"), make_task(cast, owner="BS", lead="BS-CZJ", matter="remark")
    department = make_task(cast, owner="QH-NYJ", lead="QH-T01", matter="remark")
    assert [get_clock(task).acknowledge_days for task in (county, department, other)] == [4, 4, 9]
    assert get_clock(make_task(cast, matter="document")).acknowledge_days == 9
    assert {t: c.acknowledge_days for t, c in list_clocks([county, other]).items()} == {county.pk: 4, other.pk: 9}


def test_without_a_set_the_preset_of_the_installation_holds(cast: Cast, settings: Any) -> None:
    task = make_task(cast, matter="remark")
    assert get_clock(task) == PRESETS["county"][Matter.REMARK]
    settings.LUOSHI = {**settings.LUOSHI, "PRESET": "enterprise", "ACKNOWLEDGE_DAYS": 6}
    assert get_clock(task) == replace(PRESETS["enterprise"][Matter.REMARK], acknowledge_days=6)
    keep(cast, "QH", OWN)
    assert get_clock(task).acknowledge_days == 1


def test_dates_of_a_task_count_working_days_by_the_calendar(cast: Cast) -> None:
    CalendarDay.objects.update_or_create(day=date(2026, 11, 18), defaults={"is_workday": False, "name": "停工"})
    task = make_task(cast, matter="document", dispatched_at=at(date(2026, 11, 16)))
    assert acknowledge_date(task) == date(2026, 11, 19)
    assert first_report_date(task) == date(2026, 12, 1)
    assert acknowledge_date(make_task(cast, state="registered", dispatched_at=None)) is None


def test_sql_says_late_exactly_where_the_rule_does(cast: Cast) -> None:
    """Every day of two months around a holiday, three sets of clocks, each matter: cutoffs against dates."""
    keep(cast, "QH", OWN)
    keep(cast, "BS", {m.value: replace(c, in_workdays=False, first_days=None) for m, c in PRESETS["13710"].items()})  # type: ignore[attr-defined]
    first, tasks = date(2026, 9, 20), []
    for n in range(0, 45, 2):
        for owner, lead in (("QH", "QH-NYJ"), ("BS", "BS-CZJ"), ("YZ", "QH")):
            matter = list(Matter)[n % len(Matter)].value
            day = at(first + timedelta(days=n), hour=(0, 9, 23)[n % 3])
            tasks.append(make_task(cast, owner=owner, lead=lead, matter=matter, dispatched_at=day))
    for today in (date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 10), date(2026, 10, 26), date(2026, 11, 9)):
        for kind in (Kind.ACKNOWLEDGE, Kind.FIRST):
            found = set(Task.objects.filter(ran_out(kind, today=today)).values_list("pk", flat=True))
            days = {task.pk: get_step_date(task, kind) for task in tasks}
            assert found == {pk for pk, day in days.items() if day and day < today}, (today, kind)
            assert found


def test_receipt_is_late_only_while_it_is_owed(cast: Cast) -> None:
    old = at(date(2026, 11, 2))
    late = make_task(cast, state="dispatched", acknowledged=False, dispatched_at=old)
    make_task(cast, state="dispatched", acknowledged=False, dispatched_at=at(date(2026, 11, 20)))
    make_task(cast, state="acknowledged", dispatched_at=old)
    make_task(cast, state="withdrawn", acknowledged=False, dispatched_at=old)
    paused = make_task(cast, state="dispatched", acknowledged=False, dispatched_at=old)
    Standing.objects.filter(task=paused).update(paused_date=date(2026, 11, 3))
    for few in (False, True):  # from the duties of all, or task by task
        assert list(Task.objects.filter(unacknowledged(today=cast.today, few=few))) == [late]


def test_first_report_is_late_only_where_nothing_was_said(cast: Cast) -> None:
    old = at(date(2026, 10, 12))
    late = make_task(cast, dispatched_at=old)
    make_task(cast, dispatched_at=old, percent=0)
    make_task(cast, dispatched_at=at(date(2026, 11, 16)))
    make_task(cast, dispatched_at=old, state="submitted")
    parent = make_task(cast, dispatched_at=old)
    make_task(cast, owner="QH-NYJ", lead="QH-T01", parent=parent, dispatched_at=at(date(2026, 11, 20)))
    assert list(Task.objects.filter(unreported(today=cast.today))) == [late]


def test_setting_clocks_is_one_entry_that_says_before_and_after(cast: Cast) -> None:
    keep(cast, "QH", OWN)
    entry = Entry.objects.get(verb="set_clocks")
    assert (entry.unit_path, entry.data["preset"]) == (cast.unit("QH").path, "county")
    assert entry.data["after"]["remark"]["acknowledge_days"] == 1
    keep(cast, "QH", {}, version=1)
    assert not Clock.objects.exists()
    assert get_clock(make_task(cast)) == PRESETS["county"][Matter.DOCUMENT]


def test_second_editor_does_not_overwrite_the_first(cast: Cast) -> None:
    keep(cast, "QH", OWN)
    keep(cast, "QH", OWN, version=1)
    for version in (0, 1):
        with pytest.raises(EditConflict):
            keep(cast, "QH", {}, version=version)
    with pytest.raises(EditConflict):
        keep(cast, "BS", OWN, version=3)
    assert Clock.objects.filter(set__unit=cast.unit("QH")).count() == len(Matter)


def test_faulty_clocks_are_refused_and_nothing_is_kept(cast: Cast) -> None:
    with pytest.raises(FaultyClocks) as refused:
        keep(cast, "QH", {**OWN, "remark": ClockFacts(opens_day=20, closes_day=5)})
    assert refused.value.matter == "remark"
    assert not ClockSet.objects.exists()


def test_preview_counts_what_would_become_late_and_what_not(cast: Cast) -> None:
    for day in (17, 18, 19):
        make_task(cast, state="dispatched", acknowledged=False, dispatched_at=at(date(2026, 11, day)))
    make_task(
        cast, owner="BS", lead="BS-CZJ", state="dispatched", acknowledged=False, dispatched_at=at(date(2026, 11, 19))
    )
    effects = {e.kind: (e.more, e.fewer) for e in list_effects(cast.unit("QH"), OWN, today=cast.today)}
    assert effects == {"acknowledge": (1, 0), "first": (0, 0)}
    slow = {m: replace(c, acknowledge_days=20) for m, c in OWN.items()}
    assert list_effects(cast.unit("QH"), slow, today=cast.today)[0].fewer == 2
    assert not ClockSet.objects.exists()


def test_nodes_of_the_nearest_unit_hold_else_the_template(cast: Cast) -> None:
    path = cast.unit("QH").path or ""
    assert list_nodes(path, "project") == preset_nodes("project")
    own = [NodeFacts("立项", "opened"), NodeFacts("开工", "milestone")]
    kept = set_nodes(cast.unit("QH"), "project", own, version=0, by=cast["office"], now=cast.now)
    assert list_nodes(cast.unit("QH-NYJ").path or "", "project") == tuple(own)
    assert list_nodes(cast.unit("BS").path or "", "project") == preset_nodes("project")
    assert list_nodes(path, "remark") == preset_nodes("remark")
    set_nodes(cast.unit("QH"), "project", [], version=kept.version, by=cast["office"], now=cast.now)
    assert list_nodes(path, "project") == preset_nodes("project")
    assert get_clocks([path]).of(path, "remark") == get_preset()["remark"]


def test_offer_is_taken_over_only_where_the_task_says_nothing(cast: Cast) -> None:
    fields = {"state": "registered", "due": None, "review_date": None, "start": None, "dispatched_at": None}
    task = make_task(cast, matter="remark", tier=2, **fields)  # type: ignore[arg-type]
    take_clock(task, version=1, by=cast["office"], now=cast.now, today=cast.today)
    task.refresh_from_db()
    assert (task.due_date, task.cadence, task.cadence_day) == (date(2026, 12, 14), "monthly", 25)
    with pytest.raises(NothingToTake):
        take_clock(task, version=2, by=cast["office"], now=cast.now, today=cast.today)
    hard = make_task(cast, matter="remark", cadence="weekly", **fields)  # type: ignore[arg-type]
    take_clock(hard, version=1, by=cast["office"], now=cast.now, today=cast.today, is_hard=True)
    hard.refresh_from_db()
    month = get_calendar(cast.today, date(2027, 2, 28)).add_workdays(cast.today, 30)
    assert (hard.due_date, hard.cadence) == (month, "weekly")


def test_offers_for_several_tasks_are_one_act_in_each_history(cast: Cast) -> None:
    fields = {"state": "registered", "due": None, "review_date": None, "start": None, "dispatched_at": None}
    tasks = [make_task(cast, f"第{n}件", matter=m, **fields) for n, m in enumerate(("remark", "meeting", "meeting"))]  # type: ignore[arg-type]
    dated = make_task(cast, state="registered", cadence="monthly", dispatched_at=None)
    assert take_clocks([*tasks, dated], by=cast["office"], now=cast.now, today=cast.today) == 3
    days = Task.objects.filter(pk__in=[t.pk for t in tasks]).order_by("pk").values_list("due_date", "version")
    assert list(days) == [(date(2026, 12, 14), 2), (date(2026, 12, 21), 2), (date(2026, 12, 21), 2)]
    assert Entry.objects.filter(verb="take_clocks").count() == 1
    with pytest.raises(EditConflict):
        take_clocks(tasks, by=cast["office"], now=cast.now, today=cast.today)  # as they were read before
