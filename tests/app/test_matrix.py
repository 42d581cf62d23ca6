"""Every address as every member of the cast, against the written matrix."""

import pytest
from django.test import Client
from django.urls import reverse

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task
from tests.app.matrix import MATRIX, OTHER_COUNTY
from tests.app.walk import WALKERS, names, outcome
from tests.app.world import World, make_world
from tests.factories.orgs import Cast


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def client_of(cast: Cast, name: str) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def expected(name: str, method: str, who: str) -> str:
    row = next((row for row in MATRIX[name] if row.method == method), None)
    if row is None:
        return "405"
    return "may" if who in row.may else "403" if who in row.sees else "404"


def test_matrix_has_a_row_for_every_address() -> None:
    assert set(names()) == set(MATRIX)


@pytest.mark.parametrize("who", WALKERS)
def test_everyone_may_do_what_the_matrix_says_and_nothing_else(world: World, who: str) -> None:
    client = client_of(world.cast, who)
    wrong = []
    for name in names():
        for method in ("GET", "POST"):
            found, wanted = outcome(client, world, name, method), expected(name, method, who)
            if found != wanted:
                wrong.append(f"{who} {method} {name}: {found}, the matrix says {wanted}")
    assert not wrong, "\n".join(wrong)


def test_nobody_gets_anywhere_without_signing_in(world: World) -> None:
    client = Client()
    found = {(name, method): outcome(client, world, name, method) for name in names() for method in ("GET", "POST")}
    assert {key for key, word in found.items() if word == "may"} == {("notices:language", "POST")}


@pytest.mark.parametrize("who", sorted(OTHER_COUNTY))
def test_outsider_sees_nothing_of_this_county_on_any_page(world: World, who: str) -> None:
    """Lists, counts, pickers and exports included: no unit, person or task of the county is named."""
    client = client_of(world.cast, who)
    county = world.cast.unit("QH").path or ""
    secrets = {*Task.objects.values_list("title", flat=True), *Task.objects.values_list("code", flat=True)}
    secrets |= {unit.name for unit in Unit.objects.within(county)} | {u.short_name for u in Unit.objects.within(county)}
    secrets |= set(Person.objects.filter(posts__unit__path__startswith=county).values_list("name", flat=True))
    own = " ".join(Unit.objects.exclude(path__startswith=county).values_list("name", flat=True))
    secrets = {secret for secret in secrets if secret and secret not in own}
    leaks = []
    for name in names():
        if world.of(name) or not any(row.method == "GET" for row in MATRIX[name]):
            continue
        response = client.get(reverse(name))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode("utf-8", errors="ignore")
        leaks += [f"{name}: {secret}" for secret in secrets if secret in text]
    assert not leaks
