"""Queries of a constant shape, written as SQL once.

The ORM takes several times longer to write an ordinary SELECT than a database to answer it.
"""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from enum import Enum
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

P = ParamSpec("P")
R = TypeVar("R")
SIZES = (1, 8, 64, 512, 2000)  # a list of keys is filled up to one of these lengths
KEPT = 100  # statements of one query, one for each shape it was asked in
FIRST_KEY = 2**62  # above every key there is
FIRST_DAY = date(1, 1, 1)


class _Slot(NamedTuple):
    """A parameter that comes with each call: the argument's name, the place in a list of keys, and how it is sent."""

    name: str
    place: int | None = None
    is_text: bool = False

    def value(self, given: dict[str, Any]) -> Any:
        found = given[self.name]
        if self.place is not None:
            found = found[min(self.place, len(found) - 1)]
        return str(found) if self.is_text else found


class _Statement(NamedTuple):
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: Any

    def answer(self, given: dict[str, Any]) -> list[Any]:
        connection = connections[self.rows.db]
        if self.rows.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        parameters = tuple(p.value(given) if type(p) is _Slot else p for p in self.parameters)
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, parameters)
        compiler.get_converters = lambda _expressions: self.converters
        fetched = compiler.execute_sql()
        if not fetched:  # many things are asked of which most tasks have none: then no model has to be looked at
            return []
        compiler.execute_sql = lambda *_args, **_kwargs: fetched
        rows: Any = self.rows.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(rows)


def prepared(build: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """Answer `build(…)` as a list, with SQL that is written at the first call and kept.

    Whole numbers, texts, days and sequences of keys may differ from call to call. Any other argument (None, a policy)
    is part of the shape: each value has SQL of its own. `build` must not read anything else that changes, and a value
    must reach the database as it is given (no `iexact`, no `icontains`, no column of small numbers); one that does not
    raises TypeError.
    """
    names = build.__code__.co_varnames
    written: dict[tuple[Any, ...], _Statement] = {}

    @wraps(build)
    def answer(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        given: dict[str, Any] = dict(zip(names, args, strict=False)) | kwargs
        if any(_is_keys(value) and not 0 < len(value) <= SIZES[-1] for value in given.values()):
            return list(build(*args, **kwargs))
        shape = tuple((name, _shape(value)) for name, value in given.items())
        if shape not in written:
            if len(written) >= KEPT:
                written.clear()
            written[shape] = _write(build, given)
        return written[shape].answer(given)

    return answer


def first(rows: list[R]) -> R | None:
    """The first row of an answer, or None."""
    return rows[0] if rows else None


def _is_value(value: Any) -> bool:
    return isinstance(value, int | str | date) and not isinstance(value, bool | datetime | Enum)


def _is_keys(value: Any) -> bool:
    return isinstance(value, list | tuple) and _is_value(next(iter(value), 0))


def _shape(value: Any) -> Any:
    """What decides the SQL: the type of a value, and of a list of keys its length as well."""
    if _is_keys(value):
        return type(value[0]), next(size for size in SIZES if len(value) <= size)
    return type(value) if _is_value(value) else value


def _write(build: Callable[..., QuerySet[Any, Any]], given: dict[str, Any]) -> _Statement:
    """Build the query once with stand-ins for the values and find these among its parameters."""
    slots: dict[Any, _Slot] = {}
    arguments = {name: _stand_in(name, value, slots) for name, value in given.items()}
    rows = build(**arguments)
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        parameters, sql = (), ""
    found = tuple(slots.get(p, p) if isinstance(p, int | str | date) else p for p in parameters)
    lost = {slot.name for slot in slots.values()} - {p.name for p in found if type(p) is _Slot}
    if lost or not sql or _is_changed(slots, sql, found):
        raise TypeError(f"{build.__name__} changes its values {sorted(lost)}: it cannot be prepared")
    columns = [column[0] for column in (compiler.select or ())[: compiler.col_count]]
    return _Statement(rows, compiler, sql, found, compiler.get_converters(columns))


def _is_changed(slots: dict[Any, _Slot], sql: str, parameters: tuple[Any, ...]) -> bool:
    """Did a stand-in become part of the SQL or of another parameter, which would then be the same for every call?"""
    others = [str(p) for p in parameters if type(p) is not _Slot]
    return any(str(mark).rstrip("%_\\") in text for mark in slots for text in (sql, *others))


def _stand_in(name: str, value: Any, slots: dict[Any, _Slot]) -> Any:
    """A value that nobody gives, in place of the one that is given."""
    if _is_keys(value):
        return [_mark(value[0], _Slot(name, place), slots) for place in range(_shape(value)[1])]
    return _mark(value, _Slot(name), slots) if _is_value(value) else value


def _mark(value: int | str | date, slot: _Slot, slots: dict[Any, _Slot]) -> int | str | date:
    """One stand-in of the value's type; a day goes to SQLite as text, and a text shows whether it would be escaped."""
    if isinstance(value, date):
        day = FIRST_DAY + timedelta(days=len(slots))
        slots |= {day: slot, str(day): slot._replace(is_text=True)}
        return day
    mark = FIRST_KEY + len(slots) if isinstance(value, int) else f"«{len(slots)}»%_\\"
    slots[mark] = slot
    return mark
