"""Task tables and rectification lists: any columns, heads of several lines, merged cells, tables on their side."""

import pytest

from luoshi.directives.rules import Proposal, Reading, read_directive
from luoshi.directives.rules.drafts import goal_of, own_words

SHORT = {"L": "lead", "C": "co", "J": "joint", "G": "guide", "V": "verifier"}


def who(proposal: Proposal) -> str:
    parts = [
        f"{letter}:" + "|".join(m.name for m in getattr(proposal, role))
        for letter, role in SHORT.items()
        if getattr(proposal, role)
    ]
    return " ".join([*parts, *(["P:" + "|".join(proposal.people)] if proposal.people else [])])


def read(*rows: str, columns: dict[str, str] | None = None) -> Reading:
    """Rows are written with | between cells."""
    text = "\n".join(row.replace("|", "\t") for row in rows)
    return read_directive(f"青禾县2026年重点工作任务分解表\n{text}\n", columns=columns or {})


COLUMNS = [
    (
        "主题|任务|牵头领导|牵头单位|配合单位",
        "稳增长|抓好甲工程|李某|县发改局|县财政局、县水利局",
        "L:县发改局 C:县财政局|县水利局 P:李某",
    ),
    ("任务|牵头单位|配合单位|完成时限", "抓好甲工程|县发改局|县财政局|6月底", "L:县发改局 C:县财政局"),
    ("任务|牵头单位|责任(配合)单位|时限", "抓好甲工程|县发改局|县财政局|全年", "L:县发改局 C:县财政局"),
    (
        "序号|事项|牵头领导|责任单位|协同单位|量化目标|建设内容|责任主体|序时进度|保障措施",
        "1|甲工程|李某|县经信局|县财政局|投资3亿元|厂房|县城投集团|6月|专班",
        "C:县财政局 J:县经信局|县城投集团 P:李某",
    ),
    (
        "编号|标题|办理事项|督办依据|紧急程度|完成期限|牵头单位|协办单位|督办人|汇报频次",
        "7|甲|抓好甲工程|常务会|急|6月|县发改局|县财政局|赵某|每月",
        "L:县发改局 C:县财政局",
    ),
    (
        "整改任务|责任单位|责任人|整改目标|整改措施|整改时限",
        "补齐管网|县住建局|秦某|全覆盖|8月底前接通|9月",
        "J:县住建局 P:秦某",
    ),
    ("问题内容|整改措施|整改时限|责任单位|责任人", "管网未通|接通断点|9月|县住建局|秦某", "J:县住建局 P:秦某"),
    (
        "问题描述|发现时间|责任单位|整改措施|完成时限|进度|唯一责任人|复核人|验收单位",
        "管网未通|3月|县住建局|接通断点|9月|未启动|秦某|赵某|县督查室",
        "J:县住建局 V:县督查室 P:秦某",
    ),
    ("序号|任务|主办|协办|时限", "1|甲工程|县发改局|县水利局|7月", "L:县发改局 C:县水利局"),
    (
        "序号|重点工作|主要责任单位|其他责任单位|督导单位|业务指导单位",
        "1|甲工程|县发改局|县水利局|县督查室|县应急局",
        "L:县发改局 C:县水利局 G:县应急局 V:县督查室",
    ),
    ("序号|工作任务|承办科室|完成时间", "1|甲工程|办公室|6月", "J:办公室"),
    ("单位|重点任务|完成时间", "县发改局|甲工程|6月", "J:县发改局"),
]


@pytest.mark.parametrize(("head", "row", "expected"), COLUMNS, ids=[c[0] for c in COLUMNS])
def test_columns_of_every_attested_table_are_understood(head: str, row: str, expected: str) -> None:
    assert [who(p) for p in read(head, row).proposals] == [expected]


