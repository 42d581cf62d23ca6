"""Reading indicators: giving and correcting figures, and confirming what stands below a level."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.prepared import first, prepared
from luoshi.orgs.models import Person, Unit
from luoshi.progress.actions.standings import GONE, settle
from luoshi.progress.actions.tallies import list_nodes, retally
from luoshi.progress.models import Confirmation, Coverage, Reading, Tally
from luoshi.progress.rules.periods import current_period
from luoshi.tasks.actions import move_task
from luoshi.tasks.actions.indicating import NoSuchPeriod
from luoshi.tasks.actions.moving import UnlawfulStep
from luoshi.tasks.models import STATE_LABELS, TASK_STEP, Allotment, Task
from luoshi.tasks.rules.indicators import LARGEST, OverTime, OverUnits, is_period_of, percent_reached
from luoshi.tasks.rules.states import WORKING, State

READABLE = (*WORKING, State.SUBMITTED, State.UNDER_VERIFICATION, State.COMPLETED, State.CLOSED)
BEGUN = (State.ACKNOWLEDGED, State.PLANNED)  # a reading shows that the work goes on

CHUNK = 900  # ids in one query: builds of SQLite differ in how many parameters they take


class NothingRead(Refusal):
    """No figure, or not the one that the indicator takes."""

    sentence = gettext_lazy("Give the value, 0 when it is zero; of a ratio both parts.")


class FigureTooLarge(Refusal):
    """More digits than every database keeps exactly."""

    sentence = gettext_lazy("The figure is too large. Use a larger unit of measure for this indicator.")


class PeriodNotBegun(Refusal):
    """A period in the future."""

    sentence = gettext_lazy("This period has not begun: nothing can be read of it yet.")


class NoWhy(Refusal):
    """A figure that was given is changed without saying why."""

    sentence = gettext_lazy("There is a figure already. Say why it is corrected: both stay to be seen.")


class PeriodLocked(Refusal):
    """A level above has confirmed the figures."""

    sentence = gettext_lazy("The period is confirmed above and locked. Ask that level to reopen it, with the reason.")


class PartsSpeak(Refusal):
    """The figure is added up from the parts."""

    sentence = gettext_lazy("This figure is added up from its parts. Give or correct it there.")


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One figure of a sheet. `why` is wanted when a figure that was given changes."""

    allotment: Allotment
    period: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    source: str = ""
    note: str = ""
    why: str = ""


def record_reading(
    allotment: Allotment, *, period: str, unit: Unit, by: Person, now: datetime, today: date,
    value: Decimal | None = None, numerator: Decimal | None = None, denominator: Decimal | None = None,
    source: str = "", note: str = "", why: str = "",
) -> Reading | None:  # fmt: skip
    """Give or correct the figure of one period; None when it stands so already. Raises what record_readings raises."""
    row = ReadingRow(allotment, period, value, numerator, denominator, source, note, why)
    made = record_readings([row], unit=unit, by=by, now=now, today=today)
    return made[0] if made else None


def record_readings(
    rows: Sequence[ReadingRow], *, unit: Unit, by: Person, now: datetime, today: date
) -> list[Reading]:  # fmt: skip
    """Give or correct a sheet of figures in one transaction; those that changed. Every level above is right after it.

    Raises NothingRead, FigureTooLarge, NoSuchPeriod, PeriodNotBegun, NoWhy, PeriodLocked, PartsSpeak, UnlawfulStep, and
    EditConflict when somebody gives the same figure at the same moment.
    """
    for row in rows:
        _check_row(row, today=today)
    with transaction.atomic():
        lock_allotments({row.allotment.pk for row in rows})
        old = _list_standing(rows)
        changed = [row for row in rows if _says_other(row, old.get((row.allotment.pk, row.period)))]
        if not changed:
            return []
        replaced = [old[key] for row in changed if (key := (row.allotment.pk, row.period)) in old]
        made = write_readings(changed, replaced=replaced, unit=unit, by=by, now=now)
        _begin(changed, now=now)
        _record(made, replaced, by=by, now=now, unit=unit)
        carry_up(made)
        _settle_tasks([row.allotment for row in changed], now=now, today=today)
    return made


def lock_allotments(ids: Collection[int]) -> None:
    """Hold the allotments until the end, so that nobody removes one of which something is read. Raises EditConflict."""
    found = Allotment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    if len(found.values_list("pk", flat=True)) != len(ids):
        raise EditConflict


