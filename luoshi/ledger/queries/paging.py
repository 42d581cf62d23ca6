"""The ledger in order, a page at a time: each page goes on from the key of a row, so the last costs as the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Value,
)

from luoshi.ledger.queries.filters import Choice
from luoshi.ledger.rules import Sort
from luoshi.ledger.rules.columns import ColumnKind
from luoshi.ledger.rules.paging import Key, SortValue, read_place, write_key
from luoshi.progress.queries import showing
from luoshi.progress.rules.lights import CODES, Colour
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import ACTIVE, State


class Place(NamedTuple):
    """A row's number and its value in the order."""

    id: int
    value: SortValue


class Order(NamedTuple):
    """The column that a page is ordered by, the type of its values, and whether every row has one.

    Equal ones stand in the order of `number`: the task's key as it stands in the table, and so in the index, of `name`.
    """

    name: str
    type: type
    is_always: bool = False
    number: str = "pk"


ORDERS: dict[str, Order] = {
    Sort.DUE: Order("due_date", date),
    Sort.NUMBER: Order("code", str, is_always=True),
    Sort.TITLE: Order("title", str, is_always=True),
    Sort.TIER: Order("tier", int, is_always=True),
    Sort.LIGHT: Order("light", int, is_always=True),
    Sort.PROGRESS: Order("standing__percent", Decimal, number="standing__task_id"),
    Sort.LAST: Order("standing__last_at", datetime, number="standing__task_id"),
}
OWN_ORDERS: dict[str, Order] = {
    ColumnKind.TEXT: Order("own__text", str),
    ColumnKind.CHOICE: Order("own__text", str),
    ColumnKind.NUMBER: Order("own__number", Decimal),
    ColumnKind.DATE: Order("own__day", date),
}
PATH = Order("path", str, is_always=True)
FIELDS: dict[type, Any] = {
    date: DateField(), datetime: DateTimeField(), int: IntegerField(), str: CharField(),
    Decimal: DecimalField(max_digits=24, decimal_places=7),
}  # fmt: skip


class _Pair(Func):
    """Two columns, or two values, that are compared as one, so that an index serves the comparison."""

    output_field = BooleanField()
    template = "(%(expressions)s)"


class _Compared(Func):
    """Does one pair stand after (or before) the other?"""

    output_field = BooleanField()
    template = "%(expressions)s"


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of one page as keys, and the links before and after it; None where the list begins or ends."""

    ids: Sequence[int]
    before: str | None
    after: str | None


def order_of(choice: Choice) -> Order:
    """The column that a choice's rows are ordered by."""
    own = choice.order
    return OWN_ORDERS[own.kind] if own is not None else ORDERS[choice.filter.sort]


def list_window(
    sets: Sequence[QuerySet[Task]], *, order: Order, desc: bool = False, after: Key | None = None,
    before: Key | None = None, size: int, mixed: QuerySet[Task] | None = None,
) -> Window:  # fmt: skip
    """A page of the rows of the sets together, which have none in common: after a key, before one, or the first.

    Rows without a value stand last in both directions, equal ones by number of entry. Before a key that has not a
    whole page before it stands the first page. `mixed` are all tasks with what the order needs, to put the rows of
    several sets in one order.
    """
    if before is not None:
        found = _read(sets, order, mixed, desc=desc, key=before, backward=True, size=size + 1)
        if len(found) > size:
            rows = found[size - 1 :: -1]
            return Window([row.id for row in rows], write_key(*rows[0]), write_key(*rows[-1]))
    found = _read(sets, order, mixed, desc=desc, key=None if before else after, backward=False, size=size + 1)
    rows = found[:size]
    if not rows and after is not None:
        return list_window(sets, order=order, desc=desc, size=size, mixed=mixed)
    has_before = after is not None and before is None
    return Window(
        [row.id for row in rows],
        write_key(*rows[0]) if has_before else None,
        write_key(*rows[-1]) if len(found) > size else None,
    )


