"""Places the characters of a text object: codes with their offsets, as a line of glyphs on the page."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from luoshi.papers.layout.facts import Glyph
from luoshi.papers.ofd.archive import children, named
from luoshi.papers.ofd.geometry import POINTS, Matrix, deltas, number, whole
from luoshi.papers.ofd.objects import Placed

ABOVE, BELOW = 0.88, 0.12  # of the font's size, from the baseline
NARROW = 0.5
WIDEST = 1.02
SLANT = 8.0  # degrees
LONGEST = 20_000  # glyphs of one run


@dataclass(frozen=True, slots=True)
class Sign:
    """One character where its object puts it: the pen's place in the object's own coordinates and its width there."""

    char: str
    x: float
    y: float
    width: float
    glyph: int = 0  # its number in the font, where the file tells


@dataclass(frozen=True, slots=True)
class Group:
    """A run of codes and the glyphs that draw it."""

    start: int
    codes: int
    drawn: int
    glyphs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A text object's characters and what they are set in."""

    signs: tuple[Sign, ...]
    size: float
    stretch: float  # HScale
    turn: int  # CharDirection
    matrix: Matrix
    font: str
    is_painted: bool

    @property
    def is_slanted(self) -> bool:
        """Whether it runs neither level nor steep: a watermark."""
        off = abs(self.matrix.degrees) % 90
        return min(off, 90 - off) > SLANT

    @property
    def is_level(self) -> bool:
        """Whether it runs as lines of a page do."""
        return abs(self.matrix.degrees) <= SLANT

    def glyphs(self) -> Iterator[Glyph]:
        """The characters with their boxes on the page, in points."""
        size = self.size * self.matrix.rise * POINTS
        for sign in self.signs:
            top, bottom = sign.y - ABOVE * self.size, sign.y + BELOW * self.size
            corners = [self.matrix.at(x, y) for x in (sign.x, sign.x + sign.width) for y in (top, bottom)]
            xs, ys = [x * POINTS for x, _ in corners], [y * POINTS for _, y in corners]
            yield Glyph(sign.char, min(xs), min(ys), max(xs), max(ys), size)


def script_of(placed: Placed, *, most: int) -> Script:
    """Place at most `most` characters of a text object."""
    element = placed.element
    size = number(element.get("Size"))
    stretch = number(element.get("HScale"), 1.0) or 1.0
    signs: list[Sign] = []
    groups: list[Group] = []
    pen = (0.0, 0.0)
    for part in element:
        if named(part) == "CGTransform":
            groups.append(_group(part))
        elif named(part) == "TextCode":
            code = _Code(part, pen, abs(size * stretch), whole(element.get("ReadDirection")))
            signs.extend(code.signs(groups, most - len(signs)))
            pen, groups = code.pen, []
    turn, painted = whole(element.get("CharDirection")), _is_painted(element)
    return Script(tuple(signs), abs(size), stretch, turn, placed.matrix, element.get("Font") or "", painted)


def _is_painted(element: "etree._Element") -> bool:
    filled, stroked = (element.get("Fill") or "true").lower(), (element.get("Stroke") or "false").lower()
    return filled not in ("false", "0") or stroked in ("true", "1")


def is_private(char: str) -> bool:
    """Whether a character means something only in its own font, or nothing at all."""
    return unicodedata.category(char) in ("Co", "Cn", "Cs") or char == "\ufffd"


def natural(char: str) -> float:
    """A character's width in its font's sizes where the file gives no offset."""
    wide = unicodedata.east_asian_width(char)
    return 1.0 if wide in "WF" or (wide == "A" and char >= "\u2000") or is_private(char) else NARROW


class _Code:
    """One TextCode: its words, its pen and its offsets."""

    def __init__(self, element: "etree._Element", pen: tuple[float, float], em: float, direction: int) -> None:
        self.text = "".join(c for c in (element.text or "").strip("\r\n\t") if c >= " ")
        self.pen = (number(element.get("X"), pen[0]), number(element.get("Y"), pen[1]))
        self.across, self.down = element.get("DeltaX"), element.get("DeltaY")
        self.em = em
        self.is_upright = direction % 180 == 90

    def signs(self, groups: list[Group], most: int) -> Iterator[Sign]:
        """The characters, each at its pen."""
        text = self.text[: max(0, most)]
        if not text:
            return
        places = self._places(text, groups)
        numbers = {g.start + i: n for g in groups if g.codes == g.drawn for i, n in enumerate(g.glyphs[: g.codes])}
        for index, char in enumerate(text):
            x, y = places[index]
            yield Sign(char, x, y, self._width(char, places, index), numbers.get(index, 0))

    def _places(self, text: str, groups: list[Group]) -> list[tuple[float, float]]:
        slots = self._slots(len(text), groups)
        if slots is None:
            return self._pens(text, len(text))
        pens = self._pens(text, int(slots[-1]) + 2)
        return [_between(pens, slot) for slot in slots]

    def _slots(self, count: int, groups: list[Group]) -> list[float] | None:
        """The glyph at which each code stands, where the offsets are those of glyphs and not of codes."""
        glyphs = count + sum(g.drawn - g.codes for g in groups)
        given = max(len(deltas(d, 2 * count + 8)) for d in (self.across, self.down))
        if glyphs == count or given != glyphs - 1 or glyphs > 2 * count:
            return None
        steps = [1.0] * count
        for group in groups:
            stop = min(count, group.start + group.codes)
            steps[group.start : stop] = [group.drawn / group.codes] * (stop - min(group.start, stop))
        return [0.0, *accumulate(steps[:-1])]

    def _pens(self, text: str, count: int) -> list[tuple[float, float]]:
        across, down = deltas(self.across, count), deltas(self.down, count)
        x, y = self.pen
        found = [(x, y)]
        for index in range(count):
            if index < len(across) or index < len(down):
                x += across[index] if index < len(across) else 0.0
                y += down[index] if index < len(down) else 0.0
            elif not across and (down or self.is_upright):
                y += self.em
            else:
                x += self.em * natural(text[min(index, len(text) - 1)])
            found.append((x, y))
        return found

    def _width(self, char: str, places: list[tuple[float, float]], index: int) -> float:
        """Up to the next character where the font may make it so, from a stroke to a square; else what is natural."""
        step = places[index + 1][0] - places[index][0] if index + 1 < len(places) else 0.0
        return step if 0 < step <= self.em * WIDEST else self.em * natural(char)


def _between(pens: list[tuple[float, float]], slot: float) -> tuple[float, float]:
    """A place among glyphs: several codes that share one glyph share its width."""
    index = min(int(slot), len(pens) - 2)
    (x, y), (to_x, to_y), part = pens[index], pens[index + 1], slot - index
    return x + (to_x - x) * part, y + (to_y - y) * part


def _group(element: "etree._Element") -> Group:
    listed = [
        whole(word) for g in children(element, "Glyphs") for word in (g.text or "").split(None, LONGEST)[:LONGEST]
    ]
    drawn = whole(element.get("GlyphCount")) or len(listed)
    codes = whole(element.get("CodeCount"), 1)
    return Group(whole(element.get("CodePosition")), max(1, codes), max(1, drawn), tuple(listed))
