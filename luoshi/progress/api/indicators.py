"""Indicators over the API: define and read them, give and correct figures, confirm a level and open it again."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Body, Query, Router, Schema, Status
from pydantic import Field

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.orgs.models import Unit
from luoshi.progress.actions import ReadingRow, confirm_period, record_readings, reopen_period
from luoshi.progress.models import Reading
from luoshi.progress.queries.boards import Cell, Line, get_allotment_for, list_lead_names, read_facts, summarise
from luoshi.progress.queries.levels import Board, get_board, list_readings_of
from luoshi.tasks.actions.indicating import allot, set_indicator, set_period_targets
from luoshi.tasks.api import ApiRequest, RefusalOut
from luoshi.tasks.models import Allotment, Task
from luoshi.tasks.queries import acting_unit, get_task_for
from luoshi.tasks.rules.indicators import Direction, OverTime, OverUnits, Owed
from luoshi.tasks.rules.states import Cadence

router = Router(tags=["indicators"])
REFUSALS = {403: RefusalOut, 404: RefusalOut, 409: RefusalOut}
Figure = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]
Period = Annotated[str, Field(min_length=4, max_length=10, examples=["2026-11"])]


class OwedIn(Schema):
    """What a task owes of an indicator; of a band, `target` is the floor. `periods` are targets to date."""

    target: Figure | None = Field(None, examples=["5200"])
    ceiling: Figure | None = None
    baseline: Figure | None = None
    weight: Figure = Field(Decimal(1), ge=0, description="the base's value for a weighted mean")
    periods: dict[str, Figure] = Field({}, examples=[{"2026-11": "4800"}])


class IndicatorIn(OwedIn):
    """An indicator to define, with what the task as a whole owes of it."""

    name: str = Field(min_length=1, max_length=120, examples=["城镇新增就业"])
    measure: str = Field("", max_length=20, examples=["人"])
    year: int = Field(ge=2000, le=2200, examples=[2026])
    places: int = Field(0, ge=0, le=4)
    direction: Direction = Direction.UP
    over_time: OverTime = OverTime.SUM
    over_units: OverUnits = OverUnits.SUM
    base: str = Field("", max_length=40, description="a figure of units; wanted for a weighted mean")
    cadence: Cadence = Cadence.MONTHLY
    is_main: bool = True


class IndicatorOut(Schema):
    """An indicator as one task takes part in it. Quantities are decimal strings; null is missing, "0" is zero."""

    allotment: int = Field(description="the task's part in it; what the other addresses want")
    indicator: int
    name: str
    measure: str
    year: int
    cadence: str
    direction: str
    over_time: str
    over_units: str
    is_main: bool
    target: Decimal | None = None
    ceiling: Decimal | None = None
    period: str = ""
    to_date: Decimal | None = None
    reported: int = 0
    expected: int = 1


class CellOut(Schema):
    """One period: `state` is given, missing, none (before the part began) or ahead (not begun)."""

    period: str
    state: str
    value: Decimal | None = None
    to_date: Decimal | None = None
    target: Decimal | None = Field(None, description="to date")
    reported: int = 0
    expected: int = 1
    corrected: bool = False
    locked: bool = False


class PartOut(Schema):
    """A part one level below; where it is no leaf, its own allotment shows what is behind the numbers."""

    allotment: int
    unit: str
    target: Decimal | None = None
    is_leaf: bool
    periods: list[CellOut]


class AllotmentOut(IndicatorOut):
    """An allotment with its year, its parts (one page of them) and who is missing in `period`."""

    periods: list[CellOut]
    parts: list[PartOut]
    next_after: int | None = Field(None, description="send it as `after` for the parts that follow")
    parts_target: Decimal | None = Field(None, description="what the parts owe together")
    missing: list[str] = []


class FigureIn(Schema):
    """One figure. Of a ratio send both parts, else the value; `why` when a figure is corrected."""

    period: Period
    value: Figure | None = Field(None, examples=["412"])
    numerator: Figure | None = None
    denominator: Figure | None = None
    source: str = Field("", max_length=200, examples=["就业服务中心台账"])
    note: str = Field("", max_length=2000)
    why: str = Field("", max_length=2000)


class SheetRowIn(FigureIn):
    """One figure of a sheet."""

    allotment: int


class ReadingOut(Schema):
    """A reading; `replaced_at` says when a correction took its place."""

    id: int
    allotment: int
    period: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    source: str
    note: str
    why: str
    unit: str = Field(description="code of the reporting unit")
    at: datetime
    replaced_at: datetime | None = None

    @staticmethod
    def resolve_allotment(reading: Reading) -> int:
        return reading.allotment_id

    @staticmethod
    def resolve_unit(reading: Reading) -> str:
        return reading.unit.code


class PeriodIn(Schema):
    """A period of this level."""

    period: Period
    note: str = Field("", max_length=2000)


class ReopenIn(Schema):
    """The period to open again, and why."""

    period: Period
    why: str = Field(max_length=2000, examples=["石门乡漏报3人"])


class ConfirmationOut(Schema):
    """The state of a level after the step."""

    allotment: int
    period: str
    confirmed: bool
    to_date: Decimal | None = None
    reported: int | None = None
    expected: int | None = None


@router.get("/tasks/{id}/indicators", response={200: list[IndicatorOut], 404: RefusalOut}, summary="Its indicators")
def list_all(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """What the task owes of each indicator, and how it stands."""
    task = get_task_for(request.access, id=id)
    return _of_task(task)


def _of_task(task: Task) -> list[dict[str, Any]]:
    rows = list(Allotment.objects.filter(task=task).select_related("indicator").order_by("-indicator__is_main", "pk"))
    facts, names = read_facts([row.pk for row in rows]), list_lead_names([task.pk])
    found = []
    for row in rows:
        seen = summarise(row, facts, today=today(), has_parts=row.pk in facts.expected, name=names.get(task.pk, ""))
        shown = {"period": seen.period, "to_date": seen.to_date, "reported": seen.reported, "expected": seen.expected}
        found.append(_columns(row) | shown)
    return found


def _columns(row: Allotment) -> dict[str, Any]:
    names = ("name", "measure", "year", "cadence", "direction", "over_time", "over_units", "is_main")
    own = {"allotment": row.pk, "indicator": row.indicator_id, "target": row.target, "ceiling": row.ceiling}
    return own | {name: getattr(row.indicator, name) for name in names}


@router.post("/tasks/{id}/indicators", response={201: list[IndicatorOut], **REFUSALS}, summary="Define an indicator")
def define(request: ApiRequest, id: int, given: IndicatorIn) -> Status[list[dict[str, Any]]]:
    """Let an indicator measure the task; give its parts their shares by cascading or with `parts`."""
    task = get_task_for(request.access, id=id, to="steer")
    fields = {name: value for name, value in given.dict().items() if name not in OwedIn.model_fields}
    plain = {name: str(value) for name, value in fields.items() if name in ("direction", "over_time", "over_units")}
    set_indicator(
        task, by=request.auth, now=now(), owed=_owed(given), **fields | plain | {"cadence": given.cadence.value}
    )
    return Status(201, _of_task(task))


def _owed(given: OwedIn) -> Owed:
    return Owed(**{name: getattr(given, name) for name in OwedIn.model_fields})


@router.get("/allotments/{id}", response={200: AllotmentOut, 404: RefusalOut}, summary="One level of an indicator")
def read(request: ApiRequest, id: int, period: Query[str] = "", after: Query[int] = 0) -> dict[str, Any]:
    """The year of this level and of its parts; each part's own allotment leads further down, to the leaf."""
    allotment = get_allotment_for(request.access, id=id)
    return _board(get_board(request.access, allotment, today=today(), period=period, after=after))


