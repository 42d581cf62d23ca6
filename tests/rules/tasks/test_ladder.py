"""Kinds, numbers, duties and planned paths."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.tasks.rules.duties import DutyRow, merge_duties, name_one_lead, read_duties
from luoshi.tasks.rules.ladder import (
    Point,
    check_path,
    guess_kind,
    may_be_critical,
    quarter_path,
    rung_below,
    task_code,
)

KINDS = [
    ("新增城镇就业3000人", True, "hard_target"),
    ("坚持稳中求进工作总基调", False, "principle"),
    ("推进县人民医院门诊楼项目建设", False, "project"),
    ("改造老旧供水厂", False, "project"),
    ("开展安全生产大检查", False, "action"),
    ("健全河湖长制工作机制", False, "initiative"),
    ("落实耕地保护责任", False, "measure"),
]


@pytest.mark.parametrize(("title", "number", "kind"), KINDS)
def test_kind_is_guessed_from_the_words(title: str, number: bool, kind: str) -> None:
    assert guess_kind(title, has_number=number) == kind


def test_part_stands_one_rung_below() -> None:
    assert rung_below("initiative") == "measure"
    assert rung_below("measure") == "measure"
    assert rung_below("measure", has_number=True) == "hard_target"


def test_number_is_quoted_with_unit_and_year() -> None:
    assert task_code("QH", year=2026, number=12) == "QH-2026-0012"


def test_cap_is_inclusive() -> None:
    assert may_be_critical(12, cap=12)
    assert not may_be_critical(13, cap=12)


def test_unit_named_lead_and_co_leads() -> None:
    rows = [DutyRow("co", 1), DutyRow("lead", 1), DutyRow("guide", 1), DutyRow("co", 2)]
    assert merge_duties(rows) == [DutyRow("lead", 1), DutyRow("guide", 1), DutyRow("co", 2)]


def test_proposal_keeps_selectors_and_unmatched_names() -> None:
    rows = read_duties(
        [
            {"name": "县水利局", "role": "lead", "unit": 7, "selector": ""},
            {"name": "各乡镇", "role": "co", "unit": None, "selector": "level=township"},
            {"name": "县专班", "role": "co", "unit": None, "selector": ""},
        ]
    )
    assert [(r.unit_id, r.selector, r.name) for r in rows] == [
        (7, "", "县水利局"),
        (None, "level=township", "各乡镇"),
        (None, "", "县专班"),
    ]


def test_naming_a_lead_makes_the_others_co_units() -> None:
    rows = name_one_lead([DutyRow("joint", 1), DutyRow("lead", 2), DutyRow("guide", 3)], unit_id=1)
    assert [(r.unit_id, r.role) for r in rows] == [(1, "lead"), (2, "co"), (3, "guide")]


def point(day: int, percent: int | None, name: str = "") -> Point:
    return Point(name or f"第{day}日", date(2026, 12, day), None if percent is None else Decimal(percent))


PATHS = [
    ([point(1, 10), point(5, 50)], None),
    ([point(5, 50), point(1, 10)], None),
    ([point(1, None), point(5, 0)], None),
    ([point(1, 60), point(5, 50)], "falling"),
    ([point(1, 101)], "out_of_range"),
    ([point(21, 50)], "after_due"),
    ([point(1, 5, "甲"), point(1, 5, "甲")], "name_twice"),
]


@pytest.mark.parametrize(("points", "fault"), PATHS)
def test_planned_path_rises_to_the_due_date(points: list[Point], fault: str | None) -> None:
    assert check_path(points, due_date=date(2026, 12, 20)) == fault


def test_straight_line_by_quarter_ends_at_the_due_date() -> None:
    line = quarter_path(date(2026, 1, 1), date(2026, 12, 31))
    assert [day for day, _ in line] == [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
    assert line[-1][1] == 100
    assert [p for _, p in line] == sorted(p for _, p in line)


def test_short_task_is_done_by_its_due_date() -> None:
    assert quarter_path(date(2026, 5, 1), date(2026, 5, 1)) == [(date(2026, 5, 1), Decimal(100))]
