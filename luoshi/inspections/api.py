"""Inspections over the API: what is planned, how it was drawn, what was concluded; the same gates as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.pagination import PAGE_SIZE, paginate
from luoshi.inspections.actions import concluding, planning
from luoshi.inspections.actions.deciding import record_decision
from luoshi.inspections.models import Advised, Conclusion, Decided, Draw, Inspection, Objection
from luoshi.inspections.queries.gate import (
    get_advised_for,
    get_conclusion_for,
    get_draw_for,
    get_inspection_for,
    list_about,
    list_inspections,
)
from luoshi.inspections.queries.loads import list_loads
from luoshi.inspections.queries.reading import list_objects, replay
from luoshi.inspections.rules.kinds import Lot
from luoshi.inspections.rules.lots import SCALE
from luoshi.tasks.api import ApiRequest, RefusalOut

router = Router(tags=["inspections"])


class PlanFields(Schema):
    """A plan and where it stands."""

    id: int
    code: str = Field(examples=["QH-DC-2026-003"])
    title: str
    kind: str = Field(examples=["special"])
    is_formal: bool = Field(description="true: an inspection 督查; false: internal supervision 督办")
    unit: str = Field(examples=["QH"])
    state: str
    from_date: date | None = None
    to_date: date | None = None


class InspectionOut(PlanFields):
    """A line of the list."""

    @staticmethod
    def resolve_unit(row: Inspection) -> str:
        return row.unit.code


class FindingOut(Schema):
    """What was found, and the task it became."""

    number: int
    fact: str
    rule: str
    requirement: str
    due_date: date
    severity: str
    task: int | None = Field(None, description="id of the task that puts it right")


class ObjectOut(Schema):
    """An object with how it came in and what was found."""

    id: int
    unit: str
    how: str
    probability: Decimal | None = None
    inspectors: list[str]
    findings: list[FindingOut]
    conclusion: int | None = None


class WholeOut(PlanFields):
    """A plan with its objects and, before approval, what it would mean for them."""

    basis: str
    content: str
    scope: str
    objects: list[ObjectOut]
    draws: list[int]
    warnings: list[str] = Field(description="codes of units inspected too often or in the same weeks, before approval")


class PickOut(Schema):
    """A unit of the frame: its inclusion probability, and whether it was drawn."""

    unit: int
    probability: float
    drawn: bool


class DrawOut(Schema):
    """A draw with all that repeating it needs, and whether repeating it just now gave the same."""

    id: int
    lot: str
    seed: str
    method: str
    parameters: dict[str, Any]
    frame: list[Any]
    frame_hash: str
    picks: list[PickOut]
    agrees: bool


class DecisionIn(Schema):
    """What was decided elsewhere on a proposal."""

    adopted: bool
    body: str = Field(max_length=120, examples=["县政府常务会议"])
    decided_date: Day
    number: str = Field("", max_length=60)
    words: str = Field("", max_length=500, description="required where it is not adopted")


class ProposalOut(Schema):
    """Praise, incentive, criticism or accountability, as proposed, and what became of it."""

    id: int
    kind: str = Field(examples=["criticism"])
    whom: str
    reason: str
    decision: DecisionIn | None = None


class ConclusionOut(Schema):
    """A conclusion with its clocks."""

    id: int
    inspection: str
    unit: str
    version: int
    state: str
    facts: str
    conclusion: str
    issued_at: datetime | None = None
    received_date: date | None = None
    objection_until: date | None = None
    review_due: date | None = None
    ruling: str = ""
    proposals: list[ProposalOut] = []


class ObjectionIn(Schema):
    """What is objected to, and why."""

    reason: str = Field(max_length=5000, examples=["一处地块属邻镇"])
    evidence: str = Field("", max_length=3000)


@router.get("/inspections", response=list[InspectionOut], summary="Inspections of one's own side, newest first")
def inspections(request: ApiRequest, state: str = "", page: Annotated[int, Query(ge=1)] = 1) -> list[Inspection]:
    """At most a page of them; none about oneself: those are told by their conclusions."""
    rows = list_inspections(request.access)
    rows = rows.filter(state=state) if state else rows
    return list(paginate(rows, number=page, size=PAGE_SIZE).rows)


@router.get("/inspections/conclusions", response=list[ConclusionOut], summary="Conclusions about one's own units")
def conclusions(request: ApiRequest, page: Annotated[int, Query(ge=1)] = 1) -> list[dict[str, Any]]:
    """What was fed back to the units where the person works."""
    return [
        _conclusion(row)
        for row in paginate(
            list_about(request.access).prefetch_related("advice__decided"), number=page, size=PAGE_SIZE
        ).rows
    ]


@router.get("/inspections/{id}", response={200: WholeOut, 404: RefusalOut}, summary="An inspection with its objects")
def inspection(request: ApiRequest, id: int) -> dict[str, Any]:
    """The plan, its objects and findings, and the warnings an approver would read."""
    found = get_inspection_for(request.access, id=id)
    early = found.state in ("draft", "proposed")
    loads = list_loads(found, today=today()) if early else []
    return {
        **InspectionOut.from_orm(found).dict(), "basis": found.basis, "content": found.content, "scope": found.scope,
        "objects": [_object(row) for row in list_objects(found)],
        "draws": list(found.draws.values_list("pk", flat=True)),
        "warnings": [row.unit.code for row in loads if row.load.warnings],
    }  # fmt: skip


def _object(row: Any) -> dict[str, Any]:
    held = next(iter(row.conclusions.all()), None)
    return {
        "id": row.pk, "unit": row.unit.code, "how": row.how, "probability": row.probability,
        "inspectors": [str(a.inspector.person) for a in row.assignments.all()], "conclusion": held.pk if held else None,
        "findings": [
            {"number": f.number, "fact": f.fact, "rule": f.rule, "requirement": f.requirement, "due_date": f.due_date,
             "severity": f.severity, "task": f.task_id}
            for f in row.findings.all()
        ],
    }  # fmt: skip


@router.post(
    "/inspections/{id}/propose", response={200: InspectionOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Put a plan before who approves",
)  # fmt: skip
def propose(request: ApiRequest, id: int) -> Inspection:
    """The same refusals as on the page."""
    found = get_inspection_for(request.access, id=id, to="plan")
    planning.propose_inspection(found, by=request.auth, now=now())
    return found


@router.get("/inspections/draws/{id}", response={200: DrawOut, 404: RefusalOut}, summary="A draw, drawn again")
def draw(request: ApiRequest, id: int) -> dict[str, Any]:
    """Seed, frame and result, and whether they still belong together."""
    held: Draw = get_draw_for(request.access, id=id)
    again = replay(held)
    picks = held.result if held.lot == Lot.OBJECTS else []
    return {
        "id": held.pk, "lot": held.lot, "seed": held.seed, "method": held.method, "parameters": held.parameters,
        "frame": held.frame, "frame_hash": held.frame_hash, "agrees": again.agrees and again.is_frame_whole,
        "picks": [{"unit": p["unit"], "probability": p["chance"] / SCALE, "drawn": p["drawn"]} for p in picks],
    }  # fmt: skip


@router.get("/inspections/conclusions/{id}", response={200: ConclusionOut, 404: RefusalOut}, summary="A conclusion")
def conclusion(request: ApiRequest, id: int) -> dict[str, Any]:
    """For the inspecting side, and for the object once it was fed back."""
    return _conclusion(get_conclusion_for(request.access, id=id))


@router.post(
    "/inspections/conclusions/{id}/objection",
    response={201: ConclusionOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Object to a conclusion",
)
def objection(request: ApiRequest, id: int, given: ObjectionIn) -> Status[dict[str, Any]]:
    """Within thirty days of its receipt; refused after with the reason."""
    held = get_conclusion_for(request.access, id=id, to="object")
    concluding.object_to(
        held, unit=held.object.unit, reason=given.reason, evidence=given.evidence, by=request.auth, now=now()
    )
    return Status(201, _conclusion(held))


@router.post(
    "/inspections/proposals/{id}/decision",
    response={200: ConclusionOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut, 422: RefusalOut},
    summary="Record what was decided on a proposal",
)
def decide(request: ApiRequest, id: int, given: DecisionIn) -> dict[str, Any]:
    """By the head or office of the inspecting unit; once more to correct it."""
    proposal = get_advised_for(request.access, id=id, to="sign")
    record_decision(
        proposal, body=given.body, decided_date=given.decided_date, is_adopted=given.adopted, words=given.words,
        number=given.number, by=request.auth, now=now(),
    )  # fmt: skip
    return _conclusion(proposal.conclusion)


def _proposal(row: Advised) -> dict[str, Any]:
    known: Decided | None = getattr(row, "decided", None)
    said = {name: getattr(known, name) for name in ("body", "decided_date", "number", "words")} if known else {}
    return {
        "id": row.pk, "kind": row.kind, "whom": row.whom, "reason": row.reason,
        "decision": {**said, "adopted": known.is_adopted} if known else None,
    }  # fmt: skip


def _conclusion(row: Conclusion) -> dict[str, Any]:
    filed = Objection.objects.filter(conclusion=row).first()
    return {
        "id": row.pk, "inspection": row.object.inspection.code, "unit": row.object.unit.code, "version": row.version,
        "state": row.state, "facts": row.facts, "conclusion": row.conclusion, "issued_at": row.issued_at,
        "received_date": row.received_date, "objection_until": row.objection_until,
        "review_due": filed.due_date if filed else None, "ruling": filed.ruling if filed else "",
        "proposals": [_proposal(advised) for advised in row.advice.all()],
    }  # fmt: skip
