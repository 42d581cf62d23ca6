"""What the review page shows: cards of proposals, and the fragments that replace them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from luoshi.core import clock
from luoshi.directives.actions import can_undo, ready
from luoshi.directives.models import (
    CADENCE_LABELS,
    KIND_LABELS,
    NOTE_LABELS,
    PROPOSAL_LABELS,
    STATE_LABELS,
    UNIT_ROLE_LABELS,
    Clause,
    Directive,
    Proposal,
)
from luoshi.directives.queries import (
    ROLES,
    count_selected,
    get_coverage,
    get_unit_index,
    get_unit_names,
    list_clauses,
    list_parts,
    list_proposals,
    list_source,
    list_unit_menu,
    may_change,
)
from luoshi.directives.rules.review import open_notes
from luoshi.orgs.middleware import SignedRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Chip:
    """A unit that a proposal names: found, a set of units, or not found with candidates to choose from."""

    name: str
    state: str
    unit_name: str = ""
    count: int = 0
    candidates: tuple[tuple[int, str], ...] = ()
    is_temporary: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal as the review page shows it."""

    proposal: Proposal
    number: int
    units: tuple[tuple["StrOrPromise", tuple[Chip, ...]], ...]
    lost: tuple[Chip, ...]
    notes: tuple["StrOrPromise", ...]
    is_ready: bool
    can_undo: bool
    has_next: bool


class Board:
    """One directive under review, read once for a page or a fragment."""

    def __init__(self, request: SignedRequest, directive: Directive) -> None:
        self.request, self.directive = request, directive
        self.clauses: list[Clause] = list_clauses(directive)
        self.proposals: list[Proposal] = list_proposals(directive)
        self.index = get_unit_index(directive.unit, today=clock.today())
        self.names = get_unit_names(self.proposals)
        self.counts = count_selected(self.index, self.proposals, scope_path=directive.unit.path or "")
        self.may_edit = directive.state == "review" and may_change(request.access, directive)
        self.parts = list_parts(self.clauses)
        asked = request.GET.get("part", "1")
        self.part = min(max(int(asked) if asked.isdecimal() and len(asked) < 5 else 1, 1), len(self.parts))

    @property
    def span(self) -> tuple[int, int]:
        """The stretch of text that this page shows."""
        return self.parts[self.part - 1]

    def _part_of(self, proposal: Proposal) -> int:
        """The part of the text in which a proposal begins."""
        return next((n for n, (_start, end) in enumerate(self.parts, start=1) if proposal.start < end), 1)

    def cards(self, only: Sequence[int] | None = None) -> list[Card]:
        """The cards of this part, or those with the given proposal ids."""
        start, end = self.span
        return [
            self._card(p, number=n + 1, has_next=self._merges(n))
            for n, p in enumerate(self.proposals)
            if (p.pk in only if only is not None else start <= p.start < end)
        ]

    def _merges(self, place: int) -> bool:
        """Is the proposal that follows undecided, so that it can be merged into this one?"""
        following = (p for p in self.proposals[place + 1 :] if p.state != "dropped")
        other = next(following, None)
        return other is not None and other.state == "proposed"

    def _card(self, proposal: Proposal, *, number: int, has_next: bool) -> Card:
        chips = [(u["role"], self._chip(u)) for u in proposal.units]
        lost = {c.name: c for _role, c in chips if c.state == "lost"}
        grouped = ((UNIT_ROLE_LABELS[r], tuple(c for role, c in chips if role == r)) for r in ROLES)
        notes = open_notes(
            proposal.notes, has_lead=any(role == "lead" for role, _chip in chips),
            has_date=bool(proposal.due_date or proposal.review_date),
        )  # fmt: skip
        return Card(
            proposal=proposal, number=number, units=tuple((label, found) for label, found in grouped if found),
            lost=tuple(lost.values()), notes=tuple(NOTE_LABELS[n] for n in notes if n in NOTE_LABELS),
            is_ready=ready(proposal), can_undo=can_undo(proposal), has_next=has_next,
        )  # fmt: skip

    def _chip(self, unit: dict[str, Any]) -> Chip:
        if unit["unit"]:
            return Chip(unit["name"], "found", self.names.get(unit["unit"], ""))
        if unit["selector"]:
            return Chip(unit["name"], "set", count=self.counts[unit["selector"]])
        candidates = tuple((pk, self.names[pk]) for pk, _score in unit["candidates"] if pk in self.names)
        return Chip(unit["name"], "lost", candidates=candidates, is_temporary=unit["how"] == "temporary_body")

    def standing(self) -> dict[str, Any]:
        """Progress, coverage and what may be done next; shared by the page and every fragment."""
        first = next((p for p in self.proposals if p.state == "proposed"), None)
        waiting = Counter(ready(p) for p in self.proposals if p.state == "proposed")
        return {
            "directive": self.directive,
            "coverage": get_coverage(self.directive, clauses=self.clauses, proposals=self.proposals),
            "sure": waiting[True],
            "may_edit": self.may_edit,
            "part": self.part,
            "part_count": len(self.parts),
            "first_undecided": first,
            "first_part": self._part_of(first) if first else 1,
            "labels": LABELS,
        }

    def page(self) -> dict[str, Any]:
        """Everything that the review page shows."""
        start, end = self.span
        shown = [c for c in self.clauses if start <= c.start < end or c.start == c.end == start]
        source = list_source(self.directive, clauses=shown, proposals=self.proposals)
        return {
            **self.standing(),
            "cards": self.cards(),
            "source": source,
            "numbers": {p.pk: n for n, p in enumerate(self.proposals, start=1)},
            "menu": list_unit_menu(self.index),
        }


LABELS = {
    "states": STATE_LABELS,
    "kinds": KIND_LABELS,
    "proposals": PROPOSAL_LABELS,
    "cadences": CADENCE_LABELS,
    "roles": UNIT_ROLE_LABELS,
}


def answer(
    request: SignedRequest, directive: Directive, *, card: int | None = None, problem: str = "", said: str = ""
) -> HttpResponse:
    """After a step: the card (or all cards) anew with the standing for HTMX, else the page at that card."""
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        return redirect(_address(request, directive, card))
    board = Board(request, directive)
    context = {**board.standing(), "problem": problem, "said": said, "problem_at": card, "is_fragment": True}
    if card is not None and not problem:
        context["cards"] = board.cards([card])
        return render(request, "directives/_one.html", context)
    context["cards"] = board.cards()
    response = render(request, "directives/_all.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#proposals", "outerHTML"
    return response


def _address(request: SignedRequest, directive: Directive, card: int | None) -> str:
    part = request.GET.get("part", "")
    query = f"?part={part}" if part.isdecimal() and part != "1" else ""
    return reverse("directives:review", args=[directive.pk]) + query + (f"#p-{card}" if card else "#standing")
