"""Papers as they lie on a desk: a table of fifty tasks, a scan, the minutes of a meeting, from upload to ledger."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.table import _Cell
from playwright.sync_api import Page, expect

from luoshi.demo.docx import write_docx
from tests.factories.scans import LIGHT, draw_page, worn, wrap
from tests.pages.reviewing import Reviewer

pytestmark = pytest.mark.browser
SignIn = Callable[..., Page]
HEADINGS = ("类别", "序号", "重点任务", "目标要求", "牵头单位", "配合单位", "完成时限")
STRANGE, HOSTED = "县低空办", "县冷链专班"
LEADS = (
    "县农业农村局", "县水利局", "县住建局", "县教育局", "县卫健局", "县交通运输局", "县林业局", "县商务局", "县民政局",
    "县应急局",
)  # fmt: skip
BESIDE = ("县财政局", "县发改局、县财政局", "县审计局\n县财政局", "县统计局、县税务局", "县公安局；县司法局")
WORKS = (
    ("完成{n}号片区农村供水管网改造", "改造管网{q}公里以上"), ("建成{n}号社区养老服务站", "新增床位不少于{q}张"),
    ("整治{n}号农贸市场周边秩序", "群众满意度达到{p}%"), ("新建{n}号乡村小规模学校食堂", "新增就餐位{q}个以上"),
    ("修复{n}号废弃矿点生态", "复绿面积{q}亩以上"), ("改造{n}号县道危桥", "完成危桥改造{q}座"),
    ("办好{n}号产销对接活动", "签约金额{q}万元以上"), ("开展{n}号片区消防隐患排查", "整改率达到{p}%"),
    ("建设{n}号高标准农田片区", "建成高标准农田{q}亩"), ("推进{n}号片区雨污分流", "污水收集率达到{p}%"),
)  # fmt: skip
GROUPS = ("一、民生保障", "二、乡村振兴", "三、城乡建设", "四、生态环境", "五、安全稳定")
NOTICE = (
    "青禾县人民政府办公室关于做好今冬明春有关工作的通知",
    "青政办函〔2026〕58号",
    "各乡镇人民政府、街道办事处，县政府有关部门：",
    "为做好今冬明春有关工作，现将任务分工通知如下：",
    "1.排查消防隐患。对人员密集场所开展一轮排查，隐患逐项销号。（县应急管理局牵头，县消防救援大队配合，2026年12月20日前完成）",
    "2.储备防冻物资。储备融雪剂60吨以上。（县交通运输局牵头，县财政局配合，2026年12月10日前完成）",
    "3.保障冬季供水。对老旧管网开展防冻改造。（县水利局牵头，县住建局配合，2026年12月31日前完成）",
    "4.稳定市场供应。设立平价供应点20个。（县商务局牵头，县市场监管局配合，2027年1月15日前完成）",
    "5.走访困难群众。对困难家庭全部走访一遍。（县民政局牵头，县残联、县妇联配合，2027年1月31日前完成）",
    "青禾县人民政府办公室",
    "2026年11月20日",
)
MINUTES = """青禾县人民政府专题会议纪要
〔2026〕第31期
青禾县人民政府办公室
2026年11月20日
2026年11月19日下午，副县长贺明川主持召开专题会议，研究冬季农业生产和农村改革工作。现将会议议定事项纪要如下：
一、关于冬季农田水利
会议听取了县水利局关于冬修水利的汇报。会议认为，要抢抓冬季有利时机。会议议定，由县水利局牵头，县财政局、县农业农村局配合，2027年1月31日前完成26座小型水库清淤；由县农业农村局牵头，县供销社配合，2026年12月25日前完成冬小麦田间管理技术指导方案。
二、关于农村集体资产清查
会议指出，个别乡镇底数不清。会议明确，由县农业农村局牵头，县财政局、县审计局配合，2027年2月15日前完成农村集体资产清查核实；由县审计局负责，2027年3月31日前完成集体资产专项审计。
三、关于农产品冷链
会议原则同意县商务局提出的建设方案。会议议定，由县商务局牵头，县自然资源局、县供销社配合，2027年4月30日前建成冷链集配中心2处；由县交通运输局负责，2026年12月20日前打通集配中心连接道路。
四、关于冷链用电
会议要求，由县冷链专班牵头，县商务局、县农业农村局配合，2027年3月15日前提出冷链企业用电服务方案；由县冷链专班负责，2026年12月15日前完成用电需求摸底。
出席：贺明川。
记录：邵一帆。
"""


def task_list() -> bytes:
    """Fifty tasks in a table: the class of ten rows in one merged cell, 序号 begun anew, several units in a cell."""
    document = Document()
    document.add_paragraph("青禾县2027年民生实事和重点任务分解表")
    document.add_paragraph("青禾县人民政府办公室")
    document.add_paragraph("2026年11月20日")
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = words
    for number in range(50):
        write_row(table.add_row().cells, number)
    for group in range(5):
        rows = table.rows[1 + group * 10 : 11 + group * 10]
        rows[0].cells[0].merge(rows[-1].cells[0]).text = GROUPS[group]
        rows[2].cells[6].merge(rows[3].cells[6]).text = f"2027年{group + 6}月底前"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def write_row(cells: "tuple[_Cell, ...]", number: int) -> None:
    work, goal = WORKS[number % 10]
    lead = STRANGE if number in (7, 27) else LEADS[(number * 3 + number // 10) % 10]
    numbers = {"n": number + 1, "q": 20 + number * 3, "p": 85 + number % 10}
    words = (
        "", str(number % 10 + 1), work.format(**numbers), goal.format(**numbers), lead,
        BESIDE[number % 5], f"2027年{number % 12 + 1}月底前",
    )  # fmt: skip
    for cell, text in zip(cells[1:], words[1:], strict=True):
        cell.text = text


def see_in_ledger(page: Page, words: str, *, lead: str, due: str) -> None:
    page.goto(f"/ledger/?q={words}")
    row = page.locator("tr", has=page.locator("a.task-link", has_text=words))
    expect(row).to_contain_text(lead)
    expect(row).to_contain_text(due)


def test_table_of_fifty_tasks_is_confirmed_with_less_than_two_strokes_each(sign_in: SignIn, tmp_path: Path) -> None:
    page, paper = sign_in("office"), tmp_path / "任务分解表.docx"
    paper.write_bytes(task_list())
    reviewer = Reviewer(page)
    reviewer.upload(paper)
    expect(page.locator("#proposals article")).to_have_count(50)
    reviewer.answer_names({STRANGE: "县发改局"})
    reviewer.accept_sure()
    while reviewer.undecided():
        reviewer.decide("a")
    reviewer.set_rest_aside()
    opened = reviewer.confirm()
    print(reviewer.told("a table of fifty tasks, .docx", opened))
    assert opened == 50
    assert reviewer.actions / opened <= 2
    see_in_ledger(page, "新建14号乡村小规模学校食堂", lead="县农业农村局", due="2027-07-31")


def test_scan_is_waited_for_compared_with_its_picture_and_confirmed(sign_in: SignIn, tmp_path: Path) -> None:
    page, paper = sign_in("office"), tmp_path / "通知扫描件.jpg"
    lines = [line for number, p in enumerate(NOTICE) for line in wrap(p, indent="" if number < 3 else "　　")]
    paper.write_bytes(worn(draw_page(lines), LIGHT, seed=3))
    reviewer = Reviewer(page)
    reviewer.upload(paper)
    expect(page.locator("#proposals article")).to_have_count(5)
    expect(page.locator("#finish form button", has_text="采纳确定的")).to_have_count(0)
    page.locator(".view-switch a", has_text="原件").click()
    expect(page.locator("#source .page-shown svg rect").first).to_be_attached()
    while reviewer.undecided():
        reviewer.check()
        reviewer.decide("a")
    reviewer.set_rest_aside()
    opened = reviewer.confirm()
    print(reviewer.told("a scanned page, .jpg", opened))
    assert opened == 5
    assert reviewer.actions / opened <= 4
    see_in_ledger(page, "储备防冻物资", lead="县交通", due="2026-12-10")


def test_minutes_are_confirmed_decision_by_decision(sign_in: SignIn, tmp_path: Path) -> None:
    page, paper = sign_in("office"), tmp_path / "会议纪要.docx"
    paper.write_bytes(write_docx(MINUTES))
    reviewer = Reviewer(page)
    reviewer.upload(paper)
    expect(page.locator("#proposals article")).to_have_count(8)
    reviewer.answer_names({HOSTED: "县商务局"})
    reviewer.accept_sure()
    while reviewer.undecided():
        reviewer.decide("a")
    reviewer.set_rest_aside()
    opened = reviewer.confirm()
    print(reviewer.told("the minutes of a meeting, .docx", opened))
    assert opened == 8
    assert reviewer.actions / opened <= 2
    see_in_ledger(page, "冷链集配中心", lead="县商务局", due="2027-04-30")