def _check_row(row: ReadingRow, *, today: date) -> None:
    indicator = row.allotment.indicator
    if not is_period_of(row.period, cadence=indicator.cadence, year=indicator.year):
        raise NoSuchPeriod
    if row.period > current_period(indicator.cadence, today):
        raise PeriodNotBegun
    is_ratio = indicator.over_units == OverUnits.RATIO
    parts = (row.numerator, row.denominator)
    if (row.value is None) != is_ratio or any((part is None) == is_ratio for part in parts):
        raise NothingRead
    if any(figure is not None and abs(figure) >= LARGEST for figure in (row.value, *parts)):
        raise FigureTooLarge
    task = row.allotment.task
    if task.state not in READABLE:
        words = _("“%(task)s” is %(state)s: no figures are taken for it now.")
        raise UnlawfulStep(words % {"task": task.title, "state": STATE_LABELS[task.state]})


def _list_standing(rows: Iterable[ReadingRow]) -> dict[tuple[int, str], Reading]:
    """The readings that count for these allotments and periods."""
    pairs = [(row.allotment.pk, row.period) for row in rows]
    found: dict[tuple[int, str], Reading] = {}
    for start in range(0, len(pairs), 400):
        chunk = pairs[start : start + 400]
        readings = _list_counting(sorted({pk for pk, _p in chunk}), sorted({p for _pk, p in chunk}))
        found |= {(r.allotment_id, r.period): r for r in readings}
    return found


@prepared
def _list_counting(allotments: list[int], periods: list[str]) -> QuerySet[Reading]:
    return Reading.objects.filter(allotment__in=allotments, period__in=periods, replaced_at__isnull=True)


def _says_other(row: ReadingRow, old: Reading | None) -> bool:
    """Does the row change anything? Raises NoWhy when it changes a figure without saying why."""
    if old is None:
        return True
    names = ("value", "numerator", "denominator", "source", "note")
    changed = [name for name in names if getattr(row, name) != getattr(old, name)]
    if changed and not row.why.strip():
        raise NoWhy
    return bool(changed)


