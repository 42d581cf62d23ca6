"""Tasks: list, read, draft, dispatch, acknowledge, and answering proposals by existing tasks."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import MAX_PAGE_SIZE, PAGE_SIZE, paginate
from luoshi.core.policy import get_policy
from luoshi.directives.queries import get_directive_for, get_proposal, list_proposals
from luoshi.orgs.models import Person
from luoshi.orgs.queries import parse_unit
from luoshi.orgs.rules import Access
from luoshi.tasks.actions import (
    acknowledge_task,
    adopt_by_reference,
    adopt_revisions,
    create_task,
    dispatch_tasks,
    open_tasks,
)
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries import (
    acting_unit,
    get_task_facts,
    get_task_for,
    list_duties,
    list_owners_for,
    list_tasks,
    may_ask_for,
)
from luoshi.tasks.queries.asked import Asked, list_asked
from luoshi.tasks.queries.versions import Touched, list_touched
from luoshi.tasks.rules.access import lawful_steps, primary_step
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import DutyRole, Kind, Tier

router = Router(tags=["tasks"])


class ApiRequest(HttpRequest):
    """A request that the token opened."""

    auth: Person
    access: Access


class Filters(Schema):
    """Which tasks to list; every filter may be left out."""

    unit: str = Field("", description="code of a unit: tasks that it or a unit below it asked for or works on")
    state: str = Field("", examples=["in_progress"])
    tier: int | None = Field(None, ge=1, le=3, description="1 critical, 2 key, 3 routine")
    kind: str = Field("", examples=["hard_target"])
    matter: str = Field("", examples=["remark"], description="kind of matter")
    due_from: Day | None = None
    due_to: Day | None = None
    q: str = Field("", max_length=100, description="words in the title or the number")
    parent: int | None = Field(None, description="only the parts of this task")
    page: int = Field(1, ge=1)
    size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE)


class DutyOut(Schema):
    """What one unit owes; `unit` is empty for a group of units or an unmatched name."""

    unit: str = Field(examples=["QH-SLJ"])
    name: str = Field(examples=["县水利局"])
    role: str = Field(examples=["lead"])
    selector: str = Field("", examples=["level=township"])
    text: str = ""
    due_date: date | None = None
    acknowledged_at: datetime | None = None

    @staticmethod
    def resolve_unit(duty: Duty) -> str:
        return duty.unit.code if duty.unit else ""

    @staticmethod
    def resolve_name(duty: Duty) -> str:
        return str(duty.unit) if duty.unit else duty.written_name


class TaskRow(Schema):
    """A task in a list. Quantities are decimal strings."""

    id: int
    code: str = Field(examples=["QH-2026-0012"])
    title: str = Field(examples=["完成3座水库除险加固"])
    kind: str
    matter: str = Field(examples=["document"], description="kind of matter; it decides the clocks")
    tier: int
    urgency: int
    state: str
    owner: str = Field(description="code of the unit that asked")
    parent: int | None = None
    due_date: date | None = None
    original_due_date: date | None = None
    target_op: str = Field("", examples=[">="])
    target_value: Decimal | None = None
    target_unit: str = ""
    version: int


class TaskList(Schema):
    """One page of tasks; `total` counts all that match."""

    total: int
    page: int
    pages: int
    tasks: list[TaskRow]


class TaskOut(TaskRow):
    """A task in full, with the steps that the caller may take now."""

    requirement: str
    standard: str
    start_date: date | None = None
    review_date: date | None = None
    cadence: str = ""
    weight: Decimal
    clause: str = Field("", description="the words of the directive that ask for it")
    duties: list[DutyOut]
    primary_step: str | None = Field(None, examples=["acknowledge"])
    steps: list[str] = Field(examples=[["acknowledge"]])


class TaskIn(Schema):
    """A task to draft. Units are named as on the pages: by code, name, short name or alias."""

    title: str = Field(min_length=2, max_length=300, examples=["完成3座水库除险加固"])
    requirement: str = ""
    standard: str = ""
    kind: Kind = Kind.MEASURE
    matter: Matter = Matter.DOCUMENT
    tier: Tier = Tier.ROUTINE
    due_date: Day | None = None
    target_op: Literal["", ">=", "<=", "=", "~"] = ""
    target_value: Annotated[Decimal, Field(max_digits=18, decimal_places=4)] | None = None
    target_unit: str = Field("", max_length=20)
    parent: int | None = Field(None, description="the task of which it is a part, one that you may give down")
    owner: str = Field("", description="the unit that asks; empty: the first you draft for", examples=["QH"])
    lead: list[str] = Field([], max_length=20, examples=[["县水利局"]])
    co: list[str] = Field([], max_length=200)


class RefusalOut(Schema):
    """Why something was not done, and what to do instead."""

    detail: str


@router.get("/tasks", response=TaskList, summary="List the tasks you may see")
def list_all(request: ApiRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Tasks in the order of the ledger, page by page."""
    given = filters.dict(exclude={"page", "size"})
    page = paginate(list_tasks(request.access, **given), number=filters.page, size=filters.size)
    rows = [_row(task) for task in page.rows]
    return {"total": page.total, "page": page.number, "pages": page.count, "tasks": rows}


