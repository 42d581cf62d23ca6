"""Chasing in the story: the ladder each working morning of the last weeks, approvals after noon, calls by hand."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from luoshi.core.policy import get_policy
from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.orgs.models import Person
from luoshi.supervision.actions.approving import approve_steps, refuse_steps
from luoshi.supervision.actions.by_hand import record_contact, record_sponsor_act
from luoshi.supervision.actions.ladders import save_ladder
from luoshi.supervision.jobs import chase_units
from luoshi.supervision.models import Chase, ChaseStep
from luoshi.supervision.rules.ladders import PRESETS
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import ACTIVE

DAYS = 30
LEFT = 3  # the youngest days' letters still wait for their yes
ISSUED_FOR = timedelta(days=14)  # papers are set for the last days alone: the demo is made while somebody waits
CALLED_EVERY, ACTED_EVERY = 6, 8


def expect_chasing(scene: Scene) -> None:
    """Write into the diary the ladder that the county sets, and each working day on which it chases."""
    diary = scene.diary
    first = max(diary.start, diary.today - timedelta(days=DAYS))
    diary.put(diary.workday(first), 8, partial(_set, scene), minute=5)
    day, number = diary.after(diary.workday(first), 1), 0
    while day <= diary.today:
        number += 1
        diary.put(day, 8, _chase, minute=10)
        if day <= diary.today - timedelta(days=LEFT):
            diary.put(day, 15, partial(_decide, scene, number), minute=30)
        if number % CALLED_EVERY == 0:
            diary.put(day, 10, partial(_call, scene), minute=40)
        if number % ACTED_EVERY == 0:
            diary.put(day, 16, partial(_act, scene), minute=40)
        day = diary.after(day, 1)


def _set(scene: Scene, now: datetime) -> None:
    save_ladder(
        scene.unit(COUNTY), name="青禾县催办阶梯", matter="", facts=PRESETS["county"], by=scene.person("office"),
        now=now, preset="county",
    )  # fmt: skip


def _chase(now: datetime) -> None:
    chase_units(now)


def _decide(scene: Scene, number: int, now: datetime) -> None:
    """Who is asked answers a day later: most steps go out with a new limit, now and then one does not."""
    yesterday = now - timedelta(hours=20)
    waiting = ChaseStep.objects.filter(
        state="awaiting", made_at__lt=yesterday, chase__stopped_at__isnull=True, chase__home=scene.unit(COUNTY)
    )
    step = waiting.select_related("chase__task", "chase__ladder__unit").order_by("made_at", "pk").first()
    if step is None:
        return
    by = _approver(scene, step)
    if number % 9 == 0:
        refuse_steps([step], reason="主要卡在上级批复，非该单位原因，先协调再议。", by=by, now=now)
        return
    day = timezone.localtime(now).date()
    approve_steps(
        [step], by=by, now=now, policy=get_policy(), new_limit=scene.diary.after(day, 5),
        opinion="限期报结果，逐项说明原因。", keep_drafts=day < scene.diary.today - ISSUED_FOR,
    )  # fmt: skip


def _approver(scene: Scene, step: ChaseStep) -> Person:
    if step.approver == "office":
        return scene.person("office")
    return (step.chase.task.sponsor if step.approver == "leader" else None) or scene.person("leader")


def _call(scene: Scene, now: datetime) -> None:
    """The office rings up the unit that has been chased longest."""
    chases = Chase.objects.filter(stopped_at__isnull=True, home=scene.unit(COUNTY)).select_related(
        "task__owner", "unit"
    )
    chase = chases.order_by("opened_date", "pk").first()
    if chase is None:
        return
    answered = scene.clerk(chase.unit_id)
    record_contact(
        chase.task, unit=chase.unit, method="phone", answered_by=answered.name if answered else "值班人员",
        matter="问进度、问原因、问何时报送", reply="已汇报主要负责人，本周内书面报送进展和下一步安排。",
        by=scene.person("office"), now=now,
    )  # fmt: skip


def _act(scene: Scene, now: datetime) -> None:
    """A leader in charge goes to see what has been overdue longest."""
    today = timezone.localtime(now).date()
    led = Task.objects.filter(
        sponsor__isnull=False, owner=scene.unit(COUNTY), state__in=[s.value for s in ACTIVE], due_date__lt=today
    )
    task = led.select_related("owner", "sponsor").order_by("due_date", "pk").first()
    if task is not None and task.sponsor is not None:
        record_sponsor_act(
            task, kind="visited", note="到现场看了进度，当场明确了三家单位的分工和完成时间", day=today,
            by=task.sponsor, now=now,
        )  # fmt: skip
