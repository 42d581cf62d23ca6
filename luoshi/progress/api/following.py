"""Following through over the API: months as they ended, obstacles, forecasts, and the table of lights."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.policy import get_policy
from luoshi.progress.actions.obstacles import clear_obstacle, name_obstacle
from luoshi.progress.actions.tables import TableGiven, check_table, set_table
from luoshi.progress.forms.following import NUMBER_LABELS, table_initial
from luoshi.progress.models.following import Obstacle
from luoshi.progress.queries import get_trajectory
from luoshi.progress.queries.forecast import forecast_sentence, list_misses
from luoshi.progress.queries.months import get_strip
from luoshi.progress.queries.obstacles import (
    get_obstacle_for,
    get_open_obstacle,
    holder_name,
    list_waiting_for,
    parse_holder,
)
from luoshi.progress.queries.tables import colours, compare_tables, forget_table, get_newest, may_set_table
from luoshi.progress.rules.obstacles import may_name
from luoshi.progress.rules.palettes import PALETTES
from luoshi.tasks.api import ApiRequest, RefusalOut
from luoshi.tasks.queries import get_task_and_facts, get_task_for

router = Router(tags=["lights"])
CAUSES = "^(funds|land|approval|coordination|weather|upper_unclear|staff|other)$"


class MonthOut(Schema):
    """A month as it ended: red, yellow, blue or green; empty where the task was not under way."""

    month: date
    colour: str
    word: str
    why: str


class ForecastOut(Schema):
    """On its own pace; `done_date` is left out where nothing honest can be said."""

    outcome: str
    reports: int
    done_date: date | None = None
    early: date | None = None
    late: date | None = None
    days_over: int | None = None
    words: str


class CourseOut(Schema):
    """The months of a task and its forecast."""

    months: list[MonthOut]
    forecast: ForecastOut | None = None


class ObstacleIn(Schema):
    """What holds a task up, and who can remove it: a unit or a person in office."""

    cause: str = Field(pattern=CAUSES, examples=["land"])
    note: str = Field(min_length=1, max_length=2000)
    holder: str = Field(min_length=1, max_length=120, examples=["QH-CZJ"])


class ObstacleOut(Schema):
    """An obstacle; `how` once it is removed."""

    id: int
    task: int
    cause: str
    note: str
    holder: str
    named_at: datetime
    cleared_at: datetime | None = None
    how: str = ""

    @staticmethod
    def resolve_task(obstacle: Obstacle) -> int:
        return obstacle.task_id

    @staticmethod
    def resolve_holder(obstacle: Obstacle) -> str:
        return holder_name(obstacle)


class ClearIn(Schema):
    """How it was removed."""

    how: str = Field(min_length=1, max_length=2000)


class MissOut(Schema):
    """A task that will miss its date on its own pace."""

    task: int
    code: str
    title: str
    due_date: date
    days_over: int
    words: str


Colour = Literal["red", "yellow", "blue", "green"]


class TableIn(Schema):
    """A table of lights: what is left out stays as it is. `save` false only counts what would turn."""

    palette: str | None = Field(None, max_length=20)
    lines: dict[str, Colour] = {}
    numbers: dict[str, int] = {}
    caught_up: Literal["yellow", "red"] | None = None
    reason: str = Field("", max_length=1000)
    base: int | None = Field(None, description="id of the table that was read; another one meanwhile is a conflict")
    save: bool = False


class TableOut(Schema):
    """The table that holds. `id` is 0 where the preset does."""

    id: int
    palette: str
    palettes: list[str]
    lines: dict[str, str]
    numbers: dict[str, int]
    caught_up: str
    may_set: bool


class TurnedOut(Schema):
    """How many tasks turn from one colour to another."""

    before: str
    after: str
    number: int


@router.get("/tasks/{id}/course", response={200: CourseOut, 404: RefusalOut}, summary="Months and forecast of a task")
def course(request: ApiRequest, id: int) -> dict[str, Any]:
    """The last twelve months as they ended, and when the work will be done on its own pace."""
    task, policy, day = get_task_for(request.access, id=id), get_policy(), today()
    found = get_trajectory(task, today=day, forecast_days=policy.forecast_days).forecast
    words = forecast_sentence(found) if found else ""
    fields = ("reports", "done_date", "early", "late", "days_over")
    ahead = {"outcome": found.outcome.value, "words": words} | {f: getattr(found, f) for f in fields} if found else None
    return {"months": get_strip(task.pk, today=day, policy=policy), "forecast": ahead}


@router.get("/obstacles", response=list[ObstacleOut], summary="What waits for me")
def waiting(request: ApiRequest) -> list[Obstacle]:
    """The open obstacles that you or your unit can remove, the oldest first; at most 200."""
    return list(list_waiting_for(request.access).select_related("holder_unit", "holder_person")[:200])


@router.get("/tasks/{id}/obstacle", response={200: ObstacleOut | None, 404: RefusalOut}, summary="What holds it up")
def of_task(request: ApiRequest, id: int) -> Obstacle | None:
    """The obstacle that stands, or null."""
    return get_open_obstacle(get_task_for(request.access, id=id).pk)


@router.post(
    "/tasks/{id}/obstacle", response={201: ObstacleOut, 403: RefusalOut, 404: RefusalOut, 422: RefusalOut},
    summary="Say what holds a task up",
)  # fmt: skip
def name(request: ApiRequest, id: int, given: ObstacleIn) -> Status[Obstacle]:
    """Who can remove it is told; what was said before is replaced."""
    task, facts = get_task_and_facts(request.access, id=id)
    if not may_name(request.access, facts):
        raise NotAllowed
    unit, person = parse_holder(given.holder, request.access, today=today())
    found = name_obstacle(
        task, cause=given.cause, note=given.note, holder_unit=unit, holder_person=person, by=request.auth, now=now(),
        today=today(),
    )  # fmt: skip
    return Status(201, found)


@router.post("/obstacles/{id}/clear", response={200: ObstacleOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut})
def clear(request: ApiRequest, id: int, given: ClearIn) -> Obstacle:
    """Say how it was removed; whoever named it is told."""
    obstacle = get_obstacle_for(request.access, id=id, to="clear")
    clear_obstacle(obstacle, how=given.how, by=request.auth, now=now())
    obstacle.refresh_from_db()
    return obstacle


@router.get("/lights/misses", response=list[MissOut], summary="Work that will miss its date on its own pace")
def misses(request: ApiRequest) -> list[dict[str, Any]]:
    """Among the 2,000 tasks you see whose dates are nearest, the latest first."""
    found = list_misses(request.access, today=today(), policy=get_policy())
    return [
        {
            "task": row.task.pk, "code": row.task.code, "title": row.task.title, "due_date": row.task.due_date,
            "days_over": row.forecast.days_over, "words": row.words,
        }
        for row in found.rows
    ]  # fmt: skip


@router.get("/lights/table", response=TableOut, summary="The table of lights that holds")
def table(request: ApiRequest) -> dict[str, Any]:
    """The palette, each line's colour and the thresholds."""
    forget_table()
    held, given = get_newest(), _held()
    return {
        "id": held.pk if held else 0, "palette": given.palette, "palettes": list(PALETTES), "lines": given.colours,
        "numbers": given.numbers, "caught_up": given.caught_up,
        "may_set": may_set_table(request.access),
    }  # fmt: skip


