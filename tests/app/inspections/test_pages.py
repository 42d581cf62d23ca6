"""Pages and API: what they show to whom, how a form comes back, and what they cost."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from luoshi.inspections.models import Conclusion, Finding, Inspection, Objection
from luoshi.orgs.actions import create_api_token
from tests.factories.inspecting import PLAN, concluded, found, objected, plan, running, the_object
from tests.factories.orgs import NOW, Cast

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]


def words(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code == status, path
    return response.content.decode()


def test_plan_is_typed_proposed_and_sent_back_through_the_pages(cast: Cast, signed_in: SignedIn) -> None:
    office, leader = signed_in("office"), signed_in("leader")
    given = {**PLAN, "unit": cast.unit("QH").pk, "way": "formal", "designation": "", "checklist": ""}
    assert office.post("/inspections/new/", given).status_code == 302
    made = Inspection.objects.get()
    at = f"/inspections/{made.pk}/"
    assert office.post(f"{at}propose/").status_code == 409  # no object yet
    office.post(f"{at}lots/", {"do": "choose", "o-unit": "QH-T01"})
    office.post(
        f"{at}lots/", {"do": "stratum", "s-name": "乡镇", "s-under": "QH", "s-levels": "township", "s-size": "1"}
    )
    page = words(office, f"{at}lots/")
    assert page.count("50.0%") == 2
    assert "left out: chosen by name" in page
    office.post(f"{at}lots/", {"do": "draw", "d-seed": "88", "d-count": "1"})
    drawn = made.draws.get()
    assert "the same result" in words(office, f"/inspections/draws/{drawn.pk}/")
    assert office.post(f"{at}propose/").status_code == 302
    assert leader.post(f"{at}approve/", {"do": "back", "opinion": ""}).status_code == 409
    assert leader.post(f"{at}approve/", {"do": "back", "opinion": "请合并"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.opinion) == ("draft", "请合并")


def test_bureau_without_designation_is_told_why_on_the_form(cast: Cast, signed_in: SignedIn) -> None:
    given = {**PLAN, "unit": cast.unit("QH-NYJ").pk, "way": "formal", "designation": "", "checklist": ""}
    response = signed_in("depthead").post("/inspections/new/", given, headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "has not designated" in response.content.decode()
    assert PLAN["title"] in response.content.decode()


def test_object_reads_what_was_found_and_its_days_but_not_the_plan(cast: Cast, signed_in: SignedIn) -> None:
    row = the_object(running(cast, "QH-T01"))
    found(cast, row)
    held, town = concluded(cast, row), signed_in("townclerk")
    at = f"/inspections/conclusions/{held.pk}/"
    assert PLAN["title"] in words(town, "/inspections/?tab=about")
    assert "Sign for it" in words(town, at)
    words(town, f"/inspections/{row.inspection_id}/", 404)
    assert town.post(f"{at}receive/").status_code == 302
    assert Conclusion.objects.get().received_by == cast["townclerk"]


def test_reviewer_sees_the_review_and_an_author_does_not(cast: Cast, signed_in: SignedIn) -> None:
    held = objected(cast, concluded(cast, the_object(running(cast, "QH-T01")))).conclusion
    at = f"/inspections/conclusions/{held.pk}/"
    assert "Review the objection" not in words(signed_in("office"), at)
    sponsor = signed_in("sponsor")
    assert "Review the objection" in words(sponsor, at)
    assert sponsor.post(f"{at}review/", {"ruling": "upheld", "grounds": ""}).status_code == 422
    sponsor.post(f"{at}review/", {"ruling": "upheld", "grounds": "经核实无误"})
    assert Objection.objects.get().reviewer == cast["sponsor"]


def test_noting_a_finding_asks_first_whether_the_problem_came_back(cast: Cast, signed_in: SignedIn) -> None:
    first = found(cast, the_object(running(cast, "QH-T01")))
    row = the_object(running(cast, "QH-T01"))
    at, office = f"/inspections/objects/{row.pk}/finding/", signed_in("office")
    given = {
        "fact": "新民村又有两处地块焚烧秸秆未处置", "rule": first.rule, "requirement": "清理", "severity": "general",
        "due_date": date(2099, 12, 15),
    }  # fmt: skip
    response = office.post(at, given, headers={"accept-language": "en"})
    assert (response.status_code, Finding.objects.count()) == (200, 1)
    assert "came back?" in response.content.decode()
    assert office.post(at, {**given, "recurrence_of": first.pk}).status_code == 302
    assert Finding.objects.latest("pk").recurrence_of == first


@pytest.mark.parametrize(
    ("page", "budget"), [("", 28), ("lots/", 34), ("approve/", 28), ("paper/", 28), ("look-back/", 16)]
)
def test_pages_keep_their_query_budgets_however_many_objects(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any, page: str, budget: int
) -> None:
    from luoshi.inspections.actions.drawing import choose_object
    from luoshi.inspections.actions.planning import propose_inspection

    inspection, client = plan(cast), signed_in("leader")
    for code in ("QH-T01", "QH-T02", "QH-T03", "QH-NYJ", "QH-CZJ", "QH-SLJ"):
        choose_object(inspection, unit=cast.unit(code), by=cast["office"], now=NOW)
    propose_inspection(inspection, by=cast["office"], now=NOW)
    with django_assert_max_num_queries(budget):
        assert client.get(f"/inspections/{inspection.pk}/{page}").status_code == 200


def test_program_reads_a_draw_and_files_an_objection(cast: Cast) -> None:
    held = concluded(cast, the_object(running(cast, "QH-T01")))
    made = create_api_token(cast["townhead"], name="test", now=cast.now)
    key = made[1] if isinstance(made, tuple) else made
    client = Client(headers={"authorization": f"Bearer {key}"})
    at = f"/api/inspections/conclusions/{held.pk}"
    assert client.get(at).json()["state"] == "issued"
    refused = client.post(f"{at}/objection", json.dumps({"reason": "不符"}), content_type="application/json")
    assert refused.status_code == 409  # not signed for
