"""From a confirmed directive to registered tasks."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.directives.actions import mark_confirmed
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import list_accepted_proposals
from luoshi.orgs.models import Person
from luoshi.tasks.actions.adopting import update_from_version
from luoshi.tasks.actions.drafting import insert_duties
from luoshi.tasks.actions.numbering import insert_tasks, take_codes
from luoshi.tasks.models import Milestone, Task
from luoshi.tasks.queries.asked import list_references
from luoshi.tasks.rules.duties import read_duties
from luoshi.tasks.rules.ladder import guess_kind
from luoshi.tasks.rules.matters import matter_of
from luoshi.tasks.rules.states import Cadence, State
from luoshi.tasks.rules.targets import first_target


class NothingAccepted(Refusal):
    """No proposal was accepted, so that there is nothing to open."""

    sentence = _("No proposal was accepted, so there is no task to open. Accept one, or withdraw the directive.")


def open_tasks(directive: Directive, *, by: Person, now: datetime) -> list[Task]:
    """Make one registered task of every accepted proposal, and confirm the directive; the new tasks.

    What existing tasks answer makes none; those that a revision updates take over its words and dates.
    Raises NothingAccepted, EditConflict, and what directives.actions.mark_confirmed raises.
    """
    with transaction.atomic():
        locked = Directive.objects.select_for_update(no_key=True).select_related("unit").get(pk=directive.pk)
        mark_confirmed(locked, by=by, now=now)
        proposals, references = list_accepted_proposals(locked), list(list_references(locked).values())
        if not proposals and not references:
            raise NothingAccepted
        today = timezone.localtime(now).date()
        updated = update_from_version([r for r in references if r.updates], now=now, today=today)
        tasks = _insert(proposals, locked, by=by, now=now, today=today) if proposals else []
        record_entry(
            "open_tasks", by=by, now=now, subject=locked, unit_path=locked.unit.path or "",
            task_ids=[t.pk for t in tasks], codes=[t.code for t in tasks],
            adopted=[[r.proposal_id, r.task_id] for r in references], updated=updated,
        )  # fmt: skip
    return tasks


def _insert(
    proposals: Sequence[Proposal], directive: Directive, *, by: Person, now: datetime, today: date
) -> list[Task]:
    codes = take_codes(directive.unit, year=today.year, count=len(proposals))
    tasks = [
        _task(proposal, code, directive, by=by, now=now, today=today)
        for proposal, code in zip(proposals, codes, strict=True)
    ]
    insert_tasks(tasks)
    insert_duties({t.pk: read_duties(p.units) for t, p in zip(tasks, proposals, strict=True)})
    _insert_milestones(tasks, proposals)
    return tasks


def _task(proposal: Proposal, code: str, directive: Directive, *, by: Person, now: datetime, today: date) -> Task:
    target = first_target(proposal.targets)
    kind = guess_kind(
        proposal.title, requirement=proposal.requirement, has_number=target.get("target_value") is not None
    )
    review, cadence = proposal.review_date, proposal.cadence if proposal.cadence in set(Cadence) else ""
    if proposal.due_date is None and proposal.is_open_ended:
        # Work that goes on is looked at when its year ends and reports in between (持续推进).
        review, cadence = review or date(today.year, 12, 31), cadence or Cadence.QUARTERLY.value
    return Task(
        code=code, title=proposal.title, requirement=proposal.requirement, standard=proposal.standard,
        kind=kind.value, matter=matter_of(directive.kind).value, state=State.REGISTERED.value, owner=directive.unit,
        clause_id=proposal.clause_id,
        proposal=proposal, due_date=proposal.due_date, review_date=review, cadence=cadence, created_by=by,
        created_at=now, selector=next((u["selector"] for u in proposal.units if u.get("selector")), "")[:120],
        **target,
    )  # fmt: skip


def _insert_milestones(tasks: Sequence[Task], proposals: Sequence[Proposal]) -> None:
    Milestone.objects.bulk_create(
        Milestone(task=task, name=str(row.get("name") or task.title)[:200], due_date=date.fromisoformat(row["date"]))
        for task, proposal in zip(tasks, proposals, strict=True)
        for row in proposal.milestones
        if row.get("date")
    )
