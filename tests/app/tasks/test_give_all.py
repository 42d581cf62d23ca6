"""The page and the API call that give tasks of a directive to every unit of a level."""

from collections.abc import Callable

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.directives.models import Clause, Directive
from luoshi.orgs.actions import create_api_token
from luoshi.orgs.models import Unit
from luoshi.tasks.models import Task
from tests.factories.directives import make_directive
from tests.factories.orgs import Cast
from tests.factories.work import make_task


@pytest.fixture
def paper(cast: Cast) -> Directive:
    directive = make_directive(cast)
    clauses = Clause.objects.filter(directive=directive)[:2]
    for clause in clauses:
        make_task(cast, f"落实{clause.pk}", clause=clause, standard="验收合格", state="dispatched")
    make_task(cast, "还没有下达", clause=clauses[0], standard="验收合格", state="registered")
    return directive


def towns(cast: Cast) -> int:
    return Unit.objects.within(cast.unit("QH").path or "").filter(level="township").count()


def test_only_tasks_that_were_dispatched_are_offered(
    cast: Cast, signed_in: Callable[[str], Client], paper: Directive
) -> None:
    page = signed_in("office").get(f"/tasks/from-directive/{paper.pk}/give/").content.decode()
    assert page.count('name="task"') == 2
    assert "还没有下达" not in page


def test_the_parts_are_counted_before_anything_is_given(
    cast: Cast, signed_in: Callable[[str], Client], paper: Directive
) -> None:
    tasks = list(Task.objects.filter(state="dispatched").values_list("pk", flat=True))
    office, chosen = signed_in("office"), {"task": tasks, "level": "township"}
    page = office.post(f"/tasks/from-directive/{paper.pk}/give/", chosen).content.decode()
    assert str(2 * towns(cast)) in page
    assert not Task.objects.filter(parent__in=tasks).exists()
    answer = office.post(f"/tasks/from-directive/{paper.pk}/give/", {**chosen, "confirm": "1"})
    assert answer.status_code == 302
    assert Task.objects.filter(parent__in=tasks).count() == 2 * towns(cast)
    assert Entry.objects.filter(verb="cascade_tasks").count() == 1
    again = office.post(f"/tasks/from-directive/{paper.pk}/give/", {**chosen, "confirm": "1"})
    assert again.status_code == 409


def test_nothing_ticked_says_what_to_do(cast: Cast, signed_in: Callable[[str], Client], paper: Directive) -> None:
    answer = signed_in("office").post(f"/tasks/from-directive/{paper.pk}/give/", {"level": "township", "confirm": "1"})
    assert answer.status_code == 422


def test_the_api_gives_all_that_are_open_when_none_is_named(cast: Cast, paper: Directive) -> None:
    _token, key = create_api_token(cast["office"], name="t", now=cast.now)
    api = Client(headers={"authorization": f"Bearer {key}"})
    url = f"/api/directives/{paper.pk}/give"
    answer = api.post(url, {"level": "township"}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (201, {"parts": 2 * towns(cast)})
    draft = Task.objects.get(state="registered")
    refused = api.post(url, {"level": "township", "tasks": [draft.pk]}, content_type="application/json")
    assert refused.status_code == 403


def test_the_api_says_that_nobody_is_left(cast: Cast, paper: Directive) -> None:
    _token, key = create_api_token(cast["office"], name="t", now=cast.now)
    api = Client(headers={"authorization": f"Bearer {key}"})
    answer = api.post(f"/api/directives/{paper.pk}/give", {"level": "group"}, content_type="application/json")
    assert answer.status_code == 409
