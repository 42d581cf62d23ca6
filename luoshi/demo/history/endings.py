"""How tasks end: submitted, verified by another, returned or completed, closed; and what moves their dates."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.utils import timezone

from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.demo.history.story import ExtensionRow, OpinionRow, ReopeningRow, read
from luoshi.orgs.models import Person, Unit
from luoshi.progress import actions as progress
from luoshi.progress.rules.periods import current_period
from luoshi.supervision import actions as supervision
from luoshi.supervision.models import Extension, Submission
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.states import WORKING, DutyRole, State

ENDINGS = ("submitted", "returned", "completed", "closed", "reopened")
CHECKED_BY_VERIFIER = 0.6


def expect(scene: Scene, task_id: int, *, ending: str, day: date, result: str) -> None:
    """Write into the diary how a task is submitted on a day and what follows."""
    scene.diary.put(day, 16, partial(_submit, scene, task_id, ending, result))


def _submit(scene: Scene, task_id: int, ending: str, result: str, now: datetime) -> None:
    task = Task.objects.select_related("owner").get(pk=task_id)
    unit = _lead_of(scene, task)
    person = scene.clerk(unit.pk)
    if task.state not in [s.value for s in WORKING] or person is None:
        return
    target = "" if task.target_value is None else f"{task.target_value.normalize():f}"
    text = result.format(v=target, p=100, target=target)
    submission = supervision.submit_task(
        task, unit=unit, by=person, now=now, result=f"{text}对照完成标准逐项自查一致。"
    )
    if not ending.startswith("submitted"):
        day = scene.diary.after(timezone.localtime(now).date(), scene.dice.randint(2, 3))
        scene.diary.put(day, 10, partial(_verify, scene, submission.pk, ending))


def _verify(scene: Scene, submission_id: int, ending: str, now: datetime) -> None:
    """The verifier looks: `returned` at the end of an ending sends the result back once, and it is submitted again."""
    submission = Submission.objects.select_related("task__owner").get(pk=submission_id)
    kind, _, rest = ending.partition(":")
    sends_back = kind == "returned" or rest.endswith(":returned")
    result = "returned" if sends_back else "passed"
    verifier, unit, as_office = _verifier(scene, submission)
    opinion = scene.dice.choice([row for row in read("opinions", OpinionRow) if row.result == result])
    supervision.verify_submission(
        submission, verifier=verifier, verifier_unit=unit, as_office=as_office, method=opinion.method,
        result=result, opinion=opinion.text, now=now,
    )  # fmt: skip
    today = timezone.localtime(now).date()
    if kind != "returned" and sends_back:
        again = ending.removesuffix(":returned")
        text = submission.result.removesuffix("对照完成标准逐项自查一致。")
        scene.diary.put(scene.diary.after(today, 4), 16, partial(_submit, scene, submission.task_id, again, text))
    elif kind in ("closed", "reopened"):
        day = scene.diary.after(today, scene.dice.randint(1, 4))
        scene.diary.put(day, 11, partial(_close, scene, submission.task_id))


def _verifier(scene: Scene, submission: Submission) -> tuple[Person, Unit, bool]:
    """Who checks: the verifying unit or the unit that asked, else the supervision office."""
    task = submission.task
    if task.owner.code != COUNTY:
        person = scene.clerk(task.owner_id) or scene.head(task.owner_id)
        if person is not None:
            return person, task.owner, False
    duty = Duty.objects.filter(task=task, role=DutyRole.VERIFIER.value, unit__isnull=False).order_by("id").first()
    checker = scene.clerk(duty.unit_id) if duty and duty.unit_id else None
    if duty and duty.unit_id and checker and scene.dice.random() < CHECKED_BY_VERIFIER:
        return checker, scene.units_by_id[duty.unit_id], False
    return scene.office(), scene.unit(COUNTY), True


def _close(scene: Scene, task_id: int, now: datetime) -> None:
    task = Task.objects.select_related("owner").get(pk=task_id)
    by = scene.person("office") if task.owner.code == COUNTY else scene.head(task.owner_id)
    if by is not None and task.state == State.COMPLETED:
        supervision.close_task(task, by=by, now=now)


def _lead_of(scene: Scene, task: Task) -> Unit:
    lead = Duty.objects.filter(task=task, role=DutyRole.LEAD.value, unit__isnull=False).order_by("id").first()
    assert lead is not None
    assert lead.unit_id is not None
    return scene.units_by_id[lead.unit_id]


def expect_extensions(scene: Scene) -> None:
    """Write into the diary who asks for more time, and when."""
    for row in read("extensions", ExtensionRow):
        day = scene.diary.workday(scene.diary.day(row.requested))
        scene.diary.put(day, 15, partial(_request, scene, row))


def _request(scene: Scene, row: ExtensionRow, now: datetime) -> None:
    task, today = scene.task(row.title), timezone.localtime(now).date()
    if task is None or task.due_date is None or today >= task.due_date or task.state not in [s.value for s in WORKING]:
        return
    unit = _lead_of(scene, task)
    person = scene.clerk(unit.pk)
    assert person is not None
    asked = supervision.request_extension(
        task, unit=unit, by=person, now=now, to_date=scene.diary.day(row.to), cause=row.cause, reason=row.reason,
        progress=row.progress,
    )  # fmt: skip
    if row.decision:
        day = scene.diary.workday(max(scene.diary.day(row.decided), scene.diary.after(today, 1)))
        scene.diary.put(day, 15, partial(_answer, scene, row, asked.pk))


def _answer(scene: Scene, row: ExtensionRow, extension_id: int, now: datetime) -> None:
    extension = Extension.objects.select_related("task__owner").get(pk=extension_id)
    granted = scene.diary.day(row.granted) if row.granted else None
    supervision.decide_extension(
        extension, approve=row.decision == "approved", granted_date=granted, opinion=row.opinion,
        by=scene.person("office"), now=now,
    )  # fmt: skip


def expect_reopenings(scene: Scene) -> None:
    """Write into the diary which closed work is looked at again and found wanting."""
    for row in read("reopenings", ReopeningRow):
        scene.diary.put(scene.diary.workday(scene.diary.day(row.date)), 10, partial(_reopen, scene, row))


def _reopen(scene: Scene, row: ReopeningRow, now: datetime) -> None:
    task = scene.task(row.title)
    if task is None or task.state not in (State.CLOSED, State.COMPLETED):
        return
    supervision.reopen_task(
        task, reason=row.reason, by=scene.person("office"), now=now, due_date=scene.diary.day(row.due)
    )
    day = scene.diary.after(timezone.localtime(now).date(), 8)
    scene.diary.put(day, 15, partial(_report_again, scene, row))


def _report_again(scene: Scene, row: ReopeningRow, now: datetime) -> None:
    task, today = scene.task(row.title), timezone.localtime(now).date()
    assert task is not None
    unit = _lead_of(scene, task)
    person = scene.clerk(unit.pk)
    assert person is not None
    progress.report_progress(
        task, unit=unit, by=person, now=now, today=today, period=current_period(task.cadence, today), done=row.text,
        percent=Decimal(row.percent),
    )  # fmt: skip
