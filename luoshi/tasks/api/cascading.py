"""Giving a task down over the API: work a division out, give the parts, read the sums and what was asked beyond."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import MAX_PAGE_SIZE, PAGE_SIZE, paginate
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import parse_unit
from luoshi.tasks.actions import cascade_task
from luoshi.tasks.actions.inflating import mark_seen
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut
from luoshi.tasks.models import Inflation
from luoshi.tasks.queries import acting_unit, get_parent_facts, get_task_for, list_named
from luoshi.tasks.queries.dividing import Method, divide_target
from luoshi.tasks.queries.inflating import (
    count_unseen,
    describe_inflation,
    list_inflations,
    list_inflations_of,
    list_tiers,
)
from luoshi.tasks.queries.measures import Division, SumRow, get_main, list_divisions, list_measures
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.division import places_of
from luoshi.tasks.rules.inflation import whole_ratio
from luoshi.tasks.rules.states import Cadence

router = Router(tags=["giving down"])
MOST_PARTS = 20_000
Quantity = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class CannotDivide(Refusal):
    """There is nothing to divide, or no way to divide it so; the sentence says which."""

    status = 422


class UnknownUnits(Refusal):
    """Some of the units named are none that the task may be given to."""

    status = 422

    def __init__(self, names: list[str]) -> None:
        super().__init__(_("Not found, or more than one is meant: %(names)s.") % {"names": "、".join(names[:20])})


class DivideIn(Schema):
    """How to divide what is left of the target. Figures are those of `year`, or the latest before it."""

    units: list[str] = Field(max_length=MOST_PARTS, examples=[["QH-T01", "QH-T02"]])
    how: Literal["even", "base", "formula", "value", "each"] = "even"
    figure: str = Field("", max_length=40, examples=["户籍人口"])
    formula: str = Field("", max_length=200, examples=["0.7*户籍人口 + 0.3*上年城镇新增就业"])
    floor: str = Field("", max_length=200, description="a number or a formula")
    ceiling: str = Field("", max_length=200)
    year: int | None = Field(None, ge=1990, le=2100)


class DividedRow(Schema):
    """What a unit would be given; `target` is empty where a figure is missing."""

    unit: str
    base: Decimal | None = None
    target: Decimal | None = None


class DividedOut(Schema):
    """A division worked out; nothing is given down yet. `notes` say what must be known of it."""

    parts: list[DividedRow]
    notes: list[str]


class PartIn(Schema):
    """What one unit is to take over; what is left out is the task's own."""

    unit: str = Field(max_length=120, examples=["QH-T01"])
    target: Quantity | None = None
    requirement: str = Field("", max_length=2000)
    standard: str = Field("", max_length=2000)
    due_date: Day | None = None
    weight: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=3)] | None = None
    periods: dict[str, Quantity] = Field({}, description="targets to date of the main indicator, by period")


class CascadeIn(Schema):
    """The parts, given in one act. Where more is asked than of the task, `reason` is needed."""

    parts: list[PartIn] = Field(max_length=MOST_PARTS)
    cadence: Cadence | None = Field(None, description="of the reports, where it differs from the task's")
    reason: str = Field("", max_length=500)
    dispatch: bool = True


class CascadedOut(Schema):
    """How many parts were made."""

    count: int


class SumOut(Schema):
    """A target and what the parts come to; `gap` is below zero where they fall short."""

    label: str
    whole: Decimal
    parts: Decimal
    gap: Decimal


class DivisionOut(Schema):
    """分解合计 of one target of the task, in all and period by period."""

    name: str = Field(description="the indicator; empty for the task's own target")
    measure: str
    count: int
    without: int = Field(description="parts without a target of their own")
    total: SumOut
    periods: list[SumOut]


class TierOut(Schema):
    """What a tier was asked and what it asked in all."""

    unit: str
    asked: Decimal | None
    given: Decimal | None
    ratio: Decimal | None


class InflationOut(Schema):
    """More asked than was asked from above; without `part` it is about the parts together."""

    id: int
    task: int
    part: int | None
    unit: str = Field(description="code of the unit that gave down")
    kind: str = Field(examples=["target", "date", "report", "evidence"])
    figure: Decimal
    words: str
    reason: str
    by: str
    at: datetime


class SumsOut(Schema):
    """The sums of a task's parts, the chain of tiers above it, and what was asked beyond."""

    divisions: list[DivisionOut]
    tiers: list[TierOut]
    ratio: Decimal | None = Field(description="how many times the root's target, by the tiers above")
    inflations: list[InflationOut]


class InflationsIn(Schema):
    """Which lines are asked for."""

    unit: str = Field("", max_length=120, description="name or code of the unit that gave down, or one above it")
    kind: Literal["", "target", "date", "report", "evidence"] = ""
    ratio: Decimal | None = Field(None, gt=0, lt=1000)
    page: int = Field(1, ge=1)
    size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE)


class InflationsOut(Schema):
    """One page of lines, the latest first."""

    total: int
    page: int
    pages: int
    items: list[InflationOut]


