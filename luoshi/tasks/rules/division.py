"""Dividing a target among units: rounding keeps the sum to the last place, floors and ceilings hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal

MOST = Decimal(10) ** 14  # what a column of targets holds
WEIGHT_LIMIT = Decimal(10) ** 5  # digits of a task's weight before the point; larger targets are scaled alike


class ImpossibleDivision(ValueError):
    """No division satisfies what is asked: `code` says why, `figure` by how much, `units` whom it is about.

    no_base: nobody has a positive base; negative_base; crossed: a floor above its ceiling; floors_above and
    ceilings_below: even the least (the most) that the bounds allow is above (below) the total.
    """

    def __init__(self, code: str, *, figure: Decimal = Decimal(0), units: tuple[int, ...] = ()) -> None:
        self.code, self.figure, self.units = code, figure, units
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one unit is reckoned by: its base, and the least and the most that it may be given."""

    unit_id: int
    base: Decimal = Decimal(1)
    floor: Decimal | None = None
    ceiling: Decimal | None = None


def places_of(value: Decimal) -> int:
    """Decimal places that a figure is written with, trailing zeros left out."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def divide(total: Decimal, *, claims: Sequence[Claim], places: int = 0) -> list[Decimal]:
    """Parts in proportion to the bases within the bounds, which add up to the total exactly.

    The bounds are filled like water: who meets one stays there, the others share the rest by their bases; what rounding
    leaves goes to the largest remainders. `places` is never taken below those of the total. Raises ImpossibleDivision.
    """
    step = Decimal(1).scaleb(-max(places_of(total), places))
    wanted = int(total / step)
    _refuse_senseless(claims)
    scale = max((places_of(c.base) for c in claims), default=0)
    weights = [int(c.base.scaleb(scale)) for c in claims]
    least = [_steps(c.floor, step, rounding=ROUND_CEILING, empty=0) for c in claims]
    most = [
        _steps(c.ceiling, step, rounding=ROUND_FLOOR, empty=max(wanted, low))
        for c, low in zip(claims, least, strict=True)
    ]
    crossed = tuple(c.unit_id for c, low, high in zip(claims, least, most, strict=True) if low > high)
    if crossed:
        raise ImpossibleDivision("crossed", units=crossed)
    most = [high if weight else low for weight, low, high in zip(weights, least, most, strict=True)]
    if sum(least) > wanted:
        raise ImpossibleDivision("floors_above", figure=(sum(least) - wanted) * step)
    if sum(most) < wanted:
        raise ImpossibleDivision("ceilings_below", figure=(wanted - sum(most)) * step)
    return [part * step for part in _fill(wanted, weights, least, most)]


def _refuse_senseless(claims: Sequence[Claim]) -> None:
    negative = tuple(c.unit_id for c in claims if c.base < 0)
    if negative:
        raise ImpossibleDivision("negative_base", units=negative)
    if not any(c.base > 0 for c in claims):
        raise ImpossibleDivision("no_base")


def _steps(bound: Decimal | None, step: Decimal, *, rounding: str, empty: int) -> int:
    """A bound as a number of steps of the last place, never looser than it was given."""
    return empty if bound is None else int((max(bound, Decimal(0)) / step).to_integral_value(rounding=rounding))


def _fill(wanted: int, weights: Sequence[int], least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Whole parts that sum to `wanted`: fix those who meet a bound on the heavier side until nobody does."""
    parts: dict[int, int] = {n: least[n] for n, weight in enumerate(weights) if not weight}
    free = [n for n, weight in enumerate(weights) if weight]
    while True:
        left, whole = wanted - sum(parts.values()), sum(weights[n] for n in free)
        low = {n: least[n] * whole - left * weights[n] for n in free}
        high = {n: left * weights[n] - most[n] * whole for n in free}
        short, over = ({n: gap for n, gap in side.items() if gap > 0} for side in (low, high))
        if not short and not over:
            break
        fixed = (
            {n: least[n] for n in short} if sum(short.values()) >= sum(over.values()) else {n: most[n] for n in over}
        )
        parts |= fixed
        free = [n for n in free if n not in fixed]
    exact = {n: divmod(left * weights[n], whole) for n in free}
    parts |= {n: quotient for n, (quotient, _rest) in exact.items()}
    order = sorted(free, key=lambda n: (-exact[n][1], n))
    for n in order[: wanted - sum(parts.values())]:
        parts[n] += 1
    return [parts[n] for n in range(len(weights))]


