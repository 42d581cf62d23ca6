"""Writing letters: drafted, changed, approved by another, issued with the next number, declared void."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import hold_journal, record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.letters.models import KIND_LABELS, LONGEST_TITLE, Letter, Series
from luoshi.letters.queries import get_form, get_mark, plan_letter, render_letter
from luoshi.letters.rules import KINDS, LetterState, clean_fields, fields_missing, number_of
from luoshi.orgs.models import Person, Unit
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.writing import put_number


class UnitClosed(Refusal):
    """A unit that no longer is writes no letters."""

    sentence = gettext_lazy("This unit is closed. Write in the name of the unit that took over from it.")


class FieldsMissing(Refusal):
    """A letter lacks what its kind must say."""

    status = 422

    def __init__(self, tags: Iterable[str]) -> None:
        words = _("Fill in first: %(fields)s.")
        super().__init__(words % {"fields": "、".join(tags)})


class DrafterMayNotApprove(Refusal):
    """Whoever wrote a letter does not approve it."""

    status = 403
    sentence = gettext_lazy("You drafted this letter. Another leader, head or office approves it.")


class NotApproved(Refusal):
    """A letter of this kind goes out only after approval."""

    sentence = gettext_lazy(
        "This letter is not approved yet. Ask a leader, the head or the office to approve it first."
    )


class AlreadyIssued(Refusal):
    """An issued letter stays as it was issued."""

    sentence = gettext_lazy(
        "This letter is issued and stays as it is. If it is wrong, declare it void and write another."
    )


class ReasonMissing(Refusal):
    """A letter is not declared void without a reason."""

    status = 422
    sentence = gettext_lazy("Write why the letter is void: the register shows it beside the number.")


class TemplateBroken(Refusal):
    """The template in use cannot be filled any more."""

    sentence = gettext_lazy("The template in use cannot be filled. Upload it again, or go back to the usual form.")


def draft_letter(
    kind: str, *, unit: Unit, by: Person | None, now: datetime, today: date, fields: Mapping[str, Any],
    subject: models.Model, title: str = "", recipients: Iterable[Unit] = (), approved_by: Person | None = None,
) -> Letter:  # fmt: skip
    """Begin a letter with what the ledger knows; `by` is None for one that a rule begins.

    `recipients` see the letter once it is issued. `approved_by` is who approved it with what it belongs to, as in a
    step of a chase, and leaves its words to the office. Raises UnitClosed.
    """
    if unit.valid_to and unit.valid_to < today:
        raise UnitClosed
    addressed = list(recipients)
    letter = plan_letter(kind, unit=unit, fields=fields, title=title, recipients=addressed)
    letter.drafted_by, letter.drafted_at = by, now
    letter.subject_type, letter.subject_id = subject._meta.model_name or "", str(subject.pk)
    letter.needs_approval = KINDS[kind].approves and approved_by is None
    letter.approved_by, letter.approved_at = approved_by, now if approved_by else None
    with transaction.atomic():
        letter.save(force_insert=True)
        letter.recipients.set(addressed)
        _record("draft_letter", letter, by=by, now=now, kind=kind, about=[letter.subject_type, letter.subject_id])
    return letter


def change_letter(
    letter: Letter, *, by: Person, now: datetime, version: int, title: str, fields: Mapping[str, Any]
) -> None:
    """Change a letter that is not issued; one that was approved as it stood needs approval again.

    Raises AlreadyIssued, EditConflict when somebody else changed it meanwhile.
    """
    kept = {**clean_fields(letter.kind, fields), "title": title.strip()[:LONGEST_TITLE]}
    before = {
        name: letter.fields.get(name) for name in {*letter.fields, *kept} if letter.fields.get(name) != kept.get(name)
    }
    with transaction.atomic():
        _move(
            letter, "draft", "approved", version=version, state=LetterState.DRAFT.value, title=kept["title"],
            fields=kept, **({"approved_by": None, "approved_at": None} if letter.state == LetterState.APPROVED else {}),
        )  # fmt: skip
        after = {name: kept.get(name) for name in before}
        _record("change_letter", letter, by=by, now=now, before=before, after=after)


def approve_letter(letter: Letter, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Approve a draft as it stands. Raises DrafterMayNotApprove, FieldsMissing, AlreadyIssued, EditConflict."""
    _check_whole(letter)
    if letter.drafted_by_id == by.pk:
        raise DrafterMayNotApprove
    with transaction.atomic():
        _approve(letter, by=by, now=now, version=version)
        _record("approve_letter", letter, by=by, now=now)


def _approve(letter: Letter, *, by: Person, now: datetime, version: int | None) -> None:
    state = LetterState.APPROVED.value
    _move(letter, "draft", version=version, state=state, approved_by=by, approved_at=now)


def _check_whole(letter: Letter) -> None:
    missing = fields_missing(letter.kind, {**letter.fields, "title": letter.title})
    if missing:
        raise FieldsMissing(field.tag for field in missing)


