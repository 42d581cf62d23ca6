"""How PDFs are read: characters with places, rulings, turned pages, pictures, and files that are refused."""

import contextlib
import io
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from luoshi.papers.facts import Limits, Paper
from luoshi.papers.pdf import count_pages, page_image, read_pdf
from luoshi.papers.reading import read_paper
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.scan import is_available
from tests.factories.pdfs import PdfPage, write_pdf
from tests.factories.scans import draw_page, wrap

BODY = ["　　坚持目标导向和问题导向相结合，统筹推进各项改革任务落地", "见效。（责任单位：省财政厅、省教育厅）"]
HASHES = f"/O <{'a1' * 32}> /U <{'b2' * 32}>"
LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 {HASHES} /P -4 >> /ID [<{'c3' * 16}> <{'c3' * 16}>]"


def read(pages: list[PdfPage], **limits: int) -> Paper:
    return read_pdf(write_pdf(pages), limits=Limits(**limits), told=lambda _done, _all: None)


def refusal_of(data: bytes, **limits: int) -> str:
    with pytest.raises(UnreadablePaper) as refusal:
        read_pdf(data, limits=Limits(**limits), told=lambda _done, _all: None)
    return refusal.value.code


class TestWords:
    def test_lines_become_a_paragraph_that_knows_its_places(self) -> None:
        paper = read([PdfPage().lines(90, 120, BODY)])
        assert paper.kind == "pdf"
        assert (
            paper.text == "坚持目标导向和问题导向相结合，统筹推进各项改革任务落地见效。（责任单位：省财政厅、省教育厅）"
        )
        first = paper.paragraphs[0].runs[0]
        assert (first.page, first.edges[0]) == (1, round((90 + 32) / 595 * 10_000))
        assert abs(first.top - 120 / 842 * 10_000) <= 2
        assert abs(first.bottom - 136 / 842 * 10_000) <= 2

    def test_progress_is_told_page_by_page(self) -> None:
        heard: list[tuple[int, int]] = []
        read_pdf(
            write_pdf([PdfPage().lines(90, 120, BODY) for _ in range(3)]),
            limits=Limits(), told=lambda done, total: heard.append((done, total)),
        )  # fmt: skip
        assert heard == [(1, 3), (2, 3), (3, 3)]

    @pytest.mark.parametrize("filled", [False, True])
    def test_table_drawn_with_strokes_or_thin_boxes_is_read_by_rows(self, filled: bool) -> None:
        cells = [["序号", "重点任务", "责任单位"], ["1", "推进改革，（一）", "省财政厅\n省教育厅"]]
        paper = read(
            [PdfPage().words(90, 80, "任务分解表").table([90, 140, 340, 440], [120, 150, 190], cells, filled=filled)]
        )
        assert [(p.source, p.text) for p in paper.paragraphs[1:]] == [
            ("t1r1", "序号\t重点任务\t责任单位"),
            ("t1r2", "1\t推进改革，（一）\t省财政厅 省教育厅"),
        ]

    def test_rulings_inside_a_form_are_seen_where_the_form_stands(self) -> None:
        lines = "".join(f"70 {842 - y} m 320 {842 - y} l S " for y in (120, 150, 180))
        sides = "".join(f"{x} {842 - 120} m {x} {842 - 180} l S " for x in (70, 120, 320))
        page = PdfPage(form=lines + sides)
        for y, row in ((124, ["序号", "任务"]), (154, ["1", "改革"])):
            page.words(94, y, row[0], size=10).words(144, y, row[1], size=10)
        assert [p.text for p in read([page]).paragraphs] == ["序号\t任务", "1\t改革"]

    def test_text_on_a_turned_page_stands_upright(self) -> None:
        page = PdfPage(
            rotate=90, content=[f"BT /F1 16 Tf 0 1 -1 0 200 100 Tm <{'推进改革落地'.encode('utf-16-be').hex()}> Tj ET"]
        )
        paper = read([page])
        assert (paper.sheets[0].width, paper.sheets[0].height) == (842, 595)
        run = paper.paragraphs[0].runs[0]
        assert paper.text == "推进改革落地"
        assert run.edges[0] == round(100 / 842 * 10_000)
        assert abs(run.top - (200 - 0.86 * 16) / 595 * 10_000) <= 2

    def test_sideways_table_on_an_upright_page_is_turned_with_its_image(self) -> None:
        code = "推进改革落地见效".encode("utf-16-be").hex()
        data = write_pdf([PdfPage(content=[f"BT /F1 16 Tf 0 1 -1 0 200 100 Tm <{code}> Tj ET"])])
        paper = read_pdf(data, limits=Limits(), told=lambda _d, _a: None)
        assert (paper.text, paper.sheets[0].width) == ("推进改革落地见效", 842)
        image = Image.open(io.BytesIO(page_image(data, number=1, dpi=72)))
        assert image.size == (842, 595)

    def test_slanting_watermark_is_left_out(self) -> None:
        page = PdfPage().lines(90, 120, BODY)
        page.content.append(f"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 150 300 Tm <{'内部资料'.encode('utf-16-be').hex()}> Tj ET")
        assert "内部资料" not in read([page]).text

    def test_words_outside_the_page_are_left_out(self) -> None:
        assert "外" not in read([PdfPage().lines(90, 120, BODY).words(5000, 100, "页面以外")]).text


