"""Every operator, direction and kind of gap comes to what was worked out by hand in the two tables beside this file."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from luoshi.progress.rules.tallies import Figure, Goal, Method, Sums, over_time, over_units, read
from luoshi.tasks.rules.indicators import (
    Direction,
    OverTime,
    OverUnits,
    is_period_of,
    is_reached,
    percent_reached,
    scale_of,
)

HERE = Path(__file__).parent
SAID_AT = (1, 3, 2)  # the second part says last
CASES = ("all reported", "one missing", "a zero", "all missing", "negative")


def rows_of(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


UNITS, TIME = rows_of("worked_over_units.csv"), rows_of("worked_over_time.csv")


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def bounds(text: str) -> tuple[Decimal, Decimal | None]:
    floor, _dots, top = text.partition("..")
    return Decimal(floor), number(top)


def figure(text: str, period: str, *, hour: int, method: Method) -> Figure | None:
    if text == "-":
        return None
    top, slash, bottom = text.partition("/")
    at = datetime(2026, 11, 23, hour, tzinfo=UTC)
    given = {"value": None if slash else Decimal(top), "numerator": Decimal(top) if slash else None}
    return read(period, at, **given, denominator=number(bottom), method=method)


def test_tables_hold_every_operator_with_every_direction_and_gap() -> None:
    held = {(row["over_units"], row["direction"], row["case"]) for row in UNITS}
    assert held >= set(product(OverUnits, Direction, CASES))
    assert {(row["over_time"], row["kind"], row["case"]) for row in TIME} == set(
        product(OverTime, ("plain", "ratio"), CASES)
    )
    assert all(row["arithmetic"] for row in UNITS + TIME)


@pytest.mark.parametrize("row", UNITS, ids=lambda r: f"{r['over_units']}-{r['direction']}-{r['case']}")
def test_parts_come_to_what_was_worked_out_by_hand(row: dict[str, str]) -> None:
    method = Method(OverTime.LAST, row["over_units"], row["direction"], "%" if row["over_units"] == "ratio" else "人")
    target, ceiling = bounds(row["target_of_each"])
    sums, said = Sums(), 0
    texts = zip(row["parts"].split("|"), row["weights"].split("|"), SAID_AT, strict=True)
    for part, (text, weight, hour) in enumerate(texts):
        found = figure(text, "2026-11", hour=hour, method=method)
        if found is not None:
            said += 1
            sums = sums.with_part(found, Goal(target, ceiling, Decimal(weight)), part=part, method=method)
    whole = over_units(sums, method)
    value = whole.value if whole else None
    floor, top = bounds(row["target"])
    assert value == number(row["value"])
    assert f"{said} of 3" == row["n_of_m"]
    assert is_reached(value, direction=row["direction"], target=floor, ceiling=top) == (row["reached"] == "yes")
    assert percent_reached(value, direction=row["direction"], target=floor) == number(row["percent"])


@pytest.mark.parametrize("row", TIME, ids=lambda r: f"{r['over_time']}-{r['kind']}-{r['case']}")
def test_periods_come_to_what_was_worked_out_by_hand(row: dict[str, str]) -> None:
    is_ratio = row["kind"] == "ratio"
    method = Method(row["over_time"], OverUnits.RATIO if is_ratio else OverUnits.SUM, "up", "%" if is_ratio else "人")
    texts = enumerate(row["months"].split("|"), 1)
    months = [figure(text, f"2026-0{n}", hour=n, method=method) for n, text in texts]
    given = [month for month in months if month is not None]
    assert (over_time(given, method).value if given else None) == number(row["value"])


def test_band_with_one_side_is_open_on_the_other() -> None:
    for value, target, ceiling, reached in (
        (5, 3, None, True),
        (5, None, 6, True),
        (5, None, 4, False),
        (5, None, None, False),
    ):
        sides = [None if side is None else Decimal(side) for side in (target, ceiling)]
        assert is_reached(Decimal(value), direction="band", target=sides[0], ceiling=sides[1]) is reached


def test_percent_and_per_mille_are_shown_in_their_measure() -> None:
    assert [scale_of(measure) for measure in ("%", "％", "‰", "人/万人")] == [100, 100, 1000, 1]


def test_period_belongs_to_its_cadence_and_year() -> None:
    good = {
        "monthly": "2026-11",
        "quarterly": "2026-Q4",
        "semiannual": "2026-H2",
        "annual": "2026",
        "weekly": "2026-W47",
    }
    for cadence, period in product(good, good.values()):
        assert is_period_of(period, cadence=cadence, year=2026) == (good[cadence] == period)
    assert not is_period_of("2026-13", cadence="monthly", year=2026)
    assert not is_period_of("2025-11", cadence="monthly", year=2026)
