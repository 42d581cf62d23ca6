"""Files that somebody broke, padded or poisoned: each is survived, and its sender told what to do."""

import csv
import io
import re
import resource
import time
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from luoshi.ledger.actions.workbooks import keep_workbook
from luoshi.tasks.models import Task
from tests.app.ledger.test_workbook_pages import ZH, bring_back, content, take_out
from tests.app.ledger.test_workbooks import Desk, draft, put
from tests.factories.books import xls

pytestmark = pytest.mark.one_database

FORMULAS = ("=cmd|' /C calc'!A0", "+86办公电话", "-1不计", "@SUM(A1:A9)", '=HYPERLINK("//x.test","看")')
FORMULA = re.compile(rb"<f[\s/>]")
BLANKS = 1_000_000
SHEET = "xl/worksheets/sheet1.xml"
MEGABYTES = 700  # of the reading process; the web process reads nothing itself


def saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_of(*rows) -> Book:
    book = Book()
    for row in rows:
        book.active.append(row)
    return book


def with_part(data: bytes, name: str, change) -> bytes:
    """The workbook with one of its parts changed; a part that is not there is added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return file.getvalue()


@pytest.fixture
def desk(cast):
    return Desk(cast)


@pytest.fixture
def told(cast, signed_in):
    """What the page says of a workbook."""

    def page_of(kept) -> str:
        return signed_in("office").get(f"/ledger/workbooks/{kept.pk}/", headers=ZH).content.decode()

    return page_of


def test_what_looks_like_a_formula_comes_in_and_goes_out_as_text(cast, desk, signed_in):
    tasks = [draft(cast, f"任务{n}") for n in range(len(FORMULAS))]
    book = desk.export()
    for task, words in zip(tasks, FORMULAS, strict=True):
        put(book.worksheets[0], task, 任务=words, 要求=f"\t{words}")
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"  # typed with an apostrophe before it
    desk.apply(desk.upload(book))
    client = signed_in("office")
    assert set(Task.objects.values_list("title", flat=True)) == set(FORMULAS)
    for address in ("edit.xlsx", "export.xlsx", "table.xlsx"):
        data = content(client.get(f"/ledger/{address}?state=all&layout=breakdown", headers=ZH))
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            assert not any(FORMULA.search(parts.read(name)) for name in parts.namelist() if "sheet" in name), address
            assert not any("hyperlink" in parts.read(name).decode() for name in parts.namelist() if "rels" in name)
        cells = [cell for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in row]
        assert {cell.value for cell in cells} >= set(FORMULAS), address
    text = content(client.get("/ledger/export.csv?state=all", headers=ZH)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t") and cell] == []


def test_formula_gives_its_value_and_without_one_its_own_words(cast, desk):
    one, two = draft(cast, "甲"), draft(cast, "乙")
    book = desk.export()
    put(book.worksheets[0], one, 任务="=1+1")
    put(book.worksheets[0], two, 标准='="到"&"位"')
    data = with_part(saved(book), SHEET, lambda xml: xml.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"))
    data = with_part(data, SHEET, lambda xml: xml.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>"))
    desk.apply(desk.upload(data))
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.title, two.standard) == ("2", '="到"&"位"')


def test_error_of_a_formula_is_named_by_its_row(cast, desk, told):
    one = draft(cast, "甲")
    book = desk.export()
    put(book.worksheets[0], one, 标准="#REF!")
    kept = desk.upload(book)
    assert [row.data["faults"][0][:2] for row in kept.rows.all()] == [["standard", "formula_error"]]
    assert "是公式错误" in told(kept)


def blank_rows(xml: bytes, row: str) -> bytes:
    """A million rows more, in which nothing stands but a style."""
    first = xml.count(b"<row ") + 1
    rows = "".join(row % {"n": n} for n in range(first, BLANKS)).encode()
    return xml.replace(b"</sheetData>", rows + b"</sheetData>")


def named_wide(xml: bytes) -> bytes:
    """A sheet that says that it is full to its last cell."""
    before, _dimension, rest = xml.partition(b"<dimension")
    return before + b'<dimension ref="A1:XFD1048576"/>' + rest.partition(b">")[2]


@pytest.mark.parametrize(
    "row",
    ['<row r="%(n)s" s="1" customFormat="1"/>', '<row r="%(n)s"><c r="A%(n)s" s="1"/><c r="B%(n)s" s="1"/></row>'],
    ids=["styled rows", "styled cells"],
)
def test_million_blank_rows_are_survived_within_bounds(cast, desk, row):
    one = draft(cast, "甲")
    book = desk.export()
    put(book.worksheets[0], one, 标准="验收合格")
    data = with_part(with_part(saved(book), SHEET, named_wide), SHEET, lambda xml: blank_rows(xml, row))
    began = time.monotonic()
    kept = desk.upload(data)
    kept.refresh_from_db()
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{time.monotonic() - began:.1f} s, {child} MB in the reading process")
    assert (kept.state, kept.problem, kept.counts["rows"]) == ("read", "", 1)
    assert [r.data["wish"] for r in kept.rows.all()] == [{"standard": "验收合格"}]
    assert time.monotonic() - began < 30
    assert child < MEGABYTES


def test_rows_that_are_counted_rather_than_numbered_keep_their_places(desk):
    """Some programs leave the numbers out; a blank row then counts like any other."""
    bare = re.compile(rb' r="[A-Z]*[0-9]+"')
    data = saved(book_of(["任务", "级次"], [None, None], ["修渠", 1]))
    blank = b"<row><c/><c/></row>"
    data = with_part(data, SHEET, lambda xml: bare.sub(b"", xml).replace(b"</row><row", b"</row>" + blank + b"<row", 1))
    assert [row.number for row in desk.upload(data).rows.all()] == [4]


def more_rows(book: Book) -> None:
    for number in range(121_000):
        book.active.append([f"第{number}项"])


def far_column(book: Book) -> None:
    book.active.cell(2, 300).value = "远处"


@pytest.mark.parametrize("spoil", [more_rows, far_column])
def test_more_than_can_be_read_is_refused_with_the_remedy(desk, told, spoil):
    book = book_of(["任务"], ["甲"])
    spoil(book)
    kept = desk.upload(book)
    kept.refresh_from_db()
    assert (kept.state, kept.problem) == ("refused", "too_large")
    assert "请删除与表格无关的内容，或拆分文件" in told(kept)


def test_merged_headings_of_two_rows_are_read(cast, desk):
    book = book_of(
        ["青禾县2026年重点工作任务分解表"], [None], ["序号", "任务", "责任分工", None, "完成时限"],
        [None, None, "牵头单位", "配合单位", None], [1, "修渠", "县水利局", "县财政局", "2026年12月31日"],
    )  # fmt: skip
    for area in ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4"):
        book.active.merge_cells(area)
    desk.layout = "breakdown"
    kept = desk.upload(book)
    row = kept.rows.get()
    assert row.number == 5
    assert row.data["wish"] == {"title": "修渠", "lead": "县水利局", "co": "县财政局", "due_date": "2026-12-31"}


@pytest.mark.parametrize("lies", [False, True], ids=["honest", "lying directory"])
def test_zip_bomb_is_refused_before_it_is_unpacked(desk, told, lies):
    bomb = with_part(saved(book_of(["任务"], ["甲"])), SHEET, lambda xml: xml + b"<!--" + b" " * 600_000_000 + b"-->")
    if lies:
        size = zipfile.ZipFile(io.BytesIO(bomb)).getinfo(SHEET).file_size.to_bytes(4, "little")
        bomb = bomb.replace(size, (1000).to_bytes(4, "little"))
    began = time.monotonic()
    kept = desk.upload(bomb)
    kept.refresh_from_db()
    assert kept.state == "refused"
    assert kept.problem in ("expands_too_far", "broken")
    assert time.monotonic() - began < 20
    assert "另存为" in told(kept) or "复制到新工作簿" in told(kept)


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_entities_are_refused_in_every_part(desk, told, part, coding):
    def poisoned(xml: bytes) -> bytes:
        text = xml.decode() or "<sst/>"
        body = text.partition("?>")[2] if text.startswith("<?xml") else text
        return f'<?xml version="1.0" encoding="{coding}"?>{ENTITY}{body.replace("甲", "&e;")}'.encode(coding)

    kept = desk.upload(with_part(saved(book_of(["任务"], ["甲"])), part, poisoned))
    kept.refresh_from_db()
    assert (kept.state, kept.problem) == ("refused", "unsafe")
    assert "用不到的声明" in told(kept)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xls({"台账": {(0, 0): "任务", (1, 0): "修渠"}}), "台账.xls"),
        (xls({"台账": {(0, 0): "任务", (1, 0): "修渠"}}), "台账.xlsx"),
        ("任务,时限\n修渠,2026-12-31\n".encode(), "台账.xlsx"),
        (saved(book_of(["任务"], ["修渠"])), "台账.csv"),
        (b"%PDF-1.7\n1 0 obj\n", "台账.xlsx"),
        (b"\x89PNG\r\n\x1a\n0000", "台账.xlsx"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "台账.xlsx"),
    ],
    ids=["xls", "xls as xlsx", "csv as xlsx", "xlsx as csv", "pdf", "png", "html"],
)
def test_another_kind_under_a_borrowed_name_is_told_how_to_be_saved(desk, told, data, name):
    kept = desk.upload(data, name=name)
    kept.refresh_from_db()
    assert (kept.state, kept.problem) == ("refused", "wrong_content")
    assert "另存为.xlsx后再上传" in told(kept)
    assert not Task.objects.exists()


def test_sheets_that_nobody_sees_are_not_imported(desk):
    book = book_of(["任务", "级次"], ["修渠", 1])
    for title, state in (("暗表", "hidden"), ("更暗", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in (["任务", "时限", "牵头", "标准", "级次"], ["暗度陈仓", None, None, None, 1]):
            sheet.append(row)
    kept = desk.upload(book)
    assert [row.data["title"] for row in kept.rows.all()] == ["修渠"]


def test_rows_that_a_filter_hides_are_imported_like_the_others(desk):
    book = book_of(["任务", "级次"], ["修渠", 1], ["筑坝", 1])
    book.active.row_dimensions[3].hidden = True
    assert [row.data["title"] for row in desk.upload(book).rows.all()] == ["修渠", "筑坝"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("２０２６－１１－２０", "2026-11-20"), ("2026年11月20日", "2026-11-20"), (" 2026/11/20 ", "2026-11-20"),
        ("2026.11.20", "2026-11-20"), ("20261120", "2026-11-20"), (46346, "2026-11-20"),
        (date(2026, 11, 20), "2026-11-20"), ("11月底前", "2026-11-30"), ("２０２６年１１月", "2026-11-30"),
    ],
)  # fmt: skip
def test_date_is_read_however_it_was_typed(desk, typed, day):
    row = desk.upload(book_of(["任务", "级次", "时限"], ["修渠", 1, typed])).rows.get()
    assert (row.state, row.data["wish"]["due_date"]) == ("new", day), row.data["faults"]


@pytest.mark.parametrize(
    ("heading", "typed", "value"),
    [
        ("权重", "１２．５", "12.5"), ("权重", " 3 ", "3"), ("权重", 0.1 + 0.2, "0.3"), ("级次", "１", None),
        ("目标值", "≥２，０００．５ 万亩", ">=2000.5 万亩"), ("目标值", "2,000户", "2000 户"),
    ],
)  # fmt: skip
def test_number_is_read_however_it_was_typed(desk, heading, typed, value):
    row = desk.upload(book_of(["任务", heading, "上级任务编号"], ["修渠", typed, None])).rows.get()
    names = {"权重": "weight", "目标值": "target", "级次": "level"}
    assert row.data["wish"].get(names[heading]) == value
    assert [fault for fault in row.data["faults"] if fault[0] == names[heading]] == []


@pytest.mark.parametrize(
    ("heading", "typed", "words"),
    [
        ("时限", "不久", "时限 “不久” 不是日期：请写成 2026-11-20 这样"),
        ("时限", "2026-02-30", "时限 “2026-02-30” 不是日期"),
        ("权重", "很重", "权重 “很重” 不是"),
        ("权重", "１．２３４５", "权重 “１．２３４５” 不是"),
        ("牵头", "查无此局", "牵头 “查无此局” "),
        ("重要程度", "最高", "重要程度 “最高” "),
        ("任务", None, "任务 为空：请填写"),
        ("任务", "长" * 301, "任务 “" + "长" * 80),
        ("上级任务编号", "QH-1999-0001", "QH-1999-0001"),
    ],
)
def test_what_cannot_be_read_is_named_by_row_column_and_remedy(cast, signed_in, heading, typed, words):
    one, two = draft(cast, "甲"), draft(cast, "乙")
    client = signed_in("office")
    book = take_out(client)
    put(book.worksheets[0], two, **{heading: typed})
    text = client.get(bring_back(client, book), headers=ZH).content.decode()
    assert words in text
    assert '<td class="num row-number" data-label="行号">3</td>' in text
    assert text.count('<tr class="row-') == 1
    assert one.title == Task.objects.get(pk=one.pk).title


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\0" * 400], ids=str)
def test_scraps_are_refused_without_a_trace(desk, told, data):
    kept = desk.upload(data)
    kept.refresh_from_db()
    assert kept.state == "refused"
    assert 'role="alert"' in told(kept)


def test_name_of_a_file_leads_nowhere(cast):
    kept = keep_workbook(
        b"x", name="../../etc/cron.d/台账.xlsx", by=cast["office"], now=cast.now, owner=cast.unit("QH")
    )
    assert kept.file_name == "台账.xlsx"
    assert kept.file.name.startswith("workbooks/2026/")
    assert ".." not in kept.file.name
