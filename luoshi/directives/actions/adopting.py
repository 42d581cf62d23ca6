"""A proposal answered by what is there already, the paper it replaces, and the document's own indicators."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.directives.actions.steps import change_proposal, lock_review
from luoshi.directives.models import Directive, Goal, Proposal
from luoshi.orgs.models import Person


class NotUndecided(Refusal):
    """Only a proposal that waits for its decision can be answered by an existing task."""

    sentence = _("This proposal is decided already. Take that decision back first.")


class NoSuchPredecessor(Refusal):
    """The paper said to be replaced is this one, comes after it, was withdrawn, or belongs to another unit."""

    sentence = _("A directive can only replace an earlier one of the same unit. Choose another.")


def adopt_proposal(proposal: Proposal, *, version: int, by: Person, now: datetime) -> Directive:
    """Mark a proposal as answered by an existing task; its directive, locked.

    Runs inside the transaction of the action that links the task and writes the journal entry. Raises NotUndecided,
    EditConflict, ReviewClosed.
    """
    directive = lock_review(proposal.directive_id)
    if proposal.state != "proposed":
        raise NotUndecided
    fields = {"state": "adopted", "decided_by_id": by.pk, "decided_at": now}
    change_proposal(proposal, fields, version=version, verb="adopt_proposal")
    return directive


def set_supersedes(directive: Directive, *, earlier: Directive | None, by: Person, now: datetime) -> None:
    """Say which earlier directive this one replaces, or that it replaces none.

    Raises NoSuchPredecessor, ReviewClosed.
    """
    with transaction.atomic():
        locked = lock_review(directive.pk)
        if earlier and not _may_replace(locked, earlier):
            raise NoSuchPredecessor
        before = locked.supersedes_id
        Directive.objects.filter(pk=directive.pk).update(supersedes=earlier, version=F("version") + 1)
        directive.supersedes, directive.version = earlier, locked.version + 1
        record_entry(
            "set_supersedes", by=by, now=now, subject=locked, unit_path=locked.unit.path or "",
            before={"supersedes": before}, after={"supersedes": earlier.pk if earlier else None},
        )  # fmt: skip


def _may_replace(directive: Directive, earlier: Directive) -> bool:
    """Only what was registered before it, so that no two replace one another."""
    return earlier.pk < directive.pk and earlier.unit_id == directive.unit_id and earlier.state != "withdrawn"


def decide_goal(goal: Goal, *, state: str, version: int, by: Person, now: datetime) -> None:
    """Accept or drop an indicator of the document, or let it wait again. Raises EditConflict, ReviewClosed."""
    _change_goal(goal, {"state": state}, verb="decide_goal", version=version, by=by, now=now)


def edit_goal(
    goal: Goal, *, name: str, op: str, value: Decimal, unit: str, due_date: date | None, version: int, by: Person,
    now: datetime,
) -> None:  # fmt: skip
    """Correct an indicator and accept it, since a person has looked at it. Raises EditConflict, ReviewClosed."""
    fields = {"name": name, "op": op, "value": value, "unit": unit, "due_date": due_date, "state": "accepted"}
    _change_goal(goal, fields, verb="edit_goal", version=version, by=by, now=now)


def _change_goal(goal: Goal, fields: dict[str, object], *, verb: str, version: int, by: Person, now: datetime) -> None:
    changed = {name: value for name, value in fields.items() if getattr(goal, name) != value}
    before = {name: getattr(goal, name) for name in changed}
    with transaction.atomic():
        directive = lock_review(goal.directive_id)
        rows = Goal.objects.filter(pk=goal.pk, version=version)
        if not rows.update(**changed, version=F("version") + 1):
            raise EditConflict
        record_entry(
            verb, by=by, now=now, subject=directive, label=goal.name, unit_path=directive.unit.path or "",
            before=before, after=changed, goal=goal.pk,
        )  # fmt: skip
