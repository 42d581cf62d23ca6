"""The API as every member of the cast: the same rights as the pages, by personal keys only."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from luoshi.core.models import Entry
from luoshi.inspections.actions.concluding import receive_conclusion
from luoshi.inspections.models import Conclusion
from luoshi.orgs.actions import create_api_token
from luoshi.progress.actions import confirm_period, record_reading
from luoshi.tasks.models import Allotment, Task
from tests.app.matrix import (
    ALL,
    CALENDAR_KEEPERS,
    CLOCK_KEEPERS,
    COLUMN_KEEPERS,
    COUNTY,
    DECIDERS,
    DOERS,
    GOVERNORS,
    HEAD,
    HELPER,
    INVOLVED,
    LEAD,
    OFFICE,
    OVERSEERS,
    STEERERS,
    TOWN,
    TOWN_KEEPERS,
    WORKERS,
    Row,
)
from tests.app.walk import WALKERS
from tests.app.world import World, make_world
from tests.factories.directives import PAPER
from tests.factories.orgs import Cast

NEW = {"title": "修一座桥", "requirement": "年底前通车", "standard": "验收合格", "due_date": "2026-12-31"}
REPORT = {"done": "完成八成", "percent": "80"}
OPERATIONS: dict[tuple[str, str], Row] = {  # (method, path) → who may, who sees; the rest gets 404
    ("get", "/api/me"): Row("GET", ALL, ALL),
    ("get", "/api/routines"): Row("GET", CALENDAR_KEEPERS, ALL),
    ("get", "/api/units"): Row("GET", ALL, ALL),
    ("get", "/api/units/{id}"): Row("GET", COUNTY, COUNTY),
    ("get", "/api/directives"): Row("GET", ALL, ALL),
    ("post", "/api/directives"): Row("POST", WORKERS, ALL),
    ("get", "/api/directives/{id}"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/directives/{id}/original"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/directives/{id}/pages"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/directives/{id}/pages/{number}"): Row("GET", OVERSEERS, OVERSEERS),
    ("post", "/api/directives/{id}/accept-sure"): Row("POST", STEERERS, OVERSEERS),
    ("post", "/api/directives/{id}/proposals"): Row("POST", STEERERS, OVERSEERS),
    ("patch", "/api/directives/{id}/proposals/{proposal_id}"): Row("PATCH", STEERERS, OVERSEERS),
    ("post", "/api/directives/{id}/proposals/{proposal_id}/{step}"): Row("POST", STEERERS, OVERSEERS),
    ("post", "/api/directives/{id}/confirm"): Row("POST", STEERERS, OVERSEERS),
    ("get", "/api/directives/{id}/coverage"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/directives/{id}/goals"): Row("GET", OVERSEERS, OVERSEERS),
    ("post", "/api/directives/{id}/goals/{goal_id}"): Row("POST", STEERERS, OVERSEERS),
    ("get", "/api/directives/{id}/names"): Row("GET", OVERSEERS, OVERSEERS),
    ("post", "/api/directives/{id}/names"): Row("POST", STEERERS, OVERSEERS),
    ("post", "/api/directives/{id}/columns"): Row("POST", STEERERS, OVERSEERS),
    ("get", "/api/directives/{id}/versions"): Row("GET", OVERSEERS, OVERSEERS),
    ("post", "/api/directives/{id}/supersedes"): Row("POST", STEERERS, OVERSEERS),
    ("get", "/api/clocks"): Row("GET", ALL, ALL),
    ("put", "/api/clocks"): Row("PUT", CLOCK_KEEPERS, ALL),
    ("get", "/api/tasks/{id}/clock"): Row("GET", INVOLVED, INVOLVED),
    ("get", "/api/reporting"): Row("GET", ALL, ALL),
    ("get", "/api/tasks/{id}/turns"): Row("GET", INVOLVED, INVOLVED),
    ("get", "/api/inspections"): Row("GET", ALL, ALL),
    ("get", "/api/inspections/conclusions"): Row("GET", ALL, ALL),
    ("get", "/api/inspections/{id}"): Row("GET", OVERSEERS, OVERSEERS),
    ("post", "/api/inspections/{id}/propose"): Row("POST", DECIDERS, OVERSEERS),
    ("get", "/api/inspections/draws/{id}"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/inspections/conclusions/{id}"): Row("GET", OVERSEERS | TOWN, OVERSEERS | TOWN),
    ("post", "/api/inspections/proposals/{id}/decision"): Row("POST", DECIDERS, OVERSEERS | TOWN),
    ("post", "/api/inspections/conclusions/{id}/objection"): Row("POST", TOWN, OVERSEERS | TOWN),
    ("get", "/api/lint"): Row("GET", ALL, ALL),
    ("get", "/api/lint/rules"): Row("GET", ALL, ALL),
    ("get", "/api/units/{id}/lint"): Row("GET", COUNTY, COUNTY),
    ("put", "/api/units/{id}/lint"): Row("PUT", frozenset({"townhead"}), COUNTY),
    ("get", "/api/tasks/{id}/lint"): Row("GET", INVOLVED, INVOLVED),
    ("get", "/api/directives/{id}/lint"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/directives/{id}/asked"): Row("GET", OVERSEERS, OVERSEERS),
    ("get", "/api/directives/{id}/touched"): Row("GET", OVERSEERS, OVERSEERS),
    ("post", "/api/directives/{id}/touched"): Row("POST", STEERERS, OVERSEERS),
    ("post", "/api/tasks/{id}/adopt"): Row("POST", STEERERS, OVERSEERS),
    ("post", "/api/directives/{id}/give"): Row("POST", DECIDERS, OVERSEERS),
    ("get", "/api/intakes/{id}"): Row("GET", STEERERS, STEERERS),
    ("post", "/api/intakes/{id}/retry"): Row("POST", STEERERS, STEERERS),
    ("post", "/api/intakes/{id}/cancel"): Row("POST", STEERERS, STEERERS),
    ("get", "/api/tasks"): Row("GET", ALL, ALL),
    ("post", "/api/tasks"): Row("POST", WORKERS, ALL),
    ("get", "/api/tasks/{id}"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/dispatch"): Row("POST", STEERERS, INVOLVED),
    ("post", "/api/tasks/{id}/acknowledge"): Row("POST", DOERS, INVOLVED),
    ("get", "/api/tasks/{id}/feedback"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/feedback"): Row("POST", DOERS, INVOLVED),
    ("get", "/api/tasks/{id}/course"): Row("GET", INVOLVED, INVOLVED),
    ("get", "/api/tasks/{id}/obstacle"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/obstacle"): Row("POST", DOERS | STEERERS, INVOLVED),
    ("get", "/api/obstacles"): Row("GET", ALL, ALL),
    ("post", "/api/obstacles/{id}/clear"): Row("POST", DOERS | STEERERS, INVOLVED),
    ("get", "/api/lights/misses"): Row("GET", ALL, ALL),
    ("get", "/api/lights/table"): Row("GET", ALL, ALL),
    ("post", "/api/lights/table"): Row("POST", frozenset({"admin"}), ALL),
    ("get", "/api/evidence"): Row("GET", ALL, ALL),
    ("get", "/api/evidence/{id}"): Row("GET", INVOLVED, INVOLVED),
    ("put", "/api/evidence/{id}"): Row("PUT", LEAD, INVOLVED),
    ("get", "/api/evidence/files/{id}"): Row("GET", INVOLVED, INVOLVED),
    ("get", "/api/units/{id}/figures"): Row("GET", COUNTY, COUNTY),
    ("put", "/api/units/{id}/figures"): Row("PUT", TOWN_KEEPERS, COUNTY),
    ("get", "/api/figures"): Row("GET", ALL, ALL),
    ("get", "/api/inflations"): Row("GET", ALL, ALL),
    ("post", "/api/inflations/seen"): Row("POST", ALL, ALL),
    ("get", "/api/tasks/{id}/division"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/division"): Row("POST", LEAD | DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/cascade"): Row("POST", LEAD | DECIDERS, INVOLVED),
    ("get", "/api/tasks/{id}/adaptations"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/adaptations"): Row("POST", LEAD, INVOLVED),
    ("post", "/api/adaptations/{id}/answer"): Row("POST", DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/recall"): Row("POST", STEERERS, INVOLVED),
    ("get", "/api/tasks/{id}/given"): Row("GET", LEAD | DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/given/recall"): Row("POST", LEAD | DECIDERS, INVOLVED),
    ("get", "/api/tasks/{id}/handlers"): Row("GET", HEAD, INVOLVED),
    ("post", "/api/tasks/{id}/handlers"): Row("POST", HEAD, INVOLVED),
    ("post", "/api/tasks/{id}/tie"): Row("POST", LEAD, INVOLVED),
    ("get", "/api/unit-changes"): Row("GET", ALL, ALL),
    ("post", "/api/unit-changes"): Row("POST", ALL, ALL),
    ("get", "/api/absences"): Row("GET", ALL, ALL),
    ("post", "/api/absences"): Row("POST", ALL, ALL),
    ("delete", "/api/absences/{id}"): Row("DELETE", TOWN, TOWN),
    ("post", "/api/tasks/{id}/place"): Row("POST", STEERERS, INVOLVED),
    ("get", "/api/tasks/{id}/indicators"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/indicators"): Row("POST", STEERERS, INVOLVED),
    ("get", "/api/allotments/{id}"): Row("GET", INVOLVED, INVOLVED),
    ("get", "/api/allotments/{id}/readings"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/allotments/{id}/readings"): Row("POST", LEAD, INVOLVED),
    ("post", "/api/readings"): Row("POST", LEAD, INVOLVED),
    ("post", "/api/allotments/{id}/confirm"): Row("POST", LEAD | DECIDERS, INVOLVED),
    ("post", "/api/allotments/{id}/reopen"): Row("POST", LEAD | DECIDERS, INVOLVED),
    ("put", "/api/allotments/{id}/targets"): Row("PUT", STEERERS, INVOLVED),
    ("put", "/api/allotments/{id}/parts"): Row("PUT", LEAD | DECIDERS, INVOLVED),
    ("get", "/api/notices/wishes"): Row("GET", ALL, ALL),
    ("put", "/api/notices/wishes"): Row("PUT", ALL, ALL),
    ("get", "/api/notices/deliveries"): Row("GET", ALL, ALL),
    ("get", "/api/chases"): Row("GET", ALL, ALL),
    ("get", "/api/chases/awaiting"): Row("GET", ALL, ALL),
    ("post", "/api/chases/awaiting"): Row("POST", ALL, ALL),
    ("get", "/api/chases/papers"): Row("GET", ALL, ALL),
    ("post", "/api/chases/papers"): Row("POST", ALL, ALL),
    ("get", "/api/tasks/{id}/chases"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/contacts"): Row("POST", DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/sponsor-acts"): Row("POST", frozenset({"sponsor"}), INVOLVED),
    ("get", "/api/letters"): Row("GET", ALL, ALL),
    ("get", "/api/letters/{id}"): Row("GET", OVERSEERS | LEAD, OVERSEERS | LEAD),
    ("get", "/api/letters/{id}/docx"): Row("GET", OVERSEERS | LEAD, OVERSEERS | LEAD),
    ("post", "/api/letters/{id}/issue"): Row("POST", STEERERS, OVERSEERS),
    ("post", "/api/tasks/{id}/letters"): Row("POST", INVOLVED & WORKERS, INVOLVED),
    ("get", "/api/coordinations"): Row("GET", ALL, ALL),
    ("post", "/api/tasks/{id}/coordinations"): Row("POST", DOERS, INVOLVED),
    ("post", "/api/coordinations/{id}/answer"): Row("POST", HELPER, INVOLVED),
    ("post", "/api/coordinations/{id}/pass"): Row("POST", HELPER, INVOLVED),
    ("post", "/api/coordinations/{id}/withdraw"): Row("POST", LEAD, INVOLVED),
    ("post", "/api/tasks/{id}/pause"): Row("POST", LEAD, INVOLVED),
    ("post", "/api/tasks/{id}/pause/decide"): Row("POST", DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/resume"): Row("POST", DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/extensions"): Row("POST", LEAD, INVOLVED),
    ("post", "/api/extensions/{id}/decide"): Row("POST", DECIDERS, INVOLVED),
    ("get", "/api/tasks/{id}/changes"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/changes"): Row("POST", LEAD | DECIDERS, INVOLVED),
    ("post", "/api/tasks/{id}/changes/decide"): Row("POST", DECIDERS, INVOLVED),
    ("post", "/api/changes/{id}/consent"): Row("POST", HELPER, INVOLVED),
    ("get", "/api/stocktakes"): Row("GET", ALL, ALL),
    ("get", "/api/stocktakes/{id}"): Row("GET", GOVERNORS, GOVERNORS),
    ("post", "/api/stocktakes/{id}/rulings"): Row("POST", STEERERS, GOVERNORS),
    ("get", "/api/needle"): Row("GET", ALL, ALL),
    ("get", "/api/search"): Row("GET", ALL, ALL),
    ("get", "/api/ledger/changes"): Row("GET", ALL, ALL),
    ("get", "/api/ledger/workbook"): Row("GET", ALL, ALL),
    ("post", "/api/ledger/workbooks"): Row("POST", WORKERS, ALL),
    ("get", "/api/ledger/workbooks/{id}"): Row("GET", OFFICE, OFFICE),
    ("delete", "/api/ledger/workbooks/{id}"): Row("DELETE", OFFICE, OFFICE),
    ("post", "/api/ledger/workbooks/{id}/choices"): Row("POST", OFFICE, OFFICE),
    ("post", "/api/ledger/workbooks/{id}/apply"): Row("POST", OFFICE, OFFICE),
    ("get", "/api/columns"): Row("GET", ALL, ALL),
    ("post", "/api/columns"): Row("POST", COLUMN_KEEPERS, ALL),
    ("get", "/api/tasks/{id}/values"): Row("GET", INVOLVED, INVOLVED),
    ("post", "/api/tasks/{id}/values"): Row("POST", DECIDERS | DOERS, INVOLVED),
}


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def key_of(cast: Cast, who: str) -> Client:
    made = create_api_token(cast[who], name="test", now=cast.now)
    key = made[1] if isinstance(made, tuple) else made
    return Client(headers={"authorization": f"Bearer {key}"})


def schema(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").json()
    return found


PAGES = {  # whose world's arguments an address of the API takes; the rest is about a task
    "inspections/conclusions/{id}": "inspections:conclusion",
    "inspections/proposals/{id}": "inspections:decided",
    "inspections/draws": "inspections:drawn",
    "inspections/{id}": "inspections:propose",
    "allotments": "progress:board",
    "evidence/files": "progress:version",
    "evidence": "progress:exhibit",
    "ledger/workbooks": "ledger:workbook",
    "obstacles/{id}": "progress:clear_obstacle",
    "dispatch": "tasks:dispatch",
    "acknowledge": "tasks:acknowledge",
    "adaptations/{id}": "tasks:decide_adaptation",
    "{id}/recall": "tasks:recall",
    "{id}/pause/decide": "supervision:decide_pause",
    "{id}/resume": "supervision:resume",
    "changes/decide": "supervision:decide_change",
    "changes/{id}": "supervision:change",
    "coordinations/{id}": "supervision:coordination",
    "extensions/{id}": "supervision:decide",
    "stocktakes/{id}": "supervision:stocktake",
    "{id}/sponsor-acts": "supervision:sponsor_act",
    "absences/{id}": "orgs:absence_remove",
    "letters/{id}/issue": "letters:issue",
    "letters/{id}": "letters:letter",
    "{id}/confirm": "tasks:open",
    "{id}/pages/{number}": "directives:page_image",
    "{proposal_id}": "directives:decide",
    "{goal_id}": "directives:goal",
    "intakes": "directives:intake",
    "directives/{id}/give": "tasks:give_all",
    "directives": "directives:review",
    "units": "orgs:unit",
}
BODIES: dict[str, Any] = {
    "/api/notices/wishes": {"version": 0, "groups": {"decide": "now"}},
    "/api/inspections/proposals/{id}/decision": {
        "adopted": True,
        "body": "县政府常务会议",
        "decided_date": "2026-11-23",
    },
    "/api/inspections/conclusions/{id}/objection": {"reason": "一处地块属邻镇"},
    "/api/tasks/{id}/coordinations": {"question": "资金由谁承担", "unit": "QH-SLJ"},
    "/api/coordinations/{id}/answer": {"text": "由县级承担"},
    "/api/coordinations/{id}/pass": {"unit": "QH-SLJ", "reason": "属水利资金"},
    "/api/coordinations/{id}/withdraw": {},
    "/api/tasks/{id}/pause": {"reason": "等土地指标"},
    "/api/tasks/{id}/pause/decide": {"approve": False, "opinion": "可先做别的工序"},
    "/api/tasks/{id}/resume": {},
    "/api/tasks/{id}/extensions": {"to": "2099-03-31", "cause": "land", "reason": "征地", "progress": "七成"},
    "/api/extensions/{id}/decide": {"approve": False, "opinion": "倒排工期"},
    "/api/tasks/{id}/changes": {"kind": "transfer", "unit": "QH-SLJ", "reason": "职能划转"},
    "/api/tasks/{id}/changes/decide": {"approve": False, "opinion": "仍由你局牵头"},
    "/api/changes/{id}/consent": {"approve": True},
    "/api/stocktakes/{id}/rulings": {"kind": "note", "text": "下次会议再议"},
    "/api/tasks/{id}/letters": {"kind": "order"},
    "/api/columns": {"name": "完成形式"},
    "/api/chases/awaiting": {"steps": []},
    "/api/chases/papers": {"steps": []},
    "/api/tasks/{id}/contacts": {"unit": "QH-NYJ", "method": "phone", "answered_by": "丁禾", "matter": "何时报送"},
    "/api/tasks/{id}/sponsor-acts": {"kind": "visited", "note": "到现场看了进度", "date": "2026-11-20"},
    "/api/evidence/{id}": {"title": "验收单", "version": 1},
    "/api/inflations/seen": {"last": 0},
    "/api/ledger/workbooks/{id}/choices": {"choice": "keep"},
    "/api/tasks/{id}/adaptations": {"due_date": "2027-01-15", "reason": "连续降雨"},
    "/api/adaptations/{id}/answer": {"accept": True},
    "/api/absences": {"from_date": "2026-12-01", "to_date": "2026-12-02"},
    "/api/tasks/{id}/indicators": {"name": "培训人次", "year": 2026, "is_main": False},
    "/api/allotments/{id}/readings": {"period": "2026-03", "value": "7"},
    "/api/allotments/{id}/confirm": {"period": "2026-10"},
    "/api/allotments/{id}/reopen": {"period": "2026-10", "why": "漏报"},
    "/api/allotments/{id}/targets": {"2026-11": "10"},
    "/api/tasks": NEW,
    "/api/units/{id}/figures": [{"name": "户籍人口", "year": 2025, "value": "38200"}],
    "/api/tasks/{id}/division": {"units": ["QH-T02"]},
    "/api/tasks/{id}/cascade": {"parts": [{"unit": "QH-T02"}]},
    "/api/directives": {"text": PAPER.replace("3号", "9号")},
    "/api/directives/{id}/proposals": {"clause": 7},
    "/api/directives/{id}/goals/{goal_id}": {"version": 1},
    "/api/directives/{id}/give": {"level": "township"},
    "/api/directives/{id}/names": [],
    "/api/directives/{id}/columns": {"roles": {"备注": ""}},
    "/api/directives/{id}/supersedes": {"earlier": None},
    "/api/tasks/{id}/obstacle": {"cause": "land", "note": "没有批复", "holder": "QH-CZJ"},
    "/api/obstacles/{id}/clear": {"how": "已经批复"},
    "/api/clocks": {"preset": "13710"},
    "/api/units/{id}/lint": {"severities": {"L104": "stop"}},
}


def read_below(world: World, *, is_confirmed: bool) -> None:
    """Give a part of the world's indicator a figure, and confirm it when something is to be opened again."""
    whole = Allotment.objects.select_related("task", "indicator__task").get(pk=world.of("progress:board")["id"])
    part = (
        Allotment.objects.select_related("task", "indicator__task").exclude(pk=whole.pk).get(indicator=whole.indicator)
    )
    who = {"unit": world.cast.unit("QH"), "by": world.cast["office"], "now": world.cast.now, "today": world.cast.today}
    record_reading(part, period="2026-10", value=Decimal(3), **who)
    if is_confirmed:
        confirm_period(whole, period="2026-10", **who)


