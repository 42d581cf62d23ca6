"""The clocks that run on a task, with their dates and days left, its strip of nodes, and how it reported lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from luoshi.core.prepared import first, prepared
from luoshi.core.queries import list_unknown_years_of
from luoshi.ledger.queries.task import LATEST, TaskPage
from luoshi.progress.models import Feedback, Turn
from luoshi.supervision.models import Pause
from luoshi.tasks.queries.clocks import get_clock, get_step_date, list_nodes
from luoshi.tasks.rules.clocks import Kind
from luoshi.tasks.rules.nodes import Passed, Place, Reached, StripNode, make_strip
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, ENDED, LEADING, State

TURNS = 6
STILL = (State.SUBMITTED, State.UNDER_VERIFICATION, State.SUSPENDED)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock that runs: what it waits for, its date, and the days left as the clock counts; below 0 it is late."""

    kind: str
    day: date
    left: int


@dataclass(frozen=True, slots=True)
class TaskClocks:
    """What runs, since when it stands still, what was passed, and the latest closed windows.

    In `unknown_years` dates that lie ahead may fall on a holiday: nobody entered those of that year.
    """

    lines: list[ClockLine]
    paused_date: date | None
    strip: tuple[StripNode, ...]
    turns: list[Turn]
    unknown_years: tuple[int, ...]

    @property
    def unknown_in_strip(self) -> tuple[int, ...]:
        """Of these the years in which nodes lie ahead."""
        ahead = {day.year for day in _days_ahead(self.strip)}
        return tuple(year for year in self.unknown_years if year in ahead)


def get_task_clocks(page: TaskPage, *, today: date) -> TaskClocks:
    """The clocks and nodes beside a task's page; three queries, up to six while receipt or the first report is owed."""
    task, standing = page.task, page.standing
    paused = standing.paused_date if standing else None
    days = _running(page) if task.state in ACTIVE and task.state not in STILL else {}
    judged = min(today, paused) if paused else today
    strip = _strip(page)
    return TaskClocks(
        lines=[ClockLine(kind, day, (day - judged).days) for kind, day in days.items()],
        paused_date=paused,
        strip=strip,
        turns=_list_turns(task.pk) if task.cadence and not page.facts.has_children and task.dispatched_at else [],
        unknown_years=list_unknown_years_of({*days.values(), *_days_ahead(strip)}),
    )


def _days_ahead(strip: Iterable[StripNode]) -> list[date]:
    return [node.day for node in strip if node.day and node.place in (Place.NOW, Place.NEXT)]


def _running(page: TaskPage) -> dict[str, date]:
    """The dates of what is still owed, by the kind of the clock."""
    task, found = page.task, {}
    owes_first = not page.facts.has_children and (page.standing is None or page.standing.last_at is None)
    if page.unacknowledged or owes_first:
        clock = get_clock(task)
        if page.unacknowledged:
            found["acknowledge"] = get_step_date(task, Kind.ACKNOWLEDGE, clock=clock)
        if owes_first:
            found["first"] = get_step_date(task, Kind.FIRST, clock=clock, paused_days=_paused_days(task.pk))
    if not page.facts.has_children:
        found["report"] = page.next_report
    found["due" if task.due_date else "review"] = task.due_date or task.review_date
    return {kind: day for kind, day in found.items() if day}


def _paused_days(task: int) -> int:
    """How long the clock stood still by approval and runs again."""
    return sum((until - since).days for since, until in _list_pauses(task) if since and until)


@prepared
def _list_pauses(task: int) -> QuerySet[Pause, tuple[date | None, date | None]]:
    return Pause.objects.filter(task=task, state="ended").values_list("from_date", "to_date")


@prepared
def _list_turns(task: int) -> QuerySet[Turn]:
    return Turn.objects.filter(task=task).select_related("unit").order_by("-closes_date", "pk")[:TURNS]


@prepared
def _list_first_reports(task: int) -> QuerySet[Feedback]:
    return Feedback.objects.filter(task=task).order_by("at")[:1]


def _strip(page: TaskPage) -> tuple[StripNode, ...]:
    """The nodes of the task's matter; none before it is dispatched."""
    task = page.task
    if task.state in BEFORE_DISPATCH:
        return ()
    milestones = {m.name: (m.due_date, m.done_date) for m in page.milestones}
    passed = Passed({step: _day(at) for step, at in _steps(page).items() if at}, milestones)
    return make_strip(list_nodes(task.owner.path or "", task.matter), passed, is_ended=task.state in ENDED)


def _steps(page: TaskPage) -> dict[str, datetime | None]:
    """When each step was taken, as far as the task and its history say."""
    task = page.task
    leads = page.in_role(*(role.value for role in LEADING))
    planned = [entry.at for entry in page.entries if entry.verb == "set_milestones"]
    return {
        Reached.OPENED.value: task.created_at,
        Reached.DISPATCHED.value: task.dispatched_at,
        Reached.ACKNOWLEDGED.value: _earliest(d.acknowledged_at for d in leads or page.duties),
        Reached.PLANNED.value: _earliest(planned),
        Reached.REPORTED.value: _first_report(page),
        Reached.SUBMITTED.value: page.submission.at if page.submission else None,
        Reached.COMPLETED.value: task.completed_at,
        Reached.CLOSED.value: task.closed_at,
    }


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in moments if at), default=None)


def _first_report(page: TaskPage) -> datetime | None:
    """The oldest report; the page holds only the latest."""
    if len(page.feedback) < LATEST:
        return page.feedback[-1].at if page.feedback else None
    found = first(_list_first_reports(page.task.pk))
    return found.at if found else None


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
