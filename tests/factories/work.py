"""Tasks with their duties and standing, written straight into the tables for tests of pages that only read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from luoshi.orgs.models import Person, Unit
from luoshi.progress.models import Standing
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
