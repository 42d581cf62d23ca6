"""Editing, splitting and merging proposals, and resolving names that matched no unit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from luoshi.core.actions import record_entry
from luoshi.directives.actions.refusals import CannotSplit, NameNotWaiting, NothingToMerge
from luoshi.directives.actions.steps import MERGED_AWAY, change_proposal, content_of, lock_review
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.rules.shaping import merge_values, split_at, split_by_milestone, split_by_unit
from luoshi.directives.rules.trust import after_edit, all_sure
from luoshi.orgs.models import Person, Unit, UnitName

SPLITS = {"milestone": split_by_milestone, "unit": split_by_unit}


def edit_proposal(proposal: Proposal, *, version: int, by: Person, now: datetime, **fields: Any) -> None:
    """Change what a proposal says (any of its content fields). Raises EditConflict."""
    with transaction.atomic():
        directive = lock_review(proposal.directive_id)
        edited = [name for name, value in fields.items() if getattr(proposal, name) != value]
        evidence = after_edit(proposal.evidence, edited)
        trust = {"evidence": evidence, "is_sure": proposal.is_sure or all_sure(evidence)}
        change = change_proposal(proposal, {**fields, **trust}, version=version, verb="edit_proposal")
        record_entry(
            "edit_proposal", by=by, now=now, subject=directive, label=proposal.title,
            unit_path=directive.unit.path or "", before={n: change.before[n] for n in edited},
            after={n: change.after[n] for n in edited}, proposal=proposal.pk,
        )  # fmt: skip


def split_proposal(
    proposal: Proposal, *, version: int, by: Person, now: datetime, at: int | None = None, each: str = ""
) -> list[Proposal]:
    """Divide a proposal at a place in its words, or into one per `milestone` or `unit`; all the parts in order.

    Raises CannotSplit, EditConflict.
    """
    values = _jsonable(content_of(proposal))
    divided = split_at(values, at=at) if at is not None else SPLITS.get(each, lambda _values: [])(values)
    if len(divided) < 2:
        raise CannotSplit
    with transaction.atomic():
        directive = lock_review(proposal.directive_id)
        parts = [_part(proposal, values) for values in divided[1:]]
        later = Proposal.objects.filter(directive=directive, position__gt=proposal.position)
        later.update(position=F("position") + len(parts))
        for offset, part in enumerate(parts, start=1):
            part.position = proposal.position + offset
        Proposal.objects.bulk_create(parts)
        first = {**_dated(divided[0]), "state": "proposed", "decided_by_id": None, "decided_at": None}
        change_proposal(proposal, first, version=version, verb="split_proposal", others=[p.pk for p in parts])
        record_entry(
            "split_proposal", by=by, now=now, subject=directive, label=proposal.title,
            unit_path=directive.unit.path or "", proposal=proposal.pk, parts=[p.pk for p in parts],
        )  # fmt: skip
    return [proposal, *parts]


def _part(proposal: Proposal, values: dict[str, Any]) -> Proposal:
    fields = {**_dated(values), "title": str(values["title"])[:300]}
    return Proposal(directive_id=proposal.directive_id, clause_id=proposal.clause_id, rule=proposal.rule, **fields)


def _jsonable(values: dict[str, Any]) -> dict[str, Any]:
    """Milestone dates are stored as text; the rules move them between the two kinds of field."""
    return {**values, "milestones": [dict(m) for m in values["milestones"]]}


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    due = values["due_date"]
    return {**values, "due_date": date.fromisoformat(due) if isinstance(due, str) else due}


def merge_proposals(proposal: Proposal, *, version: int, by: Person, now: datetime) -> Proposal:
    """Take the proposal that follows into this one, when it is undecided too; the proposal that was taken in.

    Raises NothingToMerge, EditConflict.
    """
    with transaction.atomic():
        directive = lock_review(proposal.directive_id)
        following = Proposal.objects.filter(directive=directive, position__gt=proposal.position)
        other = following.exclude(state="dropped").order_by("position", "pk").first()
        if other is None or other.state != "proposed":
            raise NothingToMerge
        merged = merge_values(content_of(proposal), content_of(other))
        merged["evidence"] = [*proposal.evidence, *other.evidence]
        merged["is_sure"] = proposal.is_sure and other.is_sure
        if other.clause_id == proposal.clause_id or _adjoin(proposal, other):
            merged["end"] = max(proposal.end, other.end)
        undecided = {"state": "proposed", "decided_by_id": None, "decided_at": None}
        change_proposal(
            proposal, {**merged, **undecided}, version=version, verb="merge_proposals", others=[other.pk]
        )  # fmt: skip
        gone = {"state": "dropped", "decided_by_id": by.pk, "decided_at": now}
        change_proposal(other, gone, version=other.version, verb=MERGED_AWAY, others=[proposal.pk])
        record_entry(
            "merge_proposals", by=by, now=now, subject=directive, label=proposal.title,
            unit_path=directive.unit.path or "", proposal=proposal.pk, taken_in=other.pk,
        )  # fmt: skip
    return other


def _adjoin(first: Proposal, second: Proposal) -> bool:
    return 0 <= second.start - max(first.end, first.duty_end or 0) <= 20


def name_unit(
    directive: Directive, *, name: str, unit: Unit | None = None, selector: str = "", by: Person, now: datetime,
    today: date, remember: bool = False,
) -> int:  # fmt: skip
    """Say which unit (or which selector) a name stands for, in every proposal of the directive; how many changed.

    With `remember` the name becomes an alias of the unit, so that the next paper matches it by itself.
    Raises NameNotWaiting.
    """
    with transaction.atomic():
        locked = lock_review(directive.pk)
        rows = [p for p in Proposal.objects.filter(directive=locked) if _waits_for(p.units, name)]
        if not rows:
            raise NameNotWaiting
        answer: dict[str, Any] = {
            "unit": unit.pk if unit else None,
            "selector": selector,
            "candidates": [],
            "how": "person",
        }
        for row in rows:
            row.units = [{**u, **answer} if _is_waiting(u, name) else u for u in row.units]
            row.version += 1
        Proposal.objects.bulk_update(rows, ["units", "version"], batch_size=200)
        if remember and unit:
            _remember(name, unit, today=today)
        record_entry(
            "name_unit", by=by, now=now, subject=locked, unit_path=locked.unit.path or "", name=name,
            after={"unit": unit, "selector": selector}, remembered=remember, proposals=[p.pk for p in rows],
        )  # fmt: skip
    return len(rows)


def _remember(name: str, unit: Unit, *, today: date) -> None:
    UnitName.objects.get_or_create(unit=unit, name=name, kind=UnitName.ALIAS, defaults={"valid_from": today})


def _waits_for(units: Sequence[dict[str, Any]], name: str) -> bool:
    return any(_is_waiting(u, name) for u in units)


def _is_waiting(unit: dict[str, Any], name: str) -> bool:
    return bool(unit["name"] == name and not unit["unit"] and not unit["selector"])
