"""A paper comes in, is read into proposals, and leaves review: confirmed, or withdrawn."""

from contextlib import suppress
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict
from luoshi.directives.actions.arriving import PASTED, Source, end_intake, start_intake
from luoshi.directives.actions.reading import read_at_once, read_file
from luoshi.directives.actions.refusals import (
    AlreadyDecided,
    AlreadyRegistered,
    NotAllDecided,
    TooManyClauses,
)
from luoshi.directives.actions.steps import lock_review
from luoshi.directives.actions.storing import (
    Reader,
    places_of,
    reader_for,
    store_pages,
    store_reading,
    table_rows_of,
)
from luoshi.directives.models import Clause, Directive, Goal, Intake, Proposal
from luoshi.directives.queries import find_same_file, get_columns, get_unit_index, list_doubtful
from luoshi.directives.rules import Reading, Span, read_directive
from luoshi.orgs.models import Person, Unit
from luoshi.papers.facts import Paper

MAX_CLAUSES = 5000


def register_directive(
    source: Source, *, unit: Unit, by: Person, now: datetime, today: date, received_date: date | None = None,
    again: bool = False, is_internal: bool = False, supersedes: Directive | None = None, paper: Paper | None = None,
    intake: Intake | None = None,
) -> Directive:  # fmt: skip
    """Read a paper, match its units to the tree and keep everything for review, in one transaction.

    `paper` is the source as read already; `intake` is what brought it, ended here. Raises PaperUnreadable,
    TooManyClauses, IntakeEnded; AlreadyRegistered for the very same bytes unless `again`.
    """
    same = None if again else find_same_file(unit, sha256=source.sha256)
    if same:
        raise AlreadyRegistered(same)
    received = received_date or today
    paper = paper or read_file(source.data, name=source.name)
    reading = read_directive(
        paper.text, received_date=received, doubtful=[Span(*r) for r in paper.recognised], columns=get_columns(unit)
    )
    if len(reading.clauses) > MAX_CLAUSES:
        raise TooManyClauses
    reader = reader_for(
        reading, index=get_unit_index(unit, today=today), scope_path=unit.path or "",
        day=reading.header.issued_date or received,
    )  # fmt: skip
    directive = _directive(source, reading, unit=unit, by=by, now=now, received=received)
    directive.is_internal, directive.supersedes = is_internal, supersedes
    if source.name != PASTED:
        directive.paper_kind, directive.sources = paper.kind, places_of(paper)
        directive.paper_notes = list(paper.notes)
    try:
        return _store(directive, source, reader, paper, intake=intake, by=by, now=now)
    except BaseException:
        _remove_file(directive)
        raise


def take_in(
    source: Source, *, unit: Unit, by: Person, now: datetime, today: date, received_date: date, again: bool = False,
    is_internal: bool = False, supersedes: Directive | None = None,
) -> Directive | Intake:  # fmt: skip
    """Register a paper that is read while its sender waits, or keep one that takes longer for a job to read.

    Raises PaperUnreadable, TooManyClauses; AlreadyRegistered for the very same bytes unless `again`.
    """
    same = None if again else find_same_file(unit, sha256=source.sha256)
    if same:
        raise AlreadyRegistered(same)
    paper = read_at_once(source.data, name=source.name)
    if paper is None:
        return start_intake(
            source, unit=unit, by=by, now=now, received_date=received_date, is_internal=is_internal,
            supersedes=supersedes,
        )  # fmt: skip
    return register_directive(
        source, unit=unit, by=by, now=now, today=today, received_date=received_date, again=again,
        is_internal=is_internal, supersedes=supersedes, paper=paper,
    )  # fmt: skip


def _directive(source: Source, reading: Reading, *, unit: Unit, by: Person, now: datetime, received: date) -> Directive:
    header = reading.header
    first_line = next((line.strip() for line in reading.text.split("\n") if line.strip()), "")
    name = "" if source.name == PASTED else PurePath(source.name).name[-200:]
    return Directive(
        unit=unit, title=(header.title or first_line or name)[:300], number=header.number[:80],
        issuer=header.issuer[:160], kind=header.kind, issued_date=header.issued_date, received_date=received,
        text=reading.text, tables=table_rows_of(reading), file_name=name, sha256=source.sha256, created_by=by,
        created_at=now,
    )  # fmt: skip


