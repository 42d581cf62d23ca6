"""Any text at all is read without an exception, in time that grows as its length does."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luoshi.directives.rules import Reading, as_json, read_directive

WORDS = """
一、 （一） 1. 1.1 （1） ① 第一条 （ ） ( ) 〔 〕 【 】 ［ ］ 、 ， 。
； ： * ★ / 等 和 及 县水利局 县财政局 各乡镇 省政府 各县（市、区）人民政府 局 委
牵头 负责 配合 会同 商 征求 意见 指导 按职责分工 分别 由 要 请 责成 责任单位
责任单位： 牵头单位： 【责任单位】 责任人： 完成时限： 序号 任务 问题 整改措施
列第一位的为牵头单位 逗号前为牵头单位 标★的为牵头单位 以下均需 以上各项 均为责任单位 不再列出
会议纪要 会议议定 一是 二是 等14个部门 （牵头） 局长王某 2026年 6月底前 每月 30家
附件 注： 下同 无 a 0
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n", "\t", "\t", " ", "\u3000", "\r\n", "\t\t"])


def check(reading: Reading) -> None:
    text = reading.text
    assert "".join(text[c.span.start : c.span.end] for c in reading.clauses) == text
    for proposal in reading.proposals:
        assert text[proposal.span.start : proposal.span.end] == proposal.text
        assert 0 <= proposal.clause < len(reading.clauses)
        for mention in proposal.lead + proposal.co + proposal.joint + proposal.guide + proposal.verifier:
            cited = "".join(text[mention.span.start : mention.span.end].split())
            assert cited
            assert mention.name in cited or cited.startswith(mention.name)
    for table in reading.tables:
        assert len(table.headings) == len(table.roles)
        assert 0 <= table.span.start < table.span.end <= len(text)
    as_json(reading)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=80).map("".join))
@example("县财政局会同（一）\t县水利局会议纪要一、")
def test_soup_of_the_grammar_is_read_and_every_unit_is_cited(text: str) -> None:
    check(read_directive(text))


@settings(max_examples=150)
@given(
    st.text(max_size=300),
    st.dictionaries(st.sampled_from(["任务", "甲", "单位"]), st.sampled_from(["text", "lead", "due", ""])),
)
def test_any_characters_are_read(text: str, columns: dict[str, str]) -> None:
    check(read_directive(text, columns=columns))


SLOW = [
    "（县水利局、县林业局）\n",
    "任务\t责任单位\n甲\t县水利局\n",
    "\t\t2.乙\t县水利局\n",
    "责任单位\n",
    "【责任单位】",
    "责任单位责任领导",
    "牵头单位",
    "以下均需各乡镇负责，不再列出。",
    "列第一位的",
    "县水利局 ",
    "县水利局（牵头）、",
    "县财政局研究提出会同",
    "，一是县水利局要",
    "征求意见",
    "各县（市、区）、",
    "★",
    "（（（",
    "1.1",
    "由县水利局会同",
]


@pytest.mark.parametrize("piece", SLOW)
@pytest.mark.parametrize(
    "head", ["县政府会议纪要\n会议议定：", "关于甲的通知\n一、重点（县教育局负责）\n"], ids=["minutes", "plain"]
)
def test_four_times_the_text_takes_about_four_times_the_time(piece: str, head: str) -> None:
    def seconds(size: int) -> float:
        text = head + (piece * size)[:size]
        begun = time.process_time()
        read_directive(text)
        return time.process_time() - begun

    rounds = (seconds(60_000) < max(seconds(15_000), 0.03) * 9 for _ in range(3))  # 16 if it grew with the square
    assert any(rounds)
