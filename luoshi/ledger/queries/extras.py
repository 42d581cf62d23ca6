"""What the ledger shows besides its usual columns: more of the task, and the cells of own columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from luoshi.core.policy import Policy
from luoshi.core.shell import day, quantity
from luoshi.ledger.models import Column
from luoshi.ledger.queries.columns import values_for
from luoshi.ledger.rules.columns import Value, may_keep_columns, write_value
from luoshi.ledger.rules.filters import Shown
from luoshi.orgs.rules import Access, Role
from luoshi.progress.queries.forecast import list_forecasts, short_forecast
from luoshi.progress.queries.months import list_strips, show_month
from luoshi.tasks.models import CADENCE_LABELS, KIND_LABELS, MATTER_LABELS, URGENCY_LABELS, Duty, Task
from luoshi.tasks.rules.access import DOERS
from luoshi.tasks.rules.states import DOING

FIELDS: dict[str, tuple[str, ...]] = {
    Shown.OWNER: ("owner__short_name", "owner__name"),
    Shown.SPONSOR: ("sponsor__name",),
    Shown.URGENCY: ("urgency",),
    Shown.KIND: ("kind",),
    Shown.MATTER: ("matter",),
    Shown.CADENCE: ("cadence",),
    Shown.TARGET: ("target_op", "target_value", "target_unit"),
    Shown.START: ("start_date",),
    Shown.ORIGINAL: ("original_due_date",),
    Shown.PROBLEM: ("standing__last_problem",),
    Shown.SOURCE: ("clause__directive__title", "clause__outline"),
}
SIGNS = {">=": "≥", "<=": "≤", "~": "≈"}
EMPTY = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an own column: as it is printed, and whether this person may fill it."""

    text: str
    may_fill: bool


def list_extras(ids: Sequence[int], names: Iterable[str], *, today: date, policy: Policy) -> dict[int, dict[str, Any]]:
    """What stands in these columns for each task, in the reader's language: texts, and the months as a strip.

    One query, none for no column, and one each for forecasts and months.
    """
    names = list(names)
    if not names or not ids:
        return {}
    found = _list_texts(ids, [name for name in names if name in FIELDS])
    if Shown.FORECAST in names:
        ahead = list_forecasts(ids, today=today, policy=policy)
        for pk, texts in found.items():
            texts[Shown.FORECAST] = short_forecast(ahead[pk]) if pk in ahead else EMPTY
    if Shown.MONTHS in names:
        strips = list_strips(ids, today=today, policy=policy)
        for pk, texts in found.items():
            texts[Shown.MONTHS] = [show_month(mark) for mark in strips.get(pk, ())]
    return found


def _list_texts(ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    if not names:
        return {pk: {} for pk in ids}
    fields = [field for name in names for field in FIELDS[name]]
    rows = Task.objects.filter(pk__in=list(ids)).order_by().values("pk", *fields)
    return {row["pk"]: {name: _text(name, [row[field] for field in FIELDS[name]]) for name in names} for row in rows}


def _text(name: str, values: list) -> str:  # type: ignore[type-arg]
    if name == Shown.TARGET:
        sign, number, unit = values
        return f"{SIGNS.get(sign, sign)} {quantity(number)} {unit}".strip() if number is not None else EMPTY
    if name == Shown.SOURCE:
        title, outline = values
        return f"《{title}》{outline or ''}" if title else EMPTY
    if name in LABELS:
        return str(LABELS[name].get(values[0], "")) or EMPTY
    if name in (Shown.START, Shown.ORIGINAL):
        return day(values[0])
    return next((str(value) for value in values if value), EMPTY)


LABELS: dict[str, Any] = {
    Shown.URGENCY: URGENCY_LABELS, Shown.KIND: KIND_LABELS, Shown.MATTER: MATTER_LABELS, Shown.CADENCE: CADENCE_LABELS,
}  # fmt: skip


def list_cells(ids: Sequence[int], columns: Sequence[Column], access: Access) -> dict[int, dict[int, Cell]]:
    """The cells of own columns for each task, filled or not; two queries, none for no column."""
    if not columns or not ids:
        return {}
    stands = values_for(ids, columns)
    kept = {c.pk for c in columns if not access.admin and _keeps(access, c)}
    doing = _list_doing(ids, access) if len(kept) < len(columns) else {}
    return {
        pk: {
            c.pk: Cell(
                print_value(stands.get(pk, {}).get(c.pk, Value())),
                c.pk in kept or any(path.startswith(c.unit.path or "") for path in doing.get(pk, ())),
            )
            for c in columns
        }
        for pk in ids
    }  # fmt: skip


def print_value(value: Value) -> str:
    """A cell as it is printed; a number with thousands apart."""
    return quantity(value.number) if value.number is not None else write_value(value)


def _keeps(access: Access, column: Column) -> bool:
    return may_keep_columns(access, column.unit.path or "") or access.sits_in(column.unit_id, roles=[Role.HANDLER])


def _list_doing(ids: Sequence[int], access: Access) -> dict[int, list[str]]:
    """The paths of the units in which the person works on each of these tasks; twin of rules.columns.may_fill."""
    units = [seat.unit_id for seat in access.seats if seat.role in DOERS]
    if access.admin or not units:
        return {}
    doing = Q(task__in=list(ids), unit__in=units, role__in=[role.value for role in DOING])
    found: dict[int, list[str]] = {}
    for task, path in Duty.objects.filter(doing).order_by().values_list("task_id", "unit__path"):
        found.setdefault(task, []).append(path or "")
    return found
