"""The whole reading: clauses that cover the text, headers, minutes, rectification lists, tables; and bounded time."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.directives.rules import Reading, as_json, read_directive

HEAD = "青禾县人民政府关于印发工作方案的通知\n青政发〔2026〕3号\n2026年2月27日\n"


def outlines(reading: Reading) -> list[tuple[str, int]]:
    return [(c.outline, c.level) for c in reading.clauses if c.level]


def covers(reading: Reading) -> bool:
    return "".join(reading.text[c.span.start : c.span.end] for c in reading.clauses) == reading.text


def names(mentions: tuple[object, ...]) -> list[str]:
    return [getattr(m, "name", "") for m in mentions]


def test_outline_follows_the_four_levels() -> None:
    reading = read_directive(f"{HEAD}一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n2.己\n（二）庚\n二、辛\n")
    assert outlines(reading) == [
        ("一", 1),
        ("一/（一）", 2),
        ("一/（一）/1", 3),
        ("一/（一）/1/（1）", 4),
        ("一/（一）/1/①", 4),
        ("一/（一）/2", 3),
        ("一/（二）", 2),
        ("二", 1),
    ]


def test_levels_may_be_skipped_and_numbers_run_on() -> None:
    reading = read_directive(f"{HEAD}一、甲\n1.乙\n2.丙\n二、丁\n（一）戊\n3.己\n")
    assert [o for o, _level in outlines(reading)] == ["一", "一/1", "一/2", "二", "二/（一）", "二/（一）/3"]


@pytest.mark.parametrize("marker", ["1.", "1、", "1．", "1. "])
def test_arabic_markers_of_every_shape_are_read(marker: str) -> None:
    assert outlines(read_directive(f"{HEAD}一、甲\n{marker}乙事项\n")) == [("一", 1), ("一/1", 3)]


@pytest.mark.parametrize("marker", ["(1)", "（1）", "⑴", "( 1 )".replace(" ", "")])
def test_bracketed_numbers_of_every_shape_are_read(marker: str) -> None:
    assert outlines(read_directive(f"{HEAD}一、甲\n{marker}乙事项\n")) == [("一", 1), ("一/（1）", 4)]


def test_a_year_or_a_decimal_at_the_head_of_a_line_is_no_marker() -> None:
    assert outlines(read_directive(f"{HEAD}一、甲\n2026年计划投资。\n1.5亿元到位。\n")) == [("一", 1)]


def test_paragraph_that_a_page_cut_is_rejoined() -> None:
    long = "开展基于统一时空基准的地理信息、位置信息、时间信息的融合处理及应用技术研究并在重点领域先行先试，探"
    reading = read_directive(f"{HEAD}一、{long}\n索新的路径。（县水利局负责）\n")
    assert len(reading.clauses) == 2
    assert "探\n索" in reading.proposals[0].text


def test_heading_on_its_own_line_leaves_each_paragraph_its_own_duty() -> None:
    reading = read_directive(
        f"{HEAD}一、重点\n（一）推动开放\n做好甲事。（县财政局负责）\n做好乙事。（县水利局负责）\n"
    )
    assert [(p.outline, p.text) for p in reading.proposals] == [
        ("一/（一）", "做好甲事。"),
        ("一/（一）", "做好乙事。"),
    ]
    assert [c.role for c in reading.clauses] == ["preamble", "heading", "heading", "duty", "duty"]


def test_title_of_an_item_is_its_first_sentence() -> None:
    (proposal,) = read_directive(f"{HEAD}一、加快建设。年底前完工。（县财政局负责）\n").proposals
    assert proposal.title == "加快建设"


def test_header_is_read() -> None:
    text = (
        "青禾县人民政府文件\n青政发〔2026〕\n3号\n青禾县人民政府关于加快推进\n重点工作的通知\n"
        "各乡镇人民政府，县政府各部门：\n现印发给你们。\n青禾县人民政府\n2026年2月27日\n一、甲\n"
    )
    header = read_directive(text).header
    assert header.number == "青政发〔2026〕3号"
    assert header.title == "青禾县人民政府关于加快推进重点工作的通知"
    assert header.issuer == "青禾县人民政府"
    assert header.issued_date == date(2026, 2, 27)
    assert header.addressees == "各乡镇人民政府，县政府各部门"
    assert header.kind == "directive"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("国办发〔2021〕49号", "国办发〔2021〕49号"),
        ("国发明电〔2018〕3号", "国发明电〔2018〕3号"),
        ("温委发【2013】72号", "温委发〔2013〕72号"),
        ("某政发[2020]5号", "某政发〔2020〕5号"),
        ("某政发(2020)5号", "某政发〔2020〕5号"),
        ("国发〔201529号", "国发〔2015〕29号"),
        ("国务院令第733号", "国务院令第733号"),
    ],
)
def test_document_number_is_read_and_repaired(written: str, number: str) -> None:
    assert read_directive(f"某某关于做好工作的通知\n{written}\n一、甲\n").header.number == number


def test_date_in_chinese_numerals_is_read() -> None:
    assert read_directive("关于做好工作的通知\n一、甲\n二〇二六年十二月二十一日\n").header.issued_date == date(
        2026, 12, 21
    )


MINUTES = (
    "青禾县人民政府常务会议纪要\n〔2026〕第14期\n2026年8月18日\n一、关于抗旱保供水\n"
    "会议听取了县水利局的汇报，由副县长主持。会议议定：一是由县水利局牵头，县财政局、柳河镇配合，9月底前完成引水工程；"
    "二是县农业农村局会同县商务局拿出方案；三是由县审计局提前介入。会议要求，各级各部门要高度重视。\n"
    "二、关于清单报送\n各乡镇（街道）于9月25日前将清单报县财政局。\n"
)


def test_minutes_give_each_decision_its_units_and_date() -> None:
    reading = read_directive(MINUTES)
    assert reading.header.kind == "minutes"
    found = [(names(p.lead), names(p.co), names(p.joint)) for p in reading.proposals]
    assert found == [
        (["县水利局"], ["县财政局", "柳河镇"], []),
        (["县农业农村局"], ["县商务局"], []),
        ([], [], ["县审计局"]),
        ([], [], ["各乡镇（街道）"]),
    ]
    assert not any(p.sure for p in reading.proposals[2:])
    assert [str(p.due.date) if p.due else None for p in reading.proposals] == ["2026-09-30", None, None, "2026-09-25"]


def test_the_same_prose_outside_minutes_proposes_only_what_is_unmistakable_and_never_as_sure() -> None:
    (proposal,) = read_directive(MINUTES.replace("纪要", "通知")).proposals
    assert (names(proposal.lead), names(proposal.co)) == (["县水利局"], ["县财政局", "柳河镇"])
    assert not proposal.sure
    assert "from_prose" in proposal.notes


def test_rectification_list_of_labelled_lines_is_read_whole() -> None:
    text = (
        f"{HEAD}一、管网覆盖不全\n问题描述：3处断点未接通。\n责任单位：柳河镇、县住建局\n责任人：秦某\n"
        "整改措施：8月底前完成3处断点接通。\n整改时限：2026年9月30日前\n督导单位：县政府督查室\n"
        "二、扬尘污染\n问题描述：未覆盖。\n整改措施：完善围挡。\n责任单位：大湾镇\n整改时限：立行立改\n"
    )
    first, second = read_directive(text).proposals
    assert names(first.joint) == ["柳河镇", "县住建局"]
    assert names(first.verifier) == ["县政府督查室"]
    assert first.people == ("秦某",)
    assert "整改措施：8月底前完成" in first.text
    assert first.due is not None
    assert first.due.date == date(2026, 9, 30)
    assert second.title == "扬尘污染"
    assert second.due is not None
    assert second.due.kind == "immediate"


TABLE = (
    "青禾县重点工作任务清单\n序号\t工作任务\t牵头单位\t责任单位\t完成时限\n"
    "1\t建成甲项目\t县发改局\t县财政局、各乡镇\t2026年6月底\n2\t建成乙项目\t\t县水利局\t长期坚持\n"
    "二、民生实事\n3\t建成丙项目\t县教育局\t\t2026年9月\n"
)


def test_table_rows_are_read_by_their_columns() -> None:
    first, second, third = read_directive(TABLE).proposals
    assert (first.text, names(first.lead), names(first.co)) == ("建成甲项目", ["县发改局"], ["县财政局", "各乡镇"])
    assert first.due is not None
    assert first.due.date == date(2026, 6, 30)
    assert (third.outline, names(third.lead)) == ("二/3", ["县教育局"])
    assert second.outline == "2"


def test_empty_cell_takes_the_unit_above_and_says_so() -> None:
    _first, second, _third = read_directive(TABLE).proposals
    assert names(second.lead) == ["县发改局"]
    assert not second.sure
    assert "inherited_cell" in second.notes


def test_report_owed_after_the_last_item_belongs_to_the_document() -> None:
    text = f"{HEAD}一、做甲事。（县水利局负责）\n各乡镇要于2026年12月31日前将落实情况报县政府办公室。\n"
    _duty, report = read_directive(text).proposals
    assert report.outline == ""
    assert "report_only" in report.notes
    assert names(report.joint) == ["各乡镇"]


def test_json_has_the_agreed_shape() -> None:
    data = as_json(read_directive(f"{HEAD}一、到2027年，培育30家企业。（县水利局牵头）\n"))
    assert set(data) == {"header", "clauses", "items", "goals", "tables"}
    items = data["items"]
    assert isinstance(items, list)
    assert {k: items[0][k] for k in ("outline", "lead", "co", "joint", "guide", "due", "cadence")} == {
        "outline": "一",
        "lead": ["县水利局"],
        "co": [],
        "joint": [],
        "guide": [],
        "due": "2027-12-31",
        "cadence": None,
    }
    (target,) = items[0]["targets"]
    assert {k: target[k] for k in ("name", "op", "value", "unit", "period")} == {
        "name": "企业",
        "op": "=",
        "value": 30,
        "unit": "家",
        "period": "到2027年",
    }


def test_empty_text_gives_an_empty_reading() -> None:
    reading = read_directive("")
    assert (reading.clauses, reading.proposals) == ((), ())


WORDS = """
一、 （一） 1. （ ） 县水利局 各乡镇 、 ， 。 牵头 负责 责任单位： 等 2026年 6月底前 每月 30家 培育
会议纪要 由 会同 和 问题： 以下均需 不再列出 a 7日内
"""
PIECES = st.sampled_from([*WORDS.split(), "附件\n", "\n", "\t", " "])


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_clauses_cover_any_text_and_spans_stay_inside(text: str) -> None:
    reading = read_directive(text)
    assert covers(reading)
    assert [c.index for c in reading.clauses] == list(range(len(reading.clauses)))
    for proposal in reading.proposals:
        assert text[proposal.span.start : proposal.span.end] == proposal.text
        assert 0 <= proposal.clause < len(reading.clauses)
        for mention in proposal.lead + proposal.co + proposal.joint + proposal.guide:
            assert text[mention.span.start : mention.span.end].strip()


@pytest.mark.parametrize(
    "piece",
    [
        "（",
        "）",
        "（县水利局负责）",
        "责任单位：县水利局\n",
        "一",
        "1",
        " ",
        "、",
        "等",
        "各市、",
        "1月底前",
        "由县水利局牵头，",
        "\n",
        "1.\n",
    ],
)
def test_reading_time_grows_with_length_not_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "县政府会议纪要\n会议议定：" + (piece * size)[:size]
        begun = time.process_time()
        read_directive(text)
        return time.process_time() - begun

    short, long = max(seconds(20_000), 0.02), seconds(160_000)
    assert long < short * 8 * 4
