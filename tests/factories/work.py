"""Tasks with their duties and standing, written straight into the tables for tests of pages that only read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from luoshi.directives.models import Clause, Directive
from luoshi.orgs.models import Person, Unit
from luoshi.progress.models import Feedback, Standing
from luoshi.supervision.models import Extension, Submission
from luoshi.tasks.actions.searching import index_directives, index_tasks
from luoshi.tasks.models import TASK_STEP, Duty, Milestone, Task
from tests.factories.orgs import NOW, TODAY, Cast

_number = count(1)


def make_task(
    cast: Cast,
    title: str = "建成高标准农田",
    *,
    owner: str = "QH",
    lead: Sequence[str] | str = "QH-NYJ",
    co: Sequence[str] = (),
    joint: Sequence[str] = (),
    parent: Task | None = None,
    state: str = "in_progress",
    tier: int = 3,
    due: date | None = date(2026, 12, 20),
    start: date | None = date(2026, 1, 5),
    percent: str | int | None = None,
    last_word: str = "",
    last_at: datetime | None = None,
    acknowledged: bool = True,
    expected: int = 1,
    reported: int | None = None,
    **fields: Any,
) -> Task:
    """One task with its duties and, unless it is not dispatched yet, its standing."""
    number = next(_number)
    fields.setdefault("code", f"QH-2026-{number:05d}")
    fields.setdefault("original_due_date", due)
    fields.setdefault("review_date", None if due else date(2026, 12, 31))
    fields.setdefault("dispatched_at", NOW - timedelta(days=200))
    fields.setdefault("requirement", f"{title}。")
    fields.setdefault("kind", "measure")
    task = Task.objects.create(
        title=title, owner=cast.unit(owner), parent=parent, state=state, tier=tier, due_date=due, start_date=start,
        created_by=cast["office"], created_at=NOW - timedelta(days=201), **fields,
    )  # fmt: skip
    task.path = f"{parent.path if parent else ''}{task.pk:0{TASK_STEP}d}"
    task.save(update_fields=["path"])
    index_tasks([task.pk])
    leads = [lead] if isinstance(lead, str) and lead else list(lead)
    for role, codes in (("lead", leads), ("joint", joint), ("co", co)):
        for code in codes:
            add_duty(task, cast.unit(code), role, at=NOW if acknowledged else None, by=cast["deptclerk"])
    given = percent is not None
    Standing.objects.update_or_create(
        task=task,
        defaults={
            "percent": Decimal(percent) if percent is not None else None,
            "own_percent": Decimal(percent) if percent is not None else None,
            "expected": expected,
            "reported": int(given) if reported is None else reported,
            "last_word": last_word,
            "last_at": last_at or (NOW - timedelta(days=3) if given else None),
        },
    )
    return task


def add_duty(task: Task, unit: Unit, role: str, *, at: datetime | None, by: Person | None = None) -> Duty:
    """A unit's part in a task, acknowledged when a moment is given."""
    return Duty.objects.create(
        task=task, unit=unit, role=role, written_name=str(unit), acknowledged_at=at, acknowledged_by=by if at else None
    )


def add_milestone(
    task: Task, name: str, due: date, *, percent: int | None = None, done: date | None = None
) -> Milestone:
    return Milestone.objects.create(task=task, name=name, due_date=due, percent=percent, done_date=done)


