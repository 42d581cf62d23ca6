"""Many rows in one statement: INSERT … SELECT, which the ORM does not write, and keys given out beforehand."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

Column = str | tuple[str, Sequence[Any]]  # SQL, and its parameters if it has any
CHUNK = 10_000  # lines sent with one statement: memory stays the same however many there are


def insert_like(row: Model, source: str, parameters: Sequence[Any], **columns: Column) -> int:
    """Insert one row like `row` for each line of `source` (what follows FROM), but for the columns given as SQL.

    A key that the database gives is left to it unless it is among the columns. How many were inserted is returned.
    """
    fields = [f for f in row._meta.concrete_fields if not f.generated and (f.column in columns or not _is_given(f))]
    cells = [_cell(row, f, columns.get(str(f.column))) for f in fields]
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    values = ", ".join(sql for sql, _own in cells)
    own = [value for _sql, given in cells for value in given]
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}", [*own, *parameters])  # noqa: S608
        return int(cursor.rowcount)


def _cell(row: Model, field: Any, column: Column | None) -> tuple[str, Sequence[Any]]:
    """The SQL of one column and its parameters: as given, or the value of the likeness."""
    if column is None:
        return "%s", [field.get_db_prep_save(field.pre_save(row, add=True), connection)]
    return (column, ()) if isinstance(column, str) else column


def _is_given(field: Any) -> bool:
    """Does the database give the value of this column?"""
    return bool(field.primary_key and not field.remote_field)


def lines_sql(types: Mapping[str, str], *, name: str = "line") -> str:
    """SQL of a table whose lines come as one parameter (`lines_value`); `types` are those of its columns, in order."""
    if connection.vendor == "sqlite":
        cells = ", ".join(f"json_extract(value, '$[{n}]') AS {column}" for n, column in enumerate(types))
        return f"(SELECT {cells} FROM json_each(%s)) AS {name}"  # noqa: S608
    cells = ", ".join(f"(v ->> {n})::{kind} AS {column}" for n, (column, kind) in enumerate(types.items()))
    return f"(SELECT {cells} FROM jsonb_array_elements(%s::jsonb) AS t(v)) AS {name}"  # noqa: S608


def lines_value(lines: Sequence[Sequence[Any]]) -> str:
    """The parameter of `lines_sql`; a decimal and a day go as the text that a column of their type takes."""
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"), default=str)


def take_keys(table: type[Model], count: int) -> list[int]:
    """Keys that nobody else gets, in rising order, for rows that are about to be inserted in this transaction."""
    name = table._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # one writer at a time, and its transaction holds the file's lock
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
            last = (cursor.fetchone() or (0,))[0]
            return list(range(last + 1, last + 1 + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(name), table._meta.pk.column, count],
        )
        return sorted(key for (key,) in cursor.fetchall())
