"""Indicators of tasks: what is measured, what each task of the tree owes of it, and its path through the year."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import hold_journal, record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.inflating import let_pass
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Allotment, Indicator, PeriodTarget, Task
from luoshi.tasks.queries.growing import OWED as OWED_OF_MAIN
from luoshi.tasks.rules.indicators import Direction, OverTime, OverUnits, Owed, is_period_of
from luoshi.tasks.rules.states import Cadence

FIXED = ("cadence", "year", "task", "task_id")
OWED = ("target", "ceiling", "baseline", "weight")


class MeasuredAlready(Refusal):
    """The task has an indicator of this name and year, or another one measures the task itself."""

    sentence = _("This task has an indicator of this name already, or another one measures the task itself.")


class HasReadings(Refusal):
    """What was read is kept."""

    sentence = _("There are readings of it already, and these are kept. Change it instead of removing it.")


class CadenceIsFixed(Refusal):
    """The periods of an indicator belong to its readings and targets."""

    sentence = _("The year and how often it is reported stay as they are. Define another indicator for another year.")


class NotInItsTree(Refusal):
    """Only tasks below the one that the indicator hangs on owe a part of it."""

    sentence = _("Only the task of the indicator and those given down from it can owe a part of it.")


class NoSuchPeriod(Refusal):
    """The period is not one of the indicator's year."""

    sentence = _("This is no period of the indicator. Write 2026-11, 2026-Q4, 2026-H2 or 2026, as it is reported.")


class BandOutOfOrder(Refusal):
    """The ceiling of a band lies below its floor."""

    sentence = _("The ceiling must not lie below the target.")


def set_indicator(
    task: Task, *, name: str, year: int, by: Person, now: datetime, measure: str = "", places: int = 0,
    direction: str = Direction.UP.value, over_time: str = OverTime.SUM.value, over_units: str = OverUnits.SUM.value,
    base: str = "", cadence: str = Cadence.MONTHLY.value, is_main: bool = True, owner: Unit | None = None,
    owed: Owed | None = None,
) -> Indicator:  # fmt: skip
    """Let an indicator measure a task, and say what the task as a whole owes of it.

    Raises MeasuredAlready, NoSuchPeriod, BandOutOfOrder, UnlawfulStep.
    """
    check_step(task, "steer")
    with transaction.atomic():
        _lock(task)
        _refuse_second(task, name=name, year=year, is_main=is_main)
        indicator = Indicator.objects.create(
            task=task, owner=owner or task.owner, name=name, measure=measure, places=places, direction=direction,
            over_time=over_time, over_units=over_units, base=base, cadence=cadence, year=year, is_main=is_main,
            created_by=by, created_at=now,
        )  # fmt: skip
        write_allotments(indicator, {task.pk: owed or Owed()})
        record_entry(
            "set_indicator", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            after={"name": name, "measure": measure, "direction": direction, "over_time": over_time,
                   "over_units": over_units, "cadence": cadence, "year": year, **_shown(owed or Owed())},
            indicator=indicator.pk, task_ids=[task.pk],
        )  # fmt: skip
    return indicator


def _lock(task: Task) -> None:
    Task.objects.select_for_update(no_key=True).get(pk=task.pk)


def _refuse_second(task: Task, *, name: str, year: int, is_main: bool, but: int | None = None) -> None:
    others = Indicator.objects.filter(task=task).exclude(pk=but or 0)
    if others.filter(name=name, year=year).exists() or (is_main and others.filter(is_main=True).exists()):
        raise MeasuredAlready


def edit_indicator(indicator: Indicator, *, version: int, by: Person, now: datetime, **fields: Any) -> Indicator:
    """Change how an indicator is named, measured and added up; what it comes to is counted again.

    Raises EditConflict, CadenceIsFixed, MeasuredAlready.
    """
    changed = {name: value for name, value in fields.items() if getattr(indicator, name) != value}
    if any(name in FIXED for name in changed):
        raise CadenceIsFixed
    before = {name: getattr(indicator, name) for name in changed}
    task = indicator.task
    with transaction.atomic():
        _lock(task)
        whole = {"name": indicator.name, "is_main": indicator.is_main, **changed}
        _refuse_second(task, name=whole["name"], year=indicator.year, is_main=whole["is_main"], but=indicator.pk)
        if not Indicator.objects.filter(pk=indicator.pk, version=version).update(**changed, version=F("version") + 1):
            raise EditConflict
        indicator.refresh_from_db()
        record_entry(
            "edit_indicator", by=by, now=now, subject=task, unit_path=task.owner.path or "", before=before,
            after=changed, indicator=indicator.pk,
        )  # fmt: skip
    return indicator


def remove_indicator(indicator: Indicator, *, by: Person, now: datetime) -> None:
    """Take an indicator back of which nothing was read yet. Raises HasReadings."""
    task, number, name = indicator.task, indicator.pk, indicator.name
    with transaction.atomic():
        Indicator.objects.select_for_update(no_key=True).get(pk=number)  # no more parts are given of it
        _delete(indicator, indicator.allotments.all())
        record_entry(
            "remove_indicator", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            before={"name": name}, indicator=number,
        )  # fmt: skip


