"""A task moves with all below it, and what stands above both places is counted again."""

from decimal import Decimal

import pytest

from luoshi.core.models import Entry
from luoshi.progress.actions import recompute_standings, recompute_tallies, record_reading, report_progress
from luoshi.progress.models import Standing, Tally
from luoshi.tasks.actions.indicating import allot, set_indicator
from luoshi.tasks.actions.moving import UnlawfulStep
from luoshi.tasks.actions.placing import ParentEnded, TooDeep, UnderItself, place_task, place_tasks
from luoshi.tasks.models import TASK_STEP, Allotment, Task
from luoshi.tasks.rules.indicators import Owed
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(cast: Cast) -> dict[str, Task]:
    root = make_task(cast, "root")
    made = {"root": root, "left": make_task(cast, "left", parent=root), "right": make_task(cast, "right", parent=root)}
    made["branch"] = make_task(cast, "branch", parent=made["left"])
    made["leaf"] = make_task(cast, "leaf", parent=made["branch"])
    made["other"] = make_task(cast, "other", parent=made["right"])
    recompute_standings()
    return made


def fresh(task: Task) -> Task:
    return Task.objects.select_related("owner").get(pk=task.pk)


def assert_paths() -> None:
    for task in Task.objects.select_related("parent"):
        above = task.parent.path if task.parent else ""
        assert task.path == f"{above}{task.pk:0{TASK_STEP}d}"
    assert recompute_standings(check=True) == []
    assert recompute_tallies(check=True) == []


def test_task_moves_with_all_below_it_and_both_lines_are_counted(cast: Cast, tree: dict[str, Task]) -> None:
    report_progress(
        fresh(tree["leaf"]), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, today=TODAY, period="2026-11",
        done="完成", percent=Decimal(40),
    )  # fmt: skip
    task = fresh(tree["branch"])
    place_task(task, under=fresh(tree["right"]), by=cast["office"], now=NOW)
    assert (task.parent_id, fresh(tree["leaf"]).path) == (tree["right"].pk, f"{task.path}{tree['leaf'].pk:010d}")
    standings = Standing.objects.in_bulk([tree["left"].pk, tree["right"].pk])
    assert (standings[tree["left"].pk].percent, standings[tree["right"].pk].percent) == (None, 40)
    assert_paths()
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.data["before"]["parent"]) == ("place_tasks", tree["left"].pk)


def test_figures_move_with_the_task(cast: Cast, tree: dict[str, Task]) -> None:
    indicator = set_indicator(tree["root"], name="就业", year=2026, by=cast["office"], now=NOW)
    allot(
        indicator, {t.pk: Owed() for name, t in tree.items() if name != "root"}, by=cast["office"], now=NOW
    )  # fmt: skip
    owed = Allotment.objects.select_related("task", "indicator__task").get(task=tree["leaf"])
    record_reading(
        owed, period="2026-10", value=Decimal(5), unit=cast.unit("QH-NYJ"), by=cast["office"], now=NOW, today=TODAY
    )  # fmt: skip
    place_task(fresh(tree["leaf"]), under=fresh(tree["right"]), by=cast["office"], now=NOW)
    values = dict(Tally.objects.filter(period="2026-10").values_list("allotment__task__title", "value"))
    assert values == {"leaf": 5, "right": 5, "root": 5}
    place_task(fresh(tree["leaf"]), under=None, by=cast["office"], now=NOW)
    assert dict(Tally.objects.filter(period="2026-10").values_list("allotment__task__title", "value")) == {"leaf": 5}
    assert_paths()


def test_many_move_in_turn_in_one_entry(cast: Cast, tree: dict[str, Task]) -> None:
    entries = Entry.objects.count()
    pairs = [
        (fresh(tree["other"]), fresh(tree["root"])),
        (fresh(tree["right"]), fresh(tree["other"])),
        (fresh(tree["branch"]), fresh(tree["right"])),
        (fresh(tree["left"]), fresh(tree["root"])),
    ]
    assert place_tasks(pairs, by=cast["office"], now=NOW) == 3
    assert Entry.objects.count() == entries + 1
    assert fresh(tree["leaf"]).path == "".join(
        f"{tree[name].pk:010d}" for name in ("root", "other", "right", "branch", "leaf")
    )
    assert_paths()


def test_what_would_break_the_tree_is_refused(cast: Cast, tree: dict[str, Task]) -> None:
    for under in ("left", "branch", "leaf"):
        with pytest.raises(UnderItself):
            place_task(fresh(tree["left"]), under=fresh(tree[under]), by=cast["office"], now=NOW)
    closed = make_task(cast, state="closed")
    with pytest.raises(ParentEnded):
        place_task(fresh(tree["left"]), under=closed, by=cast["office"], now=NOW)
    with pytest.raises(UnlawfulStep):
        place_task(closed, under=fresh(tree["left"]), by=cast["office"], now=NOW)
    deep = tree["leaf"]
    for _level in range(8):
        deep = make_task(cast, "deep", parent=deep)
    with pytest.raises(TooDeep):
        place_task(fresh(tree["right"]), under=fresh(deep), by=cast["office"], now=NOW)
    recompute_standings()
    assert_paths()
