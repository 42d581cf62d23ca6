"""The site names a mail server of the test's own, and may speak to this machine."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from luoshi.notices.models import Robot
from tests.app.notices.servers import MailServer, Platform, serve_mail, serve_platform
from tests.factories.orgs import Cast, make_cast


@pytest.fixture
def outside(settings: Any) -> Any:
    """Settings with which this machine counts as outside."""
    settings.NOTICES = {**settings.NOTICES, "OUTGOING_ALLOW": ["127.0.0.0/8"], "OUTGOING_SECONDS": 1}
    settings.LUOSHI_SITE_URL = "https://luoshi.example"
    return settings


@pytest.fixture
def mail(outside: Any) -> Iterator[MailServer]:
    with serve_mail(MailServer()) as server:
        outside.MAIL_URL = f"smtp://127.0.0.1:{server.port}"
        outside.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        outside.EMAIL_HOST, outside.EMAIL_PORT, outside.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
        yield server


@pytest.fixture
def platform(outside: Any) -> Iterator[Callable[..., Platform]]:
    """`platform("wecom")` serves such a platform until the test ends."""
    held = []

    def serve(channel: str, **fields: Any) -> Platform:
        context = serve_platform(Platform(channel, **fields))
        held.append(context)
        return context.__enter__()

    yield serve
    for context in held:
        context.__exit__(None, None, None)


@pytest.fixture
def make_robot(cast: Cast) -> Callable[..., Robot]:
    """`make_robot(platform)` adds a robot of the county's agriculture bureau that speaks to it."""
    return robot_maker(cast)


def robot_maker(cast: Cast) -> Callable[..., Robot]:
    """A function that adds robots."""

    def make(platform: Platform, unit: str = "QH-NYJ", **fields: Any) -> Robot:
        fields = {"secret": platform.secret, "address": platform.url, **fields}
        return Robot.objects.create(
            unit=cast.unit(unit), name="工作群", channel=platform.channel, created_at=cast.now - timedelta(days=2),
            told_until=cast.now - timedelta(days=1), **fields,
        )  # fmt: skip

    return make


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Cast]:
    """The cast in a copy of the test's database, which several connections may commit to."""
    with django_db_blocker.unblock():
        name, own = connection.settings_dict["NAME"], str(tmp_path / "own.sqlite3")
        if is_postgres := connection.vendor == "postgresql":
            own = f"luoshi_told_{os.getpid()}"
            connections.close_all()
            _administer(f"CREATE DATABASE {own} TEMPLATE {name}")
        else:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [own])
        connections.close_all()
        connection.settings_dict["NAME"] = own
        try:
            yield make_cast()
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = name
            if is_postgres:
                _administer(f"DROP DATABASE {own} WITH (FORCE)")


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