def _delete(row: Indicator | Allotment, allotments: "QuerySet[Allotment]") -> None:
    """Whoever reads holds the allotment, so with all of them held it is sure that nothing was read of them.

    Held so that others may still refer to them: who counts after an entry does, and is waited for before anything goes.
    """
    list(allotments.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    hold_journal()
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as kept:
        raise HasReadings from kept


def allot(indicator: Indicator, owed: Mapping[int, Owed], *, by: Person, now: datetime, reason: str = "") -> int:
    """Say what tasks of the tree owe of an indicator, by task id, new or changed; how many.

    Where dispatched parts are to owe more of the main one than the task above a reason is needed.
    Raises NotInItsTree, NoSuchPeriod, BandOutOfOrder, UnexplainedInflation.
    """
    task = indicator.task
    with transaction.atomic():
        _lock(task)
        tree = Task.objects.under(task.path or "")
        if sum(tree.filter(pk__in=chunk).count() for chunk in _chunks(list(owed))) != len(owed):
            raise NotInItsTree
        notes = _guard(indicator, owed, by=by, now=now, reason=reason)
        before = write_allotments(indicator, owed)
        record_entry(
            "allot", by=by, now=now, subject=task, unit_path=task.owner.path or "", before={"owed": before},
            after={"owed": {pk: _shown(one) for pk, one in owed.items()}}, indicator=indicator.pk,
            task_ids=list(owed), **notes,
        )  # fmt: skip
    return len(owed)


def _guard(indicator: Indicator, owed: Mapping[int, Owed], *, by: Person, now: datetime, reason: str) -> dict[str, Any]:
    if not indicator.is_main:
        return {}
    tasks = [task for ids in _chunks(list(owed)) for task in Task.objects.select_related("owner").filter(pk__in=ids)]
    changes = {pk: {OWED_OF_MAIN: one.target} for pk, one in owed.items()}
    return let_pass(tasks, by=by, now=now, today=timezone.localtime(now).date(), reason=reason, changes=changes)


def write_allotments(indicator: Indicator, owed: Mapping[int, Owed]) -> dict[int, dict[str, Any]]:
    """Store what tasks owe, for use inside an action that records it; what stood before for those that changed.

    Whoever listens to the action's verb must count again (progress.actions.tallies). `periods` left empty change
    nothing. Raises NoSuchPeriod, BandOutOfOrder.
    """
    refuse_faulty(indicator, owed.values())
    ids = list(owed)
    before = {
        row.task_id: {name: getattr(row, name) for name in OWED}
        for row in _list_in_chunks(indicator, ids)
    }  # fmt: skip
    Allotment.objects.bulk_create(
        [Allotment(indicator=indicator, task_id=pk, **{n: getattr(one, n) for n in OWED}) for pk, one in owed.items()],
        update_conflicts=True, unique_fields=["task", "indicator"], update_fields=list(OWED), batch_size=500,
    )  # fmt: skip
    if any(one.periods for one in owed.values()):
        _write_periods({row.pk: owed[row.task_id].periods for row in _list_in_chunks(indicator, ids)})
    return before


def _list_in_chunks(indicator: Indicator, ids: Sequence[int]) -> Iterable[Allotment]:
    for chunk in _chunks(ids):
        yield from Allotment.objects.filter(indicator=indicator, task__in=chunk).order_by("pk")


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + 900] for start in range(0, len(ids), 900))


def refuse_faulty(indicator: Indicator, owed: Iterable[Owed]) -> None:
    """Raises BandOutOfOrder, NoSuchPeriod."""
    for one in owed:
        if one.ceiling is not None and one.target is not None and one.ceiling < one.target:
            raise BandOutOfOrder
        if not all(is_period_of(p, cadence=indicator.cadence, year=indicator.year) for p in one.periods):
            raise NoSuchPeriod


def _write_periods(periods: Mapping[int, Mapping[str, Decimal]]) -> None:
    """Replace the targets by period of these allotments, where some are given."""
    given = {pk: found for pk, found in periods.items() if found}
    for chunk in _chunks(list(given)):
        PeriodTarget.objects.filter(allotment__in=chunk).delete()
    PeriodTarget.objects.bulk_create(
        [PeriodTarget(allotment_id=pk, period=p, value=v) for pk, found in given.items() for p, v in found.items()],
        batch_size=500,
    )


def set_period_targets(allotment: Allotment, targets: Mapping[str, Decimal], *, by: Person, now: datetime) -> None:
    """Replace the path that an allotment should take through the year, to date. Raises NoSuchPeriod."""
    task = allotment.task
    with transaction.atomic():
        _lock(task)
        Allotment.objects.select_for_update(no_key=True).get(pk=allotment.pk)
        refuse_faulty(allotment.indicator, [Owed(periods=targets)])
        before = dict(allotment.period_targets.values_list("period", "value"))
        allotment.period_targets.all().delete()
        _write_periods({allotment.pk: targets})
        record_entry(
            "set_period_targets", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            before=before, after=targets, allotment=allotment.pk,
        )  # fmt: skip


def remove_allotment(allotment: Allotment, *, by: Person, now: datetime) -> None:
    """Let a task no longer owe a part, if nothing was read of it yet. Raises HasReadings, NotInItsTree for the root."""
    task, number = allotment.task, allotment.pk
    if task.pk == allotment.indicator.task_id:
        raise NotInItsTree
    before = {name: getattr(allotment, name) for name in OWED}
    with transaction.atomic():
        _delete(allotment, Allotment.objects.filter(pk=allotment.pk))
        record_entry(
            "remove_allotment", by=by, now=now, subject=task, unit_path=task.owner.path or "", before=before,
            allotment=number, indicator=allotment.indicator_id, task_ids=[task.pk],
        )  # fmt: skip


def _shown(owed: Owed) -> dict[str, Any]:
    return {name: getattr(owed, name) for name in OWED}
