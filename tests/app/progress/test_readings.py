"""Readings are given, corrected, added up to the root and confirmed; missing is never zero."""

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from luoshi.core.models import Entry
from luoshi.progress.actions import (
    ConfirmedAlready,
    FigureTooLarge,
    NoReopenReason,
    NotConfirmed,
    NothingBelow,
    NothingRead,
    NoWhy,
    PartsSpeak,
    PeriodLocked,
    PeriodNotBegun,
    ReadingRow,
    ReopenLaterFirst,
    confirm_period,
    recompute_standings,
    recompute_tallies,
    record_reading,
    record_readings,
    reopen_period,
    report_progress,
)
from luoshi.progress.models import Coverage, Reading, Standing, Tally
from luoshi.tasks.actions import edit_task, withdraw_task
from luoshi.tasks.actions.indicating import (
    HasReadings,
    NoSuchPeriod,
    NotInItsTree,
    allot,
    edit_indicator,
    remove_allotment,
    remove_indicator,
    set_indicator,
)
from luoshi.tasks.actions.moving import UnlawfulStep
from luoshi.tasks.models import Allotment, Indicator, Task
from luoshi.tasks.rules.indicators import OverUnits, Owed
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
D = Decimal
YEAR = 2026


class Tree:
    """A county's task given to two towns, one of which gave it to two villages; all measured by one indicator."""

    def __init__(self, cast: Cast, **how: Any) -> None:
        self.cast = cast
        root = make_task(cast, "county")
        self.tasks = {"county": root, "one": make_task(cast, "one", parent=root)}
        self.tasks["two"] = make_task(cast, "two", parent=root)
        for name in ("a", "b"):
            self.tasks[name] = make_task(cast, name, parent=self.tasks["one"])
        owed = how.pop("owed", {})
        self.indicator = set_indicator(
            root, name="城镇新增就业", measure=how.pop("measure", "人"), year=YEAR, by=cast["office"], now=NOW,
            owed=owed.get("county"), **how,
        )  # fmt: skip
        parts = {task.pk: owed.get(name, Owed()) for name, task in self.tasks.items() if name != "county"}
        allot(self.indicator, parts, by=cast["office"], now=NOW)
        recompute_standings()

    def of(self, name: str) -> Allotment:
        found = Allotment.objects.select_related("task", "indicator__task")
        return found.get(indicator=self.indicator, task=self.tasks[name])

    def read(self, name: str, period: str, value: str | None = None, **more: Any) -> Reading | None:
        given = None if value is None else D(value)
        return record_reading(
            self.of(name), period=period, value=given, unit=self.cast.unit("QH-NYJ"), by=self.cast["deptclerk"],
            now=NOW, today=TODAY, **more,
        )  # fmt: skip

    def tally(self, name: str, period: str) -> Tally:
        return Tally.objects.get(allotment=self.of(name), period=period)

    def confirm(self, name: str, period: str) -> None:
        confirm_period(
            self.of(name), period=period, unit=self.cast.unit("QH"), by=self.cast["office"], now=NOW, today=TODAY
        )

    def reopen(self, name: str, period: str, why: str = "石门乡漏报") -> None:
        reopen_period(self.of(name), period=period, why=why, unit=self.cast.unit("QH"), by=self.cast["office"], now=NOW)


@pytest.fixture
def tree(cast: Cast) -> Tree:
    return Tree(cast)


def assert_right() -> None:
    assert recompute_tallies(check=True) == []
    assert recompute_standings(check=True) == []