def _store(
    directive: Directive, source: Source, reader: Reader, paper: Paper, *, intake: Intake | None, by: Person,
    now: datetime,
) -> Directive:  # fmt: skip
    with transaction.atomic():
        directive.save()
        clauses, proposals = store_reading(directive, reader)
        store_pages(directive, paper)
        if source.name != PASTED:
            suffix = PurePath(source.name).suffix.lower()[:8]
            directive.file.save(f"{directive.pk}-{source.sha256[:16]}{suffix}", ContentFile(source.data))
        if intake:
            end_intake(intake, directive, now=now)
        record_entry(
            "register_directive", by=by, now=now, subject=directive, unit_path=directive.unit.path or "",
            after={"title": directive.title, "number": directive.number, "sha256": source.sha256},
            clauses=clauses, proposals=proposals,
        )  # fmt: skip
    return directive


def _remove_file(directive: Directive) -> None:
    if directive.file:
        with suppress(OSError):
            directive.file.storage.delete(directive.file.name or "")


def edit_directive(directive: Directive, *, version: int, by: Person, now: datetime, **fields: Any) -> None:
    """Correct what was read off the head of the paper (title, number, issuer, dates) or mark it internal.

    Raises EditConflict.
    """
    with transaction.atomic():
        locked = lock_review(directive.pk)
        changed = {name: value for name, value in fields.items() if getattr(locked, name) != value}
        before = {name: getattr(locked, name) for name in changed}
        if not Directive.objects.filter(pk=directive.pk, version=version).update(**changed, version=F("version") + 1):
            raise EditConflict
        record_entry(
            "edit_directive", by=by, now=now, subject=locked, unit_path=locked.unit.path or "",
            before=before, after=changed,
        )  # fmt: skip


def reread_directive(directive: Directive, *, by: Person, now: datetime, today: date) -> int:
    """Read the kept text again, with the units and names known now; how many proposals.

    Raises AlreadyDecided once something is decided, corrected or added, so that no work of a person is lost.
    """
    reading = read_directive(
        directive.text, received_date=directive.received_date, doubtful=[Span(*r) for r in list_doubtful(directive)],
        columns=get_columns(directive.unit),
    )  # fmt: skip
    index = get_unit_index(directive.unit, today=today)
    day = directive.issued_date or directive.received_date
    reader = reader_for(reading, index=index, scope_path=directive.unit.path or "", day=day)
    with transaction.atomic():
        locked = lock_review(directive.pk)
        if _is_decided(locked):
            raise AlreadyDecided
        Proposal.objects.filter(directive=locked).delete()
        Goal.objects.filter(directive=locked).delete()
        Clause.objects.filter(directive=locked, parent__isnull=False).update(parent=None)
        Clause.objects.filter(directive=locked).delete()
        clauses, proposals = store_reading(locked, reader)
        rows = Directive.objects.filter(pk=locked.pk)
        rows.update(tables=table_rows_of(reading), version=F("version") + 1)
        record_entry(
            "reread_directive", by=by, now=now, subject=locked, unit_path=locked.unit.path or "",
            clauses=clauses, proposals=proposals,
        )  # fmt: skip
    return proposals


def _is_decided(directive: Directive) -> bool:
    """Has a person decided about, corrected or added anything that reading again would lose?"""
    proposals = Proposal.objects.filter(directive=directive)
    return (
        proposals.exclude(state="proposed", version=1).exists()
        or proposals.filter(origin="person").exists()
        or Goal.objects.filter(directive=directive).exclude(state="proposed", version=1).exists()
        or Clause.objects.filter(directive=directive, is_information=True).exists()
    )


def withdraw_directive(directive: Directive, *, reason: str, version: int, by: Person, now: datetime) -> None:
    """Take a directive out of review; it stays in the record and makes no tasks. Raises EditConflict, ReviewClosed."""
    with transaction.atomic():
        locked = lock_review(directive.pk)
        rows = Directive.objects.filter(pk=directive.pk, version=version)
        if not rows.update(state="withdrawn", version=F("version") + 1):
            raise EditConflict
        record_entry(
            "withdraw_directive", by=by, now=now, subject=locked, unit_path=locked.unit.path or "",
            before={"state": "review"}, after={"state": "withdrawn"}, reason=reason,
        )  # fmt: skip


def mark_confirmed(directive: Directive, *, by: Person, now: datetime) -> None:  # noqa: ARG001 - an action's signature
    """Review is over; the caller opens the tasks and writes the journal entry, in the same transaction.

    Raises ReviewClosed when it is confirmed or withdrawn already, NotAllDecided while a proposal waits.
    """
    lock_review(directive.pk)
    undecided = Proposal.objects.filter(directive=directive, state="proposed").count()
    if undecided:
        raise NotAllDecided(undecided)
    Directive.objects.filter(pk=directive.pk).update(state="confirmed", version=F("version") + 1)
    directive.state = "confirmed"
