"""What the API takes and gives of directives."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from luoshi.directives.actions import problem_sentence, ready
from luoshi.directives.models import Clause, Directive, Intake, Proposal
from luoshi.directives.queries import list_clauses, list_proposals
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access

router = Router(tags=["directives"])


class ApiRequest(HttpRequest):
    """A request that the token opened."""

    auth: Person
    access: Access


class Filters(Schema):
    """Which directives to list."""

    q: str = Field("", max_length=100, description="words in the title, the number or the issuer")
    state: str = Field("", examples=["review"])
    page: int = Field(1, ge=1)
    size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE)


class DirectiveRow(Schema):
    """A directive in a list."""

    id: int
    title: str
    number: str = Field(examples=["青政发〔2026〕3号"])
    issuer: str
    issued_date: date | None = None
    unit: str = Field(description="code of the unit that registered it", examples=["QH"])
    state: str = Field(examples=["review"])


class DirectiveList(Schema):
    """One page of directives; `total` counts all that match."""

    total: int
    page: int
    pages: int
    directives: list[DirectiveRow]


class MentionOut(Schema):
    """A unit as the directive names it; `unit` is empty for a set of units or an unmatched name."""

    name: str = Field(examples=["县水利局"])
    role: str = Field(examples=["lead"])
    unit: str = Field("", examples=["QH-SLJ"])
    selector: str = Field("", examples=["level=township"])


class TargetOut(Schema):
    """A number to reach; the value is a decimal string."""

    name: str
    op: str = Field(examples=[">="])
    value: str = Field(examples=["42.6"])
    unit: str


class StepOut(Schema):
    """A dated step on the way."""

    name: str
    date: date


class EvidenceOut(Schema):
    """Why a field is believed, and whether it is sure."""

    field: str = Field(examples=["due"])
    value: str = Field(examples=["10月底前"])
    kind: str = Field(examples=["explicit"])
    sure: bool
    checked: bool = Field(default=False, description="a person compared it with the original")


class ProposalOut(Schema):
    """A duty as proposed; `start` and `end` are character offsets of its words in the directive's text."""

    id: int
    outline: str = Field(examples=["一/（二）/3"])
    title: str
    requirement: str
    standard: str
    start: int
    end: int
    units: list[MentionOut]
    due_date: date | None = None
    is_open_ended: bool
    review_date: date | None = None
    cadence: str
    targets: list[TargetOut]
    milestones: list[StepOut]
    notes: list[str]
    evidence: list[EvidenceOut]
    origin: str = Field(examples=["grammar"])
    is_ready: bool = Field(description="accepted by accept-sure: surely read, and nothing is left to decide")
    state: str = Field(examples=["proposed"])
    version: int = Field(description="send it back with a step, so that nobody's change is lost")


class ClauseOut(Schema):
    """A clause; `start` and `end` are character offsets into the directive's text."""

    position: int
    outline: str
    title: str
    role: str
    start: int
    end: int
    is_information: bool


class DirectiveOut(DirectiveRow):
    """A directive with its text and everything it proposes."""

    text: str
    is_internal: bool
    clauses: list[ClauseOut]
    proposals: list[ProposalOut]


class RefusalOut(Schema):
    """Why something was not done, and what to do instead."""

    detail: str


class FaultOut(Schema):
    """A field that cannot be taken as it is, and why."""

    field: str
    problem: str


class FaultsOut(Schema):
    """What cannot be taken; a sentence when it is the paper itself."""

    detail: str | list[FaultOut]


class PaperIn(Schema):
    """A paper to register, sent as a form with the file beside it, or with its text."""

    unit: str = Field("", description="the unit that registers it; empty: the first you register for", examples=["QH"])
    text: str = Field("", max_length=2_000_000, description="instead of a file")
    received_date: Day | None = Field(None, description="empty: today")
    is_internal: bool = Field(default=False, description="never sent to any outside service")
    supersedes: int | None = Field(None, description="the directive that it replaces")
    again: bool = Field(default=False, description="register the very same bytes once more")


class IntakeOut(Schema):
    """A long paper on its way: waiting, reading, done (`directive` is its id), refused (see `detail`) or cancelled."""

    id: int
    state: str = Field(examples=["reading"])
    file_name: str
    pages_read: int
    pages: int
    directive: int | None = None
    problem: str = Field("", examples=["encrypted"])
    detail: str = ""
    created_at: datetime


class PageOut(Schema):
    """A page of the original that can be shown; sizes in points."""

    number: int
    width: float
    height: float
    picture: str = Field(examples=["/api/directives/7/pages/1"])


class StepIn(Schema):
    """A step; with `version` it is refused when somebody changed the proposal since."""

    version: int | None = None


class ProposalIn(Schema):
    """The fields of a proposal to change; what is left out stays. Units are names as the pages take them."""

    version: int | None = None
    title: str | None = Field(None, min_length=1, max_length=300)
    requirement: str | None = Field(None, min_length=1, max_length=20_000)
    standard: str | None = Field(None, max_length=5_000)
    due_date: Day | None = None
    is_open_ended: bool | None = None
    review_date: Day | None = None
    cadence: str | None = Field(None, examples=["monthly"])
    lead: list[str] | None = Field(None, max_length=60)
    joint: list[str] | None = Field(None, max_length=60)
    co: list[str] | None = Field(None, max_length=60)
    guide: list[str] | None = Field(None, max_length=60)
    verifier: list[str] | None = Field(None, max_length=60)


class WordsIn(Schema):
    """A duty that was not found: a clause by its position, and words from there on (empty: the whole clause)."""

    clause: int
    words: str = Field("", max_length=3_000)


class SureOut(Schema):
    """How many were accepted."""

    accepted: int


Step = Literal["accept", "drop", "information", "check", "undo"]


def row_of(directive: Directive) -> dict[str, Any]:
    """A directive in a list."""
    names = ("id", "title", "number", "issuer", "issued_date", "state")
    return {name: getattr(directive, name) for name in names} | {"unit": directive.unit.code}


def directive_out(directive: Directive) -> dict[str, Any]:
    """A directive in full."""
    return {
        **row_of(directive), "text": directive.text, "is_internal": directive.is_internal,
        "clauses": [_clause(c) for c in list_clauses(directive)], "proposals": proposals_out(list_proposals(directive)),
    }  # fmt: skip


def _clause(clause: Clause) -> dict[str, Any]:
    return {name: getattr(clause, name) for name in ClauseOut.model_fields}


def proposals_out(proposals: list[Proposal]) -> list[dict[str, Any]]:
    """Proposals in full, units by their codes; one query for these."""
    ids = {u["unit"] for p in proposals for u in p.units if u["unit"]}
    codes = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "code"))
    return [_proposal(p, codes) for p in proposals]


def _proposal(proposal: Proposal, codes: dict[int, str]) -> dict[str, Any]:
    derived = ("outline", "units", "is_ready")
    columns = {name: getattr(proposal, name) for name in ProposalOut.model_fields if name not in derived}
    units = [{**u, "unit": codes.get(u["unit"], "")} for u in proposal.units]
    return columns | {"outline": proposal.clause.outline, "units": units, "is_ready": ready(proposal)}


def intake_out(intake: Intake) -> dict[str, Any]:
    """A paper on its way."""
    names = ("id", "state", "file_name", "pages_read", "pages", "problem", "created_at")
    columns = {name: getattr(intake, name) for name in names}
    return columns | {"directive": intake.directive_id, "detail": str(problem_sentence(intake.problem))}
