"""When units merge, split or are set up, dispatched work follows on one person's yes; a rename needs nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.core.queries import find_journal_faults
from luoshi.insight.queries import get_needle
from luoshi.notices.models import Notice
from luoshi.orgs.actions import UnitDraft, close_unit, create_unit, merge_units, rename_unit, split_unit
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Standing
from luoshi.tasks.actions import acknowledge_task
from luoshi.tasks.actions.following import Gift, NothingChosen, Pass, follow_units
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries.following import has_changes, list_changes
from tests.factories.orgs import Cast
from tests.factories.work import make_many, make_task

ON = date(2026, 11, 20)
TOWNS = ("QH-T01", "QH-T02", "QH-T03")


@pytest.fixture
def whole(cast: Cast) -> Task:
    """改造户厕900座 of 各乡镇, 300 for each township."""
    task = make_task(
        cast, "改造户厕900座", target_op=">=", target_value=Decimal(900), target_unit="座", standard="验收合格"
    )
    Duty.objects.create(task=task, unit=None, role="co", written_name="各乡镇", selector="level=township")
    for code in TOWNS:
        make_task(
            cast, "改造户厕300座", owner="QH-NYJ", lead=code, parent=task, target_op=">=", target_unit="座",
            target_value=Decimal(300), weight=Decimal(300), standard="验收合格",
        )  # fmt: skip
    return task


def new_town(cast: Cast, code: str = "QH-T09", name: str = "新湾镇") -> UnitDraft:
    return UnitDraft(
        code=code, name=f"青禾县{name}人民政府", short_name=name, level="township", parent=cast.unit("QH"),
        valid_from=ON,
    )  # fmt: skip


def merge(cast: Cast, *codes: str, into: str) -> None:
    units = [cast.unit(code) for code in codes]
    merge_units(units, into=cast.unit(into), on=ON, by=cast["office"], now=cast.now)
    for unit in units:
        unit.refresh_from_db()


def changes(cast: Cast, who: str = "office"):  # type: ignore[no-untyped-def]
    return list_changes(cast.access(who), today=cast.today)


def part_of(code: str) -> Task:
    return Task.objects.get(duties__unit__code=code, duties__role="lead", parent__isnull=False)


def follow_all(cast: Cast, **given: object) -> int:
    found = changes(cast)
    passes = [Pass(line.duty, line.heirs[0]) for line in found.passings if line.heirs]
    gifts = [Gift(line.parent, line.unit, line.giver, beside=line.beside, **given) for line in found.missing]
    return follow_units(passes, gifts=gifts, by=cast["office"], now=cast.now, reason="县政府撤乡并镇批复")


def test_nothing_waits_while_no_unit_changed_and_a_rename_changes_none(cast: Cast, whole: Task) -> None:
    assert changes(cast).count == 0
    rename_unit(
        cast.unit("QH-T01"), name="青禾县柳河街道办事处", short_name="柳河街道", aliases=[], on=ON,
        by=cast["office"], now=cast.now,
    )  # fmt: skip
    assert changes(cast).count == 0
    assert not has_changes(cast.access("office"), today=cast.today)


def test_duty_of_a_merged_unit_passes_to_its_successor(cast: Cast, whole: Task) -> None:
    merge(cast, "QH-T02", into="QH-T01")
    (line,) = changes(cast).passings
    assert [unit.code for unit in line.heirs] == ["QH-T01"]
    assert follow_all(cast) == 1
    duty = Duty.objects.get(pk=line.duty.pk)
    assert duty.unit == cast.unit("QH-T01")
    assert (duty.written_name, duty.acknowledged_at) == ("石门乡", None)
    entry = Entry.objects.get(verb="follow_units")
    assert entry.data["passed"] == [[duty.pk, duty.task_id, cast.unit("QH-T02").pk, cast.unit("QH-T01").pk, "lead"]]
    assert entry.data["reason"] == "县政府撤乡并镇批复"
    assert Notice.objects.filter(person=cast["townclerk"], text__contains="改造户厕300座").exists()
    assert changes(cast).count == 0
    assert find_journal_faults() == []


def test_unit_that_leads_and_took_over_a_helper_leads_once(cast: Cast) -> None:
    task = make_task(cast, lead="QH-NYJ", co=["QH-T01", "QH-T02"])
    other = make_task(cast, "反过来", lead="QH-T02", co=["QH-T01"])
    merge(cast, "QH-T02", into="QH-T01")
    assert follow_all(cast) == 2
    roles = {t.title: sorted(t.duties.values_list("unit__code", "role")) for t in (task, other)}
    assert roles[task.title] == [("QH-NYJ", "lead"), ("QH-T01", "co")]
    assert roles["反过来"] == [("QH-T01", "lead")]


def test_unit_split_off_lacks_a_part_until_a_person_says_what_it_owes(cast: Cast, whole: Task) -> None:
    made = split_unit(cast.unit("QH-T01"), into=[new_town(cast)], keep=True, on=ON, by=cast["office"], now=cast.now)
    found = changes(cast)
    assert not found.passings
    assert [(line.parent, line.unit, line.giver.code) for line in found.missing] == [(whole, made[0], "QH-NYJ")]
    assert found.missing[0].beside == part_of("QH-T01")
    follow_all(cast, target_value=Decimal(120), left=Decimal(180))
    assert (part_of("QH-T09").target_value, part_of("QH-T01").target_value) == (120, 180)
    assert part_of("QH-T01").weight == 180
    assert Standing.objects.get(task=whole).expected == 4
    assert recompute_standings(check=True) == []
    assert changes(cast).count == 0


def test_progress_of_the_part_that_was_divided_is_counted_anew(cast: Cast, whole: Task) -> None:
    part = part_of("QH-T01")
    Standing.objects.filter(task=part).update(value=Decimal(90), own_percent=30, percent=30, reported=1)
    recompute_standings()
    split_unit(cast.unit("QH-T01"), into=[new_town(cast)], keep=True, on=ON, by=cast["office"], now=cast.now)
    follow_all(cast, target_value=Decimal(120), left=Decimal(180))
    assert Standing.objects.get(task=part).percent == 50
    assert recompute_standings(check=True) == []


def test_split_without_remainder_passes_to_one_and_gives_to_the_other(cast: Cast, whole: Task) -> None:
    drafts = [new_town(cast), new_town(cast, "QH-T10", "北湾镇")]
    split_unit(cast.unit("QH-T01"), into=drafts, keep=False, on=ON, by=cast["office"], now=cast.now)
    found = changes(cast)
    assert [[u.code for u in line.heirs] for line in found.passings] == [["QH-T09", "QH-T10"]]
    assert [line.unit.code for line in found.missing] == ["QH-T10"]
    follow_all(cast)
    assert {part_of(code).parent for code in ("QH-T09", "QH-T10")} == {whole}
    assert changes(cast).count == 0


def test_new_unit_of_the_group_that_a_task_names_is_offered_a_part(cast: Cast, whole: Task) -> None:
    create_unit(new_town(cast), by=cast["office"], now=cast.now)
    found = changes(cast)
    assert [(line.unit.code, line.beside) for line in found.missing] == [("QH-T09", None)]
    assert has_changes(cast.access("office"), today=cast.today)


def test_unit_set_up_before_the_dispatch_is_not_offered_one(cast: Cast, whole: Task) -> None:
    create_unit(new_town(cast), by=cast["office"], now=cast.now)
    later = {"dispatched_at": cast.now - timedelta(days=1)}
    Task.objects.filter(pk=whole.pk).update(**later)
    assert changes(cast).count == 0


def test_closed_unit_without_a_successor_is_listed_too(cast: Cast, whole: Task) -> None:
    close_unit(cast.unit("QH-T03"), last_day=ON, by=cast["office"], now=cast.now)
    (line,) = changes(cast).passings
    assert line.heirs == ()
    follow_units([Pass(line.duty, cast.unit("QH-T02"))], by=cast["office"], now=cast.now)
    assert Duty.objects.get(pk=line.duty.pk).unit == cast.unit("QH-T02")


def test_successor_takes_note_of_what_passed_to_it(cast: Cast, whole: Task) -> None:
    merge(cast, "QH-T02", into="QH-T01")
    task = changes(cast).passings[0].task
    follow_all(cast)
    task.refresh_from_db()
    acknowledge_task(task, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)


def test_ended_tasks_and_empty_choices_are_left_alone(cast: Cast, whole: Task) -> None:
    merge(cast, "QH-T02", into="QH-T01")
    found = changes(cast)
    with pytest.raises(NothingChosen):
        follow_units([], by=cast["office"], now=cast.now)
    Task.objects.update(state="closed")
    assert changes(cast).count == 0
    assert found.count == 1


def test_only_those_who_decide_for_the_askers_see_the_lines(cast: Cast, whole: Task) -> None:
    merge(cast, "QH-T02", into="QH-T01")
    seen = {
        who: changes(cast, who).count for who in ("office", "leader", "depthead", "deptclerk", "townhead", "outsider")
    }
    assert seen == {"office": 1, "leader": 1, "depthead": 1, "deptclerk": 0, "townhead": 0, "outsider": 0}


def test_needle_of_the_office_says_that_units_changed(cast: Cast, whole: Task) -> None:
    merge(cast, "QH-T02", into="QH-T01")
    needs = [row.item.need.value for row in get_needle(cast.access("office"), today=cast.today, policy=Policy())]
    assert "follow_units" in needs
    follow_all(cast)
    needs = [row.item.need.value for row in get_needle(cast.access("office"), today=cast.today, policy=Policy())]
    assert "follow_units" not in needs


def test_many_tasks_cost_no_more_queries(
    cast: Cast,
    whole: Task,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    make_many(cast, 2000, parents=50)
    merge(cast, "QH-T02", into="QH-T01")
    create_unit(new_town(cast), by=cast["office"], now=cast.now)
    with django_assert_max_num_queries(12):
        found = changes(cast)
    assert found.passings
    assert found.missing
    passes = [Pass(line.duty, line.heirs[0]) for line in found.passings]
    assert len(passes) > 200
    with django_assert_max_num_queries(45):
        follow_units(passes, by=cast["office"], now=cast.now)
    with django_assert_max_num_queries(12):
        changes(cast)


def test_page_does_the_ticked_lines(cast: Cast, whole: Task, signed_in) -> None:  # type: ignore[no-untyped-def]
    merge(cast, "QH-T02", into="QH-T01")
    split_unit(cast.unit("QH-T01"), into=[new_town(cast)], keep=True, on=ON, by=cast["office"], now=cast.now)
    found, client = changes(cast), signed_in("office")
    (passing,), (missing,) = found.passings, found.missing
    page = client.get("/tasks/unit-changes/").content.decode()
    assert "石门乡" in page
    assert "新湾镇" in page
    assert client.post("/tasks/unit-changes/", {}).status_code == 422
    bad = {"line": missing.key, f"target-{missing.key}": "一百"}
    assert client.post("/tasks/unit-changes/", bad).status_code == 422
    given = {
        "line": [passing.key, missing.key], f"to-{passing.key}": passing.heirs[0].pk, f"target-{missing.key}": "100",
        f"left-{missing.key}": "200", "reason": "区划调整",
    }  # fmt: skip
    assert client.post("/tasks/unit-changes/", given).status_code == 302
    assert part_of("QH-T09").target_value == 100
    assert changes(cast).count == 0
