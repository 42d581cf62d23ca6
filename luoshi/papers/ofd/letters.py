"""Letters that can be seen but not read: codes that mean something in their own font only, words drawn as shapes.

They are painted, recognised as a scan would be, and put where they stand. A letter of a font is recognised wherever it
occurs, and what it is most often taken for is what it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from luoshi.papers.layout.facts import Glyph, PageContent
from luoshi.papers.ofd.document import Opened, Page
from luoshi.papers.ofd.fonts import Fonts
from luoshi.papers.ofd.geometry import POINTS, Matrix
from luoshi.papers.ofd.objects import Placed
from luoshi.papers.ofd.painting import Canvas
from luoshi.papers.ofd.paths import Step, is_filled, steps_of
from luoshi.papers.ofd.text import Script, Sign, is_private
from luoshi.papers.refusals import UnreadablePaper

LOOKS = ((250, 2), (200, 1), (300, 2))  # dots to the inch, and how much finer it is painted: each errs elsewhere
EASY = (80, 60, 110)  # pixels: how high a drawn letter is looked at
ROUND = 24  # points left free around it
FIRST, LAST = 0x100000, 0x10FFFD  # stand for letters until they are recognised
ENOUGH = 3  # how often a letter must be seen before its pages are no longer looked at for it
MOST_LOOKS = 24  # at pages, for letters
MOST_HEADS = 5  # looked at for shapes, though they have words
MOST_SHAPES = 6_000
LOW, HIGH = 6.0, 90.0  # points: how high a letter is
DRAWN = 60  # commands: fewer draw no word
SURE = 0.4


class Votes:
    """What a letter was taken for, and how surely."""

    def __init__(self) -> None:
        self.shares: Counter[str] = Counter()
        self.sum = 0

    def add(self, seen: Glyph) -> None:
        """Count a look; its confidence weighs."""
        self.shares[seen.char] += round(100 * (seen.confidence or 0.1))
        self.sum += 1

    def winner(self) -> tuple[str, float]:
        """What it is, and how sure that is: never quite."""
        char, share = self.shares.most_common(1)[0]
        return char, min(0.99, round(share / max(1, 100 * self.sum), 3))


class Letters:
    """Gathers the letters of a package and what they were recognised as."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.fonts = Fonts(opened)
        self.codes: dict[tuple[Step, ...], str] = {}
        self.originals: dict[str, str] = {}
        self.votes: defaultdict[str, Votes] = defaultdict(Votes)
        self.looks = self.heads = 0
        self.can_see = True

    def code_for(self, page: Page, script: Script, sign: Sign) -> str:
        """What stands for a letter until it is recognised; the letter itself where nothing can be painted."""
        outline = self.fonts.outline(page, script, sign)
        if not outline:
            return sign.char
        # A font that hides its letters has several codes for each: the same shape is the same letter.
        code = self.codes.setdefault(outline, chr(min(LAST, FIRST + len(self.codes))))
        self.originals[code] = sign.char
        return code

    def seen(
        self, page: Page, content: PageContent, scripts: Sequence[Script], shapes: Sequence[Placed]
    ) -> PageContent:
        """The page after a look at it, where there is something to see."""
        for dots, finer in LOOKS:
            if self._is_unsure(content):
                self.looks += 1
                canvas = self._written(page, content, scripts, dots=dots, finer=finer)
                self._vote(content, self._recognised(canvas, content.number))
        shapes = self._worth_reading(shapes, content)
        if self.can_see and shapes:
            looks = [self._recognised(self._drawn(shapes, easy=easy), content.number) for easy in EASY]
            content = replace(content, glyphs=content.glyphs + tuple(_in_shapes(agreed(looks), content, shapes)))
        return content

    def _is_unsure(self, content: PageContent) -> bool:
        if not self.can_see or self.looks >= MOST_LOOKS:
            return False
        wanted = {g.char for g in content.glyphs if g.char in self.originals}
        return any(self.votes[char].sum < ENOUGH for char in wanted)

    def _worth_reading(self, shapes: Sequence[Placed], content: PageContent) -> list[Placed]:
        if not shapes or len(shapes) > MOST_SHAPES or sum(len(steps_of(s)) for s in shapes) < DRAWN:
            return []
        if len(content.glyphs) >= HIGH:
            self.heads += 1
        return [] if self.heads > MOST_HEADS else list(shapes)

    def _written(self, page: Page, content: PageContent, scripts: Sequence[Script], *, dots: int, finer: int) -> Canvas:
        """The pieces of a page's text that hold letters still unsure, whole: letters are best told among others."""
        window = (0.0, 0.0, content.width, content.height)
        canvas = Canvas(window, dots=dots, finer=finer, most=self.opened.limits.max_pixels)
        for script in scripts:
            for sign in script.signs if self._holds_unsure(page, script) else ():
                at = Matrix(a=script.size * script.stretch, d=script.size, e=sign.x, f=sign.y).then(script.matrix)
                canvas.paint(self.fonts.outline(page, script, sign), at)
        return canvas

    def _holds_unsure(self, page: Page, script: Script) -> bool:
        codes = (self.code_for(page, script, sign) for sign in script.signs if is_private(sign.char))
        return any(code in self.originals and self.votes[code].sum < ENOUGH for code in codes)

    def _drawn(self, shapes: Sequence[Placed], *, easy: int) -> Canvas:
        """The part of a page that its shapes take, as large as recognition likes it."""
        boxes = [extent(shape) for shape in shapes]
        left, top = min(b[0] for b in boxes) - ROUND, min(b[1] for b in boxes) - ROUND
        right, bottom = max(b[2] for b in boxes) + ROUND, max(b[3] for b in boxes) + ROUND
        dots = min(LOOKS[0][0], easy / median(b[3] - b[1] for b in boxes) * 72)
        window = (left, top, right - left, bottom - top)
        canvas = Canvas(window, dots=dots, finer=1, most=self.opened.limits.max_pixels)
        for placed in shapes:
            canvas.paint(steps_of(placed), placed.matrix)
        return canvas

    def _recognised(self, canvas: Canvas, number: int) -> list[Glyph]:
        """What is read on a canvas, placed on the page."""
        from luoshi.papers.scan import recognise_page  # heavy, and an extra

        try:
            found = recognise_page(canvas.image, number=number, width=canvas.width, height=canvas.height)
        except UnreadablePaper as refusal:
            if refusal.code != "needs_ocr":
                raise
            self.can_see = False
            return []
        x, y = canvas.left, canvas.top
        return [
            replace(g, left=g.left + x, right=g.right + x, top=g.top + y, bottom=g.bottom + y) for g in found.glyphs
        ]

    def _vote(self, content: PageContent, found: Sequence[Glyph]) -> None:
        for glyph in content.glyphs:
            if glyph.char in self.originals:
                seen = _nearest(glyph, found)
                if seen is not None:
                    self.votes[glyph.char].add(seen)

    def settled(self, content: PageContent) -> PageContent:
        """The page with every letter as what it was recognised as, and as unsure as recognition is."""
        if not self.originals:
            return content
        return replace(content, glyphs=tuple(self._settled(g) for g in content.glyphs))

    def _settled(self, glyph: Glyph) -> Glyph:
        if glyph.char not in self.originals:
            return glyph
        votes = self.votes[glyph.char]
        if not votes.shares:
            return replace(glyph, char=self.originals[glyph.char])
        char, confidence = votes.winner()
        return replace(glyph, char=char, confidence=confidence)


