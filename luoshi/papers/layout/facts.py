"""What a page holds before it is understood: placed characters, ruling lines and pictures; points from the top left."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its box in points, origin at the top left of the page; `size` is the font's height.

    `confidence` (0–1) is that of character recognition, None for text that needed none.
    """

    char: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight drawn line, horizontal (top == bottom) or vertical (left == right), in points."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page's glyphs in the order in which the file draws them, and its ruling lines; sizes in points.

    `turned` is by how many degrees (anticlockwise) a scanned page was turned to stand upright: the sizes and places
    are those of the upright page, the runs of its paragraphs those of the picture as it came.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rulings: tuple[Ruling, ...] = field(default=())
    turned: float = 0.0
