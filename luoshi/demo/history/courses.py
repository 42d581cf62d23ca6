"""The course of one task after dispatch: acknowledged, reported month by month, and ended as the story says."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from luoshi.demo.history import endings
from luoshi.demo.history.proving import files_of
from luoshi.demo.history.scene import Scene
from luoshi.demo.history.story import AskRow, PartRow, PlanRow, ProblemRow, read
from luoshi.orgs.models import Unit
from luoshi.progress import actions as progress
from luoshi.progress.models import Standing
from luoshi.progress.rules.periods import current_period
from luoshi.tasks import actions as tasks
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.states import DOING, WORKING, Cadence, DutyRole

COUNTED = frozenset("亩户人家个场处座所套条份次")
LATE, SILENT = 0.14, 0.06
TARDY, TARDY_DAYS = ("QH-T02", "QH-T04"), 5  # units that send each third report after the days of grace


@dataclass(frozen=True)
class Course:
    """What is to become of a task: `now` percent today (None: its parts speak), its texts early, midway and late."""

    task_id: int
    title: str
    unit_code: str
    cadence: str
    day: int
    now: int | None
    until: str
    fate: str
    texts: tuple[str, str, str]
    problems: dict[str, ProblemRow] = field(default_factory=dict)

    @property
    def ending(self) -> str:
        return self.fate.split(":")[0]

    @property
    def ends_on(self) -> str:
        return self.fate.split(":")[1] if ":" in self.fate else self.until


def of_plan(scene: Scene, row: PlanRow) -> Course:
    """The course of a task that a paper asked for."""
    return Course(
        task_id=scene.tasks[row.title], title=row.title, unit_code="", cadence=row.cadence, day=int(row.day or 28),
        now=int(row.now) if row.now else None, until=row.until, fate=row.fate,
        texts=(row.early, row.middle, row.late), problems=_problems(row.title, ""),
    )  # fmt: skip


def of_part(scene: Scene, row: PartRow, *, cadence: str, day: int | None) -> Course:
    """The course of one unit's part; a part without a percent is never reported."""
    silent = not row.now
    return Course(
        task_id=scene.parts[(row.title, row.unit)], title=row.title, unit_code=row.unit, cadence=cadence,
        day=day or 28, now=int(row.now or 0), until="01-01" if silent else "", fate=row.fate,
        texts=(row.early, row.middle, row.late), problems=_problems(row.title, row.unit),
    )  # fmt: skip


def of_ask(task_id: int, row: AskRow) -> Course:
    """The course of a task asked for without a paper."""
    return Course(
        task_id=task_id, title=row.title, unit_code="", cadence=row.cadence, day=28, now=int(row.now or 0),
        until="", fate="", texts=(row.text, row.text, row.text),
    )  # fmt: skip


def _problems(title: str, unit: str) -> dict[str, ProblemRow]:
    return {row.month: row for row in read("problems", ProblemRow) if (row.title, row.unit) == (title, unit)}


def begin(scene: Scene, course: Course, *, dispatched: date) -> None:
    """Write the whole course of a dispatched task into the diary."""
    _expect_acknowledgements(scene, course, dispatched=dispatched)
    ends = _ends_on(scene, course, dispatched=dispatched)
    first = dispatched + timedelta(days=2 if course.cadence == Cadence.WEEKLY else 6)
    days = _report_days(scene, course, first=first, last=min(ends or scene.diary.today, scene.diary.today))
    last = ends or max(days, default=dispatched)
    for number, day in enumerate(days):
        if day != ends:
            share = _share(dispatched, last, day)
            sent = _sent_on(scene, course, day, number=number, before=ends)
            scene.diary.put(sent, scene.dice.randrange(11, 16), partial(_report, scene, course, share, owed=day))
    if ends and course.ending in endings.ENDINGS:
        scene.diary.put(ends, 15, partial(_report, scene, course, 1.0))
        endings.expect(scene, course.task_id, ending=course.fate, day=ends, result=course.texts[2])


def _sent_on(scene: Scene, course: Course, day: date, *, number: int, before: date | None) -> date:
    """The day on which a report is sent: its own, or some days after where the unit is tardy."""
    if course.unit_code not in TARDY or course.cadence == Cadence.WEEKLY or number % 3 != 1:
        return day
    late = scene.diary.after(day, TARDY_DAYS)
    return late if before is None or late < before else day


def _ends_on(scene: Scene, course: Course, *, dispatched: date) -> date | None:
    """The day of the last report, never within ten days of dispatch when it is a result that is reported."""
    if not course.ends_on:
        return None
    day = scene.diary.day(course.ends_on)
    if course.ending in endings.ENDINGS:
        day = scene.diary.workday(max(day, dispatched + timedelta(days=10)))
    return day


