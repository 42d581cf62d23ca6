"""Tasks over the API: the same gate, the same actions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from luoshi.orgs.actions import create_api_token
from luoshi.tasks.models import Task
from tests.factories.orgs import Cast
from tests.factories.work import make_task

Ask = Callable[..., Any]


@pytest.fixture
def ask(cast: Cast) -> Ask:
    """`ask("deptclerk", "/api/tasks")` asks with a key of that person."""

    def send(name: str, path: str, *, method: str = "get") -> Any:
        _token, secret = create_api_token(cast[name], name="test", now=cast.now)
        return getattr(Client(), method)(path, headers={"Authorization": f"Bearer {secret}"})

    return send


def test_list_holds_only_what_the_person_may_see(cast: Cast, ask: Ask) -> None:
    make_task(cast, "县任务", tier=1)
    make_task(cast, "白石县任务", owner="BS", lead="BS-CZJ")
    body = ask("office", "/api/tasks").json()
    assert (body["total"], body["tasks"][0]["title"], body["tasks"][0]["owner"]) == (1, "县任务", "QH")
    assert ask("office", "/api/tasks?tier=2").json()["total"] == 0
    assert ask("outsider", "/api/tasks?q=县任务").json()["total"] == 1


def test_page_size_is_bounded(ask: Ask) -> None:
    assert ask("office", "/api/tasks?size=100000").status_code == 422


def test_task_tells_the_next_step(cast: Cast, ask: Ask) -> None:
    task = make_task(cast, state="dispatched", acknowledged=False, co=["QH-CZJ"])
    body = ask("deptclerk", f"/api/tasks/{task.pk}").json()
    assert (body["primary_step"], [d["unit"] for d in body["duties"]]) == ("acknowledge", ["QH-NYJ", "QH-CZJ"])
    assert ask("outsider", f"/api/tasks/{task.pk}").status_code == 404


def test_dispatch_over_the_api_is_refused_in_words_and_then_done(cast: Cast, ask: Ask) -> None:
    task = make_task(cast, state="registered", dispatched_at=None)
    refused = ask("office", f"/api/tasks/{task.pk}/dispatch", method="post")
    assert refused.status_code == 409
    assert task.title in refused.json()["detail"]
    Task.objects.update(standard="建成并通过验收")
    assert ask("deptclerk", f"/api/tasks/{task.pk}/dispatch", method="post").status_code == 403
    assert ask("office", f"/api/tasks/{task.pk}/dispatch", method="post").json()["state"] == "dispatched"


def test_acknowledgement_over_the_api(cast: Cast, ask: Ask) -> None:
    task = make_task(cast, state="dispatched", acknowledged=False)
    assert ask("deptclerk", f"/api/tasks/{task.pk}/acknowledge", method="post").json()["state"] == "acknowledged"
    assert ask("deptclerk", f"/api/tasks/{task.pk}/acknowledge", method="post").status_code == 409


def test_nobody_without_a_key_reads_anything(cast: Cast) -> None:
    assert Client().get("/api/tasks").status_code == 401
