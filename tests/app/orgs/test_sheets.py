"""Tables of units, people and posts come in whole or not at all, and go out so that they come back unchanged."""

import io
from collections.abc import Sequence

import openpyxl
import pytest

from luoshi.core.models import Entry
from luoshi.orgs import actions
from luoshi.orgs.actions.sheets import HeadingMissing, SheetApplied, SheetHasErrors, SheetOutdated
from luoshi.orgs.models import Person, Post, Sheet, Unit, UnitName
from luoshi.orgs.queries import list_unit_facts
from luoshi.orgs.queries.sheets import list_export
from luoshi.orgs.rules import path_of
from luoshi.orgs.rules.sheets import COLUMNS
from luoshi.papers.tables import UnreadableTable, write_xlsx
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db
UNITS = ["单位代码", "单位名称", "简称", "别名", "层级", "类别", "上级单位代码", "排序", "生效日期"]


def workbook(*rows: Sequence[object]) -> bytes:
    return write_xlsx([("表", rows, [])])


def upload(cast: Cast, kind: str, *rows: Sequence[object], who: str = "office", name: str = "表.xlsx") -> Sheet:
    return actions.upload_sheet(
        kind, data=workbook(*rows), name=name, access=cast.access(who), by=cast[who], now=cast.now, today=cast.today
    )


def confirm(cast: Cast, sheet: Sheet, who: str = "office") -> dict[str, int]:
    return actions.apply_sheet(sheet, access=cast.access(who), by=cast[who], now=cast.now, today=cast.today)


def states(sheet: Sheet) -> dict[int, str]:
    return {row["row"]: row["state"] for row in sheet.rows}


def faults(sheet: Sheet) -> set[tuple[int, str, str]]:
    return {(row["row"], fault[0], fault[1]) for row in sheet.rows for fault in row["faults"]}


def test_preview_tells_each_row_by_the_sheets_own_number(cast: Cast) -> None:
    sheet = upload(
        cast, "units", UNITS,
        ["QH-LYJ", "青禾县林业局", "县林业局", "林业局；林草局", "部门", "", "QH", "", ""],
        ["", "", "", "", "", "", "", "", ""],
        ["QH-T01", "柳河镇人民政府", "柳河镇", "", "乡镇", "hills", "QH", "", ""],
        ["QH-T02", "石门乡人民政府", "石门乡", "", "township", "hills", "QH", "0", ""],
        ["QH-XXX", "无上级", "", "", "部门", "", "QH-NO", "", ""],
    )  # fmt: skip
    assert states(sheet) == {2: "created", 4: "changed", 5: "unchanged", 6: "error"}
    assert sheet.rows[1]["changes"] == {"category": ["plain", "hills"]}
    assert faults(sheet) == {(6, "parent_code", "no_unit")}
    assert Unit.objects.filter(code="QH-LYJ").count() == 0
    assert Entry.objects.count() == 0


def test_units_are_made_changed_and_moved_in_one_entry(cast: Cast) -> None:
    sheet = upload(
        cast, "units", UNITS,
        ["QH-T11-V01", "新村", "", "", "村", "", "QH-T11", "", ""],
        ["QH-T11", "新镇人民政府", "新镇", "新镇政府", "乡镇", "", "QH", "", "2026年3月1日"],
        ["QH-T01", "柳河街道办事处", "柳河街道", "", "乡镇", "town", "QH-T11", "5", ""],
    )  # fmt: skip
    assert confirm(cast, sheet) == {"created": 2, "changed": 1}
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == path_of(unit.pk, parent_path=(unit.parent.path or "") if unit.parent else "")
    assert Unit.objects.get(code="QH-T01-V02").path.startswith(Unit.objects.get(code="QH-T11").path or "-")  # type: ignore[union-attr]
    old = UnitName.objects.get(unit=cast.unit("QH-T01"), name="柳河镇人民政府")
    assert old.valid_to is not None
    assert str(Unit.objects.get(code="QH-T11").valid_from) == "2026-03-01"
    entry = Entry.objects.get()
    assert (entry.verb, entry.data["counts"]) == ("apply_sheet", {"created": 2, "changed": 1})
    assert entry.data["rows"][2]["changes"]["name"] == ["柳河镇人民政府", "柳河街道办事处"]


def test_two_units_change_places_in_one_sheet(cast: Cast) -> None:
    """What stood above comes to stand below; no order of single moves in the sheet would do."""
    sheet = upload(
        cast, "units", ["代码", "名称", "层级", "上级代码"],
        ["QH-T01", "柳河镇人民政府", "乡镇", "QH-T01-V01"],
        ["QH-T01-V01", "柳河镇新民村村民委员会", "村", "QH"],
    )  # fmt: skip
    confirm(cast, sheet)
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == path_of(unit.pk, parent_path=(unit.parent.path or "") if unit.parent else "")
    assert Unit.objects.get(code="QH-T01").parent == cast.unit("QH-T01-V01")