def _expect_acknowledgements(scene: Scene, course: Course, *, dispatched: date) -> None:
    duties = Duty.objects.filter(task=course.task_id, role__in=[r.value for r in DOING], unit__isnull=False)
    for duty in duties.order_by("id"):
        slow = duty.role == DutyRole.CO
        lag = scene.dice.randint(4, 8) if scene.dice.random() < LATE else scene.dice.randint(0, 3 if slow else 2)
        day = scene.diary.after(dispatched, lag)
        if duty.unit_id is not None:
            scene.diary.put(day, 14 if lag == 0 else 9, partial(_acknowledge, scene, course.task_id, duty.unit_id))


def _acknowledge(scene: Scene, task_id: int, unit_id: int, now: datetime) -> None:
    task, person = Task.objects.select_related("owner").get(pk=task_id), scene.clerk(unit_id)
    if person is not None and task.completed_at is None:
        tasks.acknowledge_task(task, unit=scene.units_by_id[unit_id], by=person, now=now)


def _report_days(scene: Scene, course: Course, *, first: date, last: date) -> list[date]:
    """The working days on which reports of the cadence fall."""
    found, day = set(), first
    while day <= last:
        if _falls_on(course, day):
            found.add(scene.diary.workday_before(day))
        day += timedelta(days=1)
    return sorted(day for day in found if first <= day <= last)


def _falls_on(course: Course, day: date) -> bool:
    if course.cadence == Cadence.WEEKLY:
        return day.isoweekday() == min(course.day, 5)
    if course.cadence == Cadence.QUARTERLY:
        return day.month % 3 == 0 and day.day == course.day
    return day.day == course.day


def _report(scene: Scene, course: Course, share: float, now: datetime, *, owed: date | None = None) -> None:
    task = Task.objects.select_related("owner").get(pk=course.task_id)
    unit, today = _lead_of(scene, task), timezone.localtime(now).date()
    person = scene.clerk(unit.pk) if unit else None
    if task.state not in [s.value for s in WORKING] or unit is None or person is None:
        return
    if course.unit_code and share < 1 and scene.dice.random() < SILENT:
        return
    percent = None if course.now is None else Decimal(round(course.now * share))
    value = _value(task, percent) if "{v}" in course.texts[min(2, int(share * 3))] else None
    problem = course.problems.get(f"{today.month:02d}")
    progress.report_progress(
        task, unit=unit, by=person, now=now, today=today, period=current_period(task.cadence, owed or today),
        done=_words(course, task, share=share, day=today, percent=percent, value=value), percent=percent, value=value,
        milestones=_reached(task, percent, today=today), files=files_of(unit, share=share, year=scene.diary.year),
        **_asking(scene, problem),
    )  # fmt: skip


def _lead_of(scene: Scene, task: Task) -> Unit | None:
    """The unit that speaks for a task."""
    leading = Duty.objects.filter(task=task, role__in=[DutyRole.LEAD.value, DutyRole.JOINT.value], unit__isnull=False)
    first = leading.order_by("id").values_list("unit_id", flat=True).first()
    return scene.units_by_id[first] if first else None


def _share(first: date, last: date, day: date) -> float:
    """How much of the way from dispatch to the last report lies behind a day."""
    whole = max(1, (last - first).days)
    return min(1.0, max(0.0, (day - first).days / whole))


def _value(task: Task, percent: Decimal | None) -> Decimal | None:
    """The value that stands for the percent, whole where things are counted one by one."""
    if percent is None or task.target_value is None:
        return None
    value = task.target_value * percent / 100
    step = Decimal(1) if task.target_unit[:1] in COUNTED else Decimal("0.01")
    return value.quantize(step)


def _words(
    course: Course, task: Task, *, share: float, day: date, percent: Decimal | None, value: Decimal | None
) -> str:
    text = course.texts[min(2, int(share * 3))]
    target = "" if task.target_value is None else f"{task.target_value.normalize():f}"
    text = text.format(v="" if value is None else f"{value.normalize():f}", p=percent, target=target)
    return text if course.fate == "copies" else f"截至{day.month}月{day.day}日，{text}"


def _reached(task: Task, percent: Decimal | None, *, today: date) -> list[int]:
    """The milestones that a report of this percent says are reached."""
    own = Standing.objects.filter(task=task).values_list("percent", flat=True).first() if percent is None else percent
    waiting = task.milestones.filter(done_date__isnull=True, due_date__lte=today + timedelta(days=7))
    return [m.pk for m in waiting if m.percent is None or m.percent <= (own or 0) + 3]


def _asking(scene: Scene, problem: ProblemRow | None) -> dict[str, Any]:
    if problem is None:
        return {}
    return {
        "problem": problem.problem,
        "cause": problem.cause,
        "ask": problem.ask,
        "asked_unit": scene.unit(problem.asked) if problem.asked else None,
        "next_step": problem.next_step,
        "next_date": scene.diary.day(problem.next) if problem.next else None,
    }
