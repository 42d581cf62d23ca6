"""What may be answered on site, and what is still open."""

from decimal import Decimal

import pytest

from luoshi.inspections.rules.visits import Asked, failed, number_of, read_answers, still_open

ASKED = (Asked(1, "yes_no"), Asked(2, "number"), Asked(3, "text", is_optional=True), Asked(4, "reported"))


def test_answers_are_kept_in_their_plain_form_and_unknown_questions_left_out() -> None:
    given = {
        "1": {"a": "no", "n": " 渠道未通 "},
        "2": {"a": "12.5", "x": "?"},
        "9": {"a": "yes"},
        "3": {"a": "", "n": ""},
    }
    answers, wrong = read_answers(given, ASKED)
    assert answers == {"1": {"a": "no", "n": "渠道未通"}, "2": {"a": "12.5", "n": ""}}
    assert wrong == []
    assert failed(ASKED, answers) == [1]
    assert still_open(ASKED, answers) == [4]


@pytest.mark.parametrize("answer", ["maybe", "是", "YES"])
def test_answer_that_is_none_of_the_choices_is_named_and_its_note_kept(answer: str) -> None:
    answers, wrong = read_answers({"1": {"a": answer, "n": "看过"}}, ASKED)
    assert (answers, wrong) == ({"1": {"a": "", "n": "看过"}}, [1])


@pytest.mark.parametrize("given", [None, [], "x", 3, {"1": "yes"}, {"1": None}, {1: {"a": "yes"}}])
def test_anything_else_is_no_answer(given: object) -> None:
    assert read_answers(given, ASKED) == ({}, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,000", Decimal(12000)), ("0", Decimal(0)), ("１２", Decimal(12)), ("-3.25", Decimal("-3.25")), ("NaN", None),
     ("1e99", None), ("很多", None), ("", None), ("Infinity", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(text: str, value: Decimal | None) -> None:
    assert number_of(text) == value
