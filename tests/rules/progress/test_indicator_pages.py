"""What the pages of indicators work out: oddities, spread targets, numbers as typed, the frame of a chart."""

from decimal import Decimal as D

import pytest

from luoshi.progress.rules.gaps import Side, measure_gap
from luoshi.progress.rules.oddities import Oddity, Seen, find_oddities
from luoshi.progress.rules.plots import plot_year
from luoshi.progress.rules.spreading import read_number, read_numbers, spread_by_curve, spread_evenly


@pytest.mark.parametrize(
    ("value", "last", "found"),
    [
        ("31", "10", (Oddity.JUMPED,)),
        ("30", "10", ()),
        ("3", "10", (Oddity.FELL,)),
        ("4", "10", ()),
        ("10", "10", (Oddity.REPEATED,)),
        ("0", "0", ()),
        ("0", "7", (Oddity.FELL,)),
        ("-31", "-10", (Oddity.JUMPED,)),
        ("5", "0", ()),
    ],
)
def test_reading_is_worth_a_look_beside_the_last_one(value: str, last: str, found: tuple[Oddity, ...]) -> None:
    assert find_oddities(Seen(D(value), D(last))) == found


def test_missing_reading_is_never_odd() -> None:
    assert find_oddities(Seen(None, D(5), D(5), D(5))) == ()


def test_reading_that_meets_the_target_to_the_last_unit_is_worth_a_look() -> None:
    assert find_oddities(Seen(D(30), D(25), to_date=D(100), target_to_date=D(100))) == (Oddity.ON_TARGET,)
    assert find_oddities(Seen(D(0), D(0), to_date=D(0), target_to_date=D(0))) == ()


def test_even_spread_of_what_adds_up_ends_at_the_target_and_never_loses_a_unit() -> None:
    way = spread_evenly(D(3200), count=12, over_time="sum")
    assert way[-1] == 3200
    assert len(way) == 12
    assert {b - a for a, b in zip([D(0), *way], way, strict=False)} == {D(266), D(267)}


def test_even_spread_of_a_level_walks_from_the_baseline_and_a_mean_stays_at_the_target() -> None:
    assert spread_evenly(D(90), count=4, over_time="last", baseline=D(80), places=1) == [
        D("82.5"), D("85.0"), D("87.5"), D(90),
    ]  # fmt: skip
    assert spread_evenly(D(90), count=3, over_time="mean") == [D(90)] * 3


def test_spread_along_last_year_keeps_its_shape() -> None:
    assert spread_by_curve(D(200), curve=[D(10), D(30), D(60)], over_time="sum") == [D(20), D(80), D(200)]
    assert spread_by_curve(D(50), curve=[D(20), D(40)], over_time="last") == [D(25), D(50)]
    with pytest.raises(ValueError, match="weights"):
        spread_by_curve(D(1), curve=[D(0), D(0)], over_time="sum")


def test_numbers_pasted_from_a_sheet_keep_zero_apart_from_an_empty_cell() -> None:
    assert read_numbers("1,200\t0\t\t3.5") == [D(1200), D(0), D("3.5")]
    assert read_numbers("2026-01\t12\n2026-02\t—\n2026-03\t0") == [D(12), None, D(0)]
    assert read_number("87.5%") == D("87.5")
    for wrong in ("12人", "1e99", "NaN"):
        with pytest.raises(ValueError, match=wrong):
            read_number(wrong)


def test_chart_holds_every_value_between_round_bounds() -> None:
    plot = plot_year(["a", "b"], actual={"a": D(0), "b": D(1890)}, target={"b": D(3200)})
    assert (plot.low, plot.high) == (0, 4000)
    assert plot.actual_line == "160.0,200.0 480.0,105.5"
    near = plot_year(["a", "b"], actual={"a": D("87.2"), "b": D("88.9")}, target={})
    assert near.low > 80
    assert near.high >= D("88.9")
    falling = plot_year(["a"], actual={"a": D(-3)}, target={"a": D(4)})
    assert falling.low <= -3
    assert not plot_year(["a"], actual={}, target={})


@pytest.mark.parametrize(
    ("direction", "value", "side", "size", "is_kept"),
    [
        ("up", "90", Side.BEHIND, 10, False),
        ("up", "100", Side.EXACT, 0, True),
        ("up", "110", Side.AHEAD, 10, True),
        ("down", "90", Side.UNDER, 10, True),
        ("down", "110", Side.OVER, 10, False),
        ("down", "0", Side.UNDER, 100, True),
        ("band", "90", Side.TOO_LOW, 10, False),
        ("band", "105", Side.INSIDE, 0, True),
        ("band", "125", Side.TOO_HIGH, 5, False),
    ],
)
def test_gap_is_good_or_bad_by_the_direction(direction: str, value: str, side: Side, size: int, is_kept: bool) -> None:
    gap = measure_gap(D(value), target=D(100), ceiling=D(120) if direction == "band" else None, direction=direction)
    assert gap is not None
    assert (gap.side, gap.size, gap.is_kept) == (side, size, is_kept)


def test_gap_of_what_is_missing_is_none_and_not_the_whole_target() -> None:
    assert measure_gap(None, target=D(100), direction="up") is None
    assert measure_gap(D(0), target=None, direction="up") is None
