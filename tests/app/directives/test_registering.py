"""A paper comes in and is read into clauses and proposals."""

import io
import zipfile
from datetime import date
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from luoshi.core.models import Entry
from luoshi.directives.actions import AlreadyRegistered, PaperUnreadable, Source, register_directive, reread_directive
from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.orgs.models import UnitName
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import NOW, TODAY, Cast


def test_clauses_cover_the_whole_text_and_keep_their_tree(cast: Cast) -> None:
    directive = make_directive(cast)
    clauses = list(directive.clauses.order_by("position"))
    assert clauses[0].start == 0
    assert clauses[-1].end == len(directive.text)
    assert all(a.end == b.start for a, b in pairwise(clauses))
    heading = next(c for c in clauses if c.outline == "一")
    assert {c.parent_id for c in clauses if c.outline.startswith("一/")} == {heading.pk}


def test_header_is_read_off_the_paper(cast: Cast) -> None:
    directive = make_directive(cast)
    assert (directive.number, directive.issued_date) == ("青政发〔2026〕3号", date(2026, 2, 27))
    assert directive.title.startswith("青禾县人民政府关于印发")


def test_units_are_matched_with_elided_prefix_and_selector_is_kept(cast: Cast) -> None:
    directive = make_directive(cast)
    units = {u["name"]: u for u in directive.proposals.order_by("position")[0].units}
    assert units["县农业农村局"]["unit"] == cast.unit("QH-NYJ").pk
    assert units["财政局"]["unit"] == cast.unit("QH-CZJ").pk
    assert (units["各乡镇（街道）"]["unit"], units["各乡镇（街道）"]["selector"]) == (None, "level=township")


def test_sole_responsible_unit_leads(cast: Cast) -> None:
    proposal = make_directive(cast).proposals.order_by("position")[1]
    assert [(u["name"], u["role"]) for u in proposal.units] == [("县水利局", "lead")]


def test_unknown_name_waits_for_a_person(cast: Cast) -> None:
    proposal = make_directive(cast).proposals.order_by("position")[2]
    lead = next(u for u in proposal.units if u["role"] == "lead")
    assert (lead["name"], lead["unit"], lead["selector"]) == ("县低空经济专班", None, "")


def test_open_ended_duty_has_a_review_date_and_is_never_due(cast: Cast) -> None:
    proposal = make_directive(cast).proposals.order_by("position")[2]
    assert (proposal.is_open_ended, proposal.due_date, proposal.review_date) == (True, None, date(2026, 12, 31))


def test_requirement_holds_the_words_without_the_duty_note(cast: Cast) -> None:
    proposal = make_directive(cast).proposals.order_by("position")[0]
    assert "负责" not in proposal.requirement
    assert proposal.requirement.startswith("稳定粮食生产。")
    assert "42.6万亩" in proposal.standard


def test_registering_writes_one_journal_entry(cast: Cast) -> None:
    before = Entry.objects.count()
    directive = make_directive(cast)
    entry = Entry.objects.get(verb="register_directive")
    assert Entry.objects.count() == before + 1
    assert (entry.subject_id, entry.data["proposals"]) == (str(directive.pk), 4)


def test_same_file_twice_is_refused_with_the_first_one_named(cast: Cast) -> None:
    first = make_directive(cast)
    with pytest.raises(AlreadyRegistered) as refusal:
        make_directive(cast)
    assert refusal.value.directive.pk == first.pk
    assert make_directive(cast, again=True).pk != first.pk


def test_rereading_uses_names_learned_since(cast: Cast) -> None:
    directive = make_directive(cast)
    UnitName.objects.create(
        unit=cast.unit("QH-SLJ"), name="县低空经济专班", kind=UnitName.ALIAS, valid_from=date(2026, 1, 1)
    )
    reread_directive(directive, by=cast["office"], now=NOW, today=TODAY)
    lead = next(u for u in directive.proposals.order_by("position")[2].units if u["role"] == "lead")
    assert lead["unit"] == cast.unit("QH-SLJ").pk


