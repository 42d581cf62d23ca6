"""Own columns of the ledger over the API: which there are, adding one, and what stands in them for a task."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from luoshi.core.clock import now
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.ledger.actions.columns import Filling, define_column, set_values
from luoshi.ledger.models import VALUE_SENTENCES, Column
from luoshi.ledger.queries.columns import list_columns, list_keeping_units, may_fill_cell, values_for
from luoshi.ledger.rules.columns import ColumnKind, FaultyValue, Value, read_choices, read_value, write_value
from luoshi.orgs.models import Person
from luoshi.orgs.queries import parse_unit
from luoshi.orgs.rules import Access
from luoshi.tasks.queries import get_task_and_facts, get_task_for

router = Router(tags=["ledger"])
T = TypeVar("T")


class ApiRequest(HttpRequest):
    """A request signed by a personal key."""

    auth: Person
    access: Access


class ColumnOut(Schema):
    """A column that a unit added for itself and all below it."""

    id: int
    name: str = Field(examples=["对接人"])
    kind: ColumnKind
    choices: list[str]
    unit: str = Field(description="code of the unit whose column it is", examples=["QH"])


class ColumnIn(Schema):
    """A column to add; `unit` is named as on the pages, empty for the first whose columns you keep."""

    unit: str = ""
    name: str = Field(min_length=1, max_length=40)
    kind: ColumnKind = ColumnKind.TEXT
    choices: list[str] = Field([], max_length=60)


class ValueOut(Schema):
    """What stands in a column for a task, as text: numbers in plain digits, days as 2026-11-23; empty for nothing."""

    column: int
    name: str
    value: str


class ValueIn(Schema):
    """A cell to fill; with `was` it is refused when somebody wrote something else meanwhile."""

    column: int
    value: str = Field("", max_length=600)
    was: str | None = None


class RefusalOut(Schema):
    """Why something was not done, and what to do instead."""

    detail: str


class Unreadable(Refusal):
    """A value that the column cannot hold."""

    status = 422


@router.get("/columns", response=list[ColumnOut], summary="Own columns of your units and of those above")
def list_all(request: ApiRequest) -> list[dict[str, Any]]:
    """The columns that your ledger has besides its own."""
    return [_column(column) for column in list_columns(request.access)]


@router.post("/columns", response={201: ColumnOut, 403: RefusalOut, 409: RefusalOut}, summary="Add an own column")
def define(request: ApiRequest, given: ColumnIn) -> Status[dict[str, Any]]:
    """Add a column for a unit of which you are head or office, and for all below it."""
    kept = list_keeping_units(request.access)
    unit = kept.filter(pk=parse_unit(given.unit, request.access).pk).first() if given.unit else kept.first()
    if unit is None:
        raise NotAllowed
    choices = _read(lambda: read_choices("\n".join(given.choices))) if given.kind == ColumnKind.CHOICE else []
    name = " ".join(given.name.split())
    column = define_column(unit, name=name, kind=given.kind.value, choices=choices, by=request.auth, now=now())
    return Status(201, _column(column))


@router.get("/tasks/{id}/values", response={200: list[ValueOut], 404: RefusalOut}, summary="Own columns of a task")
def read(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """What stands in each of your columns for the task."""
    task = get_task_for(request.access, id=id)
    return _values(task.pk, list_columns(request.access))


@router.post(
    "/tasks/{id}/values",
    response={200: list[ValueOut], 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Fill own columns of a task",
)
def fill(request: ApiRequest, id: int, given: list[ValueIn]) -> list[dict[str, Any]]:
    """Fill some cells in one act: all of them, or none."""
    task, facts = get_task_and_facts(request.access, id=id)
    columns = {column.pk: column for column in list_columns(request.access)}
    rows = []
    for cell in given:
        column = columns.get(cell.column)
        if column is None or not may_fill_cell(request.access, facts, column):
            raise NotAllowed
        was = _value(cell.was, column) if cell.was is not None else None
        rows.append(Filling(task.pk, column, _value(cell.value, column), was))
    set_values(rows, by=request.auth, now=now())
    return _values(task.pk, list(columns.values()))


def _value(text: str, column: Column) -> Value:
    return _read(lambda: read_value(text, kind=column.kind, choices=column.choices))


def _read(read: Callable[[], T]) -> T:
    """What a rule reads. Raises Unreadable."""
    try:
        return read()
    except FaultyValue as fault:
        raise Unreadable(VALUE_SENTENCES[fault.problem]) from fault


def _values(task: int, columns: list[Column]) -> list[dict[str, Any]]:
    stands = values_for([task], columns).get(task, {})
    return [{"column": c.pk, "name": c.name, "value": write_value(stands.get(c.pk, Value()))} for c in columns]


def _column(column: Column) -> dict[str, Any]:
    columns = {"id": column.pk, "name": column.name, "kind": column.kind, "choices": column.choices}
    return columns | {"unit": column.unit.code}