@router.post(
    "/tasks", response={201: TaskOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut}, summary="Draft a task"
)
def create(request: ApiRequest, task: TaskIn) -> Status[dict[str, Any]]:
    """Draft a task in the name of a unit for which you draft; it is dispatched in a step of its own."""
    owner = parse_unit(task.owner, request.access) if task.owner else list_owners_for(request.access).first()
    if owner is None or not may_ask_for(request.access, owner):
        raise NotAllowed
    duties = [
        DutyRow(role=role.value, unit_id=unit.pk, name=str(unit))
        for role, names in ((DutyRole.LEAD, task.lead), (DutyRole.CO, task.co))
        for unit in (parse_unit(name, request.access) for name in names)
    ]
    parent = get_task_for(request.access, id=task.parent, to="cascade") if task.parent is not None else None
    given = task.dict(exclude={"owner", "lead", "co", "parent"})
    given |= {"kind": task.kind.value, "matter": task.matter.value, "tier": task.tier.value}
    made = create_task(owner, by=request.auth, now=now(), duties=duties, parent=parent, **given)
    return Status(201, _full(request, made))


@router.get("/tasks/{id}", response={200: TaskOut, 404: RefusalOut}, summary="Read one task")
def read(request: ApiRequest, id: int) -> dict[str, Any]:
    """The task, its duties, and what you may do next."""
    return _full(request, get_task_for(request.access, id=id))


@router.post(
    "/tasks/{id}/dispatch", response={200: TaskOut, 403: RefusalOut, 409: RefusalOut}, summary="Dispatch a task"
)
def dispatch(request: ApiRequest, id: int, reason: Annotated[str, Field(max_length=500)] = "") -> dict[str, Any]:
    """Hand the task to its units; refused while something mandatory is missing, or it asks more than the task above.

    More may be asked with a `reason`.
    """
    task = get_task_for(request.access, id=id, to="dispatch")
    dispatch_tasks([task], by=request.auth, now=now(), reason=reason)
    return _full(request, task)


@router.post(
    "/tasks/{id}/acknowledge", response={200: TaskOut, 403: RefusalOut, 409: RefusalOut}, summary="Acknowledge a task"
)
def acknowledge(request: ApiRequest, id: int) -> dict[str, Any]:
    """签收 in the name of the unit in which you work."""
    task = get_task_for(request.access, id=id, to="acknowledge")
    acknowledge_task(task, unit=acting_unit(request.access, task, "acknowledge"), by=request.auth, now=now())
    return _full(request, task)


class DifferenceOut(Schema):
    """A field (number, due or lead) in which a proposal and a task differ."""

    field: str
    mine: str = Field(description="in the proposal")
    theirs: str = Field(description="in the task")


class AskedOut(Schema):
    """A task that asks for the same as a proposal; `replaced` when the directive being replaced asked for it."""

    task: int
    code: str
    title: str
    state: str
    percent: int = Field(description="how alike the words are")
    differences: list[DifferenceOut]
    is_ended: bool
    replaced: bool


class AskedRow(Schema):
    """A proposal that waits for its decision, with the tasks that ask for the same."""

    proposal: int
    version: int
    tasks: list[AskedOut]


class AdoptIn(Schema):
    """Which proposal the task answers; with `updates` it takes over the words when the directive is confirmed."""

    directive: int
    proposal: int
    version: int = Field(description="of the proposal")
    updates: bool = False


class AdoptedOut(Schema):
    """The proposal that the task answers now."""

    proposal: int
    task: int
    updates: bool


