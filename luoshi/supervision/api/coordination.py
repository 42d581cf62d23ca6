"""Decisions asked for, clocks that stand still, more time, changes of hands and stocktakes over the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Query, Router, Schema, Status

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict, NotAllowed
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import parse_unit
from luoshi.supervision.actions import decide_extension, request_extension
from luoshi.supervision.actions.changing import as_part, consent_change, decide_change, order_change, propose_change
from luoshi.supervision.actions.coordination import (
    answer_coordination,
    ask_coordination,
    pass_coordination,
    withdraw_coordination,
)
from luoshi.supervision.actions.pausing import decide_pause, end_pause, request_pause, suspend_task
from luoshi.supervision.actions.stocktaking import rule_stocktake
from luoshi.supervision.models import Change, Coordination, Extension
from luoshi.supervision.queries import get_extension_for
from luoshi.supervision.queries.changing import (
    asks_consent,
    get_change_for,
    get_leading_unit,
    get_open_change,
    list_changes_of,
)
from luoshi.supervision.queries.coordination import (
    TABS,
    get_coordination_for,
    get_open_pause,
    list_leaders,
    list_requests,
    timeliness_of,
)
from luoshi.supervision.queries.stocktaking import get_stocktake_for, list_lines, list_rulings, list_stocktakes
from luoshi.supervision.rules.changing import needs_consent
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut
from luoshi.tasks.queries import acting_unit, get_task_and_facts, get_task_for
from luoshi.tasks.rules.access import may

REFUSALS = {403: RefusalOut, 404: RefusalOut, 409: RefusalOut, 422: RefusalOut}
router = Router(tags=["supervision"])


class AskedOut(Schema):
    """A request for a decision, and how it stands in time."""

    id: int
    task: int
    code: str = Field(examples=["QH-2026-0012"])
    unit: str = Field(examples=["县农业农村局"])
    asked: str = Field(examples=["县财政局"])
    question: str
    needed: date
    state: str = Field(examples=["open"])
    stands: str = Field(examples=["late"])
    answer: str


class AskIn(Schema):
    """Whom to ask for what; without a day, needed by the clock of leaders' remarks."""

    question: str = Field(max_length=2000)
    unit: str = Field("", max_length=120, description="name, short name or code")
    person: int | None = None
    needed: Day | None = None
    tried: str = Field("", max_length=2000)
    pause: bool = False


class WordsIn(Schema):
    """An answer or a reason."""

    text: str = Field("", max_length=3000)


class PassIn(Schema):
    """To whom the question belongs, and why."""

    unit: str = Field("", max_length=120)
    person: int | None = None
    reason: str = Field(max_length=1000)


class PauseIn(Schema):
    """Why the clock should stand still; who decides on the task gives the last day at once."""

    reason: str = Field(max_length=2000)
    until: Day | None = None


class DecisionIn(Schema):
    """Yes with a day, or no with a reason."""

    approve: bool
    until: Day | None = None
    opinion: str = Field("", max_length=2000)


class StateOut(Schema):
    """How the task stands afterwards."""

    task: int
    state: str
    due: date | None


class ExtendIn(Schema):
    """A request for more time, before the due date."""

    to: Day
    cause: str = Field(examples=["weather"])
    reason: str = Field(max_length=3000)
    progress: str = Field(max_length=3000)


class ExtensionOut(Schema):
    """Which request it is, and the unit that answers it."""

    id: int
    number: int
    state: str
    answered_by: str
    granted: date | None


class PartIn(Schema):
    """One unit's part of a split."""

    unit: str
    target: Decimal | None = Field(None, max_digits=18, decimal_places=4)
    due: Day | None = None


class ChangeIn(Schema):
    """transfer (unit), split (parts) or merge (into)."""

    kind: str = Field(pattern="^(transfer|split|merge)$")
    reason: str = Field(max_length=2000)
    unit: str = ""
    into: int | None = None
    parts: list[PartIn] = Field(default=[], max_length=500)


class ChangeOut(Schema):
    """A change of hands and what it waits for."""

    id: int
    task: int
    kind: str
    state: str
    unit: str
    to: str
    reason: str


class LineOut(Schema):
    """A task of a stocktake's pack as it stands now."""

    task: int
    code: str
    title: str
    light: str
    why: str
    percent: Decimal | None
    parts: list[int] = Field(description="its worst parts, which it stands for")
    questions: list[int]


