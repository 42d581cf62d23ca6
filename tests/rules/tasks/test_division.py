"""Dividing a target by bases, within floors and ceilings, and along a planned path."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luoshi.tasks.rules.division import (
    Claim,
    ImpossibleDivision,
    divide,
    spread_path,
    take_as_is,
    weights_of,
)

D = Decimal
bases = st.decimals(min_value=0, max_value=10**7, places=2)
small = st.integers(0, 60)
figures = st.decimals(min_value=0, max_value=10**7, places=2)


@st.composite
def bounded_claims(draw: st.DrawFn) -> list[Claim]:
    rows = draw(st.lists(st.tuples(bases, small, small), min_size=1, max_size=12))
    return [Claim(n, base, D(min(a, b)), D(max(a, b))) for n, (base, a, b) in enumerate(rows)]


@given(figures, st.lists(bases, min_size=1, max_size=40), st.integers(0, 4))
def test_division_keeps_the_sum_and_follows_the_base(total: D, weights: list[D], places: int) -> None:
    assume(any(weights))
    parts = divide(total, claims=[Claim(n, base) for n, base in enumerate(weights)], places=places)
    assert sum(parts) == total
    ranked = sorted(zip(weights, parts, strict=True))
    assert all(low[1] <= high[1] for low, high in pairwise(ranked) if low[0] < high[0])
    assert all(part == 0 for base, part in ranked if base == 0)


@given(st.integers(0, 700), bounded_claims(), st.integers(0, 2))
def test_bounds_hold_or_the_division_is_called_impossible(total: int, claims: list[Claim], places: int) -> None:
    least = sum((c.floor or D(0) for c in claims), D(0))
    most = sum(((c.ceiling if c.base else c.floor) or D(0) for c in claims), D(0))
    if not any(c.base for c in claims) or not least <= total <= most:
        with pytest.raises(ImpossibleDivision):
            divide(D(total), claims=claims, places=places)
        return
    parts = divide(D(total), claims=claims, places=places)
    assert sum(parts) == total
    assert all((c.floor or 0) <= part <= (c.ceiling or 0) for c, part in zip(claims, parts, strict=True))


@given(st.integers(1, 500), st.lists(st.integers(1, 500), min_size=2, max_size=10), st.integers(1, 300))
def test_unit_whose_base_grows_never_gets_less(total: int, weights: list[int], more: int) -> None:
    before = divide(D(total), claims=[Claim(n, D(w)) for n, w in enumerate(weights)])
    grown = [weights[0] + more, *weights[1:]]
    assert divide(D(total), claims=[Claim(n, D(w)) for n, w in enumerate(grown)])[0] >= before[0]


def test_water_runs_from_a_ceiling_to_the_others() -> None:
    claims = [Claim(1, D(60), ceiling=D(40)), Claim(2, D(30)), Claim(3, D(10), floor=D(20))]
    assert divide(D(100), claims=claims) == [40, 40, 20]


def test_bounds_between_two_steps_are_never_overstepped() -> None:
    claims = [Claim(1, D(1), floor=D("2.5")), Claim(2, D(9), ceiling=D("7.5"))]
    assert divide(D(10), claims=claims) == [3, 7]


@pytest.mark.parametrize(
    ("total", "claims", "code", "figure"),
    [
        (10, [Claim(1, D(0)), Claim(2, D(0))], "no_base", 0),
        (10, [Claim(1, D(-1)), Claim(2, D(3))], "negative_base", 0),
        (10, [Claim(1, D(1), D(8)), Claim(2, D(1), D(7))], "floors_above", 5),
        (10, [Claim(1, D(1), None, D(3)), Claim(2, D(1), None, D(4))], "ceilings_below", 3),
        (10, [Claim(1, D(1), D(6), D(5))], "crossed", 0),
    ],
)
def test_impossible_division_says_why(total: int, claims: list[Claim], code: str, figure: int) -> None:
    with pytest.raises(ImpossibleDivision) as caught:
        divide(D(total), claims=claims)
    assert (caught.value.code, caught.value.figure) == (code, D(figure))


def test_value_itself_is_rounded_within_its_bounds() -> None:
    claims = [Claim(1, D("105.5")), Claim(2, D(3), floor=D(10)), Claim(3, D(99), ceiling=D(50))]
    assert take_as_is(claims) == [106, 10, 50]


steps = st.lists(st.integers(0, 300), min_size=1, max_size=12)


@given(steps, st.lists(st.integers(0, 400), min_size=1, max_size=14))
def test_path_of_each_part_rises_and_each_period_sums(growth: list[int], parts: list[int]) -> None:
    assume(any(parts) and any(growth))
    path, value = [], 0
    for n, more in enumerate(growth):
        value += more
        path.append((f"2026-{n + 1:02d}", D(value)))
    whole = D(value)
    paths = spread_path(path, whole=whole, parts=[D(p) for p in parts])
    total = sum(parts)
    for n, (_period, to_date) in enumerate(path):
        assert sum(own[n] for own in paths) == (to_date * total / whole).quantize(D(1), rounding="ROUND_HALF_UP")
    for own, part in zip(paths, parts, strict=True):
        assert own == sorted(own)
        assert own[-1] == part


def test_falling_path_falls_in_each_part() -> None:
    paths = spread_path([("2026-Q1", D(90)), ("2026-Q2", D(50))], whole=D(50), parts=[D(30), D(20)])
    assert paths == [[54, 30], [36, 20]]


def test_weight_is_the_target_however_large() -> None:
    assert weights_of({1: D(30), 2: D(70), 3: None}, whole=D(100)) == {1: D(30), 2: D(70), 3: D(0)}
    large = weights_of({1: D(30_000_000), 2: D(70_000_000)}, whole=D(100_000_000))
    assert large[1] / large[2] == D(30) / D(70)
    assert max(large.values()) < 10**6
