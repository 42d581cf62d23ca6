"""Scanned pages: words, tables and places come back from pictures; every picture that cannot be read is refused."""

import io
import random
import socket
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from luoshi.papers import scan
from luoshi.papers.facts import Limits, Paper
from luoshi.papers.reading import read_paper
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.scan import page_image, read_scan, recognise_page
from tests.factories.scans import (
    HEAVY,
    LEADING,
    MEDIUM,
    SIDES,
    TOP,
    Wear,
    as_jpeg,
    draw_page,
    draw_table,
    stamp,
    worn,
    wrap,
)

LIMITS = Limits()
PARAGRAPHS = (
    "一、加强组织领导。各县（市、区）要于2026年6月30日前完成3.5万公里改造任务。（责任单位：市交通运输局、市财政局）",
    "二、落实资金保障。市财政局牵头，市发展改革委配合，每年安排不少于1200万元。",
    "联系电话：010-12345678，截止9:30前，文号市政发〔2026〕12号。",
)
ROWS = (
    ("序号", "工作任务", "牵头单位", "完成时限"),
    ("1", "改建农村公路120公里", "市交通运输局", "2026年11月底"),
    ("2", "新增就业3.2万人以上", "市人力社保局", "2026年12月底"),
)


def silent(_done: int, _total: int) -> None:
    return None


def lines() -> list[str]:
    return [line for paragraph in PARAGRAPHS for line in wrap(paragraph)]


def read(data: bytes) -> Paper:
    return read_scan(data, limits=LIMITS, told=silent)


def page_of(rows: list[str]) -> Image.Image:
    """The upper part of a page: there is nothing to find below."""
    return draw_page(rows).crop((0, 0, SIDES[0], TOP + (len(rows) + 2) * LEADING))


def packed(paper: Paper) -> str:
    return "".join(paper.text.split())


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def refused(data: bytes, *, limits: Limits = LIMITS) -> str:
    with pytest.raises(UnreadablePaper) as caught:
        read_scan(data, limits=limits, told=silent)
    return caught.value.code


@pytest.mark.parametrize("wear", [MEDIUM, HEAVY], ids=["medium", "heavy"])
def test_worn_page_gives_its_words_back(wear: Wear) -> None:
    paper = read(worn(draw_page(lines()), wear, seed=5))
    assert packed(paper) == "".join(PARAGRAPHS)
    assert paper.kind == "scan"
    assert paper.notes == ("ocr",)
    assert [(s.number, round(s.width), round(s.height)) for s in paper.sheets] == [(1, 595, 842)]


def test_every_word_says_how_sure_its_recognition_is() -> None:
    paper = read(as_jpeg(page_of(lines())))
    assert all(run.confidence is not None and 0 < run.confidence <= 1 for p in paper.paragraphs for run in p.runs)
    assert sum(end - start for start, end in paper.recognised) == len(paper.text) - len(paper.paragraphs) + 1


def test_seal_over_words_leaves_the_words_and_adds_none() -> None:
    page = page_of(lines())
    stamp(page, middle=(700, 420))
    assert packed(read(as_jpeg(page, quality=50))) == "".join(PARAGRAPHS)


def test_red_heading_is_no_seal() -> None:
    page = draw_page(["", "", *lines()])
    red = Image.new("RGB", SIDES, "white")
    red.paste(draw_page(["", "　　某某市人民政府文件"]))
    pixels = red.load()
    assert pixels is not None
    heading = Image.merge("RGB", [Image.new("L", SIDES, 220), red.getchannel(1), red.getchannel(2)])
    page.paste(heading.crop((0, 340, SIDES[0], 440)), (0, 340))
    assert "某某市人民政府文件" in packed(read(as_jpeg(page)))


def test_ruled_table_becomes_rows_and_cells() -> None:
    paper = read(worn(draw_table(ROWS, widths=[110, 520, 340, 320]), MEDIUM))
    assert [tuple(p.text.split("\t")) for p in paper.paragraphs if p.source.startswith("t1")] == list(ROWS)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_page_scanned_sideways_is_read_upright_and_placed_as_it_came(degrees: int) -> None:
    page = page_of(lines()).rotate(degrees, expand=True)
    paper = read(as_jpeg(page))
    assert packed(paper) == "".join(PARAGRAPHS)
    assert (paper.sheets[0].width < paper.sheets[0].height) == (degrees != 180)
    assert_on_ink(paper, page)


def test_places_point_at_the_ink_of_a_tilted_page() -> None:
    page = page_of(lines()).rotate(3, Image.Resampling.BICUBIC, fillcolor="white")
    assert_on_ink(read(as_jpeg(page)), page)


def assert_on_ink(paper: Paper, page: Image.Image) -> None:
    """Each run covers ink of the picture, and all runs together nearly all of it."""
    grey, outside = page.convert("L"), page.convert("L")
    for run in (run for p in paper.paragraphs for run in p.runs):
        across, down = page.width / 10_000, page.height / 10_000
        box = (min(run.edges) * across, run.top * down, max(run.edges) * across, run.bottom * down)
        whole = tuple(round(edge) for edge in box)
        assert grey.crop(whole).getextrema()[0] < 100
        outside.paste(255, whole)
    ink, left = (sum(picture.histogram()[:128]) for picture in (grey, outside))
    assert left < ink * 0.1


