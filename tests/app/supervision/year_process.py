"""A process that lives the year of year_story.py, and may be killed in the middle of what happens by itself.

`seed SEED JOBS DAYS` writes the county; `live SEED JOBS DAYS KILLS` lives the year in child processes: each
morning what is due is done, then leaders and units act; on days drawn by lot the process kills itself at a statement
drawn by lot, whereupon the next one takes over. `look` prints what stands as JSON.
"""

import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any

import django

from tests.app.supervision.year_oracle import period_of
from tests.app.supervision.year_story import DAY, START, Job, Story, answer_to, tell

HOLLOW = "正在抓紧推进。"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    from django.utils import timezone

    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


def seed(story: Story) -> None:
    from luoshi.orgs.models import Person, Post, Unit
    from luoshi.orgs.rules import path_of
    from luoshi.progress.models import Standing
    from luoshi.tasks.models import TASK_STEP, Duty, Task

    since = date(2025, 1, 1)
    county = Unit.objects.create(code="QH", name="青禾县人民政府", level="county", valid_from=since)
    county.path = path_of(county.pk)
    county.save()
    units = [
        Unit(
            pk=county.pk + 1 + n, code=f"QH-{n:03d}", name=f"第{n}局", level="department", parent=county,
            valid_from=since, path=path_of(county.pk + 1 + n, parent_path=county.path),
        )
        for n in range(story.units)
    ]  # fmt: skip
    Unit.objects.bulk_create(units)
    posts = [("county", county, "head"), ("office", county, "office")]
    posts += [(f"sponsor{n}", county, "sponsor") for n in range(3)]
    posts += [(f"head{n}", unit, "head") for n, unit in enumerate(units) if story.has_head(n)]
    posts += [(f"clerk{n}", unit, "handler") for n, unit in enumerate(units) if story.has_handler(n)]
    people = {name: Person.objects.create(username=name, name=name) for name, _unit, _role in posts}
    Post.objects.bulk_create(Post(person=people[n], unit=unit, role=role, from_date=since) for n, unit, role in posts)
    Task.objects.bulk_create(_task(job, county, people) for job in story.jobs)
    tasks = {task.code: task for task in Task.objects.all()}
    for task in tasks.values():
        task.path = f"{task.pk:0{TASK_STEP}d}"
    Task.objects.bulk_update(tasks.values(), ["path"], batch_size=500)
    Duty.objects.bulk_create(Duty(task=tasks[job.code], unit=units[job.unit], role="lead") for job in story.jobs)
    Standing.objects.bulk_create(Standing(task=task) for task in tasks.values())


def _task(job: Job, county: Any, people: dict[str, Any]) -> Any:
    from luoshi.tasks.models import Task

    return Task(
        code=job.code, title=f"办理第{job.number}件", requirement="按期办结", standard="办结销号", kind="action",
        matter=job.matter, urgency=job.urgency, owner=county, start_date=job.dispatched, due_date=job.due,
        original_due_date=job.due, cadence=job.cadence, cadence_day=job.cadence_day, state="draft",
        sponsor=None if job.sponsor is None else people[f"sponsor{job.sponsor}"], created_by=people["office"],
        created_at=at(START, 0),
    )  # fmt: skip


def live(story: Story, kills: int) -> None:
    """A child process lives day after day until it is killed, then the next one goes on; the last is left alone."""
    from django.db import connections

    warm_up()
    killed, first, minute = 0, 0, 30
    while True:
        connections.close_all()
        span = int(0.9 * (story.days - first) / (kills - killed)) if killed < kills else None
        reached, died = in_child(partial(live_on, story, first, life=killed, span=span, minute=minute))
        if not died:
            break
        killed += 1
        minute = minute + 3 if reached == first else 45
        first = reached
    print(killed)


def live_on(
    story: Story, first: int, write: Callable[[int], None], *, life: int, span: int | None, minute: int
) -> None:
    """Live from a day on; within `span` days or soon after this process kills itself, at a statement drawn by lot."""
    dice = random.Random(1000 * story.days + life)
    fated = first + dice.randint(0, span) if span is not None else story.days
    statements = 60
    for number in range(first, story.days):
        write(number)
        stop = dice.randint(1, statements) if number >= fated else 0
        day = START + number * DAY
        statements = morning(day, stop=stop, minute=minute if number == first else 30)
        live_day(story, day)


def warm_up() -> None:
    """Load once what every child would load anew: addresses, words, modules."""
    from django.urls import reverse
    from django.utils.translation import gettext

    import luoshi.notices.jobs
    import luoshi.progress.jobs
    import luoshi.supervision.jobs  # noqa: F401

    reverse("insight:needle")
    gettext("Needle")


