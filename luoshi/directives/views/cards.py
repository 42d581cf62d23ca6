"""What the review page shows: cards of proposals, and the fragments that replace them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core import clock
from luoshi.directives.actions import can_undo, ready
from luoshi.directives.models import (
    CADENCE_LABELS,
    EVIDENCE_LABELS,
    KIND_LABELS,
    NOTE_LABELS,
    ORIGIN_LABELS,
    PAPER_NOTE_LABELS,
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
    has_pages,
    list_clauses,
    list_parts,
    list_proposals,
    list_shown_pages,
    list_source,
    list_unit_menu,
    may_change,
)
from luoshi.directives.rules.places import Place, place_at
from luoshi.directives.rules.review import open_notes
from luoshi.directives.rules.trust import UNIT_FIELDS, doubts
from luoshi.directives.views.panels import Panels
from luoshi.orgs.middleware import SignedRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Trust:
    """Why a field is believed, as a shape and a word; nothing is said of what the paper states in its own words."""

    shape: str
    word: "StrOrPromise"
    why: "StrOrPromise"
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A unit that a proposal names: found, a set of units, or not found with candidates to choose from."""

    name: str
    state: str
    unit_name: str = ""
    count: int = 0
    candidates: tuple[tuple[int, str], ...] = ()
    is_temporary: bool = False
    trust: Trust | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal as the review page shows it."""

    proposal: Proposal
    number: int
    units: tuple[tuple["StrOrPromise", tuple[Chip, ...]], ...]
    notes: tuple["StrOrPromise", ...]
    is_ready: bool
    can_undo: bool
    has_next: bool
    trust: dict[str, Trust]
    doubts: int
    place: str
    origin: "StrOrPromise"


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
        trusted = {row["value"]: row for row in proposal.evidence if row["field"] in UNIT_FIELDS}
        chips = [(u["role"], self._chip(u, trusted.get(u["name"]))) for u in proposal.units]
        grouped = ((UNIT_ROLE_LABELS[r], tuple(c for role, c in chips if role == r)) for r in ROLES)
        notes = open_notes(
            proposal.notes, has_lead=any(role == "lead" for role, _chip in chips),
            has_date=bool(proposal.due_date or proposal.review_date),
        )  # fmt: skip
        return Card(
            proposal=proposal, number=number, units=tuple((label, found) for label, found in grouped if found),
            notes=tuple(NOTE_LABELS[n] for n in notes if n in NOTE_LABELS),
            is_ready=ready(proposal), can_undo=can_undo(proposal), has_next=has_next,
            trust=fields_trusted(proposal.evidence), doubts=len(doubts(proposal.evidence)),
            place=place_words(place_at(self.directive.sources, self.directive.text, proposal.start)),
            origin="" if proposal.origin == "grammar" else ORIGIN_LABELS[proposal.origin],
        )  # fmt: skip

    def _chip(self, unit: dict[str, Any], evidence: dict[str, Any] | None) -> Chip:
        trust = trust_of(evidence) if evidence else None
        if unit["unit"]:
            return Chip(unit["name"], "found", self.names.get(unit["unit"], ""), trust=trust)
        if unit["selector"]:
            return Chip(unit["name"], "set", count=self.counts[unit["selector"]], trust=trust)
        candidates = tuple((pk, self.names[pk]) for pk, _score in unit["candidates"] if pk in self.names)
        is_temporary = unit["how"] == "temporary_body"
        return Chip(unit["name"], "lost", candidates=candidates, is_temporary=is_temporary, trust=trust)

    def standing(self) -> dict[str, Any]:
        """Progress, coverage and what may be done next; shared by the page and every fragment."""
        first = next((p for p in self.proposals if p.state == "proposed"), None)
        undecided = [p for p in self.proposals if p.state == "proposed"]
        sure = sum(ready(p) for p in undecided)
        return {
            "directive": self.directive,
            "coverage": get_coverage(self.directive, clauses=self.clauses, proposals=self.proposals),
            "sure": sure,
            "sure_with_gaps": sum(ready(p, with_gaps=True) for p in undecided) - sure,
            "may_edit": self.may_edit,
            "part": self.part,
            "part_count": len(self.parts),
            "first_undecided": first,
            "first_part": self._part_of(first) if first else 1,
            "labels": LABELS,
            "panels": Panels(self.request, self.directive, self.proposals, index=self.index, may_edit=self.may_edit),
        }

    def source(self) -> dict[str, Any]:
        """The source's own pane: its text with marks, or the pages of the original with boxes."""
        start, end = self.span
        context: dict[str, Any] = {
            "has_pages": has_pages(self.directive),
            "numbers": {p.pk: n for n, p in enumerate(self.proposals, start=1)},
            "covered": {p.clause_id for p in self.proposals},
        }
        if context["has_pages"] and self.request.GET.get("view") == "original":
            return context | {"pages": list_shown_pages(self.directive, span=self.span, proposals=self.proposals)}
        shown = [c for c in self.clauses if start <= c.start < end or c.start == c.end == start]
        return context | {"source": list_source(self.directive, clauses=shown, proposals=self.proposals)}

    def page(self) -> dict[str, Any]:
        """Everything that the review page shows."""
        return {**self.standing(), **self.source(), "cards": self.cards(), "menu": list_unit_menu(self.index)}


