"""Reads scanned pages, offline: pictures in, placed characters out, each with how sure the recognition is."""

from importlib.util import find_spec

from PIL import Image

from luoshi.papers.facts import Limits, Paper, Progress, Sheet
from luoshi.papers.layout.facts import PageContent
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.scan.pictures import Pictures, as_jpeg, open_pictures

__all__ = ["is_available", "page_image", "read_scan", "recognise_page"]

NEEDED = ("rapidocr", "onnxruntime", "cv2", "numpy")


def is_available() -> bool:
    """Whether the reader of scans is installed."""
    return all(find_spec(name) is not None for name in NEEDED)


def read_scan(data: bytes, *, limits: Limits, told: Progress) -> Paper:
    """Read a picture, or a TIFF of several pages. Raises UnreadablePaper."""
    with open_pictures(data, limits=limits) as pictures:
        if not is_available():
            raise UnreadablePaper("needs_ocr")
        pages = [_read_page(pictures, number, told) for number in range(1, pictures.count + 1)]
    from luoshi.papers.layout import lay_out

    sheets = tuple(Sheet(number, *size) for number, (size, _page) in enumerate(pages, start=1))
    return Paper("scan", tuple(lay_out([page for _size, page in pages], limits=limits)), sheets, ("ocr",))


def _read_page(pictures: Pictures, number: int, told: Progress) -> tuple[tuple[float, float], PageContent]:
    image, size = pictures.page(number)
    page = recognise_page(image, number=number, width=size[0], height=size[1])
    told(number, pictures.count)
    return size, page


def recognise_page(image: Image.Image, *, number: int, width: float, height: float) -> PageContent:
    """The characters and ruling lines of a page's picture; width and height in points.

    Raises UnreadablePaper needs_ocr where the reader of scans is not installed.
    """
    if not is_available():
        raise UnreadablePaper("needs_ocr")
    from luoshi.papers.scan.recognising import recognise

    return recognise(image, number=number, width=width, height=height)


def page_image(data: bytes, *, number: int, limits: Limits | None = None) -> bytes:
    """A page of a scan as a JPEG of at most 1600 pixels across, upright as a viewer shows it."""
    with open_pictures(data, limits=limits or Limits()) as pictures:
        if not 1 <= number <= pictures.count:
            raise UnreadablePaper("broken")
        return as_jpeg(pictures.page(number)[0])
