"""Pages about giving, adapting, recalling and following cost a fixed number of statements, frame and all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from luoshi.orgs.models import Unit
from luoshi.tasks.models import Task
from tests.app.world import make_world
from tests.factories.orgs import Cast
from tests.factories.work import make_task

PAGES = {
    "tasks:adapt": ("deptclerk", 12),
    "tasks:decide_adaptation": ("office", 10),
    "tasks:handler": ("depthead", 13),
    "tasks:recall": ("office", 11),
    "tasks:recall_parts": ("office", 12),
    "tasks:place": ("office", 8),
    "tasks:tie": ("deptclerk", 12),
    "tasks:unit_changes": ("office", 9),
    "tasks:inflations": ("office", 8),
    "tasks:give_all": ("office", 11),
    "orgs:absences": ("depthead", 9),
}


@pytest.mark.parametrize("name", PAGES)
def test_page_keeps_its_budget(
    cast: Cast, signed_in: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], Any], name: str
) -> None:
    world = make_world(cast)
    for number in range(30):
        make_task(cast, f"任务{number}", parent=None, co=["QH-CZJ", "QH-SLJ"])
    who, most = PAGES[name]
    client = signed_in(who)
    client.get("/ledger/")
    address = reverse(name, kwargs=world.of(name) or None)
    with django_assert_max_num_queries(most + (connection.vendor == "postgresql")):
        assert client.get(address).status_code == 200


def test_preview_of_giving_to_a_level_does_not_cost_by_the_unit(
    cast: Cast, signed_in: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    world = make_world(cast)
    county, office = cast.unit("QH"), signed_in("office")
    directive = world.of("tasks:give_all")["id"]
    for number in range(3):
        clause = Task.objects.filter(clause__directive=directive).values_list("clause", flat=True).first()
        make_task(cast, f"任务{number}", clause_id=clause, standard="验收", target_value=100, target_unit="人")
    Unit.objects.bulk_create(
        Unit(code=f"G-{n}", name=f"第{n}镇", level="township", parent=county, path=f"{county.path}{9_000_000 + n:08d}",
             valid_from=cast.today)
        for n in range(200)
    )  # fmt: skip
    tasks = list(Task.objects.filter(clause__directive=directive, parent=None).values_list("pk", flat=True))
    form = {"task": tasks, "level": "township", "how": "even"}
    address = reverse("tasks:give_all", kwargs={"id": directive})
    office.post(address, form)
    with django_assert_max_num_queries(25 + (connection.vendor == "postgresql")):
        assert office.post(address, form).status_code == 200