def test_reading_is_carried_to_the_root_in_its_period_and_to_date(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    tree.read("b", "2026-10", "0")
    tree.read("two", "2026-10", "5.5")
    september, october = tree.tally("county", "2026-09"), tree.tally("county", "2026-10")
    assert (september.value, september.to_date, september.reported, september.heard) == (10, 10, 1, 1)
    assert (october.value, october.to_date, october.reported, october.heard) == (D("5.5"), D("15.5"), 2, 3)
    assert tree.tally("one", "2026-10").value == 0
    assert Coverage.objects.get(allotment=tree.of("county")).expected == 3
    assert not Tally.objects.filter(period__lt="2026-09").exists()
    assert_right()


def test_missing_period_is_null_and_what_came_before_stays_to_date(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    november = tree.tally("county", "2026-11")
    assert (november.value, november.to_date, november.reported) == (None, 10, 0)
    assert_right()


def test_correction_keeps_what_was_and_needs_a_reason(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    with pytest.raises(NoWhy):
        tree.read("a", "2026-09", "12")
    assert tree.read("a", "2026-09", "10") is None
    tree.read("a", "2026-09", "0", why="误填")
    old, new = Reading.objects.order_by("pk")
    assert (old.value, old.replaced_at, new.value, new.replaced_at) == (10, NOW, 0, None)
    assert tree.tally("county", "2026-11").to_date == 0
    assert Entry.objects.latest("seq").data["before"]["readings"][0]["value"] == "10.0000"
    assert_right()


def test_what_cannot_be_meant_is_refused_by_name(tree: Tree) -> None:
    with pytest.raises(NothingRead):
        tree.read("a", "2026-09")
    with pytest.raises(NothingRead):
        tree.read("a", "2026-09", "1", numerator=D(1), denominator=D(2))
    with pytest.raises(NoSuchPeriod):
        tree.read("a", "2026-Q3", "1")
    with pytest.raises(NoSuchPeriod):
        tree.read("a", "2025-09", "1")
    with pytest.raises(PeriodNotBegun):
        tree.read("a", "2026-12", "1")
    with pytest.raises(FigureTooLarge):
        tree.read("a", "2026-09", "100000000000")
    Task.objects.filter(pk=tree.tasks["a"].pk).update(state="dispatched")
    with pytest.raises(UnlawfulStep):
        tree.read("a", "2026-09", "1")
    assert not Reading.objects.exists()


def test_sheet_is_one_entry_and_all_or_nothing(tree: Tree) -> None:
    entries = Entry.objects.count()
    rows = [ReadingRow(tree.of("a"), "2026-09", D(1)), ReadingRow(tree.of("b"), "2026-10", D(2))]
    record_readings(rows, unit=tree.cast.unit("QH"), by=tree.cast["office"], now=NOW, today=TODAY)
    assert Entry.objects.count() == entries + 1
    assert tree.tally("county", "2026-10").to_date == 3
    assert_right()


def test_own_reading_of_a_whole_stands_until_a_part_has_spoken(tree: Tree) -> None:
    tree.read("one", "2026-09", "7")
    assert tree.tally("county", "2026-09").value == 7
    assert (tree.tally("one", "2026-09").reported, tree.tally("county", "2026-09").heard) == (0, 0)
    tree.read("a", "2026-10", "3")
    assert (tree.tally("one", "2026-09").value, tree.tally("one", "2026-10").to_date) == (7, 3)
    with pytest.raises(PartsSpeak):
        tree.read("one", "2026-11", "9")
    assert_right()


def test_withdrawn_part_no_longer_counts(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    tree.read("two", "2026-09", "5")
    withdraw_task(Task.objects.get(pk=tree.tasks["two"].pk), reason="并入", by=tree.cast["office"], now=NOW)
    assert tree.tally("county", "2026-09").value == 10
    assert Coverage.objects.get(allotment=tree.of("county")).expected == 2
    assert_right()
    withdraw_task(Task.objects.get(pk=tree.tasks["one"].pk), reason="并入", by=tree.cast["office"], now=NOW)
    assert not Tally.objects.filter(allotment=tree.of("county")).exists()
    assert not Coverage.objects.exists()
    assert_right()


def test_changed_target_changes_how_many_reached_it(cast: Cast) -> None:
    tree = Tree(cast, over_units="done", owed={n: Owed(target=D(10)) for n in ("a", "b", "one", "two")})
    tree.read("a", "2026-09", "10")
    tree.read("b", "2026-09", "9")
    assert (tree.tally("one", "2026-09").value, tree.tally("one", "2026-09").reached) == (1, 1)
    allot(tree.indicator, {tree.tasks["b"].pk: Owed(target=D(9))}, by=cast["office"], now=NOW)
    assert tree.tally("one", "2026-09").value == 2
    assert_right()


def test_changed_weight_changes_the_mean_and_another_operator_counts_all_again(cast: Cast) -> None:
    tree = Tree(cast, over_units="mean", base="人口", owed={"a": Owed(weight=D(3))})
    tree.read("a", "2026-09", "10")
    tree.read("b", "2026-09", "20")
    assert tree.tally("county", "2026-09").value == D("12.5")
    allot(tree.indicator, {tree.tasks["a"].pk: Owed(weight=D(0))}, by=cast["office"], now=NOW)
    assert tree.tally("county", "2026-09").value == 20
    edit_indicator(tree.indicator, version=1, by=cast["office"], now=NOW, over_units="max", name="就业")
    assert tree.tally("county", "2026-09").value == 20
    edit_indicator(tree.indicator, version=2, by=cast["office"], now=NOW, over_units="sum", over_time="last")
    assert tree.tally("county", "2026-09").value == 30
    assert_right()


WORKED = Path(__file__).parents[2] / "rules" / "progress" / "worked_over_units.csv"


def plant_worked(cast: Cast, row: dict[str, str]) -> Task:
    """A task with three parts that owe and have read what a row of the table says; the second part says last."""
    root = make_task(cast, row["case"])
    parts = [make_task(cast, name, parent=root) for name in "ABC"]
    indicator = set_indicator(
        root, name=row["case"], measure="%" if row["over_units"] == "ratio" else "人", year=YEAR, base="人口", now=NOW,
        by=cast["office"], direction=row["direction"], over_units=row["over_units"],
    )  # fmt: skip
    floor, _dots, top = row["target_of_each"].partition("..")
    weights = zip(parts, row["weights"].split("|"), strict=True)
    owed = {p.pk: Owed(target=D(floor), ceiling=D(top) if top else None, weight=D(w)) for p, w in weights}
    allot(indicator, owed, by=cast["office"], now=NOW)
    said = zip(parts, row["parts"].split("|"), (1, 3, 2), strict=True)
    for part, text, minute in said:
        figure, slash, other = text.partition("/")
        given = {"numerator": figure, "denominator": other} if slash else {"value": figure}
        if figure != "-":
            record_reading(
                Allotment.objects.select_related("task", "indicator__task").get(task=part), period="2026-10",
                unit=cast.unit("QH"), by=cast["office"], now=NOW + timedelta(minutes=minute), today=TODAY,
                **{name: D(number) for name, number in given.items()},
            )  # fmt: skip
    return root


@pytest.mark.parametrize("operator", list(OverUnits))
def test_database_adds_up_as_was_worked_out_by_hand(cast: Cast, operator: str) -> None:
    with WORKED.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["over_units"] == operator]
    for row in rows:
        root = plant_worked(cast, row)
        tally = Tally.objects.filter(allotment__task=root, period="2026-10").first() or Tally()
        value = D(row["value"]) if row["value"] else None
        assert (tally.value, tally.to_date) == (value, value), row
        expected = Coverage.objects.get(allotment__task=root).expected
        assert row["n_of_m"] == f"{tally.reported} of {expected}"
    recompute_standings()
    assert_right()


def test_ratio_is_the_ratio_of_the_sums(cast: Cast) -> None:
    tree = Tree(cast, over_units="ratio", measure="%")
    tree.read("a", "2026-09", numerator=D(1), denominator=D(3))
    tree.read("b", "2026-09", numerator=D(0), denominator=D(0))
    tree.read("two", "2026-10", numerator=D(1), denominator=D(4))
    assert tree.tally("a", "2026-09").value == D("33.3333")
    assert (tree.tally("b", "2026-09").value, tree.tally("b", "2026-09").reported) == (None, 1)
    assert tree.tally("county", "2026-10").to_date == D("28.5714")
    assert_right()


def test_last_is_the_part_that_read_the_newest_period(cast: Cast) -> None:
    tree = Tree(cast, over_units="last", over_time="last")
    tree.read("two", "2026-10", "8")
    tree.read("a", "2026-11", "3")
    tree.read("two", "2026-10", "9", why="更正")
    assert (tree.tally("county", "2026-10").to_date, tree.tally("county", "2026-11").to_date) == (9, 3)
    assert_right()


def test_confirmation_locks_all_below_until_it_is_reopened_for_a_reason(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    tree.read("two", "2026-09", "1")
    tree.confirm("one", "2026-10")
    tree.confirm("county", "2026-10")
    with pytest.raises(ConfirmedAlready):
        tree.confirm("county", "2026-10")
    with pytest.raises(PeriodLocked):
        tree.read("two", "2026-09", "2", why="更正")
    with pytest.raises(PeriodLocked):
        tree.reopen("one", "2026-10")
    with pytest.raises(NoReopenReason):
        tree.reopen("county", "2026-10", why=" ")
    tree.read("two", "2026-11", "4")
    tree.confirm("county", "2026-11")
    with pytest.raises(ReopenLaterFirst):
        tree.reopen("county", "2026-10")
    tree.reopen("county", "2026-11")
    tree.reopen("county", "2026-10")
    with pytest.raises(NotConfirmed):
        tree.reopen("county", "2026-10")
    tree.read("two", "2026-09", "2", why="更正")
    with pytest.raises(PeriodLocked):
        tree.read("a", "2026-09", "2", why="更正")
    kept = tree.of("county").confirmations.get(period="2026-10")
    assert (kept.to_date, kept.reported, kept.expected, kept.why_reopened) == (11, 0, 3, "石门乡漏报")
    assert Reading.objects.count() == 4
    assert_right()


def test_level_without_anything_below_has_nothing_to_confirm(tree: Tree) -> None:
    for name in ("a", "county"):
        with pytest.raises(NothingBelow):
            tree.confirm(name, "2026-10")
    with pytest.raises(PeriodNotBegun):
        tree.confirm("county", "2026-12")


def test_indicator_goes_only_while_nothing_was_read(tree: Tree) -> None:
    with pytest.raises(NotInItsTree):
        allot(tree.indicator, {make_task(tree.cast).pk: Owed()}, by=tree.cast["office"], now=NOW)
    remove_allotment(tree.of("two"), by=tree.cast["office"], now=NOW)
    assert Coverage.objects.get(allotment=tree.of("county")).expected == 2
    tree.read("a", "2026-09", "1")
    with pytest.raises(HasReadings):
        remove_allotment(tree.of("a"), by=tree.cast["office"], now=NOW)
    with pytest.raises(HasReadings):
        remove_indicator(tree.indicator, by=tree.cast["office"], now=NOW)
    assert_right()
    other = set_indicator(tree.tasks["two"], name="另一个", year=YEAR, is_main=False, by=tree.cast["office"], now=NOW)
    remove_indicator(other, by=tree.cast["office"], now=NOW)
    assert Indicator.objects.count() == 1


def test_reading_of_the_main_indicator_settles_the_standing(cast: Cast) -> None:
    tree = Tree(cast, owed={"a": Owed(target=D(40)), "b": Owed(target=D(40))})
    tree.read("a", "2026-09", "10")
    tree.read("a", "2026-10", "20")
    standing = Standing.objects.get(task=tree.tasks["a"])
    assert (standing.value, standing.percent) == (30, 75)
    assert Standing.objects.get(task=tree.tasks["county"]).percent == 75
    assert_right()


def test_value_of_a_report_is_the_reading_of_the_period_too(cast: Cast) -> None:
    tree = Tree(cast, owed={"a": Owed(target=D(40))})
    tree.read("a", "2026-09", "10")
    task = Task.objects.get(pk=tree.tasks["a"].pk)

    def report(value: str) -> None:
        report_progress(
            task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, today=TODAY, period="2026-11", done="招聘会",
            value=D(value),
        )  # fmt: skip

    report("25")
    report("30")
    assert [r.value for r in Reading.objects.order_by("pk")] == [10, 15, 20]
    assert Reading.objects.get(period="2026-11", replaced_at=None).why == "招聘会"
    standing = Standing.objects.get(task=task)
    assert (standing.value, standing.own_percent, tree.tally("county", "2026-11").to_date) == (30, 75, 30)
    tree.confirm("one", "2026-11")
    with pytest.raises(PeriodLocked):
        report("31")
    assert_right()


def test_recount_finds_and_mends_what_drifted(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    Tally.objects.filter(allotment=tree.of("county"), period="2026-10").update(to_date=1)
    Tally.objects.filter(allotment=tree.of("one"), period="2026-11").delete()
    Tally.objects.filter(allotment=tree.of("a"), period="2026-12").update(period="2026-01")
    Coverage.objects.filter(allotment=tree.of("one")).delete()
    drifts = recompute_tallies(check=True)
    assert {(d.allotment_id, d.period) for d in drifts} >= {
        (tree.of("county").pk, "2026-10"), (tree.of("one").pk, "2026-11"), (tree.of("one").pk, ""),
        (tree.of("a").pk, "2026-01"), (tree.of("a").pk, "2026-12"),
    }  # fmt: skip
    with pytest.raises(CommandError, match="tallies are not what"):
        call_command("progress", "recompute", "--check")
    call_command("progress", "recompute")
    assert_right()


@pytest.mark.parametrize("parts", [2, 40])
def test_reading_in_six_levels_costs_the_same_whatever_the_fan_out(
    cast: Cast, django_assert_num_queries: Any, parts: int
) -> None:
    task = make_task(cast, "0")
    indicator = set_indicator(task, name="就业", year=YEAR, by=cast["office"], now=NOW, owed=Owed(target=D(100)))
    ids = []
    for level in range(1, 6):
        ids += [make_task(cast, f"{level}-{n}", parent=task).pk for n in range(parts)]
        task = Task.objects.get(pk=ids[-1])
    recompute_standings()
    allot(indicator, {pk: Owed(target=D(10)) for pk in ids}, by=cast["office"], now=NOW)
    owed = Allotment.objects.filter(task__title__startswith="5-").select_related("task", "indicator__task")
    rows = [ReadingRow(one, "2026-10", D(1)) for one in owed]
    record_readings(rows, unit=cast.unit("QH"), by=cast["office"], now=NOW, today=TODAY)
    with django_assert_num_queries(48):
        record_reading(
            owed.last(), period="2026-11", value=D(2), unit=cast.unit("QH"), by=cast["office"], now=NOW, today=TODAY
        )
    assert Tally.objects.get(allotment__task__title="0", period="2026-11").to_date == parts + 2
    assert_right()


def test_edited_weight_of_a_task_leaves_its_figures(tree: Tree) -> None:
    tree.read("a", "2026-09", "10")
    task = Task.objects.get(pk=tree.tasks["a"].pk)
    edit_task(task, version=task.version, by=tree.cast["office"], now=NOW, weight=D(9))
    assert_right()
