"""A database of a test's own, for processes that commit: the journal's seal forbids emptying the shared one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[3]


class OwnDatabase:
    """A migrated database, and processes that work on it."""

    def __init__(self, database: str, folder: Path) -> None:
        own = {"DATABASE_URL": database, "LUOSHI_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.environment = {**os.environ, **own}
        self.run("-m", "django", "migrate", "--verbosity", "0")

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


@pytest.fixture(scope="module")
def own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnDatabase]:
    """A database file, or a database on the server that the tests run on."""
    folder = tmp_path_factory.mktemp("own")
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield OwnDatabase(f"sqlite:///{folder / 'own.sqlite3'}", folder)
        return
    import psycopg

    address, mark, query = os.environ["DATABASE_URL"].partition("?")
    server = address.rpartition("/")[0]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS luoshi_own WITH (FORCE)")
        connection.execute("CREATE DATABASE luoshi_own")
        yield OwnDatabase(f"{server}/luoshi_own{mark}{query}", folder)
        connection.execute("DROP DATABASE luoshi_own WITH (FORCE)")
