"""Reads an OFD paper: the text of each page by its place, pictures of text through character recognition."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from luoshi.papers.facts import Limits, Paper, Progress, Sheet
from luoshi.papers.layout.facts import Glyph, PageContent, Ruling
from luoshi.papers.ofd.document import Opened, Page
from luoshi.papers.ofd.geometry import POINTS, Matrix, moved
from luoshi.papers.ofd.letters import MOST_SHAPES, Letters, is_shape
from luoshi.papers.ofd.objects import Budget, Placed, Walk
from luoshi.papers.ofd.paths import rulings_of
from luoshi.papers.ofd.pictures import covered, recognised
from luoshi.papers.ofd.text import Script, is_private, script_of
from luoshi.papers.refusals import UnreadablePaper

MAX_RULINGS = 20_000
MAX_OBJECTS = 1_500_000
FILLS = 0.4  # of the page, where a picture is the page
PARTLY = "pages_unread"
FEW = 30  # characters: a page number and a mark on a scanned page


@dataclass
class Found:
    """What one page draws, before it is decided which of it is the paper's text."""

    scripts: list[Script] = field(default_factory=list)
    unseen: list[Script] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    pictures: list[Placed] = field(default_factory=list)
    shapes: list[Placed] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How many characters are seen."""
        return sum(len(s.signs) for s in self.scripts)


def read_ofd(data: bytes, *, limits: Limits, told: Progress) -> Paper:
    """Return the paper that an OFD file holds. Raises UnreadablePaper."""
    from luoshi.papers.layout import lay_out  # the engine is not needed to draw pages

    opened = Opened(data, limits=limits)
    reader = Reader(opened)
    for ref in opened.pages:
        reader.read(opened.page(ref))
        told(ref.number, len(opened.pages))
    contents = reader.with_templates()
    if PARTLY in reader.notes and not any(c.glyphs for c in contents):
        raise UnreadablePaper("needs_ocr")
    sheets = tuple(Sheet(c.number, c.width, c.height) for c in contents)
    return Paper("ofd", tuple(lay_out(contents, limits=limits)), sheets, tuple(sorted(reader.notes)))


class Reader:
    """Reads page after page, counting what all of them hold together."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.notes: set[str] = set()
        self.budget = Budget(MAX_OBJECTS)
        self.characters = opened.limits.max_characters
        self.pages: list[Page] = []
        self.contents: list[PageContent] = []
        self.letters = Letters(opened)

    def read(self, page: Page) -> None:
        """Take in what a page itself says; annotations are no part of its text."""
        found = self._found(page, page.content)
        width, height = page.area[2] * POINTS, page.area[3] * POINTS
        content = PageContent(page.ref.number, width, height, (), tuple(found.rulings[:MAX_RULINGS]))
        if found.length < FEW and covered(found.pictures, page.area) >= FILLS:
            content = self._from_pictures(page, found, content)
        else:
            content = replace(content, glyphs=self._glyphs(page, found.scripts, content))
            content = self.letters.seen(page, content, found.scripts, found.shapes)
        self.pages.append(replace(page, content=None))
        self.contents.append(content)

    def with_templates(self) -> list[PageContent]:
        """The pages, with the words of their templates where those are no page furniture.

        A template under several pages is a letterhead, a frame, a running line: its words are left out. One that is
        used once, or on a page without words of its own, says what the page says.
        """
        uses = Counter(part for page in self.pages for part, _ in page.templates)
        finished = []
        for page, content in zip(self.pages, self.contents, strict=True):
            parts = [part for part, _ in page.templates if uses[part] == 1 or not content.glyphs]
            finished.append(self._settled(self._with_template(content, page, parts)))
        return finished

    def _settled(self, content: PageContent) -> PageContent:
        content = self.letters.settled(content)
        if any(g.confidence is not None for g in content.glyphs):
            self.notes.add("ocr")
        if any(is_private(g.char) for g in content.glyphs):
            self.notes.add("glyphs_without_text")
        return content

    def _with_template(self, content: PageContent, page: Page, parts: list[str]) -> PageContent:
        for part in parts:
            found = self._found(page, self.opened.template(part))
            glyphs = self._glyphs(page, found.scripts, content) + content.glyphs
            content = replace(content, glyphs=glyphs, rulings=(*found.rulings, *content.rulings)[:MAX_RULINGS])
        return content

    def _found(self, page: Page, container: "etree._Element | None") -> Found:
        found = Found()
        for placed in Walk(page.resources, self.budget).objects(container, origin(page)):
            if placed.kind == "text":
                self._add_text(found, placed)
            elif placed.kind == "image" and placed.visible:
                found.pictures.append(placed)
            elif placed.kind == "path" and placed.visible:
                self._add_path(found, placed)
        return found

    def _add_path(self, found: Found, placed: Placed) -> None:
        if len(found.rulings) < MAX_RULINGS:
            found.rulings.extend(rulings_of(placed))
        if len(found.shapes) <= MOST_SHAPES and is_shape(placed):
            found.shapes.append(placed)

    def _add_text(self, found: Found, placed: Placed) -> None:
        script = script_of(placed, most=self.characters)
        self.characters -= len(script.signs)
        if self.characters <= 0:
            raise UnreadablePaper("too_large")
        is_seen = placed.visible and placed.opacity > 0 and script.is_painted
        (found.scripts if is_seen else found.unseen).append(script)

    def _from_pictures(self, page: Page, found: Found, content: PageContent) -> PageContent:
        """A scanned page: the hidden text that was recognised before, else what is recognised now."""
        hidden = self._glyphs(page, found.unseen, content)
        if sum(not g.char.isspace() for g in hidden) >= FEW:
            return replace(content, glyphs=hidden)
        scanned = recognised(self.opened, page, found.pictures, content)
        if scanned is None:
            self.notes.add(PARTLY)
            return replace(content, glyphs=self._glyphs(page, found.scripts, content))
        rulings = (*content.rulings, *scanned.rulings)[:MAX_RULINGS]
        return replace(content, glyphs=scanned.glyphs + self._glyphs(page, found.scripts, content), rulings=rulings)

    def _glyphs(self, page: Page, scripts: list[Script], content: PageContent) -> tuple[Glyph, ...]:
        level = [s for s in scripts if s.is_level]
        turned = [s for s in scripts if not s.is_level and not s.is_slanted]
        # Words turned on a page of level ones stand in its margin; slanted ones are a watermark.
        kept = level if sum(len(s.signs) for s in level) >= sum(len(s.signs) for s in turned) else level + turned
        return tuple(self._on_page(page, kept, content))

    def _on_page(self, page: Page, scripts: list[Script], content: PageContent) -> Iterator[Glyph]:
        for script in scripts:
            for sign, glyph in zip(script.signs, script.glyphs(), strict=True):
                across, down = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
                if not (0 <= across <= content.width and 0 <= down <= content.height):
                    continue
                char = self.letters.code_for(page, script, sign) if is_private(sign.char) else sign.char
                yield glyph if char == sign.char else replace(glyph, char=char)


def origin(page: Page) -> Matrix:
    """Takes a page's coordinates to those of its box."""
    return moved(-page.area[0], -page.area[1])
