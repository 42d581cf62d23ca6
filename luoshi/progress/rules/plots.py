"""The drawing of an indicator's year: where it stands to date beside where it should stand, period by period."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

WIDTH, HEIGHT, TICKS = 640, 200, 4
NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Mark:
    """One period: its place from the left, and both values to date; None is missing, 0 is zero."""

    period: str
    x: float
    actual: Decimal | None
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Plot:
    """What the chart draws, in units of the drawing."""

    marks: tuple[Mark, ...]
    low: Decimal
    high: Decimal
    width: int = WIDTH
    height: int = HEIGHT

    def __bool__(self) -> bool:
        return any(mark.actual is not None or mark.target is not None for mark in self.marks)

    def y(self, value: Decimal) -> float:
        """The place of a value from the top."""
        return round(float((self.high - value) / (self.high - self.low)) * self.height, 1)

    def grid(self) -> list[Decimal]:
        """The values at which lines are drawn across."""
        step = (self.high - self.low) / TICKS
        return [self.low + step * n for n in range(TICKS + 1)]

    @property
    def target_line(self) -> str:
        return " ".join(f"{m.x},{self.y(m.target)}" for m in self.marks if m.target is not None)

    @property
    def actual_line(self) -> str:
        return " ".join(f"{m.x},{self.y(m.actual)}" for m in self.marks if m.actual is not None)


def plot_year(periods: Sequence[str], *, actual: dict[str, Decimal | None], target: dict[str, Decimal | None]) -> Plot:
    """The year's periods from left to right in a frame that holds every value and, unless far from it, zero."""
    step = WIDTH / max(1, len(periods))
    marks = tuple(Mark(p, round(step * (n + 0.5), 1), actual.get(p), target.get(p)) for n, p in enumerate(periods))
    values = [v for mark in marks for v in (mark.actual, mark.target) if v is not None]
    low, high = _frame(values or [Decimal(0)])
    return Plot(marks, low, high)


def _frame(values: list[Decimal]) -> tuple[Decimal, Decimal]:
    """Round bounds: from zero, unless all values lie close together far from it."""
    low, high = min(values), max(values)
    if (low >= 0 and (high - low) * 4 > high) or low == high >= 0:
        low = Decimal(0)
    step = _nice((high - low) / TICKS or Decimal(1))
    floor = (low / step).to_integral_value(ROUND_FLOOR) * step
    while floor + step * TICKS < high:
        step = _nice(step * Decimal("1.01"))
        floor = (low / step).to_integral_value(ROUND_FLOOR) * step
    return floor, floor + step * TICKS


def _nice(step: Decimal) -> Decimal:
    """The next round step that is not smaller."""
    scale = Decimal(1).scaleb(int(step.log10().to_integral_value(ROUND_FLOOR)))
    return next((n * scale for n in NICE if n * scale >= step), (step / scale).to_integral_value(ROUND_CEILING) * scale)
