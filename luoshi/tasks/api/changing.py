"""After dispatch: adapting to the place, recalling, handlers, own work that answers a part, and changed units."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema, Status
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.orgs.queries import parse_unit
from luoshi.tasks.actions import decide_adaptation, propose_adaptation, recall_dispatch, recall_parts
from luoshi.tasks.actions.following import Gift, NothingChosen, Pass, follow_units
from luoshi.tasks.actions.handling import NotOfTheUnit, name_handler
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.actions.recalling import NothingToRecall
from luoshi.tasks.actions.tying import tie_task
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut, router
from luoshi.tasks.models import Adaptation
from luoshi.tasks.queries import acting_unit, get_task_for
from luoshi.tasks.queries.adapting import get_adaptation_for, get_outcome, list_adaptations
from luoshi.tasks.queries.following import Changes, list_changes
from luoshi.tasks.queries.handling import get_suggestion, list_nameable, list_staff_of
from luoshi.tasks.queries.recalling import Given, list_acts

REFUSALS = {403: RefusalOut, 404: RefusalOut, 409: RefusalOut, 422: RefusalOut}


class AdaptIn(Schema):
    """What a unit proposes instead of what was asked; what is left out stays as it is."""

    target_value: Decimal | None = Field(None, max_digits=18, decimal_places=4, examples=["365"])
    due_date: Day | None = None
    measure: str = Field("", max_length=4000)
    reason: str = Field(max_length=2000, examples=["全镇劳动力仅占全县6%"])


class AdaptationOut(Schema):
    """A proposal beside what was asked; `undistributed` is what nobody would hold of the target above if accepted."""

    id: int
    task: int
    unit: str = Field(description="code")
    state: str = Field(examples=["proposed"])
    asked_target_value: Decimal | None = None
    target_value: Decimal | None = None
    asked_due_date: date | None = None
    due_date: date | None = None
    asked_measure: str = ""
    measure: str = ""
    reason: str
    answer: str = ""
    at: datetime
    decided_at: datetime | None = None
    undistributed: Decimal | None = None


class AnswerIn(Schema):
    """The superior's answer; `standard` words the standard anew along with it."""

    accept: bool
    answer: str = Field("", max_length=2000, description="needed when it is declined")
    standard: str | None = Field(None, max_length=4000)


class ActOut(Schema):
    """One act of giving down; it can be recalled while `taken` is 0."""

    act: str = Field(description="send it back to recall the act")
    at: datetime
    owner: str = Field(description="code of the unit that gave")
    parts: int
    taken: int


class ActIn(Schema):
    """Which act is recalled."""

    act: str


class RecalledOut(Schema):
    """How many tasks were recalled."""

    recalled: int


class AwayOut(Schema):
    """Days away."""

    from_date: date
    to_date: date


class CandidateOut(Schema):
    """Somebody who could handle the duty, in the order of the written rule."""

    person: int
    name: str
    title: str
    open_now: int
    late_now: int
    alike: int = Field(description="like tasks finished")
    on_time: int = Field(description="of them within their date")
    away: list[AwayOut]


class SuggestionOut(Schema):
    """A duty of one of your units, who handles it, and who might."""

    duty: int
    unit: str
    handler: int | None
    candidates: list[CandidateOut]


class HandlerIn(Schema):
    """Who is to handle a duty; without a person nobody is."""

    duty: int
    person: int | None = None


class TieIn(Schema):
    """The unit's own work that answers the part."""

    work: int


class TiedOut(Schema):
    """The part, and the work that answers it."""

    part: int
    work: int


class PassingOut(Schema):
    """A duty of a unit that ended, and the codes of the units that it may pass to."""

    duty: int
    task: int
    role: str
    unit: str
    heirs: list[str]


class MissingOut(Schema):
    """A unit that is new and lacks its part; `beside` is the part of the unit that it was split from."""

    parent: int
    unit: str
    giver: str
    beside: int | None


class UnitChangesOut(Schema):
    """What the changes of the unit tree left to do."""

    passings: list[PassingOut]
    missing: list[MissingOut]
    is_whole: bool