@router.post(
    "/tasks/{id}/division", response={200: DividedOut, 403: RefusalOut, 404: RefusalOut, 422: Any},
    summary="Work a division out",
)  # fmt: skip
def division(request: ApiRequest, id: int, given: DivideIn) -> dict[str, Any]:
    """Divide what is left of the target among units; nothing is changed."""
    task = get_task_for(request.access, id=id, to="cascade")
    giver = acting_unit(request.access, task, "cascade")
    measures = list_measures(task)
    facts, main = get_parent_facts(task, measures=measures), get_main(measures)
    units = _units(request, [*given.units], giver=giver)
    whole = facts.target_value
    if whole is None:
        return {"parts": [{"unit": unit.code} for unit in units.values()], "notes": [_("The task has no target.")]}
    names = given.dict(include={"figure", "formula", "floor", "ceiling"})
    found = divide_target(
        Method(given.how, given.year or today().year, **names), list(units.values()), left=whole - facts.given_value,
        whole=whole, places=main.places if main else places_of(whole),
    )  # fmt: skip
    if found.fault:
        raise CannotDivide(found.fault)
    rows = [
        {"unit": unit.code, "base": found.bases.get(unit.pk), "target": found.targets.get(unit.pk)}
        for unit in units.values()
    ]
    return {"parts": rows, "notes": list(found.notes)}


def _units(request: ApiRequest, names: list[str], *, giver: Unit) -> dict[str, Unit]:
    """The units by the words that name them, in that order. Raises UnknownUnits."""
    found, lost = list_named(request.access, names, giver=giver, today=today())
    if lost:
        raise UnknownUnits(lost)
    return {name.strip(): found[name.strip()] for name in names if name.strip()}


@router.post(
    "/tasks/{id}/cascade",
    response={201: CascadedOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut, 422: Any},
    summary="Give a task down",
)
def cascade(request: ApiRequest, id: int, given: CascadeIn) -> Status[dict[str, int]]:
    """Give parts of the task to units, in one act and one entry of the journal."""
    task = get_task_for(request.access, id=id, to="cascade")
    giver = acting_unit(request.access, task, "cascade")
    units = _units(request, [part.unit for part in given.parts], giver=giver)
    shares = [
        Share(
            units[part.unit.strip()].pk, part.target, part.requirement, part.standard, part.due_date, part.weight,
            periods=part.periods,
        )
        for part in given.parts
    ]  # fmt: skip
    count = cascade_task(
        task, shares=shares, owner=giver, by=request.auth, now=now(), dispatch=given.dispatch, reason=given.reason,
        cadence=None if given.cadence is None else given.cadence.value,
    )  # fmt: skip
    return Status(201, {"count": count})


@router.get("/tasks/{id}/division", response={200: SumsOut, 404: RefusalOut}, summary="Sums of a task's parts")
def sums(request: ApiRequest, id: int) -> dict[str, Any]:
    """What the parts come to beside the task, how the target grew from tier to tier, and what was asked beyond."""
    task = get_task_for(request.access, id=id)
    tiers = list_tiers(task)
    return {
        "divisions": [_division(found) for found in list_divisions(task)],
        "tiers": [{"unit": t.name, "asked": t.asked, "given": t.given, "ratio": t.ratio} for t in tiers],
        "ratio": whole_ratio(tiers),
        "inflations": [_inflation(row) for row in list_inflations_of(task)],
    }


def _division(found: Division) -> dict[str, Any]:
    columns = {name: getattr(found, name) for name in ("name", "measure", "count", "without")}
    return {**columns, "total": _sum(found.total), "periods": [_sum(row) for row in found.periods]}


def _sum(row: SumRow) -> dict[str, Any]:
    return {"label": row.label, "whole": row.whole, "parts": row.parts, "gap": row.gap}


@router.get("/inflations", response={200: InflationsOut, 422: Any}, summary="What was asked beyond what was asked")
def inflations(request: ApiRequest, asked: Query[InflationsIn]) -> dict[str, Any]:
    """Line by line with the reasons, of the tasks that you see."""
    path = parse_unit(asked.unit, request.access).path or "" if asked.unit else ""
    rows = list_inflations(request.access, unit=path, kind=asked.kind, ratio=asked.ratio)
    page = paginate(rows, number=asked.page, size=asked.size)
    items = [_inflation(row) for row in page.rows]
    return {"total": page.total, "page": page.number, "pages": page.count, "items": items}


class SeenIn(Schema):
    """Up to which line you have looked."""

    last: int = Field(ge=0, lt=10**16, description="the `id` of the latest line you have seen")


class UnseenOut(Schema):
    """How many acts are left to look at."""

    unseen: int


@router.post("/inflations/seen", response=UnseenOut, summary="Note that you have looked at these")
def seen(request: ApiRequest, given: SeenIn) -> dict[str, int]:
    """A note for yourself alone: lines up to this one are no longer counted as new."""
    mark_seen(request.auth, last=given.last)
    return {"unseen": count_unseen(request.access)}


def _inflation(row: Inflation) -> dict[str, Any]:
    words = describe_inflation(row.kind, row.figure, row.was, row.now)
    columns = {name: getattr(row, name) for name in ("id", "kind", "figure", "reason", "at")}
    return {
        **columns,
        "task": row.task_id,
        "part": row.part_id,
        "unit": row.unit.code,
        "words": words,
        "by": row.by.name,
    }
