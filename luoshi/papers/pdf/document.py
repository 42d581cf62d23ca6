"""Opens a PDF for one caller at a time: the library that draws it knows no threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

import pypdfium2 as pdfium
from pypdfium2 import raw

from luoshi.papers.refusals import UnreadablePaper

LOCK = RLock()
HEAD = 1024  # how far into a file its mark may stand


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """An open document. Raises UnreadablePaper: wrong_content, encrypted or broken."""
    if b"%PDF" not in data[:HEAD]:
        raise UnreadablePaper("wrong_content")
    with LOCK:
        document = _open(data)
    try:
        yield document
    finally:
        with LOCK:
            document.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        if len(document) > 0:
            return document
        document.close()
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise UnreadablePaper("encrypted" if locked else "broken") from None
    raise UnreadablePaper("broken")


@contextmanager
def page_of(document: pdfium.PdfDocument, index: int) -> Iterator[pdfium.PdfPage]:
    """A page, while nobody else uses the library. Raises UnreadablePaper when it cannot be loaded."""
    with LOCK:
        try:
            page = document[index]
        except (pdfium.PdfiumError, IndexError):
            raise UnreadablePaper("broken") from None
        try:
            yield page
        finally:
            page.close()
