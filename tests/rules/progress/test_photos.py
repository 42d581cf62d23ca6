"""Photographs lose where they were taken, and nothing that is seen in them."""

from io import BytesIO

import pytest
from PIL import Image

from luoshi.progress.rules.photos import without_place

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photo(kind: str, *, turned: int = 6) -> bytes:
    """A small picture that tells where it was taken, and how it is turned."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = turned, "Camera of somebody"
    exif[GPS] = {1: "N", 2: (28.0, 1.0, 2.0), 3: "E", 4: (120.0, 3.0, 4.0)}
    out = BytesIO()
    Image.new("RGB", (40, 24), (200, 30, 30)).save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photograph_does_not_tell_where_it_was_taken(kind: str) -> None:
    before = photo(kind)
    assert dict(Image.open(BytesIO(before)).getexif().get_ifd(GPS))
    after = without_place(before)
    found = Image.open(BytesIO(after))
    assert not dict(found.getexif().get_ifd(GPS))
    assert b"Camera of somebody" not in after
    assert found.convert("RGB").tobytes() == Image.open(BytesIO(before)).convert("RGB").tobytes()


def test_jpeg_stays_turned_as_it_was() -> None:
    assert Image.open(BytesIO(without_place(photo("JPEG", turned=6)))).getexif()[ORIENTATION] == 6
    assert ORIENTATION not in Image.open(BytesIO(without_place(photo("JPEG", turned=1)))).getexif()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"RIFF....WEBPVP8X",
        b"%PDF",
    ],
)
def test_broken_or_other_file_comes_back_without_a_fault(data: bytes) -> None:
    assert isinstance(without_place(data), bytes)


def test_cutting_a_photograph_anywhere_raises_nothing() -> None:
    whole = photo("JPEG") + photo("PNG")
    for end in range(0, len(whole), 3):
        without_place(whole[:end])
    for end in range(0, 400, 2):
        without_place(photo("WEBP")[:end])