def receive(world: World) -> None:
    """Let the object sign for its conclusion: thirty days run from then."""
    rows = Conclusion.objects.select_related("object__unit", "object__inspection__unit")
    held = rows.get(pk=world.of("inspections:conclusion")["id"])
    receive_conclusion(held, by=world.cast["townclerk"], now=world.cast.now)


def target(world: World, path: str) -> str:
    if path == "/api/ledger/changes":
        return f"{path}?since=2026-01-01"
    name = next((page for part, page in PAGES.items() if part in path), "ledger:task")
    for key, value in {"id": "", **world.of(name), "step": "accept"}.items():
        path = path.replace(f"{{{key}}}", str(value))
    return path


def call(client: Client, world: World, method: str, path: str) -> int:
    body: Any = REPORT if path.endswith("feedback") else BODIES.get(path, {})
    if path.endswith("values"):
        body = [{"column": world.of("ledger:cell")["id"], "value": "李强"}]
    if path.endswith("adopt"):
        at = world.of("tasks:adopt")
        body = {"directive": at["id"], "proposal": at["proposal_id"], "version": 1}
    if path.endswith(("handlers", "tie", "given/recall")):
        body = {"duty": world.duty, "work": world.of("own")["id"], "act": world.act}
    if path == "/api/ledger/workbooks":
        body = {"file": SimpleUploadedFile("t.csv", "任务,级次\n修渠,1".encode())}
    if path == "/api/readings":
        body = [{"allotment": world.of("progress:board")["id"], "period": "2026-03", "value": "0"}]
    with transaction.atomic():
        if path.endswith(("allotments/{id}/confirm", "reopen")):
            read_below(world, is_confirmed=path.endswith("reopen"))
        if path.endswith("/objection"):
            receive(world)
        if path in ("/api/directives", "/api/ledger/workbooks"):
            code = client.post(path, body).status_code if method == "post" else client.get(path).status_code
        elif method in ("post", "patch", "put", "delete"):
            code = getattr(client, method)(target(world, path), body, content_type="application/json").status_code
        else:
            code = client.get(target(world, path)).status_code
        transaction.set_rollback(True)
    return code


