"""The planned path as it is drawn."""

from datetime import date
from decimal import Decimal

from luoshi.progress.rules.lights import Checkpoint, LightFacts
from luoshi.progress.rules.paths import Frame, Point, planned_points

D = Decimal
START, MIDDLE, END = date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)


def test_line_runs_from_start_to_due() -> None:
    line = planned_points(LightFacts("in_progress", START, END))
    assert line == (Point(START, D(0)), Point(END, D(100)))


def test_milestones_are_steps() -> None:
    path = (Checkpoint(MIDDLE, D(40)), Checkpoint(END, D(100)))
    points = planned_points(LightFacts("in_progress", START, END, path=path))
    assert [p.percent for p in points] == [0, 0, 40, 40, 100]
    assert [p.date for p in points] == [START, MIDDLE, MIDDLE, END, END]


def test_task_without_dates_has_no_path() -> None:
    assert planned_points(LightFacts("in_progress")) == ()
    assert planned_points(LightFacts("in_progress", END, START)) == ()


def test_frame_places_days_and_percents_inside_itself() -> None:
    frame = Frame(START, END)
    assert (frame.x(START), frame.x(END), frame.y(D(100)), frame.y(D(0))) == (0, 640, 0, 200)
    assert frame.months()[0] == START
    assert len(Frame(date(2020, 1, 1), END).months()) <= 13
