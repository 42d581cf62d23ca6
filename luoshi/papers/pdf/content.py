"""Takes a PDF page's characters and ruling lines off it, upright and in points from the top left."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

from luoshi.papers.layout.facts import Glyph, PageContent, Ruling

ASCENT, DESCENT = 0.86, 0.14  # where a character's box lies about its base line, in heights
THIN = 3.2  # a filled shape no thicker is a ruling
STRAIGHT = 1.0  # how far a ruling may lean, in points
MOST_OBJECTS = 40_000
MOST_SEGMENTS = 120_000
MOST_CHARACTERS = 120_000
DEPTH = 8
NOWHERE = (0, 0xFFFD, 0xFFFE, 0xFFFF)
UNKNOWN = "〓"  # the printers' sign for a letter that is missing
Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's box in the file's own space and the quarter turn (0, 90, 180, 270, clockwise) that sets it upright."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        """The width of the upright page."""
        return self.right - self.left if self.turn in (0, 180) else self.top - self.bottom

    @property
    def height(self) -> float:
        """The height of the upright page."""
        return self.top - self.bottom if self.turn in (0, 180) else self.right - self.left

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point on the upright page, from its top left."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x


@dataclass(frozen=True, slots=True)
class Taken:
    """A page's content, and what tells whether its words can only be seen."""

    content: PageContent
    unmapped: int  # characters without meaning
    turn: int
    pictured: float  # the part that pictures cover
    shapes: int
    pixels: int  # of the largest picture


def take_content(page: pdfium.PdfPage, *, number: int) -> Taken:
    """Read a page's characters and rulings; the caller holds the lock."""
    text = page.get_textpage()
    try:
        turn = upright_turn(page, text)
        left, bottom, right, top = page.get_bbox()
        frame = Frame(left, bottom, right, top, turn)
        glyphs, unmapped = _glyphs(text, frame)
    finally:
        text.close()
    shapes = Shapes(frame)
    shapes.walk(page)
    content = PageContent(number, frame.width, frame.height, tuple(glyphs), tuple(shapes.rulings))
    return Taken(content, unmapped, turn, shapes.pictured, shapes.paths, shapes.pixels)


def largest_picture(page: pdfium.PdfPage) -> int:
    """The pixels of a page's largest picture; the caller holds the lock."""
    left, bottom, right, top = page.get_bbox()
    shapes = Shapes(Frame(left, bottom, right, top, 0))
    shapes.walk(page)
    return shapes.pixels


