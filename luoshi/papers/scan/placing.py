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
    centre = (cut.top + cut.bottom) / 2
    half = min(size, float(cut.bottom - cut.top)) / 2
    glyphs: list[Glyph] = []
    for index, (letter, middle) in enumerate(zip(letters, middles, strict=True)):
        reach = size / 2 if _is_wide(letter.char) else size * NARROW / 2
        left = max(middle - reach, (middles[index - 1] + middle) / 2 if index else cut.left - 1.0)
        right = min(middle + reach, (middle + middles[index + 1]) / 2 if index + 1 < len(middles) else cut.right + 1.0)
        glyphs.append(Glyph(letter.char, left, centre - half, right, centre + half, size, letter.confidence))
    return glyphs


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
