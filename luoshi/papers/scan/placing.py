"""Gives each recognised character its box within the cut-out line."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from luoshi.papers.layout.facts import Glyph
from luoshi.papers.scan.engine import Letter

LINE_TO_SIZE = 0.85  # a found line's height holds a little paper above and below the characters
FEWEST_PITCHES = 3
NARROW = 0.55
DOTS = "·.,'`"
SIDE_BY_SIDE = 1.35  # of the type's height from middle to middle; a mark between them would make it two
ENDING, OPENING, LOOSE = "，。、；：）》”〕", "（《“〔", 0.35  # whose ink stands to one side of their square


@dataclass(frozen=True, slots=True)
class Cut:
    """A line of text cut out of the page, in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    picture: NDArray[np.uint8]


def place(cut: Cut, letters: Sequence[Letter]) -> list[Glyph]:
    """The characters with boxes in pixels of the page."""
    middles = [cut.left + letter.middle * (cut.right - cut.left) for letter in letters]
    size = _size(cut, letters, middles)
    kept = [i for i in range(len(letters)) if not _is_speck(letters, middles, i, size)]
    places = [middles[i] for i in kept]
    centre = (cut.top + cut.bottom) / 2
    half = min(size, float(cut.bottom - cut.top)) / 2
    glyphs: list[Glyph] = []
    for index, (letter, middle) in enumerate(zip((letters[i] for i in kept), places, strict=True)):
        reach = size / 2 if _is_wide(letter.char) else size * NARROW / 2
        left = max(middle - reach, (places[index - 1] + middle) / 2 if index else cut.left - 1.0)
        right = min(middle + reach, (middle + places[index + 1]) / 2 if index + 1 < len(places) else cut.right + 1.0)
        glyphs.append(Glyph(letter.char, left, centre - half, right, centre + half, size, letter.confidence))
    return glyphs


def _is_speck(letters: Sequence[Letter], middles: Sequence[float], at: int, size: float) -> bool:
    """Whether a dot is dirt: between two wide characters that stand side by side there is no room for a mark."""
    if letters[at].char not in DOTS or not 0 < at < len(letters) - 1:
        return False
    around = _is_wide(letters[at - 1].char) and _is_wide(letters[at + 1].char)
    loose = letters[at - 1].char in ENDING or letters[at + 1].char in OPENING
    return around and middles[at + 1] - middles[at - 1] < size * (SIDE_BY_SIDE + LOOSE * loose)


def _size(cut: Cut, letters: Sequence[Letter], middles: Sequence[float]) -> float:
    """The height of the type: the pitch of neighbouring wide characters, else by the line's height."""
    high = (cut.bottom - cut.top) * LINE_TO_SIZE
    wide = [_is_wide(letter.char) for letter in letters]
    pitches = [middles[i + 1] - middles[i] for i in range(len(letters) - 1) if wide[i] and wide[i + 1]]
    if len(pitches) < FEWEST_PITCHES:
        return high
    return float(min(max(median(pitches), high * 0.6), high * 1.25))


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"} or char in "“”‘’…—·"