def _board(board: Board) -> dict[str, Any]:
    targets = board.facts.targets
    return _columns(board.allotment) | {
        "period": board.period,
        "to_date": board.to_date,
        "reported": board.now.reported,
        "expected": board.now.expected,
        "periods": _cells(board.own, targets.get(board.allotment.pk, {})),
        "parts": [
            {"allotment": line.allotment_id, "unit": line.name, "target": line.target, "is_leaf": line.is_leaf,
             "periods": _cells(line, targets.get(line.allotment_id, {}))}
            for line in board.lines
        ],
        "next_after": board.after,
        "parts_target": board.parts_target,
        "missing": board.missing_names,
    }  # fmt: skip


def _cells(line: Line, targets: dict[str, Decimal]) -> list[dict[str, Any]]:
    names = tuple(name for name in CellOut.model_fields if name != "target")
    return [_cell(cell, names) | {"target": targets.get(cell.period)} for cell in line.cells]


def _cell(cell: Cell, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in names}


@router.get("/allotments/{id}/readings", response={200: list[ReadingOut], 404: RefusalOut}, summary="Its readings")
def readings(request: ApiRequest, id: int) -> list[Reading]:
    """Every reading of this allotment itself, corrected ones too, the one that counts first in each period."""
    found = list_readings_of(get_allotment_for(request.access, id=id))
    return [reading for period in sorted(found) for reading in found[period]]


