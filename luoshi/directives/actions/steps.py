"""One change of a proposal: conditional on its version, and remembering how to take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F

from luoshi.core.errors import EditConflict
from luoshi.directives.actions.refusals import AdoptedAlready, ReviewClosed
from luoshi.directives.models import Directive, Proposal

DATES = frozenset({"due_date", "review_date"})
KEPT_STEPS = 10
MERGED_AWAY = "merged_away"
CONTENT = (
    "title", "requirement", "standard", "units", "due_date", "due_raw", "due_start", "due_end", "is_open_ended",
    "review_date", "cadence", "milestones", "targets", "notes", "start", "end", "duty_start", "duty_end", "is_sure",
    "evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """The fields that changed, before and after."""

    before: dict[str, Any]
    after: dict[str, Any]


def lock_review(directive_id: int) -> Directive:
    """The directive, locked for this transaction. Raises ReviewClosed unless it is in review."""
    directive = (
        Directive.objects.select_for_update(no_key=True, of=("self",))
        .defer("text", "sources", "tables")
        .select_related("unit")
        .get(pk=directive_id)
    )
    if directive.state != "review":
        raise ReviewClosed
    return directive


def change_proposal(
    proposal: Proposal, changes: Mapping[str, Any], *, version: int, verb: str, others: Sequence[int] = ()
) -> Change:
    """Write the fields that differ, if nobody else wrote since `version`. Raises EditConflict.

    What an existing task answers stays as it is, until that is taken back: raises AdoptedAlready.
    """
    if proposal.state == "adopted":
        raise AdoptedAlready
    changed = {name: value for name, value in changes.items() if getattr(proposal, name) != value}
    before = {name: _plain(getattr(proposal, name)) for name in changed}
    undo = {"verb": verb, "fields": before, "others": list(others), "earlier": _trimmed(proposal.undo)}
    _write(proposal, {**changed, "undo": undo}, version=version)
    return Change(before, {name: _plain(value) for name, value in changed.items()})


def take_back(proposal: Proposal, *, version: int) -> Change:
    """Write the fields of the last step as they were before it."""
    step = proposal.undo
    fields = {name: _value(name, value) for name, value in step["fields"].items()}
    before = {name: _plain(getattr(proposal, name)) for name in fields}
    _write(proposal, {**fields, "undo": step["earlier"]}, version=version)
    return Change(before, step["fields"])


def content_of(proposal: Proposal) -> dict[str, Any]:
    """The editable values of a proposal."""
    return {name: getattr(proposal, name) for name in CONTENT}


def _write(proposal: Proposal, fields: dict[str, Any], *, version: int) -> None:
    rows = Proposal.objects.filter(pk=proposal.pk, version=version)
    if proposal.version != version or not rows.update(**fields, version=F("version") + 1):
        raise EditConflict
    for name, value in fields.items():
        setattr(proposal, name, value)
    proposal.version = version + 1


def _trimmed(undo: dict[str, Any], depth: int = KEPT_STEPS) -> dict[str, Any]:
    if not undo or depth <= 0:
        return {}
    return {**undo, "earlier": _trimmed(undo["earlier"], depth - 1)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _value(name: str, value: Any) -> Any:
    if name in DATES and value:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name == "decided_at" and value else value