class RulingOut(Schema):
    """What was decided and what it became."""

    id: int
    kind: str
    text: str
    task: int | None
    coordination: int | None
    at: datetime


class StocktakeOut(Schema):
    """One stocktake of the list."""

    id: int
    title: str
    date: date
    unit: str
    decided: int
    completed: int


class PackOut(Schema):
    """A pack with its decisions."""

    id: int
    title: str
    tasks: list[LineOut]
    rulings: list[RulingOut]


class RulingIn(Schema):
    """A decision: a task of a unit by a day, the answer to a question, or a note."""

    kind: str = Field(pattern="^(task|answer|note)$")
    text: str = Field(max_length=3000)
    about: int | None = None
    unit: str = ""
    due: Day | None = None
    coordination: int | None = None


@router.get("/coordinations", response=list[AskedOut], summary="Requests for a decision")
def read_requests(request: ApiRequest, tab: Query[str] = "mine", page: Query[int] = 1) -> list[dict[str, Any]]:
    """A page of a tab: mine, ours, open or settled."""
    rows = list_requests(request.access, tab=tab if tab in TABS else "mine")
    return [_asked(row) for row in paginate(rows, number=page).rows]


@router.post("/tasks/{id}/coordinations", response={201: AskedOut, **REFUSALS}, summary="Ask for a decision")
def ask(request: ApiRequest, id: int, given: AskIn) -> Status[dict[str, Any]]:
    """The clock then runs on who is asked."""
    task, facts = get_task_and_facts(request.access, id=id, to="ask_coordination")
    asked = ask_coordination(
        task, unit=acting_unit(request.access, task, "ask_coordination", facts=facts), by=request.auth, now=now(),
        question=given.question, asked_unit=_unit(request, given.unit), asked_person=_leader(request, given.person),
        needed_date=given.needed, tried=given.tried, wants_pause=given.pause,
    )  # fmt: skip
    return Status(201, _asked(asked))


@router.post("/coordinations/{id}/answer", response={200: AskedOut, **REFUSALS}, summary="Decide")
def answer(request: ApiRequest, id: int, given: WordsIn) -> dict[str, Any]:
    """The unit that asked is told; a pause for it ends."""
    asked = get_coordination_for(request.access, id=id, to="answer")
    answer_coordination(asked, answer=given.text, by=request.auth, now=now())
    return _asked(asked)


@router.post("/coordinations/{id}/pass", response={201: AskedOut, **REFUSALS}, summary="Pass the question on")
def pass_on(request: ApiRequest, id: int, given: PassIn) -> Status[dict[str, Any]]:
    """Whoever had it before does not get it again."""
    asked = get_coordination_for(request.access, id=id, to="answer")
    following = pass_coordination(
        asked, reason=given.reason, by=request.auth, now=now(), to_unit=_unit(request, given.unit),
        to_person=_leader(request, given.person),
    )  # fmt: skip
    return Status(201, _asked(following))


@router.post("/coordinations/{id}/withdraw", response={200: AskedOut, **REFUSALS}, summary="Take the question back")
def take_back(request: ApiRequest, id: int, given: WordsIn) -> dict[str, Any]:
    """It counts for nobody."""
    asked = get_coordination_for(request.access, id=id, to="take_back")
    withdraw_coordination(asked, by=request.auth, now=now(), reason=given.text)
    return _asked(asked)


@router.post("/tasks/{id}/pause", response={200: StateOut, **REFUSALS}, summary="Suspend, or ask for it")
def pause(request: ApiRequest, id: int, given: PauseIn) -> dict[str, Any]:
    """Who decides on the task and gives a last day suspends it; who leads it asks."""
    task, facts = get_task_and_facts(request.access, id=id)
    if given.until and may(request.access, facts, "suspend"):
        unit = acting_unit(request.access, task, "suspend", facts=facts)
        suspend_task(task, unit=unit, reason=given.reason, until_date=given.until, by=request.auth, now=now())
    else:
        task, facts = get_task_and_facts(request.access, id=id, to="ask_pause")
        unit = acting_unit(request.access, task, "ask_pause", facts=facts)
        request_pause(task, unit=unit, reason=given.reason, by=request.auth, now=now())
    return _state(task)


