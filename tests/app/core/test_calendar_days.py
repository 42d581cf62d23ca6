"""The working-day calendar: entered by those on top, read by all, and counted by."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from luoshi.core.models import CalendarDay, Entry
from luoshi.core.queries import get_calendar
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
PAGE = "/calendar/days/"
SUNDAY = {"day": "2027-02-07", "is_workday": "1", "name": "春节调休"}
MONDAY = {"day": "2027-02-08", "is_workday": "0", "name": "春节"}


def test_days_are_entered_changed_and_removed_with_the_journal(cast: Cast, signed_in: SignIn) -> None:
    office = signed_in("office")
    for typed in (SUNDAY, MONDAY):
        assert office.post(PAGE, typed)["Location"] == f"{PAGE}?year=2027"
    html = office.get(f"{PAGE}?year=2027").content.decode()
    assert "春节调休" in html
    assert get_calendar(date(2027, 2, 1), date(2027, 2, 28)).add_workdays(date(2027, 2, 5), 1) == date(2027, 2, 7)
    office.post(PAGE, {**MONDAY, "name": "除夕"})
    assert CalendarDay.objects.get(day=date(2027, 2, 8)).name == "除夕"
    office.post(f"{PAGE}remove/", {"day": "2027-02-08"})
    assert not CalendarDay.objects.filter(day=date(2027, 2, 8)).exists()
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["set_calendar_day"] * 3 + ["clear_calendar_day"]
    assert Entry.objects.get(seq=3).data["before"]["name"] == "春节"
    assert office.post(f"{PAGE}remove/", {"day": "2027-02-08"}).status_code == 409


def test_day_that_does_not_differ_is_refused_beside_the_field(cast: Cast, signed_in: SignIn) -> None:
    for typed in ({**SUNDAY, "is_workday": "0"}, {**MONDAY, "is_workday": "1"}, {**MONDAY, "day": "9999-01-01"}):
        response = signed_in("admin").post(PAGE, typed)
        assert response.status_code == 422
        assert "has-error" in response.content.decode()
        assert typed["name"] in response.content.decode()
    assert not CalendarDay.objects.filter(day__year=2027).exists()


def test_only_those_on_top_find_the_form(cast: Cast, signed_in: SignIn) -> None:
    assert CalendarDay.objects.get(day=date(2026, 10, 1)).name == "国庆节"
    for who, may in (("leader", True), ("admin", True), ("townhead", False), ("deptclerk", False), ("observer", False)):
        html = signed_in(who).get(f"{PAGE}?year=2026").content.decode()
        assert "2026-10-01" in html
        assert ('name="is_workday"' in html) is may


@pytest.mark.parametrize("year", ["", "x", "1999", "２０２６", "99999"])
def test_year_that_cannot_be_read_shows_the_present_one(cast: Cast, signed_in: SignIn, year: str) -> None:
    assert signed_in("office").get(PAGE, {"year": year}).status_code == 200


def test_page_keeps_its_query_budget(cast: Cast, signed_in: SignIn, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = signed_in("office")
    client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(f"{PAGE}?year=2026")