def make_many(cast: Cast, number: int, *, parents: int = 20, leads: Sequence[Unit] = ()) -> None:
    """A bulk of tasks in a two-level tree: parents of the county, children of its units, mixed dates and progress."""
    units = list(leads) or [u for u in cast.units.values() if u.level in ("department", "township")]
    office = cast["office"]
    first = (Task.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1

    def one(place: int, parent_pk: int | None) -> Task:
        pk = first + place
        parent_path = f"{parent_pk:0{TASK_STEP}d}" if parent_pk else ""
        state = ("in_progress", "acknowledged", "submitted", "closed", "in_progress")[place % 5]
        return Task(
            pk=pk, path=f"{parent_path}{pk:0{TASK_STEP}d}", parent_id=parent_pk, code=f"M-2026-{pk:06d}",
            title=f"第{place}项：{units[place % len(units)]}推进重点工作落实", requirement="按期完成年度目标。",
            kind="measure", tier=1 + (place % 12 > 0) + (place % 12 > 3), state=state, owner=cast.unit("QH"),
            start_date=TODAY - timedelta(days=200), due_date=TODAY + timedelta(days=place % 120 - 30),
            original_due_date=TODAY, created_by=office, created_at=NOW, dispatched_at=NOW,
        )  # fmt: skip

    tasks = [one(n, None) for n in range(parents)]
    tasks += [one(n, first + n % parents) for n in range(parents, number)]
    Task.objects.bulk_create(tasks, batch_size=2000)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Task]):
            cursor.execute(sql)
    duties = [
        Duty(task_id=t.pk, unit=units[n % len(units)], role="lead", acknowledged_at=NOW) for n, t in enumerate(tasks)
    ]
    index_tasks([t.pk for t in tasks])
    duties += [Duty(task_id=t.pk, unit=units[(n + 1) % len(units)], role="co") for n, t in enumerate(tasks) if n % 3]
    Duty.objects.bulk_create(duties, batch_size=5000)
    each = (number - parents) // parents
    Standing.objects.bulk_create(
        [
            Standing(
                task_id=t.pk, percent=Decimal(n % 101), reported=1 if n >= parents else each // 2,
                expected=1 if n >= parents else each, last_at=NOW, last_word="本月完成阶段性任务",
            )
            for n, t in enumerate(tasks)
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )  # fmt: skip


def make_directive(cast: Cast, *, title: str = "青禾县2026年重点工作任务分工方案", state: str = "confirmed") -> Clause:
    """A directive of the county with one numbered clause, which is given back."""
    text = "一、夯实粮食安全根基\n1. 建成高标准农田2.5万亩。（县农业农村局牵头，县水利局配合，12月底前完成）"
    directive = Directive.objects.create(
        unit=cast.unit("QH"), title=title, number="青政发〔2026〕3号", issuer="青禾县人民政府", kind="directive",
        issued_date=date(2026, 2, 27), received_date=date(2026, 2, 27), text=text, sha256=f"{next(_number):064x}",
        state=state, created_by=cast["office"], created_at=NOW,
    )  # fmt: skip
    index_directives([directive.pk])
    return Clause.objects.create(
        directive=directive, position=2, outline="1.", level=3, role="duty", title="高标准农田", start=11, end=len(text)
    )


def report(
    task: Task, unit: Unit, by: Person, *, done: str, percent: int | None = None, days_ago: int = 3, **fields: Any
) -> Feedback:
    """A report as its row alone; the standing is set apart by make_task."""
    return Feedback.objects.create(
        task=task, unit=unit, by=by, at=NOW - timedelta(days=days_ago), period="2026-11", done=done, percent=percent,
        **fields,
    )  # fmt: skip


def make_county_work(cast: Cast) -> dict[str, Task]:
    """A day's ledger of the small county: something in every state, with words as clerks write them."""
    clause = make_directive(cast)
    leader, sponsor = cast["leader"], cast["sponsor"]
    made = {
        "farmland": make_task(
            cast, "建成高标准农田2.5万亩", tier=1, lead="QH-NYJ", co=["QH-SLJ", "QH-CZJ"], due=date(2026, 12, 31),
            percent="52.5", expected=3, reported=2, clause=clause, asked_by=leader, sponsor=sponsor,
            target_op=">=", target_value=Decimal(25000), target_unit="亩", kind="hard_target", cadence="monthly",
            requirement="建成高标准农田2.5万亩，同步完善田间灌排设施。", standard="经县级验收合格，上图入库。",
            last_word="两个乡镇完成土地平整，石门乡受降雨影响滞后", urgency=2,
        ),
        "reservoir": make_task(
            cast, "完成小型水库除险加固6座", tier=1, lead="QH-SLJ", co=["QH-T01", "QH-T02"], due=date(2026, 10, 31),
            percent=70, last_word="4座主体完工，2座正在坝体灌浆", sponsor=sponsor, asked_by=sponsor,
        ),
        "employment": make_task(
            cast, "城镇新增就业1200人", tier=2, lead="QH-CZJ", co=["QH-NYJ"], due=date(2026, 12, 20), percent=100,
            state="submitted", last_word="全年新增就业1263人",
        ),
        "toilets": make_task(
            cast, "改造农村户厕800座", tier=2, lead="QH-NYJ", co=["QH-T01", "QH-T02", "QH-T03"], due=date(2026, 11, 28),
            percent=88, cadence="monthly", cadence_day=25, last_word="已改造704座",
        ),
        "budget": make_task(
            cast, "压减一般性支出5%", tier=3, lead="QH-CZJ", due=date(2026, 12, 31), percent=91, last_word="压减4.6%",
        ),
        "rivers": make_task(
            cast, "河道“四乱”问题整治", tier=2, lead=(), joint=["QH-SLJ", "QH-T01"], due=date(2026, 12, 15),
            state="dispatched", acknowledged=False, dispatched_at=NOW - timedelta(days=4),
        ),
        "school": make_task(
            cast, "新建农村寄宿制学校1所", tier=3, lead="QH-T03", due=date(2026, 11, 10), percent=100,
            state="completed", completed_at=NOW - timedelta(days=1), last_word="竣工验收",
        ),
        "roads": make_task(
            cast, "农村公路安防工程42公里", tier=3, lead="QH-T02", due=date(2026, 6, 30), percent=100, state="closed",
            closed_at=NOW - timedelta(days=90), completed_at=NOW - timedelta(days=100), last_word="全线完成",
        ),
        "slogan": make_task(
            cast, "持续优化营商环境", tier=3, lead="QH-CZJ", due=None, review_date=date(2026, 12, 31),
        ),
        "credit": make_task(
            cast, "推广农业信贷担保", tier=3, lead="QH-CZJ", co=["QH-NYJ"], due=date(2026, 12, 25), state="registered",
            acknowledged=False, dispatched_at=None,
        ),
    }  # fmt: skip
    parent = made["farmland"]
    for code, target, percent, state, word in (
        ("QH-T01", 9000, 80, "in_progress", "9000亩完成土地平整"),
        ("QH-T02", 8000, 25, "in_progress", "受连续降雨影响，平整2000亩"),
        ("QH-T03", 8000, None, "dispatched", ""),
    ):
        made[code] = make_task(
            cast, f"{cast.unit(code)}建成高标准农田{target}亩", owner="QH-NYJ", lead=code, parent=parent, tier=1,
            due=date(2026, 12, 15), percent=percent, state=state, last_word=word, acknowledged=state != "dispatched",
            target_op=">=", target_value=Decimal(target), target_unit="亩", dispatched_at=NOW - timedelta(days=6),
        )  # fmt: skip
    _add_events(cast, made)
    return made


def _add_events(cast: Cast, made: dict[str, Task]) -> None:
    """Milestones, reports, a question, a submission and a request for more time."""
    farmland, reservoir = made["farmland"], made["reservoir"]
    for name, day, percent, done in (
        ("项目批复", date(2026, 3, 31), 10, date(2026, 3, 28)),
        ("土地平整过半", date(2026, 8, 31), 50, date(2026, 9, 5)),
        ("灌排设施完工", date(2026, 11, 20), 90, None),
        ("县级验收", date(2026, 12, 25), 100, None),
    ):
        add_milestone(farmland, name, day, percent=percent, done=done)
    add_milestone(reservoir, "主体完工", date(2026, 9, 30), percent=80)
    add_milestone(made["toilets"], "首批验收", date(2026, 6, 30), percent=50, done=date(2026, 6, 28))
    report(
        made["QH-T02"], cast.unit("QH-T02"), cast["townclerk"], done="平整2000亩，机械进场困难。", percent=25,
        problem="连续降雨，机械无法进场", cause="weather", ask="请协调县水利局增派排涝设备",
        asked_unit=cast.unit("QH-NYJ"), next_step="雨停后48小时内复工", next_date=date(2026, 11, 27),
    )  # fmt: skip
    report(farmland, cast.unit("QH-NYJ"), cast["deptclerk"], done="累计完成13125亩。", percent=52, days_ago=8)
    Submission.objects.create(
        task=made["employment"], unit=cast.unit("QH-CZJ"), by=cast["otherclerk"], at=NOW - timedelta(days=4),
        result="新增就业1263人，名册已核对。",
    )  # fmt: skip
    Extension.objects.create(
        task=made["toilets"], unit=cast.unit("QH-NYJ"), requested_by=cast["depthead"],
        requested_at=NOW - timedelta(days=1), from_date=date(2026, 11, 28), to_date=date(2026, 12, 20),
        cause="weather", reason="雨季停工", progress="已改造704座",
    )  # fmt: skip
