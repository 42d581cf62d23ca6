"""What a review shows of a directive: proposals, clauses, coverage, marked text, indicators."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import Http404

from luoshi.directives.models import Clause, Directive, Goal, Proposal
from luoshi.directives.rules.review import (
    ClauseFacts,
    Mark,
    Piece,
    ProposalFacts,
    cells,
    clause_states,
    parts,
    pieces,
    share_of,
)

ROLES = ("lead", "joint", "co", "guide", "verifier")
UNCOVERED_SHOWN = 40


def get_proposal(directive: Directive, *, id: int) -> Proposal:
    """A proposal of a directive that was read through the gate."""
    proposal = Proposal.objects.select_related("clause", "decided_by").filter(directive=directive, pk=id).first()
    if proposal is None:
        raise Http404
    proposal.directive = directive
    return proposal


def list_proposals(directive: Directive) -> list[Proposal]:
    """All proposals of a directive in their order."""
    found = Proposal.objects.filter(directive=directive).select_related("clause", "decided_by")
    return list(found.order_by("position", "pk"))


def list_accepted_proposals(directive: Directive) -> list[Proposal]:
    """What a person accepted, in order: the tasks to open."""
    return [p for p in list_proposals(directive) if p.state == "accepted"]


@dataclass(frozen=True, slots=True)
class OpenClause:
    """A clause that nobody accounted for yet."""

    id: int
    position: int
    outline: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many clauses stand where; `share` is the percentage accounted for among those that need an answer."""

    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    open_clauses: tuple[OpenClause, ...] = ()
    decided: int = 0
    proposed: int = 0
    accepted: int = 0
    adopted: int = 0

    @property
    def undecided(self) -> int:
        return self.proposed - self.decided

    @property
    def share(self) -> int:
        return share_of(self.counts)


def list_clauses(directive: Directive) -> list[Clause]:
    """The clauses in order; they cover the whole text."""
    return list(Clause.objects.filter(directive=directive).order_by("position"))


def get_coverage(directive: Directive, *, clauses: Sequence[Clause], proposals: Sequence[Proposal]) -> Coverage:
    """Every clause is covered by an accepted proposal, pending, information, structure or uncovered."""
    states = clause_states(
        [clause_facts(c) for c in clauses], [ProposalFacts(p.pk, p.start, reach(p), p.state) for p in proposals]
    )
    uncovered = [c for c in clauses if states[c.pk] == "uncovered"]
    decided = Counter(p.state for p in proposals)
    return Coverage(
        total=len(clauses),
        counts=Counter(states.values()),
        open_clauses=tuple(
            OpenClause(c.pk, c.position, c.outline, directive.text[c.start : min(c.end, c.start + 60)].strip())
            for c in uncovered[:UNCOVERED_SHOWN]
        ),
        decided=len(proposals) - decided["proposed"],
        proposed=len(proposals),
        accepted=decided["accepted"],
        adopted=decided["adopted"],
    )


def clause_facts(clause: Clause) -> ClauseFacts:
    """A clause as the rules of review see it."""
    return ClauseFacts(clause.pk, clause.start, clause.end, clause.role, clause.is_information)


def reach(proposal: Proposal) -> int:
    """Where a proposal's words end, the note that names its units included."""
    return max(proposal.end, proposal.duty_end or 0)


@dataclass(frozen=True, slots=True)
class SourceClause:
    """A clause with its text cut into marked pieces; a table's row has `cells` of them."""

    clause: Clause
    pieces: list[Piece]
    ends: tuple[int, ...]

    @property
    def cells(self) -> list[list[Piece]]:
        return cells(self.pieces)


def list_source(
    directive: Directive, *, clauses: Sequence[Clause], proposals: Sequence[Proposal]
) -> list[SourceClause]:
    """The clauses with the marks of the proposals that touch them; `ends` are proposals whose words end there."""
    ordered = sorted(((m, p.pk) for p in proposals for m in list_marks(p)), key=lambda row: row[0].start)
    found: list[SourceClause] = []
    waiting: list[Mark] = []
    index = 0
    for clause in clauses:
        waiting = [m for m in waiting if m.end > clause.start]
        while index < len(ordered) and ordered[index][0].start < clause.end:
            waiting.append(ordered[index][0])
            index += 1
        end = clause.start + len(directive.text[clause.start : clause.end].rstrip("\n"))
        cut = pieces(directive.text, start=clause.start, end=end, marks=waiting)
        ends = [m.proposal for m in waiting if m.kind == "span" and clause.start < m.end <= clause.end]
        found.append(SourceClause(clause, cut, tuple(dict.fromkeys(ends))))
    return found


def list_marks(proposal: Proposal) -> list[Mark]:
    """Where a proposal, its duty note, its units, its date and its numbers stand in the text."""
    places: list[tuple[object, object, str]] = [(proposal.start, reach(proposal), "span")]
    places.append((proposal.duty_start, proposal.duty_end, "duty"))
    places.append((proposal.due_start, proposal.due_end, "due"))
    places += [(u.get("start"), u.get("end"), "unit") for u in proposal.units]
    places += [(t.get("start"), t.get("end"), "target") for t in proposal.targets]
    return [
        Mark(start, end, kind, proposal.pk)
        for start, end, kind in places
        if isinstance(start, int) and isinstance(end, int) and start < end
    ]


def list_parts(clauses: Sequence[Clause]) -> list[tuple[int, int]]:
    """The parts of the text that one page shows at a time."""
    return parts([clause_facts(c) for c in clauses])


def get_shares(directives: Sequence[Directive]) -> dict[int, int]:
    """The percentage of clauses accounted for in each of the directives on one page of a list; two queries."""
    ids = [d.pk for d in directives]
    clauses: dict[int, list[ClauseFacts]] = {pk: [] for pk in ids}
    found: dict[int, list[ProposalFacts]] = {pk: [] for pk in ids}
    columns = ("directive_id", "pk", "start", "end", "role", "is_information")
    for owner, *facts in Clause.objects.filter(directive__in=ids).order_by().values_list(*columns):
        clauses[owner].append(ClauseFacts(*facts))
    rows = Proposal.objects.filter(directive__in=ids).order_by()
    for owner, pk, start, end, duty_end, state in rows.values_list(
        "directive_id", "pk", "start", "end", "duty_end", "state"
    ):
        found[owner].append(ProposalFacts(pk, start, max(end, duty_end or 0), state))
    return {pk: share_of(Counter(clause_states(clauses[pk], found[pk]).values())) for pk in ids}


def list_goals(directive: Directive) -> list[Goal]:
    """The indicators that the document sets for itself as a whole, in their order."""
    return list(Goal.objects.filter(directive=directive).select_related("clause").order_by("position", "pk"))


def get_goal(directive: Directive, *, id: int) -> Goal:
    """An indicator of a directive that was read through the gate."""
    goal = Goal.objects.filter(directive=directive, pk=id).first()
    if goal is None:
        raise Http404
    return goal