def trust_of(row: dict[str, Any]) -> Trust | None:
    """How far a field is to be trusted; None for what needs no word: stated outright, or checked."""
    if row.get("checked") or (row["kind"] in ("explicit", "ocr") and row["sure"]):
        return None
    shape, word = TRUSTED[row["kind"]]
    why = _("%(why)s: “%(value)s”") % {"why": EVIDENCE_LABELS[row["kind"]], "value": row["value"]}
    return Trust(shape, word, why, row["sure"])


def fields_trusted(evidence: Sequence[dict[str, Any]]) -> dict[str, Trust]:
    """The least trusted evidence of each field of a proposal that is no unit."""
    found: dict[str, Trust] = {}
    for row in sorted(evidence, key=lambda row: not row["sure"]):
        trust = trust_of(row)
        if trust:
            found[row["field"]] = trust
    return found


def place_words(place: Place | None) -> str:
    """Where in the original that is, in words: 第3页, 表1第3行第2格, 第12段."""
    if place is None:
        return ""
    words = [_("page %(n)s") % {"n": place.page}] if place.page else []
    if place.row:
        words.append((_("sheet %(n)s") if place.kind == "s" else _("table %(n)s")) % {"n": place.number})
        words.append(_("row %(n)s") % {"n": place.row})
        words += [_("cell %(n)s") % {"n": place.cell}] if place.cell else []
    elif place.kind == "n":
        words.append(_("footnote %(n)s") % {"n": place.number})
    elif not place.page:
        words.append(_("paragraph %(n)s") % {"n": place.number})
    return " ".join(words)


TRUSTED: dict[str, tuple[str, "StrOrPromise"]] = {
    "explicit": ("△", gettext_lazy("unsure")),
    "document_rule": ("◇", gettext_lazy("rule of the paper")),
    "inherited": ("↑", gettext_lazy("from above")),
    "inferred": ("△", gettext_lazy("inferred")),
    "ocr": ("▣", gettext_lazy("check against the scan")),
    "model": ("◆", gettext_lazy("by the model")),
}
LABELS = {
    "states": STATE_LABELS,
    "kinds": KIND_LABELS,
    "proposals": PROPOSAL_LABELS,
    "cadences": CADENCE_LABELS,
    "roles": UNIT_ROLE_LABELS,
    "papers": PAPER_NOTE_LABELS,
}


def answer(
    request: SignedRequest, directive: Directive, *, card: int | None = None, problem: str = "", said: str = "",
    marks_changed: bool = False,
) -> HttpResponse:  # fmt: skip
    """After a step: the card (or all cards) anew with the standing for HTMX, else the page at that card.

    With `marks_changed` all cards come, and the source's pane too.
    """
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        return redirect(_address(request, directive, card))
    board = Board(request, directive)
    context = {**board.standing(), "problem": problem, "said": said, "problem_at": card, "is_fragment": True}
    if card is not None and not problem and not marks_changed:
        context["cards"] = board.cards([card])
        return render(request, "directives/_one.html", context)
    context["cards"] = board.cards()
    if marks_changed:
        context |= board.source() | {"with_source": True, "chosen": card}
    response = render(request, "directives/_all.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#proposals", "outerHTML"
    return response


def _address(request: SignedRequest, directive: Directive, card: int | None) -> str:
    part = request.GET.get("part", "")
    query = f"?part={part}" if part.isdecimal() and part != "1" else ""
    return reverse("directives:review", args=[directive.pk]) + query + (f"#p-{card}" if card else "#standing")