def test_pages_of_a_tiff_are_read_in_order_and_told_of() -> None:
    pages = [page_of(["　　第一页的任务"]).convert("1"), page_of(["　　第二页的任务"])]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", dpi=(200, 200))
    told: list[tuple[int, int]] = []
    paper = read_scan(data, limits=LIMITS, told=lambda done, of: told.append((done, of)))
    assert packed(paper) == "第一页的任务第二页的任务"
    assert told == [(1, 2), (2, 2)]
    assert [s.number for s in paper.sheets] == [1, 2]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_mode_of_picture_is_read(mode: str) -> None:
    page = page_of(["　　落实责任单位"])
    if mode == "I;16":
        wide = page.convert("L").convert("I").point(lambda value: value * 250)
        data = saved(wide.convert("I;16"), "PNG")
    else:
        data = saved(page.convert(mode), "TIFF" if mode == "CMYK" else "PNG")
    assert packed(read(data)) == "落实责任单位"


def test_clear_paper_counts_as_white() -> None:
    words = page_of(["　　落实责任单位"]).convert("L").point(lambda value: 255 - value)
    clear = Image.new("RGBA", words.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=words)
    assert packed(read(saved(clear, "PNG"))) == "落实责任单位"


def test_mark_of_orientation_is_followed_in_words_and_in_the_picture_shown() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a viewer turns the picture a quarter clockwise
    data = saved(draw_page(["　　落实责任单位"]).rotate(90, expand=True), "JPEG", exif=exif)
    assert packed(read(data)) == "落实责任单位"
    shown = Image.open(io.BytesIO(page_image(data, number=1)))
    assert shown.width < shown.height


def test_picture_shown_is_at_most_1600_across() -> None:
    shown = Image.open(io.BytesIO(page_image(as_jpeg(draw_page(lines())), number=1)))
    assert shown.format == "JPEG"
    assert shown.size == (1600, 2263)


def test_picture_of_two_hundred_megapixels_is_refused_unopened() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    assert refused(data) == "too_many_pixels"
    assert refused(as_jpeg(draw_page([])), limits=Limits(max_pixels=1_000_000)) == "too_many_pixels"


def test_tiff_of_too_many_pages_is_refused() -> None:
    dot = Image.new("1", (8, 8))
    data = saved(dot, "TIFF", save_all=True, append_images=[dot] * 3)
    assert refused(data, limits=Limits(max_pages=3)) == "too_many_pages"


def test_cut_off_picture_is_broken() -> None:
    whole = as_jpeg(draw_page(lines()))
    assert refused(whole[: len(whole) // 2]) == "broken"
    assert refused(saved(draw_page(lines()), "PNG")[:3000]) == "broken"


def test_other_content_under_a_picture_name_is_refused() -> None:
    assert refused(b"GIF89a" + bytes(100)) == "wrong_content"
    assert refused(b"plain words") == "wrong_content"


def test_blank_page_holds_no_text() -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(saved(Image.new("L", (400, 600), 255), "PNG"), name="blank.png")
    assert caught.value.code == "no_text"


def test_without_the_reader_of_scans_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "NEEDED", ("a_reader_that_is_not_installed",))
    assert not scan.is_available()
    assert refused(as_jpeg(draw_page(lines()))) == "needs_ocr"
    with pytest.raises(UnreadablePaper) as caught:
        recognise_page(draw_page([]), number=1, width=595, height=842)
    assert caught.value.code == "needs_ocr"


def test_reading_asks_nothing_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("the network was asked")

    sys.modules["luoshi.papers.scan.recognising"].engine._engine.cache_clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert packed(read(as_jpeg(page_of(["　　落实责任单位"])))) == "落实责任单位"


MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"BM", b"")
SMALL = [
    saved(Image.new(mode, (40, 30), "white"), kind)
    for mode, kind in (("RGB", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("1", "TIFF"), ("CMYK", "TIFF"), ("RGB", "BMP"))
]
DECLARED = {"broken", "too_many_pixels", "too_many_pages", "wrong_content"}
TINY = Limits(max_pixels=20_000, max_pages=3)


@settings(max_examples=100)
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(magic: bytes, rest: bytes) -> None:
    with declared():
        read_scan(magic + rest, limits=TINY, told=silent)


@settings(max_examples=100)
@given(whole=st.sampled_from(SMALL), seed=st.integers(0, 10**9))
def test_damaged_pictures_are_shown_or_refused(whole: bytes, seed: int) -> None:
    with declared():
        assert page_image(damaged(whole, seed), number=1, limits=TINY).startswith(b"\xff\xd8\xff")


@settings(max_examples=12)
@given(whole=st.sampled_from(SMALL), seed=st.integers(0, 10**9))
def test_damaged_pictures_are_read_or_refused(whole: bytes, seed: int) -> None:
    with declared():
        read_scan(damaged(whole, seed), limits=TINY, told=silent)


def damaged(whole: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    data = bytearray(whole[: chance.choice([len(whole), chance.randrange(8, len(whole))])])
    for _ in range(chance.randrange(6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@contextmanager
def declared() -> Iterator[None]:
    """Lets declared refusals pass and nothing else."""
    try:
        yield
    except UnreadablePaper as refusal:
        if refusal.code not in DECLARED:
            raise
