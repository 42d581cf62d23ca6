"""Reads a PDF page by page, draws its pages, and counts those that are only pictures."""

import io

import pypdfium2 as pdfium

from luoshi.papers.facts import Limits, Paper, Progress, Sheet
from luoshi.papers.layout import PageContent, lay_out
from luoshi.papers.pdf.content import Taken, take_content, upright_turn
from luoshi.papers.pdf.document import opened, page_of
from luoshi.papers.refusals import UnreadablePaper

DPI = 200  # for recognition
MOST_PIXELS = 12_000_000  # of a page shown to a reader
FEW = 10  # characters on a picture that are no text of a page
PICTURED = 0.05
OUTLINED = 30  # shapes on a page without text that may be outlined words
PARTLY = "pages_unread"


def read_pdf(data: bytes, *, limits: Limits, told: Progress) -> Paper:
    """Read a PDF's pages; scanned ones are recognised. Raises UnreadablePaper."""
    pages: list[PageContent] = []
    unread = characters = 0
    with opened(data) as document:
        total = len(document)
        if total > limits.max_pages:
            raise UnreadablePaper("too_many_pages")
        for number in range(1, total + 1):
            content = _read_page(document, number, limits)
            unread += content is None
            characters += len(content.glyphs) if content else 0
            if characters > limits.max_characters:
                raise UnreadablePaper("too_large")
            pages.append(content or PageContent(number, *_size(document, number), ()))
            told(number, total)
    if unread and not characters:
        raise UnreadablePaper("needs_ocr")
    sheets = tuple(Sheet(p.number, round(p.width, 2), round(p.height, 2)) for p in pages)
    return Paper("pdf", tuple(lay_out(pages, limits=limits)), sheets, (PARTLY,) if unread else ())


def _read_page(document: pdfium.PdfDocument, number: int, limits: Limits) -> PageContent | None:
    """A page's content; None for a picture of a page that nothing here can recognise."""
    with page_of(document, number - 1) as page:
        taken = take_content(page, number=number)
        if not _is_picture(taken):
            return taken.content
        image = _drawn(page, taken.turn, dpi=DPI, most=limits.max_pixels).to_pil()
    from luoshi.papers.scan import recognise_page  # only who has a scan pays for it

    try:
        return recognise_page(image, number=number, width=taken.content.width, height=taken.content.height)
    except UnreadablePaper as refusal:
        if refusal.code != "needs_ocr":
            raise
        return taken.content if taken.content.glyphs and taken.unmapped < len(taken.content.glyphs) else None


def _is_picture(taken: Taken) -> bool:
    """Whether a page's words can only be seen: a scan, outlined letters, or letters without meaning."""
    glyphs = sum(g.char != " " for g in taken.content.glyphs)
    if taken.unmapped > max(FEW, glyphs // 2):
        return True
    if glyphs >= FEW:
        return False
    return taken.pictured >= (0.5 if glyphs else PICTURED) or (not glyphs and taken.shapes > OUTLINED)


def _size(document: pdfium.PdfDocument, number: int) -> tuple[float, float]:
    with page_of(document, number - 1) as page:
        width, height = page.get_size()
    return float(width), float(height)


def _drawn(page: pdfium.PdfPage, turn: int, *, dpi: int, most: int) -> pdfium.PdfBitmap:
    width, height = page.get_size()
    scale = min(dpi / 72, (most / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale, rotation=(turn - page.get_rotation()) % 360)


def page_image(data: bytes, *, number: int, dpi: int = 110) -> bytes:
    """A page, upright, as a PNG image; its proportions are those of the paper's Sheet. Raises UnreadablePaper."""
    with opened(data) as document, page_of(document, number - 1) as page:
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
