"""A database of a test's own, for processes that commit: the journal's seal forbids emptying the shared one."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
MIGRATE = ("-m", "django", "migrate", "--verbosity", "0")


class OwnDatabase:
    """A migrated database, and processes that work on it."""

    def __init__(self, database: str, folder: Path) -> None:
        own = {"DATABASE_URL": database, "LUOSHI_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.environment = {**os.environ, **own}

    def run(self, *arguments: str) -> str:
        """Run Python with these arguments to its end; what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start Python with these arguments; its lines can be read while it works."""
        command = [sys.executable, *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )


@pytest.fixture(scope="session")
def migrated(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path | str:
    """What own databases are copied from: the tests' own, into which nothing is ever committed.

    Where no test of the run asked for that one it was not made, and a database is migrated instead.
    """
    name, folder = str(connection.settings_dict["NAME"]), tmp_path_factory.mktemp("migrated")
    if connection.vendor == "sqlite":
        return _copy_file(Path(name), folder / "own.sqlite3")
    connection.close()  # a database with a connection cannot be copied
    is_made = name.startswith("test_")
    made_from = f" TEMPLATE {name}" if is_made else ""
    _administer("DROP DATABASE IF EXISTS luoshi_migrated", f"CREATE DATABASE luoshi_migrated{made_from}")
    if not is_made:
        OwnDatabase(_on_server("luoshi_migrated"), folder).run(*MIGRATE)
    return "luoshi_migrated"


def _copy_file(made: Path, kept: Path) -> Path:
    if not made.exists():
        OwnDatabase(f"sqlite:///{kept}", kept.parent).run(*MIGRATE)
        return kept
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(kept)) as copy:
        source.backup(copy)
    return kept


@pytest.fixture(scope="module")
def own_database(tmp_path_factory: pytest.TempPathFactory, migrated: Path | str) -> Iterator[OwnDatabase]:
    """A database file, or a database on the server that the tests run on."""
    folder = tmp_path_factory.mktemp("own")
    if isinstance(migrated, Path):
        shutil.copy(migrated, folder / "own.sqlite3")
        yield OwnDatabase(f"sqlite:///{folder / 'own.sqlite3'}", folder)
        return
    _administer("DROP DATABASE IF EXISTS luoshi_own WITH (FORCE)", f"CREATE DATABASE luoshi_own TEMPLATE {migrated}")
    yield OwnDatabase(_on_server("luoshi_own"), folder)
    _administer("DROP DATABASE luoshi_own WITH (FORCE)")


def _on_server(name: str) -> str:
    """The address of another database on the server of the tests."""
    address, mark, query = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{query}"


def _administer(*statements: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
