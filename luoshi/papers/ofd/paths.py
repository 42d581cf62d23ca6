"""Reads the paths of OFD: M L Q B A C, and the ruling lines among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from luoshi.papers.layout.facts import Ruling
from luoshi.papers.ofd.archive import child, words_of
from luoshi.papers.ofd.geometry import POINTS, Matrix, number
from luoshi.papers.ofd.objects import Placed

COUNTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
MAX_STEPS = 200_000
THIN = 2.2  # points: a filled box no thicker is a line
SHORTEST = 2.5
STRAIGHT = 0.6

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a path and its numbers."""

    command: str
    values: tuple[float, ...]


def steps_of(placed: Placed) -> list[Step]:
    """The commands of a path object; what is not understood ends the path."""
    return steps(words_of(child(placed.element, "AbbreviatedData")))


def steps(data: str) -> list[Step]:
    """The commands of abbreviated data."""
    words = data.replace(",", " ").split(None, MAX_STEPS)[:MAX_STEPS]
    found: list[Step] = []
    at = 0
    while at < len(words) and words[at] in COUNTS:
        count = COUNTS[words[at]]
        values = words[at + 1 : at + 1 + count]
        if len(values) < count:
            break
        found.append(Step("M" if words[at] == "S" else words[at], tuple(number(v) for v in values)))
        at += 1 + count
    return found


def rulings_of(placed: Placed) -> Iterator[Ruling]:
    """The level and upright lines that a path draws, also those drawn as thin filled boxes."""
    if not is_stroked(placed) and not is_filled(placed):
        return
    for corners, closed in _strokes(steps_of(placed)):
        points = [_in_points(placed.matrix, p) for p in corners]
        thin = _thin_box(points)
        if thin is not None:
            yield thin
        elif is_stroked(placed):
            yield from _sides(points, closed=closed)


def is_stroked(placed: Placed) -> bool:
    """Whether a path's line is drawn; it is unless the file says no."""
    return (placed.element.get("Stroke") or "true").lower() not in ("false", "0")


def is_filled(placed: Placed) -> bool:
    """Whether a path is filled; it is not unless the file says so."""
    return (placed.element.get("Fill") or "false").lower() in ("true", "1")


def _strokes(found: list[Step]) -> Iterator[tuple[list[Point], bool]]:
    """The parts of a path that are straight, and whether each is closed."""
    corners: list[Point] = []
    for step in found:
        if step.command == "C":
            yield corners, True
            corners = corners[:1]
        elif step.command == "L":
            corners.append((step.values[0], step.values[1]))
        else:
            yield corners, False
            corners = [(step.values[-2], step.values[-1])]
    yield corners, False


def _in_points(matrix: Matrix, point: Point) -> Point:
    x, y = matrix.at(*point)
    return x * POINTS, y * POINTS


def _thin_box(points: list[Point]) -> Ruling | None:
    if not 4 <= len(points) <= 6:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if bottom - top <= THIN and right - left >= max(SHORTEST, 2 * (bottom - top)):
        return Ruling(left, (top + bottom) / 2, right, (top + bottom) / 2)
    if right - left <= THIN and bottom - top >= max(SHORTEST, 2 * (right - left)):
        return Ruling((left + right) / 2, top, (left + right) / 2, bottom)
    return None


def _sides(points: list[Point], *, closed: bool) -> Iterator[Ruling]:
    pairs = list(pairwise(points))
    if closed and len(points) > 2:
        pairs.append((points[-1], points[0]))
    for (x1, y1), (x2, y2) in pairs:
        if abs(y1 - y2) <= STRAIGHT and abs(x1 - x2) >= SHORTEST:
            yield Ruling(min(x1, x2), (y1 + y2) / 2, max(x1, x2), (y1 + y2) / 2)
        elif abs(x1 - x2) <= STRAIGHT and abs(y1 - y2) >= SHORTEST:
            yield Ruling((x1 + x2) / 2, min(y1, y2), (x1 + x2) / 2, max(y1, y2))
