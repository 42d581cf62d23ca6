"""Clocks over the API: those that hold here, setting one's own, and the dates and offers of a task."""

from datetime import date
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import parse_unit
from luoshi.tasks.actions.clocks import set_clocks
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.queries.clocks import (
    get_clock,
    get_clock_set,
    get_clocks,
    get_preset,
    get_shown_offer,
    get_step_date,
    list_clock_units,
    list_effects,
    list_nodes,
    preset_name,
)
from luoshi.tasks.rules.clocks import PRESETS, ClockFacts, Kind
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import Cadence

router = Router(tags=["clocks"])


class ClockData(Schema):
    """The clocks of one kind of matter; null: no such clock runs. A grace of days holds for reports."""

    in_workdays: bool = True
    acknowledge_days: int | None = Field(None, examples=[2])
    first_days: int | None = Field(None, examples=[10])
    due_days: int | None = Field(None, examples=[30], description="where nothing is said")
    urgent_days: int | None = None
    immediate_days: int | None = None
    hard_days: int | None = Field(None, description="for what is named hard or complex")
    grace_days: int = 0
    cadence_critical: Cadence = Cadence.MONTHLY
    cadence_key: Cadence = Cadence.MONTHLY
    cadence_routine: Cadence = Cadence.QUARTERLY
    opens_day: int | None = None
    closes_day: int | None = Field(None, examples=[25])


class ClocksOut(Schema):
    """What holds for a unit; `version` is to be sent back when it sets its own (0: it has none)."""

    unit: str = Field(description="code")
    own: bool
    version: int
    preset: str = Field(examples=["county"])
    clocks: dict[Matter, ClockData]
    nodes: dict[Matter, list[str]]


class ClocksIn(Schema):
    """The clocks that a government or company is to have; of none, those above it hold. A preset may stand for all."""

    unit: str = Field("", description="code; empty: the first whose clocks you set", examples=["QH"])
    version: int = 0
    preset: str = Field("", examples=["13710"])
    clocks: dict[Matter, ClockData] = {}


class SetOut(Schema):
    """The set as kept, and what it changed at once: how many open tasks became late in a step, or are late no more."""

    version: int
    effects: dict[str, list[int]] = Field(examples=[{"acknowledge": [12, 0], "first": [3, 1]}])


class TaskClockOut(Schema):
    """The dates that the clocks give a task, and what they propose where it says nothing itself."""

    matter: Matter
    acknowledge_date: date | None = None
    first_report_date: date | None = None
    offered_due_date: date | None = None
    offered_hard_date: date | None = None
    offered_cadence: str = ""
    offered_cadence_day: int | None = None


@router.get("/clocks", response={200: ClocksOut, 404: RefusalOut, 422: RefusalOut}, summary="Read the clocks")
def read_clocks(request: ApiRequest, unit: str = "") -> dict[str, Any]:
    """The clocks and nodes that hold for what a unit asks; without one, for your own government or company."""
    found = _unit(request, unit)
    path = found.path or "" if found else ""
    kept = get_clock_set(found) if found else None
    clocks = get_clocks([path] if path else [])
    return {
        "unit": found.code if found else "",
        "own": kept is not None and kept.clocks.exists(),
        "version": kept.version if kept else 0,
        "preset": kept.preset if kept and kept.preset else preset_name(),
        "clocks": {matter: clocks.of(path, matter) for matter in Matter},
        "nodes": {matter: [node.name for node in list_nodes(path, matter)] for matter in Matter},
    }


@router.put("/clocks", response={200: SetOut, 403: RefusalOut, 409: RefusalOut, 422: RefusalOut}, summary="Set them")
def write_clocks(request: ApiRequest, given: ClocksIn) -> dict[str, Any]:
    """Set the clocks of the government or company of which you are head or office."""
    units = list_clock_units(request.access)
    wanted = parse_unit(given.unit, request.access) if given.unit else next(iter(units), None)
    unit = next((u for u in units if wanted and u.pk == wanted.pk), None)
    if unit is None:
        raise NotAllowed
    base = get_preset(given.preset) if given.preset in PRESETS else {}
    clocks = base | {m.value: ClockFacts(**_plain(c)) for m, c in given.clocks.items()}
    effects = list_effects(unit, clocks, today=today())
    kept = set_clocks(unit, clocks, preset=given.preset[:20], version=given.version, by=request.auth, now=now())
    return {"version": kept.version, "effects": {e.kind: [e.more, e.fewer] for e in effects}}


def _plain(clock: ClockData) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Cadence) else value for name, value in clock.dict().items()}


def _unit(request: ApiRequest, code: str) -> Unit | None:
    if code:
        return parse_unit(code, request.access)
    homes = request.access.homes
    return Unit.objects.filter(path=homes[0]).first() if homes else None


@router.get(
    "/tasks/{id}/clock", response={200: TaskClockOut, 404: RefusalOut}, summary="Read the dates the clocks give a task"
)
def read_task_clock(request: ApiRequest, id: int) -> dict[str, Any]:
    """Receipt and first report count from the dispatch; the offers are only proposed."""
    task = get_task_for(request.access, id=id)
    clock = get_clock(task)
    offer = get_shown_offer(task, today=today())
    return {
        "matter": task.matter,
        "acknowledge_date": get_step_date(task, Kind.ACKNOWLEDGE, clock=clock),
        "first_report_date": get_step_date(task, Kind.FIRST, clock=clock),
        **(
            {
                "offered_due_date": offer.due_date, "offered_hard_date": offer.hard_date,
                "offered_cadence": offer.cadence, "offered_cadence_day": offer.cadence_day,
            }
            if offer
            else {}
        ),
    }  # fmt: skip
