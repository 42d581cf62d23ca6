"""Answering a proposal by a task that exists: linked as it is, or brought up to date when the revision is confirmed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.models import Entry
from luoshi.directives.actions.adopting import adopt_proposal
from luoshi.directives.models import Directive, Proposal
from luoshi.orgs.models import Person
from luoshi.tasks.actions.dispatching import tell_changed
from luoshi.tasks.actions.drafting import insert_duties
from luoshi.tasks.models import Reference, Task
from luoshi.tasks.queries.asked import comes_from
from luoshi.tasks.queries.versions import revised_fields
from luoshi.tasks.rules.duties import read_duties
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH


class TaskGone(Refusal):
    """The task cannot answer anything any more."""

    sentence = _("This task was withdrawn or merged, so it cannot answer the proposal. Accept the proposal instead.")


class NotItsPredecessor(Refusal):
    """Only a task that came from the replaced directive is brought up to date by the new one."""

    sentence = _("Only an open task of the directive that this one replaces can be updated. Link it instead.")


class UpdatedAlready(Refusal):
    """Two clauses cannot rewrite one task."""

    sentence = _("Another clause of this directive updates that task already. Link it instead.")


def adopt_by_reference(
    proposal: Proposal, *, task: Task, version: int, by: Person, now: datetime, updates: bool = False
) -> Reference:
    """Answer a proposal by an existing task: no new task; with `updates` it takes over the new words on confirmation.

    Raises TaskGone, NotItsPredecessor, UpdatedAlready, and what directives.actions.adopting.adopt_proposal raises.
    """
    with transaction.atomic():
        directive = adopt_proposal(proposal, version=version, by=by, now=now)
        _refuse_unfit([task], directive, updates=updates)
        reference = Reference.objects.create(
            task=task, proposal=proposal, updates=updates, created_by=by, created_at=now
        )  # fmt: skip
        record_entry(
            "adopt_by_reference", by=by, now=now, subject=directive, label=proposal.title,
            unit_path=directive.unit.path or "", after={"state": "adopted"}, proposal=proposal.pk, task=task.pk,
            code=task.code, updates=updates,
        )  # fmt: skip
    return reference


def adopt_revisions(
    directive: Directive, *, chosen: Sequence[tuple[Proposal, Task]], by: Person, now: datetime
) -> int:  # fmt: skip
    """Let the proposals of a revised directive update the tasks of the one it replaces; how many.

    Raises what adopt_by_reference raises.
    """
    with transaction.atomic():
        for proposal, _task in chosen:
            directive = adopt_proposal(proposal, version=proposal.version, by=by, now=now)
        _refuse_unfit([task for _proposal, task in chosen], directive, updates=True)
        Reference.objects.bulk_create(
            [Reference(task=task, proposal=p, updates=True, created_by=by, created_at=now) for p, task in chosen]
        )
        if chosen:
            record_entry(
                "adopt_revisions", by=by, now=now, subject=directive, unit_path=directive.unit.path or "",
                after={"state": "adopted"}, pairs=[[p.pk, task.pk] for p, task in chosen],
            )  # fmt: skip
    return len(chosen)


def _refuse_unfit(tasks: Sequence[Task], directive: Directive, *, updates: bool) -> None:
    if any(task.state in ("withdrawn", "merged", "transferred") for task in tasks):
        raise TaskGone
    if not updates:
        return
    if any(not _is_open(task) or not comes_from(task, directive.supersedes_id) for task in tasks):
        raise NotItsPredecessor
    ids = [task.pk for task in tasks]
    pending = Reference.objects.filter(task__in=ids, updates=True, applied_at__isnull=True)
    if len(set(ids)) < len(ids) or pending.exists():
        raise UpdatedAlready


def _is_open(task: Task) -> bool:
    return task.state in BEFORE_DISPATCH + ACTIVE


def forget_reference(entry: Entry) -> None:
    """Listener: a proposal whose adoption was taken back is no longer answered by a task."""
    if entry.data.get("step") == "adopt_proposal":
        Reference.objects.filter(proposal=entry.data["proposal"], applied_at__isnull=True).delete()


def forget_references(entry: Entry) -> None:
    """Listener: what a withdrawn directive was to bring to existing tasks no longer waits."""
    Reference.objects.filter(proposal__directive=int(entry.subject_id), applied_at__isnull=True).delete()


def update_from_version(references: Sequence[Reference], *, now: datetime, today: date) -> list[dict[str, Any]]:
    """Bring the tasks up to date with the proposals that revise them; what changed in each, for the journal.

    Runs inside open_tasks, which writes the entry. A task that ended meanwhile stays as it is.
    Raises EditConflict when somebody edits one at the same moment.
    """
    changes, told = [], []
    for reference in references:
        task = reference.task
        if not _is_open(task):
            continue
        changes.append(_update(task, reference.proposal))
        told.append(task)
    Reference.objects.filter(pk__in=[r.pk for r in references if r.task in told]).update(applied_at=now)
    tell_changed([task for task in told if task.dispatched_at], now=now, today=today)
    return changes


def _update(task: Task, proposal: Proposal) -> dict[str, Any]:
    fields = revised_fields(task, proposal)
    before = {name: getattr(task, name) for name in fields}
    moved = {"clause": proposal.clause_id, "proposal": proposal.pk, "version": F("version") + 1}
    if not Task.objects.filter(pk=task.pk, version=task.version).update(**fields, **moved):
        raise EditConflict
    if task.state in BEFORE_DISPATCH:
        task.duties.all().delete()
        insert_duties({task.pk: read_duties(proposal.units)})
    before["clause"] = task.clause_id
    return {"task": task.pk, "code": task.code, "before": before, "after": {**fields, "clause": proposal.clause_id}}
