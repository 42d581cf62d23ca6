"""Whatever stands in a paper, reading it ends without an exception and points only at what is there."""

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.directives.rules import Span, read_directive
from luoshi.directives.rules.cadence import find_cadences
from luoshi.directives.rules.deadlines import find_deadlines, is_deadline, weekday_is_wrong
from luoshi.directives.rules.drafts import limit_of
from luoshi.directives.rules.targets import find_targets

PIECES = (
    "年 月 日 底 前 末 初 上旬 季度 上半年 年内 20 26 2026 9999 0 00 13 31 二〇二六 十 十二 三十一 两 百 百分之 一 "
    "“十五五” 期间 每 周二 之日起 会后 内 个 工作日 个月 长期 立行立改 尽快 急件 达到 不少于 以上 以内 % 万 亿元 家 "
    "由 从 提高到 分别 、 和 ， 。 ； （ ） \t \n — - . / , ： 《 》 总体目标 牵头单位： 责任单位 完成时限： "
    "县水利局 负责 牵头 各乡镇 报 完成 建成 ０ ９ ٣ ² ½ \u3000 \x00 😀"
)
WORDS = st.sampled_from(PIECES.split(" "))
HEAD = "青禾县人民政府关于印发方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、总体目标\n"
TEXTS = st.lists(WORDS | st.text(max_size=3), max_size=40).map("".join)


@settings(max_examples=400)
@given(TEXTS, st.booleans(), st.dates(date(1900, 1, 1), date(9999, 12, 31)) | st.none(), st.booleans())
def test_any_words_of_time_are_read_or_left(words: str, stated: bool, issued: date | None, inclusive: bool) -> None:
    found = find_deadlines(
        words, start=0, end=len(words), issued=issued, year=None, stated=stated, before_is_inclusive=inclusive
    )
    is_deadline(words)
    for deadline in found:
        assert words[deadline.span.start : deadline.span.end] == deadline.raw
        weekday_is_wrong(deadline)
        limit_of(deadline, day=date(2026, 2, 27), add_workdays=lambda day, _count: day)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@settings(max_examples=300)
@given(TEXTS)
def test_any_numbers_are_read_or_left(words: str) -> None:
    for target in find_targets(words, start=0, end=len(words)):
        assert target.value >= 0
        assert words[target.span.start : target.span.end]
    find_cadences(words, start=0, end=len(words))


@settings(max_examples=200)
@given(TEXTS, st.lists(st.integers(0, 60), max_size=6))
def test_any_paper_is_read_with_evidence_for_what_was_found(body: str, edges: list[int]) -> None:
    text = f"{HEAD}{body}\n（一）{body}（县水利局负责，{body}）\n"
    doubtful = [Span(a, b) for a, b in pairwise(sorted(edges))]
    reading = read_directive(text, doubtful=doubtful)
    for proposal in reading.proposals:
        assert proposal.sure <= all(e.sure for e in proposal.evidence)
        assert len([e for e in proposal.evidence if e.field == "target"]) == len(proposal.targets)
    for goal in reading.goals:
        clause = reading.clauses[goal.clause]
        assert clause.span.start <= goal.span.start < goal.span.end <= clause.span.end
