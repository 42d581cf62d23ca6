"""The pages of workbooks: upload, comparison, choice, import; layouts; official paper out."""

import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from luoshi.ledger.models import Layout, Workbook
from luoshi.tasks.models import Task
from tests.app.ledger.test_workbooks import draft, put
from tests.factories.work import make_county_work, make_task

ZH = {"accept-language": "zh-CN"}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def take_out(client, query=""):
    return load_workbook(io.BytesIO(content(client.get(f"/ledger/edit.xlsx?state=all&{query}", headers=ZH))))


def bring_back(client, book, **fields):
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "台账.xlsx"
    response = client.post("/ledger/workbooks/", {"file": file, **fields}, headers=ZH)
    assert response.status_code == 302, response.content.decode()[:3000]
    return response["Location"]


def test_whole_round_trip_over_the_pages(cast, signed_in):
    one = draft(cast, "粮食安全")
    client = signed_in("office")
    book = take_out(client)
    put(book.worksheets[0], one, 任务="粮食安全责任制", 权重=2)
    put(book.worksheets[0], 3, 任务="新开的渠", 级次=1)
    page = bring_back(client, book)
    text = client.get(page, headers=ZH).content.decode()
    assert "<del>粮食安全</del> <ins>粮食安全责任制</ins>" in text
    assert "全部导入" in text
    response = client.post(f"{page}apply/", headers=ZH, follow=True)
    assert "已导入：新增1项，修改1项，移动0项" in response.content.decode()
    one.refresh_from_db()
    assert (one.title, one.weight) == ("粮食安全责任制", 2)
    assert Task.objects.get(title="新开的渠").owner == cast.unit("QH")


def test_conflict_is_shown_with_all_three_values_and_chosen(cast, signed_in):
    one = draft(cast, "粮食安全")
    client = signed_in("office")
    book = take_out(client)
    Task.objects.filter(pk=one.pk).update(title="粮食和能源安全")
    put(book.worksheets[0], one, 任务="粮食安全责任制")
    page = bring_back(client, book)
    text = client.get(page, headers=ZH).content.decode()
    assert all(words in text for words in ("导出时: 粮食安全", "<b>粮食和能源安全</b>", "<b>粮食安全责任制</b>"))
    assert "全部导入" not in text
    client.post(f"{page}choose/", {"choice": "over", "row": "2"})
    client.post(f"{page}apply/")
    one.refresh_from_db()
    assert one.title == "粮食安全责任制"


def test_error_names_the_row_the_column_and_the_remedy(cast, signed_in):
    one = draft(cast, "粮食安全")
    client = signed_in("office")
    book = take_out(client)
    put(book.worksheets[0], one, 时限="不久以后")
    text = client.get(bring_back(client, book), headers=ZH).content.decode()
    assert "时限 “不久以后” 不是日期：请写成 2026-11-20 这样" in text
    assert 'data-label="行号">2</td>' in text


def test_unknown_heading_is_asked_about_and_may_stand_for_a_field(cast, signed_in):
    client = signed_in("office")
    book = Book()
    book.active.append(["任务", "干到什么样", "级次"])
    book.active.append(["修渠", "通水", 1])
    page = bring_back(client, book)
    assert "干到什么样" in client.get(page, headers=ZH).content.decode()
    client.post(f"{page}headings/", {"heading-干到什么样": "standard"})
    client.post(f"{page}apply/")
    assert Task.objects.get(title="修渠").standard == "通水"