def _bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 60_000_000)
    return data.getvalue()


HOSTILE = {
    "bomb.docx": _bomb(),
    "empty.docx": b"",
    "program.docx": b"MZ\x90\x00" + b"\x00" * 500,
    "program.exe": b"MZ\x90\x00",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "torn.docx": b"PK\x03\x04" + b"\x00" * 40,
    "nul.txt": b"\x00\x01\x02",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_upload_is_refused_and_nothing_is_stored(name: str, cast: Cast) -> None:
    with pytest.raises(PaperUnreadable) as refusal:
        register_directive(Source(HOSTILE[name], name), unit=cast.unit("QH"), by=cast["office"], now=NOW, today=TODAY)
    assert str(refusal.value.sentence)
    assert not Directive.objects.exists()
    assert not Entry.objects.filter(verb="register_directive").exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_upload_gets_a_page_that_says_what_to_do(name: str, cast: Cast, signed_in) -> None:
    client: Client = signed_in("office")
    file = SimpleUploadedFile(name, HOSTILE[name])
    page = client.post("/directives/new/", {"file": file, "unit": cast.unit("QH").pk, "received_date": "2026-11-23"})
    assert page.status_code == 422
    assert "error" in page.content.decode()
    assert not Directive.objects.exists()


@override_settings(UPLOAD_MAX_MB=0)
def test_too_large_a_file_is_refused_before_it_is_read(cast: Cast, signed_in) -> None:
    file = SimpleUploadedFile("a.txt", PAPER.encode())
    page = signed_in("office").post(
        "/directives/new/", {"file": file, "unit": cast.unit("QH").pk, "received_date": "2026-11-23"}
    )
    assert page.status_code == 422
    assert not Directive.objects.exists()


def test_failed_registration_leaves_no_file(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("luoshi.directives.actions.intake.record_entry", _fail)
    with pytest.raises(RuntimeError):
        register_directive(
            Source(PAPER.encode(), "a.txt"), unit=cast.unit("QH"), by=cast["office"], now=NOW, today=TODAY
        )
    assert not Directive.objects.exists()
    assert [f for f in tmp_path.rglob("*") if f.is_file()] == []


def _fail(*args: object, **kwargs: object) -> None:
    raise RuntimeError("the journal is out of reach")


def test_uploaded_paper_opens_in_review_and_its_original_comes_back_unchanged(
    cast: Cast, signed_in, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client: Client = signed_in("office")
    file = SimpleUploadedFile("分工方案.txt", PAPER.encode("gb18030"))
    page = client.post("/directives/new/", {"file": file, "unit": cast.unit("QH").pk, "received_date": "2026-11-23"})
    directive = Directive.objects.get()
    assert page["Location"] == f"/directives/{directive.pk}/"
    original = client.get(f"/directives/{directive.pk}/original/")
    assert b"".join(original) == PAPER.encode("gb18030")
    assert "attachment" in original["Content-Disposition"]


def test_pasted_text_is_read_like_a_file(cast: Cast, signed_in) -> None:
    data = {"text": PAPER.replace("\n", "\r\n"), "unit": cast.unit("QH").pk, "received_date": "2026-11-23"}
    assert signed_in("office").post("/directives/new/", data).status_code == 302
    assert Proposal.objects.count() == 4
    assert not Directive.objects.get().file


def test_observer_and_outsider_register_nothing_for_the_county(cast: Cast, signed_in) -> None:
    data = {"text": PAPER, "unit": cast.unit("QH").pk, "received_date": "2026-11-23"}
    assert signed_in("observer").post("/directives/new/", data).status_code == 403
    assert signed_in("outsider").post("/directives/new/", data).status_code == 422
    assert signed_in("admin").post("/directives/new/", data).status_code == 403
    assert not Clause.objects.exists()