class TestPictures:
    @pytest.mark.skipif(not is_available(), reason="the reader of scans is not installed")
    def test_scanned_page_is_recognised_and_says_so(self) -> None:
        stream = io.BytesIO()
        draw_page(wrap("推进各项改革任务落地见效。（责任单位：省财政厅）")).save(stream, "PDF", resolution=200)
        paper = read_pdf(stream.getvalue(), limits=Limits(), told=lambda _d, _a: None)
        assert "推进各项改革任务落地见效" in paper.text
        assert paper.notes == ("ocr",)
        assert sum(end - start for start, end in paper.recognised) == len(paper.text)

    def test_hidden_text_over_a_picture_is_taken_as_it_is(self) -> None:
        page = PdfPage(picture=b"\x80" * 64).lines(90, 120, [*BODY, *BODY])
        page.content.insert(0, "3 Tr")
        paper = read([page])
        assert paper.text.endswith("（责任单位：省财政厅、省教育厅）")
        assert paper.recognised == ()

    def test_pages_without_words_are_counted(self) -> None:
        data = write_pdf([PdfPage().lines(90, 120, BODY), PdfPage(picture=b"\x80" * 64)])
        assert count_pages(data) == (2, 1)

    def test_image_of_a_page_is_a_png_of_its_proportions(self) -> None:
        data = write_pdf([PdfPage().lines(90, 120, BODY)])
        image = Image.open(io.BytesIO(page_image(data, number=1, dpi=110)))
        assert image.format == "PNG"
        assert abs(image.width / image.height - 595 / 842) < 0.01
        assert image.convert("L").getextrema()[0] < 128

    def test_image_of_an_enormous_page_is_bounded(self) -> None:
        data = write_pdf([PdfPage(size=(14_000, 14_000)).lines(90, 120, BODY)])
        image = Image.open(io.BytesIO(page_image(data, number=1)))
        assert image.width * image.height <= 12_100_000

    def test_image_of_a_page_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(UnreadablePaper):
            page_image(write_pdf([PdfPage().lines(90, 120, BODY)]), number=7)


class TestRefusals:
    def test_file_with_a_password_is_refused(self) -> None:
        assert refusal_of(write_pdf([PdfPage().lines(90, 120, BODY)], trailer=LOCKED)) == "encrypted"

    def test_file_that_is_no_pdf_is_refused(self) -> None:
        assert refusal_of(b"PK\x03\x04 something else") == "wrong_content"

    def test_truncated_file_is_refused_or_read(self) -> None:
        data = write_pdf([PdfPage().lines(90, 120, BODY)])
        assert refusal_of(data[: len(data) // 3]) == "broken"

    def test_more_pages_than_allowed_are_refused_before_any_is_read(self) -> None:
        heard: list[int] = []
        with pytest.raises(UnreadablePaper) as refusal:
            read_pdf(
                write_pdf([PdfPage().words(90, 90, "一") for _ in range(4)]),
                limits=Limits(max_pages=3), told=lambda done, _all: heard.append(done),
            )  # fmt: skip
        assert (refusal.value.code, heard) == ("too_many_pages", [])

    def test_ten_thousand_pages_are_refused_at_once(self) -> None:
        assert refusal_of(write_pdf([PdfPage() for _ in range(10_000)])) == "too_many_pages"

    def test_more_characters_than_allowed_are_refused(self) -> None:
        assert refusal_of(write_pdf([PdfPage().lines(90, 120, BODY)]), max_characters=20) == "too_large"

    def test_picture_of_too_many_pixels_is_refused_before_it_is_drawn(self) -> None:
        data = write_pdf([PdfPage(picture=b"\x80" * 64, pixels=15_000)])
        assert refusal_of(data) == "too_many_pixels"
        with pytest.raises(UnreadablePaper):
            page_image(data, number=1)

    def test_pdf_without_any_words_is_refused_as_empty(self) -> None:
        with pytest.raises(UnreadablePaper) as refusal:
            read_paper(write_pdf([PdfPage()]), name="空.pdf")
        assert refusal.value.code == "no_text"


def test_several_threads_may_read_at_once() -> None:
    data = write_pdf([PdfPage().lines(90, 120, BODY) for _ in range(5)])
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_pdf(data, limits=Limits(), told=lambda _d, _a: None).text))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


WHOLE = write_pdf(
    [PdfPage(picture=b"\x80" * 64).lines(90, 120, BODY).table([90, 200, 300], [300, 330], [["甲", "乙"]])]
)


def ends_well(data: bytes) -> None:
    with contextlib.suppress(UnreadablePaper):
        read_pdf(data, limits=Limits(max_pixels=200_000), told=lambda _d, _a: None)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_after_the_mark_are_read_or_refused(data: bytes) -> None:
    ends_well(b"%PDF-1.7\n" + data)


@settings(max_examples=40)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=6), st.booleans())
def test_damage_anywhere_is_read_or_refused(place: int, noise: bytes, cut: bool) -> None:
    ends_well(WHOLE[:place] + noise + (b"" if cut else WHOLE[place + len(noise) :]))