def test_table_made_elsewhere_becomes_drafts_under_its_themes(cast, signed_in):
    book = Book()
    sheet = book.active
    sheet.append(["2026年重点工作任务分解表"])
    sheet.merge_cells("A1:E1")
    sheet.append(["主题", "任务", "牵头领导", "牵头单位", "配合单位", "完成时限"])
    sheet.append(["农业", "建成高标准农田2.5万亩", "高明", "县农业农村局", "县水利局、县财政局", "12月底前"])
    sheet.append([None, "修复水毁工程", "高明", "县水利局", "各乡镇、不知名办公室", "长期坚持"])
    sheet.merge_cells("A3:A4")
    client = signed_in("office")
    page = bring_back(client, book, layout="breakdown_leaders", owner=cast.unit("QH").pk)
    text = client.get(page, headers=ZH).content.decode()
    assert "全部导入" in text, text
    client.post(f"{page}apply/")
    theme = Task.objects.get(title="农业")
    farm, repair = Task.objects.filter(parent=theme).order_by("code")
    assert (farm.due_date.isoformat(), farm.sponsor) == ("2026-12-31", cast["sponsor"])
    assert sorted(farm.duties.values_list("role", "unit__code")) == [
        ("co", "QH-CZJ"), ("co", "QH-SLJ"), ("lead", "QH-NYJ")
    ]  # fmt: skip
    assert "时限：长期坚持" in repair.requirement
    assert {(d.role, d.written_name or d.selector) for d in repair.duties.filter(unit=None)} >= {("co", "不知名办公室")}


def test_somebody_else_s_workbook_is_not_there(cast, signed_in):
    draft(cast, "粮食安全")
    page = bring_back(signed_in("office"), take_out(signed_in("office")))
    assert signed_in("leader").get(page).status_code == 404


def test_set_aside_workbook_leaves_nothing_behind(cast, signed_in):
    draft(cast, "粮食安全")
    client = signed_in("office")
    page = bring_back(client, take_out(client))
    kept = Workbook.objects.get()
    assert kept.file.storage.exists(kept.file.name)
    client.post(f"{page}drop/")
    assert not kept.file.storage.exists(kept.file.name)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("who", ["observer", "admin"])
def test_who_only_looks_on_brings_nothing_back(cast, signed_in, who):
    assert signed_in(who).post("/ledger/workbooks/").status_code == 403


def test_layout_is_copied_adapted_and_used_both_ways(cast, signed_in):
    one = draft(cast, "粮食安全", co=["QH-SLJ"])
    client = signed_in("office")
    made = client.post(
        "/ledger/layouts/", {"copy": "breakdown", "unit": cast.unit("QH").pk, "name": "本县分解表"}, headers=ZH
    )
    layout = Layout.objects.get()
    assert made["Location"] == reverse("ledger:layout", args=[layout.pk])
    columns = {"heading": ["干什么", "谁来干", "谁来帮", ""], "field": ["title", "lead", "co", "due_date"]}
    answer = client.post(made["Location"], {"name": "本县分解表", **columns}, headers=ZH)
    assert answer.status_code == 302, answer.content.decode()
    sheet = load_workbook(
        io.BytesIO(content(client.get(f"/ledger/table.xlsx?state=all&layout=own-{layout.pk}", headers=ZH)))
    ).active
    assert [cell.value for cell in sheet[1]] == ["干什么", "谁来干", "谁来帮"]
    book = take_out(client, f"layout=own-{layout.pk}")
    put(book.worksheets[0], one, 干什么="粮食安全责任制", 谁来帮="县财政局")
    page = bring_back(client, book)
    client.post(f"{page}apply/")
    one.refresh_from_db()
    assert one.title == "粮食安全责任制"
    assert list(one.duties.filter(role="co").values_list("unit__code", flat=True)) == ["QH-CZJ"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"heading": ["谁"], "field": ["lead"]}, "必须有一列是任务本身"),
        ({"heading": ["事", "事"], "field": ["title", "lead"]}, "“事”出现了两次"),
    ],
)
def test_layout_without_sense_is_refused_with_the_reason(cast, signed_in, columns, words):
    layout = Layout.objects.create(
        unit=cast.unit("QH"), name="表", columns=[["事", "title"]], created_by=cast["office"], created_at=cast.now
    )
    answer = signed_in("office").post(f"/ledger/layouts/{layout.pk}/", columns, headers=ZH)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_word_table_is_set_by_the_standard(cast, signed_in):
    make_county_work(cast)
    response = signed_in("office").get("/ledger/table.docx?state=all", headers=ZH)
    paper = Document(io.BytesIO(content(response)))
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [round(m.mm) for m in (section.top_margin, section.bottom_margin)] == [28, 26]
    title = paper.paragraphs[0].runs[0]
    assert (title.text, title.font.size.pt) == ("任务分解表", 22)
    assert title._element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    table = paper.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "任务", "牵头单位", "配合单位", "完成时限"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert len(table.rows) == 1 + Task.objects.count()
    faces = {f.get(qn("w:eastAsia")) for f in table._tbl.iter(qn("w:rFonts"))}
    assert faces == {"黑体", "仿宋_GB2312"}
    assert "— " in section.footer.paragraphs[0].text
    assert paper.settings.odd_and_even_pages_header_footer


