"""Reads a PDF page by page, draws its pages, and counts those that are only pictures."""

import io
from dataclasses import replace

import pypdfium2 as pdfium
from PIL import Image

from luoshi.papers.facts import Limits, Paper, Progress, Sheet
from luoshi.papers.layout import PageContent, lay_out
from luoshi.papers.pdf.content import Taken, largest_picture, take_content, upright_turn
from luoshi.papers.pdf.document import opened, page_of
from luoshi.papers.refusals import UnreadablePaper

DPI = 200  # for recognition
RECOGNISABLE = 24_000_000  # pixels of a page to be recognised: A2 at 200 dots an inch
MOST_PIXELS = 12_000_000  # of a page shown to a reader
FEW = 10  # characters on a picture that are no text of a page
PICTURED = 0.05
STAMPED, COVERED = 50, 0.7  # characters that a scanning program prints on a picture of nearly a whole page
OUTLINED = 30  # shapes on a page without text that may be outlined words
PARTLY, RECOGNISED = "pages_unread", "ocr"  # notes for the reader


def read_pdf(data: bytes, *, limits: Limits, told: Progress) -> Paper:
    """Read a PDF's pages; scanned ones are recognised. Raises UnreadablePaper."""
    reader = Reader(limits)
    with opened(data) as document:
        total = len(document)
        if total > limits.max_pages:
            raise UnreadablePaper("too_many_pages")
        for number in range(1, total + 1):
            reader.read(document, number)
            told(number, total)
    if PARTLY in reader.notes and not reader.characters:
        raise UnreadablePaper("needs_ocr")
    paragraphs = tuple(lay_out(reader.pages, limits=limits))
    return Paper("pdf", paragraphs, tuple(reader.sheets), tuple(sorted(reader.notes)))


class Reader:
    """Reads page after page, counting what all of them hold together."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.pages: list[PageContent] = []
        self.sheets: list[Sheet] = []
        self.notes: set[str] = set()
        self.characters = 0

    def read(self, document: pdfium.PdfDocument, number: int) -> None:
        """Read a page's own characters, or have its picture recognised."""
        image = None
        with page_of(document, number - 1) as page:
            taken = take_content(page, number=number)
            if _is_picture(taken):
                _refuse_enormous(taken.pixels, self.limits)
                image = _drawn(page, taken.turn, dpi=DPI, most=min(RECOGNISABLE, self.limits.max_pixels)).to_pil()
        content = taken.content if image is None else self._recognised(image, taken)
        self.pages.append(content)
        self.sheets.append(Sheet(number, round(taken.content.width, 2), round(taken.content.height, 2)))
        self.characters += len(content.glyphs)
        if self.characters > self.limits.max_characters:
            raise UnreadablePaper("too_large")

    def _recognised(self, image: Image.Image, taken: Taken) -> PageContent:
        from luoshi.papers.scan import recognise_page  # only who has a scan pays for it

        page = taken.content
        try:
            found = recognise_page(image, number=page.number, width=page.width, height=page.height)
        except UnreadablePaper as refusal:
            if refusal.code != "needs_ocr":
                raise
            self.notes.add(PARTLY)
            return page if _is_legible(taken) else replace(page, glyphs=())
        self.notes.add(RECOGNISED)
        return found


def _is_legible(taken: Taken) -> bool:
    return taken.unmapped < len(taken.content.glyphs) / 2


def _is_picture(taken: Taken) -> bool:
    """Whether a page's words can only be seen: a scan, outlined letters, or letters without meaning."""
    glyphs = sum(g.char != " " for g in taken.content.glyphs)
    if taken.unmapped > max(FEW, glyphs // 2):
        return True
    if glyphs >= FEW:
        return glyphs < STAMPED and taken.pictured >= COVERED
    return taken.pictured >= (0.5 if glyphs else PICTURED) or (not glyphs and taken.shapes > OUTLINED)


def _refuse_enormous(pixels: int, limits: Limits) -> None:
    if pixels > limits.max_pixels:
        raise UnreadablePaper("too_many_pixels")


def _drawn(page: pdfium.PdfPage, turn: int, *, dpi: int, most: int) -> pdfium.PdfBitmap:
    width, height = page.get_size()
    scale = min(dpi / 72, (most / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale, rotation=(turn - page.get_rotation()) % 360)


def page_image(data: bytes, *, number: int, dpi: int = 110) -> bytes:
    """A page, upright, as a PNG image; its proportions are those of the paper's Sheet. Raises UnreadablePaper."""
    with opened(data) as document, page_of(document, number - 1) as page:
        _refuse_enormous(largest_picture(page), Limits())
        text = page.get_textpage()
        turn = upright_turn(page, text)
        text.close()
        image = _drawn(page, turn, dpi=dpi, most=MOST_PIXELS).to_pil()
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def count_pages(data: bytes) -> tuple[int, int]:
    """How many pages a PDF has, and how many of them hold no text. Raises UnreadablePaper."""
    with opened(data) as document:
        total = len(document)
        return total, sum(_is_wordless(document, index) for index in range(total))


def _is_wordless(document: pdfium.PdfDocument, index: int) -> bool:
    with page_of(document, index) as page:
        text = page.get_textpage()
        count = int(text.count_chars())
        text.close()
    return count < FEW
