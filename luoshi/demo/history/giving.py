"""Tasks given down to townships and villages, and tasks asked for without a paper."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils import timezone

from luoshi.demo.history import courses
from luoshi.demo.history.measuring import shares_by
from luoshi.demo.history.scene import Scene
from luoshi.demo.history.story import AskRow, PartRow, read
from luoshi.tasks import actions as tasks
from luoshi.tasks.models import Task
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.states import WORKING, State

REASON = "县级按月调度，要掌握到每个乡镇；数据从部门系统取得，不增加村级填报。"
PATIENCE = 12  # working days in which a unit that is slow to acknowledge is waited for


def expect_giving(scene: Scene) -> None:
    """Write into the diary who gives which task down, and when."""
    given: dict[tuple[str, str], list[PartRow]] = defaultdict(list)
    for row in read("cascades", PartRow):
        given[(row.title, row.within)].append(row)
    for rows in given.values():
        day = scene.diary.workday(scene.diary.day(rows[0].date))
        scene.diary.put(day, 17, partial(_give, scene, rows, PATIENCE))


def _give(scene: Scene, rows: list[PartRow], patience: int, now: datetime) -> None:
    """Give a task down to its units once it stands and is taken; until then look again the next working day."""
    first, today = rows[0], timezone.localtime(now).date()
    task = scene.task(first.title, unit=first.within)
    if task is None or task.state not in [State.DISPATCHED.value, *(s.value for s in WORKING)]:
        if patience:
            scene.diary.put(scene.diary.after(today, 1), 17, partial(_give, scene, rows, patience - 1))
        return
    rows = _divided(rows, task)
    shares = [_share(scene, row) for row in rows]
    tasks.cascade_task(
        task, shares=shares, owner=scene.unit(first.owner), by=scene.person(first.by), now=now, reason=REASON
    )
    parts = Task.objects.filter(parent=task).values_list("duties__unit__code", "pk")
    scene.parts.update({(first.title, code): pk for code, pk in parts if code})
    for row in rows:
        course = courses.of_part(scene, row, cadence=task.cadence, day=task.cadence_day)
        courses.begin(scene, course, dispatched=today)


def _divided(rows: list[PartRow], task: Task) -> list[PartRow]:
    """The rows with their targets, where the sheet says by which figure of the units the task is divided."""
    _sign, divided, figure = rows[0].target.partition("÷")
    if not divided or task.target_value is None:
        return rows
    shares = shares_by(figure, [row.unit for row in rows], total=task.target_value)
    return [replace(row, target=f"{share:f}") for row, share in zip(rows, shares, strict=True)]


def _share(scene: Scene, row: PartRow) -> Share:
    target = Decimal(row.target) if row.target else None
    return Share(
        unit_id=scene.unit(row.unit).pk,
        target_value=target,
        requirement=row.requirement.format(target=row.target),
        standard=row.standard.format(target=row.target),
        due_date=scene.diary.day(row.due),
        weight=target or Decimal(1),
    )


def expect_asks(scene: Scene) -> None:
    """Write into the diary what leaders and departments ask for without a paper."""
    for row in read("asks", AskRow):
        scene.diary.put(scene.diary.workday(scene.diary.day(row.created)), 9, partial(_ask, scene, row))


def _ask(scene: Scene, row: AskRow, now: datetime) -> None:
    duties = [_duty(scene, words) for words in row.duties.split(";")]
    task = tasks.create_task(
        scene.unit(row.owner), by=scene.person(row.by), now=now, duties=duties,
        title=row.title, requirement=row.requirement, standard=row.standard, kind=row.kind, tier=int(row.tier),
        urgency=int(row.urgency), sponsor=scene.person(row.sponsor) if row.sponsor else None,
        asked_by=scene.person(row.asked_by) if row.asked_by else None,
        due_date=scene.diary.day(row.due) if row.due else None, cadence=row.cadence,
    )  # fmt: skip
    if row.dispatch:
        day = scene.diary.workday(scene.diary.day(row.dispatch))
        scene.diary.put(day, 10, partial(_dispatch, scene, row, task.pk))


def _duty(scene: Scene, words: str) -> DutyRow:
    role, code = words.split(":")
    return DutyRow(role, scene.unit(code).pk, str(scene.unit(code)))


def _dispatch(scene: Scene, row: AskRow, task_id: int, now: datetime) -> None:
    task = Task.objects.select_related("owner").get(pk=task_id)
    tasks.dispatch_tasks([task], by=scene.person(row.by), now=now)
    if row.text:
        courses.begin(scene, courses.of_ask(task_id, row), dispatched=timezone.localtime(now).date())
