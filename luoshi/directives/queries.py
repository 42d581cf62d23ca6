"""Reading directives: the gate, the list, the unit index, what of a paper is accounted for, and its marked text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.directives.models import Clause, ColumnName, Directive, Goal, Intake, Proposal, SourcePage
from luoshi.directives.rules import UnitFact, UnitIndex, expand_selector
from luoshi.directives.rules.access import may
from luoshi.directives.rules.places import Box, find_boxes, pages_between
from luoshi.directives.rules.review import (
    ClauseFacts,
    Mark,
    Piece,
    ProposalFacts,
    clause_states,
    parts,
    pieces,
    share_of,
)
from luoshi.directives.rules.versions import Pair, Part, compare_versions
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_unit_facts
from luoshi.orgs.rules import TENANT_LEVELS, Access, Role, ancestor_paths

ROLES = ("lead", "joint", "co", "guide", "verifier")
UNCOVERED_SHOWN = 40
INTAKES_SHOWN = 20
PAGED = frozenset({"pdf", "ofd", "scan"})
MENU_LENGTH = 400
PREDECESSORS_SHOWN = 200


def get_directive_for(access: Access, *, id: int, to: str = "see") -> Directive:
    """The directive, when this person may `see`, `edit` or `confirm` it; else 404, or NotAllowed when visible only."""
    directive = Directive.objects.visible_to(access).select_related("unit", "created_by").filter(pk=id).first()
    if directive is None:
        raise Http404
    if to != "see" and not may_change(access, directive, verb=to):
        raise NotAllowed
    return directive


def may_change(access: Access, directive: Directive, *, verb: str = "edit") -> bool:
    """May this person change (edit, confirm, remember) what the directive proposes?"""
    return may(access, unit_id=directive.unit_id, unit_path=directive.unit.path or "", verb=verb)


def get_proposal(directive: Directive, *, id: int) -> Proposal:
    """A proposal of a directive that was read through the gate."""
    proposal = Proposal.objects.select_related("clause", "decided_by").filter(directive=directive, pk=id).first()
    if proposal is None:
        raise Http404
    proposal.directive = directive
    return proposal


def list_directives(access: Access, *, text: str = "", state: str = "") -> QuerySet[Directive]:
    """Visible directives, newest first, without their text, with `proposed` and `undecided` counts."""
    found = Directive.objects.visible_to(access).select_related("unit").defer("text", "sources", "tables")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text))
    if state:
        found = found.filter(state=state)
    waiting = Count("proposals", filter=Q(proposals__state="proposed"))
    return found.annotate(proposed=Count("proposals"), undecided=waiting).order_by("-created_at", "-pk")


def list_registering_units(access: Access) -> list[Unit]:
    """The units in whose name this person may register a directive."""
    roles = (Role.OFFICE, Role.HEAD, Role.SPONSOR, Role.HANDLER)
    ids = {s.unit_id for s in access.seats if s.role in roles}
    return list(Unit.objects.filter(pk__in=ids, valid_to__isnull=True).order_by("path"))


def find_same_file(unit: Unit, *, sha256: str) -> Directive | None:
    """A directive of the unit that was registered from the very same bytes."""
    same = Directive.objects.filter(unit=unit, sha256=sha256).exclude(state="withdrawn").defer("text", "sources")
    return same.order_by("-pk").first()


def find_same_intake(unit: Unit, *, sha256: str) -> Intake | None:
    """The very same bytes, on their way for the unit."""
    return Intake.objects.filter(unit=unit, sha256=sha256, state__in=("waiting", "reading")).order_by("-pk").first()


def get_intake_for(access: Access, *, id: int) -> Intake:
    """A paper on its way, for those who may review the papers of its unit; else 404."""
    intake = Intake.objects.select_related("unit", "created_by", "directive").filter(pk=id).first()
    if intake is None or not may(access, unit_id=intake.unit_id, unit_path=intake.unit.path or "", verb="edit"):
        raise Http404
    return intake


def list_open_intakes(person: Person) -> list[Intake]:
    """The papers that a person sent and that are not read yet, or were refused; newest first."""
    found = Intake.objects.filter(created_by=person, state__in=("waiting", "reading", "refused"))
    return list(found.select_related("unit").order_by("-created_at", "-pk")[:INTAKES_SHOWN])


def is_anything_being_read() -> bool:
    """Is a job at work on some paper, or was it when its process died?"""
    return Intake.objects.filter(state="reading").exists()


def get_columns(unit: Unit) -> dict[str, str]:
    """What the table headings of the government or company that `unit` belongs to were said to stand for."""
    found = ColumnName.objects.filter(unit__path=get_tenant_path(unit))
    return dict(found.values_list("heading", "role"))


def list_doubtful(directive: Directive) -> list[tuple[int, int]]:
    """The ranges of the text that character recognition read."""
    pages = SourcePage.objects.filter(directive=directive).values_list("runs", flat=True)
    return sorted((run[0], run[1]) for runs in pages for run in runs if run[5] is not None)


def list_proposals(directive: Directive) -> list[Proposal]:
    """All proposals of a directive in their order."""
    found = Proposal.objects.filter(directive=directive).select_related("clause", "decided_by")
    return list(found.order_by("position", "pk"))


def list_accepted_proposals(directive: Directive) -> list[Proposal]:
    """What a person accepted, in order: the tasks to open."""
    return [p for p in list_proposals(directive) if p.state == "accepted"]


def get_unit_index(unit: Unit, *, today: date) -> UnitIndex:
    """Every unit of the government or company that `unit` belongs to, ready for name matching; three queries."""
    return UnitIndex.build(
        UnitFact(
            id=u.id, name=u.name, short_name=u.short_name, aliases=u.aliases, level=u.level, category=u.category,
            parent_id=u.parent_id, path=u.path,
        )
        for u in list_unit_facts(get_tenant_path(unit), today=today)
    )  # fmt: skip


def get_tenant_path(unit: Unit) -> str:
    """The path of the government or company that a unit belongs to."""
    chain = ancestor_paths(unit.path or "")
    levels = dict(Unit.objects.filter(path__in=chain).values_list("path", "level"))
    return next((p for p in reversed(chain) if levels.get(p) in TENANT_LEVELS), chain[0])


def count_selected(index: UnitIndex, proposals: Iterable[Proposal], *, scope_path: str) -> dict[str, int]:
    """How many units each selector among the proposals stands for today."""
    selectors = {u["selector"] for p in proposals for u in p.units if u["selector"]}
    return {s: len(expand_selector(s, index=index, scope_path=scope_path)) for s in selectors}


def list_unit_menu(index: UnitIndex) -> list[str]:
    """Names to offer while somebody types a unit: the short ones, villages left out, at most MENU_LENGTH."""
    units = (u for u in index.units.values() if u.level != "village")
    return [u.short_name or u.name for u in units][:MENU_LENGTH]


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
    """A clause with its text cut into marked pieces."""

    clause: Clause
    pieces: list[Piece]
    ends: tuple[int, ...]


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


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of the original with the boxes of the proposals' words on it."""

    number: int
    width: float
    height: float
    boxes: list[Box]


