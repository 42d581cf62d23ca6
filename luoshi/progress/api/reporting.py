"""Reporting over the API: on time, late and missing by unit and month, and the closed windows of a task."""

from datetime import date, datetime
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.core.clock import today
from luoshi.orgs.models import Unit
from luoshi.progress.models import Turn
from luoshi.progress.queries.turns import list_closing, list_task_turns, list_unit_rates
from luoshi.progress.rules.windows import Rates, month_start
from luoshi.tasks.api import ApiRequest, RefusalOut
from luoshi.tasks.queries import get_task_for

router = Router(tags=["progress"])


class RatesOut(Schema):
    """Closed windows by what became of them; `percent` on time is null while fewer than ten were asked."""

    on_time: int
    late: int
    missing: int
    excused: int
    asked: int
    percent: int | None = None


class UnitRatesOut(Schema):
    """One unit's month and the twelve months that end with it."""

    unit: str = Field(description="code")
    level: str
    month: RatesOut
    year: RatesOut


class ClosesOut(Schema):
    """A window that closes within a week."""

    day: date
    opens: date
    cadence: str
    asked: int
    reported: int


class ReportingOut(Schema):
    """The units that you oversee, in the order of the tree and never of figures."""

    month: str
    closing: list[ClosesOut]
    units: list[UnitRatesOut]


class TurnOut(Schema):
    """A closed window of a unit on a task."""

    unit: str
    period: str = Field(examples=["2026-11"])
    opens_date: date
    closes_date: date
    state: str = Field(examples=["on_time"])
    reported_at: datetime | None = None

    @staticmethod
    def resolve_unit(turn: Turn) -> str:
        return turn.unit.code


@router.get("/reporting", response=ReportingOut, summary="Read who reported on time")
def read_reporting(request: ApiRequest, month: Query[str] = "", level: Query[str] = "") -> dict[str, Any]:
    """On time, late, missing and excused by unit, for a month (2026-11; without one the present)."""
    first = month_start(month) or today().replace(day=1)
    rows = list_unit_rates(request.access, month=first, level=level)
    codes = dict(Unit.objects.filter(pk__in=[r.unit_id for r in rows]).values_list("pk", "code"))
    return {
        "month": f"{first:%Y-%m}",
        "closing": list_closing(request.access, today=today()),
        "units": [
            {"unit": codes[r.unit_id or 0], "level": r.level, "month": _rates(r.month), "year": _rates(r.year)}
            for r in rows
        ],
    }


def _rates(rates: Rates) -> dict[str, Any]:
    return {name: getattr(rates, name) for name in RatesOut.model_fields}


@router.get(
    "/tasks/{id}/turns", response={200: list[TurnOut], 404: RefusalOut}, summary="Read the closed windows of a task"
)
def read_turns(request: ApiRequest, id: int) -> list[Turn]:
    """The latest twelve, newest first."""
    return list_task_turns(get_task_for(request.access, id=id).pk)
