"""The planned path of a task as points to draw and to speak of."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from luoshi.progress.rules.lights import HUNDRED, LightFacts


@dataclass(frozen=True, slots=True)
class Point:
    """A percent on a day."""

    date: date
    percent: Decimal


def planned_points(facts: LightFacts) -> tuple[Point, ...]:
    """The corners of the planned path: its milestones as steps, or the line from start to due; empty without a plan."""
    if facts.path:
        first = facts.start_date or facts.path[0].due_date
        points = [Point(min(first, facts.path[0].due_date), Decimal(0))]
        for checkpoint in facts.path:
            points.append(Point(checkpoint.due_date, points[-1].percent))
            points.append(Point(checkpoint.due_date, checkpoint.percent))
        return tuple(points)
    if facts.start_date is None or facts.due_date is None or facts.due_date < facts.start_date:
        return ()
    return Point(facts.start_date, Decimal(0)), Point(facts.due_date, HUNDRED)


@dataclass(frozen=True, slots=True)
class Frame:
    """The days a drawing spans, and its size in units of the drawing."""

    start: date
    end: date
    width: int = 640
    height: int = 200

    def x(self, day: date) -> float:
        """The place of a day from the left."""
        days = max(1, (self.end - self.start).days)
        return round((day - self.start).days / days * self.width, 1)

    def y(self, percent: Decimal) -> float:
        """The place of a percent from the top."""
        return round(float(HUNDRED - percent) / 100 * self.height, 1)

    def months(self, *, most: int = 13) -> tuple[date, ...]:
        """The first days of months inside the frame, thinned to at most `most`."""
        firsts = []
        day = self.start.replace(day=1)
        while day <= self.end:
            if day >= self.start:
                firsts.append(day)
            day = (day + timedelta(days=32)).replace(day=1)
        step = -(-len(firsts) // most) or 1
        return tuple(firsts[::step])
