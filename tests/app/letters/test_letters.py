"""Letters: drafted, approved by another, issued and kept as issued, declared void."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.letters import actions
from luoshi.letters.actions import approve_letter, change_letter, draft_letter, issue_letter, keep_pdf, void_letter
from luoshi.letters.models import Letter, Series
from luoshi.letters.queries import FileAltered, list_letters, list_register, read_kept
from luoshi.letters.rules import KINDS, asked_of, sample_fields
from luoshi.papers.facts import Limits
from luoshi.papers.word import read_word
from tests.factories.orgs import Cast

ORDER = {
    "matter": "建成高标准农田", "requirement": "按设计施工。\n按时验收。", "lead": "县农业农村局",
    "due_date": date(2026, 12, 20),
}  # fmt: skip


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    """Files of letters in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path


def draft(cast: Cast, kind: str = "order", *, by: str | None = "office", **given: Any) -> Letter:
    given.setdefault("fields", ORDER)
    return draft_letter(
        kind, unit=cast.unit("QH"), by=cast[by] if by else None, now=cast.now, today=cast.today,
        subject=cast.unit("QH"), **given,
    )  # fmt: skip


def issue(cast: Cast, letter: Letter, **given: Any) -> Letter:
    return issue_letter(letter, by=cast["office"], now=cast.now, today=cast.today, **given)


def words(letter: Letter) -> str:
    return read_word(read_kept(letter), limits=Limits()).text


def test_issued_letter_has_a_number_a_date_and_a_fingerprint_in_the_journal(cast: Cast) -> None:
    letter = draft(cast)
    approve_letter(letter, by=cast["leader"], now=cast.now)
    issue(cast, letter)
    assert letter.full_number == "青禾县督办〔2026〕1号"
    entry = Entry.objects.get(verb="issue_letter")
    assert entry.data["docx_sha256"] == letter.docx_sha256 == hashlib.sha256(read_kept(letter)).hexdigest()
    assert entry.data["number"] == letter.full_number
    text = words(letter)
    assert "青禾县督办〔2026〕1号" in text
    assert "2026年11月23日" in text
    assert "2026年12月20日" in text
    assert "按设计施工。\n按时验收。" in text
    assert "审批人\t周文" in text


def test_what_the_ledger_does_not_hold_is_a_dash(cast: Cast) -> None:
    letter = issue(cast, draft(cast), approved_by=cast["leader"])
    assert "来源及文号：——" in words(letter)


def test_lines_that_say_nothing_are_left_out(cast: Cast) -> None:
    text = words(issue(cast, draft(cast), approved_by=cast["leader"]))
    assert "批示原文" not in text
    assert "抄送" not in text


def test_draft_has_no_number_and_takes_none(cast: Cast) -> None:
    draft(cast)
    assert not Series.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(number=1)


def test_numbers_follow_each_other_within_unit_series_and_year(cast: Cast) -> None:
    for _n in range(2):
        issue(cast, draft(cast), approved_by=cast["leader"])
    other = issue(cast, draft(cast, "reminder"))
    next_year = draft(cast)
    issue_letter(
        next_year, by=None, now=cast.now + timedelta(days=60), today=date(2027, 1, 22), approved_by=cast["leader"]
    )
    orders = Letter.objects.filter(kind="order").order_by("pk")
    assert [letter.full_number[-8:] for letter in orders] == ["〔2026〕1号", "〔2026〕2号", "〔2027〕1号"]
    assert other.number == 1


