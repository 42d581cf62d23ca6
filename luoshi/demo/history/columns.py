"""The county office's own columns of the ledger: what shows that a task is done, and what it costs."""

from datetime import datetime
from decimal import Decimal
from functools import partial

from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.ledger.actions.columns import Filling, define_column, set_values
from luoshi.ledger.models import Column
from luoshi.ledger.rules.columns import Value
from luoshi.tasks.models import Task

DAY = "10-20"
FORM = "完成形式"
FORMS = ("竣工验收", "印发文件", "统计数据", "现场核查")
FORM_OF = {"project": 0, "initiative": 1, "hard_target": 2}
COSTS = (860, 1240, 315, 2680, 96, 540)  # in ten thousand yuan, one project after the other


def expect_columns(scene: Scene) -> None:
    """Write into the diary when the office adds its columns and fills them."""
    day = scene.diary.workday(scene.diary.day(DAY))
    scene.diary.put(day, 15, partial(_define_and_fill, scene))


def _define_and_fill(scene: Scene, now: datetime) -> None:
    """Two columns for the county and all below it, filled for what the county itself asks."""
    unit, by = scene.unit(COUNTY), scene.person("office")
    form = define_column(unit, name=FORM, kind="choice", choices=FORMS, by=by, now=now)
    cost = define_column(unit, name="计划投资（万元）", kind="number", by=by, now=now)
    set_values(_cells(unit.pk, form, cost), by=by, now=now)


def _cells(unit: int, form: Column, cost: Column) -> list[Filling]:
    tasks = Task.objects.filter(owner=unit, parent=None).order_by("pk").values_list("pk", "kind")
    found, projects = [], 0
    for pk, kind in tasks:
        found.append(Filling(pk, form, Value(FORMS[FORM_OF.get(kind, 3)])))
        if kind == "project":
            found.append(Filling(pk, cost, Value(number=Decimal(COSTS[projects % len(COSTS)]))))
            projects += 1
    return found
