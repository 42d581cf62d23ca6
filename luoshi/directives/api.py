"""Directives over the API: list them, and read one with what it proposes; the same gate as the pages."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.core.pagination import MAX_PAGE_SIZE, PAGE_SIZE, paginate
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import get_directive_for, list_directives, list_proposals
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
    state: str = Field(examples=["proposed"])


class DirectiveOut(DirectiveRow):
    """A directive with its text and everything it proposes."""

    text: str
    proposals: list[ProposalOut]


class RefusalOut(Schema):
    """Why something was not done, and what to do instead."""

    detail: str


@router.get("/directives", response=DirectiveList, summary="List the directives you may see")
def list_all(request: ApiRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Directives, newest first, page by page."""
    found = list_directives(request.access, text=filters.q, state=filters.state)
    page = paginate(found, number=filters.page, size=filters.size)
    rows = [_row(directive) for directive in page.rows]
    return {"total": page.total, "page": page.number, "pages": page.count, "directives": rows}


@router.get("/directives/{id}", response={200: DirectiveOut, 404: RefusalOut}, summary="Read one directive")
def read(request: ApiRequest, id: int) -> dict[str, Any]:
    """The directive's text and its proposals in order."""
    directive = get_directive_for(request.access, id=id)
    proposals = list_proposals(directive)
    ids = {u["unit"] for p in proposals for u in p.units if u["unit"]}
    codes = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "code"))
    found = [_proposal(p, codes) for p in proposals]
    return {**_row(directive), "text": directive.text, "proposals": found}


def _row(directive: Directive) -> dict[str, Any]:
    names = ("id", "title", "number", "issuer", "issued_date", "state")
    return {name: getattr(directive, name) for name in names} | {"unit": directive.unit.code}


def _proposal(proposal: Proposal, codes: dict[int, str]) -> dict[str, Any]:
    names = (
        "id", "title", "requirement", "standard", "start", "end", "due_date", "is_open_ended", "review_date",
        "cadence", "targets", "milestones", "notes", "state",
    )  # fmt: skip
    units = [{**u, "unit": codes.get(u["unit"], "")} for u in proposal.units]
    return {name: getattr(proposal, name) for name in names} | {"outline": proposal.clause.outline, "units": units}
