"""The linter: its rules and severities, and what it says of a task, of a directive and of the ledger."""

from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.policy import get_policy
from luoshi.directives.queries import get_directive_for
from luoshi.orgs.queries import get_unit_for, parse_unit
from luoshi.tasks.actions.linting import set_severities
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut
from luoshi.tasks.models import LINT_TEXTS, Task
from luoshi.tasks.queries import explain_finding, get_task_for
from luoshi.tasks.queries.linting import (
    Checked,
    check_directive,
    check_task,
    check_up,
    get_severities,
    list_keepers_units,
    list_open_visible,
    score_of,
)
from luoshi.tasks.rules.linter import BY_CODE, LINT_RULES

router = Router(tags=["linter"])
PAGE = 100


class FindingOut(Schema):
    """One thing to look at."""

    code: str = Field(examples=["L104"])
    severity: str = Field(examples=["warn"])
    field: str = Field(examples=["requirement"])
    sentence: str


class SuggestionOut(Schema):
    """What the clause offers for a field, with its words."""

    field: str = Field(examples=["due_date"])
    shown: str = Field(examples=["2026-12-20"])
    quote: str = Field(examples=["12月20日前"])


class CheckedOut(Schema):
    """A task (with its number) or a proposal with what the linter says of it."""

    id: int
    code: str = ""
    title: str
    findings: list[FindingOut]
    suggestions: list[SuggestionOut] = []


class PartOut(Schema):
    """One share of the score."""

    part: str = Field(examples=["date"])
    count: int
    of: int


class DirectiveLintOut(Schema):
    """A directive gone through, and how concrete it is."""

    score: Decimal | None = None
    parts: list[PartOut]
    items: list[CheckedOut]


class CheckUpOut(Schema):
    """The open tasks that the reader sees: how often each rule spoke, and the tasks of the rule asked for."""

    total: int
    is_whole: bool
    counts: dict[str, int]
    items: list[CheckedOut]


class RuleOut(Schema):
    """A rule with its reason and examples, and how serious the unit takes it."""

    code: str
    name: str
    field: str
    severity: str
    title: str
    why: str
    bad: str
    good: str


class SeveritiesIn(Schema):
    """Severity by code; "" follows the unit above."""

    severities: dict[str, Annotated[str, Field(max_length=8)]] = Field(max_length=100, examples=[{"L104": "stop"}])


def _out(one: Checked) -> dict[str, Any]:
    return {
        "id": one.subject.pk,
        "code": one.subject.code if isinstance(one.subject, Task) else "",
        "title": one.subject.title,
        "findings": [
            {"code": f.code, "severity": f.severity.value, "field": f.field, "sentence": explain_finding(f)}
            for f in one.findings
        ],
        "suggestions": [{"field": s.field, "shown": s.shown, "quote": s.quote} for s in one.suggestions],
    }


@router.get("/tasks/{id}/lint", response={200: CheckedOut, 404: RefusalOut}, summary="What is soft in a task")
def of_task(request: ApiRequest, id: int) -> dict[str, Any]:
    """What the linter says of one task, and what its clause offers."""
    return _out(check_task(get_task_for(request.access, id=id), today=today(), policy=get_policy()))


@router.get(
    "/directives/{id}/lint", response={200: DirectiveLintOut, 404: RefusalOut}, summary="How concrete a directive is"
)
def of_directive(request: ApiRequest, id: int) -> dict[str, Any]:
    """Every proposal or task of a directive, and the score of the whole."""
    directive = get_directive_for(request.access, id=id)
    checked = check_directive(directive, request.access, today=today(), policy=get_policy())
    score = score_of(checked)
    return {"score": score.score, "parts": list(score.parts), "items": [_out(one) for one in checked]}


@router.get("/lint", response={200: CheckUpOut, 422: RefusalOut}, summary="Check the open tasks")
def of_ledger(
    request: ApiRequest, code: Query[str] = "", unit: Query[str] = "", skip: Query[int] = 0
) -> dict[str, Any]:
    """Counts per rule over the open tasks you see; with `code` its tasks, 100 at a time after `skip`."""
    named = parse_unit(unit, request.access) if unit else None
    tasks = list_open_visible(request.access, unit=named)
    code = code if code in BY_CODE else ""
    found = check_up(tasks, code=code, skip=max(0, skip), size=PAGE, today=today(), policy=get_policy())
    items = [_out(one) for one in found.found]
    return {"total": found.total, "is_whole": found.is_whole, "counts": dict(found.counts), "items": items}


@router.get("/lint/rules", response={200: list[RuleOut]}, summary="The rules of the linter")
def rules(request: ApiRequest) -> list[dict[str, Any]]:
    """All rules, as serious as your own government or company takes them."""
    return _rules(next(iter(request.access.homes), ""))


@router.get("/units/{id}/lint", response={200: list[RuleOut], 404: RefusalOut}, summary="Severities of a unit")
def rules_of(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """All rules, as serious as the unit takes them."""
    return _rules(get_unit_for(request.access, id=id).path or "")


@router.put(
    "/units/{id}/lint",
    response={200: list[RuleOut], 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Set severities of a unit",
)
def set_rules(request: ApiRequest, id: int, given: SeveritiesIn) -> list[dict[str, Any]]:
    """Decide how serious a unit whose head or office you are takes the rules; units below follow."""
    unit = get_unit_for(request.access, id=id)
    if not list_keepers_units(request.access).filter(pk=unit.pk).exists():
        raise NotAllowed
    set_severities(unit, given.severities, by=request.auth, now=now())
    return _rules(unit.path or "")


def _rules(path: str) -> list[dict[str, Any]]:
    severities = get_severities(get_policy()).of(path)
    rows = []
    for rule in LINT_RULES:
        text = LINT_TEXTS[rule.code]
        words = {"title": str(text.title), "why": str(text.why), "bad": str(text.bad), "good": str(text.good)}
        row = {"code": rule.code, "name": rule.name, "field": rule.field, "severity": severities[rule.code].value}
        rows.append({**row, **words})
    return rows