def test_every_operation_stands_in_the_table(client: Client, db: None) -> None:
    documented = {(m, p) for p, item in schema(client)["paths"].items() for m in item}
    assert documented == set(OPERATIONS)
    assert get_resolver().reverse_dict is not None


@pytest.mark.parametrize("who", WALKERS)
def test_everyone_may_do_over_the_api_what_the_table_says(world: World, who: str) -> None:
    client, wrong = key_of(world.cast, who), []
    for (method, path), row in OPERATIONS.items():
        code = call(client, world, method, path)
        wanted = (200, 201) if who in row.may else (403,) if who in row.sees else (404,)
        if code not in wanted:
            wrong.append(f"{who} {method} {path}: {code}, the table says {wanted}")
    assert not wrong, "\n".join(wrong)


def test_nobody_calls_the_api_without_a_key(world: World, signed_in: Any) -> None:
    """A session's cookie is no key either, so a foreign page can post nothing."""
    for client in (Client(), signed_in("office"), Client(headers={"authorization": "Bearer ls_wrong"})):
        assert {call(client, world, *operation) for operation in OPERATIONS} == {401}


def test_task_is_drafted_dispatched_and_reported_over_the_api(cast: Cast) -> None:
    office, clerk = key_of(cast, "office"), key_of(cast, "townclerk")
    made = office.post("/api/tasks", NEW | {"owner": "QH", "lead": ["柳河镇"]}, content_type="application/json")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert office.post(f"/api/tasks/{pk}/dispatch").json()["state"] == "dispatched"
    assert clerk.get("/api/needle").json()[0]["task"] == pk
    assert clerk.post(f"/api/tasks/{pk}/acknowledge").json()["state"] == "acknowledged"
    report = clerk.post(
        f"/api/tasks/{pk}/feedback", {"done": "尚未动工", "percent": "0"}, content_type="application/json"
    )
    assert report.status_code == 201, report.content
    assert office.get(f"/api/tasks/{pk}/feedback").json()["standing"]["percent"] in ("0", "0.00", "0.0000")
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs[-4:] == ["create_task", "dispatch_tasks", "acknowledge_task", "report_progress"]


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"title": ""}, "title", "至少2个字。"),
        ({"due_date": "1899-13-01"}, "due_date", "请填日期，如 2026-11-23。"),
        ({"kind": "dream"}, "kind", "只能是：principle, initiative, measure, hard_target, project, action。"),
        ({"lead": [3]}, "lead.0", "请填文字。"),
        ({"co": ["县水利局"] * 201}, "co", "最多200项。"),
    ],
)
def test_bad_input_names_the_field(cast: Cast, change: dict[str, Any], field: str, problem: str) -> None:
    answer = key_of(cast, "office").post("/api/tasks", NEW | change, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json() == {"detail": [{"field": field, "problem": problem}]}
    assert not Task.objects.exists()


def test_problems_are_told_in_the_reader_s_language_all_at_once(cast: Cast) -> None:
    client = key_of(cast, "office")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    body = {"due_date": "soon", "tier": 9}
    assert client.post("/api/tasks", body, content_type="application/json").json()["detail"] == [
        {"field": "title", "problem": "This is required."},
        {"field": "tier", "problem": "One of these is wanted: 1, 2, 3."},
        {"field": "due_date", "problem": "A date is wanted here, such as 2026-11-23."},
    ]
    empty = client.post("/api/tasks", "", content_type="application/json").json()
    assert empty["detail"] == [{"field": "body", "problem": "This is required."}]
    assert client.get("/api/tasks?size=100000").json()["detail"][0]["field"] == "size"


def test_api_page_is_served_without_any_other_host(client: Client, db: None) -> None:
    page = client.get("/api/docs").content.decode()
    assert "http://" not in page
    assert "https://" not in page
    assert "swagger-ui-bundle.js" in page
