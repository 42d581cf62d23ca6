"""The ledger out to a workbook and back over the API, with the gate and the words of the pages."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from luoshi.core.models import Entry
from luoshi.ledger.models import Layout
from luoshi.tasks.models import Task
from tests.app.ledger.test_workbook_pages import content
from tests.app.ledger.test_workbooks import draft, find, put
from tests.app.test_api import key_of

BOOKS = "/api/ledger/workbooks"


@pytest.fixture
def office(cast):
    client = key_of(cast, "office")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    return client


def take_out(client, query=""):
    return load_workbook(io.BytesIO(content(client.get(f"/api/ledger/workbook?state=all&{query}"))))


def send_in(client, book, **fields):
    file = io.BytesIO()
    book.save(file)
    return client.post(BOOKS, {"file": SimpleUploadedFile("台账.xlsx", file.getvalue()), **fields})


def test_workbook_is_taken_out_compared_and_applied(cast, office):
    one, two = draft(cast, "粮食安全"), draft(cast, "水利建设")
    book = take_out(office)
    sheet = book.worksheets[0]
    put(sheet, one, 任务="粮食安全责任制")
    put(sheet, two, 上级任务编号=one.code)
    put(sheet, 4, 任务="新开的渠", 级次=1)
    answer = send_in(office, book)
    assert answer.status_code == 201
    made = answer.json()
    assert made["counts"] == {
        "rows": 3, "same": 0, "gone": 0, "new": 1, "changed": 2, "conflict": 0, "error": 0, "moved": 1
    }  # fmt: skip
    assert (made["state"], made["is_ready"], made["problem"]) == ("read", True, "")
    rows = {row["row"]: row for row in made["rows"]}
    values = {"exported": "粮食安全", "here": "粮食安全", "file": "粮食安全责任制", "both": False}
    assert rows[2]["cells"] == [{"field": "title", "label": "任务", **values}]
    assert (rows[3]["place"], rows[4]["state"], rows[4]["task"]) == (f"task:{one.pk}", "new", None)
    assert not Entry.objects.filter(verb="apply_workbook").exists()
    assert office.post(f"{BOOKS}/{made['id']}/apply").json() == {"new": 1, "changed": 1, "moved": 1}
    assert Task.objects.get(pk=two.pk).parent == one
    assert Entry.objects.filter(verb="apply_workbook").count() == 1
    assert office.post(f"{BOOKS}/{made['id']}/apply").status_code == 409


def test_conflict_waits_for_a_choice_and_is_shown_in_three_values(cast, office):
    one = draft(cast, "粮食安全")
    book = take_out(office)
    Task.objects.filter(pk=one.pk).update(title="粮食和能源安全")
    put(book.worksheets[0], one, 任务="粮食安全责任制")
    made = send_in(office, book).json()
    cell = made["rows"][0]["cells"][0]
    assert (cell["exported"], cell["here"], cell["file"], cell["both"]) == (
        "粮食安全", "粮食和能源安全", "粮食安全责任制", True
    )  # fmt: skip
    address = f"{BOOKS}/{made['id']}"
    assert office.post(f"{address}/apply").status_code == 409
    assert office.post(f"{address}/choices", {"choice": "over"}, content_type="application/json").json() == {"rows": 1}
    assert office.get(address).json()["is_ready"]
    office.post(f"{address}/apply")
    assert Task.objects.get(pk=one.pk).title == "粮食安全责任制"


def test_errors_name_row_field_and_remedy_and_nothing_is_applied(cast, office):
    one, two = draft(cast, "粮食安全"), draft(cast, "水利建设")
    book = take_out(office)
    put(book.worksheets[0], one, 任务="粮食安全责任制")
    put(book.worksheets[0], two, 时限="不久", 牵头="无此局")
    made = send_in(office, book).json()
    wrong = office.get(f"{BOOKS}/{made['id']}?state=error").json()["rows"]
    assert [(row["row"], [(f["field"], f["code"]) for f in row["faults"]]) for row in wrong] == [
        (find(book.worksheets[0], two), [("due_date", "no_date"), ("lead", "no_unit")])
    ]
    assert wrong[0]["faults"][0]["problem"] == "时限 “不久” 不是日期：请写成 2026-11-20 这样"
    refused = office.post(f"{BOOKS}/{made['id']}/apply")
    assert refused.status_code == 409
    assert refused.json()["detail"]
    assert Task.objects.get(pk=one.pk).title == "粮食安全"


def test_table_made_elsewhere_comes_in_with_its_layout_under_a_task(cast, office):
    above = draft(cast, "农业")
    table = SimpleUploadedFile("表.csv", "序号,任务,牵头单位,完成时限,谁说的\n1,修渠,县水利局,12月底前,某人\n".encode())
    made = office.post(BOOKS, {"file": table, "layout": "breakdown", "parent": above.code, "owner": "QH"}).json()
    assert made["unknown_headings"] == ["谁说的"]
    assert made["rows"][0]["place"] == f"task:{above.pk}"
    office.post(f"{BOOKS}/{made['id']}/apply")
    assert Task.objects.get(title="修渠").parent == above


def test_kept_layout_gives_its_headings(cast, office):
    layout = Layout.objects.create(
        unit=cast.unit("QH"), name="表", columns=[["干什么", "title"]], created_by=cast["office"], created_at=cast.now
    )
    draft(cast, "粮食安全")
    assert take_out(office, f"layout=own-{layout.pk}").worksheets[0].cell(1, 1).value == "干什么"
    assert office.get("/api/ledger/workbook?layout=own-99").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"), [({"parent": "QH-1999-1"}, "parent"), ({"layout": "none"}, "layout"), ({}, "file")]
)
def test_what_of_an_upload_cannot_be_taken_is_named(cast, office, fields, field):
    file = {} if field == "file" else {"file": SimpleUploadedFile("t.csv", "任务\n修渠".encode())}
    answer = office.post(BOOKS, {**file, **fields})
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["detail"]] == [field]


def test_unreadable_file_is_told_why(cast, office):
    made = office.post(BOOKS, {"file": SimpleUploadedFile("台账.xlsx", b"%PDF-1.7")}).json()
    assert (made["state"], made["is_ready"]) == ("refused", False)
    assert "另存为.xlsx" in made["problem"]


def test_set_aside_workbook_is_done_with(cast, office):
    made = office.post(BOOKS, {"file": SimpleUploadedFile("t.csv", "任务,级次\n修渠,1".encode())}).json()
    assert office.delete(f"{BOOKS}/{made['id']}").status_code == 200
    assert office.delete(f"{BOOKS}/{made['id']}").status_code == 409
    assert key_of(cast, "leader").get(f"{BOOKS}/{made['id']}").status_code == 404