class PassIn(Schema):
    """A duty passes to a unit."""

    duty: int
    to: str = Field(examples=["QH-T01"])


class GiftIn(Schema):
    """A new unit gets its part; `left` is what the part that it was split from keeps."""

    parent: int
    unit: str
    target_value: Decimal | None = Field(None, max_digits=18, decimal_places=4)
    left: Decimal | None = Field(None, max_digits=18, decimal_places=4)


class FollowIn(Schema):
    """The lines to do, together or not at all."""

    passings: list[PassIn] = Field([], max_length=300)
    missing: list[GiftIn] = Field([], max_length=300)
    reason: str = Field("", max_length=500)


class FollowedOut(Schema):
    """How many lines were done."""

    done: int


@router.get("/tasks/{id}/adaptations", response={200: list[AdaptationOut], 404: RefusalOut}, summary="Proposals")
def adaptations(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """What units proposed to adapt in the task, the latest first."""
    task = get_task_for(request.access, id=id)
    return [_adaptation(row) for row in list_adaptations(task.pk)]


@router.post("/tasks/{id}/adaptations", response={201: AdaptationOut, **REFUSALS}, summary="Propose to adapt a part")
def adapt(request: ApiRequest, id: int, given: AdaptIn) -> Status[dict[str, Any]]:
    """In the name of the unit in which you work; the task stands as it is until the superior answers."""
    task = get_task_for(request.access, id=id, to="adapt")
    unit = acting_unit(request.access, task, "adapt")
    made = propose_adaptation(task, unit=unit, by=request.auth, now=now(), **given.dict())
    return Status(201, _adaptation(made))


@router.post("/adaptations/{id}/answer", response={200: AdaptationOut, **REFUSALS}, summary="Answer a proposal")
def answer(request: ApiRequest, id: int, given: AnswerIn) -> dict[str, Any]:
    """Accept it, so that the task says what was proposed, or decline it with an answer."""
    adaptation = get_adaptation_for(request.access, id=id, to="decide_adaptation")
    decide_adaptation(adaptation, by=request.auth, now=now(), **given.dict())
    return _adaptation(adaptation)


def _adaptation(row: Adaptation) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in AdaptationOut.model_fields if hasattr(row, name)}
    left = get_outcome(row).left if row.state == "proposed" else None
    return {**own, "task": row.task_id, "unit": row.unit.code, "undistributed": left}


@router.post("/tasks/{id}/recall", response={200: RecalledOut, **REFUSALS}, summary="Recall a dispatch")
def recall(request: ApiRequest, id: int) -> dict[str, int]:
    """Undo a dispatch that nobody has acknowledged."""
    task = get_task_for(request.access, id=id, to="recall")
    return {"recalled": recall_dispatch([task], by=request.auth, now=now())}


