"""Whatever bytes come under whatever name: a paper, or a refusal with its code; never another exception."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from luoshi.papers.facts import Limits
from luoshi.papers.reading import UnreadablePaper, read_paper
from tests.factories.books import xls
from tests.rules.papers.test_word_whole import cell, item, note, numbering, p, r, refers, table, word
from tests.rules.papers.test_workbooks import book

QUIET = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from(["a.docx", "a.txt", "a.xlsx", "a.xls", "a.csv", "a.html", "a.mht", "a.pptx", "a"])
BEGINNINGS = st.sampled_from(
    [b"", b"PK\x03\x04", b"PK\x03\x04word/document.xml", b"PK\x03\x04xl/workbook.xml", b"\xff\xfe", b"<html>", b"<?xml",
     b"<table><tr><td rowspan=9>", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n", b"\x00a",
     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")]
)  # fmt: skip
PAGE = (
    "<!DOCTYPE html><html><head><meta charset='gbk'></head><body><div class=content><p>通知&nbsp;</p><table><tr>"
    "<td rowspan=2 colspan=3>一</td><td>二</td></tr><tr><td>三</td></tr></table><pre>甲\n乙</pre></div></body></html>"
).encode("gb18030")
WORD = word(
    item("甲", 0) + p(r("乙") + refers(2)) + table(cell(p(r("1"))) + cell(p(r("丙")), '<w:gridSpan w:val="2"/>')),
    footnotes=note(2, "注"),
    **numbering(("chineseCounting", "%1、", "")),
)
SHEET = book({"A1": "标题", "A2": (0.5, "0%"), "B2": "甲"}, merged=("A4:B5",))
OLD = xls({"a": {(0, 0): "甲", (1, 1): 2.0}})


def read(data: bytes, name: str) -> None:
    try:
        paper = read_paper(data, name=name, limits=Limits(max_characters=50_000, max_paragraphs=2000))
    except UnreadablePaper:
        return
    assert len(paper.text) < 60_000
    for offset in (0, len(paper.text) // 2, len(paper.text) - 1):
        assert paper.source_at(offset)


@QUIET
@given(BEGINNINGS, st.binary(max_size=400), NAMES)
@example(b"PK\x03\x04word/document.xml", b"PK\x05\x06" + bytes(18), "a.docx")
def test_any_bytes_give_a_paper_or_a_refusal(beginning: bytes, data: bytes, name: str) -> None:
    read(beginning + data, name)


@QUIET
@given(
    st.sampled_from([(WORD, "a.docx"), (SHEET, "a.xlsx"), (OLD, "a.xls"), (PAGE, "a.html")]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_changed_bytes_of_a_good_file_give_a_paper_or_a_refusal(
    good: tuple[bytes, str], changes: list[tuple[float, int]]
) -> None:
    data = bytearray(good[0])
    for share, value in changes:
        data[int(share * len(data))] = value
    read(bytes(data), good[1])


@QUIET
@given(
    st.sampled_from([(WORD, "a.docx"), (SHEET, "a.xlsx")]),
    st.integers(0, 20),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from("0 9 a < > / \" w: - 99999999999 ②".split())),
             min_size=1, max_size=5),
)  # fmt: skip
def test_changed_words_of_a_part_give_a_paper_or_a_refusal(
    good: tuple[bytes, str], part: int, changes: list[tuple[float, str]]
) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good[0])) as given, zipfile.ZipFile(data, "w") as packed:
        names = given.namelist()
        for name in names:
            content = given.read(name).decode()
            if name == names[part % len(names)]:
                for share, words in changes:
                    at = int(share * len(content))
                    content = content[:at] + words + content[at + 1 :]
            packed.writestr(name, content)
    read(data.getvalue(), good[1])


@QUIET
@given(st.text(alphabet="一、（）①12.％%\t,;'\"=\n\r\u3000\xa0\ufeff甲乙<>/&#*_-", max_size=300), NAMES)
def test_any_words_give_a_paper_or_a_refusal(words: str, name: str) -> None:
    read(words.encode("gb18030"), name)


@pytest.mark.parametrize(("data", "name"), [(WORD, "a.docx"), (SHEET, "a.xlsx"), (OLD, "a.xls")])
def test_file_cut_anywhere_is_refused(data: bytes, name: str) -> None:
    for share in range(1, 20):
        with pytest.raises(UnreadablePaper):
            read_paper(data[: len(data) * share // 21], name=name)


def test_zip_in_a_zip_is_not_unpacked_further() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 50_000_000)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("word/document.xml", inner.getvalue())
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(outer.getvalue(), name="a.docx")
    assert caught.value.code == "broken"
