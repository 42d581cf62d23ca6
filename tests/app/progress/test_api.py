"""Feedback over the API goes through the same gate and the same action."""

from decimal import Decimal

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient

from luoshi.core.errors import NotAllowed
from luoshi.progress.api import router
from luoshi.progress.models import Feedback, Standing
from tests.factories.orgs import Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def client() -> TestClient:
    api = NinjaAPI(urls_namespace="progress-test")
    api.add_exception_handler(NotAllowed, lambda request, refusal: api.create_response(request, {}, status=403))
    api.add_router("", router)
    return TestClient(api)


def test_report_is_posted_and_read(cast: Cast, client: TestClient) -> None:
    task = make_task(cast)
    who = {"auth": cast["deptclerk"], "access": cast.access("deptclerk")}
    body = {"done": "建成3200亩", "percent": "0", "ask": "请拨付", "asked_unit": "QH-CZJ"}
    posted = client.post(f"/tasks/{task.pk}/feedback", json=body, **who)
    assert posted.status_code == 201, posted.content
    assert Standing.objects.get(task=task).percent == 0
    read = client.get(f"/tasks/{task.pk}/feedback", auth=cast["office"], access=cast.access("office")).json()
    assert (read["total"], read["standing"]["reported"], read["feedback"][0]["unit"]) == (1, 1, "QH-NYJ")
    assert Decimal(read["feedback"][0]["percent"]) == 0
    assert read["feedback"][0]["asked_unit"] == "QH-CZJ"


def test_who_may_only_see_does_not_post_and_who_may_not_see_finds_nothing(cast: Cast, client: TestClient) -> None:
    task = make_task(cast)
    for who, status in (("office", 403), ("outsider", 404)):
        found = client.post(f"/tasks/{task.pk}/feedback", json={"done": "3"}, auth=cast[who], access=cast.access(who))
        assert found.status_code == status
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("body", [{"percent": 101}, {"percent": -1}, {"cause": "mood"}, {"next_date": "soon"}])
def test_what_cannot_be_read_is_refused(cast: Cast, client: TestClient, body: dict[str, object]) -> None:
    task = make_task(cast)
    who = {"auth": cast["deptclerk"], "access": cast.access("deptclerk")}
    assert client.post(f"/tasks/{task.pk}/feedback", json={"done": "3", **body}, **who).status_code == 422
