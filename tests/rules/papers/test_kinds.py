"""A file is read as what its content is, and refused where that is clearly not what its name says."""

import io
import zipfile

import pytest

from luoshi.papers.kinds import kind_in, kind_of
from luoshi.papers.refusals import UnreadablePaper
from tests.factories.books import compound, xls


def package(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return data.getvalue()


PAGE = "<!DOCTYPE html><html><body><p>通知</p></body></html>".encode()
PDF = b"%PDF-1.7\n..."
MAIL = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "x.pdf", "pdf"),
        (PDF, "x.docx", "pdf"),
        (PDF, "x", "pdf"),
        (b"\n" * 20 + PDF, "x.pdf", "pdf"),
        (b"mailed\n" + PDF, "x.pdf", "pdf"),
        (PAGE, "x.doc", "html"),
        (PAGE, "x.xls", "html"),
        (PAGE, "x.csv", "html"),
        (b"\xef\xbb\xbf\n" + PAGE, "x.htm", "html"),
        (PAGE.decode().encode("utf-16"), "x.doc", "html"),
        ("没有标签".encode(), "x.html", "html"),
        (MAIL, "x.doc", "html"),
        (PAGE, "x.txt", "txt"),
        (package("word/document.xml"), "x.doc", "docx"),
        (package("word/document.xml"), "x.wps", "docx"),
        (package("xl/workbook.xml"), "x.xls", "xlsx"),
        (package("xl/workbook.xml", "word/document.xml"), "x.xlsx", "xlsx"),
        (package("xl/workbook.xml", "word/document.xml"), "x.docx", "docx"),
        (package("OFD.xml"), "x.docx", "ofd"),
        (compound({"WordDocument": b"x"}), "x.doc", "doc"),
        (compound({"WordDocument": b"x"}), "x.docx", "doc"),
        (xls({"a": {}}), "x.xls", "xlsx"),
        (xls({"a": {}}), "x.et", "xlsx"),
        (compound({"WordDocument": b"x", "Workbook": b"x"}), "x.xls", "xlsx"),
        (b"{\\rtf1 x}", "x.doc", "doc"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "x.doc", "doc"),
        (b"\x89PNG\r\n\x1a\n", "x.jpg", "scan"),
        (b"\xff\xd8\xff\xe0", "x.pdf", "scan"),
        (b"BM\x00\x00", "x.bmp", "scan"),
        (b"a\tb\nc\td\n", "x.xls", "csv"),
        ("# 通知".encode(), "x.md", "txt"),
    ],
)
def test_file_is_taken_for_what_its_content_is(data: bytes, name: str, kind: str) -> None:
    assert kind_in(data, name=name) == kind


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (PDF, "x.txt", "wrong_content"),
        (xls({"a": {}}), "x.csv", "wrong_content"),
        (PAGE, "x.pdf", "wrong_content"),
        (PAGE, "x.png", "wrong_content"),
        (b"words", "x.pdf", "wrong_content"),
        (b"words", "x.png", "wrong_content"),
        (b"words", "x.xls", "wrong_content"),
        (b"MZ\x90\x00", "x.docx", "wrong_content"),
        (b"Rar!\x1a\x07", "x.doc", "wrong_content"),
        (b"Rar!\x1a\x07", "x.rar", "unsupported"),
        (package("ppt/presentation.xml"), "x.pptx", "unsupported"),
        (package("a.txt"), "x.zip", "unsupported"),
        (compound({"PowerPoint Document": b"x"}), "x.ppt", "unsupported"),
        (compound({"EncryptedPackage": b"x"}), "x.docx", "encrypted"),
        (compound({"EncryptedPackage": b"x"}), "x.xlsx", "encrypted"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "x.xls", "wrong_content"),
    ],
)
def test_file_that_is_clearly_something_else_is_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(UnreadablePaper) as caught:
        kind_in(data, name=name)
    assert caught.value.code == code


def test_name_promises_a_kind_by_its_ending_alone() -> None:
    assert [kind_of(name) for name in ("甲.DOCX", "乙.wps", "丙.tiff", "丁.xlsm", "戊", "己.exe")] == [
        "docx",
        "doc",
        "scan",
        "xlsx",
        "",
        "",
    ]