CELLS = [
    ("县发改局、县财政局", "J:县发改局|县财政局"),
    ("县发改局 县财政局", "J:县发改局|县财政局"),
    ("县发改局/县财政局", "J:县发改局|县财政局"),
    ("县发改局；县财政局，各乡镇", "J:县发改局|县财政局|各乡镇"),
    ("牵头：县发改局 配合：县财政局、县水利局", "L:县发改局 C:县财政局|县水利局"),
    ("牵头单位：县发改局；责任单位：县财政局", "L:县发改局 C:县财政局"),
    ("县发改局牵头，县财政局配合", "L:县发改局 C:县财政局"),
    ("县发改局（牵头）、县财政局", "L:县发改局 C:县财政局"),
    ("县市场监管局（县知识产权局）、县公安局", "J:县市场监管局（县知识产权局）|县公安局"),
    ("县发改局等有关部门", "J:县发改局"),
    ("各乡镇（街道）、县直各部门", "J:各乡镇（街道）|县直各部门"),
    ("发改、财政", "J:发改|财政"),
]


@pytest.mark.parametrize(("cell", "expected"), CELLS, ids=[c[0] for c in CELLS])
def test_several_units_in_one_cell_are_told_apart(cell: str, expected: str) -> None:
    assert [who(p) for p in read("序号|工作任务|责任单位|完成时限", f"1|甲工程|{cell}|6月底").proposals] == [expected]


@pytest.mark.parametrize(
    "head",
    [
        ("序号|工作任务|责任分工||完成时限", "||牵头单位|配合单位|"),
        ("序号|工作任务|责任分工|责任分工|完成时限", "序号|工作任务|牵头单位|配合单位|完成时限"),
        ("序号|工作任务|责任单位||完成时限", "||牵头|配合|"),
    ],
)
def test_head_of_two_lines_is_read_as_one(head: tuple[str, str]) -> None:
    reading = read(*head, "1|甲工程|县发改局|县财政局|6月底")
    (found,) = reading.proposals
    assert who(found) == "L:县发改局 C:县财政局"
    assert found.due is not None
    assert reading.tables[0].roles == ("serial", "text", "lead", "co", "due")


def test_title_row_above_the_head_is_no_head() -> None:
    found = read("青禾县任务清单||2026年", "序号|工作任务|责任单位", "1|甲工程|县发改局").proposals
    assert [who(p) for p in found] == ["J:县发改局"]


def test_head_repeated_on_the_next_page_is_no_row_and_merged_cells_go_on() -> None:
    reading = read("序号|任务|责任单位", "1|甲|县发改局", "序号|任务|责任单位", "2|乙|县水利局")
    assert [(p.outline, who(p)) for p in reading.proposals] == [("1", "J:县发改局"), ("2", "J:县水利局")]
    assert len(reading.tables) == 1


def test_group_rows_give_the_outline_and_serials_start_again() -> None:
    reading = read(
        "序号|任务|责任单位", "一、经济发展", "1|甲|县发改局", "2|乙|县水利局", "二、民生保障", "1|丙|县教育局"
    )
    assert [p.outline for p in reading.proposals] == ["一/1", "一/2", "二/1"]
    numbered = read("序号|任务|责任单位", "一|经济发展|", "1|甲|县发改局", "二|民生保障|", "1|丙|县教育局")
    assert [p.outline for p in numbered.proposals] == ["一/1", "二/1"]


def test_cells_that_a_merged_one_covers_take_its_words() -> None:
    found = read(
        "序号|重点任务|主要措施|牵头单位|责任单位|完成时限",
        "1|优化环境|推行一网通办|县数据局|县审批局|6月底",
        "|||||",
        "||压缩审批时限||||",
        "||清理证明||||9月底",
        "2|稳定就业|开发岗位|县人社局||长期",
    ).proposals
    assert [who(p) for p in found] == ["L:县数据局 C:县审批局"] * 3 + ["L:县人社局"]
    assert [p.title for p in found] == ["优化环境", "压缩审批时限", "清理证明", "稳定就业"]
    assert ["inherited_cell" in p.notes for p in found] == [False, True, True, False]


def test_co_unit_of_the_row_above_is_not_lent_to_a_row_with_its_own_lead() -> None:
    found = read("任务|牵头单位|配合单位", "甲|县发改局|县财政局", "乙|县水利局|").proposals
    assert [who(p) for p in found] == ["L:县发改局 C:县财政局", "L:县水利局"]


def test_goal_column_becomes_the_standard_and_gives_targets() -> None:
    (found,) = read("序号|工作任务|量化目标|责任单位", "1|稳定就业|新增就业5000人以上|县人社局").proposals
    assert goal_of(own_words(found)) == ("稳定就业", "新增就业5000人以上")
    assert [(t.op, int(t.value)) for t in found.targets] == [(">=", 5000)]


