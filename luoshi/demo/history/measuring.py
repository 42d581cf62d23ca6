"""Indicators of the county's tasks: defined, divided, read month by month, checked, confirmed and once put right."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils import timezone

from luoshi.demo.history.scene import Scene
from luoshi.demo.history.story import BaseRow, CheckRow, IndicatorRow, MonthlyRow, read
from luoshi.orgs.actions.figures import set_figures
from luoshi.orgs.models import Person, Unit, UnitFigure
from luoshi.orgs.rules.figures import FigureRow
from luoshi.progress.actions.confirming import confirm_period, reopen_period
from luoshi.progress.actions.readings import READABLE, ReadingRow, record_readings
from luoshi.progress.models import Confirmation, Reading
from luoshi.progress.rules.periods import list_periods
from luoshi.progress.rules.spreading import spread_by_curve, spread_evenly
from luoshi.tasks.actions.indicating import set_indicator
from luoshi.tasks.models import Allotment
from luoshi.tasks.rules.division import divide_by_weights
from luoshi.tasks.rules.indicators import Owed

FIRST_DAY, DAYS = 16, 5  # of the month, on which readings come in
SOURCES = {"城镇新增就业": "社保参保比对", "空气优良天数比例": "自动监测站", "规上工业增加值增速": "联网直报平台"}


def expect_indicators(scene: Scene) -> None:
    """Write into the diary when each indicator is defined, read, checked and confirmed."""
    for row in read("indicators", IndicatorRow):
        scene.diary.put(scene.diary.workday(scene.diary.day(row.date)), 16, partial(_define, scene, row))
    for number, monthly in enumerate(read("readings", MonthlyRow)):
        for month in range(1, 13):
            day = scene.diary.workday(scene.diary.day(f"{month:02d}-{FIRST_DAY + number % DAYS}"))
            scene.diary.put(day, 10, partial(_give, scene, monthly, month))
    for check in read("checks", CheckRow):
        day = scene.diary.workday(scene.diary.day(check.date))
        scene.diary.put(day, int(check.hour), partial(_check, scene, check))


def _define(scene: Scene, row: IndicatorRow, now: datetime) -> None:
    """Define an indicator with its path through the year, and the figures that weigh its parts."""
    task = scene.task(row.title)
    if task is None:
        return
    year, target = scene.diary.year, Decimal(row.target)
    figures = [
        FigureRow(scene.unit(base.unit).pk, base.figure, year, Decimal(base.value), source="统计年鉴")
        for base in read("bases", BaseRow)
        if base.figure == row.base
    ]
    if figures and not UnitFigure.objects.filter(name=row.base).exists():
        set_figures(figures, by=scene.person("office"), now=now)
    periods, curve = list_periods("monthly", year), [Decimal(part) for part in row.curve.split()]
    path = (
        spread_by_curve(target, curve=curve, over_time=row.over_time, places=int(row.places))
        if curve
        else spread_evenly(target, count=len(periods), over_time=_runs(row), places=int(row.places))
    )
    set_indicator(
        task, name=row.name, year=year, by=scene.person("office"), now=now, measure=row.measure,
        places=int(row.places), direction=row.direction, over_time=row.over_time, over_units=row.over_units,
        base=row.base, is_main=bool(row.main), owed=Owed(target=target, periods=dict(zip(periods, path, strict=True))),
    )  # fmt: skip


def _runs(row: IndicatorRow) -> str:
    """A ratio stays a level all year, however its two numbers add up."""
    return "mean" if row.over_units == "ratio" else row.over_time


def shares_by(figure: str, codes: list[str], *, total: Decimal) -> list[Decimal]:
    """A target divided by a figure of the units, evenly where one of them lacks it."""
    found = UnitFigure.objects.filter(name=figure, unit__code__in=codes).order_by("year")
    values = dict(found.values_list("unit__code", "value"))
    known = len(values) == len(codes)
    return divide_by_weights(total, weights=[values[code] if known else Decimal(1) for code in codes])


def _give(scene: Scene, row: MonthlyRow, month: int, now: datetime) -> None:
    """A unit gives what it has read up to a month and did not give yet; nothing before it has its part."""
    allotment = _find(scene, row)
    if allotment is None or allotment.task.state not in [state.value for state in READABLE]:
        return
    unit, today = scene.unit(row.unit), timezone.localtime(now).date()
    given = set(Reading.objects.filter(allotment=allotment).values_list("period", flat=True))
    rows = [reading for reading in _rows(scene, allotment, row, month) if reading.period not in given]
    person = scene.clerk(unit.pk)
    if rows and person is not None:
        record_readings(rows, unit=unit, by=person, now=now, today=today)


def _find(scene: Scene, row: MonthlyRow) -> Allotment | None:
    part = scene.parts.get((row.title, row.unit))
    owed = Allotment.objects.select_related("indicator__task", "task__owner").filter(indicator__name=row.name)
    return owed.filter(task=part).first() if part else None


def _rows(scene: Scene, allotment: Allotment, row: MonthlyRow, until: int) -> Iterator[ReadingRow]:
    for month, words in enumerate(row.months.split(" ")[:until], start=1):
        if words == "-":
            continue
        top, slash, bottom = words.partition("/")
        source, period = SOURCES.get(row.name, "事故统计直报系统"), f"{scene.diary.year}-{month:02d}"
        if slash:
            yield ReadingRow(allotment, period, numerator=Decimal(top), denominator=Decimal(bottom), source=source)
        else:
            yield ReadingRow(allotment, period, Decimal(top), source=source)


def _check(scene: Scene, row: CheckRow, now: datetime) -> None:
    """Confirm a month, open one again, or correct a figure in it."""
    today = timezone.localtime(now).date()
    task, period = scene.task(row.title), f"{scene.diary.year}-{row.month}"
    whole = Allotment.objects.select_related("indicator", "task__owner").filter(indicator__name=row.name, task=task)
    allotment = whole.first()
    if task is None or allotment is None or not Reading.objects.filter(allotment__task__parent=task).exists():
        return
    unit, by = scene.unit(row.unit), scene.clerk(scene.unit(row.unit).pk) if not row.by else scene.person(row.by)
    if by is None:
        return
    if row.act == "confirm":
        confirm_period(allotment, period=period, unit=unit, by=by, now=now, today=today)
    elif row.act == "reopen" and _is_confirmed(allotment, period):
        reopen_period(allotment, period=period, unit=unit, why=row.why, by=by, now=now)
    elif row.act == "correct":
        _correct(scene, row, unit, by=by, now=now)


def _is_confirmed(allotment: Allotment, period: str) -> bool:
    return Confirmation.objects.filter(allotment=allotment, period=period, reopened_at__isnull=True).exists()


def _correct(scene: Scene, row: CheckRow, unit: Unit, *, by: Person, now: datetime) -> None:
    """A unit corrects a figure it gave, with the reason."""
    part = Allotment.objects.select_related("indicator__task", "task__owner").get(
        indicator__name=row.name, task=scene.parts[(row.title, row.unit)]
    )
    period, today = f"{scene.diary.year}-{row.month}", timezone.localtime(now).date()
    given = Reading.objects.filter(allotment=part, period=period, replaced_at__isnull=True).first()
    if given is not None:
        corrected = ReadingRow(part, period, Decimal(row.value), source=given.source, why=row.why)
        record_readings([corrected], unit=unit, by=by, now=now, today=today)