def upright_turn(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> int:
    """The turn that sets most of a page's words upright; the page's own where it has none."""
    count = min(text.count_chars(), 4000)
    turns: Counter[int] = Counter()
    matrix = raw.FS_MATRIX()
    for index in range(0, count, max(1, count // 200)):
        if raw.FPDFText_IsGenerated(text, index) != 1 and raw.FPDFText_GetMatrix(text, index, matrix):
            turns[round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
    turn, most = turns.most_common(1)[0] if turns else (0, 0)
    return turn if most > 0.6 * turns.total() else int(page.get_rotation())


def _glyphs(text: pdfium.PdfTextPage, frame: Frame) -> tuple[list[Glyph], int]:
    found: list[Glyph] = []
    unmapped = 0
    x, y, box, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF(), raw.FS_MATRIX()
    for index in range(min(text.count_chars(), MOST_CHARACTERS)):
        if raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        point = raw.FPDFText_GetUnicode(text, index)
        char = chr(point)
        if point in NOWHERE or 0xE000 <= point <= 0xF8FF or 0xD800 <= point <= 0xDFFF:
            char = _by_shape(text, index, point)
            unmapped += char == UNKNOWN
        if not char:
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetMatrix(text, index, matrix)
        scale = math.hypot(matrix.c, matrix.d) * raw.FPDFText_GetFontSize(text, index)
        glyph = _glyph(char, frame, origin=(x.value, y.value), box=box, scale=scale, along=(matrix.a, matrix.b))
        if glyph is not None:
            _add(found, glyph)
    return found, unmapped


def _add(found: list[Glyph], glyph: Glyph) -> None:
    """Add a character; letters that one shape stands for share its width, a long dash its two signs."""
    count = 0
    while count < len(found) and count < 3 and _same_box(found[-1 - count], glyph):
        count += 1
    alike = count and found[-1].char == glyph.char
    if not count or (alike and glyph.right - glyph.left < 1.5 * glyph.size):
        found.append(glyph)
        return
    shared = [*found[len(found) - count :], glyph]
    step = (glyph.right - glyph.left) / len(shared)
    found[len(found) - count :] = [
        replace(g, left=glyph.left + step * i, right=glyph.left + step * (i + 1)) for i, g in enumerate(shared)
    ]


def _same_box(a: Glyph, b: Glyph) -> bool:
    return a.left == b.left and a.right == b.right and a.top == b.top and a.char != " "


def _by_shape(text: pdfium.PdfTextPage, index: int, point: int) -> str:
    """What a character that the file gives no meaning looks like: a dot on the base line, a bullet, or unknown."""
    edges = [ctypes.c_double() for _ in range(4)]
    if not raw.FPDFText_GetCharBox(text, index, *edges):
        return ""
    left, right, bottom, top = (e.value for e in edges)
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetLooseCharBox(text, index, box)
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    height = max(abs(box.top - box.bottom), abs(box.right - box.left), 0.1)
    if max(right - left, top - bottom) < 0.02 * height:
        return ""
    if max(right - left, top - bottom) < 0.25 * height and abs(bottom - y.value) < 0.1 * height:
        return "."
    return "•" if 0xF020 <= point <= 0xF0FF else UNKNOWN


def _glyph(
    char: str, frame: Frame, *, origin: tuple[float, float], box: raw.FS_RECTF, scale: float, along: tuple[float, float]
) -> Glyph | None:
    """Place a character on the upright page; one that stands aslant (a watermark, a binding mark) is left out."""
    if not all(map(math.isfinite, (*origin, box.left, box.top, scale))) or _aslant(along, frame.turn):
        return None
    left, top = frame.place(box.left, box.top)
    right, bottom = frame.place(box.right, box.bottom)
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    base = frame.place(*origin)[1]
    height = bottom - top
    size = scale if 0.75 * scale <= height <= 2 * scale else height
    if char.isspace() or size <= 0:
        size = size if size > 0 else 1.0
    return Glyph(" " if char.isspace() else char, left, base - ASCENT * size, right, base + DESCENT * size, size)


def _aslant(along: tuple[float, float], turn: int) -> bool:
    angle = (math.degrees(math.atan2(along[1], along[0])) - turn) % 360
    return 15 < angle < 345


class Shapes:
    """Walks a page's drawn objects and keeps ruling lines, the part that pictures cover, and a count of shapes."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.rulings: list[Ruling] = []
        self.pictured = 0.0
        self.pixels = 0
        self.paths = 0
        self.seen = 0
        self.segments = 0

    def walk(self, page: pdfium.PdfPage) -> None:
        """Look at every object of a page, and of the forms it draws."""
        for index in range(min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)):
            self._look(raw.FPDFPage_GetObject(page, index), PLAIN, 0)

    def _look(self, shape: raw.FPDF_PAGEOBJECT, outer: Matrix, depth: int) -> None:
        self.seen += 1
        kind = raw.FPDFPageObj_GetType(shape)
        if self.seen > MOST_OBJECTS or self.segments > MOST_SEGMENTS:
            return
        if kind == raw.FPDF_PAGEOBJ_PATH:
            self.paths += 1
            self._path(shape, _times(_matrix(shape), outer))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            self._picture(shape, _times(_matrix(shape), outer))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEPTH:
            inner = _times(_matrix(shape), outer)
            for index in range(min(raw.FPDFFormObj_CountObjects(shape), MOST_OBJECTS)):
                self._look(raw.FPDFFormObj_GetObject(shape, index), inner, depth + 1)

    def _picture(self, shape: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        if raw.FPDFImageObj_GetImagePixelSize(shape, wide, high):
            self.pixels = max(self.pixels, wide.value * high.value)
        a, b, c, d, _e, _f = matrix
        whole = max(1.0, self.frame.width * self.frame.height)
        part = abs(a * d - b * c) / whole
        self.pictured += min(part, 1.0) if math.isfinite(part) else 0.0  # a scan may come in strips

    def _path(self, shape: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(shape, fill, stroke) or not (fill.value or stroke.value):
            return
        for points in self._outlines(shape, matrix):
            if stroke.value:
                for (x1, y1), (x2, y2) in pairwise(points):
                    self._rule(x1, y1, x2, y2)
            elif len(points) > 2:
                xs, ys = [p[0] for p in points], [p[1] for p in points]
                self._bar(min(xs), min(ys), max(xs), max(ys))

    def _outlines(self, shape: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
        """Yield each closed or open outline of a path; curves break it."""
        points: list[tuple[float, float]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(raw.FPDFPath_CountSegments(shape)):
            self.segments += 1
            if self.segments > MOST_SEGMENTS:
                break
            segment = raw.FPDFPath_GetPathSegment(shape, index)
            kind = raw.FPDFPathSegment_GetType(segment)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            if kind != raw.FPDF_SEGMENT_LINETO:
                yield points
                points = []
            points.append(self._placed(x.value, y.value, matrix))
            if raw.FPDFPathSegment_GetClose(segment) and len(points) > 2:
                points.append(points[0])
        yield points

    def _placed(self, x: float, y: float, matrix: Matrix) -> tuple[float, float]:
        a, b, c, d, e, f = matrix
        return self.frame.place(a * x + c * y + e, b * x + d * y + f)

    def _rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        if abs(y2 - y1) <= STRAIGHT < abs(x2 - x1):
            y = (y1 + y2) / 2
            self.rulings.append(Ruling(min(x1, x2), y, max(x1, x2), y))
        elif abs(x2 - x1) <= STRAIGHT < abs(y2 - y1):
            x = (x1 + x2) / 2
            self.rulings.append(Ruling(x, min(y1, y2), x, max(y1, y2)))

    def _bar(self, left: float, top: float, right: float, bottom: float) -> None:
        if bottom - top <= THIN < right - left:
            y = (top + bottom) / 2
            self.rulings.append(Ruling(left, y, right, y))
        elif right - left <= THIN < bottom - top:
            x = (left + right) / 2
            self.rulings.append(Ruling(x, top, x, bottom))
        elif right - left <= THIN and bottom - top <= THIN:  # a dot of a dotted line, or a corner
            self._rule(left, (top + bottom) / 2, right, (top + bottom) / 2)


def _matrix(shape: raw.FPDF_PAGEOBJECT) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(shape, found):
        return PLAIN
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
