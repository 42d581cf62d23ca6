"""What holds for every page: the content policy, no inline script or style, bounded uploads, odd input survived."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from luoshi.directives.models import Directive
from tests.app.matrix import MATRIX
from tests.app.world import World, make_world
from tests.factories.orgs import Cast

pytestmark = pytest.mark.one_database

INLINE = re.compile(
    rb'<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle="|\son[a-z]+="|javascript:', re.IGNORECASE
)
OTHER_HOST = re.compile(rb'(?:src|href|action)="(?:https?:)?//', re.IGNORECASE)


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def test_every_page_is_strict_whole_and_of_this_host(world: World, signed_in) -> None:
    client, faults = signed_in("office"), []
    for name, rows in MATRIX.items():
        if not any(row.method == "GET" for row in rows):
            continue
        response = client.get(reverse(name, kwargs=world.of(name) or None))
        policy = response.headers["Content-Security-Policy"]
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if "unsafe" in policy or not ("default-src 'none'" in policy or policy == "sandbox"):
            faults.append(f"{name}: policy {policy}")
        if response.headers.get("X-Content-Type-Options") != "nosniff":
            faults.append(f"{name}: content type may be guessed")
        if "html" in response.headers["Content-Type"]:
            faults += [
                f"{name}: {match.group()!r}" for match in (INLINE.search(body), OTHER_HOST.search(body)) if match
            ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=9999999999999",
        "page=x",
        "q=%00",
        "q=" + "长" * 3000,
        "unit=%27%22",
        "due_from=1899-02-30",
        "light=9&tier=x&state=%F0",
    ],
)
def test_odd_addresses_give_a_page_not_an_error(world: World, signed_in, query: str) -> None:
    client = signed_in("office")
    for name in (
        "ledger:list",
        "schedule:year",
        "directives:list",
        "orgs:units",
        "orgs:people",
        "core:journal",
        "supervision:queue",
        "notices:list",
        "ledger:csv",
    ):
        assert client.get(f"{reverse(name)}?{query}").status_code in (200, 302, 400, 404, 422), (name, query)


def test_text_with_a_nul_is_refused_in_words(cast: Cast, signed_in) -> None:
    client = signed_in("office")
    for response in (client.get("/ledger/?q=%00"), client.post(reverse("notices:suggestions"), {"text": "a\0b"})):
        assert response.status_code == 400
        assert "refusal" in response.content.decode()


@pytest.mark.parametrize("year", [0, 1, 1899, 9999, 10000, 999999])
def test_far_years_of_the_matrix_are_no_error(world: World, signed_in, year: int) -> None:
    assert signed_in("office").get(reverse("schedule:year"), {"year": year}).status_code in (200, 302, 404)


def test_upload_beyond_the_bound_is_refused_and_nothing_is_kept(cast: Cast, signed_in) -> None:
    big = SimpleUploadedFile("big.txt", b"x" * (settings.UPLOAD_MAX_MB * 1024 * 1024 + 1))
    response = signed_in("office").post(reverse("directives:new"), {"file": big})
    assert response.status_code in (400, 413, 422)
    assert str(settings.UPLOAD_MAX_MB) in response.content.decode()
    assert not Directive.objects.exists()


def test_posting_needs_the_page_s_own_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["office"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("notices:read_all")).status_code == 403
