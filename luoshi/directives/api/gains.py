"""What is answered once for a whole paper, over the API: names, columns, indicators, coverage and versions."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Body, Schema
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.directives.actions import name_unit, reread_directive
from luoshi.directives.actions.adopting import decide_goal, edit_goal, set_supersedes
from luoshi.directives.actions.columns import remember_columns
from luoshi.directives.api.schemas import ApiRequest, RefusalOut, router
from luoshi.directives.models import Directive, Goal
from luoshi.directives.queries import (
    find_unit_named,
    get_columns,
    get_coverage,
    get_directive_for,
    get_goal,
    get_unit_index,
    list_clause_pairs,
    list_clauses,
    list_goals,
    list_headings,
    list_lost_names,
    list_proposals,
    may_change,
)
from luoshi.directives.rules import UnitIndex
from luoshi.directives.rules.versions import Pair
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import parse_unit

CHANGED = {403: RefusalOut, 404: RefusalOut, 409: RefusalOut}


class OpenClauseOut(Schema):
    """A clause that nothing accounts for."""

    position: int
    outline: str
    excerpt: str


class CoverageOut(Schema):
    """How far a directive is accounted for; `percent` is of the clauses that need an answer."""

    percent: int
    covered: int
    pending: int
    information: int
    uncovered: int
    open_clauses: list[OpenClauseOut]


class GoalOut(Schema):
    """An indicator that the document sets for itself as a whole; the value is a decimal string."""

    id: int
    name: str = Field(examples=["粮食播种面积"])
    op: str = Field(examples=[">="])
    value: Decimal
    unit: str = Field(examples=["万亩"])
    due_date: date | None = None
    state: str = Field(examples=["proposed"])
    version: int


class GoalIn(Schema):
    """A decision about an indicator, or its correction, which accepts it as well."""

    version: int
    state: Literal["accepted", "dropped", "proposed"] = "accepted"
    name: str = Field("", max_length=120)
    op: Literal[">=", ">", "<=", "<", "=", "~"] = "="
    value: Decimal | None = Field(None, max_digits=18, decimal_places=4)
    unit: str = Field("", max_length=30)
    due_date: Day | None = None


class CandidateOut(Schema):
    """A unit that a name may stand for."""

    id: int
    name: str


class LostNameOut(Schema):
    """A name that matched no unit, how often it stands in the paper, and which units it may be."""

    name: str = Field(examples=["县低空经济专班"])
    count: int
    candidates: list[CandidateOut]


class NameIn(Schema):
    """What one name stands for: a unit by name, short name or alias, or a group such as 各乡镇."""

    name: str = Field(max_length=120)
    unit: str = Field(max_length=120, examples=["县发改局"])
    remember: bool = Field(default=True, description="keep it as an alias, where your post lets you")


Names = Annotated[list[NameIn], Field(max_length=200)]


class ChangeOut(Schema):
    """Words that stay (same), come (new) or go (gone)."""

    kind: str
    text: str


class PairOut(Schema):
    """A clause of the replaced directive and its successor."""

    kind: str = Field(examples=["changed"])
    old: str = Field("", description="its place in the outline of the replaced directive")
    new: str = ""
    text: str
    changes: list[ChangeOut]


class VersionsOut(Schema):
    """The directive against the one that it replaces, clause by clause."""

    supersedes: int | None
    pairs: list[PairOut]


class SupersedesIn(Schema):
    """Which earlier directive of the same unit this one replaces; null for none."""

    earlier: int | None


class ColumnsIn(Schema):
    """What table headings stand for: text, lead, joint, co, guide, verifier, due, people, serial, or empty."""

    roles: dict[
        str, Literal["text", "lead", "joint", "co", "guide", "verifier", "due", "people", "serial", ""]
    ] = Field(max_length=60)  # fmt: skip


class ColumnsOut(Schema):
    """What headings stand for now, and whether the paper was read again with them."""

    roles: dict[str, str]
    reread: bool


@router.get("/directives/{id}/coverage", response={200: CoverageOut, 404: RefusalOut}, summary="What is accounted for")
def coverage(request: ApiRequest, id: int) -> dict[str, Any]:
    """The share of clauses accounted for, and those that are not."""
    directive = get_directive_for(request.access, id=id)
    found = get_coverage(directive, clauses=list_clauses(directive), proposals=list_proposals(directive))
    kinds = ("covered", "pending", "information", "uncovered")
    return {"percent": found.share, "open_clauses": found.open_clauses} | {kind: found.counts[kind] for kind in kinds}


@router.get("/directives/{id}/goals", response={200: list[GoalOut], 404: RefusalOut}, summary="Its own indicators")
def goals(request: ApiRequest, id: int) -> list[Goal]:
    """The indicators that the document sets for itself as a whole."""
    return list_goals(get_directive_for(request.access, id=id))


@router.post("/directives/{id}/goals/{goal_id}", response={200: GoalOut, **CHANGED}, summary="Decide on an indicator")
def decide(request: ApiRequest, id: int, goal_id: int, given: GoalIn) -> Goal:
    """Accept, drop or take back; with a name and a value it is corrected and accepted."""
    directive = get_directive_for(request.access, id=id, to="edit")
    goal, by = get_goal(directive, id=goal_id), request.auth
    if given.name and given.value is not None:
        edit_goal(
            goal, name=given.name, op=given.op, value=given.value, unit=given.unit, due_date=given.due_date,
            version=given.version, by=by, now=now(),
        )  # fmt: skip
    else:
        decide_goal(goal, state=given.state, version=given.version, by=by, now=now())
    return get_goal(directive, id=goal_id)


@router.get("/directives/{id}/names", response={200: list[LostNameOut], 404: RefusalOut}, summary="Unknown names")
def names(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """The names of the whole paper that matched no unit, each once."""
    return _lost(get_directive_for(request.access, id=id))


@router.post(
    "/directives/{id}/names",
    response={200: list[LostNameOut], 422: RefusalOut, **CHANGED},
    summary="Answer unknown names",
)
def answer(request: ApiRequest, id: int, given: Body[Names]) -> list[dict[str, Any]]:
    """Say what names stand for, everywhere in the paper; the names that still wait."""
    directive = get_directive_for(request.access, id=id, to="edit")
    may_remember = may_change(request.access, directive, verb="remember")
    index = get_unit_index(directive.unit, today=today())
    for one, unit, selector in [(one, *_meant(request, directive, one.unit, index=index)) for one in given]:
        name_unit(
            directive, name=one.name, unit=unit, selector=selector, by=request.auth, now=now(), today=today(),
            remember=one.remember and may_remember,
        )  # fmt: skip
    return _lost(directive)


def _meant(request: ApiRequest, directive: Directive, words: str, *, index: UnitIndex) -> tuple[Unit | None, str]:
    """The unit or the selector; by its code too. Raises UnknownUnit."""
    unit, selector = find_unit_named(directive, words, access=request.access, today=today(), index=index)
    return (unit, selector) if unit or selector else (parse_unit(words, request.access), "")


def _lost(directive: Directive) -> list[dict[str, Any]]:
    return [
        {"name": r.name, "count": r.count, "candidates": [{"id": pk, "name": name} for pk, name in r.candidates]}
        for r in list_lost_names(list_proposals(directive))
    ]


@router.post("/directives/{id}/columns", response={200: ColumnsOut, **CHANGED}, summary="Say what columns stand for")
def columns(request: ApiRequest, id: int, given: ColumnsIn) -> dict[str, Any]:
    """Remember what table headings stand for; the paper is read again unless something is decided already."""
    directive = get_directive_for(request.access, id=id, to="edit")
    headings = list_headings(directive)
    roles = {heading.strip(): role for heading, role in given.roles.items() if heading.strip() in headings}
    if not roles:
        return {"roles": get_columns(directive.unit), "reread": False}
    remember_columns(directive.unit, roles=roles, by=request.auth, now=now())
    try:
        reread_directive(directive, by=request.auth, now=now(), today=today())
    except Refusal:
        return {"roles": get_columns(directive.unit), "reread": False}
    return {"roles": get_columns(directive.unit), "reread": True}


@router.get("/directives/{id}/versions", response={200: VersionsOut, 404: RefusalOut}, summary="Compare versions")
def versions(request: ApiRequest, id: int) -> dict[str, Any]:
    """The directive against the one that it replaces."""
    directive = get_directive_for(request.access, id=id)
    if directive.supersedes_id:
        get_directive_for(request.access, id=directive.supersedes_id)
    return {"supersedes": directive.supersedes_id, "pairs": [_pair(p) for p in list_clause_pairs(directive)]}


def _pair(pair: Pair) -> dict[str, Any]:
    standing = pair.new or pair.old
    return {
        "kind": pair.kind,
        "old": pair.old.outline if pair.old else "",
        "new": pair.new.outline if pair.new else "",
        "text": standing.text.strip() if standing else "",
        "changes": pair.changes,
    }


@router.post("/directives/{id}/supersedes", response={200: VersionsOut, **CHANGED}, summary="Say what it replaces")
def supersede(request: ApiRequest, id: int, given: SupersedesIn) -> dict[str, Any]:
    """Say which earlier directive of the same unit this one replaces."""
    directive = get_directive_for(request.access, id=id, to="edit")
    earlier = get_directive_for(request.access, id=given.earlier) if given.earlier is not None else None
    set_supersedes(directive, earlier=earlier, by=request.auth, now=now())
    return versions(request, id)
