"""A database of a test's own, for tests in which several connections commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """A copy of the migrated database that may be committed to: the journal refuses to be emptied afterwards."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        copy = _copy(name, tmp_path)
        connection.close()
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            if connection.vendor == "postgresql":
                _run_beside(f'DROP DATABASE "{copy}"')


def _copy(name: str, folder: Path) -> str:
    if connection.vendor == "postgresql":
        connection.close()
        _run_beside(f'CREATE DATABASE "{name}_own" TEMPLATE "{name}"')
        return f"{name}_own"
    import sqlite3

    target = folder / "own.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(target) as file:
        connection.connection.backup(file)
    return str(target)


def _run_beside(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
