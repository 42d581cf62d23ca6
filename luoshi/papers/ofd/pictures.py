"""The pictures of a page: how much of it they cover, and what character recognition reads in them."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from luoshi.papers.layout.facts import PageContent
from luoshi.papers.ofd.archive import child, words_of
from luoshi.papers.ofd.document import Opened, Page
from luoshi.papers.ofd.geometry import Box
from luoshi.papers.ofd.objects import Placed
from luoshi.papers.refusals import UnreadablePaper

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS = 200  # to the inch
MAX_PICTURES = 300  # a scan is sometimes cut in strips


def covered(pictures: Sequence[Placed], area: Box) -> float:
    """How much of a page its pictures cover together, overlaps counted twice; 0 to 1."""
    total = 0.0
    for placed in pictures:
        left, top, right, bottom = extent(placed)
        across, down = min(right, area[2]) - max(left, 0.0), min(bottom, area[3]) - max(top, 0.0)
        total += max(0.0, across) * max(0.0, down)
    return min(1.0, total / (area[2] * area[3]))


def extent(placed: Placed) -> Box:
    """The box around a picture, which fills the unit square of its own coordinates: left, top, right, bottom."""
    corners = [placed.matrix.at(x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def media_of(opened: Opened, page: Page, id: str | None) -> bytes:
    """The bytes of a picture among the shared things; none where it is missing."""
    resource = page.resources.get(id or "")
    if resource is None:
        return b""
    name = words_of(child(resource.element, "MediaFile"))
    return opened.archive.data(opened.archive.find(name, resource.folder, page.ref.document.folder))


def recognised(opened: Opened, page: Page, pictures: Sequence[Placed], content: PageContent) -> PageContent | None:
    """What is read in a page's pictures; None where no recognition is installed or nothing can be drawn."""
    from luoshi.papers.scan import recognise_page  # heavy, and an extra

    image = drawn(opened, page, pictures)
    if image is None:
        return None
    try:
        return recognise_page(image, number=content.number, width=content.width, height=content.height)
    except UnreadablePaper as refusal:
        if refusal.code != "needs_ocr":
            raise
        return None


def drawn(opened: Opened, page: Page, pictures: Sequence[Placed]) -> "Image | None":
    """The pictures of a page, painted on white where they stand."""
    from PIL import Image

    scale = DOTS / 25.4
    scale *= min(1.0, (opened.limits.max_pixels / (page.area[2] * page.area[3] * scale * scale)) ** 0.5)
    canvas = Image.new("RGB", (max(1, int(page.area[2] * scale)), max(1, int(page.area[3] * scale))), "white")
    painted = False
    for placed in pictures[:MAX_PICTURES]:
        picture = picture_of(media_of(opened, page, placed.element.get("ResourceID")), opened.limits.max_pixels)
        if picture is not None:
            _paint(canvas, picture, placed, scale)
            painted = True
    return canvas if painted else None


def picture_of(data: bytes, most: int) -> "Image | None":
    """A picture of at most so many pixels; None where the bytes are none. More pixels are refused."""
    from PIL import Image

    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "BMP", "TIFF", "GIF")) as picture:
            if picture.width * picture.height > most:
                raise UnreadablePaper("too_many_pixels")
            return picture.convert("RGBA")
    except UnreadablePaper:
        raise
    except Image.DecompressionBombError:
        raise UnreadablePaper("too_many_pixels") from None
    except Exception:  # decoders of damaged pictures raise whatever they meet
        return None


def _paint(canvas: "Image", picture: "Image", placed: Placed, scale: float) -> None:
    """Put a picture where its matrix puts the unit square; turned ones are turned."""
    from PIL import Image

    left, top, right, bottom = (v * scale for v in extent(placed))
    left, top, right, bottom = max(0.0, left), max(0.0, top), min(canvas.width, right), min(canvas.height, bottom)
    size = (int(right - left), int(bottom - top))
    m = placed.matrix
    turned = m.a * m.d - m.b * m.c
    if size[0] < 1 or size[1] < 1 or abs(turned) < 1e-9:
        return
    # From a pixel of the canvas back to one of the picture.
    across, down = picture.width / (turned * scale), picture.height / (turned * scale)
    x, y = left - m.e * scale, top - m.f * scale
    back = (
        m.d * across, -m.c * across, (m.d * x - m.c * y) * across,
        -m.b * down, m.a * down, (m.a * y - m.b * x) * down,
    )  # fmt: skip
    shown = picture.transform(size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    canvas.paste(shown, (int(left), int(top)), shown)