def list_shown_pages(directive: Directive, *, span: tuple[int, int], proposals: Sequence[Proposal]) -> list[ShownPage]:
    """The pages of the original on which a stretch of the text stands, in order."""
    between = pages_between(directive.sources, *span)
    pages = SourcePage.objects.filter(directive=directive)
    if between:
        pages = pages.filter(number__range=between)
    marks = [m for p in proposals for m in list_marks(p)]
    return [ShownPage(p.number, p.width, p.height, find_boxes(p.runs, marks)) for p in pages.order_by("number")]


def has_pages(directive: Directive) -> bool:
    """Can the original be shown page by page?"""
    return bool(directive.file) and directive.paper_kind in PAGED


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


def get_unit_names(proposals: Iterable[Proposal]) -> dict[int, str]:
    """The names of every matched unit and candidate among the proposals; one query."""
    ids = {u["unit"] for p in proposals for u in p.units if u["unit"]}
    ids |= {pk for p in proposals for u in p.units if not u["unit"] for pk, _score in u["candidates"]}
    names = Unit.objects.filter(pk__in=ids).values_list("pk", "name", "short_name")
    return {pk: short or name for pk, name, short in names}


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


def list_predecessors(directive_unit: Unit, *, before: Directive | None = None) -> list[Directive]:
    """The directives of the unit that another may replace, the latest first; without their text."""
    found = find_predecessors([directive_unit.pk])
    if before is not None:
        found = found.filter(pk__lt=before.pk)
    return list(found[:PREDECESSORS_SHOWN])


def find_predecessors(unit_ids: Sequence[int]) -> QuerySet[Directive]:
    """The directives of the units that were not withdrawn, the latest first; without their text."""
    found = Directive.objects.filter(unit__in=unit_ids).exclude(state="withdrawn")
    return found.defer("text", "sources", "tables").order_by("-created_at", "-pk")


def list_clause_pairs(directive: Directive) -> list[Pair]:
    """The clauses of the directive against those of the one that it replaces; none when it replaces none."""
    if directive.supersedes is None:
        return []
    return compare_versions(_parts(directive.supersedes), _parts(directive))


def _parts(directive: Directive) -> list[Part]:
    return [
        Part(c.pk, c.outline, directive.text[c.start : c.end])
        for c in list_clauses(directive)
        if directive.text[c.start : c.end].strip()
    ]


@dataclass(frozen=True, slots=True)
class LostName:
    """A name that matched no unit: how often the document uses it, and the units that it might be."""

    name: str
    count: int
    candidates: tuple[tuple[int, str], ...]
    is_temporary: bool


def list_lost_names(proposals: Sequence[Proposal]) -> list[LostName]:
    """The names of the whole document that wait for an answer, the most frequent first; one query."""
    lost: dict[str, list[dict[str, Any]]] = {}
    for proposal in proposals:
        for unit in proposal.units:
            if not unit["unit"] and not unit["selector"] and proposal.state != "dropped":
                lost.setdefault(unit["name"], []).append(unit)
    ids = {pk for rows in lost.values() for pk, _score in rows[0]["candidates"]}
    names = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    found = [
        LostName(
            name, len(rows), tuple((pk, names[pk]) for pk, _score in rows[0]["candidates"] if pk in names),
            rows[0]["how"] == "temporary_body",
        )
        for name, rows in lost.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: -row.count)


def list_column_names(access: Access) -> list[ColumnName]:
    """The remembered table headings of the governments and companies that this person sits in."""
    return list(
        ColumnName.objects.filter(unit__path__in=access.homes).select_related("unit").order_by("unit", "heading")
    )
