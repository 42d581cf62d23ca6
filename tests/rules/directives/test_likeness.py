"""Two demands are alike in their words; a changed number, date or lead is said."""

from datetime import date

import pytest

from luoshi.directives.rules.likeness import (
    Demand,
    Difference,
    compare,
    find_alike,
    likeness,
    numbers,
    shared_phrases,
    shingles,
    whole,
)

WATER = "修好水利设施。完成12座病险水库除险加固。"


@pytest.mark.parametrize(
    ("mine", "theirs", "least", "most"),
    [
        (WATER, WATER, 1.0, 1.0),
        (WATER, "修好水利设施。完成15座病险水库除险加固。", 1.0, 1.0),  # a number is no difference of words
        (WATER, "修好水利设施，完成１２座病险水库 除险加固", 0.9, 1.0),
        (WATER, "年内完成全县12座病险水库的除险加固任务。", 0.5, 0.9),
        ("全年粮食播种面积稳定在42.6万亩以上", "2027年11月底前，全年粮食播种面积要稳定在45万亩以上", 0.8, 1.0),
        (WATER, "在农林植保领域开放一批低空经济应用场景。", 0.0, 0.1),
        ("推进老旧小区改造，完善配套设施。", "推进乡村学校建设，完善教学设施。", 0.0, 0.5),
        ("", WATER, 0.0, 0.0),
    ],
)
def test_likeness_lies_where_a_reader_would_put_it(mine: str, theirs: str, least: float, most: float) -> None:
    assert least <= likeness(shingles(mine), shingles(theirs)) <= most
    assert likeness(shingles(mine), shingles(theirs)) == likeness(shingles(theirs), shingles(mine))


def test_short_text_inside_a_long_one_is_found_but_counts_less() -> None:
    long = WATER + "同时建立健全水库运行管护长效机制，落实管护人员和经费，开展汛前隐患排查，完善应急预案。" * 2
    assert 0.8 <= likeness(shingles(WATER), shingles(long)) <= 0.9


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("完成12座水库", [("12", "座")]),
        ("稳定在42.60万亩以上，增长7.5%", [("42.6", "万亩"), ("7.5", "%")]),
        ("2026年10月底前建成20个，10月31日验收", [("20", "个")]),
        ("投入1,200万元", [("1200", "万元")]),
        ("国发〔2026〕3号要求", [("2026", "")]),
        ("第一季度完成", []),
        ("①8月底前接通3处；②12月20日前通水", [("3", "处")]),
    ],
)
def test_numbers_are_read_with_their_measure_and_dates_are_none(words: str, found: list[tuple[str, str]]) -> None:
    assert numbers(words) == found


def demand(words: str, *, due: date | None = date(2026, 11, 30), lead: str = "县水利局", unit: int = 5) -> Demand:
    return Demand(1, "修好水利设施", words, due, ((unit, lead),))


def test_same_demand_has_no_difference_and_names_the_shared_lead() -> None:
    match = compare(demand(WATER), demand(WATER))
    assert (match.percent, match.differences, match.same_leads) == (100, (), ("县水利局",))


def test_number_date_and_lead_that_differ_are_set_side_by_side() -> None:
    other = demand("修好水利设施。完成15座病险水库除险加固，治理河道3公里。", due=None, lead="县住建局", unit=6)
    assert compare(demand(WATER), other).differences == (
        Difference("number", "12座", "15座"), Difference("number", "", "3公里"), Difference("due", "2026-11-30", ""),
        Difference("lead", "县水利局", "县住建局"),
    )  # fmt: skip


def test_number_of_the_standard_counts_and_one_said_twice_counts_once() -> None:
    mine = Demand(1, "治污", "接通断点3处，3处全部通水。", standard="收集率98%以上")
    theirs = Demand(2, "治污", "接通断点3处。", standard="收集率达到95%")
    assert compare(mine, theirs).differences == (Difference("number", "98%", "95%"),)


def test_lead_written_otherwise_is_the_same_unit() -> None:
    assert compare(demand(WATER), demand(WATER, lead="青禾县水利局")).same_leads == ("县水利局",)


def test_shared_phrases_are_the_long_ones_in_order() -> None:
    found = shared_phrases("完成12座病险水库除险加固，落实资金。", "确保15座病险水库除险加固，全部落实资金。")
    assert found == ("座病险水库除险加固", "落实资金")


def test_title_is_said_once() -> None:
    assert whole("修好水利设施", WATER) == WATER
    assert whole("治水", WATER) == f"治水。{WATER}"


def test_most_alike_come_first_and_strange_ones_not_at_all() -> None:
    ledger = {n: f"推进第{n}项民生实事，改造{n}条背街小巷。" for n in range(1, 40)} | {
        90: WATER,
        91: WATER + "落实资金。",
    }
    found = find_alike({7: WATER, 8: "编制低空经济发展规划。"}, ledger, least=0.6, most=2)
    assert [key for key, _degree in found[7]] == [90, 91]
    assert found[8] == []
