"""Workbooks that leave, are edited elsewhere and come back."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.ledger.actions.importing import WorkbookHasErrors, WorkbookOutdated, WorkbookUndecided, apply_workbook
from luoshi.ledger.actions.workbooks import choose_for_rows, keep_workbook, read_workbook
from luoshi.ledger.models import Workbook
from luoshi.ledger.queries.sheets import plan_sheet, write_for_editing
from luoshi.orgs.queries import get_access
from luoshi.tasks.actions import UnexplainedInflation
from luoshi.tasks.models import Inflation, Task
from tests.factories.work import make_task


class Desk:
    """Somebody at a desk: exports, edits in a spreadsheet, uploads, imports."""

    def __init__(self, cast, who="office", *, owner="QH", layout="", parent=None):
        self.cast, self.person = cast, cast[who]
        self.access = get_access(self.person, today=cast.today)
        self.owner, self.layout, self.parent = cast.unit(owner) if owner else None, layout, parent

    def export(self, tasks=None):
        file = io.BytesIO()
        tasks = Task.objects.all() if tasks is None else tasks
        write_for_editing(
            file, tasks, plan=plan_sheet(self.access), title="台账", access=self.access, by=self.person,
            now=self.cast.now, today=self.cast.today, policy=get_policy(),
        )  # fmt: skip
        return load_workbook(io.BytesIO(file.getvalue()))

    def upload(self, book, name="台账.xlsx"):
        if not isinstance(book, bytes):
            file = io.BytesIO()
            book.save(file)
            book = file.getvalue()
        kept = keep_workbook(
            book, name=name, by=self.person, now=self.cast.now, owner=self.owner, parent=self.parent,
            layout=self.layout,
        )  # fmt: skip
        read_workbook(kept, access=self.access, now=self.cast.now, today=self.cast.today)
        return kept

    def apply(self, kept, reason=""):
        kept.refresh_from_db()
        return apply_workbook(
            kept, access=self.access, by=self.person, now=self.cast.now, today=self.cast.today, reason=reason
        )


def places(sheet):
    return {cell.value: cell.column for cell in sheet[1]}


def find(sheet, task):
    column = places(sheet)["编号"]
    return next(row[0].row for row in sheet.iter_rows(min_row=2) if row[column - 1].value == task.code)


def put(sheet, task, **cells):
    row = task if isinstance(task, int) else find(sheet, task)
    for heading, value in cells.items():
        sheet.cell(row, places(sheet)[heading]).value = value


def rows_of(kept):
    return {row.number: row for row in kept.rows.all()}


@pytest.fixture
def desk(cast):
    return Desk(cast)


def draft(cast, title, **fields):
    return make_task(cast, title, state="draft", **fields)


def test_untouched_workbook_asks_for_nothing(cast, desk):
    words = "第一行\n第二行 " + "长" * 300
    target = {"target_op": ">=", "target_value": "2.5", "target_unit": "万亩"}
    parent = draft(cast, "粮食安全", requirement=words, co=["QH-SLJ", "QH-CZJ"], **target)
    draft(cast, "高标准农田", parent=parent)
    kept = desk.upload(desk.export())
    kept.refresh_from_db()
    assert (kept.state, kept.problem) == ("read", "")
    assert kept.counts == {"rows": 2, "same": 2, "gone": 0, "blind": False}
    assert not kept.rows.exists()


def test_edited_cells_new_rows_and_moves_are_done_in_one_act(cast, desk):
    one, two = draft(cast, "粮食安全"), draft(cast, "水利建设")
    part = draft(cast, "高标准农田", parent=one)
    book = desk.export()
    sheet = book.worksheets[0]
    put(
        sheet,
        one,
        任务="粮食安全和种业",
        时限="2026年11月30日",
        重要程度="重点",
        牵头="县水利局",
        配合单位="县财政局、柳河镇",
    )
    put(sheet, part, 上级任务编号=two.code)
    put(sheet, sheet.max_row + 1, 任务="新建三座水库", 上级任务编号=two.code, 时限=date(2026, 12, 1), 牵头="县水利局")
    kept = desk.upload(book)
    assert [(r.state, r.data["faults"]) for r in kept.rows.all()] == [("changed", []), ("changed", []), ("new", [])]
    before = Entry.objects.count()
    assert desk.apply(kept) == {"new": 1, "changed": 1, "moved": 1}
    assert Entry.objects.count() == before + 1
    one.refresh_from_db()
    assert (one.title, one.due_date, one.tier) == ("粮食安全和种业", date(2026, 11, 30), 2)
    assert sorted(one.duties.values_list("role", "unit__code")) == [
        ("co", "QH-CZJ"),
        ("co", "QH-T01"),
        ("lead", "QH-SLJ"),
    ]
    part.refresh_from_db()
    assert part.parent == two
    assert part.path.startswith(two.path)
    new = Task.objects.get(title="新建三座水库")
    assert (new.parent, new.state, new.due_date, new.owner) == (two, "draft", date(2026, 12, 1), two.owner)
    assert new.duties.get().unit == cast.unit("QH-SLJ")


def test_cell_changed_here_and_in_the_file_waits_for_a_choice(cast, desk):
    one = draft(cast, "粮食安全")
    book = desk.export()
    Task.objects.filter(pk=one.pk).update(title="粮食和能源安全", version=2)
    put(book.worksheets[0], one, 任务="粮食安全责任制", 标准="考核优秀")
    kept = desk.upload(book)
    row = kept.rows.get()
    assert row.state == "conflict"
    assert ["title", "粮食安全", "粮食和能源安全", "粮食安全责任制", True] in row.data["cells"]
    with pytest.raises(WorkbookUndecided):
        desk.apply(kept)
    choose_for_rows(kept, choice="keep")
    desk.apply(kept)
    one.refresh_from_db()
    assert (one.title, one.standard) == ("粮食和能源安全", "考核优秀")


def test_errors_are_named_by_their_rows_and_nothing_is_imported(cast, desk):
    one, two = draft(cast, "粮食安全"), draft(cast, "水利建设")
    sent = make_task(cast, "已交办的事")
    book = desk.export()
    sheet = book.worksheets[0]
    put(sheet, one, 时限="不久", 牵头="县没有局", 重要程度="最高", 权重="很多")
    put(sheet, two, 上级任务编号="QH-2026-99999", 任务=None)
    put(sheet, sent, 任务="改了名字", 时限="2027-01-01")
    kept = desk.upload(book)
    faults = {n: {tuple(f[:2]) for f in row.data["faults"]} for n, row in rows_of(kept).items()}
    assert faults == {
        find(sheet, one): {
            ("due_date", "no_date"),
            ("lead", "no_unit"),
            ("tier", "no_choice"),
            ("weight", "no_number"),
        },
        find(sheet, two): {("parent", "no_parent"), ("title", "missing")},
        find(sheet, sent): {("title", "settled"), ("due_date", "settled")},
    }
    with pytest.raises(WorkbookHasErrors):
        desk.apply(kept)
    one.refresh_from_db()
    assert one.version == 1


def test_preview_that_is_out_of_date_is_made_anew(cast, desk):
    one = draft(cast, "粮食安全")
    book = desk.export()
    put(book.worksheets[0], one, 任务="粮食安全责任制")
    kept = desk.upload(book)
    Task.objects.filter(pk=one.pk).update(title="别的名字", version=2)
    with pytest.raises(WorkbookOutdated):
        desk.apply(kept)
    assert Workbook.objects.get(pk=kept.pk).state == "read"
    assert kept.rows.get().state == "conflict"


def test_moves_that_exchange_parent_and_part_need_no_luck(cast, desk):
    """B stands under A; afterwards B is a task of its own and A stands under B."""
    one = draft(cast, "甲")
    two = draft(cast, "乙", parent=one)
    three = draft(cast, "丙", parent=two)
    book = desk.export()
    sheet = book.worksheets[0]
    put(sheet, one, 上级任务编号=two.code)
    put(sheet, two, 上级任务编号=None, 级次=1)
    kept = desk.upload(book)
    assert {row.state for row in kept.rows.all()} == {"changed"}, [r.data["faults"] for r in kept.rows.all()]
    desk.apply(kept)
    for task in (one, two, three):
        task.refresh_from_db()
    assert (one.parent, two.parent, three.parent) == (two, None, two)
    assert one.path.startswith(two.path)
    assert three.path.startswith(two.path)


def test_task_is_not_placed_under_itself_even_by_two_rows(cast, desk):
    one, two = draft(cast, "甲"), draft(cast, "乙")
    book = desk.export()
    put(book.worksheets[0], one, 上级任务编号=two.code)
    put(book.worksheets[0], two, 上级任务编号=one.code)
    faults = [fault[1] for row in desk.upload(book).rows.all() for fault in row.data["faults"]]
    assert faults == ["circle", "circle"]


def test_more_than_was_asked_from_above_needs_a_reason_in_a_workbook_too(cast, desk, signed_in):
    above = make_task(cast, "全县任务", lead="QH-NYJ", cadence="quarterly")
    part = make_task(cast, "柳河镇部分", owner="QH", lead="QH-T01", parent=above, cadence="quarterly")
    book = desk.export()
    put(book.active, part, 报送周期="每周")
    kept = desk.upload(book)
    with pytest.raises(UnexplainedInflation):
        desk.apply(kept)
    part.refresh_from_db()
    assert part.cadence == "quarterly"
    page = signed_in("office").post(f"/ledger/workbooks/{kept.pk}/apply/")
    assert page.status_code == 409
    assert 'name="reason"' in page.content.decode()
    desk.apply(kept, reason="汛期每周调度")
    part.refresh_from_db()
    assert part.cadence == "weekly"
    assert Inflation.objects.get(part=part).reason == "汛期每周调度"
    assert Entry.objects.get(verb="apply_workbook").data["reason"] == "汛期每周调度"
