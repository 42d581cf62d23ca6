"""What one box finds, and what differs between two days of the ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.ledger.api.columns import ApiRequest
from luoshi.ledger.queries import choose, list_matching
from luoshi.ledger.queries.comparing import Line, Span, compare_days
from luoshi.ledger.queries.finding import find
from luoshi.ledger.rules import StateGroup, parse_filter
from luoshi.ledger.rules.comparing import Change

router = Router(tags=["ledger"])
MOST_LINES = 1000


class FoundOut(Schema):
    """Something that holds what was typed; `url` is its page."""

    kind: str = Field(examples=["task", "directive", "unit", "person", "page"])
    label: str
    note: str = Field("", description="its number, code or user name")
    url: str


class Days(Schema):
    """Which two days to compare, and in which part of the ledger."""

    since: Day = Field(description="what stood at the end of this day", examples=["2026-10-31"])
    until: Day | None = Field(None, description="and at the end of this one; empty for today")
    change: Change | None = Field(None, description="list only this change; all are counted")
    q: str = Field("", max_length=100)
    unit: str = Field("", description="a unit and those below it, as on the page")
    state: str = Field(StateGroup.ALL.value, description="the state today")
    tier: str = ""


class ChangeOut(Schema):
    """One change of one task: texts before and after, or percents for `progress`."""

    change: Change
    task: int
    code: str
    title: str
    first_due_date: date | None = Field(None, description="for `date`: what was set first")
    then: str = Field(description="a date, a number, names of units, or a state")
    now: str
    percent_then: Decimal | None = None
    percent_now: Decimal | None = None


class ChangesOut(Schema):
    """How many there are of each change, and at most a thousand of each."""

    since: date
    until: date
    counts: dict[str, int]
    changes: list[ChangeOut]


@router.get("/search", response=list[FoundOut], summary="Find tasks, directives, units, people and pages")
def search(request: ApiRequest, q: Query[str] = "") -> list[dict[str, Any]]:
    """At most five of a kind that hold all that is typed; words, numbers, or initials of pinyin."""
    groups = find(request.access, q, today=today())
    return [{"kind": g.kind, "label": hit.label, "note": hit.note, "url": hit.url} for g in groups for hit in g.hits]


@router.get("/ledger/changes", response=ChangesOut, summary="What differs between two days")
def changes(request: ApiRequest, given: Query[Days]) -> dict[str, Any]:
    """Tasks that were added, ended or changed between the ends of two days, from the journal."""
    day = today()
    asked = given.dict(include={"q", "unit", "state", "tier"})
    choice = choose(parse_filter(asked), access=request.access)
    tasks = list_matching(choice, access=request.access, today=day, policy=get_policy())
    days = sorted((min(given.since, day), min(given.until or day, day)))
    found = compare_days(tasks, Span(*days), only=given.change, most=MOST_LINES)
    counts = {change.value: number for change, number in found.counts.items()}
    rows = [_change(line) for lines in found.lines.values() for line in lines]
    return {"since": days[0], "until": days[1], "counts": counts, "changes": rows}


def _change(line: Line) -> dict[str, Any]:
    return {
        "change": line.change, "task": line.id, "code": line.code, "title": line.title,
        "first_due_date": line.original if line.change == Change.DATE else None, "then": line.then, "now": line.now,
        "percent_then": line.was, "percent_now": line.stands,
    }  # fmt: skip