def write_readings(
    rows: Sequence[ReadingRow], *, replaced: Sequence[Reading], unit: Unit, by: Person, now: datetime
) -> list[Reading]:
    """Store figures in place of those that counted, for use inside an action that records it and then carries up."""
    ids = sorted(r.pk for r in replaced)
    gone = sum(
        Reading.objects.filter(pk__in=ids[n : n + 900], replaced_at__isnull=True).update(replaced_at=now)
        for n in range(0, len(ids), 900)
    )
    if gone != len(ids):
        raise EditConflict
    made = [
        Reading(
            allotment=row.allotment, period=row.period, value=row.value, numerator=row.numerator,
            denominator=row.denominator, source=row.source.strip(), note=row.note.strip(), why=row.why.strip(),
            unit=unit, by=by, at=now,
        )
        for row in sorted(rows, key=lambda r: (r.allotment.pk, r.period))
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Reading.objects.bulk_create(made, batch_size=500)
    except IntegrityError as twice:
        raise EditConflict from twice
    return made


def _begin(rows: Sequence[ReadingRow], *, now: datetime) -> None:
    """A task that was only acknowledged or planned is in progress with its first figure."""
    for task in {row.allotment.task_id: row.allotment.task for row in rows}.values():
        if task.state in BEGUN:
            move_task(task, "report", now=now)


def _record(made: Sequence[Reading], replaced: Sequence[Reading], *, by: Person, now: datetime, unit: Unit) -> None:
    """One entry for the sheet: under the task when there is one, else under that of the indicator."""
    first = made[0].allotment
    task = first.task if len({r.allotment_id for r in made}) == 1 else first.indicator.task
    record_entry(
        "record_readings", by=by, now=now, subject=task, unit_path=unit.path or "",
        before={"readings": [_shown(r) for r in replaced]} if replaced else {},
        after={"readings": [_shown(r) for r in made]}, indicator=first.indicator_id, unit=str(unit),
    )  # fmt: skip


def _shown(reading: Reading) -> dict[str, Any]:
    names = ("value", "numerator", "denominator", "source", "why")
    given = {name: getattr(reading, name) for name in names if getattr(reading, name) not in (None, "")}
    return {"allotment": reading.allotment_id, "period": reading.period, **given}


def carry_up(readings: Sequence[Reading]) -> None:
    """Count the allotments of these and every level above again, after the journal's entry.

    Raises PeriodLocked, PartsSpeak: what was confirmed or reported meanwhile is seen only from here on.
    """
    _refuse_locked(readings)
    _refuse_where_parts_speak(readings)
    since: dict[int, str] = {}
    ids: dict[int, set[int]] = defaultdict(set)
    for reading in readings:
        indicator = reading.allotment.indicator_id
        since[indicator] = min(reading.period, since.get(indicator, reading.period))
        ids[indicator].add(reading.allotment_id)
    for indicator, found in ids.items():
        retally(list_nodes(Allotment.objects.filter(indicator=indicator, pk__in=found)), since=since[indicator])


def _refuse_locked(readings: Sequence[Reading]) -> None:
    """A confirmation at the allotment or above it locks its period and those before."""
    lines = {r.allotment_id: list_line(r.allotment.task.path or "") for r in readings}
    above, until = sorted({task for line in lines.values() for task in line}), dict[tuple[int, int], str]()
    for start in range(0, len(above), CHUNK):
        indicators = sorted({r.allotment.indicator_id for r in readings})
        for indicator, task, period in _list_confirmed(above[start : start + CHUNK], indicators):
            until[indicator, task] = max(period, until.get((indicator, task), ""))
    for reading in readings:
        indicator = reading.allotment.indicator_id
        if any(until.get((indicator, task), "") >= reading.period for task in lines[reading.allotment_id]):
            raise PeriodLocked


@prepared
def _list_confirmed(tasks: list[int], indicators: list[int]) -> QuerySet[Confirmation, Any]:
    standing = Confirmation.objects.filter(
        allotment__task__in=tasks, allotment__indicator__in=indicators, reopened_at__isnull=True
    )
    return standing.order_by().values_list("allotment__indicator", "allotment__task", "period")


def _refuse_where_parts_speak(readings: Sequence[Reading]) -> None:
    with_parts = set(_list_with_parts(sorted({r.allotment_id for r in readings})))
    for reading in readings:
        if reading.allotment_id not in with_parts:
            continue
        owed = reading.allotment
        parts = Tally.objects.filter(allotment__indicator=owed.indicator_id, allotment__task__parent=owed.task_id)
        if parts.filter(period=reading.period).exclude(allotment__task__state__in=GONE).exists():
            raise PartsSpeak


@prepared
def _list_with_parts(allotments: list[int]) -> QuerySet[Coverage, Any]:
    return Coverage.objects.filter(allotment__in=allotments).values_list("pk", flat=True)


def list_line(path: str) -> list[int]:
    """The ids of the tasks on a path, from the root."""
    return [int(path[place : place + TASK_STEP]) for place in range(0, len(path), TASK_STEP)]


def _settle_tasks(allotments: Iterable[Allotment], *, now: datetime, today: date) -> None:
    """Where the indicator measures the task itself, its standing follows the value to date."""
    for allotment in {a.pk: a for a in allotments}.values():
        if find_main(allotment.task) == allotment:
            settle(allotment.task, today=today, last_at=now, **standing_of(allotment, today=today))


def standing_of(allotment: Allotment, *, today: date) -> dict[str, Any]:
    """The value to date, and the percent where it can be measured by it."""
    indicator = allotment.indicator
    now = current_period(indicator.cadence, today)
    value = first(_list_to_date(allotment.pk, until=now))
    percent = percent_reached(value, direction=indicator.direction, target=allotment.target)
    fields: dict[str, Any] = {"value": value}
    return fields if percent is None else fields | {"own_percent": percent}


@prepared
def _list_to_date(allotment: int, *, until: str) -> QuerySet[Tally, Any]:
    tallies = Tally.objects.filter(allotment=allotment, period__lte=until).order_by("-period")
    return tallies.values_list("to_date", flat=True)[:1]


def find_main(task: Task) -> Allotment | None:
    """What the task owes of the indicator that measures it: of its own tree, or the nearest one above."""
    return first(_list_main(task.pk))


@prepared
def _list_main(task: int) -> QuerySet[Allotment]:
    owed = Allotment.objects.filter(task=task, indicator__is_main=True).select_related("indicator__task")
    return owed.order_by("-indicator__task__path")[:1]


def read_with_report(
    task: Task, *, value: Decimal, today: date, unit: Unit, by: Person, now: datetime, words: str
) -> list[Reading]:
    """The reading that a report's value to date makes for the main indicator, for use inside the report's action.

    Where periods are added up, the period gets what the value exceeds the other periods by. Nothing is read for a
    ratio, for another year, or where the figure is added up from parts.
    """
    allotment = find_main(task)
    if allotment is None or not _takes_value(allotment, today):
        return []
    lock_allotments([allotment.pk])
    period = current_period(allotment.indicator.cadence, today)
    own = Reading.objects.filter(allotment=allotment, replaced_at__isnull=True)
    if allotment.indicator.over_time == OverTime.SUM:
        value -= own.exclude(period=period).aggregate(others=Sum("value", default=Decimal(0)))["others"]
    if abs(value) >= LARGEST:
        raise FigureTooLarge
    row = ReadingRow(allotment, period, value, why=words.strip()[:200])
    old = own.filter(period=period).first()
    if old is not None and old.value == value:
        return []
    return write_readings([row], replaced=[old] if old else [], unit=unit, by=by, now=now)


def _takes_value(allotment: Allotment, day: date) -> bool:
    indicator = allotment.indicator
    if indicator.over_units == OverUnits.RATIO or indicator.year != day.year:
        return False
    return not Coverage.objects.filter(allotment=allotment).exists()
