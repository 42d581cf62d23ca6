"""The tasks of a directive that is being replaced, each with the proposal that revises it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.directives.queries import list_clause_pairs, list_proposals
from luoshi.directives.rules.likeness import Match, compare, find_alike, whole
from luoshi.directives.rules.versions import Change, word_changes
from luoshi.orgs.rules import Access
from luoshi.tasks.models import Reference, Task
from luoshi.tasks.queries.asked import Leads, demand_of, demand_of_task, get_with_leads
from luoshi.tasks.queries.visible import list_visible
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH
from luoshi.tasks.rules.targets import first_target

LEAST = 0.45  # a clause that was revised may share less than two demands that merely look alike
SAME_CLAUSE = 0.25  # what it counts that the proposal stands in the successor of the task's own clause
OPEN = [s.value for s in BEFORE_DISPATCH + ACTIVE]


@dataclass(frozen=True, slots=True)
class Touched:
    """A task that the new version touches: by a proposal that revises it, or because its clause is gone.

    `fate` is same, changed, gone (no clause follows) or loose (a clause follows, yet no proposal does).
    """

    task: Task
    clause: Clause
    fate: str
    proposal: Proposal | None = None
    match: Match | None = None
    words: tuple[Change, ...] = ()
    reference: Reference | None = None

    @property
    def may_update(self) -> bool:
        """Does the proposal still wait, and has the task not ended?"""
        return self.proposal is not None and self.proposal.state == "proposed" and self.task.state in OPEN


def list_touched(access: Access, directive: Directive) -> list[Touched]:
    """The open tasks of the directive that this one replaces, as one sees them, in the order of their clauses."""
    if directive.supersedes_id is None:
        return []
    kept = Q(references__proposal__directive=directive, references__updates=True)
    rows = list_visible(access).filter(Q(clause__directive=directive.supersedes_id) | kept, state__in=OPEN, parent=None)
    found = get_with_leads(rows.order_by().values_list("pk", flat=True).distinct())
    references = {r.task_id: r for r in Reference.objects.filter(proposal__directive=directive, updates=True)}
    follows = _successors(directive)
    tasks = [task for task, _leads in found.values()]
    partners = _partners(list_proposals(directive), tasks, references=references, follows=follows)
    touched = [
        _touched(task, leads, partners.get(task.pk), references.get(task.pk), follows) for task, leads in found.values()
    ]
    return sorted(touched, key=lambda row: (row.clause.position, row.task.pk))


def _successors(directive: Directive) -> dict[int, int]:
    """For each clause of the replaced directive, the clause that follows it."""
    return {p.old.id: p.new.id for p in list_clause_pairs(directive) if p.old is not None and p.new is not None}


def _partners(
    proposals: Sequence[Proposal], tasks: Sequence[Task], *, references: dict[int, Reference], follows: dict[int, int]
) -> dict[int, Proposal]:
    """One proposal for each task: the one chosen, else the most alike, above all in the clause that follows its own."""
    by_id = {p.pk: p for p in proposals}
    found = {pk: by_id[r.proposal_id] for pk, r in references.items() if r.proposal_id in by_id}
    taken = {p.pk for p in found.values()}
    waiting = {p.pk: whole(p.title, p.requirement) for p in proposals if p.pk not in taken}
    open_tasks = {t.pk: t for t in tasks if t.pk not in found}
    texts = {pk: whole(t.title, t.requirement) for pk, t in open_tasks.items()}
    ranked = [
        (degree + SAME_CLAUSE * (follows.get(open_tasks[task].clause_id or 0) == by_id[key].clause_id), key, task)
        for key, rows in find_alike(waiting, texts, least=LEAST, most=8).items()
        for task, degree in rows
    ]
    for _degree, key, task in sorted(ranked, key=lambda row: (-row[0], row[1])):
        if task not in found and key not in taken:
            found[task] = by_id[key]
            taken.add(key)
    return found


def _touched(
    task: Task, leads: Leads, proposal: Proposal | None, reference: Reference | None, follows: dict[int, int]
) -> Touched:
    assert task.clause is not None
    if proposal is None:
        return Touched(task, task.clause, "loose" if task.clause_id in follows else "gone")
    # What counts is what the revision changes: an extension granted since, or a standard put better, stays.
    before = demand_of(task.proposal) if task.proposal else demand_of_task(task, leads)
    match = compare(demand_of(proposal), before)
    # A revision that names no date leaves the one that stands.
    kept = tuple(d for d in match.differences if d.mine or d.field != "due")
    match = replace(match, differences=kept)
    same = before.words.strip() == proposal.requirement.strip() and not match.differences
    words = () if same else tuple(word_changes(before.words, proposal.requirement))
    return Touched(task, task.clause, "same" if same else "changed", proposal, match, words, reference)


def revised_fields(task: Task, proposal: Proposal) -> dict[str, Any]:
    """What the revision changes in the task: words, dates and target, where it says other than the old version did."""
    old = task.proposal

    def is_new(*names: str) -> bool:
        return old is None or any(getattr(old, name) != getattr(proposal, name) for name in names)

    kept = ("title", "requirement", "standard", "cadence")
    found = {name: getattr(proposal, name) for name in kept if getattr(proposal, name) and is_new(name)}
    if (proposal.due_date or proposal.review_date) and is_new("due_date", "review_date"):
        found |= {"due_date": proposal.due_date, "review_date": proposal.review_date}
    target = first_target(proposal.targets)
    if old is None or first_target(old.targets) != target:
        found |= target
    return {name: value for name, value in found.items() if getattr(task, name) != value}