def test_sheet_with_one_error_changes_nothing(cast: Cast) -> None:
    sheet = upload(
        cast, "units", UNITS,
        ["QH-LYJ", "青禾县林业局", "", "", "部门", "", "QH", "", ""],
        ["QH-LYJ2", "", "", "", "星球", "", "QH", "x", "2026-02-30"],
    )  # fmt: skip
    assert faults(sheet) == {
        (3, "name", "missing"), (3, "level", "no_level"), (3, "sort", "no_number"), (3, "valid_from", "no_date")
    }  # fmt: skip
    with pytest.raises(SheetHasErrors):
        confirm(cast, sheet)
    assert not Unit.objects.filter(code="QH-LYJ").exists()


def test_sheet_is_applied_once(cast: Cast) -> None:
    sheet = upload(cast, "units", UNITS, ["QH-LYJ", "青禾县林业局", "", "", "部门", "", "QH", "", ""])
    confirm(cast, sheet)
    with pytest.raises(SheetApplied):
        confirm(cast, sheet)


def test_confirming_is_refused_when_the_tree_changed_meanwhile_and_a_fresh_preview_waits(cast: Cast) -> None:
    sheet = upload(cast, "units", UNITS, ["QH-T01", "柳河镇人民政府", "柳河", "", "乡镇", "plain", "QH", "", ""])
    actions.edit_unit(cast.unit("QH-T01"), level="township", category="hills", sort=0, by=cast["leader"], now=cast.now)
    with pytest.raises(SheetOutdated):
        confirm(cast, sheet)
    sheet.refresh_from_db()
    assert sheet.applied_at is None
    assert sheet.rows[0]["changes"]["category"] == ["hills", "plain"]
    assert confirm(cast, sheet) == {"changed": 1}


def test_a_circle_is_found_before_it_is_made(cast: Cast) -> None:
    sheet = upload(cast, "units", UNITS, ["QH-T01", "柳河镇人民政府", "", "", "乡镇", "", "QH-T01-V01", "", ""])
    assert faults(sheet) == {(2, "parent_code", "circle")}


def test_rows_outside_ones_units_are_refused(cast: Cast) -> None:
    sheet = upload(
        cast, "units", UNITS,
        ["QH-T02", "石门", "", "", "乡镇", "", "QH", "", ""],
        ["BS-CZJ", "白石", "", "", "部门", "", "BS", "", ""],
        ["NEW", "新根", "", "", "县级", "", "", "", ""],
        ["QH-T01-V09", "新村", "", "", "村", "", "QH-T01", "", ""],
        who="townhead",
    )  # fmt: skip
    assert faults(sheet) == {(2, "code", "not_yours"), (3, "code", "not_yours"), (4, "parent_code", "root")}
    assert states(sheet)[5] == "created"


def test_the_same_unit_twice_is_an_error_in_both_rows(cast: Cast) -> None:
    row = ["QH-LYJ", "青禾县林业局", "", "", "部门", "", "QH", "", ""]
    assert faults(upload(cast, "units", UNITS, row, row)) == {(2, "code", "repeated"), (3, "code", "repeated")}


def test_people_and_then_their_posts_come_in(cast: Cast) -> None:
    people = upload(
        cast, "people", ["Account *", "Name", "E-mail"],
        ["lin.yi", "林一", ""], ["townclerk", "何苗苗", "he@example.org"], ["office", "林岚", ""],
    )  # fmt: skip
    assert states(people) == {2: "created", 3: "changed", 4: "unchanged"}
    confirm(cast, people)
    assert not Person.objects.get(username="lin.yi").has_usable_password()
    posts = upload(
        cast, "posts", ["账号", "单位代码", "岗位类型", "职务", "任职日期", "离任日期"],
        ["lin.yi", "QH-T02", "承办人", "党政办科员", "2026-11-01", ""],
        ["townclerk", "QH-T01", "handler", "党政办主任", "", ""],
        ["LIN.YI", "QH-T01", "分管领导", "", "2026/11/1", "2026.12.31"],
    )  # fmt: skip
    assert states(posts) == {2: "created", 3: "changed", 4: "created"}
    confirm(cast, posts)
    assert {(p.unit.code, p.role) for p in Post.objects.filter(person__username="lin.yi")} == {
        ("QH-T02", "handler"), ("QH-T01", "sponsor")
    }  # fmt: skip
    assert Post.objects.get(person=cast["townclerk"]).title == "党政办主任"


