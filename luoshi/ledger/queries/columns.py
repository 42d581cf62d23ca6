"""The columns that units added to the ledger: which a person has, what stands in them, who may change them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.core.prepared import prepared
from luoshi.ledger.models import Column, ColumnValue
from luoshi.ledger.rules.columns import KEEPERS, Value, may_fill, may_keep_columns, write_value
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, ancestor_paths
from luoshi.tasks.rules.access import TaskFacts

MAX_COLUMNS = 60
CHUNK = 2000


def list_columns(access: Access, *, retired: bool = False) -> list[Column]:
    """The columns of the person's units and of all above these, from the top down; retired ones when asked for."""
    paths = sorted({path for seat in access.seats for path in ancestor_paths(seat.path)})
    if not paths and not access.admin:
        return []
    found = list(Column.objects.select_related("unit").order_by("unit__path", "sort", "pk")[:MAX_COLUMNS]) \
        if access.admin else _list_of_units(paths)  # fmt: skip
    return [column for column in found if retired or column.retired_at is None]


@prepared
def _list_of_units(paths: list[str]) -> QuerySet[Column]:
    found = Column.objects.filter(unit__path__in=paths).select_related("unit")
    return found.order_by("unit__path", "sort", "pk")[:MAX_COLUMNS]


def values_for(task_ids: Sequence[int], columns: Iterable[Column]) -> dict[int, dict[int, Value]]:
    """What stands in the columns for these tasks: task id → column id → value; empty cells are left out."""
    ids = [column.pk for column in columns]
    found: dict[int, dict[int, Value]] = {}
    for start in range(0, len(task_ids) if ids else 0, CHUNK):
        rows = _list_values(list(task_ids[start : start + CHUNK]), ids)
        for task, column, text, number, day in rows:
            found.setdefault(task, {})[column] = Value(text, number, day)
    return found


@prepared
def _list_values(tasks: list[int], columns: list[int]) -> QuerySet[ColumnValue, Any]:
    found = ColumnValue.objects.filter(task__in=tasks, column__in=columns)
    return found.values_list("task_id", "column_id", "text", "number", "day")


def get_column_for(access: Access, *, id: int, to: str = "see") -> Column:
    """One column. Raises Http404 for who does not have it, NotAllowed for `keep` without a post for that."""
    column = Column.objects.select_related("unit").filter(pk=id).first()
    if column is None:
        raise Http404
    path = column.unit.path or ""
    if not (access.admin or any(seat.path.startswith(path) or path.startswith(seat.path) for seat in access.seats)):
        raise Http404
    if to == "keep" and not may_keep_columns(access, path):
        raise NotAllowed
    return column


def list_keeping_units(access: Access) -> QuerySet[Unit]:
    """The units for which a person may add columns: those in which they are head or office."""
    ids = [seat.unit_id for seat in access.seats if seat.role in KEEPERS]
    return Unit.objects.filter(pk__in=ids).order_by("path")


def may_fill_cell(access: Access, facts: TaskFacts, column: Column) -> bool:
    """May this person fill the task's cell in the column?"""
    return may_fill(access, facts, path=column.unit.path or "", unit_id=column.unit_id)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an own column as the ledger prints it."""

    column: Column
    task_id: int
    text: str


def get_cell(column: Column, *, task_id: int) -> Cell:
    """What stands in the column for one task."""
    value = values_for([task_id], [column]).get(task_id, {}).get(column.pk, Value())
    return Cell(column, task_id, write_value(value))