@router.post("/tasks/{id}/pause/decide", response={200: StateOut, **REFUSALS}, summary="May the clock stand still?")
def answer_pause(request: ApiRequest, id: int, given: DecisionIn) -> dict[str, Any]:
    """Yes with a last day, or no with a reason."""
    task = get_task_for(request.access, id=id, to="decide_pause")
    found = get_open_pause(task)
    if found is None:
        raise EditConflict
    decide_pause(
        found, approve=given.approve, until_date=given.until, opinion=given.opinion, by=request.auth, now=now()
    )
    return _state(task)


@router.post("/tasks/{id}/resume", response={200: StateOut, **REFUSALS}, summary="Let the clock run again")
def resume(request: ApiRequest, id: int, given: WordsIn) -> dict[str, Any]:
    """Dates still to come move by the days it stood still."""
    task = get_task_for(request.access, id=id, to="resume")
    found = get_open_pause(task)
    if found is None or found.state != "running":
        raise EditConflict
    end_pause(found, by=request.auth, now=now(), reason=given.text)
    task.refresh_from_db()
    return _state(task)


@router.post("/tasks/{id}/extensions", response={201: ExtensionOut, **REFUSALS}, summary="Ask for more time")
def extend(request: ApiRequest, id: int, given: ExtendIn) -> Status[dict[str, Any]]:
    """A repeated request is answered one level higher."""
    task, facts = get_task_and_facts(request.access, id=id, to="extend")
    made = request_extension(
        task, unit=acting_unit(request.access, task, "extend", facts=facts), by=request.auth, now=now(),
        to_date=given.to, cause=given.cause, reason=given.reason, progress=given.progress,
    )  # fmt: skip
    return Status(201, _extension(made))


@router.post("/extensions/{id}/decide", response={200: ExtensionOut, **REFUSALS}, summary="Answer a request for time")
def answer_extension(request: ApiRequest, id: int, given: DecisionIn) -> dict[str, Any]:
    """Yes with a definite date, or no with a reason."""
    extension = get_extension_for(request.access, id=id, to="decide_extension")
    decide_extension(
        extension, approve=given.approve, granted_date=given.until, opinion=given.opinion, by=request.auth, now=now()
    )
    return _extension(extension)


