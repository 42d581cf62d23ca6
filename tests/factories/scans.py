"""Pages as scanners deliver them: drawn in official type, then tilted, stamped, blurred, speckled and compressed."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DENSITY = 200
SIDES = (1654, 2339)  # A4 at 200 dots an inch
LEFT, TOP = 220, 290
COLUMNS, ROWS = 28, 22
TYPE = 44  # 16 points, the body of an official paper
LEADING = 80
NEVER_FIRST = "，。、；：？！）〕》”’％"
FONTS = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc")
WHERE = ("/usr/share/fonts", "/usr/local/share/fonts")


@dataclass(frozen=True, slots=True)
class Wear:
    """What a page went through: degrees of tilt, blur, noise, grey paper, speckles, JPEG quality, seals."""

    tilt: float
    blur: float
    noise: float
    paper: int
    speckles: int
    quality: int
    seals: int


LIGHT = Wear(tilt=0.5, blur=0.4, noise=4, paper=250, speckles=50, quality=75, seals=1)
MEDIUM = Wear(tilt=-1.2, blur=0.8, noise=10, paper=235, speckles=300, quality=60, seals=1)
HEAVY = Wear(tilt=2.0, blur=1.2, noise=18, paper=215, speckles=900, quality=40, seals=2)
CLEAN = Wear(tilt=0, blur=0, noise=0, paper=255, speckles=0, quality=95, seals=0)


@cache
def find_font() -> str:
    """A Chinese font of the system, the one that the browser's step of `make test` installs."""
    for name in FONTS:
        for folder in WHERE:
            if found := next(iter(Path(folder).rglob(name)), None):
                return str(found)
    lister = shutil.which("fc-match")
    assert lister is not None, "no Chinese font: run python -m tests.browser"
    return subprocess.run([lister, "-f", "%{file}", ":lang=zh-cn"], capture_output=True, text=True, check=True).stdout


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """The face of the collection that draws characters the mainland's way."""
    for index in range(12):
        try:
            font = ImageFont.truetype(find_font(), size, index=index)
        except OSError:
            break
        if "SC" in str(font.getname()[0]):
            return font
    return ImageFont.truetype(find_font(), size)


def wrap(paragraph: str, *, indent: str = "　　") -> list[str]:
    """A paragraph in lines of 28 squares, none of which begins with a closing mark."""
    rest, lines = indent + paragraph, []
    while rest:
        end = _fitting(rest)
        while 1 < end < len(rest) and rest[end] in NEVER_FIRST:
            end -= 1
        lines.append(rest[:end])
        rest = rest[end:]
    return lines


def _fitting(words: str) -> int:
    """How many characters fit on a line."""
    left = float(COLUMNS * TYPE)
    for count, char in enumerate(words):
        left -= _width(char)
        if left < 0:
            return count
    return len(words)


def _width(char: str) -> float:
    return TYPE if ord(char) > 0x2E7F or char in "“”‘’—…·" else _font(TYPE).getlength(char)


def draw_page(lines: Sequence[str]) -> Image.Image:
    """Up to 22 lines of type on white paper, each character in a square of its own as official papers are set."""
    page = Image.new("RGB", SIDES, "white")
    pen = ImageDraw.Draw(page)
    for row, line in enumerate(lines[:ROWS]):
        x = float(LEFT)
        for char in line:
            pen.text((x, TOP + row * LEADING), char, font=_font(TYPE), fill=(20, 20, 20))
            x += _width(char)
    return page


def draw_table(rows: Sequence[Sequence[str]], *, widths: Sequence[int], size: int = 32) -> Image.Image:
    """A ruled table; each cell's words on as many lines as they need."""
    page = Image.new("RGB", SIDES, "white")
    pen = ImageDraw.Draw(page)
    edges = [LEFT - 60]
    for width in widths:
        edges.append(edges[-1] + width)
    top = TOP
    pen.line([(edges[0], top), (edges[-1], top)], fill="black", width=3)
    for row in rows:
        cells = [_pieces(words, (width - 20) // size) for words, width in zip(row, widths, strict=True)]
        bottom = top + max(len(cell) for cell in cells) * (size + 12) + 16
        for cell, left in zip(cells, edges, strict=False):
            for number, piece in enumerate(cell):
                pen.text((left + 10, top + 8 + number * (size + 12)), piece, font=_font(size), fill="black")
        pen.line([(edges[0], bottom), (edges[-1], bottom)], fill="black", width=3)
        for edge in edges:
            pen.line([(edge, top), (edge, bottom)], fill="black", width=3)
        top = bottom
    return page


def _pieces(words: str, most: int) -> list[str]:
    return [words[start : start + most] for start in range(0, len(words), most)] or [""]


def stamp(page: Image.Image, *, middle: tuple[int, int], radius: int = 160, words: str = "某某市人民政府") -> None:
    """Press a round red seal onto the page: red ink lets the black below show through."""
    layer = Image.new("RGB", page.size, "white")
    pen, (x, y) = ImageDraw.Draw(layer), middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(222, 45, 50), width=11)
    star = [
        (x + r * np.sin(np.pi * k / 5), y - r * np.cos(np.pi * k / 5))
        for k, r in zip(range(10), [radius * 0.35, radius * 0.14] * 5, strict=True)
    ]
    pen.polygon([(float(a), float(b)) for a, b in star], fill=(222, 45, 50))
    for number, char in enumerate(words):
        angle = np.pi * (0.75 + 1.5 * (number + 0.5) / len(words))
        place = (x + radius * 0.74 * np.sin(-angle), y + radius * 0.74 * np.cos(angle))
        pen.text((float(place[0]), float(place[1])), char, font=_font(radius // 4), fill=(222, 45, 50), anchor="mm")
    page.paste(Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer))))


def worn(page: Image.Image, wear: Wear, *, seed: int = 1) -> bytes:
    """The page as a JPEG from a scanner, after the wear; the same for the same seed."""
    chance = np.random.default_rng(seed)
    page = page.copy()
    for _ in range(wear.seals):
        stamp(page, middle=(int(chance.integers(450, 1200)), int(chance.integers(500, 1800))))
    pixels = np.asarray(page, np.float32) * (wear.paper / 255)
    page = Image.fromarray(pixels.astype(np.uint8)).rotate(
        wear.tilt, Image.Resampling.BICUBIC, fillcolor=(wear.paper,) * 3
    )
    if wear.blur:
        page = page.filter(ImageFilter.GaussianBlur(wear.blur))
    pixels = np.asarray(page, np.float32)
    pixels = pixels + chance.normal(0, wear.noise, pixels.shape[:2])[:, :, None]
    for x, y in chance.integers((5, 5), (SIDES[0] - 5, SIDES[1] - 5), (wear.speckles, 2)):
        side = int(chance.integers(1, 4))
        pixels[y : y + side, x : x + side] = float(chance.integers(30, 120))
    return as_jpeg(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), quality=wear.quality)


def as_jpeg(page: Image.Image, *, quality: int = 90) -> bytes:
    """The page as a file."""
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=quality, dpi=(DENSITY, DENSITY))
    return stream.getvalue()
