"""Old Word documents: read through LibreOffice where it is installed, refused with the remedy where it is not."""

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from docx import Document

from luoshi.papers.facts import Limits
from luoshi.papers.old_word import find_office, read_old_word
from luoshi.papers.reading import UnreadablePaper, read_paper
from tests.factories.books import compound

OFFICE = find_office()
RTF = r"{\rtf1\ansi\ansicpg936 \u19968?\'a1\'a2\u20030?\u32463?\par \u20108?}"


def refused(data: bytes, name: str = "x.doc") -> str:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(data, name=name)
    return caught.value.code


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LUOSHI_OFFICE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("without_office")
def test_old_word_without_libreoffice_is_refused_with_the_remedy() -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(compound({"WordDocument": b"\xec\xa5" + bytes(30)}), name="x.doc")
    assert caught.value.code == "needs_office"
    assert "LibreOffice" in caught.value.remedy
    assert ".docx" in caught.value.remedy
    assert refused(RTF.encode(), "x.rtf") == "needs_office"


@pytest.mark.usefixtures("without_office")
def test_libreoffice_is_looked_for_where_the_setting_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "office"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("LUOSHI_OFFICE", str(program))
    assert find_office() == str(program)
    monkeypatch.setenv("LUOSHI_OFFICE", str(tmp_path / "gone"))
    assert find_office() is None


def test_password_of_an_old_document_is_recognised() -> None:
    head = b"\xec\xa5" + bytes(8) + (0x0100).to_bytes(2, "little")
    assert refused(compound({"WordDocument": head + bytes(20)})) == "encrypted"


def program(folder: Path, code: str) -> str:
    path = folder / "office"
    path.write_text(f"#!{sys.executable}\n{code}")
    path.chmod(0o755)
    return str(path)


def test_office_that_hangs_is_ended_in_time(tmp_path: Path) -> None:
    office = program(tmp_path, "import time; time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(UnreadablePaper) as caught:
        read_old_word(b"{\\rtf1 x}", limits=Limits(), office=office, seconds=1)
    assert caught.value.code == "too_hard"
    assert time.monotonic() - begun < 20


def test_office_that_makes_nothing_means_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read_old_word(b"{\\rtf1 x}", limits=Limits(), office=program(tmp_path, "raise SystemExit(1)"))
    assert caught.value.code == "broken"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: the conversion itself cannot be tried")
def test_old_word_document_reads_as_the_new_one_does(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("一、抓好三农工作")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "任务", "县水利局"
    document.add_paragraph("二、组织保障")
    new = io.BytesIO()
    document.save(new)
    (tmp_path / "paper.docx").write_bytes(new.getvalue())
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "doc:MS Word 97", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    old = (tmp_path / "paper.doc").read_bytes()
    assert old.startswith(b"\xd0\xcf\x11\xe0")
    paper = read_paper(old, name="paper.doc")
    assert (paper.kind, paper.paragraphs) == ("doc", read_paper(new.getvalue(), name="x.docx").paragraphs)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: the conversion itself cannot be tried")
def test_rich_text_is_read() -> None:
    assert read_paper(RTF.encode(), name="x.rtf").text == "一、举经\n二"