@router.get("/tasks/{id}/given", response={200: list[ActOut], **REFUSALS}, summary="Acts of giving down")
def given_acts(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """When parts were given down from the task by units for which you dispatch."""
    task = get_task_for(request.access, id=id, to="recall_parts")
    return [_act(act) for act in list_acts(task, access=request.access)]


def _act(act: Given) -> dict[str, Any]:
    return {"act": act.key, "at": act.at, "owner": act.owner.code, "parts": act.count, "taken": act.taken}


@router.post("/tasks/{id}/given/recall", response={200: RecalledOut, **REFUSALS}, summary="Recall what was given down")
def recall_given(request: ApiRequest, id: int, given: ActIn) -> dict[str, int]:
    """Undo one act of giving down of which nobody has acknowledged a part."""
    task = get_task_for(request.access, id=id, to="recall_parts")
    act = next((act for act in list_acts(task, access=request.access) if act.key == given.act), None)
    if act is None:
        raise NothingToRecall
    return {"recalled": recall_parts(task, at=act.at, owner=act.owner, by=request.auth, now=now())}


@router.get("/tasks/{id}/handlers", response={200: list[SuggestionOut], **REFUSALS}, summary="Who might handle it")
def handlers(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """For the duties of units that you head or run the office of; nobody else reads this."""
    task = get_task_for(request.access, id=id, to="name_handler")
    found = [get_suggestion(duty, today=today()) for duty in list_nameable(request.access, task)[:3]]
    return [
        {
            "duty": s.duty.pk, "unit": s.duty.unit.code if s.duty.unit else "", "handler": s.duty.handler_id,
            "candidates": [
                {
                    "person": c.person_id, "name": c.name, "title": c.title, "open_now": c.open_now,
                    "late_now": c.late_now, "alike": c.alike, "on_time": c.on_time,
                    "away": [{"from_date": a.from_date, "to_date": a.to_date} for a in c.away],
                }
                for c in s.candidates
            ],
        }
        for s in found
    ]  # fmt: skip


@router.post("/tasks/{id}/handlers", response={200: HandlerIn, **REFUSALS}, summary="Name who handles it")
def handler(request: ApiRequest, id: int, given: HandlerIn) -> dict[str, Any]:
    """Name one of the unit's people; they are told."""
    task = get_task_for(request.access, id=id, to="name_handler")
    duty = next((d for d in list_nameable(request.access, task) if d.pk == given.duty), None)
    if duty is None:
        raise NotAllowed
    staff = list_staff_of(duty, today=today())
    if given.person is not None and given.person not in staff:
        raise NotOfTheUnit
    person = staff[given.person][0] if given.person is not None else None
    name_handler(duty, person=person, by=request.auth, now=now())
    return given.dict()


@router.post("/tasks/{id}/tie", response={200: TiedOut, **REFUSALS}, summary="Answer a part by own work")
def tie(request: ApiRequest, id: int, given: TieIn) -> dict[str, int]:
    """Place work of your own unit under the part that it was given; it is reported once."""
    part = get_task_for(request.access, id=id, to="tie")
    unit = acting_unit(request.access, part, "tie")
    check_step(part, "tie")
    work = get_task_for(request.access, id=given.work, to="steer")
    tie_task(part, work=work, unit=unit, by=request.auth, now=now())
    return {"part": part.pk, "work": work.pk}


@router.get("/unit-changes", response=UnitChangesOut, summary="What changed units left to do")
def unit_changes(request: ApiRequest) -> dict[str, Any]:
    """Dispatched work of units that ended, and new units without their part, as far as you decide for its askers."""
    changes = list_changes(request.access, today=today())
    passings = [
        {
            "duty": line.duty.pk, "task": line.task.pk, "role": line.duty.role,
            "unit": line.duty.unit.code if line.duty.unit else "", "heirs": [unit.code for unit in line.heirs],
        }
        for line in changes.passings
    ]  # fmt: skip
    missing = [
        {"parent": m.parent.pk, "unit": m.unit.code, "giver": m.giver.code, "beside": m.beside.pk if m.beside else None}
        for m in changes.missing
    ]
    return {"passings": passings, "missing": missing, "is_whole": changes.is_whole}


@router.post("/unit-changes", response={200: FollowedOut, **REFUSALS}, summary="Let the work follow")
def follow(request: ApiRequest, given: FollowIn) -> dict[str, int]:
    """Do the lines in one act; only lines that GET lists are taken."""
    if not given.passings and not given.missing:
        return {"done": 0}
    passes, gifts = _chosen(request, list_changes(request.access, today=today()), given)
    if len(passes) + len(gifts) < len(given.passings) + len(given.missing):
        raise NothingChosen
    return {"done": follow_units(passes, gifts=gifts, by=request.auth, now=now(), reason=given.reason)}


def _chosen(request: ApiRequest, changes: Changes, given: FollowIn) -> tuple[list[Pass], list[Gift]]:
    to = {row.duty: row.to for row in given.passings}
    figures = {(row.parent, row.unit): row for row in given.missing}
    passes = [Pass(p.duty, parse_unit(to[p.duty.pk], request.access)) for p in changes.passings if p.duty.pk in to]
    gifts = [
        Gift(m.parent, m.unit, m.giver, row.target_value, m.beside, row.left)
        for m in changes.missing
        if (row := figures.get((m.parent.pk, m.unit.code)))
    ]
    return passes, gifts
