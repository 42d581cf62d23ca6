"""kill -9 in the middle of giving a task down to 5,000 units leaves all of it or nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[3]
UNITS = 5000
MOMENTS = (0.02, 0.5, 0.95, 1.0)  # of the statements of a whole cascade; the last is before the commit


class Giver:
    """Runs the giving process on a database of its own."""

    def __init__(self, database: str, folder: Path) -> None:
        own = {"DATABASE_URL": database, "LUOSHI_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.environment = {**os.environ, **own}
        self.run("-m", "django", "migrate", "--verbosity", "0")

    def run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def process(self, *arguments: str) -> str:
        return self.run("-m", "tests.app.tasks.giving_process", *arguments)

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.process("look"))
        return found

    def give_and_kill(self, code: str, *, after: int) -> bool:
        """Start giving and kill the process after so many statements; whether it had already said that all is done."""
        command = [sys.executable, "-m", "tests.app.tasks.giving_process", "give", code]
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            seen = 0
            for line in process.stdout:
                seen += line.startswith("statement")
                if seen >= after or line.startswith("given"):
                    break
            os.kill(process.pid, signal.SIGKILL)
            rest = line + process.stdout.read()
        assert process.returncode == -signal.SIGKILL or "given" in rest
        return "given" in rest


@pytest.fixture
def giver(tmp_path: Path) -> Iterator[Giver]:
    """A database file of its own, or a database of its own on the server that the tests run on."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Giver(f"sqlite:///{tmp_path / 'kill.sqlite3'}", tmp_path)
        return
    import psycopg

    server, _, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    query = os.environ["DATABASE_URL"].partition("?")[2]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS luoshi_kill WITH (FORCE)")
        connection.execute("CREATE DATABASE luoshi_kill")
    yield Giver(f"{server}/luoshi_kill" + (f"?{query}" if query else ""), tmp_path)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP DATABASE luoshi_kill WITH (FORCE)")


def check_whole(found: dict[str, Any]) -> int:
    """All or nothing for every parent, and everything that belongs to a part beside it; how many were given."""
    given = [code for code, parts in found["parts"].items() if parts]
    assert set(found["parts"].values()) <= {0, UNITS}
    assert found["duties"] == found["standings"] == found["numbers"] == len(given) * UNITS
    assert found["entries"] == len(given)
    assert found["without_path"] == 0
    assert found["faults"] == []
    return len(given)


def test_killed_cascade_leaves_all_or_nothing(giver: Giver) -> None:
    giver.process("seed", str(len(MOMENTS) + 1))
    codes = sorted(giver.look()["parts"])
    statements = giver.process("give", codes[0]).count("statement")
    assert check_whole(giver.look()) == 1
    given = 1
    for code, moment in zip(codes[1:], MOMENTS, strict=True):
        said = giver.give_and_kill(code, after=max(1, int(statements * moment)))
        found = check_whole(giver.look())
        assert given + said <= found <= given + 1
        given = found
    assert given < len(codes), "no kill came in time"
