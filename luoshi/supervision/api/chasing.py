"""Chasing over the API: what is chased, steps that wait for a yes, calls by hand, acts of leaders in charge."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Router, Schema, Status

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.policy import get_policy
from luoshi.orgs.queries import parse_unit
from luoshi.supervision.actions.approving import approve_steps, refuse_steps
from luoshi.supervision.actions.by_hand import record_contact, record_sponsor_act
from luoshi.supervision.actions.issuing import issue_papers
from luoshi.supervision.forms.chasing import ContactForm, SponsorActForm
from luoshi.supervision.models import Chase, ChaseStep
from luoshi.supervision.queries.chases import chases_seen, list_awaiting, list_panels
from luoshi.supervision.queries.step_papers import list_papers_waiting
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut
from luoshi.tasks.queries import get_task_for

MOST = 200
router = Router(tags=["supervision"])


class ChaseOut(Schema):
    """One unit chased about one task."""

    id: int
    task: int = Field(examples=[17])
    code: str = Field(examples=["QH-2026-0012"])
    unit: str = Field(examples=["县农业农村局"])
    opened: date
    rung: int = Field(examples=[4])
    reached: date
    stopped_at: datetime | None
    stopped_by: str = Field(examples=["report_progress"])


class StepOut(Schema):
    """One step of a ladder: taken, next on a day, or later."""

    instrument: str = Field(examples=["letter"])
    state: str = Field(examples=["sent"])
    day: date | None
    step: int | None


class PanelOut(ChaseOut):
    """A chase with its steps."""

    steps: list[StepOut]


class AwaitingOut(Schema):
    """A step that waits for your yes."""

    id: int
    instrument: str
    task: int
    code: str
    unit: str
    due: date


class DecideIn(Schema):
    """One answer for several steps."""

    steps: list[int] = Field(max_length=MOST)
    send: bool = True
    new_limit: Day | None = None
    opinion: str = Field("", max_length=1000)
    keep_drafts: bool = Field(default=False, description="leave the papers to the office as drafts")


class PaperOut(AwaitingOut):
    """A step whose paper waits to be issued: none written yet, or a draft."""

    letter: int | None = Field(description="the draft, if there is one")


class IssueIn(Schema):
    """The steps whose papers are issued."""

    steps: list[int] = Field(max_length=MOST)


class ContactIn(Schema):
    """A call by hand."""

    unit: str = Field(max_length=120, description="name, short name or code", examples=["QH-NYJ"])
    method: str = Field(examples=["phone"])
    answered_by: str
    matter: str
    reply: str = ""


class ActIn(Schema):
    """What the leader in charge did."""

    kind: str = Field(examples=["visited"])
    note: str
    date: Day


class MadeOut(Schema):
    """The number of what was recorded."""

    id: int


@router.get("/chases", response=list[ChaseOut], summary="Who is chased about what")
def read_chases(request: ApiRequest, ended: bool = False, after: int = 0) -> list[dict[str, Any]]:  # noqa: FBT001, FBT002
    """At most 200 by their number; go on with `after`."""
    found = chases_seen(request.access).filter(stopped_at__isnull=not ended, pk__gt=after).order_by("pk")
    return [_chase(chase) for chase in found[:MOST]]


@router.get("/tasks/{id}/chases", response={200: list[PanelOut], 404: RefusalOut}, summary="How it is chased")
def read_panels(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """The running chases of a task, else the last one, with what comes next."""
    task = get_task_for(request.access, id=id)
    return [
        _chase(panel.chase)
        | {
            "steps": [
                {"instrument": s.instrument, "state": s.state, "day": s.day, "step": s.step.pk if s.step else None}
                for s in panel.steps
            ]
        }
        for panel in list_panels(task)
    ]


@router.get("/chases/awaiting", response=list[AwaitingOut], summary="Steps that wait for your yes")
def read_awaiting(request: ApiRequest) -> list[dict[str, Any]]:
    """At most 200, the highest first."""
    return [_awaiting(step) for step in list_awaiting(request.access)]


@router.post("/chases/awaiting", response={200: list[AwaitingOut], 403: RefusalOut, 409: RefusalOut, 422: RefusalOut},
             summary="Send steps, or refuse them with a reason")  # fmt: skip
def decide(request: ApiRequest, given: DecideIn) -> list[dict[str, Any]]:
    """What still waits is given back."""
    steps = [step for step in list_awaiting(request.access) if step.pk in set(given.steps)]
    if len(steps) != len(set(given.steps)):
        raise NotAllowed
    if steps and given.send:
        approve_steps(
            steps, by=request.auth, now=now(), policy=get_policy(), new_limit=given.new_limit, opinion=given.opinion,
            keep_drafts=given.keep_drafts,
        )  # fmt: skip
    elif steps:
        refuse_steps(steps, reason=given.opinion, by=request.auth, now=now())
    return [_awaiting(step) for step in list_awaiting(request.access)]


@router.get("/chases/papers", response=list[PaperOut], summary="Papers of steps that wait to be issued")
def read_papers(request: ApiRequest) -> list[dict[str, Any]]:
    """At most 200, the highest first."""
    return [_awaiting(step) | {"letter": step.letter_id} for step in list_papers_waiting(request.access, today=today())]


@router.post("/chases/papers", response={200: list[PaperOut], 403: RefusalOut}, summary="Issue papers of steps")
def issue(request: ApiRequest, given: IssueIn) -> list[dict[str, Any]]:
    """At most 50 at once. What still waits is given back: what lacks a field stays a draft."""
    waiting = list_papers_waiting(request.access, today=today())
    steps = [step for step in waiting if step.pk in set(given.steps)]
    if len(steps) != len(set(given.steps)):
        raise NotAllowed
    if steps:
        issue_papers(steps, by=request.auth, now=now(), policy=get_policy())
    return read_papers(request)


@router.post("/tasks/{id}/contacts", response={200: MadeOut, 403: RefusalOut, 404: RefusalOut, 422: RefusalOut},
             summary="Record that a unit was chased by hand")  # fmt: skip
def add_contact(request: ApiRequest, id: int, given: ContactIn) -> Any:
    """By telephone, letter, at the door or in a meeting."""
    task = get_task_for(request.access, id=id, to="close")
    unit = parse_unit(given.unit, request.access)
    form = ContactForm({**given.dict(), "unit": unit.pk}, task=task)
    if not form.is_valid():
        return Status(422, {"detail": form.errors.as_text()})
    return {"id": record_contact(task, by=request.auth, now=now(), **form.cleaned_data).pk}


@router.post("/tasks/{id}/sponsor-acts", response={200: MadeOut, 403: RefusalOut, 404: RefusalOut, 422: RefusalOut},
             summary="Record what you did as its leader in charge")  # fmt: skip
def add_act(request: ApiRequest, id: int, given: ActIn) -> Any:
    """In one line: met, went to see, coordinated, urged."""
    task = get_task_for(request.access, id=id)
    if task.sponsor_id != request.access.person_id:
        raise NotAllowed
    form = SponsorActForm(given.dict())
    if not form.is_valid():
        return Status(422, {"detail": form.errors.as_text()})
    said = form.cleaned_data
    act = record_sponsor_act(task, kind=said["kind"], note=said["note"], day=said["date"], by=request.auth, now=now())
    return {"id": act.pk}


def _chase(chase: Chase) -> dict[str, Any]:
    return {
        "id": chase.pk, "task": chase.task_id, "code": chase.task.code, "unit": str(chase.unit),
        "opened": chase.opened_date, "rung": chase.rung, "reached": chase.rung_date, "stopped_at": chase.stopped_at,
        "stopped_by": chase.stopped_by,
    }  # fmt: skip


def _awaiting(step: ChaseStep) -> dict[str, Any]:
    task = step.chase.task
    return {
        "id": step.pk, "instrument": step.instrument, "task": task.pk, "code": task.code, "unit": str(step.chase.unit),
        "due": step.due_date,
    }  # fmt: skip
