"""A small worked example of an indicator's operators: three units, three months, one missing, one zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from luoshi.progress.rules.tallies import Figure, Goal, Method, PartSums, count_up, read
from luoshi.tasks.rules.indicators import Direction, OverUnits

PERIODS = ("2026-01", "2026-02", "2026-03")
VALUES = {"A": ("10", "20", "30"), "B": ("8", "12", None), "C": ("5", "0", "15")}
OUT_OF = {"A": "50", "B": "30", "C": "20"}
GOAL = Decimal(20)
DAY = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """What each unit gave (as written; None: nothing), its value to date, the whole by month and to date, and how."""

    rows: tuple[tuple[str, tuple[str | None, ...], Decimal | None], ...]
    whole: tuple[Decimal | None, ...]
    to_date: Decimal | None
    formula: str
    periods: tuple[str, ...] = ("1", "2", "3")


def work_example(method: Method) -> Example:
    """The example under these operators, added up by the rules that add up real readings."""
    sums = {period: PartSums() for period in PERIODS}
    rows, ends = [], []
    for number, (name, given) in enumerate(VALUES.items()):
        figures = _figures(given, OUT_OF[name], method)
        counts = count_up(figures, {}, periods=PERIODS, method=method, is_leaf=True)
        goal = Goal(target=GOAL, weight=Decimal(OUT_OF[name]))
        for period, count in counts.items():
            sums[period] = sums[period].with_part(count, goal, part=number, method=method)
        ends.append((counts[PERIODS[-1]].to_date, goal))
        shown = tuple(None if v is None else f"{v}/{OUT_OF[name]}" if method.is_ratio else v for v in given)
        rows.append((name, shown, ends[-1][0].value))
    whole = count_up([], sums, periods=PERIODS, method=method, is_leaf=False)
    months = tuple(found.now.value if (found := whole[p]).now else None for p in PERIODS)
    to_date = whole[PERIODS[-1]].to_date.value
    return Example(tuple(rows), months, to_date, _formula(ends, to_date, method))


def _figures(given: Sequence[str | None], out_of: str, method: Method) -> list[Figure]:
    return [
        read(
            period, DAY, value=None if method.is_ratio else Decimal(value),
            numerator=Decimal(value) if method.is_ratio else None,
            denominator=Decimal(out_of) if method.is_ratio else None, method=method,
        )
        for period, value in zip(PERIODS, given, strict=True)
        if value is not None
    ]  # fmt: skip


def _formula(ends: list[tuple[Figure, Goal]], result: Decimal | None, method: Method) -> str:
    """How the values to date become the whole, in signs that need no language."""
    values = [_plain(figure.value) for figure, _goal in ends]
    match method.over_units:
        case OverUnits.SUM:
            words = " + ".join(values)
        case OverUnits.MEAN:
            top = " + ".join(f"{_plain(g.weight)}×{v}" for (_f, g), v in zip(ends, values, strict=True))
            words = f"({top}) ÷ {_plain(sum((g.weight for _f, g in ends), Decimal(0)))}"
        case OverUnits.RATIO:
            tops = " + ".join(_plain(f.numerator) for f, _goal in ends)
            words = f"({tops}) ÷ ({' + '.join(_plain(f.denominator) for f, _goal in ends)})"
        case OverUnits.DONE:
            sign = "≤" if method.direction == Direction.DOWN else "≥"
            return f"{', '.join(f'{v} {sign} {_plain(GOAL)}?' for v in values)} → {_plain(result)}"
        case _:
            words = f"{method.over_units}({', '.join(values)})"
    return f"{words} = {_plain(result)}"


def _plain(value: Decimal | None) -> str:
    if value is None:
        return "—"
    return f"{round(value, 2).normalize():f}" if value else "0"
