"""Feedback over the API: read the reports of a task, post one; the same gate and the same action as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy
from ninja import Query, Router, Schema, Status
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import PAGE_SIZE, paginate
from luoshi.core.policy import get_policy
from luoshi.orgs.queries import parse_unit
from luoshi.progress.actions import report_progress
from luoshi.progress.models import Feedback
from luoshi.progress.queries import get_outlook, list_feedback
from luoshi.progress.queries.evidence import list_offered
from luoshi.progress.queries.turns import get_window
from luoshi.progress.rules.periods import current_period
from luoshi.progress.rules.windows import open_periods
from luoshi.tasks.api import ApiRequest, RefusalOut
from luoshi.tasks.models import Task
from luoshi.tasks.queries import acting_unit, get_task_and_facts, get_task_for

router = Router(tags=["progress"])


class NotThePeriod(Refusal):
    """Neither the present period nor the one before."""

    sentence = gettext_lazy(
        "A report is for the present period or the one before. Leave the period empty for the present one."
    )


class FeedbackIn(Schema):
    """One report. `percent` 0 is a report of zero; leave it out when it is not known."""

    done: str = Field("", max_length=5000, examples=["已建成高标准农田3200亩，11月20日通过初验"])
    percent: Decimal | None = Field(None, ge=0, le=100, max_digits=6, decimal_places=2, examples=["26.5"])
    value: Decimal | None = Field(None, max_digits=18, decimal_places=4, examples=["3200"])
    problem: str = Field("", max_length=3000)
    cause: str = Field(
        "", pattern="^(|funds|land|approval|coordination|weather|upper_unclear|staff|other)$", examples=["funds"]
    )
    ask: str = Field("", max_length=3000)
    asked_unit: str = Field("", max_length=120, description="name, short name or code", examples=["QH-CZJ"])
    next_step: str = Field("", max_length=3000)
    next_date: Day | None = None
    again: list[int] = Field([], max_length=10, description="evidence the unit keeps: ids of files that serve again")
    period: str = Field(
        "", max_length=10, examples=["2026-11"], description="empty: the present one; or the one before, when late"
    )


class FeedbackOut(Schema):
    """A report as it was given. Quantities are decimal strings."""

    id: int
    unit: str = Field(examples=["QH-NYJ"], description="code of the reporting unit")
    by: str
    at: datetime
    period: str = Field(examples=["2026-11"])
    done: str
    percent: Decimal | None = None
    value: Decimal | None = None
    problem: str
    cause: str
    ask: str
    asked_unit: str = ""
    next_step: str
    next_date: date | None = None
    is_late: bool = Field(default=False, description="its window had closed when it came; it is taken all the same")

    @staticmethod
    def resolve_unit(feedback: Feedback) -> str:
        return feedback.unit.code

    @staticmethod
    def resolve_by(feedback: Feedback) -> str:
        return str(feedback.by)

    @staticmethod
    def resolve_asked_unit(feedback: Feedback) -> str:
        return feedback.asked_unit.code if feedback.asked_unit else ""


class StandingOut(Schema):
    """How the task stands: what counts, how many of the parts reported, and its light with the reason."""

    percent: Decimal | None = None
    reported: int
    expected: int
    light: str = Field(examples=["yellow"])
    why: str


class FeedbackList(Schema):
    """One page of reports, newest first."""

    total: int
    page: int
    pages: int
    standing: StandingOut
    feedback: list[FeedbackOut]


@router.get("/tasks/{id}/feedback", response={200: FeedbackList, 404: RefusalOut}, summary="Read the reports of a task")
def list_all(request: ApiRequest, id: int, page: Query[int] = 1) -> dict[str, Any]:
    """The reports, newest first, with how the task stands."""
    task = get_task_for(request.access, id=id)
    found = paginate(list_feedback(task), number=page, size=PAGE_SIZE)
    return {
        "total": found.total,
        "page": found.number,
        "pages": found.count,
        "standing": _standing(task),
        "feedback": found.rows,
    }


@router.post(
    "/tasks/{id}/feedback",
    response={201: FeedbackOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Report progress",
)
def post(request: ApiRequest, id: int, report: FeedbackIn) -> Status[Feedback]:
    """Report in the name of the unit in which you work; the percent is carried up at once."""
    task, facts = get_task_and_facts(request.access, id=id, to="report")
    given, day = report.dict(), today()
    asked, again = given.pop("asked_unit"), given.pop("again")
    period = given.pop("period") or current_period(task.cadence, day)
    if period not in open_periods(task.cadence, day):
        raise NotThePeriod
    unit = acting_unit(request.access, task, "report", facts=facts)
    kept = list_offered(unit, today=day).filter(pk__in=again)
    feedback = report_progress(
        task, unit=unit, by=request.auth, now=now(), today=day, again=kept,
        period=period, asked_unit=parse_unit(asked, request.access) if asked else None,
        **given,
    )  # fmt: skip
    window = get_window(task, period=period)
    feedback.is_late = window is not None and day > window.final  # type: ignore[attr-defined]
    return Status(201, feedback)


def _standing(task: Task) -> dict[str, Any]:
    outlook = get_outlook(task, today=today(), policy=get_policy())
    return {
        "percent": outlook.standing.percent,
        "reported": outlook.standing.reported,
        "expected": outlook.standing.expected,
        "light": outlook.light.colour,
        "why": outlook.light.why,
    }