class TouchedOut(Schema):
    """An open task of the replaced directive; `fate` is same, changed, gone or loose (no duty follows)."""

    task: int
    code: str
    title: str
    fate: str
    proposal: int | None
    differences: list[DifferenceOut]
    will_update: bool


@router.get("/directives/{id}/asked", response={200: list[AskedRow], 404: RefusalOut}, summary="What is asked already")
def asked(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """For each undecided proposal (the first hundred) the tasks of the ledger that ask for the same."""
    directive = get_directive_for(request.access, id=id)
    waiting = [p for p in list_proposals(directive) if p.state == "proposed"][:100]
    found = list_asked(request.access, directive, waiting, today=today(), policy=get_policy()).by_proposal
    return [
        {"proposal": p.pk, "version": p.version, "tasks": [_asked(row) for row in found[p.pk]]}
        for p in waiting
        if found.get(p.pk)
    ]


def _asked(row: Asked) -> dict[str, Any]:
    columns = {"task": row.task.pk, "code": row.task.code, "title": row.task.title, "state": row.task.state}
    match = {"percent": row.match.percent, "differences": row.match.differences}
    return columns | match | {"is_ended": row.is_ended, "replaced": row.is_earlier}


@router.post("/tasks/{id}/adopt", response={200: AdoptedOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
             summary="Answer a proposal by this task")  # fmt: skip
def adopt(request: ApiRequest, id: int, given: AdoptIn) -> dict[str, Any]:
    """Link the clause to the task instead of opening another; taken back by the step `undo` of the proposal."""
    directive = get_directive_for(request.access, id=given.directive, to="edit")
    proposal = get_proposal(directive, id=given.proposal)
    task = get_task_for(request.access, id=id)
    adopt_by_reference(
        proposal, task=task, version=given.version, by=request.auth, now=now(), updates=given.updates
    )  # fmt: skip
    return {"proposal": proposal.pk, "task": task.pk, "updates": given.updates}


@router.get("/directives/{id}/touched", response={200: list[TouchedOut], 404: RefusalOut}, summary="Tasks it revises")
def touched(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """The open tasks of the directive that this one replaces, and what changes in each."""
    return [_touched(row) for row in list_touched(request.access, get_directive_for(request.access, id=id))]


@router.post("/directives/{id}/touched", response={200: list[TouchedOut], 403: RefusalOut, 404: RefusalOut,
             409: RefusalOut}, summary="Let it update its tasks")  # fmt: skip
def revise(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """Let every matching proposal update its task; they change when the directive is confirmed."""
    directive = get_directive_for(request.access, id=id, to="edit")
    rows = list_touched(request.access, directive)
    chosen = [(row.proposal, row.task) for row in rows if row.proposal and row.may_update]
    adopt_revisions(directive, chosen=chosen, by=request.auth, now=now())
    return touched(request, id)


def _touched(row: Touched) -> dict[str, Any]:
    columns = {"task": row.task.pk, "code": row.task.code, "title": row.task.title, "fate": row.fate}
    return columns | {
        "proposal": row.proposal.pk if row.proposal else None,
        "differences": row.match.differences if row.match else (),
        "will_update": row.reference is not None,
    }


@router.post(
    "/directives/{id}/confirm", response={200: list[TaskRow], 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Confirm a directive",
)  # fmt: skip
def confirm(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """Every accepted proposal becomes a task; refused while a proposal is not decided."""
    directive = get_directive_for(request.access, id=id, to="confirm")
    return [_row(task) for task in open_tasks(directive, by=request.auth, now=now())]


def _row(task: Task) -> dict[str, Any]:
    columns = {name: getattr(task, name) for name in TaskRow.model_fields if name not in ("owner", "parent")}
    return {**columns, "owner": task.owner.code, "parent": task.parent_id}


def _full(request: ApiRequest, task: Task) -> dict[str, Any]:
    facts = get_task_facts(task)
    return {
        **_row(task),
        "requirement": task.requirement,
        "standard": task.standard,
        "start_date": task.start_date,
        "review_date": task.review_date,
        "cadence": task.cadence,
        "weight": task.weight,
        "clause": task.clause.text if task.clause else "",
        "duties": list_duties([task])[task.pk],
        "primary_step": primary_step(request.access, facts),
        "steps": list(lawful_steps(request.access, facts)),
    }
