"""Cells are read as people write them."""

import pytest

from luoshi.orgs.rules import Access
from luoshi.orgs.rules.sheets import COLUMNS, Known, SheetRow, decide_units, find_heading, read_cells
from luoshi.orgs.rules.sheets.columns import LEVEL_WORDS, ROLE_WORDS


def read(kind: str, column: str, text: str) -> tuple[str, str]:
    row = read_cells(kind, 2, [text], places={column: 0})
    return row.values[column], row.faults[0].code if row.faults else ""


@pytest.mark.parametrize(
    ("text", "value", "fault"),
    [
        ("2026-03-01", "2026-03-01", ""),
        ("2026/3/1", "2026-03-01", ""),
        ("2026.3.1", "2026-03-01", ""),
        ("2026年3月1日", "2026-03-01", ""),
        ("20260301", "2026-03-01", ""),
        ("2026-03-01 00:00:00", "2026-03-01", ""),
        ("", "", ""),
        ("2026-02-30", "2026-02-30", "no_date"),
        ("三月一日", "三月一日", "no_date"),
        ("46082", "46082", "no_date"),
        ("1899-12-31", "1899-12-31", "no_date"),
    ],
)
def test_dates_are_read_in_every_customary_form(text: str, value: str, fault: str) -> None:
    assert read("units", "valid_from", text) == (value, fault)


@pytest.mark.parametrize(
    ("kind", "column", "text", "value", "fault"),
    [
        ("units", "level", "乡镇", "township", ""),
        ("units", "level", "Township", "township", ""),
        ("units", "level", "部门", "department", ""),
        ("units", "level", "星球", "星球", "no_level"),
        ("units", "level", "", "", "missing"),
        ("posts", "role", "主要负责人", "head", ""),
        ("posts", "role", "督查室", "office", ""),
        ("people", "is_active", "是", "1", ""),
        ("people", "is_active", "FALSE", "0", ""),
        ("people", "is_active", "也许", "也许", "no_flag"),
        ("units", "sort", "007", "7", ""),
        ("units", "sort", "3.5", "3.5", "no_number"),
        ("units", "aliases", "甲；乙、甲; 丙", "甲;乙;丙", ""),
        ("units", "code", "QH-T01", "QH-T01", ""),
        ("units", "code", "QH T01", "QH T01", "bad_code"),
        ("units", "code", "x" * 41, "x" * 40, "too_long"),
        ("units", "name", "青禾县  林业局", "青禾县 林业局", ""),
    ],
)
def test_cells_become_one_canonical_text(kind: str, column: str, text: str, value: str, fault: str) -> None:
    assert read(kind, column, text) == (value, fault)


@pytest.mark.parametrize("kind", COLUMNS)
def test_heading_is_found_in_either_language_and_order(kind: str) -> None:
    columns = COLUMNS[kind]
    for heading in ([c.chinese for c in columns], [f"{c.english.upper()} *" for c in reversed(columns)]):
        found = find_heading(kind, [["一览表"], heading])
        assert found is not None
        assert found[0] == 1
        assert set(found[1]) == {column.name for column in columns}
    assert find_heading(kind, [[columns[-1].chinese]]) is None


@pytest.mark.parametrize("words", [LEVEL_WORDS, ROLE_WORDS])
def test_no_word_means_two_things(words: dict[str, tuple[str, ...]]) -> None:
    every = [word for group in words.values() for word in group]
    assert len(every) == len(set(every))


def test_circle_through_the_tree_and_the_sheet_is_found() -> None:
    def known(code: str, parent: str) -> Known:
        return Known(
            {"code": code, "name": code, "parent_code": parent, "level": "village", "valid_from": "2026-01-01"}
        )

    tree = {"A": known("A", ""), "B": known("B", "A"), "C": known("C", "B")}
    rows = [
        SheetRow(2, {"code": "B", "name": "B", "level": "village", "parent_code": "N"}),
        SheetRow(3, {"code": "N", "name": "N", "level": "village", "parent_code": "C"}),
    ]
    verdicts = decide_units(rows, known=tree, access=Access(person_id=1, admin=True), today="2026-11-23")
    assert [fault.code for verdict in verdicts for fault in verdict.faults] == ["circle", "circle"]
