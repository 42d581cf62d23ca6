"""Exports of the ledger, read back."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from luoshi.ledger.queries import exports
from luoshi.progress.models import DayPercent
from luoshi.progress.models.following import MonthLight
from luoshi.tasks.models import Task
from tests.factories.orgs import TODAY
from tests.factories.work import make_county_work, make_many, make_task

ZH = {"accept-language": "zh-CN"}


def read_csv(client, query="state=all"):
    response = client.get(f"/ledger/export.csv?{query}", headers=ZH)
    raw = b"".join(response.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def read_sheet(client, query="state=all"):
    response = client.get(f"/ledger/export.xlsx?{query}", headers=ZH)
    return load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def test_csv_keeps_the_hierarchy_and_every_task(cast, signed_in):
    made = make_county_work(cast)
    make_task(cast, "柳河镇下达到村", owner="QH-T01", lead="QH-T01-V01", parent=made["QH-T01"])
    rows = read_csv(signed_in("office"))
    assert len(rows) == Task.objects.count()
    by_code = {row["编号"]: row for row in rows}
    parent, child = by_code[made["farmland"].code], by_code[made["QH-T01"].code]
    assert (parent["级次"], child["级次"], child["上级任务编号"]) == ("1", "2", made["farmland"].code)
    assert child["任务"].startswith("　柳河镇")
    assert [row["级次"] for row in rows if "到村" in row["任务"]] == ["3"]
    assert rows.index(parent) < rows.index(child)
    assert parent["牵头"] == "县农业农村局"
    assert parent["配合单位"] == "县水利局、县财政局"


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_depth_is_right_across_the_borders_of_chunks(cast, signed_in, monkeypatch, chunk):
    made = make_county_work(cast)
    make_task(cast, "柳河镇下达到村", owner="QH-T01", lead="QH-T01-V01", parent=made["QH-T01"])
    monkeypatch.setattr(exports, "CHUNK", chunk)
    rows = read_csv(signed_in("office"))
    depth = {t.code: len(t.path) // 10 for t in Task.objects.all()}
    assert {row["编号"]: int(row["级次"]) for row in rows} == depth


def test_export_holds_what_the_filter_shows_and_no_more(cast, signed_in):
    make_county_work(cast)
    rows = read_csv(signed_in("office"), "light=red")
    assert {row["亮灯"] for row in rows} == {"红灯"}
    assert len(rows) == 3
    assert read_csv(signed_in("outsider")) == []


def test_workbook_folds_along_the_hierarchy(cast, signed_in):
    made = make_county_work(cast)
    sheet = read_sheet(signed_in("office"))
    codes = {sheet.cell(row, 2).value: row for row in range(2, sheet.max_row + 1)}
    assert set(codes) == set(Task.objects.values_list("code", flat=True))
    assert sheet.row_dimensions[codes[made["QH-T01"].code]].outlineLevel == 1
    assert sheet.row_dimensions[codes[made["farmland"].code]].outlineLevel == 0
    row = codes[made["farmland"].code]
    values = {sheet.cell(1, n).value: sheet.cell(row, n).value for n in range(1, sheet.max_column + 1)}
    assert values["时限"].date() == made["farmland"].due_date
    assert 52.5 in values.values()


def test_text_is_never_a_formula_in_either_file(cast, signed_in):
    make_task(cast, '=HYPERLINK("http://x")', last_word="+1-1", requirement="@SUM(A1)")
    row = read_csv(signed_in("office"))[0]
    assert row["任务"] == '\'=HYPERLINK("http://x")'
    assert row["最近反馈"] == "'+1-1"
    sheet = read_sheet(signed_in("office"))
    cells = [sheet.cell(2, n) for n in range(1, sheet.max_column + 1)]
    assert "f" not in {cell.data_type for cell in cells}
    assert '=HYPERLINK("http://x")' in [cell.value for cell in cells]


def test_export_of_many_tasks_needs_few_queries(cast, signed_in, django_assert_max_num_queries):
    make_many(cast, 1000)
    client = signed_in("office")
    with django_assert_max_num_queries(10):
        assert len(read_csv(client)) == 1000


def put_course(task, *reports, red=None):
    """Percents by days from today, and a month that ended red."""
    for day, percent in reports:
        DayPercent.objects.create(task=task, date=TODAY + timedelta(days=day), percent=percent)
    if red:
        MonthLight.objects.create(task=task, month=red, light=1, reason="overdue")


def test_forecast_and_months_stand_in_the_export_where_they_are_shown(cast, signed_in):
    task = make_task(cast, "建设农田", due=TODAY + timedelta(days=20), percent=60)
    put_course(task, (-40, 20), (-20, 40), (0, 60), red=date(2026, 9, 1))
    put_course(make_task(cast, "修缮桥梁", due=TODAY + timedelta(days=90), percent=60), (-40, 20), (-20, 40), (0, 60))
    client = signed_in("office")
    rows = read_csv(client, "cols=light,forecast,months")
    assert [(row["预计完成"], row["晚几天"], row["2026-09"], row["2026-10"]) for row in rows] == [
        ("2027-01-02", "20", "红灯", ""),
        ("2027-01-02", "", "", ""),
    ]
    assert "预计完成" not in read_csv(client)[0]
    assert [row["任务"] for row in read_csv(client, "mark=will_miss")] == ["建设农田"]
    sheet = read_sheet(client, "cols=months")
    found = {sheet.cell(1, n).value: sheet.cell(2, n) for n in range(1, sheet.max_column + 1)}
    assert found["2026-09"].value == "红灯"
    assert found["2026-09"].fill.fgColor.rgb == "FFF6C1BE"
    assert found["2026-10"].fill.fill_type is None


def test_page_shows_forecast_and_months_as_columns_and_filters_what_will_miss(cast, signed_in):
    task = make_task(cast, "建设农田", due=TODAY + timedelta(days=20), percent=60)
    put_course(task, (-40, 20), (-20, 40), (0, 60), red=date(2026, 9, 1))
    make_task(cast, "修缮桥梁", due=TODAY + timedelta(days=20))
    client = signed_in("office")
    page = client.get("/ledger/?mark=will_miss&cols=forecast,months", headers=ZH).content.decode()
    assert "2027-01-02 · 逾期20天" in page
    assert "2026-09 红灯" in page
    assert "修缮桥梁" not in page
    assert "mark=will_miss" in client.get("/lights/misses/").content.decode()
