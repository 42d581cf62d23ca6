"""What does not go by the plan: parts adapted to the place, a dispatch recalled, a handler named, villages merged."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.demo.history.story import read
from luoshi.orgs.actions import merge_units
from luoshi.orgs.actions.absences import note_absence
from luoshi.tasks import actions as tasks
from luoshi.tasks.actions.handling import name_handler
from luoshi.tasks.models import Adaptation, Duty, Task
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.states import WORKING, DutyRole

MERGED, INTO = "QH-T01-V02", "QH-T01-V01"
HANDLED, HEAD, HANDLER = "建设高标准农田", "depthead", "deptclerk"
MISTAKEN = "汇总报送全年重点工作亮点材料"


@dataclass(frozen=True, slots=True)
class AdaptationRow:
    """What a unit proposes for its part; without `decision` it waits for its answer."""

    title: str
    unit: str
    proposed: str
    target: str
    measure: str
    reason: str
    decision: str
    decided: str
    answer: str


def expect_adjustments(scene: Scene) -> None:
    """Write into the diary who objects, what is recalled, who is named and away, and which villages merge."""
    for row in read("adaptations", AdaptationRow):
        scene.diary.put(scene.diary.workday(scene.diary.day(row.proposed)), 15, partial(_propose, scene, row))
    last = scene.diary.workday_before(scene.diary.today - timedelta(days=1))
    scene.diary.put(last - timedelta(days=3), 9, partial(_send_by_mistake, scene))
    scene.diary.put(last, 9, partial(_name_handler, scene))
    scene.diary.put(last, 17, partial(_merge, scene, last))


def _propose(scene: Scene, row: AdaptationRow, now: datetime) -> None:
    part, person = scene.task(row.title, unit=row.unit), scene.clerk(scene.unit(row.unit).pk)
    if part is None or person is None or part.state not in [s.value for s in WORKING]:
        return
    made = tasks.propose_adaptation(
        part, unit=scene.unit(row.unit), by=person, now=now, reason=row.reason, measure=row.measure,
        target_value=Decimal(row.target) if row.target else None,
    )  # fmt: skip
    if row.decision:
        scene.diary.put(scene.diary.workday(scene.diary.day(row.decided)), 16, partial(_answer, scene, row, made.pk))


def _answer(scene: Scene, row: AdaptationRow, pk: int, now: datetime) -> None:
    adaptation = Adaptation.objects.select_related("task__owner", "unit").get(pk=pk)
    by = scene.head(adaptation.task.owner_id) or scene.office()
    tasks.decide_adaptation(adaptation, accept=row.decision == "accepted", answer=row.answer, by=by, now=now)


def _send_by_mistake(scene: Scene, now: datetime) -> None:
    """The office sends out what nobody needs, and recalls it soon after."""
    by = scene.person("office")
    towns = [scene.unit(code) for code in ("QH-T01", "QH-T02", "QH-T03")]
    duties = [DutyRow(DutyRole.JOINT.value, unit.pk, str(unit)) for unit in towns]
    duties[0] = DutyRow(DutyRole.LEAD.value, towns[0].pk, str(towns[0]))
    task = tasks.create_task(
        scene.unit(COUNTY), by=by, now=now, duties=duties, title=MISTAKEN, requirement="汇总全年重点工作亮点。",
        standard="形成全县亮点清单1份。", kind="action", due_date=timezone.localtime(now).date() + timedelta(days=20),
    )  # fmt: skip
    tasks.dispatch_tasks([task], by=by, now=now)
    scene.diary.put(timezone.localtime(now).date(), 10, partial(_recall, scene, task.pk))


def _recall(scene: Scene, pk: int, now: datetime) -> None:
    task, by = Task.objects.select_related("owner").get(pk=pk), scene.person("office")
    tasks.recall_dispatch([task], by=by, now=now)
    tasks.withdraw_task(task, reason="材料已由各单位月报反映，不再另行报送。", by=by, now=now)


def _name_handler(scene: Scene, now: datetime) -> None:
    task = scene.task(HANDLED)
    duty = Duty.objects.select_related("task", "unit", "handler").filter(task=task, role=DutyRole.LEAD.value).first()
    if task is None or duty is None or task.state not in [s.value for s in WORKING]:
        return
    name_handler(duty, person=scene.person(HANDLER), by=scene.person(HEAD), now=now)
    day = timezone.localtime(now).date()
    note_absence(
        scene.person("townclerk"), from_date=day + timedelta(days=9), to_date=day + timedelta(days=11), note="培训",
        by=scene.person("townclerk"), now=now, unit=scene.unit("QH-T01"),
    )  # fmt: skip


def _merge(scene: Scene, on: date, now: datetime) -> None:
    """Two villages become one; the work of the one that ended waits for somebody's yes."""
    merge_units([scene.unit(MERGED)], into=scene.unit(INTO), on=on, by=scene.person("office"), now=now)
