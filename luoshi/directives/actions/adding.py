"""A person adds what the grammar missed, and vouches for what it was not sure of."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from luoshi.core.actions import record_entry
from luoshi.directives.actions.refusals import NothingQuoted, NothingToCheck
from luoshi.directives.actions.steps import change_proposal, lock_review
from luoshi.directives.actions.storing import draft_proposal, reader_for
from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.directives.queries import get_unit_index
from luoshi.directives.rules import Header, Reading
from luoshi.directives.rules.byhand import find_words, own_words, pointed_duty
from luoshi.directives.rules.header import document_year
from luoshi.directives.rules.trust import all_sure, checked, doubts
from luoshi.orgs.models import Person


def add_proposal(
    directive: Directive, *, clause: Clause, words: str = "", by: Person, now: datetime, today: date
) -> Proposal:
    """Propose a clause, or words at or after its beginning, as a duty; units, date and numbers are read from them.

    Raises NothingQuoted when the words do not stand there.
    """
    text = directive.text
    span = find_words(text, words, start=clause.start) if words else own_words(text, clause.start, clause.end)
    if span is None or span.start >= span.end:
        raise NothingQuoted
    clause = Clause.objects.filter(directive=directive, start__lte=span.start).order_by("-start", "-position")[0]
    header = Header(directive.number, directive.title, directive.issuer, directive.issued_date, "", directive.kind)
    duty = pointed_duty(
        text, span, clause=clause.position, outline=clause.outline, issued=directive.issued_date,
        year=document_year(header, received=directive.received_date),
    )  # fmt: skip
    reader = reader_for(
        Reading(text, header, (), ()), index=get_unit_index(directive.unit, today=today),
        scope_path=directive.unit.path or "", day=directive.issued_date or directive.received_date,
    )  # fmt: skip
    with transaction.atomic():
        locked = lock_review(directive.pk)
        before = Proposal.objects.filter(directive=locked, start__lte=span.start).aggregate(last=Max("position"))
        row = draft_proposal(locked, clause, duty, reader=reader, position=before["last"] or 0)
        row.origin = "person"
        row.save()
        record_entry(
            "add_proposal", by=by, now=now, subject=locked, label=row.title, unit_path=locked.unit.path or "",
            proposal=row.pk, after={"start": span.start, "end": span.end},
        )  # fmt: skip
    return row


def confirm_fields(proposal: Proposal, *, version: int, by: Person, now: datetime) -> None:
    """A person looked at every unsure field and found it right. Raises NothingToCheck, EditConflict."""
    unsure = doubts(proposal.evidence)
    if not unsure:
        raise NothingToCheck
    with transaction.atomic():
        directive = lock_review(proposal.directive_id)
        evidence = checked(proposal.evidence)
        fields = {"evidence": evidence, "is_sure": proposal.is_sure or all_sure(evidence)}
        change_proposal(proposal, fields, version=version, verb="confirm_fields")
        record_entry(
            "confirm_fields", by=by, now=now, subject=directive, label=proposal.title,
            unit_path=directive.unit.path or "", proposal=proposal.pk,
            after={"checked": [f"{row['field']} {row['value']}" for row in unsure]},
        )  # fmt: skip
