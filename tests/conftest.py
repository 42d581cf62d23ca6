"""What every test shares: the standing cast (tests/settings.py chooses the database), and how examples are drawn.

Every run draws the same examples, however slow the machine; `LUOSHI_EXPLORE=2000` draws as many others.
"""

import os
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import settings

from luoshi.progress.queries.tables import believe
from tests.factories.orgs import Cast, make_cast

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=int(os.environ.get("LUOSHI_EXPLORE", "100")))
settings.load_profile("explore" if "LUOSHI_EXPLORE" in os.environ else "same")


@pytest.fixture(autouse=True)
def preset_lights() -> None:
    """Each test begins with the preset's lights, known without asking the database for a table."""
    believe({}, seconds=3600)


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