def test_letter_that_needs_approval_does_not_go_out_without_it(cast: Cast) -> None:
    letter = draft(cast)
    with pytest.raises(actions.NotApproved):
        issue(cast, letter)
    with pytest.raises(actions.DrafterMayNotApprove):
        approve_letter(letter, by=cast["office"], now=cast.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(approved_by=letter.drafted_by)


def test_letter_that_lacks_what_its_kind_must_say_is_not_approved(cast: Cast) -> None:
    letter = draft(cast, fields={"matter": "建成高标准农田"})
    with pytest.raises(actions.FieldsMissing, match="具体要求、牵头单位、办结时限"):
        approve_letter(letter, by=cast["leader"], now=cast.now)


def test_change_after_approval_asks_for_approval_again(cast: Cast) -> None:
    letter = draft(cast)
    approve_letter(letter, by=cast["leader"], now=cast.now)
    change_letter(
        letter, by=cast["officeclerk"], now=cast.now, version=letter.version, title="督办单",
        fields={**ORDER, "lead": "县水利局"},
    )  # fmt: skip
    assert letter.state == "draft"
    assert letter.approved_by is None
    entry = Entry.objects.get(verb="change_letter")
    assert entry.data["after"]["lead"] == "县水利局"


def test_second_of_two_changes_is_told(cast: Cast) -> None:
    letter = draft(cast)
    same = Letter.objects.get(pk=letter.pk)
    change_letter(letter, by=cast["office"], now=cast.now, version=1, title="甲", fields=ORDER)
    with pytest.raises(EditConflict):
        change_letter(same, by=cast["officeclerk"], now=cast.now, version=1, title="乙", fields=ORDER)


def test_issued_letter_is_never_changed_or_issued_again(cast: Cast) -> None:
    letter = issue(cast, draft(cast, "reminder"))
    with pytest.raises(actions.AlreadyIssued):
        change_letter(letter, by=cast["office"], now=cast.now, version=letter.version, title="乙", fields=ORDER)
    with pytest.raises(actions.AlreadyIssued):
        issue(cast, letter)
    with pytest.raises(actions.AlreadyIssued):
        actions.discard_letter(letter, by=cast["office"], now=cast.now)


def test_void_letter_keeps_its_number_and_says_why(cast: Cast) -> None:
    letter = issue(cast, draft(cast, "reminder"))
    with pytest.raises(actions.ReasonMissing):
        void_letter(letter, by=cast["office"], now=cast.now, reason=" ")
    void_letter(letter, by=cast["office"], now=cast.now, reason="时限有误")
    assert (letter.state, letter.number, letter.void_reason) == ("void", 1, "时限有误")
    register = list_register(cast.access("office"), unit=cast.unit("QH"), year=2026)
    assert [row.void_reason for row in register] == ["时限有误"]
    assert issue(cast, draft(cast, "reminder")).number == 2


def test_file_that_was_tampered_with_is_not_handed_out(cast: Cast) -> None:
    letter = issue(cast, draft(cast, "reminder"))
    Path(letter.docx.path).write_bytes(read_kept(letter) + b" ")
    with pytest.raises(FileAltered):
        read_kept(letter)


def test_first_pdf_stays(cast: Cast) -> None:
    letter = issue(cast, draft(cast, "reminder"))
    keep_pdf(letter, data=b"%PDF-1", by=None, now=cast.now)
    keep_pdf(letter, data=b"%PDF-2", by=None, now=cast.now)
    assert read_kept(letter, pdf=True) == b"%PDF-1"
    assert Entry.objects.filter(verb="keep_letter_pdf").count() == 1


def test_addressed_unit_sees_a_letter_only_when_it_is_issued(cast: Cast) -> None:
    letter = draft(cast, "reminder", recipients=[cast.unit("QH-NYJ")])
    assert letter.fields["to"] == "青禾县农业农村局"
    assert not list_letters(cast.access("deptclerk")).exists()
    issue(cast, letter)
    assert list_letters(cast.access("deptclerk")).get() == letter
    assert not list_letters(cast.access("otherclerk")).exists()
    assert not list_letters(cast.access("outsider")).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_issued_with_all_its_words(cast: Cast, kind: str) -> None:
    letter = draft(cast, kind, fields=sample_fields(kind))
    issue(cast, letter, approved_by=cast["leader"])
    text = words(letter)
    for field in asked_of(kind):
        if field.required and field.name != "title":
            assert (f"（{field.tag}）" in text) or "2026年6月30日" in text
    assert "{" not in text
