"""A unit's own columns: adding and changing them, and filling their cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.models import Entry
from luoshi.ledger.models import Column, ColumnValue
from luoshi.ledger.queries.columns import values_for
from luoshi.ledger.rules.columns import ColumnKind, Value, write_value
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.moving import hold_tasks
from luoshi.tasks.models import Task

MAX_OWN_COLUMNS = 30
BATCH = 1000


class TooManyColumns(Refusal):
    """A unit's columns are bounded."""

    sentence = _("The unit has 30 columns already. Retire one that is no longer used, then add this one.")


class ColumnNameTaken(Refusal):
    """Two columns of a unit cannot bear one heading."""

    sentence = _("The unit has a column of this heading already, perhaps a retired one: restore it, or choose another.")


class ChoiceInUse(Refusal):
    """A choice that stands in cells cannot go."""

    sentence = _("“%(choice)s” stands in the column for some tasks. Keep it, or change these tasks first.")


@dataclass(frozen=True, slots=True)
class Filling:
    """A cell to fill; `was` is what its editor saw, None when that does not matter."""

    task_id: int
    column: Column
    value: Value
    was: Value | None = None


def define_column(
    unit: Unit, *, name: str, kind: str, by: Person, now: datetime, choices: Sequence[str] = ()
) -> Column:
    """Add a column for the unit and all below it. Raises TooManyColumns, ColumnNameTaken."""
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        own = Column.objects.filter(unit=unit)
        _refuse_taken(own, name)
        if own.filter(retired_at=None).count() >= MAX_OWN_COLUMNS:
            raise TooManyColumns
        last = own.aggregate(last=Max("sort"))["last"] or 0
        held = list(choices) if kind == ColumnKind.CHOICE else []
        column = Column.objects.create(unit=unit, name=name, kind=kind, choices=held, sort=last + 1)
        _record("define_column", column, by=by, now=now, after={"name": name, "kind": kind, "choices": held})
    return column


def _refuse_taken(own: Any, name: str) -> None:
    if own.filter(name=name).exists():
        raise ColumnNameTaken


def change_column(
    column: Column, *, by: Person, now: datetime, name: str | None = None, choices: Sequence[str] | None = None
) -> None:
    """Give a column another heading or other choices; its kind stays. Raises ColumnNameTaken, ChoiceInUse."""
    with transaction.atomic():
        column.refresh_from_db(from_queryset=Column.objects.select_for_update(no_key=True))
        wanted = {"name": name, "choices": list(choices) if choices is not None else None}
        after = {k: v for k, v in wanted.items() if v is not None and v != getattr(column, k)}
        before = {k: getattr(column, k) for k in after}
        if "name" in after:
            _refuse_taken(Column.objects.filter(unit=column.unit_id).exclude(pk=column.pk), str(after["name"]))
        gone = set(before.get("choices", ())) - set(after.get("choices") or ()) if "choices" in after else set()
        used = ColumnValue.objects.filter(column=column, text__in=gone).order_by("text").first()
        if used is not None:
            raise ChoiceInUse(ChoiceInUse.sentence % {"choice": used.text})
        if after:
            Column.objects.filter(pk=column.pk).update(**after)
            column.refresh_from_db(fields=list(after))
            _record("change_column", column, by=by, now=now, before=before, after=after)


def move_column(column: Column, *, up: bool, by: Person, now: datetime) -> None:
    """Let a column change places with its neighbour of the same unit; the first and last stay where they are."""
    with transaction.atomic():
        own = list(Column.objects.select_for_update(no_key=True).filter(unit=column.unit_id).order_by("sort", "pk"))
        place = next(n for n, each in enumerate(own) if each.pk == column.pk)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(own):
            return
        own[place], own[other] = own[other], own[place]
        for sort, each in enumerate(own, start=1):
            each.sort = sort
        Column.objects.bulk_update(own, ["sort"])
        _record("move_column", column, by=by, now=now, after={"order": [each.name for each in own]})


def retire_column(column: Column, *, by: Person, now: datetime) -> None:
    """Take a column out of the ledger; what stands in it is kept."""
    with transaction.atomic():
        if Column.objects.filter(pk=column.pk, retired_at=None).update(retired_at=now):
            _record("retire_column", column, by=by, now=now, before={"name": column.name})


def restore_column(column: Column, *, by: Person, now: datetime) -> None:
    """Show a retired column again. Raises TooManyColumns."""
    with transaction.atomic():
        if Column.objects.filter(unit=column.unit_id, retired_at=None).count() >= MAX_OWN_COLUMNS:
            raise TooManyColumns
        if Column.objects.filter(pk=column.pk, retired_at__isnull=False).update(retired_at=None):
            _record("restore_column", column, by=by, now=now, after={"name": column.name})


def _record(verb: str, column: Column, *, by: Person, now: datetime, **fields: Any) -> None:
    record_entry(verb, by=by, now=now, subject=column, unit_path=column.unit.path or "", **fields)


def set_values(rows: Sequence[Filling], *, by: Person, now: datetime) -> Entry | None:
    """Fill cells in one act with one entry; None when nothing differs. Raises EditConflict."""
    with transaction.atomic():
        changed = write_values(rows)
        if not changed:
            return None
        only = len(changed) == 1
        columns = {row.column.pk: row.column for row in rows}
        task, column, before, after = changed[0]
        subject = Task.objects.select_related("owner").get(pk=task) if only else columns[column]
        path = subject.owner.path if isinstance(subject, Task) else columns[column].unit.path
        name = columns[column].name
        return record_entry(
            "set_values", by=by, now=now, subject=subject, unit_path=path or "",
            before={name: before} if only else None, after={name: after} if only else None,
            count=len(changed), changes=changed, columns={str(pk): c.name for pk, c in columns.items()},
        )  # fmt: skip


def write_values(rows: Sequence[Filling]) -> list[tuple[int, int, str, str]]:
    """Fill cells inside another act: task, column, what stood there and what stands now, for each that differs.

    Raises EditConflict when a cell no longer holds what its editor saw.
    """
    cells = {(row.task_id, row.column.pk): row for row in rows}
    tasks = sorted({task for task, _column in cells})
    hold_tasks(tasks)  # their rows are the lock: two people may fill one cell at once
    stands = values_for(tasks, {row.column.pk: row.column for row in rows}.values())
    changed: list[tuple[int, int, str, str]] = []
    kept: list[Filling] = []
    emptied: list[Filling] = []
    for row in cells.values():
        held = stands.get(row.task_id, {}).get(row.column.pk, Value())
        if row.was is not None and held not in (row.was, row.value):
            raise EditConflict
        if held == row.value:
            continue
        changed.append((row.task_id, row.column.pk, write_value(held), write_value(row.value)))
        (emptied if row.value.is_empty else kept).append(row)
    _store(kept, emptied)
    return changed


def _store(kept: Sequence[Filling], emptied: Sequence[Filling]) -> None:
    ColumnValue.objects.bulk_create(
        [ColumnValue(task_id=r.task_id, column=r.column, text=r.value.text, number=r.value.number, day=r.value.day)
         for r in kept],
        update_conflicts=True, unique_fields=["task", "column"], update_fields=["text", "number", "day"],
        batch_size=BATCH,
    )  # fmt: skip
    for column in {r.column.pk for r in emptied}:
        tasks = [r.task_id for r in emptied if r.column.pk == column]
        for start in range(0, len(tasks), BATCH):
            ColumnValue.objects.filter(column=column, task__in=tasks[start : start + BATCH]).delete()