def _read(
    sets: Sequence[QuerySet[Task]], order: Order, mixed: QuerySet[Task] | None, *, desc: bool, key: Key | None,
    backward: bool, size: int,
) -> list[Place]:  # fmt: skip
    """Rows beyond the key, nearest first. Those with and without a value are read apart, each from its index."""
    value = read_place(key.value, like=order.type) if key is not None and key.value is not None else None
    if key is not None and value is None and (order.is_always or key.value is not None):
        key = None  # a link that somebody changed: the list begins anew
    stages = [True] if order.is_always else [True, False]
    if key is not None and not order.is_always and (value is None) != backward:
        stages = [False] if not backward else [True]
    if backward:
        stages = stages[::-1]
    found: list[Place] = []
    for has_value in stages:
        start = key if key is not None and has_value == (value is not None) else None
        down, left = desc != backward, size - len(found)
        rows = _stage(sets, order, has_value=has_value, start=start, value=value, down=down, size=left)
        if len(sets) > 1 and rows and mixed is not None:
            together = mixed.filter(pk__in=[row.id for row in rows])
            rows = _ordered(together, order, has_value=has_value, down=down, size=left)
        found += rows
        if len(found) >= size:
            break
    return found


def _stage(
    sets: Sequence[QuerySet[Task]], order: Order, *, has_value: bool, start: Key | None, value: SortValue, down: bool,
    size: int,
) -> list[Place]:  # fmt: skip
    """Rows that have a value, or those that have none, of each set."""
    if order.name == "light" and len(sets) == 1:
        return _step_by_step(sets[0], order, start=start, value=value, down=down, size=size)
    found: list[Place] = []
    for tasks in sets:
        given = tasks if order.is_always else tasks.filter(**{f"{order.name}__isnull": not has_value})
        if start is not None:
            given = _from(given, order, start, value, down=down)
        found += _ordered(given, order, has_value=has_value, down=down, size=size)
    return found


def _from(tasks: QuerySet[Task], order: Order, start: Key, value: SortValue, *, down: bool) -> QuerySet[Task]:
    if value is None:
        return tasks.filter(pk__lt=start.id) if down else tasks.filter(pk__gt=start.id)
    row = _Pair(F(order.name), F(order.number))
    last = _Pair(Value(value, output_field=FIELDS[order.type]), Value(start.id))
    return tasks.filter(_Compared(row, last, arg_joiner=" < " if down else " > "))


def _ordered(tasks: QuerySet[Task], order: Order, *, has_value: bool, down: bool, size: int) -> list[Place]:
    sign = "-" if down else ""
    if not has_value:
        return [Place(pk, None) for pk in tasks.order_by(f"{sign}pk").values_list("pk", flat=True)[:size]]
    rows = tasks.order_by(f"{sign}{order.name}", f"{sign}{order.number}").values_list("pk", order.name)[:size]
    return [Place(*row) for row in rows]


def _step_by_step(
    tasks: QuerySet[Task], order: Order, *, start: Key | None, value: SortValue, down: bool, size: int
) -> list[Place]:
    """Rows by light, those of each in the order of keys, which an index gives unsorted.

    A colour that few tasks show is looked for among all of them: after that, the others are read together.
    """
    found: list[Place] = []
    beyond = "lt" if down else "gt"
    codes = sorted(_list_codes(tasks), reverse=down)
    if start is not None and isinstance(value, int):
        codes = [code for code in codes if (code <= value if down else code >= value)]
    for code in codes:
        same = tasks.filter(showing([code]))
        if code == CODES[Colour.GREY]:
            same = same.filter(state__in=[state.value for state in State if state not in ACTIVE])
        if start is not None and code == value:
            same = same.filter(**{f"pk__{beyond}": start.id})
        keys = same.order_by("-pk" if down else "pk").values_list("pk", flat=True)[: size - len(found)]
        found += [Place(pk, code) for pk in keys]
        if len(found) >= size:
            return found
        if code != CODES[Colour.GREY]:
            others = tasks.filter(**{f"{order.name}__{beyond}": code})
            return found + _ordered(others, order, has_value=True, down=down, size=size - len(found))
    return found


def _list_codes(tasks: QuerySet[Task]) -> set[int]:
    """The codes that the lights of these tasks can have; not every policy knows every colour."""
    light: Any = tasks.query.annotations["light"]
    return {case.value for case in [*(when.result for when in light.cases), light.default]}
