"""What a cell of a unit's own column takes, and what a filter over it asks."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.ledger.rules.columns import (
    Condition,
    FaultyValue,
    Value,
    read_choices,
    read_condition,
    read_value,
    write_value,
)

CHOICES = ("已入库", "未入库")


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("text", "  两个 \n 词 ", Value("两个 词")),
        ("text", "   ", Value()),
        ("number", "１，２３４．５", Value(number=Decimal("1234.5"))),
        ("number", "0", Value(number=Decimal(0))),
        ("number", "-3", Value(number=Decimal(-3))),
        ("date", "2026年11月3日", Value(day=date(2026, 11, 3))),
        ("date", "2026/1/31", Value(day=date(2026, 1, 31))),
        ("date", "20261103", Value(day=date(2026, 11, 3))),
        ("choice", " 已入库 ", Value("已入库")),
    ],
)
def test_cell_takes_what_people_type(kind, text, expected):
    value = read_value(text, kind=kind, choices=CHOICES)
    assert value == expected
    assert read_value(write_value(value), kind=kind, choices=CHOICES) == value


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("number", "约三成", "no_number"),
        ("number", "nan", "no_number"),
        ("number", "1e99", "too_large"),
        ("number", "1.23456", "too_fine"),
        ("date", "2026-02-30", "no_date"),
        ("date", "1899-12-30", "no_date"),
        ("date", "年底", "no_date"),
        ("choice", "在建", "no_choice"),
        ("text", "字" * 501, "too_long"),
    ],
)
def test_cell_refuses_what_it_cannot_hold_and_names_why(kind, text, problem):
    with pytest.raises(FaultyValue) as refused:
        read_value(text, kind=kind, choices=CHOICES)
    assert refused.value.problem == problem


def test_zero_is_not_an_empty_cell():
    assert not read_value("0", kind="number").is_empty
    assert read_value("", kind="number").is_empty


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("number", "5..10", Condition(low=Decimal(5), high=Decimal(10))),
        ("number", "..10", Condition(high=Decimal(10))),
        ("number", "7", Condition(low=Decimal(7), high=Decimal(7))),
        ("date", "2026-01-01..", Condition(low=date(2026, 1, 1))),
        ("choice", "已入库,未入库", Condition(choices=CHOICES)),
        ("text", "张", Condition(words="张")),
        ("text", "-", Condition(is_empty=True)),
        ("number", "-", Condition(is_empty=True)),
    ],
)
def test_filter_over_a_column_is_read_by_its_kind(kind, text, expected):
    assert read_condition(text, kind=kind, choices=CHOICES) == expected


def test_choices_are_one_a_line_and_each_once():
    assert read_choices("甲\n 乙 \n\n甲") == ["甲", "乙"]
    for faulty in ("", "甲,乙", "-", "\n".join(map(str, range(61)))):
        with pytest.raises(FaultyValue):
            read_choices(faulty)
