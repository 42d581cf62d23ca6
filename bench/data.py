"""A seeded ledger: 20 roots × 25 × 40 tasks and upwards, in the demo county."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.core.management import call_command
from django.db.models import F

from luoshi.orgs.models import Person, Unit
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Feedback, Standing
from luoshi.tasks.models import TASK_STEP, Duty, Milestone, Task

BRANCHES, LEAVES = 25, 40
STATES = ["in_progress"] * 7 + ["acknowledged", "dispatched", "submitted", "completed", "closed"]


def fill(*, tasks: int, today: date, now: datetime, seed: int = 2026) -> None:
    """Load the county's units and people and about `tasks` tasks with duties, milestones, reports and standings."""
    call_command("demo", units_only=True, verbosity=0)
    dice = random.Random(seed)
    county = Unit.objects.get(code="QH")
    units = list(Unit.objects.filter(parent=county, level__in=["department", "township"]))
    office = Person.objects.get(username="office")
    roots = -(-tasks // (BRANCHES * LEAVES + BRANCHES + 1))
    tops = _layer([None] * roots, county, office, dice, today, now, width=1)
    middles = _layer(tops, county, office, dice, today, now, width=BRANCHES)
    leaves = _layer(middles, county, office, dice, today, now, width=LEAVES)
    everything = [*tops, *middles, *leaves]
    Duty.objects.bulk_create(
        [Duty(task=t, unit=units[n % len(units)], role="lead") for n, t in enumerate(everything)]
        + [Duty(task=t, unit=units[(n + 7) % len(units)], role="co") for n, t in enumerate(everything) if n % 2],
        batch_size=4000,
    )
    Milestone.objects.bulk_create(
        [
            Milestone(task=t, name=f"节点{k}", due_date=date(today.year, 3 * k, 28), percent=Decimal(25 * k))
            for n, t in enumerate(everything)
            if n % 10 == 0
            for k in (1, 2, 3, 4)
        ],
        batch_size=4000,
    )
    _report(leaves, units, office, dice, now)
    recompute_standings()


def _layer(
    parents: list[Task | None], county: Unit, by: Person, dice: random.Random, today: date, now: datetime, *, width: int
) -> list[Task]:
    number = count(1 + Task.objects.count())
    rows = [
        Task(
            code=f"QH-{today.year}-B{next(number):07d}",
            title=f"推进{dice.choice('产业项目 民生实事 城乡环境 水利设施 医疗教育 数字政府'.split())}第{n}项工作",
            requirement="按月推进，形成实物工作量。",
            standard="完成率100%",
            kind=dice.choice(["measure", "hard_target", "project", "action"]),
            tier=dice.choices([1, 2, 3], [1, 4, 15])[0],
            urgency=3,
            state=dice.choice(STATES),
            owner=county,
            parent=parent,
            start_date=date(today.year, 1, 5),
            due_date=today + timedelta(days=dice.randrange(-40, 160)),
            weight=1,
            cadence="monthly",
            cadence_day=28,
            created_by=by,
            created_at=now,
            dispatched_at=now,
        )
        for parent in parents
        for n in range(width)
    ]
    for row in rows:
        row.original_due_date = row.due_date
    made = Task.objects.bulk_create(rows, batch_size=2000)
    for task in made:
        task.path = f"{task.parent.path if task.parent else ''}{task.pk:0{TASK_STEP}d}"
    Task.objects.bulk_update(made, ["path"], batch_size=500)
    return list(made)


def _report(leaves: list[Task], units: list[Unit], by: Person, dice: random.Random, now: datetime) -> None:
    Standing.objects.bulk_create(
        [Standing(task=t) for t in Task.objects.exclude(standing__isnull=False).only("pk")], batch_size=4000
    )
    reported = [t for t in leaves if dice.random() < 0.8]
    Feedback.objects.bulk_create(
        [
            Feedback(
                task=t, unit=units[n % len(units)], by=by, at=now, period=f"{now:%Y-%m}", done="已完成阶段工作",
                percent=Decimal(dice.randrange(0, 101)),
            )
            for n, t in enumerate(reported)
        ],
        batch_size=4000,
    )  # fmt: skip


def deepen(*, levels: int, by: Person, now: datetime) -> Task:
    """A chain of `levels` tasks below the first leaf, for a report to climb; the deepest is returned."""
    task = Task.objects.filter(children__isnull=True).order_by("pk").first()
    assert task is not None
    lead = Unit.objects.get(code="QH-T01")
    depth = len(task.path or "") // TASK_STEP
    for n in range(depth, levels):
        child = Task.objects.create(
            code=f"{task.code}-{n}", title="分解任务", requirement="按月推进", standard="100%", kind="action",
            state="in_progress", owner=task.owner, parent=task, start_date=task.start_date, due_date=task.due_date,
            created_by=by, created_at=now, dispatched_at=now,
        )  # fmt: skip
        Task.objects.filter(pk=child.pk).update(path=f"{task.path}{child.pk:0{TASK_STEP}d}", version=F("version"))
        child.refresh_from_db()
        Duty.objects.create(task=child, unit=lead, role="lead")
        task = child
    recompute_standings()
    return task
