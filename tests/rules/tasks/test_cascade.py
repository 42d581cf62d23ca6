"""Dividing a target and checking the shares."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.tasks.rules.cascade import (
    ParentFacts,
    PastedLine,
    Share,
    check_shares,
    read_pasted,
)
from luoshi.tasks.rules.division import divide_by_weights, divide_evenly

figures = st.decimals(min_value=0, max_value=10**9, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=3), min_size=1, max_size=60)


@given(figures, weights, st.integers(0, 4))
def test_rounding_keeps_the_sum(total: Decimal, by: list[Decimal], places: int) -> None:
    if not any(by):
        by = [*by, Decimal(1)]
    parts = divide_by_weights(total, weights=by, places=places)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    assert len(parts) == len(by)


@given(st.integers(1, 10**6), st.integers(1, 500))
def test_even_parts_differ_by_at_most_one(total: int, count: int) -> None:
    parts = divide_evenly(Decimal(total), count=count)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_a_unit_without_weight_gets_nothing() -> None:
    assert divide_by_weights(Decimal(10), weights=[Decimal(0), Decimal(1), Decimal(3)]) == [0, Decimal(3), Decimal(7)]


@pytest.mark.parametrize("by", [[Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_senseless_weights_are_refused(by: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        divide_by_weights(Decimal(10), weights=by)


PARENT = ParentFacts(">=", Decimal(100), "个", "做", "做成", date(2026, 12, 20))


def codes(*shares: Share, **changes: object) -> list[str]:
    parent = ParentFacts(**{name: changes.get(name, getattr(PARENT, name)) for name in PARENT.__slots__})  # type: ignore[arg-type]
    return [fault.code for fault in check_shares(parent, shares)]


def share(unit: int = 1, value: object = 100, **fields: object) -> Share:
    return Share(unit, None if value is None else Decimal(str(value)), **fields)  # type: ignore[arg-type]


CASES: list[tuple[list[Share], dict[str, object], list[str]]] = [
    ([share()], {}, []),
    ([], {}, ["nobody_chosen"]),
    ([share(1, 50), share(1, 50)], {}, ["unit_twice"]),
    ([share(1)], {"given": frozenset({1})}, ["already_given"]),
    ([share(due_date=date(2026, 12, 21))], {}, ["date_after_parent"]),
    ([share(due_date=date(2026, 12, 20))], {}, []),
    ([share()], {"standard": ""}, ["no_standard"]),
    ([share(standard="好")], {"standard": ""}, []),
    ([share()], {"due_date": None}, ["no_date"]),
    ([share()], {"due_date": None, "review_date": date(2026, 12, 31)}, []),
    ([share(1, 40), share(2, 59)], {}, ["sum_below"]),
    ([share(1, 60), share(2, 40)], {}, []),
    ([share(1, 60), share(2, 50)], {}, ["sum_above"]),
    ([share(1, 60)], {"given_value": Decimal(40)}, []),
    ([share(1, 60), share(2, 50)], {"target_op": "<="}, ["sum_above_ceiling"]),
    ([share(1, 60), share(2, 30)], {"target_op": "<="}, []),
    ([share(1, 100), share(2, None)], {}, ["no_target"]),
    ([share(1, 95), share(2, 95)], {"target_value": Decimal(95), "target_unit": "%"}, []),
    ([share(1, 95), share(2, 90)], {"target_value": Decimal(95), "adds_up": False}, []),
    ([share(weight=Decimal(-1))], {}, ["negative_weight"]),
    ([share(1, None)], {"target_value": None}, []),
]


@pytest.mark.parametrize(("shares", "changes", "expected"), CASES)
def test_shares_are_checked_against_the_whole(
    shares: list[Share], changes: dict[str, object], expected: list[str]
) -> None:
    assert codes(*shares, **changes) == expected


def test_pasted_table_is_read_in_any_order_of_cells() -> None:
    text = "柳河镇\t1,200.5\t2026年12月1日\t建成并验收\n\n石门乡、东关街道\n双塔镇\t建成\t2026/11/30"
    assert read_pasted(text) == [
        PastedLine("柳河镇", Decimal("1200.5"), date(2026, 12, 1), "建成并验收"),
        PastedLine("石门乡"),
        PastedLine("东关街道"),
        PastedLine("双塔镇", None, date(2026, 11, 30), "建成"),
    ]


@pytest.mark.parametrize("cell", ["1e999999", "NaN", "2026-13-45", "∞"])
def test_hostile_cells_are_words(cell: str) -> None:
    line = read_pasted(f"柳河镇\t{cell}")[0]
    assert (line.value, line.due_date, line.standard) == (None, None, cell)
