"""Roll-up: the weighted mean of what was reported, the same step by step as all at once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.progress.rules.rollup import Node, Part, Sums, part_of, percent_of, percent_of_target, percent_said, roll_up

D = Decimal


def part(percent: str | None, weight: str = "1", reported: int = 1, expected: int = 1) -> Part:
    return Part(None if percent is None else D(percent), D(weight), reported if percent is not None else 0, expected)


def test_missing_part_is_left_out_of_the_mean_and_counted_as_expected() -> None:
    sums = Sums().with_part(part("40")).with_part(part("0", "3")).with_part(part(None, "5"))
    assert percent_of(None, sums, is_done=False) == 10
    assert (sums.reported, sums.expected) == (2, 3)


def test_parent_without_reported_parts_shows_its_own_report_or_nothing() -> None:
    sums = Sums().with_part(part(None))
    assert percent_of(D(30), sums, is_done=False) == 30
    assert percent_of(None, sums, is_done=False) is None


def test_parts_without_weight_do_not_divide_by_zero() -> None:
    sums = Sums().with_part(part("40", "0"))
    assert percent_of(None, sums, is_done=False) is None


def test_done_work_counts_a_hundred() -> None:
    assert part_of(D(80), Sums(), weight=D(2), is_done=True) == Part(D(100), D(2), 1, 1)


def test_mean_is_rounded_half_up_at_four_places() -> None:
    sums = Sums(D("0.00005"), D(1), 1, 1)
    assert percent_of(None, sums, is_done=False) == D("0.0001")


def test_withdrawn_part_no_longer_counts() -> None:
    nodes = [Node(3, 1, D(1), D(10), counts=False), Node(2, 1, D(1), D(50)), Node(1, None, D(1), None)]
    *_, (_, sums, root) = roll_up(nodes)
    assert root.percent == 50
    assert sums.expected == 1


@pytest.mark.parametrize(
    ("value", "op", "target", "percent"),
    [
        ("30", ">=", "120", "25"),
        ("1", "=", "3", "33.33"),
        ("150", ">", "120", "100"),
        ("-5", ">=", "120", "0"),
        ("0", "", "120", "0"),
        ("30", "<=", "120", None),
        ("30", ">=", "0", None),
    ],
)
def test_value_reached_gives_the_percent_of_its_target(value: str, op: str, target: str, percent: str | None) -> None:
    found = percent_of_target(D(value), op=op, target=D(target))
    assert found == (None if percent is None else D(percent))


def test_value_speaks_before_the_typed_percent_where_it_can() -> None:
    typed = D(20)
    assert percent_said(typed, value=D(60), op=">=", target=D(120)) == 50
    assert percent_said(typed, value=D(60), op="<=", target=D(120)) == typed
    assert percent_said(typed, value=None, op=">=", target=D(120)) == typed
    assert percent_said(None, value=D(60), op="", target=None) is None


percents = st.one_of(st.none(), st.decimals(0, 100, places=2))
weights = st.decimals(0, 999, places=3)
shapes = st.lists(st.tuples(st.integers(0, 10**6), weights), min_size=1, max_size=25)
histories = st.lists(st.tuples(st.integers(0, 10**6), percents, st.booleans()), max_size=40)


@given(shape=shapes, history=histories)
def test_step_by_step_is_the_same_as_all_at_once(shape: list[tuple[int, D]], history: list[tuple]) -> None:
    """Any tree, any order of reports and completions: exchanging a child's part upwards equals recomputing."""
    parents = [None] + [place % n for n, (place, _w) in enumerate(shape) if n]
    weights = [w for _place, w in shape]
    own: list[D | None] = [None] * len(shape)
    done = [False] * len(shape)
    sums = {n: s for n, s, _p in roll_up(_nodes(parents, weights, own, done))}
    parts = {n: p for n, _s, p in roll_up(_nodes(parents, weights, own, done))}
    for place, percent, is_done in history:
        node: int | None = place % len(shape)
        own[node], done[node] = percent, is_done
        before, parts[node] = parts[node], _part(node, own, sums, weights, done)
        after = parts[node]
        while (node := parents[node]) is not None:
            sums[node] = sums[node].without_part(before).with_part(after)
            before, parts[node] = parts[node], _part(node, own, sums, weights, done)
            after = parts[node]
    again = list(roll_up(_nodes(parents, weights, own, done)))
    assert {n: s for n, s, _p in again} == sums
    assert {n: p for n, _s, p in again} == parts


def _nodes(parents: list, weights: list, own: list, done: list) -> list[Node]:
    return [Node(n, parents[n], weights[n], own[n], is_done=done[n]) for n in reversed(range(len(parents)))]


def _part(n: int, own: list, sums: dict[int, Sums], weights: list, done: list) -> Part:
    return part_of(own[n], sums[n], weight=weights[n], is_done=done[n])