def agreed(looks: Sequence[list[Glyph]]) -> Iterator[Glyph]:
    """One reading of several looks: where the longest sees a character, what most of them take it for."""
    base = max(looks, key=len)
    for glyph in base:
        votes = Votes()
        for look in looks:
            seen = _nearest(glyph, look)
            if seen is not None:
                votes.add(seen)
        char, confidence = votes.winner() if votes.sum else (glyph.char, glyph.confidence)
        yield replace(glyph, char=char, confidence=confidence)


def is_shape(placed: Placed) -> bool:
    """Whether a path could be a letter, or a line of them."""
    if not is_filled(placed):
        return False
    box = extent(placed)
    return LOW <= box[3] - box[1] <= HIGH and box[2] - box[0] >= LOW / 2


def extent(placed: Placed) -> tuple[float, float, float, float]:
    """The box around a path's corners, in points."""
    points = [placed.matrix.at(*s.values[-2:]) for s in steps_of(placed) if s.values]
    xs, ys = [x * POINTS for x, _ in points] or [0.0], [y * POINTS for _, y in points] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


def _nearest(glyph: Glyph, others: Sequence[Glyph]) -> Glyph | None:
    """The recognised character that stands where a letter does."""
    middle, height = (glyph.left + glyph.right) / 2, glyph.bottom - glyph.top
    near = [
        o
        for o in others
        if abs((o.top + o.bottom) / 2 - (glyph.top + glyph.bottom) / 2) < height / 2
        and glyph.left <= (o.left + o.right) / 2 <= glyph.right
        and not o.char.isspace()
    ]
    return min(near, key=lambda o: abs((o.left + o.right) / 2 - middle), default=None)


def _in_shapes(found: Iterable[Glyph], content: PageContent, shapes: Sequence[Placed]) -> Iterator[Glyph]:
    """The recognised characters that stand in painted shapes and not where the page has words of its own."""
    boxes = [extent(s) for s in shapes]
    for glyph in found:
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        in_shape = any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)
        is_known = any(g.left <= x <= g.right and g.top <= y <= g.bottom for g in content.glyphs)
        if in_shape and not is_known and (glyph.confidence or 0) >= SURE and not is_private(glyph.char):
            yield glyph
