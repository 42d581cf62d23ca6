"""A person decides about proposals and clauses, and may take a decision back."""

from datetime import datetime

from django.db import transaction

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict
from luoshi.directives.actions.refusals import NothingToUndo, UndoTooLate
from luoshi.directives.actions.steps import MERGED_AWAY, change_proposal, lock_review, take_back
from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.directives.rules.review import is_ready
from luoshi.orgs.models import Person


def accept_proposal(proposal: Proposal, *, version: int, by: Person, now: datetime) -> None:
    """The duty becomes a task when the directive is confirmed."""
    _decide(proposal, "accepted", verb="accept_proposal", version=version, by=by, now=now)


def drop_proposal(proposal: Proposal, *, version: int, by: Person, now: datetime) -> None:
    """It was no duty; its clause counts as uncovered again."""
    _decide(proposal, "dropped", verb="drop_proposal", version=version, by=by, now=now)


def mark_information(proposal: Proposal, *, version: int, by: Person, now: datetime) -> None:
    """The clause needs no task: it is for information only."""
    _decide(proposal, "information", verb="mark_information", version=version, by=by, now=now)


def _decide(proposal: Proposal, state: str, *, verb: str, version: int, by: Person, now: datetime) -> None:
    with transaction.atomic():
        directive = lock_review(proposal.directive_id)
        old = proposal.state
        fields = {"state": state, "decided_by_id": by.pk, "decided_at": now}
        change_proposal(proposal, fields, version=version, verb=verb)
        record_entry(
            verb, by=by, now=now, subject=directive, label=proposal.title, unit_path=directive.unit.path or "",
            before={"state": old}, after={"state": state}, proposal=proposal.pk,
        )  # fmt: skip


def accept_sure(directive: Directive, *, by: Person, now: datetime, with_gaps: bool = False) -> int:
    """Accept every undecided proposal that was surely read and leaves nothing to decide; how many.

    `with_gaps` takes those along whose paper names no lead or no date, which are set before dispatch.
    """
    with transaction.atomic():
        directive = lock_review(directive.pk)
        waiting = Proposal.objects.filter(directive=directive, state="proposed", is_sure=True)
        rows = [p for p in waiting if ready(p, with_gaps=with_gaps)]
        for row in rows:
            row.undo = {
                "verb": "accept_proposal", "others": [], "earlier": row.undo,
                "fields": {"state": row.state, "decided_by_id": None, "decided_at": None},
            }  # fmt: skip
            row.state, row.decided_by, row.decided_at, row.version = "accepted", by, now, row.version + 1
        Proposal.objects.bulk_update(rows, ["state", "decided_by", "decided_at", "undo", "version"], batch_size=200)
        if rows:
            record_entry(
                "accept_sure", by=by, now=now, subject=directive, unit_path=directive.unit.path or "",
                after={"state": "accepted"}, proposals=[p.pk for p in rows],
            )  # fmt: skip
    return len(rows)


def ready(proposal: Proposal, *, with_gaps: bool = False) -> bool:
    """May the proposal be accepted unseen?"""
    return is_ready(
        is_sure=proposal.is_sure, state=proposal.state, notes=proposal.notes,
        units=[(u["role"], bool(u["unit"] or u["selector"])) for u in proposal.units],
        has_date=bool(proposal.due_date or proposal.review_date or proposal.is_open_ended), with_gaps=with_gaps,
    )  # fmt: skip


def undo_step(proposal: Proposal, *, version: int, by: Person, now: datetime) -> str:
    """Take back the last decision, edit, split or merge of a proposal; its verb.

    Raises NothingToUndo, and UndoTooLate when a part that was split off has been changed since.
    """
    if not can_undo(proposal):
        raise NothingToUndo
    with transaction.atomic():
        directive = lock_review(proposal.directive_id)
        step = proposal.undo
        change = take_back(proposal, version=version)
        if step["verb"] == "split_proposal":
            _remove_parts(step["others"])
        elif step["verb"] == "merge_proposals":
            _bring_back(step["others"])
        record_entry(
            "undo_step", by=by, now=now, subject=directive, label=proposal.title, unit_path=directive.unit.path or "",
            before=change.before, after=change.after, proposal=proposal.pk, step=step["verb"],
        )  # fmt: skip
    return str(step["verb"])


def can_undo(proposal: Proposal) -> bool:
    """Is there a step to take back here? A merge is taken back at the proposal that remained."""
    return bool(proposal.undo) and proposal.undo["verb"] != MERGED_AWAY


def _remove_parts(ids: list[int]) -> None:
    parts = Proposal.objects.filter(pk__in=ids, version=1, state="proposed")
    if parts.count() != len(ids):
        raise UndoTooLate
    parts.delete()


def _bring_back(ids: list[int]) -> None:
    for other in Proposal.objects.filter(pk__in=ids):
        if other.undo.get("verb") != MERGED_AWAY:
            raise UndoTooLate
        take_back(other, version=other.version)


def mark_clause(clause: Clause, *, is_information: bool, by: Person, now: datetime) -> None:
    """Say that a clause without a duty is for information only, or take that back."""
    with transaction.atomic():
        directive = lock_review(clause.directive_id)
        waiting = Clause.objects.filter(pk=clause.pk, is_information=not is_information)
        if not waiting.update(is_information=is_information):
            raise EditConflict
        record_entry(
            "mark_clause", by=by, now=now, subject=directive, label=str(clause) or directive.title,
            unit_path=directive.unit.path or "", before={"is_information": not is_information},
            after={"is_information": is_information}, clause=clause.pk,
        )  # fmt: skip


def mark_rest(directive: Directive, *, clause_ids: list[int], by: Person, now: datetime) -> int:
    """Say that these clauses, which no proposal covers, are for information only; how many were not before."""
    with transaction.atomic():
        directive = lock_review(directive.pk)
        waiting = Clause.objects.filter(directive=directive, is_information=False)
        ids = sorted(set(clause_ids) & set(waiting.values_list("pk", flat=True)))
        if ids:
            Clause.objects.filter(directive=directive, is_information=False, pk__in=ids).update(is_information=True)
            record_entry(
                "mark_clause", by=by, now=now, subject=directive, unit_path=directive.unit.path or "",
                after={"is_information": True}, clauses=ids,
            )  # fmt: skip
    return len(ids)