def test_posts_that_overlap_end_early_or_name_nobody_are_errors(cast: Cast) -> None:
    sheet = upload(
        cast, "posts", ["账号", "单位代码", "岗位类型", "职务", "任职日期", "离任日期"],
        ["townclerk", "QH-T01", "承办人", "", "2026-11-01", ""],
        ["townclerk", "QH-T02", "承办人", "", "2026-11-01", "2026-10-01"],
        ["nobody", "QH-T09", "承办人", "", "", ""],
        ["outsider", "QH-T01", "承办人", "", "", ""],
        ["townhead", "BS", "船长", "", "", ""],
    )  # fmt: skip
    assert faults(sheet) == {
        (2, "from_date", "overlaps"), (3, "to_date", "ends_before"), (4, "username", "no_person"),
        (4, "unit_code", "no_unit"), (5, "username", "no_person"), (6, "unit_code", "not_yours"),
        (6, "role", "no_role"),
    }  # fmt: skip


def test_an_account_above_ones_own_units_is_not_changed_by_a_sheet(cast: Cast) -> None:
    sheet = upload(
        cast,
        "people",
        ["账号", "姓名", "可登录"],
        ["leader", "周文", "否"],
        ["townclerk", "何苗", "否"],
        who="townhead",
    )
    assert faults(sheet) == {(2, "username", "not_yours")}
    assert states(sheet)[3] == "changed"


@pytest.mark.parametrize("kind", ["units", "people", "posts"])
@pytest.mark.parametrize("who", ["office", "admin"])
def test_export_reads_back_unchanged(cast: Cast, kind: str, who: str) -> None:
    for chinese in (True, False):
        heading = [column.chinese if chinese else column.english for column in COLUMNS[kind]]
        rows = list(list_export(kind, access=cast.access(who), today=cast.today))
        sheet = upload(cast, kind, heading, *rows, who=who)
        assert len(rows) >= 9
        assert set(states(sheet).values()) == {"unchanged"}, faults(sheet)


def test_export_holds_only_what_one_administers(cast: Cast) -> None:
    codes = {row[0] for row in list_export("units", access=cast.access("townhead"), today=cast.today)}
    assert codes == {"QH-T01", "QH-T01-V01", "QH-T01-V02"}
    assert list(list_export("units", access=cast.access("townclerk"), today=cast.today)) == []


def test_csv_in_gb18030_is_read(cast: Cast) -> None:
    data = "单位代码,单位名称,层级,上级单位代码\nQH-LYJ,青禾县林业局,部门,QH\n".encode("gb18030")
    sheet = actions.upload_sheet(
        "units", data=data, name="单位.CSV", access=cast.access("office"), by=cast["office"], now=cast.now,
        today=cast.today,
    )  # fmt: skip
    assert states(sheet) == {2: "created"}


def test_what_people_keep_in_real_workbooks_is_read(cast: Cast) -> None:
    """A title above the heading, numbers and dates as such, an unused column, blanks at the right."""
    from datetime import datetime

    book = openpyxl.Workbook()
    table = book.active
    assert table is not None
    table.append(["青禾县单位一览表"])
    table.append(["序号", "单位代码", "单位名称 *", "层级（必填）", "上级单位代码", "排序", "生效日期"])
    table.append([1, 1001, " 青禾县 林业局 ", "部门", "QH", 3.0, datetime(2026, 3, 1)])
    file = io.BytesIO()
    book.save(file)
    sheet = actions.upload_sheet(
        "units", data=file.getvalue(), name="a.xlsx", access=cast.access("office"), by=cast["office"], now=cast.now,
        today=cast.today,
    )  # fmt: skip
    assert states(sheet) == {3: "created"}
    assert sheet.rows[0]["values"] == {
        "code": "1001", "name": "青禾县 林业局", "level": "department", "parent_code": "QH", "sort": "3",
        "valid_from": "2026-03-01",
    }  # fmt: skip


def test_sheet_without_its_headings_is_refused(cast: Cast) -> None:
    with pytest.raises(HeadingMissing):
        upload(cast, "units", ["名称", "层级"], ["甲", "村"])


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.docx"])
def test_hostile_file_is_refused_and_nothing_stored(cast: Cast, name: str) -> None:
    with pytest.raises(UnreadableTable):
        actions.upload_sheet(
            "units", data=b"MZ\x90\x00\xff\xff\x00" * 50, name=name, access=cast.access("office"), by=cast["office"],
            now=cast.now, today=cast.today,
        )  # fmt: skip
    assert Sheet.objects.count() == 0


def test_a_thousand_units_come_in_with_few_queries(cast: Cast, django_assert_max_num_queries: object) -> None:
    rows = [
        [f"V{n}", f"村{n}", "", f"别名{n}", "村", "", "QH-T01" if n < 500 else f"V{n - 500}", "", ""]
        for n in range(1000)
    ]
    sheet = upload(cast, "units", UNITS, *rows)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        confirm(cast, sheet)
    assert len(list_unit_facts(cast.unit("QH-T01").path or "")) == 1003
    assert Unit.objects.get(code="V999").path == path_of(
        Unit.objects.get(code="V999").pk, parent_path=Unit.objects.get(code="V499").path or ""
    )