def issue_letter(
    letter: Letter, *, by: Person | None, now: datetime, today: date, approved_by: Person | None = None
) -> Letter:
    """Give the letter the next number of its series and keep the file as issued; its fingerprint is in the journal.

    `approved_by` is who approved it elsewhere, as in a step of a chase. Numbers have no gaps: they are given in the
    transaction that keeps the file. Raises NotApproved, FieldsMissing, AlreadyIssued, TemplateBroken.
    """
    _check_issue(letter, approved_by=approved_by)
    form, mark = get_form(letter.unit, letter.kind), get_mark(letter.unit, letter.kind)
    approver = approved_by or letter.approved_by
    try:
        unnumbered = render_letter(letter, form=form, mark=mark, day=today, signer=str(approver or ""))
    except UnreadablePaper:
        raise TemplateBroken from None
    with transaction.atomic():
        hold_journal()  # before the series, as every act that also writes an entry first
        if approved_by is not None and letter.state == LetterState.DRAFT:
            _approve(letter, by=approved_by, now=now, version=letter.version)
        number = _next_number(letter.unit, mark, today.year)
        words = number_of(mark, year=today.year, number=number)
        data = put_number(unnumbered, number=words.removeprefix(mark))
        digest = hashlib.sha256(data).hexdigest()
        name = _keep(letter.docx, f"{letter.unit_id}-{words}.docx", data)
        _move(
            letter, "draft", "approved", version=letter.version, state=LetterState.ISSUED.value, mark=mark,
            year=today.year, number=number, docx=name, docx_sha256=digest, template=form.template, issued_by=by,
            issued_at=now, issued_date=today,
        )  # fmt: skip
        _record("issue_letter", letter, by=by, now=now, number=words, docx_sha256=digest)
    return letter


def _check_issue(letter: Letter, *, approved_by: Person | None) -> None:
    if letter.state not in (LetterState.DRAFT, LetterState.APPROVED):
        raise AlreadyIssued
    if approved_by is not None and approved_by.pk == letter.drafted_by_id:
        raise DrafterMayNotApprove
    if letter.needs_approval and letter.state == LetterState.DRAFT and approved_by is None:
        raise NotApproved
    _check_whole(letter)


def _next_number(unit: Unit, mark: str, year: int) -> int:
    """The next number of the series, its row held until the transaction ends."""
    Series.objects.bulk_create([Series(unit=unit, mark=mark, year=year)], ignore_conflicts=True)
    series = Series.objects.select_for_update(no_key=True).get(unit=unit, mark=mark, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def _keep(field: Any, name: str, data: bytes) -> str:
    """Write a file to the store; if the transaction fails, an unnamed file is left that nothing points to."""
    stored: str = field.storage.save(field.field.generate_filename(None, name), ContentFile(data))
    return stored


def keep_pdf(letter: Letter, *, data: bytes, by: Person | None, now: datetime) -> None:
    """Keep the PDF of an issued letter beside its Word file, its fingerprint in the journal; the first stays."""
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        name = _keep(letter.pdf, f"{letter.unit_id}-{letter.full_number}.pdf", data)
        kept = Letter.objects.filter(pk=letter.pk, pdf_sha256="", state__in=["issued", "void"])
        if not kept.update(pdf=name, pdf_sha256=digest):
            letter.pdf.storage.delete(name)
        else:
            _record("keep_letter_pdf", letter, by=by, now=now, pdf_sha256=digest)
        letter.refresh_from_db(fields=["pdf", "pdf_sha256"])


def void_letter(letter: Letter, *, by: Person, now: datetime, reason: str) -> None:
    """Declare an issued letter void; number and file stay, and the register says why. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        state = LetterState.VOID.value
        _move(letter, "issued", state=state, voided_by=by, voided_at=now, void_reason=reason.strip())
        _record("void_letter", letter, by=by, now=now, reason=letter.void_reason[:500])


def discard_letter(letter: Letter, *, by: Person, now: datetime) -> None:
    """Throw away a letter that has no number. Raises AlreadyIssued."""
    with transaction.atomic():
        if letter.state not in (LetterState.DRAFT, LetterState.APPROVED):
            raise AlreadyIssued
        _record("discard_letter", letter, by=by, now=now)
        if not Letter.objects.filter(pk=letter.pk, number__isnull=True, version=letter.version).delete()[0]:
            raise EditConflict


def _move(letter: Letter, *states: str, version: int | None = None, **changes: Any) -> None:
    """Change a letter that stands as it was read. Raises AlreadyIssued, EditConflict."""
    read = letter.version if version is None else version
    row = Letter.objects.filter(pk=letter.pk, state__in=states, version=read)
    if not row.update(**changes, version=read + 1):
        now_state = Letter.objects.filter(pk=letter.pk).values_list("state", flat=True).first()
        raise AlreadyIssued if now_state in ("issued", "void") and "issued" not in states else EditConflict
    letter.refresh_from_db(fields=[*changes, "version"])


def _record(verb: str, letter: Letter, *, by: Person | None, now: datetime, **notes: Any) -> None:
    kind = KIND_LABELS[letter.kind]
    label = letter.full_number or letter.title
    record_entry(
        verb, by=by, now=now, subject=letter, label=f"{kind} {label}", unit_path=letter.unit.path or "", **notes
    )