def in_child(work: Callable[[Callable[[int], None]], None]) -> tuple[int, bool]:
    """Do it in a process of its own; the last number that it wrote, and whether it was killed."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            work(lambda number: void(os.write(write, f"{number}\n".encode())))
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read().split()
    status = os.waitpid(pid, 0)[1]
    if not os.WIFSIGNALED(status) and status:
        raise SystemExit(1)
    return int(said[-1]), os.WIFSIGNALED(status)


def void(_value: object) -> None:
    return None


def morning(day: date, *, stop: int, minute: int) -> int:
    """Do what is due, up to the statement at which this process dies; how many statements it took."""
    from django.db import connection

    from luoshi.core.clockwork import run_due

    seen = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with connection.execute_wrapper(count):
        run_due(at(day, 8, minute))
    return seen


def live_day(story: Story, day: date) -> None:
    """Leaders answer steps that wait, tasks are dispatched, units act."""
    from luoshi.tasks.models import Task

    answer_steps(day)
    new = [job.code for job in story.jobs if job.dispatched == day]
    Task.objects.filter(code__in=new).update(state="dispatched", dispatched_at=at(day, 9))
    jobs = {job.number: job for job in story.jobs}
    for what, number, percent in story.acts.get(day, ()):
        act(story, jobs[number], what, percent, day)


def answer_steps(day: date) -> None:
    from django.utils import timezone

    from luoshi.core.policy import get_policy
    from luoshi.orgs.models import Person
    from luoshi.supervision.actions.approving import approve_steps, refuse_steps
    from luoshi.supervision.models import ChaseStep

    leader = Person.objects.get(username="county")
    waiting = ChaseStep.objects.filter(state="awaiting").select_related("chase__task")
    for step in waiting.order_by("pk"):
        what, days, limit = answer_to(step.chase.task.code, step.chase.opened_date, step.rung)
        if timezone.localtime(step.made_at).date() + days * DAY != day:
            continue
        if what == "refuse":
            refuse_steps([step], reason="情况已了解", by=leader, now=at(day, 10))
        elif what == "approve":
            until = day + limit * DAY if limit else None
            approve_steps([step], by=leader, now=at(day, 10), policy=get_policy(), new_limit=until, keep_drafts=True)


def act(story: Story, job: Job, what: str, percent: int, day: date) -> None:
    from decimal import Decimal

    from luoshi.orgs.models import Person, Unit
    from luoshi.progress.actions import report_progress
    from luoshi.supervision.actions import submit_task, verify_submission
    from luoshi.supervision.models import Submission
    from luoshi.tasks.actions import acknowledge_task
    from luoshi.tasks.models import Task

    task = Task.objects.select_related("owner").get(code=job.code)
    unit = Unit.objects.get(code=f"QH-{job.unit:03d}")
    by = Person.objects.get(username=f"clerk{job.unit}" if story.has_handler(job.unit) else f"head{job.unit}")
    now = at(day, 11)
    if what == "acknowledge":
        acknowledge_task(task, unit=unit, by=by, now=now)
    elif what in ("report", "hollow"):
        words = HOLLOW if what == "hollow" else f"截至{day:%m月%d日}已完成{percent}%。"
        report_progress(
            task, unit=unit, by=by, now=now, today=day, period=period_of(job.cadence, day), done=words,
            percent=Decimal(percent) if what == "report" else None,
        )  # fmt: skip
    elif what == "submit":
        submit_task(task, unit=unit, by=by, now=now, result="按标准逐条办结。")
    else:
        verify_submission(
            Submission.objects.filter(task=task).latest("pk"), verifier=Person.objects.get(username="office"),
            verifier_unit=task.owner, as_office=True, method="paper", opinion="已核。", now=now,
            result="passed" if what == "pass" else "returned",
        )  # fmt: skip


def look() -> None:
    from django.utils import timezone

    from luoshi.core.models import Entry, Run
    from luoshi.core.queries import find_journal_faults
    from luoshi.notices.models import Notice
    from luoshi.progress.models import MonthLight, Turn
    from luoshi.progress.rules.lights import CODES
    from luoshi.supervision.models import ChaseStep

    colours = {code: colour.value for colour, code in CODES.items()}
    steps = ChaseStep.objects.order_by("pk").values_list(
        "chase__task__code", "chase__opened_date", "rung", "due_date", "made_at", "state"
    )
    told = Notice.objects.filter(kind="chase").values_list("person__username", "at", "url")
    codes = {f"/tasks/{pk}/": code for pk, code in _task_codes()}
    print(
        json.dumps(
            {
                "steps": [[*row[:4], timezone.localtime(row[4]).date(), row[5]] for row in steps],
                "turns": list(Turn.objects.values_list("task__code", "period", "closes_date", "state")),
                "months": [
                    [code, month, colours[light], reason, caught]
                    for code, month, light, reason, caught in MonthLight.objects.values_list(
                        "task__code", "month", "light", "reason", "caught_up_date"
                    )
                ],
                "notices": [[who, timezone.localtime(when).date(), codes.get(url, "")] for who, when, url in told],
                "runs": Counter(Run.objects.values_list("state", flat=True)),
                "again": Run.objects.filter(attempts__gt=1).count(),
                "entries": Entry.objects.count(),
                "faults": [str(fault) for fault in find_journal_faults()],
            },
            default=str,
        )
    )


def _task_codes() -> list[tuple[int, str]]:
    from luoshi.tasks.models import Task

    return list(Task.objects.values_list("pk", "code"))


if __name__ == "__main__":
    django.setup()
    what, *figures = sys.argv[1:]
    numbers = [int(figure) for figure in figures]
    if what == "look":
        look()
    else:
        story = tell(numbers[0], jobs=numbers[1], days=numbers[2])
        if what == "seed":
            seed(story)
        else:
            live(story, numbers[3])
