"""Random histories of a small ledger: every deed is an action as people call it; refused ones are part of life."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from luoshi.core.errors import Refusal
from luoshi.progress.actions import (
    ReadingRow,
    confirm_period,
    recompute_standings,
    recompute_tallies,
    record_reading,
    record_readings,
    reopen_period,
    report_progress,
)
from luoshi.supervision.actions import reopen_task, submit_task, verify_submission
from luoshi.tasks.actions import acknowledge_task, cascade_task, edit_task, withdraw_task
from luoshi.tasks.actions.indicating import allot, edit_indicator, remove_allotment, set_indicator
from luoshi.tasks.actions.placing import place_task
from luoshi.tasks.models import Allotment, Duty, Indicator, Task
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.indicators import Direction, OverTime, OverUnits, Owed
from tests.factories.orgs import Cast
from tests.factories.work import make_task

PERIODS = ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11")
SHAPE = {"left": "root", "right": "root", "a": "left", "b": "left", "c": "right", "d": "a"}  # part → whole


def make_tree(cast: Cast, operator: str, *, is_main: bool) -> Indicator:
    """A root with two branches and four tasks below, all measured by one indicator."""
    made = {"root": make_task(cast, f"{operator} root")}
    for name, whole in SHAPE.items():
        made[name] = make_task(cast, f"{operator} {name}", parent=made[whole])
    owed = Owed(target=Decimal(12), ceiling=Decimal(40), weight=Decimal(2))
    indicator = set_indicator(
        made["root"], name=operator, measure="%", year=2026, over_units=operator, base="人口", is_main=is_main,
        direction=Direction.BAND.value, owed=owed, by=cast["office"], now=cast.now,
    )  # fmt: skip
    ids = [task.pk for name, task in made.items() if name != "root"]
    allot(indicator, dict.fromkeys(ids, owed), by=cast["office"], now=cast.now)
    recompute_standings()
    leaves = Allotment.objects.filter(indicator=indicator, coverage=None).select_related("task", "indicator__task")
    rows = [
        ReadingRow(leaf, period, **_parts(operator, Decimal(place * 7), Decimal(60 + number)))
        for number, leaf in enumerate(leaves.order_by("pk"))
        for place, period in enumerate(PERIODS[number : number + 3])
    ]
    record_readings(rows, unit=cast.unit("QH"), by=cast["office"], now=cast.now, today=cast.today)
    return indicator


def _parts(operator: str, figure: Decimal, other: Decimal) -> dict[str, Decimal]:
    """One figure as the indicator takes it."""
    return {"numerator": figure, "denominator": other} if operator == OverUnits.RATIO else {"value": figure}


class History:
    """Deeds drawn one after another for the tree of one indicator."""

    def __init__(self, cast: Cast, indicator: Indicator, random: Random) -> None:
        self.cast, self.indicator, self.random = cast, indicator, random
        self.by, self.unit = cast["office"], cast.unit("QH")
        self.now = cast.now
        self.done: list[str] = []
        self.deeds: dict[Callable[[], Any], int] = {
            self.read: 9, self.report: 5, self.place: 4, self.withdraw: 2, self.cascade: 2, self.acknowledge: 3,
            self.weigh: 2, self.owe: 3, self.redefine: 2, self.confirm: 2, self.reopen_period: 1, self.complete: 2,
            self.reopen: 1, self.disown: 1,
        }  # fmt: skip

    def run(self, steps: int) -> None:
        """So many deeds; what is refused changes nothing."""
        chosen = self.random.choices(list(self.deeds), weights=list(self.deeds.values()), k=steps)
        for deed in chosen:
            self.now += timedelta(minutes=self.random.choice([0, 1, 5]))
            try:
                with transaction.atomic():
                    deed()
                    self.done.append(deed.__name__)
            except Refusal as refusal:
                self.done.append(f"{deed.__name__} refused: {type(refusal).__name__}")

    def task(self) -> Task:
        ids = Task.objects.filter(title__startswith=self.indicator.name).order_by("pk").values_list("pk", flat=True)
        return Task.objects.select_related("owner").get(pk=self.random.choice(list(ids)))

    def owed(self) -> Allotment:
        rows = Allotment.objects.filter(indicator=self.indicator.pk).order_by("pk")
        return self.random.choice(list(rows.select_related("task__owner", "indicator__task__owner")))

    def figure(self) -> Decimal:
        return Decimal(
            self.random.choice([0, 0, 1, 7, 12, 40, -3, self.random.randint(-500, 9000)])
        ) / self.random.choice([1, 1, 10, 10000])

    def read(self) -> None:
        owed = self.owed()
        given = _parts(owed.indicator.over_units, self.figure(), self.figure())
        record_reading(
            owed, period=self.random.choice(PERIODS), unit=self.unit, by=self.by, now=self.now, today=self.cast.today,
            why="更正", **given,
        )  # fmt: skip

    def report(self) -> None:
        number = Decimal(self.random.randint(0, 10000)) / 100
        given = {"percent": number} if self.random.random() < 0.6 else {"value": number}
        report_progress(
            self.task(), unit=self.cast.unit("QH-NYJ"), by=self.cast["deptclerk"], now=self.now, period="2026-11",
            today=self.cast.today, done="推进", **given,
        )  # fmt: skip

    def place(self) -> None:
        under = None if self.random.random() < 0.1 else self.task()
        place_task(self.task(), under=under, by=self.by, now=self.now)

    def withdraw(self) -> None:
        task = self.task()
        if task.parent_id is None and self.random.random() < 0.8:  # or there is soon nothing left
            task = self.task()
        withdraw_task(task, reason="并入", by=self.by, now=self.now)

    def cascade(self) -> None:
        shares = [
            Share(self.cast.unit(code).pk, weight=Decimal(self.random.randint(0, 3)), standard="通过验收")
            for code in self.random.sample(["QH-T01", "QH-T02", "QH-T03"], k=2)
        ]
        cascade_task(self.task(), shares=shares, owner=self.unit, by=self.by, now=self.now, reason="分解")

    def acknowledge(self) -> None:
        duty = Duty.objects.filter(acknowledged_at=None, task__state="dispatched").order_by("pk").first()
        if duty is not None and duty.unit is not None:
            task = Task.objects.select_related("owner").get(pk=duty.task_id)
            acknowledge_task(task, unit=duty.unit, by=self.cast["townclerk"], now=self.now)

    def weigh(self) -> None:
        task = self.task()
        weight = Decimal(self.random.randint(0, 4000)) / 1000
        edit_task(task, version=task.version, by=self.by, now=self.now, weight=weight)

    def owe(self) -> None:
        target = Decimal(self.random.randint(0, 30))
        owed = Owed(target=target, ceiling=target + 8, weight=Decimal(self.random.randint(0, 7)) / 2)
        allot(self.indicator, {self.task().pk: owed}, by=self.by, now=self.now)

    def disown(self) -> None:
        remove_allotment(self.owed(), by=self.by, now=self.now)

    def redefine(self) -> None:
        fields = {
            "direction": self.random.choice(list(Direction)).value,
            "over_time": self.random.choice(list(OverTime)).value,
            "measure": self.random.choice(["%", "", "‰"]),
        }
        indicator = Indicator.objects.select_related("task__owner").get(pk=self.indicator.pk)
        edit_indicator(indicator, version=indicator.version, by=self.by, now=self.now, **fields)

    def confirm(self) -> None:
        confirm_period(
            self.owed(), period=self.random.choice(PERIODS), unit=self.unit, by=self.by, now=self.now,
            today=self.cast.today,
        )  # fmt: skip

    def reopen_period(self) -> None:
        reopen_period(
            self.owed(), period=self.random.choice(PERIODS), why="漏报", unit=self.unit, by=self.by, now=self.now
        )

    def complete(self) -> None:
        task = self.task()
        submission = submit_task(
            task, unit=self.cast.unit("QH-NYJ"), by=self.cast["deptclerk"], now=self.now, result="已完成"
        )  # fmt: skip
        verify_submission(
            submission, verifier=self.by, verifier_unit=self.unit, as_office=True, method="papers",
            result=self.random.choice(["passed", "returned"]), opinion="核实", now=self.now,
        )  # fmt: skip

    def reopen(self) -> None:
        reopen_task(self.task(), reason="反弹", by=self.by, now=self.now)


def find_all_drifts() -> list[Any]:
    """Whatever is kept and is not what the readings and reports come to."""
    return [*recompute_tallies(check=True), *recompute_standings(check=True)]
