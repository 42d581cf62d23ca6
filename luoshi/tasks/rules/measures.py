"""What the parts of a task owe of its indicators: the whole's target and path, divided or taken over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.division import divide_by_weights, places_of, spread_path, weights_of
from luoshi.tasks.rules.indicators import Direction, OverUnits, Owed

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of a task, with what the task owes of it and what its parts hold already."""

    indicator_id: int
    name: str
    measure: str = ""
    places: int = 0
    direction: str = Direction.UP.value
    over_units: str = OverUnits.SUM.value
    base: str = ""
    is_main: bool = True
    target: Decimal | None = None
    ceiling: Decimal | None = None
    path: tuple[tuple[str, Decimal], ...] = ()
    given: Decimal = ZERO
    given_path: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Do the parts' values add up to the whole's, so that its target is divided?"""
        return self.over_units == OverUnits.SUM

    @property
    def left(self) -> Decimal | None:
        """What of the target no part holds yet."""
        return None if self.target is None else self.target - self.given

    @property
    def path_left(self) -> tuple[tuple[str, Decimal], ...]:
        """The path without what the parts that were given before take of it; the whole's where they take too much."""
        left = tuple((period, value - self.given_path.get(period, ZERO)) for period, value in self.path)
        fits = self.left is not None and self.left > 0 and all(value >= 0 for _period, value in left)
        return left if self.given_path and fits else self.path


def fill_shares(shares: Sequence[Share], *, whole: Decimal | None, adds_up: bool) -> list[Share]:
    """Shares with the target of a rate where none is typed, and with a weight where none is.

    Where a target is divided the weight is the target, so that the whole's percentage is Σ value ÷ Σ target.
    """
    if not adds_up and whole is not None:
        shares = [_with(s, target_value=whole) if s.target_value is None else s for s in shares]
    targets = {s.unit_id: s.target_value for s in shares}
    divided = adds_up and whole is not None and whole > 0 and any(value for value in targets.values())
    weights = weights_of(targets, whole=whole or ZERO) if divided else {}
    return [
        s if s.weight is not None else _with(s, weight=weights.get(s.unit_id, Decimal(1)).quantize(Decimal("0.001")))
        for s in shares
    ]


def _with(share: Share, **changes: Decimal) -> Share:
    return Share(**{name: changes.get(name, getattr(share, name)) for name in Share.__slots__})


def divide_measure(
    measure: Measure, *, mains: Sequence[Decimal | None], bases: Sequence[Decimal | None]
) -> list[Decimal | None]:
    """Targets of an indicator beside the main one: by its own base, else like the main targets, else evenly."""
    if not measure.adds_up:
        kept = None if measure.over_units == OverUnits.DONE else measure.target
        return [kept] * len(mains)
    left = measure.left
    if left is None or left < 0:
        return [None] * len(mains)
    for weights in (bases, mains, [Decimal(1)] * len(mains)):
        usable = [w for w in weights if w is not None and w >= 0]
        if len(usable) == len(mains) and any(usable):
            return list(divide_by_weights(left, weights=usable, places=measure.places))
    return [None] * len(mains)


def owed_by_parts(
    measure: Measure, *, targets: Sequence[Decimal | None], bases: Sequence[Decimal | None],
    typed: Sequence[Mapping[str, Decimal]],
) -> list[Owed]:  # fmt: skip
    """What each part owes: target, the band's top, the weight by its base, and the path scaled from the whole's."""
    paths = path_of_parts(measure, targets)
    weights = [(base or ZERO) if measure.base else Decimal(1) for base in bases]
    return [
        Owed(target=target, ceiling=_top(measure, target), weight=max(weight, ZERO), periods={**path, **own})
        for target, weight, path, own in zip(targets, weights, paths, typed, strict=True)
    ]


def path_of_parts(measure: Measure, targets: Sequence[Decimal | None]) -> list[dict[str, Decimal]]:
    """The planned path of each part, period by period; empty without one of the whole or a target of the part."""
    periods, whole = [period for period, _value in measure.path], measure.target
    if not periods or whole is None or whole <= 0:
        return [{} for _target in targets]
    if not measure.adds_up:
        return [_scaled(measure, target, whole=whole) for target in targets]
    parts = [target or ZERO for target in targets]
    path = measure.path_left
    whole = whole if path is measure.path else measure.left or whole
    paths = spread_path(path, whole=whole, parts=parts, places=measure.places)
    return [
        dict(zip(periods, own, strict=False)) if target is not None else {}
        for target, own in zip(targets, paths, strict=True)
    ]


def _scaled(measure: Measure, target: Decimal | None, *, whole: Decimal) -> dict[str, Decimal]:
    if target is None:
        return {}
    step = Decimal(1).scaleb(-max(measure.places, places_of(target)))
    if target == whole:
        return dict(measure.path)
    return {period: (value * target / whole).quantize(step, rounding=ROUND_HALF_UP) for period, value in measure.path}


def _top(measure: Measure, target: Decimal | None) -> Decimal | None:
    """The top of a band: of a divided one in proportion, else the whole's, but never below the floor."""
    if measure.ceiling is None:
        return None
    if measure.adds_up and measure.target and target is not None:
        step = Decimal(1).scaleb(-max(measure.places, places_of(measure.ceiling)))
        return (measure.ceiling * target / measure.target).quantize(step, rounding=ROUND_HALF_UP)
    return measure.ceiling if target is None else max(measure.ceiling, target)
