"""The embedded fonts of a package, opened once each, and the outlines of letters in them."""

from luoshi.papers.ofd.archive import child, words_of
from luoshi.papers.ofd.document import Opened, Page
from luoshi.papers.ofd.outlines import Outlines
from luoshi.papers.ofd.paths import Step
from luoshi.papers.ofd.text import Script, Sign

MAX_FONTS = 40
MAX_FONT = 12_000_000


class Fonts:
    """Finds the outline of a letter in the font that its page embeds."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self._fonts: dict[str, Outlines] = {}

    def _part_of(self, page: Page, id: str) -> str | None:
        """The part that holds a font."""
        font = page.resources.get(id)
        place = words_of(child(font.element, "FontFile")) if font else ""
        return self.opened.archive.find(place, font.folder, page.ref.document.folder) if font and place else None

    def outline(self, page: Page, script: Script, sign: Sign) -> tuple[Step, ...]:
        """How a letter is drawn, in sizes of its font; empty where it cannot be told."""
        font = self._font(page, script.font)
        return font.outline(sign.glyph or font.glyph_of(sign.char)) if font else ()

    def _font(self, page: Page, id: str) -> Outlines | None:
        part = self._part_of(page, id)
        if part is None:
            return None
        if part not in self._fonts and len(self._fonts) < MAX_FONTS:
            data = self.opened.archive.data(part)
            self._fonts[part] = Outlines(data if len(data) <= MAX_FONT else b"")
        return self._fonts.get(part)
