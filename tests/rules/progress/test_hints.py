"""Hints on a report: what a reader would miss."""

from decimal import Decimal

import pytest

from luoshi.progress.rules.hints import Hint, Report, find_hints, is_same_text


@pytest.mark.parametrize(
    "words", ["高度重视，积极推进，成效明显。", "正在按要求有序推进各项工作", "加强领导，压实责任", ""]
)
def test_words_without_number_date_or_place_are_flagged(words: str) -> None:
    assert Hint.EMPTY_WORDS in find_hints(Report(done=words))


@pytest.mark.parametrize(
    "words", ["已建成3200亩", "完成三个项目的招标", "新民村泵站已通水", "11月中旬完成验收", "走访十二户"]
)
def test_a_number_a_date_or_a_place_is_enough(words: str) -> None:
    assert Hint.EMPTY_WORDS not in find_hints(Report(done=words))


def test_last_report_said_again_is_flagged_but_new_figures_are_not() -> None:
    assert is_same_text("已建成3200亩，其余正在施工。", "已建成3200亩；其余正在施工")
    assert not is_same_text("已建成3900亩，其余正在施工。", "已建成3200亩，其余正在施工。")
    assert not is_same_text("已建成3200亩", "")


def test_percent_is_compared_with_the_last_report() -> None:
    def of(percent: str, last: str | None) -> set[Hint]:
        found = find_hints(
            Report(done="3", percent=Decimal(percent), next_step="4"),
            last_percent=None if last is None else Decimal(last),
        )
        return set(found)

    assert of("30", "40") == {Hint.PERCENT_FELL}
    assert of("40", "40") == set()
    assert of("91", "40") == {Hint.PERCENT_JUMPED}
    assert of("60", None) == {Hint.PERCENT_JUMPED}


def test_problem_without_cause_and_ask_of_nobody_are_flagged() -> None:
    found = find_hints(Report(done="3", problem="缺资金", ask="请拨款", percent=Decimal(10)))
    assert set(found) == {Hint.NO_CAUSE, Hint.ASK_OF_NOBODY, Hint.NO_NEXT_STEP}
    full = Report(done="3", problem="缺资金", cause="funds", ask="请拨款", has_asked_unit=True)
    assert find_hints(full) == ()


def test_target_without_its_value_and_a_hundred_short_of_it_are_flagged() -> None:
    def of(typed: str | None, value: str | None, target: str | None = "12000") -> set[Hint]:
        given = [None if text is None else Decimal(text) for text in (typed, value, target)]
        report = Report(done="3", next_step="4", typed=given[0], value=given[1], target=given[2])
        return set(find_hints(report))

    assert of("60", None) == {Hint.NO_VALUE}
    assert of("100", "11999.99") == {Hint.VALUE_BELOW_TARGET}
    assert of("100", "12000") == of("60", "11000") == of(None, None) == of(None, "0") == set()
    assert of("100", None, target=None) == set()
