"""Opens pictures that strangers sent: measured before they are decoded, one page at a time, in plain colours."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps

from luoshi.papers.facts import Limits
from luoshi.papers.refusals import UnreadablePaper

MAGIC = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"II+\x00": "TIFF",
    b"MM\x00+": "TIFF",
    b"BM": "BMP",
}
INCH = 72.0
USUAL_DENSITY = (90, 1250)  # dots an inch that a scanner may claim
USUAL_SIDE = (140.0, 1250.0)  # points that a page may measure
LONG_SIDE = 842.0  # of A4, where the picture does not say
SHOWN_WIDTH = 1600
SHOWN_HEIGHT = 6400
LONGEST_KEPT = 5000  # pixels; a longer page is made smaller before colours are changed, which takes memory
SHOWN_QUALITY = 82


@dataclass(frozen=True)
class Pictures:
    """The pages of an opened picture."""

    image: Image.Image
    count: int
    limits: Limits

    def page(self, number: int) -> tuple[Image.Image, tuple[float, float]]:
        """A page in grey or RGB, upright by its own mark, and its size in points."""
        with _decoding():
            if self.count > 1:
                self.image.seek(number - 1)
            check_size(self.image, self.limits)
            turned = ImageOps.exif_transpose(self.image)
            size = _size(turned, self.image.info.get("dpi"))
            return _plain(turned), size


@contextmanager
def open_pictures(data: bytes, *, limits: Limits) -> Iterator[Pictures]:
    """The pages of a PNG, JPEG, TIFF or BMP, measured but not yet decoded. Raises UnreadablePaper."""
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        raise UnreadablePaper("wrong_content")
    with _decoding():
        image = Image.open(io.BytesIO(data), formats=[kind])
    with image:
        check_size(image, limits)
        count = _count(image, limits.max_pages) if kind == "TIFF" else 1
        yield Pictures(image, count, limits)


def _count(image: Image.Image, most: int) -> int:
    """How many pages a TIFF has; found one by one, so that a chain without end ends here."""
    with _decoding():
        for number in range(1, most + 1):
            try:
                image.seek(number)
            except EOFError:
                image.seek(0)
                return number
    raise UnreadablePaper("too_many_pages")


def check_size(image: Image.Image, limits: Limits) -> None:
    """Raises UnreadablePaper when the picture has more pixels than are read."""
    if image.width * image.height > limits.max_pixels:
        raise UnreadablePaper("too_many_pixels")


def as_jpeg(image: Image.Image) -> bytes:
    """A picture small enough to show beside the text."""
    scale = min(1.0, SHOWN_WIDTH / image.width, SHOWN_HEIGHT / image.height)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, reducing_gap=2.0)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=SHOWN_QUALITY)
    return stream.getvalue()


@contextmanager
def _decoding() -> Iterator[None]:
    """Whatever a decoder meets in a hostile file becomes the one declared refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnreadablePaper:
        raise
    except Image.DecompressionBombError:
        raise UnreadablePaper("too_many_pixels") from None
    except Exception as error:  # decoders raise whatever they trip over
        raise UnreadablePaper("broken") from error


def _size(image: Image.Image, density: object) -> tuple[float, float]:
    """Width and height in points, by the density that the file claims where that is believable."""
    if isinstance(density, tuple) and len(density) == 2 and density[0]:
        dots = float(density[0])
        sides = (image.width * INCH / dots, image.height * INCH / dots)
        low, high = USUAL_SIDE
        if USUAL_DENSITY[0] <= dots <= USUAL_DENSITY[1] and all(low <= side <= high for side in sides):
            return sides
    scale = LONG_SIDE / max(image.width, image.height)
    return (image.width * scale, image.height * scale)


def _plain(image: Image.Image) -> Image.Image:
    """In grey or RGB on white paper, whatever the mode was."""
    image.load()
    if image.mode in {"I", "F"} or image.mode.startswith("I;"):
        return _from_wide(image)
    clear = "transparency" in image.info or image.mode in {"PA", "La", "RGBa"}
    if clear or image.mode not in {"L", "LA", "RGB", "RGBA"}:
        image = image.convert("RGBA" if clear else "L" if image.mode == "1" else "RGB")
    image = _smaller(image)
    if image.mode in {"LA", "RGBA"}:
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image.convert("RGB"), mask=image.getchannel("A"))
        return paper
    return image


def _smaller(image: Image.Image) -> Image.Image:
    factor = -(-max(image.size) // LONGEST_KEPT)
    return image.reduce(factor) if factor > 1 else image


def _from_wide(image: Image.Image) -> Image.Image:
    """Sixteen bits or more a pixel, stretched to eight by the picture's own range."""
    wide = _smaller(image.convert("F"))
    low, high = wide.getextrema()
    assert isinstance(low, float)
    assert isinstance(high, float)
    scale = 255.0 / ((high - low) or 1.0)
    return wide.point(lambda value: value * scale - low * scale).convert("L")
