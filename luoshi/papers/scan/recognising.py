"""From a page's picture to its placed characters: cleaned, stood upright, its lines cut out and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luoshi.papers.layout.facts import Glyph, PageContent, Ruling
from luoshi.papers.scan import cleaning, engine
from luoshi.papers.scan.placing import Cut, place
from luoshi.papers.scan.punctuation import put_right

Picture = NDArray[np.uint8]
Letters = tuple[engine.Letter, ...]
DENSITY = 200 / 72  # pixels a point at which lines are cut out and read
FINDING = 0.75  # and the share of it at which lines are found
MOST_FINDING = 2_300_000  # pixels of the picture in which they are found
MOST_ENLARGED = 2.0
LONGEST_SIDE = 3600
STANDING = 1.5  # a line of text that is this much higher than wide runs down the page
TRIED_LINES = 12
INK_PERCENT, PALE, SHORT = 5, 0.5, 6.0


@dataclass(frozen=True, slots=True)
class Upright:
    """A page stood upright: in grey, how far it was turned anticlockwise in all, the boxes of its lines."""

    grey: Picture
    turned: float
    boxes: NDArray[np.float32]


def recognise(image: Image.Image, *, number: int, width: float, height: float) -> PageContent:
    """The characters and rulings of a page's picture; see luoshi.papers.scan.recognise_page."""
    scaled = _scaled(image, width, height)
    page = _upright(cleaning.in_grey(scaled))
    if round(page.turned / 90) % 2:
        width, height = height, width
    across, down = width / page.grey.shape[1], height / page.grey.shape[0]
    lines, ink = cleaning.find_rulings(page.grey)
    grey = np.asarray(np.where(ink > 0, 255, page.grey), np.uint8) if lines else page.grey
    cuts = _without_traces(_cuts(grey, page.boxes, lines))
    letters = _put_right(cuts, engine.read_lines([cut.picture for cut in cuts]))
    glyphs = tuple(
        Glyph(g.char, g.left * across, g.top * down, g.right * across, g.bottom * down, g.size * down, g.confidence)
        for cut, line in zip(cuts, letters, strict=True)
        for g in place(cut, line)
    )
    rulings = tuple(Ruling(r.left * across, r.top * down, r.right * across, r.bottom * down) for r in lines)
    turned = (page.turned + 180.0) % 360.0 - 180.0
    return PageContent(number, width, height, glyphs, rulings, round(turned, 3))


def _without_traces(cuts: list[Cut]) -> list[Cut]:
    """The cuts but the short ones whose ink is far paler than the page's: watermarks, and what lifted seals leave."""
    if not cuts:
        return []
    inks = [255.0 - float(np.percentile(cut.picture[:, :, 0], INK_PERCENT)) for cut in cuts]
    usual = float(np.median(inks))
    short = [cut.right - cut.left < SHORT * (cut.bottom - cut.top) for cut in cuts]
    return [cut for cut, ink, is_short in zip(cuts, inks, short, strict=True) if not (is_short and ink < usual * PALE)]


def _put_right(cuts: Sequence[Cut], lines: Sequence[Letters]) -> list[Letters]:
    """The letters with their marks put right; pieces that continue each other are taken together."""
    pieces = sorted(zip(cuts, lines, range(len(cuts)), strict=True), key=lambda piece: (piece[0].left, piece[2]))
    found: dict[int, Letters] = {}
    while pieces:
        chain = [pieces.pop(0)]
        while following := next((piece for piece in pieces if _continues(chain[-1][0], piece[0])), None):
            chain.append(following)
            pieces.remove(following)
        whole = iter(put_right([letter for piece in chain for letter in piece[1]]))
        found.update((number, tuple(islice(whole, len(line)))) for _cut, line, number in chain)
    return [found[number] for number in range(len(cuts))]


def _continues(cut: Cut, other: Cut) -> bool:
    """Whether a piece stands right behind another, on the same line."""
    shared = min(cut.bottom, other.bottom) - max(cut.top, other.top)
    high = min(cut.bottom - cut.top, other.bottom - other.top)
    return shared > high * 0.6 and abs(other.left - cut.right) < high


def _scaled(image: Image.Image, width: float, height: float) -> Picture:
    """The picture at the density for reading, bounded both ways."""
    plain = image if image.mode in {"L", "RGB"} else image.convert("RGB")
    wanted = DENSITY * max(width, height) / max(image.size)
    scale = min(wanted, MOST_ENLARGED, LONGEST_SIDE / max(image.size))
    size = (max(32, round(image.width * scale)), max(32, round(image.height * scale)))
    if size != image.size:
        kind = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
        plain = plain.resize(size, kind, reducing_gap=2.0 if scale < 1 else None)
    return np.asarray(plain, np.uint8)


def _upright(grey: Picture) -> Upright:
    """The page with its lines level and the right way up."""
    page = _level(grey, 0.0)
    if _runs_down(page.boxes):
        page = _level(np.ascontiguousarray(np.rot90(grey)), 90.0)
    if len(page.boxes) and engine.share_upside_down(_widest(page)) > 0.5:
        page = _level(np.ascontiguousarray(np.rot90(page.grey, 2)), page.turned + 180.0)
    return page


def _level(grey: Picture, turned: float) -> Upright:
    tilt = cleaning.tilt_of(grey)
    level = cleaning.turn(grey, tilt) if tilt else grey
    share = min(FINDING, (MOST_FINDING / level.size) ** 0.5)
    small = cv2.resize(level, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    boxes = engine.find_boxes(np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), np.uint8)) / share
    return Upright(level, turned + tilt, boxes)


def _runs_down(boxes: NDArray[np.float32]) -> bool:
    if not len(boxes):
        return False
    wide, high = np.ptp(boxes[:, :, 0], axis=1), np.ptp(boxes[:, :, 1], axis=1)
    standing, lying = high > wide * STANDING, wide > high * STANDING
    return float(high[standing].sum()) > float(wide[lying].sum())


def _widest(page: Upright) -> list[Picture]:
    order = np.argsort(-np.ptp(page.boxes[:, :, 0], axis=1))[:TRIED_LINES]
    return [cut.picture for cut in _cuts(page.grey, page.boxes[order], [])]


def _cuts(grey: Picture, boxes: NDArray[np.float32], lines: list[cleaning.Line]) -> list[Cut]:
    """The pictures of the lines of text, parted where an upright ruling crosses them."""
    height, width = grey.shape
    cuts = []
    for box in boxes:
        left, top = (max(0, int(edge)) for edge in box.min(axis=0))
        right, bottom = (min(most, int(edge) + 1) for edge, most in zip(box.max(axis=0), (width, height), strict=True))
        middle = (top + bottom) / 2
        edges = sorted(r.left for r in lines if r.left == r.right and r.top < middle < r.bottom)
        parts = [left, *(round(x) for x in edges if left + 8 < x < right - 8), right]
        for start, end in pairwise(parts):
            if end - start >= 6 and bottom - top >= 6:
                piece = cv2.cvtColor(grey[top:bottom, start:end], cv2.COLOR_GRAY2RGB)
                cuts.append(Cut(start, top, end, bottom, np.asarray(piece, np.uint8)))
    return cuts