@router.post("/allotments/{id}/readings", response={200: list[ReadingOut], **REFUSALS}, summary="Give a figure")
def give(request: ApiRequest, id: int, figure: FigureIn) -> list[Reading]:
    """Give or correct a figure in the name of the unit that leads the task; nothing comes back when it stands so."""
    return _record(request, [SheetRowIn(allotment=id, **figure.dict())])


@router.post("/readings", response={200: list[ReadingOut], **REFUSALS}, summary="Give a sheet of figures")
def give_many(request: ApiRequest, rows: list[SheetRowIn]) -> list[Reading]:
    """Give or correct many figures, all or none; those that changed come back."""
    return _record(request, rows[:2000])


def _record(request: ApiRequest, given: list[SheetRowIn]) -> list[Reading]:
    allotments = {pk: get_allotment_for(request.access, id=pk, to="plan") for pk in {row.allotment for row in given}}
    unit = _unit(request, [a.task for a in allotments.values()])
    rows = [ReadingRow(allotments[row.allotment], **row.dict(exclude={"allotment"})) for row in given]
    return record_readings(rows, unit=unit, by=request.auth, now=now(), today=today())


def _unit(request: ApiRequest, tasks: list[Task]) -> Unit:
    """The unit that leads the tasks; a sheet belongs to one unit."""
    units = {unit.pk: unit for unit in (acting_unit(request.access, task, "report") for task in tasks)}
    if len(units) != 1:
        raise NotAllowed
    return next(iter(units.values()))


@router.post("/allotments/{id}/confirm", response={200: ConfirmationOut, **REFUSALS}, summary="Confirm a period")
def confirm(request: ApiRequest, id: int, given: PeriodIn) -> dict[str, Any]:
    """Confirm what stands below up to the end of the period; all of it is locked until it is opened again."""
    allotment = get_allotment_for(request.access, id=id, to="cascade")
    made = confirm_period(
        allotment, period=given.period, note=given.note, unit=acting_unit(request.access, allotment.task, "cascade"),
        by=request.auth, now=now(), today=today(),
    )  # fmt: skip
    figures = {name: getattr(made, name) for name in ("to_date", "reported", "expected")}
    return {"allotment": allotment.pk, "period": made.period, "confirmed": True, **figures}


@router.post("/allotments/{id}/reopen", response={200: ConfirmationOut, **REFUSALS}, summary="Open a period again")
def reopen(request: ApiRequest, id: int, given: ReopenIn) -> dict[str, Any]:
    """Open again what this level confirmed; the reason stays to be read."""
    allotment = get_allotment_for(request.access, id=id, to="cascade")
    reopen_period(
        allotment, period=given.period, why=given.why, unit=acting_unit(request.access, allotment.task, "cascade"),
        by=request.auth, now=now(),
    )  # fmt: skip
    return {"allotment": allotment.pk, "period": given.period, "confirmed": False}


@router.put("/allotments/{id}/targets", response={200: AllotmentOut, **REFUSALS}, summary="Set its path")
def targets(request: ApiRequest, id: int, periods: Body[dict[str, Figure]]) -> dict[str, Any]:
    """Replace the targets to date, by period."""
    allotment = get_allotment_for(request.access, id=id, to="steer")
    set_period_targets(allotment, periods, by=request.auth, now=now())
    return read(request, id)


@router.put("/allotments/{id}/parts", response={200: AllotmentOut, **REFUSALS}, summary="Set what its parts owe")
def parts(request: ApiRequest, id: int, owed: Body[dict[int, OwedIn]], reason: str = "") -> dict[str, Any]:
    """Say what tasks given down from this one owe; `reason` is needed where that is more than this one owes."""
    allotment = get_allotment_for(request.access, id=id, to="cascade")
    below = set(Task.objects.under(allotment.task.path or "").filter(pk__in=list(owed)).values_list("pk", flat=True))
    if below != set(owed) or allotment.task_id in owed:
        raise NotAllowed
    given = {pk: _owed(one) for pk, one in owed.items()}
    allot(allotment.indicator, given, by=request.auth, now=now(), reason=reason[:500])
    return read(request, id)