def test_words_of_a_row_are_its_work_without_units() -> None:
    (found,) = read("问题|责任单位|整改措施|整改时限", "管网未通|县住建局|接通断点|9月").proposals
    assert (found.title, own_words(found)) == ("管网未通", "接通断点")


RECORDS = (
    "问题一|管网覆盖不全",
    "整改目标|全覆盖",
    "整改措施|8月底前接通断点",
    "责任单位|县住建局、柳河镇",
    "责任人|秦某",
    "整改时限|2026年9月底前",
    "问题二|扬尘污染",
    "整改措施|完善围挡",
    "责任单位|大湾镇",
    "整改时限|立行立改",
)


def test_table_on_its_side_gives_one_duty_for_each_record() -> None:
    first, second = read(*RECORDS).proposals
    assert (first.title, first.text, who(first)) == ("管网覆盖不全", "8月底前接通断点", "J:县住建局|柳河镇 P:秦某")
    assert (second.title, second.text, who(second)) == ("扬尘污染", "完善围挡", "J:大湾镇")
    assert first.due is not None
    assert str(first.due.date) == "2026-09-30"


def test_labels_in_pairs_across_a_row_are_read() -> None:
    (found,) = read(
        "任务名称|抓好甲工程", "牵头单位|县发改局|配合单位|县财政局", "责任人|李某|完成时限|6月底"
    ).proposals
    assert who(found) == "L:县发改局 C:县财政局 P:李某"


@pytest.mark.parametrize(
    "rows",
    [
        ("姓名|单位|电话", "王某|县发改局|123", "李某|县财政局|456"),
        ("项目|2025年|2026年", "产值|3亿元|4亿元"),
        ("序号|联系人|责任单位|电话", "1|王某|县发改局|123"),
        ("指标|单位|数值", "产值|亿元|3", "面积|平方米|5"),
        ("序号|工作任务|牵头单位|完成时限", "1|甲项目|无|6月底", "2|乙项目|/|长期"),
        ("序号|机构名称|地址", "1|县政务中心|东街1号", "2|县图书馆|西街2号"),
    ],
)
def test_tables_that_give_nobody_a_task_propose_nothing(rows: tuple[str, ...]) -> None:
    assert read(*rows).proposals == ()


def test_unknown_headings_are_offered_to_a_person_and_then_used() -> None:
    rows = ("事项|谁来办|啥时候", "甲工程|县水利局|6月底", "乙工程|县林业局|7月底")
    (table,) = read(*rows).tables
    assert (table.headings, table.roles) == (("事项", "谁来办", "啥时候"), ("text", "", ""))
    assert read(*rows).proposals == ()
    known = read(*rows, columns={"谁来办": "joint", "啥时候": "due"})
    assert [who(p) for p in known.proposals] == ["J:县水利局", "J:县林业局"]
    assert known.tables[0].roles == ("text", "joint", "due")


def test_span_of_a_head_is_its_own_line() -> None:
    reading = read("序号|工作任务|责任单位", "1|甲工程|县发改局")
    span = reading.tables[0].span
    assert reading.text[span.start : span.end] == "序号\t工作任务\t责任单位\n"


def test_notes_before_and_after_a_table_are_read_too() -> None:
    text = "一、任务\n做好甲事。（县科技局负责）\n序号\t任务\t责任单位\n1\t乙\t县发改局\n做好丙事。（县林业局负责）\n"
    assert [who(p) for p in read_directive(text).proposals] == ["J:县科技局", "J:县发改局", "J:县林业局"]


def test_table_with_other_columns_does_not_follow_the_head_of_the_one_before() -> None:
    found = read("序号|任务|责任单位", "1|甲|县发改局", "联系表", "姓名|电话", "王某|123").proposals
    assert [who(p) for p in found] == ["J:县发改局"]


def test_first_unit_leads_where_the_heading_says_so() -> None:
    found = read("序号|任务|责任单位（列第一位的为牵头单位）", "1|甲|县发改局、县财政局").proposals
    assert [who(p) for p in found] == ["L:县发改局 C:县财政局"]
