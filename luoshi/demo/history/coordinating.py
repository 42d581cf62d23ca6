"""What is asked of others and decided: questions to bureaus and leaders, a clock that stood still, a stocktake."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.demo.history.story import ProblemRow, read
from luoshi.orgs.models import Unit
from luoshi.supervision.actions.changing import propose_change
from luoshi.supervision.actions.coordination import answer_coordination, ask_coordination
from luoshi.supervision.actions.pausing import decide_pause
from luoshi.supervision.actions.stocktaking import end_stocktake, make_stocktake, rule_stocktake
from luoshi.supervision.models import Coordination, Pause
from luoshi.tasks.models import Task

FARM, WATER, MONEY = "QH-NYJ", "QH-SLJ", "QH-CZJ"


def expect_coordination(scene: Scene) -> None:
    """Write into the diary what is asked, answered, taken over and decided in the last weeks.

    Each has its own minute, so that the dice of the rest of the story fall as before.
    """
    diary = scene.diary
    last = diary.workday_before(diary.today - timedelta(days=1))

    for days, hour, act in (
        (24, 9, _take_stock), (16, 9, _ask_bureau), (15, 10, _let_stand_still), (9, 16, _answer),
        (7, 10, _ask_leader_late), (2, 10, _ask_leader), (1, 15, _pass_on_work),
    ):  # fmt: skip
        day = diary.workday_before(last - timedelta(days=days))
        diary.put(day, hour, partial(act, scene), minute=11 + days)
    for n, row in enumerate(read("problems", ProblemRow)):
        if row.answer:
            diary.put(diary.workday(diary.day(row.answered)), 16, partial(_answer_row, scene, row), minute=12 + n)


def _find(scene: Scene, lead: str) -> Task | None:
    """A task of the county that the bureau leads and works on, one of which nothing was asked yet if there is any."""
    tasks = Task.objects.filter(
        owner__code=COUNTY, duties__unit__code=lead, duties__role="lead", state="in_progress", children__isnull=True,
        due_date__gt=scene.diary.today, changes__isnull=True,
    ).select_related("owner").order_by("-pk")  # fmt: skip
    fresh = tasks.filter(coordinations__isnull=True, extensions__isnull=True, adaptations__isnull=True)
    return fresh.first() or tasks.first()


def _ask(
    scene: Scene, lead: str, now: datetime, *, question: str, days: int | None = None, of: str = "", pause: bool = False
) -> None:
    """The bureau's clerk asks a leader, or the finance bureau."""
    task, unit = _find(scene, lead), scene.unit(lead)
    clerk = scene.clerk(unit.pk)
    if task is None or clerk is None:
        return
    needed = timezone.localtime(now).date() + timedelta(days=days) if days is not None else None
    ask_coordination(
        task, unit=unit, by=clerk, now=now, question=question, needed_date=needed, wants_pause=pause,
        asked_person=scene.person(of) if of else None, asked_unit=None if of else scene.unit(MONEY),
        tried="已与有关股室对接两次，未能商定。",
    )  # fmt: skip


def _ask_bureau(scene: Scene, now: datetime) -> None:
    _ask(scene, FARM, now, question="县级配套资金从哪个科目列支、何时拨付？", days=14, pause=True)


def _ask_leader_late(scene: Scene, now: datetime) -> None:
    _ask(scene, WATER, now, question="库区移民补偿标准按原方案还是新标准执行？", days=3, of="sponsor")


def _ask_leader(scene: Scene, now: datetime) -> None:
    _ask(scene, FARM, now, question="冬修用地与林地边界不一致，以哪条线为准？", of="leader")


def _let_stand_still(scene: Scene, now: datetime) -> None:
    pause = Pause.objects.filter(state="requested", kind="waiting").select_related("task__owner").first()
    if pause is not None:
        until = timezone.localtime(now).date() + timedelta(days=20)
        decide_pause(pause, approve=True, until_date=until, opinion="同意停表", by=scene.person("office"), now=now)


def _answer(scene: Scene, now: datetime) -> None:
    asked = Coordination.objects.filter(state="open", asked_unit=scene.unit(MONEY)).order_by("pk").first()
    clerk = scene.clerk(scene.unit(MONEY).pk)
    if asked is not None and clerk is not None:
        words = "从涉农整合资金列支，月底前拨付六成，验收后付清。"
        answer_coordination(asked, answer=words, by=clerk, now=now)


def _answer_row(scene: Scene, row: ProblemRow, now: datetime) -> None:
    """The bureau that a report asked decides."""
    unit = scene.unit(row.asked)
    asked = Coordination.objects.filter(state="open", asked_unit=unit, question=row.ask).order_by("pk").first()
    person = scene.clerk(unit.pk) or scene.head(unit.pk)
    if asked is not None and person is not None:
        answer_coordination(asked, answer=row.answer, by=person, now=now)


def _pass_on_work(scene: Scene, now: datetime) -> None:
    """The bureau proposes that another one takes a task over; it waits for the answer."""
    task, unit, to = _find(scene, WATER), scene.unit(WATER), scene.unit(FARM)
    clerk = scene.clerk(unit.pk)
    if task is not None and clerk is not None:
        reason = "机构改革后此项职能已划转，人员和经费一并划出。"
        propose_change(task, kind="transfer", unit=unit, reason=reason, by=clerk, now=now, to_unit=to)


def _take_stock(scene: Scene, now: datetime) -> None:
    """The county head looks at the few critical tasks; one decision becomes a task, one is noted."""
    county: Unit = scene.unit(COUNTY)
    today, office = timezone.localtime(now).date(), scene.person("office")
    made = make_stocktake(
        county, title=f"{today.month}月份重点任务盘点会", date=today, leader=scene.person("leader"), by=office, now=now
    )
    about = Task.objects.filter(pk__in=[row["id"] for row in made.pack["tasks"]]).select_related("sponsor").first()
    rule_stocktake(
        made, kind="task", text="县财政局20日内拿出重点任务资金缺口清单和筹措方案，报县政府常务会议审议。",
        unit=scene.unit(MONEY), due_date=today + timedelta(days=45), about=about, by=office, now=now,
    )  # fmt: skip
    rule_stocktake(made, kind="note", text="滞后任务由分管领导每周调度一次。", about=about, by=office, now=now)
    end_stocktake(made, by=office, now=now)
