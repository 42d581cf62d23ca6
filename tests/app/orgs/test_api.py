"""Keys to the API."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.testing import TestClient

from luoshi.orgs import actions
from luoshi.orgs.api import TokenAuth, router
from luoshi.orgs.models import ApiToken, Post
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def client() -> TestClient:
    api = NinjaAPI(auth=TokenAuth(), urls_namespace="orgs-test")
    api.add_router("", router)
    return TestClient(api)


def key(cast: Cast, who: str) -> dict[str, str]:
    return {"Authorization": "Bearer " + actions.create_api_token(cast[who], name="试", now=cast.now)[1]}


def test_no_key_a_wrong_one_and_a_revoked_one_are_refused(cast: Cast, client: TestClient) -> None:
    headers = key(cast, "townclerk")
    assert client.get("/me").status_code == 401
    assert client.get("/me", headers={"Authorization": "Bearer ls_wrong"}).status_code == 401
    assert client.get("/me", headers=headers).json()["username"] == "townclerk"
    actions.revoke_api_token(ApiToken.objects.get(), by=cast["townclerk"], now=cast.now)
    assert client.get("/me", headers=headers).status_code == 401


def test_key_gives_the_rights_of_its_person(cast: Cast, client: TestClient) -> None:
    seen = client.get("/units?page_size=500", headers=key(cast, "townclerk")).json()
    assert {unit["code"] for unit in seen["items"]} == {code for code in cast.units if code.startswith("QH")}
    outsider = client.get("/units?q=柳河", headers=key(cast, "outsider")).json()
    assert outsider == {"total": 0, "page": 1, "pages": 1, "items": []}


def test_use_is_noted_once_a_minute(cast: Cast) -> None:
    token, secret = actions.create_api_token(cast["townclerk"], name="试", now=cast.now)
    request = RequestFactory().get("/api/me")
    assert TokenAuth().authenticate(request, secret) == cast["townclerk"]  # type: ignore[arg-type]
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    TokenAuth().authenticate(request, secret)  # type: ignore[arg-type]
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    TokenAuth().authenticate(request, secret)  # type: ignore[arg-type]
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at >= first


def test_rights_end_with_the_post(cast: Cast, client: TestClient) -> None:
    headers = key(cast, "townclerk")
    Post.objects.filter(person=cast["townclerk"]).update(to_date=cast.today - timedelta(days=1))
    assert client.get("/units", headers=headers).json()["total"] == 0