def divide_evenly(total: Decimal, *, count: int, places: int | None = None) -> list[Decimal]:
    """Parts that differ by at most one step of the last place and add up to the total."""
    return divide_by_weights(total, weights=[Decimal(1)] * count, places=places)


def divide_by_weights(total: Decimal, *, weights: Sequence[Decimal], places: int | None = None) -> list[Decimal]:
    """Parts in proportion to the weights, rounded by largest remainder so that they add up to the total exactly.

    `places` is never taken below those that the total itself is written with. Raises ValueError when no weight is
    positive or one is negative.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and not all zero")
    unit = Decimal(1).scaleb(-max(places_of(total), places or 0))
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(unit, rounding=ROUND_DOWN) for part in exact]
    step = unit if total >= 0 else -unit
    left = int((total - sum(parts, Decimal(0))) / step)
    order = sorted(range(len(parts)), key=lambda n: (-abs(exact[n] - parts[n]), n))
    for n in order[:left]:
        parts[n] += step
    return parts


def same_for_each(value: Decimal, *, count: int) -> list[Decimal]:
    """The whole value for every unit (a rate, or a thing that each must do)."""
    return [value] * count


def take_as_is(claims: Sequence[Claim], *, places: int = 0) -> list[Decimal]:
    """Each unit's base itself as its part, rounded, within its bounds; the sum is whatever it comes to."""
    step = Decimal(1).scaleb(-places)
    bounds = [(c.unit_id, c.floor, c.ceiling) for c in claims]
    crossed = tuple(unit for unit, low, high in bounds if low is not None and high is not None and low > high)
    if crossed:
        raise ImpossibleDivision("crossed", units=crossed)
    return [_bounded(c).quantize(step, rounding=ROUND_HALF_UP) for c in claims]


def _bounded(claim: Claim) -> Decimal:
    value = claim.base if claim.floor is None else max(claim.base, claim.floor)
    return value if claim.ceiling is None else min(value, claim.ceiling)


def spread_path(
    path: Sequence[tuple[str, Decimal]], *, whole: Decimal, parts: Sequence[Decimal], places: int = 0
) -> list[list[Decimal]]:
    """The whole's planned path, to date period by period, in the proportion of the parts: one path for each part.

    Each period's values sum to the whole's own, scaled by Σ parts ÷ whole; a path that only rises stays so in each part
    and ends no higher than the part.
    """
    total = sum(parts, Decimal(0))
    paths: list[list[Decimal]] = [[] for _part in parts]
    if total <= 0 or whole <= 0 or min(parts) < 0:
        return paths
    digits = max([places, places_of(total), *(places_of(part) for part in parts)])
    step, before = Decimal(1).scaleb(-digits), Decimal(0)
    for _period, value in path:
        wanted = (value * total / whole).quantize(step, rounding=ROUND_HALF_UP)
        if wanted >= before:
            bounds = [_rising(own, part, full=wanted > total) for own, part in zip(paths, parts, strict=True)]
        else:
            bounds = [(None, own[-1]) for own in paths]
        claims = [Claim(n, part, *bound) for n, (part, bound) in enumerate(zip(parts, bounds, strict=True))]
        for own, share in zip(paths, divide(wanted, claims=claims, places=digits), strict=True):
            own.append(share)
        before = wanted
    return paths


def _rising(path: Sequence[Decimal], part: Decimal, *, full: bool) -> tuple[Decimal | None, Decimal | None]:
    """Bounds of the next period of a path that rises: no lower than before and, until it is full, within its part."""
    before = path[-1] if path else None
    return before, part if not full and (before is None or before <= part) else None


def weights_of(targets: Mapping[int, Decimal | None], *, whole: Decimal) -> dict[int, Decimal]:
    """What each part counts for when a target was divided: its target, so that Σ value ÷ Σ target is the whole's share.

    Targets too large for a weight are all scaled by the same power of ten; a part without a target counts nothing.
    """
    largest = max([whole, *(value for value in targets.values() if value is not None)])
    shift = 0
    while largest.scaleb(-shift) >= WEIGHT_LIMIT * 10:
        shift += 1
    return {unit: max(value or Decimal(0), Decimal(0)).scaleb(-shift) for unit, value in targets.items()}
