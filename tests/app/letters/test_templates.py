"""Templates that an organisation makes in Word: checked before they are used, versioned, given up again."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from luoshi.letters.actions import (
    BadMark,
    FaultyTemplate,
    NoOwnTemplate,
    UnreadableTemplate,
    draft_letter,
    issue_letter,
    revert_template,
    set_mark,
    upload_template,
    use_template,
)
from luoshi.letters.models import Template
from luoshi.letters.queries import get_form, get_template, read_kept
from luoshi.letters.rules import default_form
from luoshi.papers.facts import Limits
from luoshi.papers.word import read_word
from tests.factories.orgs import Cast

FIELDS = {"matter": "修渠", "lead": "农业农村局"}


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def own(*lines: str) -> bytes:
    """A whole template of a reminder with lines of its own."""
    document = Document()
    whole = ("{{发文机关}}提醒", "{{发文字号}}", "{{标题}}", "{{事项}}请{{牵头单位}}抓紧。", "{{成文日期}}")
    for line in (*whole, *lines):
        document.add_paragraph(line)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def upload(cast: Cast, data: bytes, kind: str = "reminder", unit: str = "QH") -> Template:
    return upload_template(cast.unit(unit), kind, data=data, file_name="提醒函.docx", by=cast["office"], now=cast.now)


def issued(cast: Cast, unit: str = "QH") -> str:
    who: dict[str, Any] = {"now": cast.now, "today": cast.today}
    letter = draft_letter("reminder", unit=cast.unit(unit), by=None, fields=FIELDS, subject=cast.unit(unit), **who)
    issue_letter(letter, by=cast["office"], **who)
    return read_word(read_kept(letter), limits=Limits()).text


def test_letters_are_set_in_the_template_of_the_unit_or_of_the_nearest_above(cast: Cast) -> None:
    upload(cast, own("——县里的格式"))
    assert "县里的格式" in issued(cast)
    assert "修渠请农业农村局抓紧。" in issued(cast, "QH-NYJ")
    assert "县里的格式" not in issued(cast, "BS")


def test_downloaded_usual_form_is_taken_back_as_it_is(cast: Cast) -> None:
    upload(cast, default_form("reminder", issuer="青禾县人民政府"))
    assert "修渠" in issued(cast)


def test_each_upload_is_a_version_and_the_usual_form_comes_back(cast: Cast) -> None:
    first, second = upload(cast, own("一")), upload(cast, own("二"))
    assert (first.number, second.number) == (1, 2)
    assert get_template(cast.unit("QH"), "reminder") == second
    use_template(first, by=cast["office"], now=cast.now)
    assert get_template(cast.unit("QH"), "reminder") == first
    revert_template(cast.unit("QH"), "reminder", by=cast["office"], now=cast.now)
    assert get_form(cast.unit("QH"), "reminder").template is None
    with pytest.raises(NoOwnTemplate):
        revert_template(cast.unit("QH"), "reminder", by=cast["office"], now=cast.now)


@pytest.mark.parametrize(
    ("line", "code", "tag"),
    [
        ("{{办结时现}}", "unknown_field", "办结时现"),
        ("{{事项", "bad_tag", ""),
        ("{{ 事项.__class__ }}", "unknown_field", "事项.__class__"),
        ("{{ 事项|length }}", "not_allowed", "filter length"),
        ("{{ cycler() }}", "not_allowed", "call"),
        ("{{ 'a' * 1000000000 }}", "not_allowed", "mul"),
        ("{% for x in range(9) %}{% endfor %}", "not_allowed", "for"),
        ("{% for x in 事项 %}{% endfor %}", "not_rows", "事项"),
        ("{% include 'a' %}", "not_allowed", "include"),
        ("{% set x = 1 %}", "not_allowed", "assign"),
    ],
)
def test_tag_that_says_more_than_a_field_is_refused_with_its_place(cast: Cast, line: str, code: str, tag: str) -> None:
    with pytest.raises(FaultyTemplate) as caught:
        upload(cast, own(line))
    fault = caught.value.faults[0]
    assert (fault.code, tag in fault.tag) == (code, True)
    assert not Template.objects.exists()


def test_template_that_leaves_out_what_each_letter_must_say_is_refused(cast: Cast) -> None:
    document = Document()
    document.add_paragraph("{{标题}}{{发文机关}}{{成文日期}}{{事项}}")
    saved = io.BytesIO()
    document.save(saved)
    with pytest.raises(FaultyTemplate) as caught:
        upload(cast, saved.getvalue())
    assert {(fault.code, fault.tag) for fault in caught.value.faults} == {
        ("required_missing", "发文字号"),
        ("required_missing", "牵头单位"),
    }


def test_column_that_a_list_does_not_have_is_refused(cast: Cast) -> None:
    form = default_form("circular", issuer="青禾县人民政府")
    changed = rezip(form, {"word/document.xml": (b"\xe8\xa1\x8c.\xe4\xba\x8b\xe4\xbe\x8b", "行.故事".encode())})
    with pytest.raises(FaultyTemplate) as caught:
        upload(cast, changed, "circular")
    assert [(fault.code, fault.tag) for fault in caught.value.faults] == [("unknown_column", "行.故事")]


def rezip(data: bytes, changes: dict[str, tuple[bytes, bytes]], extra: dict[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(*changes[name]) if name in changes else part)
        for name, part in (extra or {}).items():
            target.writestr(name, part)
    return made.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "b">]>'
OUTSIDE = (
    b'<Relationship Id="r99" TargetMode="External" Target="http://example.invalid/a.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"PK\x03\x04 broken",
        rezip(own(), {}, {"word/vbaProject.bin": b"x"}),
        rezip(own(), {"word/document.xml": (b"<w:document", ENTITIES + b"<w:document")}),
        rezip(own(), {"word/_rels/document.xml.rels": (b"</Relationships>", OUTSIDE)}),
        rezip(own(), {}, {"word/media/a.png": b"0" * 40_000_000}),
    ],
    ids=["pdf", "broken", "macros", "entities", "outside", "bomb"],
)
def test_hostile_file_is_refused(cast: Cast, data: bytes) -> None:
    with pytest.raises(UnreadableTemplate):
        upload(cast, data)


def test_words_of_a_field_are_never_read_as_a_tag_or_markup(cast: Cast) -> None:
    who: dict[str, Any] = {"now": cast.now, "today": cast.today}
    fields = {"matter": "{{ 7*7 }}<w:p/>&amp;{% for", "lead": "甲"}
    letter = draft_letter("reminder", unit=cast.unit("QH"), by=None, fields=fields, subject=cast.unit("QH"), **who)
    issue_letter(letter, by=None, **who)
    assert "{{ 7*7 }}<w:p/>&amp;{% for" in read_word(read_kept(letter), limits=Limits()).text


def test_mark_of_a_series_is_the_unit_s_own(cast: Cast) -> None:
    set_mark(cast.unit("QH"), "reminder", mark="青政督提", by=cast["office"], now=cast.now)
    assert "青政督提〔2026〕1号" in issued(cast)
    with pytest.raises(BadMark):
        set_mark(cast.unit("QH"), "reminder", mark="青〔2026〕", by=cast["office"], now=cast.now)