def test_task_s_sheet_says_who_until_when_and_what_happened(cast, signed_in):
    task = make_task(cast, "粮食安全", co=["QH-SLJ"], standard="考核优秀")
    response = signed_in("office").get(f"/tasks/{task.pk}/sheet.docx", headers=ZH)
    paper = Document(io.BytesIO(content(response)))
    words = "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    assert all(part in words for part in (task.code, "考核优秀", "县农业农村局", "县水利局", "2026-12-20"))
    assert [round(m.mm) for m in (paper.sections[0].top_margin, paper.sections[0].left_margin)] == [37, 28]


@pytest.fixture
def kept(cast, signed_in):
    """A workbook of many rows that waits: changes, moves, new rows and one error, and a layout of the county."""
    above = draft(cast, "上级")
    tasks = [draft(cast, f"任务{n}") for n in range(60)]
    client = signed_in("office")
    book = take_out(client)
    sheet = book.worksheets[0]
    for n, task in enumerate(tasks):
        put(sheet, task, 任务=f"改后{n}", 牵头="县水利局", **({"上级任务编号": above.code} if n % 3 else {}))
    put(sheet, sheet.max_row + 1, 任务="新的", 级次=1, 时限="不久")
    Layout.objects.create(
        unit=cast.unit("QH"), name="表", columns=[["事", "title"]], created_by=cast["office"], created_at=cast.now
    )
    return bring_back(client, book)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/ledger/workbooks/", 11), ("{kept}", 14), ("{kept}?state=all", 14), ("{kept}?state=changed&page=2", 14),
        ("/ledger/layouts/", 10), ("/ledger/layouts/{layout}/", 8), ("/ledger/table.xlsx?layout=breakdown", 16),
        ("/ledger/table.docx?state=all", 16), ("/ledger/edit.xlsx?state=all", 20),
    ],
)  # fmt: skip
def test_pages_of_workbooks_and_layouts_keep_their_query_budget(
    kept, signed_in, django_assert_max_num_queries, path, most
):
    client = signed_in("office")
    address = path.format(kept=kept, layout=Layout.objects.get().pk)
    content(client.get(address, headers=ZH))
    with django_assert_max_num_queries(most):
        content(client.get(address, headers=ZH))


@pytest.mark.parametrize("number", [10, 100])
def test_comparing_and_importing_cost_the_same_for_any_number(cast, signed_in, django_assert_max_num_queries, number):
    tasks = [draft(cast, f"任务{n}") for n in range(number)]
    client = signed_in("office")
    book = take_out(client)
    for n, task in enumerate(tasks):
        put(book.worksheets[0], task, 任务=f"改后{n}", 配合单位="县财政局", 权重=2)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "台账.xlsx"
    with django_assert_max_num_queries(50):
        page = client.post("/ledger/workbooks/", {"file": file}, headers=ZH)["Location"]
    with django_assert_max_num_queries(60):
        client.post(f"{page}apply/", headers=ZH)
    assert Task.objects.filter(title__startswith="改后").count() == number
