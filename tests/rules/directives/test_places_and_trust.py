"""Where words stood in the original, the boxes on a page, and what a person's look does to a field's evidence."""

import pytest

from luoshi.directives.rules.byhand import find_words, own_words, pointed_duty
from luoshi.directives.rules.facts import Span
from luoshi.directives.rules.places import Box, Place, find_boxes, pages_between, place_at
from luoshi.directives.rules.review import Mark
from luoshi.directives.rules.trust import after_edit, all_sure, checked, doubts, with_matches

TEXT = "第一段\n甲\t乙\t丙\n单格\n脚注"
SOURCES = [[0, "p1", 1], [4, "t1r2", 1], [10, "t1r3c2", 2], [13, "n3", 2]]


@pytest.mark.parametrize(
    ("offset", "place"),
    [
        (0, Place("p", 1, page=1)),
        (4, Place("t", 1, 2, 1, page=1)),
        (6, Place("t", 1, 2, 2, page=1)),
        (8, Place("t", 1, 2, 3, page=1)),
        (11, Place("t", 1, 3, 2, page=2)),
        (14, Place("n", 3, page=2)),
    ],
)
def test_each_character_has_its_place(offset: int, place: Place) -> None:
    assert place_at(SOURCES, TEXT, offset) == place


def test_text_that_was_pasted_has_no_places() -> None:
    assert place_at([], TEXT, 3) is None
    assert place_at([[0, "?"]], TEXT, 3) is None
    assert pages_between([[0, "p1", 0]], 0, 5) is None


def test_stretch_of_text_has_its_pages_and_the_one_it_runs_on_to() -> None:
    assert pages_between(SOURCES, 0, 4) == (1, 1)
    assert pages_between(SOURCES, 0, 9) == (1, 2)
    assert pages_between(SOURCES, 11, 14) == (2, 2)


def test_boxes_cover_the_marked_characters_only() -> None:
    run = [10, 14, 500, 600, [1000, 1100, 1200, 1300, 1400], 0.9]
    marks = [Mark(0, 12, "span", 1), Mark(11, 13, "unit", 1), Mark(14, 20, "due", 2)]
    assert find_boxes([run], marks) == [Box(1000, 500, 200, 100, "span", 1), Box(1100, 500, 200, 100, "unit", 1)]


def test_box_of_a_long_mark_is_found_from_each_of_its_lines() -> None:
    runs = [[n * 10, n * 10 + 10, n * 100, n * 100 + 50, list(range(0, 1100, 100)), None] for n in range(50)]
    marks = [Mark(n * 10, n * 10 + 2, "unit", n + 2) for n in range(50)] + [Mark(0, 500, "span", 1)]
    boxes = find_boxes(runs, marks)
    assert len([b for b in boxes if b.proposal == 1]) == 50
    assert len(boxes) == 100


def row(field: str, kind: str, *, sure: bool, value: str = "") -> dict[str, object]:
    return {"field": field, "value": value, "kind": kind, "sure": sure}


def test_looking_makes_sure_what_was_looked_at() -> None:
    evidence = [row("lead", "ocr", sure=False), row("due", "ocr", sure=False), row("work", "explicit", sure=True)]
    assert len(doubts(evidence)) == 2
    assert all_sure(checked(evidence))
    assert [r["field"] for r in doubts(after_edit(evidence, ["due_date", "cadence"]))] == ["lead"]
    assert checked(evidence)[2] == evidence[2]
    assert not all_sure([])


def test_name_off_a_scan_that_is_a_unit_was_read_right_and_a_date_never_is() -> None:
    evidence = [
        row(f, "ocr", sure=False, value=v) for f, v in (("lead", "县水利局"), ("co", "县水和局"), ("due", "6月"))
    ]
    units = [{"name": "县水利局", "unit": 3, "selector": ""}, {"name": "县水和局", "unit": None, "selector": ""}]
    assert [r["value"] for r in doubts(with_matches(evidence, units))] == ["县水和局", "6月"]


def test_marked_words_become_a_duty_with_what_the_grammar_reads_in_them() -> None:
    text = "一、其他\n修好水库，由县水利局牵头，县财政局配合，2026年6月底前完成。\n"
    span = find_words(text, "修好水库，由县水利局牵头， 县财政局配合，2026年6月底前完成。", start=0)
    assert span is not None
    duty = pointed_duty(text, span, clause=1, outline="一", issued=None, year=2026)
    assert [m.name for m in duty.lead] == ["县水利局"]
    assert [m.name for m in duty.co] == ["县财政局"]
    assert duty.due is not None
    assert str(duty.due.date) == "2026-06-30"
    assert not duty.sure
    assert find_words(text, "修好堤坝", start=0) is None
    assert own_words(text, 0, 5) == Span(2, 4)
    assert own_words(" \n", 0, 2) == Span(2, 2)
