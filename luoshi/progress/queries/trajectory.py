"""The trajectory of a task: the planned path beside what was reached, day by day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from luoshi.core.prepared import prepared
from luoshi.progress.models import DayPercent
from luoshi.progress.queries.forecast import forecast_sentence
from luoshi.progress.queries.lights import list_facts
from luoshi.progress.rules.forecast import Forecast, forecast
from luoshi.progress.rules.lights import HUNDRED, LightFacts
from luoshi.progress.rules.paths import Frame, Point, planned_points
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import ACTIVE

MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What the chart draws and its table says. Without points there is nothing to draw."""

    planned: tuple[Point, ...]
    actual: tuple[Point, ...]
    frame: Frame
    today: date
    due_date: date | None
    original_due_date: date | None
    forecast: Forecast | None = None

    def __bool__(self) -> bool:
        return bool(self.planned or self.actual)

    @property
    def planned_line(self) -> str:
        """The planned path as the points of an SVG polyline."""
        return _line(self.planned, self.frame)

    @property
    def actual_line(self) -> str:
        """What was reached, as steps up to today: a percent holds until the next report."""
        steps: list[Point] = []
        for point in self.actual:
            if steps:
                steps.append(Point(point.date, steps[-1].percent))
            steps.append(point)
        if steps and self.today > steps[-1].date:
            steps.append(Point(min(self.today, self.frame.end), steps[-1].percent))
        return _line(steps, self.frame)

    @property
    def forecast_line(self) -> str:
        """From the last report to the day on which the rest would be done, cut where the drawing ends; or empty."""
        if self.forecast is None or self.forecast.done_date is None or not self.actual:
            return ""
        last, done = self.actual[-1], self.forecast.done_date
        end = min(done, self.frame.end)
        share = Decimal((end - last.date).days) / max(1, (done - last.date).days)
        return _line([last, Point(end, last.percent + (HUNDRED - last.percent) * share)], self.frame)

    @property
    def forecast_words(self) -> str:
        """What the forecast says, in a sentence; empty for work that has ended."""
        return forecast_sentence(self.forecast) if self.forecast else ""

    @property
    def rows(self) -> list[tuple[date, Decimal | None, Decimal | None]]:
        """Every day with a change: the planned and the reached percent then, as the table beside the chart."""
        planned = {p.date: p.percent for p in self.planned}
        actual = {p.date: p.percent for p in self.actual}
        return [(day, planned.get(day), actual.get(day)) for day in sorted(planned.keys() | actual.keys())]


def _line(points: "tuple[Point, ...] | list[Point]", frame: Frame) -> str:
    return " ".join(f"{frame.x(p.date)},{frame.y(p.percent)}" for p in points)


def get_trajectory(
    task: Task, *, today: date, facts: LightFacts | None = None, forecast_days: int = 90
) -> Trajectory:  # fmt: skip
    """The planned path and the latest 400 changes of a task; three queries, one for who read its `facts` before."""
    facts = facts or list_facts([task])[task.pk]
    actual = tuple(Point(day, percent) for day, percent in reversed(_list_changes(task.pk)))
    planned = planned_points(facts)
    days = [p.date for p in (*planned, *actual)]
    days += [d for d in (task.start_date, task.due_date, task.original_due_date) if d]
    start, end = (min(days), max(days)) if days else (today, today)
    if actual or task.start_date:
        end = max(end, min(today, end + timedelta(days=60)))
    ahead = None
    if task.state in ACTIVE and actual:
        ahead = forecast(actual, today=today, due_date=task.due_date, days=forecast_days)
        if ahead.done_date:
            end = max(end, min(ahead.done_date, end + timedelta(days=90)))
    frame = Frame(start, max(end, start + timedelta(days=1)))
    return Trajectory(planned, actual, frame, today, task.due_date, task.original_due_date, ahead)


@prepared
def _list_changes(task: int) -> QuerySet[DayPercent, Any]:
    """The latest days on which the percent changed, newest first."""
    changes = DayPercent.objects.filter(task=task, percent__isnull=False).order_by("-date")
    return changes.values_list("date", "percent")[:MOST_DAYS]
