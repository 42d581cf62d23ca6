"""Makes a scanned page plain: seals taken off the words, the page stood straight, ruling lines found."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
SEAL_SHARES = (0.07, 0.40)  # a seal's side as a share of the page's width
SEAL_SHAPE = (0.55, 1.8)  # width ÷ height: the red heading of a paper is far wider
RED_OVER, RED_SHARE = 20, 0.15  # how far red outweighs the other colours in seal ink, and as a share of itself
DARKEST_PAPER = 80
INK_TO_PAPER = 0.88  # of the way from black to the ink's brightness in red light: from there on all is paper
BLACK_PERCENT = 0.5
MOST_TILT = 5.0
COARSE, FINE = 0.5, 0.05
TILT_WIDTH = 800
LEAST_TILT = 0.08
RULE_SHARE = 0.045  # the shortest ruling, as a share of the page's longer side
RULE_GAP = 5
BESIDE = (3, 9)  # pixels from a ruling where paper should show
LEAST_DRAWN, MOST_BESIDE = 0.9, 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """A ruling in pixels."""

    left: float
    top: float
    right: float
    bottom: float


def in_grey(picture: Picture) -> Picture:
    """The page in grey on even paper; red ink stays dark, save in seals, where only what lies under the ink stays."""
    if picture.ndim == 2:
        return _even(picture)
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    red, green, blue = cv2.split(picture)
    over = cv2.subtract(red, cv2.max(green, blue))
    ink = (over > RED_OVER) & (over > red * RED_SHARE)
    seals = _seals(np.asarray(ink, np.uint8)) if ink.any() else ink
    if not seals.any():
        return _even(grey)
    light = np.minimum(red / _paper(np.asarray(red, np.uint8)), 1.0)
    black = float(np.percentile(light[::4, ::4], BLACK_PERCENT))
    level = max(black + (float(np.median(light[seals & ink])) - black) * INK_TO_PAPER, black + 0.05)
    lifted = black + (1.0 - black) * (light - black) / (level - black)
    return np.asarray(np.where(seals, np.clip(lifted, 0.0, 1.0) * 255, _even(grey)), np.uint8)


def _even(grey: Picture) -> Picture:
    """The page as if it were lit evenly: ink against the brightness of the paper around it."""
    return np.asarray(np.minimum(grey / _paper(grey), 1.0) * 255, np.uint8)


def _paper(grey: Picture) -> NDArray[np.float32]:
    """How bright the bare paper is at each place."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_AREA)
    reach = max(3, max(small.shape) // 20) | 1
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    smooth = cv2.GaussianBlur(bare, (reach, reach), 0)
    return np.asarray(np.maximum(cv2.resize(smooth, (width, height)), DARKEST_PAPER), np.float32)


def _seals(ink: Picture) -> NDArray[np.bool_]:
    """Where seals stand: patches of red ink that are about as wide as high."""
    height, width = ink.shape
    reach = max(3, round(width * 0.012))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _count, _labels, stats, _middles = cv2.connectedComponentsWithStats(joined)
    mask = np.zeros((height, width), np.bool_)
    for left, top, wide, high, _area in stats[1:]:
        shape = wide / max(1, high)
        if SEAL_SHARES[0] <= wide / width <= SEAL_SHARES[1] and SEAL_SHAPE[0] <= shape <= SEAL_SHAPE[1]:
            edge = reach
            mask[max(0, top - edge) : top + high + edge, max(0, left - edge) : left + wide + edge] = True
    return mask


def tilt_of(grey: Picture) -> float:
    """Degrees by which the page must be turned (anticlockwise) for its lines to run level; 0 when it cannot tell."""
    scale = min(1.0, TILT_WIDTH / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = np.asarray(_dark(np.asarray(small, np.uint8)) > 0, np.uint8) * 255
    coarse = _sharpest(dark, np.arange(-MOST_TILT, MOST_TILT + COARSE, COARSE))
    fine = _sharpest(dark, np.arange(coarse - COARSE, coarse + COARSE + FINE, FINE))
    return 0.0 if abs(fine) < LEAST_TILT or abs(fine) >= MOST_TILT else float(fine)


def _sharpest(dark: Picture, angles: NDArray[np.float64]) -> float:
    """The angle at which rows of ink and rows of paper stand apart most."""
    scores = []
    for angle in angles:
        rows = turn(dark, float(angle), paper=0).sum(axis=1, dtype=np.float64)
        scores.append(float(np.square(np.diff(rows)).sum()))
    return float(angles[int(np.argmax(scores))])


def turn(picture: Picture, degrees: float, *, paper: int = 255) -> Picture:
    """The page turned anticlockwise about its middle; what comes in at the corners is paper."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return np.asarray(turned, np.uint8)


def _dark(grey: Picture) -> Picture:
    """Ink as 255, by the brightness around each place."""
    around = max(15, round(max(grey.shape) / 60) | 1)
    found = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, 15)
    return np.asarray(found, np.uint8)


def find_rulings(grey: Picture) -> tuple[list[Line], Picture]:
    """The straight lines of a level page, and where their ink is."""
    dark = _dark(grey)
    length = round(max(grey.shape) * RULE_SHARE)
    level, level_ink = _rulings(dark, length)
    upright, upright_ink = _rulings(np.ascontiguousarray(dark.T), length)
    lines = level + [Line(line.top, line.left, line.bottom, line.right) for line in upright]
    return lines, np.asarray(cv2.max(level_ink, np.ascontiguousarray(upright_ink.T)), np.uint8)


def _rulings(dark: Picture, length: int) -> tuple[list[Line], Picture]:
    """Level lines of at least a length: small gaps closed along the line, then whatever is shorter taken away."""
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, RULE_GAP), np.uint8))
    thick = cv2.dilate(closed, np.ones((3, 1), np.uint8))
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    _count, labels, stats, middles = cv2.connectedComponentsWithStats(opened)
    lines, ink = [], np.zeros_like(dark)
    for number, (stat, middle) in enumerate(zip(stats[1:], middles[1:], strict=True), start=1):
        left, top, wide, high = (int(value) for value in stat[:4])
        if high <= max(12, wide // 12) and _is_drawn(dark, left, top, wide, high):
            lines.append(Line(float(left), float(middle[1]), float(left + wide), float(middle[1])))
            ink[labels == number] = 255
    return lines, ink


def _is_drawn(dark: Picture, left: int, top: int, wide: int, high: int) -> bool:
    """Whether a long stroke is a drawn line: ink all along it, and paper along one side at least.

    Strokes of neighbouring characters can meet in a row; they leave gaps, and have ink above and below.
    """
    along = dark[top : top + high, left : left + wide].any(axis=0).mean()
    above = dark[max(0, top - BESIDE[1]) : max(0, top - BESIDE[0]), left : left + wide]
    below = dark[top + high + BESIDE[0] : top + high + BESIDE[1], left : left + wide]
    beside = min(float(side.mean()) / 255 if side.size else 0.0 for side in (above, below))
    return float(along) >= LEAST_DRAWN and beside <= MOST_BESIDE