@router.get("/tasks/{id}/changes", response={200: list[ChangeOut], 404: RefusalOut}, summary="Its changes of hands")
def read_changes(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """Those of the task, and tasks that came into it."""
    return [_change(change) for change in list_changes_of(get_task_for(request.access, id=id))]


@router.post("/tasks/{id}/changes", response={201: ChangeOut, **REFUSALS}, summary="Transfer, split or merge")
def change(request: ApiRequest, id: int, given: ChangeIn) -> Status[dict[str, Any]]:
    """Who decides on the task orders it, where no other unit must agree; who leads it proposes."""
    task, facts = get_task_and_facts(request.access, id=id, to="change_hands")
    decides = may(request.access, facts, "decide_change")
    unit = get_leading_unit(task) if decides else acting_unit(request.access, task, "change_hands", facts=facts)
    if unit is None:
        raise NotAllowed
    to = _unit(request, given.unit) if given.kind == "transfer" else None
    into = None
    if given.kind == "merge" and given.into:
        into = get_task_for(request.access, id=given.into, to="decide_change" if decides else "see")
    parts = [_part(request, part) for part in given.parts] if given.kind == "split" else []
    asks = to is not None and needs_consent(request.access, kind=given.kind, to_path=to.path or "", decides=decides)
    act = order_change if decides and not asks else propose_change
    made = act(
        task, kind=given.kind, unit=unit, reason=given.reason, by=request.auth, now=now(), to_unit=to, into=into,
        parts=parts,
    )  # fmt: skip
    return Status(201, _change(made))


@router.post("/tasks/{id}/changes/decide", response={200: ChangeOut, **REFUSALS}, summary="Decide on the change")
def answer_change(request: ApiRequest, id: int, given: DecisionIn) -> dict[str, Any]:
    """It is carried out at once, or refused with a reason."""
    task = get_task_for(request.access, id=id, to="decide_change")
    found = get_open_change(task)
    if found is None:
        raise EditConflict
    if found.into_id is not None and given.approve:
        get_task_for(request.access, id=found.into_id, to="decide_change")
    asks = asks_consent(request.access, found, decides=True)
    decide_change(found, approve=given.approve, opinion=given.opinion, by=request.auth, now=now(), needs_consent=asks)
    return _change(found)


@router.post("/changes/{id}/consent", response={200: ChangeOut, **REFUSALS}, summary="Take it over, or not")
def consent(request: ApiRequest, id: int, given: DecisionIn) -> dict[str, Any]:
    """The answer of the unit that is to take a task over."""
    found = get_change_for(request.access, id=id, to="consent")
    consent_change(found, agree=given.approve, opinion=given.opinion, by=request.auth, now=now())
    return _change(found)


@router.get("/stocktakes", response=list[StocktakeOut], summary="Stocktakes and what became of their decisions")
def read_stocktakes(request: ApiRequest) -> list[dict[str, Any]]:
    """The latest fifty."""
    rows: list[Any] = list(list_stocktakes(request.access)[:50])
    return [
        {"id": s.pk, "title": s.title, "date": s.date, "unit": s.unit.code, "decided": s.decided,
         "completed": s.completed}
        for s in rows
    ]  # fmt: skip


@router.get("/stocktakes/{id}", response={200: PackOut, 404: RefusalOut}, summary="A pack with its decisions")
def read_stocktake(request: ApiRequest, id: int) -> dict[str, Any]:
    """The tasks as they stand now."""
    found = get_stocktake_for(request.access, id=id)
    lines = list_lines(found, today=today(), policy=get_policy())
    return {
        "id": found.pk, "title": found.title, "rulings": [_ruling(r) for r in list_rulings(found)],
        "tasks": [
            {"task": line.task.pk, "code": line.task.code, "title": line.task.title, "light": line.light.colour,
             "why": line.light.why, "percent": line.standing.percent if line.standing else None,
             "parts": [part.task.pk for part in line.parts], "questions": [q.pk for q in line.questions]}
            for line in lines
        ],
    }  # fmt: skip


@router.post("/stocktakes/{id}/rulings", response={201: RulingOut, **REFUSALS}, summary="Record a decision")
def rule(request: ApiRequest, id: int, given: RulingIn) -> Status[dict[str, Any]]:
    """It becomes a task, an answer or a note at once."""
    found = get_stocktake_for(request.access, id=id, to="hold")
    about = get_task_for(request.access, id=given.about) if given.about else None
    asked = None
    if given.kind == "answer" and given.coordination:
        asked = get_coordination_for(request.access, id=given.coordination, to="answer")
    done = rule_stocktake(
        found, kind=given.kind, text=given.text, by=request.auth, now=now(), about=about,
        unit=_unit(request, given.unit), due_date=given.due, coordination=asked,
    )  # fmt: skip
    return Status(201, _ruling(done.ruling))


def _unit(request: ApiRequest, name: str) -> Unit | None:
    return parse_unit(name, request.access) if name else None


def _leader(request: ApiRequest, id: int | None) -> Person | None:
    """One of the leaders that may be asked. Raises NotAllowed for anybody else."""
    if id is None:
        return None
    found = next((person for person, _title in list_leaders(request.access, today=today()) if person.pk == id), None)
    if found is None:
        raise NotAllowed
    return found


def _part(request: ApiRequest, part: PartIn) -> dict[str, Any]:
    return as_part(parse_unit(part.unit, request.access).pk, target=part.target, due_date=part.due)


def _asked(row: Coordination) -> dict[str, Any]:
    return {
        "id": row.pk, "task": row.task_id, "code": row.task.code, "unit": str(row.unit),
        "asked": str(row.asked_person or row.asked_unit), "question": row.question, "needed": row.needed_date,
        "state": row.state, "stands": timeliness_of(row, today=today()).value, "answer": row.answer,
    }  # fmt: skip


def _state(task: Any) -> dict[str, Any]:
    return {"task": task.pk, "state": task.state, "due": task.due_date}


def _extension(row: Extension) -> dict[str, Any]:
    by = row.decider_unit or row.task.owner
    return {"id": row.pk, "number": row.number, "state": row.state, "answered_by": by.code, "granted": row.granted_date}


def _change(row: Change) -> dict[str, Any]:
    to = row.to_unit or (row.into.code if row.into else "")
    return {
        "id": row.pk, "task": row.task_id, "kind": row.kind, "state": row.state, "unit": str(row.unit), "to": str(to),
        "reason": row.reason,
    }  # fmt: skip


def _ruling(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "text": row.text, "task": row.task_id, "coordination": row.coordination_id,
        "at": row.at,
    }  # fmt: skip