@router.post("/lights/table", response={200: list[TurnedOut], 403: RefusalOut, 409: RefusalOut, 422: RefusalOut})
def change(request: ApiRequest, wish: TableIn) -> list[dict[str, Any]]:
    """Count what another table would turn on the live ledger; with `save` and a reason it holds from now on."""
    if not may_set_table(request.access):
        raise NotAllowed
    forget_table()
    policy, held, given = get_policy(), get_newest(), _wished(wish)
    check_table(given)
    turned = compare_tables(before=policy, after=replace(policy, **given.policy_fields), today=today())
    if wish.save:
        base = wish.base if wish.base is not None else held.pk if held else 0
        set_table(given, reason=wish.reason, base=base, by=request.auth, now=now())
    names = colours()
    return [{"before": names[t.before], "after": names[t.after], "number": t.number} for t in turned]


def _held() -> TableGiven:
    shown = table_initial(get_policy(), base=0)
    lines = {name.removeprefix("line_"): colour for name, colour in shown.items() if name.startswith("line_")}
    return TableGiven(shown["palette"], lines, {name: shown[name] for name in NUMBER_LABELS}, shown["caught_up"])


def _wished(wish: TableIn) -> TableGiven:
    """The table that holds with what is wished otherwise; numbers are kept within what the page allows."""
    held = _held()
    palette = wish.palette if wish.palette and wish.palette in PALETTES else held.palette
    base = held.colours if palette == held.palette else {line.value: c.value for line, c in PALETTES[palette].items()}
    lines = {line: colour for line, colour in wish.lines.items() if line in base}
    numbers = {
        name: min(max(wish.numbers.get(name, held.numbers[name]), least), most)
        for name, (_label, least, most) in NUMBER_LABELS.items()
    }
    return TableGiven(palette, {**base, **lines}, numbers, wish.caught_up or held.caught_up)
