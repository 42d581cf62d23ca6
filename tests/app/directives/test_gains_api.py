"""What is answered once for a whole paper, and what is asked already, over the API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.directives.models import Clause, ColumnName, Directive, Goal
from luoshi.directives.queries import list_proposals
from luoshi.orgs.actions import create_api_token
from luoshi.tasks.models import Reference
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import Cast
from tests.factories.work import make_task


class Api:
    """Requests with the key of one person, bodies and answers as JSON."""

    def __init__(self, cast: Cast, who: str) -> None:
        _token, secret = create_api_token(cast[who], name="test", now=cast.now)
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        response = self.client.get(f"/api{path}")
        return response.json() if response.status_code == 200 else response.status_code

    def post(self, path: str, body: Any = None) -> Any:
        response = self.client.post(f"/api{path}", body, content_type="application/json")
        return response.json() if response.status_code == 200 else response.status_code


@pytest.fixture
def office(cast: Cast) -> Api:
    return Api(cast, "office")


@pytest.fixture
def directive(cast: Cast) -> Directive:
    return make_directive(cast)


def test_names_are_answered_by_name_code_or_group_and_unknown_ones_change_nothing(
    office: Api, directive: Directive
) -> None:
    at = f"/directives/{directive.pk}/names"
    assert [(n["name"], n["count"]) for n in office.get(at)] == [("县低空经济专班", 1)]
    assert office.post(at, [{"name": "县低空经济专班", "unit": "天上人间局"}]) == 422
    assert office.post(at, [{"name": "县低空经济专班", "unit": "QH-CZJ", "remember": False}]) == []
    assert office.post(at, [{"name": "县低空经济专班", "unit": "QH-CZJ"}] * 201) == 422


def test_coverage_says_what_nothing_accounts_for(office: Api, directive: Directive) -> None:
    found = office.get(f"/directives/{directive.pk}/coverage")
    assert (found["percent"], found["pending"]) == (0, 4)
    assert found["uncovered"] == len(found["open_clauses"])


def test_indicator_is_decided_and_corrected(office: Api, directive: Directive) -> None:
    clause = Clause.objects.filter(directive=directive).first()
    goal = Goal.objects.create(
        directive=directive, clause=clause, position=0, name="粮食产量", op=">=", value=1, unit="万吨", start=0, end=1
    )
    at = f"/directives/{directive.pk}/goals"
    assert [g["state"] for g in office.get(at)] == ["proposed"]
    assert office.post(f"{at}/{goal.pk}", {"version": 1, "state": "dropped"})["state"] == "dropped"
    body = {"version": 2, "name": "粮食产量", "op": ">=", "value": "18.2", "unit": "万吨"}
    assert Decimal(office.post(f"{at}/{goal.pk}", body)["value"]) == Decimal("18.2")
    assert office.post(f"{at}/{goal.pk}", {"version": 1}) == 409


def test_columns_are_remembered_and_the_paper_read_again(office: Api, directive: Directive) -> None:
    long = "这一列写的是" * 8
    directive.tables = [{"start": 0, "end": 9, "headings": ["干什么", long], "roles": ["", ""]}]
    directive.save()
    found = office.post(
        f"/directives/{directive.pk}/columns", {"roles": {" 干什么": "text", "偷塞的": "due", long: "due"}}
    )
    assert found == {"roles": {"干什么": "text"}, "reread": True}
    assert ColumnName.objects.count() == 1
    entries = Entry.objects.count()
    assert office.post(f"/directives/{directive.pk}/columns", {"roles": {"偷塞的": "due"}})["reread"] is False
    assert Entry.objects.count() == entries
    assert office.post(f"/directives/{directive.pk}/columns", {"roles": {"干什么": "nonsense"}}) == 422


def test_task_asked_already_is_found_and_adopted(cast: Cast, office: Api, directive: Directive) -> None:
    task = make_task(cast, "修好水利设施", requirement="完成18座以上病险水库除险加固。", lead="QH-SLJ")
    [row] = office.get(f"/directives/{directive.pk}/asked")
    assert row["tasks"][0]["code"] == task.code
    assert {"field": "number", "mine": "12座", "theirs": "18座"} in row["tasks"][0]["differences"]
    body = {"directive": directive.pk, "proposal": row["proposal"], "version": row["version"]}
    assert office.post(f"/tasks/{task.pk}/adopt", body)["task"] == task.pk
    assert office.post(f"/tasks/{task.pk}/adopt", body) == 409
    assert Reference.objects.count() == 1


def test_revision_is_compared_and_updates_its_tasks(cast: Cast, office: Api, directive: Directive) -> None:
    clause = next(p.clause for p in list_proposals(directive) if "水利" in p.title)
    make_task(cast, "修好水利设施", requirement="完成12座以上病险水库除险加固。", lead="QH-SLJ", clause=clause)
    revised = make_directive(cast, text=PAPER.replace("3号", "8号").replace("12座", "15座"))
    found = office.post(f"/directives/{revised.pk}/supersedes", {"earlier": directive.pk})
    assert [p["kind"] for p in found["pairs"] if "修好水利" in p["text"]] == ["changed"]
    assert [t["fate"] for t in office.get(f"/directives/{revised.pk}/touched")] == ["changed"]
    assert [t["will_update"] for t in office.post(f"/directives/{revised.pk}/touched")] == [True]
    assert office.post(f"/directives/{directive.pk}/supersedes", {"earlier": revised.pk}) == 409


def test_nobody_else_gets_at_any_of_it(cast: Cast, directive: Directive) -> None:
    task = make_task(cast)
    for who, answer in (("outsider", 404), ("observer", 403)):
        api, at = Api(cast, who), f"/directives/{directive.pk}"
        assert api.post(f"{at}/names", []) == answer
        assert api.post(f"{at}/columns", {"roles": {}}) == answer
        assert api.post(f"{at}/supersedes", {"earlier": None}) == answer
        assert api.post(f"{at}/touched") == answer
        body = {"directive": directive.pk, "proposal": list_proposals(directive)[0].pk, "version": 1}
        assert api.post(f"/tasks/{task.pk}/adopt", body) == answer
