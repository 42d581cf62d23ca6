"""An indicator divided among three units through the actions themselves, and readings of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from luoshi.progress.actions.readings import ReadingRow, record_readings
from luoshi.tasks.actions.indicating import allot, set_indicator
from luoshi.tasks.models import Allotment, Indicator, Task
from luoshi.tasks.rules.indicators import Owed
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

TOWNS = ("QH-T01", "QH-T02", "QH-T03")
YEAR = 2026


@dataclass
class Measured:
    """A county task that the agriculture bureau leads, its indicator, and the parts of three townships."""

    cast: Cast
    task: Task
    indicator: Indicator
    parts: dict[str, Task]
    year: int = YEAR

    def of(self, code: str = "") -> Allotment:
        """What a township owes; without a code, the whole."""
        task = self.parts[code] if code else self.task
        return Allotment.objects.select_related("indicator", "task__owner").get(indicator=self.indicator, task=task)

    def month(self, number: int) -> str:
        """A month of the indicator's year as a period."""
        return f"{self.year}-{number:02d}"

    def give(self, code: str, month: int, value: str | tuple[str, str], *, why: str = "", hours: int = 0) -> None:
        """A township's clerk gives or corrects a month's reading; a pair is numerator and denominator."""
        figures = (
            {"value": Decimal(value)}
            if isinstance(value, str)
            else {"numerator": Decimal(value[0]), "denominator": Decimal(value[1])}
        )
        row = ReadingRow(self.of(code), self.month(month), source="台账", why=why, **figures)
        now: datetime = NOW + timedelta(hours=hours)
        record_readings([row], unit=self.cast.unit(code), by=self.cast["townclerk"], now=now, today=TODAY)


def make_indicator(
    cast: Cast, *, name: str = "城镇新增就业", targets: tuple[str, ...] = ("500", "300", "400"), year: int = YEAR,
    **fields: Any,
) -> Measured:  # fmt: skip
    """A monthly indicator of 1,200 persons, 100 more each month, divided among three townships in the same way."""
    span = {"start": date(year, 1, 5), "due": date(year, 12, 31), "cadence": "monthly", "standard": "以参保比对为准"}
    task = make_task(cast, f"{name}任务", **span)
    parts = {code: make_task(cast, f"{name}任务", owner="QH-NYJ", lead=code, parent=task, **span) for code in TOWNS}
    fields.setdefault("measure", "人")
    whole, *shares = (_owed(Decimal(target), year=year) for target in (sum(map(Decimal, targets)), *targets))
    indicator = set_indicator(task, name=name, year=year, by=cast["office"], now=NOW, owed=whole, **fields)
    owed = {part.pk: share for part, share in zip(parts.values(), shares, strict=True)}
    allot(indicator, owed, by=cast["office"], now=NOW)
    return Measured(cast, task, indicator, parts, year)


def _owed(target: Decimal, *, year: int) -> Owed:
    """A target with an even path, which is also what it weighs."""
    path = {f"{year}-{month:02d}": target * month / 12 for month in range(1, 13)}
    return Owed(target=target, weight=target, periods=path)
