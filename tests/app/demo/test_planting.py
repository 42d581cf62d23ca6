"""The demo county stands in the database as its sheets say."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.demo import actions, county
from luoshi.demo.planting import PASSWORD
from luoshi.orgs.models import Person, Post, Unit, UnitName
from luoshi.orgs.queries import get_access
from luoshi.orgs.rules import path_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted() -> actions.County:
    return actions.load_county(now=NOW)


def test_every_row_of_the_sheets_is_there(planted: actions.County) -> None:
    assert Unit.objects.count() == len(planted.units) == len(county.units())
    assert Person.objects.count() == len(county.people())
    assert Post.objects.count() == len(county.posts())
    assert UnitName.objects.filter(kind=UnitName.OFFICIAL).count() == len(county.units())


def test_paths_follow_the_tree(planted: actions.County) -> None:
    for unit in Unit.objects.select_related("parent"):
        parent_path = (unit.parent.path or "") if unit.parent else ""
        assert unit.path == path_of(unit.pk, parent_path=parent_path) == planted.units[unit.code].path


def test_an_alias_leads_to_its_unit(planted: actions.County) -> None:
    assert UnitName.objects.get(name="发改局").unit == planted.units["QH-FGJ"]


def test_posts_give_access_today(planted: actions.County) -> None:
    office = get_access(planted.people["office"], today=date(2026, 3, 2))
    assert office.oversees(planted.units["QH-T01-V01"].path or "", roles=["office"])
    assert not office.oversees(planted.units["BS"].path or "")


def test_everyone_signs_in_with_the_one_password(planted: actions.County) -> None:
    request = RequestFactory().post("/accounts/login/")
    assert authenticate(request, username="townclerk", password=PASSWORD) == planted.people["townclerk"]


def test_loading_is_one_journal_entry(planted: actions.County) -> None:
    assert [entry.verb for entry in Entry.objects.all()] == ["load_demo"]
    assert find_journal_faults() == []


def test_a_database_in_use_is_refused(planted: actions.County) -> None:
    with pytest.raises(CommandError, match="already holds units or people"):
        call_command("demo", "--units-only")
    assert Entry.objects.count() == 1


def test_once_leaves_a_loaded_demo_alone(planted: actions.County, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "--once")
    assert Entry.objects.count() == 1
    assert "townclerk" in capsys.readouterr().out
