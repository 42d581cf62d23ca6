"""A city written in bulk is as consistent as one that lived."""

import random
from datetime import UTC, datetime

import pytest
from django.db import transaction

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.demo.cityscape import CITY, Size, people_rows, unit_rows
from luoshi.demo.scale import generate, generate_city
from luoshi.orgs.models import Person, Unit
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Feedback, Standing
from luoshi.supervision.models import Verification
from luoshi.tasks.actions import create_task
from luoshi.tasks.models import Milestone, Task

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TINY = Size(
    counties=2, departments=3, townships=3, villages=4, city_units=4, people=80, tasks=40, measures=200,
    updates_a_month=250, months=3,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def silent(_words: str) -> None:
    """Nobody listens."""


@pytest.fixture
def city() -> None:
    generate_city(now=NOW, size=TINY, seed=7, say=silent)


def test_the_whole_city_has_the_size_of_the_model() -> None:
    units = unit_rows(CITY)
    people, posts = people_rows(units, size=CITY, dice=random.Random(1))
    assert len(units) == 1 + 90 + 12 * (1 + 60 + 15 + 200)
    assert (len(people), len({p.username for p in people}), len({u.code for u in units})) == (8000, 8000, len(units))
    assert {p.unit_code for p in posts} == {u.code for u in units}


def test_tasks_and_measures_are_as_many_as_asked(city: None) -> None:
    parents = Task.objects.filter(children__isnull=False).distinct().count()
    assert abs(parents - TINY.tasks) <= TINY.counties
    assert Task.objects.count() - parents == TINY.measures
    assert Milestone.objects.count() == 3 * TINY.measures
    assert 0.7 * TINY.updates_a_month * 3 < Feedback.objects.count() < 1.3 * TINY.updates_a_month * 3


def test_roll_up_of_the_city_finds_nothing_to_put_right(city: None) -> None:
    assert Standing.objects.count() == Task.objects.count()
    assert recompute_standings(check=True) == []


def test_the_city_is_one_journal_entry(city: None) -> None:
    assert [entry.verb for entry in Entry.objects.all()] == ["load_demo"]
    assert find_journal_faults() == []


def test_paths_of_tasks_follow_their_parents(city: None) -> None:
    for task in Task.objects.select_related("parent"):
        assert task.path == f"{task.parent.path if task.parent else ''}{task.pk:010d}"


def test_nothing_in_the_city_happens_after_now(city: None) -> None:
    assert not Feedback.objects.filter(at__gt=NOW).exists()
    assert not Verification.objects.filter(at__gt=NOW).exists()


def test_a_county_of_the_city_sees_nothing_of_another(city: None) -> None:
    from luoshi.orgs.queries import get_access

    own = Unit.objects.get(code="C001")
    access = get_access(Person.objects.get(username="c001.office1"), today=NOW.date())
    seen = Task.objects.visible_to(access)
    assert seen.exists()
    assert not seen.exclude(owner__path__startswith=own.path).exclude(duties__unit__path__startswith=own.path).exists()


def test_the_next_task_gets_a_fresh_number_and_key(city: None) -> None:
    owner = Unit.objects.get(code="C001")
    codes = set(Task.objects.values_list("code", flat=True))
    fresh = create_task(owner, by=Person.objects.get(username="c001.office1"), now=NOW, title="新任务", kind="measure")
    assert fresh.code not in codes
    assert len(codes) == len({*codes}) == Task.objects.count() - 1


def picture(seed: int) -> list[tuple[str, str, object]]:
    """What a seed gives, taken back afterwards."""
    before = transaction.savepoint()
    generate_city(now=NOW, size=TINY, seed=seed, say=silent)
    rows = list(Task.objects.order_by("code").values_list("title", "state", "standing__percent"))
    transaction.savepoint_rollback(before)
    return rows


def test_the_same_seed_gives_the_same_city() -> None:
    assert picture(7) == picture(7)
    assert picture(7) != picture(8)


def test_an_even_forest_has_parts_of_forty() -> None:
    generate(now=NOW, tasks=1000, units=60, seed=1, say=silent)
    root = Task.objects.get(parent=None)
    assert root.children.count() == 25
    assert {part.children.count() for part in root.children.all()} == {40}
    assert recompute_standings(check=True) == []
