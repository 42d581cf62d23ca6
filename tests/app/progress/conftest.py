"""A database of a test's own, for tests in which several connections commit."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.fixture
def own_database(django_db_blocker, tmp_path: Path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """A new, migrated database that may be committed to: the journal refuses to be emptied afterwards."""
    with django_db_blocker.unblock():
        is_postgres = connection.vendor == "postgresql"
        name, own = connection.settings_dict["NAME"], str(tmp_path / "own.sqlite3")
        if is_postgres:
            own = f"luoshi_own_{os.getpid()}"
            _run_beside(f"CREATE DATABASE {own}")
        connection.close()
        connection.settings_dict["NAME"] = own
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            if is_postgres:
                _run_beside(f"DROP DATABASE {own}")


def _run_beside(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
