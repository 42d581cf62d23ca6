"""Text files in their encodings, and every file that must be refused: with a code, a reason and a remedy."""

import io
import time
import zipfile

import pytest
from docx import Document

from luoshi.papers.reading import DEFAULT, Limits, UnreadablePaper, read_paper
from luoshi.papers.refusals import REASONS

WORDS = "关于做好工作的通知\n一、落实责任"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_file(words: str = "正文") -> bytes:
    document = Document()
    document.add_paragraph(words)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return data.getvalue()


def refused(data: bytes, *, name: str = "x.docx", limits: Limits = DEFAULT) -> str:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(data, name=name, limits=limits)
    assert caught.value.reason
    assert caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode(),
        b"\xef\xbb\xbf" + WORDS.encode(),
        WORDS.encode("gb18030"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.encode("utf-16"),
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        WORDS.encode("utf-16-le"),
        WORDS.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "crlf", "utf-16", "utf-16 be", "le without mark", "be without mark"],
)
def test_text_is_read_in_every_usual_encoding(data: bytes) -> None:
    paper = read_paper(data, name="通知.TXT")
    assert paper.text == WORDS
    assert [p.source for p in paper.paragraphs] == ["p1", "p2"]


def test_empty_lines_and_indents_are_dropped_but_the_line_numbers_stay() -> None:
    paper = read_paper("　　甲\n\n　\n  乙 ".encode(), name="x.txt")
    assert [(p.source, p.text) for p in paper.paragraphs] == [("p1", "甲"), ("p4", "乙")]


def test_table_row_keeps_its_empty_cells() -> None:
    assert read_paper("甲\t乙\t\n".encode(), name="x.txt").text == "甲\t乙\t"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "x.docx", "empty"),
        (b"x", "x.pdf", "wrong_content"),
        (b"x", "x", "unsupported"),
        (b"x", "x.doc", "wrong_content"),
        (b"plain words", "x.docx", "wrong_content"),
        (b"%PDF-1.7", "x.txt", "wrong_content"),
        (b"PK\x03\x04rest", "x.txt", "wrong_content"),
        (b"ab\x01\x02", "x.txt", "wrong_content"),
        (b"\x00\x00\x00\xff", "x.txt", "encoding"),
        (b"\xff\xff\xff", "x.txt", "encoding"),
        (b"\xef\xbb\xbf\xff", "x.txt", "broken"),
        (b" \n\t\n", "x.txt", "no_text"),
        (b"PK\x03\x04 not a zip", "x.docx", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "x.docx", "wrong_content"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "x.docx", "encrypted"),
    ],
)
def test_unreadable_file_is_refused_with_its_code(data: bytes, name: str, code: str) -> None:
    assert refused(data, name=name) == code


def test_old_binary_document_is_never_taken_for_text() -> None:
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, name="x.txt") == "wrong_content"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_document_is_refused(share: float) -> None:
    data = word_file("正文" * 500)
    assert refused(data[: int(len(data) * share)]) == "broken"


def test_damaged_part_is_refused() -> None:
    assert refused(package({"word/document.xml": b"<w:document><w:body>"})) == "broken"


def test_zip_that_is_no_word_document_is_refused() -> None:
    assert refused(package({"ppt/presentation.xml": b"<a/>"})) == "wrong_content"
    assert refused(package({"word/document.xml": b"<a/>"})) == "wrong_content"


def test_document_without_words_is_refused() -> None:
    assert refused(word_file("")) == "no_text"


def test_entities_are_refused_before_they_can_grow_or_fetch() -> None:
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(9))
    for declaration in (laughs, '<!ENTITY x SYSTEM "file:///etc/passwd">'):
        body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>'
        xml = f"<?xml version='1.0'?><!DOCTYPE d [{declaration}]>{body}"
        assert refused(package({"word/document.xml": xml.encode()})) == "unsafe"
        utf16 = xml.replace("?xml version='1.0'", "?xml version='1.0' encoding='utf-16'").encode("utf-16")
        assert refused(package({"word/document.xml": utf16})) == "unsafe"


def test_file_that_unpacks_too_far_is_refused_before_it_is_parsed() -> None:
    begun = time.process_time()
    assert refused(package({"word/document.xml": b" " * 30_000_000})) == "expands_too_far"
    assert time.process_time() - begun < 5


def test_understated_size_does_not_pass_the_bound() -> None:
    limits = Limits(max_part=10_000, max_ratio=10_000)
    assert refused(package({"word/document.xml": b"<a>" + b" " * 50_000 + b"</a>"}), limits=limits) == "expands_too_far"


def test_package_of_too_many_entries_is_refused() -> None:
    parts = {f"word/p{i}.xml": b"" for i in range(30)} | {"word/document.xml": b"<a/>"}
    assert refused(package(parts), limits=Limits(max_entries=20)) == "expands_too_far"


def test_password_of_a_zip_is_recognised() -> None:
    data = bytearray(word_file())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(data)) == "encrypted"


def test_sizes_are_bounded() -> None:
    assert refused(b"x" * 50, name="x.txt", limits=Limits(max_bytes=40)) == "too_large"
    assert refused("字".encode() * 50, name="x.txt", limits=Limits(max_characters=40)) == "too_large"
    assert refused(b"x\n" * 50, name="x.txt", limits=Limits(max_paragraphs=40)) == "too_large"
    assert refused(word_file("字" * 50), limits=Limits(max_characters=40)) == "too_large"


def test_every_refusal_says_what_to_do() -> None:
    assert all(reason.endswith(".") and remedy.endswith(".") for reason, remedy in REASONS.values())
