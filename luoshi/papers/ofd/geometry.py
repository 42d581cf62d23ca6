"""Numbers, boxes and matrices as an OFD file writes them: bounded, finite, in millimetres."""

import math
from dataclasses import dataclass

POINTS = 72 / 25.4  # a millimetre in points
FARTHEST = 1e6
LARGEST_PAGE = 5_000.0  # mm
A4 = (0.0, 0.0, 210.0, 297.0)

Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Matrix:
    """x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, outer: "Matrix") -> "Matrix":
        """This transformation followed by another."""
        return Matrix(
            _kept(self.a * outer.a + self.b * outer.c),
            _kept(self.a * outer.b + self.b * outer.d),
            _kept(self.c * outer.a + self.d * outer.c),
            _kept(self.c * outer.b + self.d * outer.d),
            _kept(self.e * outer.a + self.f * outer.c + outer.e),
            _kept(self.e * outer.b + self.f * outer.d + outer.f),
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        return _kept(self.a * x + self.c * y + self.e), _kept(self.b * x + self.d * y + self.f)

    @property
    def degrees(self) -> float:
        """How far the x axis is turned, -180 to 180."""
        return math.degrees(math.atan2(self.b, self.a))

    @property
    def rise(self) -> float:
        """How long an upright unit becomes."""
        return math.hypot(self.c, self.d)

    @property
    def run(self) -> float:
        """How long a level unit becomes."""
        return math.hypot(self.a, self.b)


def number(word: str | None, default: float = 0.0) -> float:
    """A number of the file; what is none, or infinite, is the default; what is absurd is cut."""
    try:
        found = float(word or "")
    except ValueError:
        return default
    return _kept(found) if math.isfinite(found) else default


def whole(word: str | None, default: int = 0) -> int:
    """A whole number of the file, at least 0."""
    return max(0, int(number(word, default)))


def numbers(text: str | None) -> list[float]:
    """A list of numbers between blanks."""
    return [number(word) for word in (text or "").replace(",", " ").split()]


def box(text: str | None, default: Box = (0.0, 0.0, 0.0, 0.0)) -> Box:
    """A box: left, top, width, height."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else default


def page_box(*texts: str | None) -> Box:
    """The first box that a page can have; A4 where there is none."""
    for text in texts:
        found = box(text)
        if 1 <= found[2] <= LARGEST_PAGE and 1 <= found[3] <= LARGEST_PAGE:
            return found
    return A4


def matrix(text: str | None) -> Matrix:
    """A transformation; the identity where it is missing or broken."""
    found = numbers(text)
    return Matrix(*found) if len(found) == 6 else Matrix()


def moved(x: float, y: float) -> Matrix:
    """The transformation that only moves."""
    return Matrix(e=x, f=y)


def deltas(text: str | None, count: int) -> list[float]:
    """At most `count` offsets of "5 g 3 2.5 5"; "g 3 2.5" is 2.5 three times."""
    words = (text or "").split()
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < count:
        if words[at] == "g" and at + 2 < len(words):
            found.extend([number(words[at + 2])] * min(whole(words[at + 1]), count - len(found)))
            at += 3
        else:
            found.append(number(words[at]))
            at += 1
    return found


def _kept(value: float) -> float:
    return min(FARTHEST, max(-FARTHEST, value))
