"""`python -m bench.following`: what time asks of a site, beside bare SQL on the same rows, on both databases.

M8: the lights and clocks of all open tasks; a day's jobs; the digests of 60,000 people. What the jobs write is undone.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Max, Min

from bench.__main__ import TARGETS, folder_for, rows_of, site
from bench.timing import compare, seconds, show

SCAN = (
    "SELECT COUNT(*), MIN(t.due_date), MAX(t.dispatched_at), AVG(s.percent) FROM tasks_task t "
    "JOIN progress_standing s ON s.task_id = t.id WHERE t.phase = 1"
)
PEOPLE = 60_000


class Undone(Exception):
    """Ends a transaction whose writing was only measured."""


@contextmanager
def undone() -> Iterator[None]:
    from django.db import transaction

    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        return


def rows(sql: str, *parameters: object) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def lights_and_clocks(runs: int) -> None:
    """M8: every light counted by colour, and the two clocks that run out by date, against one scan of the same rows."""
    from django.db.models import Count

    from luoshi.core.clock import today
    from luoshi.core.policy import get_policy
    from luoshi.progress.queries import with_light
    from luoshi.tasks.models import PHASE_OPEN, Task
    from luoshi.tasks.queries.clocks import unacknowledged, unreported

    work, day, policy = Task.objects.filter(phase=PHASE_OPEN).order_by(), today(), get_policy()

    def lights() -> None:
        list(with_light(work, today=day, policy=policy).values("light").annotate(n=Count("pk")))

    def clocks() -> None:
        work.filter(unacknowledged(today=day)).count()
        work.filter(unreported(today=day)).count()

    count = work.count()
    compare(f"M8 lights of {count:,} open tasks", lights, lambda: rows(SCAN), runs=runs)
    compare(f"M8 clocks of {count:,} open tasks", clocks, lambda: rows(SCAN), runs=runs)


def day_jobs() -> None:
    """What happens by itself in a day: windows of a month's last day, the end of a month, two mornings of chasing."""
    from luoshi.core.clock import now
    from luoshi.notices.models import Notice
    from luoshi.progress.jobs import close_windows, freeze_months
    from luoshi.progress.models import MonthLight, Turn
    from luoshi.supervision.jobs import chase_units
    from luoshi.supervision.models import Chase, ChaseStep

    first = (now() + timedelta(days=31)).replace(day=1, hour=0, minute=20)
    night = next((at for at in (first + timedelta(days=n) for n in range(-4, 9)) if closes_some(at)), first)
    with undone():
        job("a day's jobs: windows", close_windows, night, [Turn], write_again)
    with undone():
        job("a day's jobs: months", freeze_months, first, [MonthLight], write_again)
    with undone():
        made = [Chase, ChaseStep, Notice]
        job("a day's jobs: chasing, nothing chased before", chase_units, now(), made, make_again)
        job("a day's jobs: chasing, the day after", chase_units, now() + timedelta(days=1), made, make_again)


def closes_some(moment: Any) -> bool:
    """Does a window close in this night? Where its day is no working day it closes later."""
    from luoshi.progress.actions.turns import close_turns

    with undone():
        return close_turns(now=moment) > 0
    return False


def job(name: str, run: Callable[[Any], object], moment: Any, models: list[Any], again: Callable[..., float]) -> None:
    """One routine, against one scan of all open work and a bare writing of the rows that it made."""
    before = [model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in models]
    ours = seconds(lambda: run(moment))
    made = [model.objects.filter(pk__gt=last).order_by("pk") for model, last in zip(models, before, strict=True)]
    number = sum(found.count() for found in made)
    with undone():
        bare = seconds(lambda: rows(SCAN)) + again(made)
    show(f"{name}, {number:,} rows", ours * 1000, bare * 1000, unit="ms")


def write_again(made: list[Any]) -> float:
    """Seconds that the database needs to write these rows, known already, into their table and its indexes."""
    from django.db import connection

    spent = 0.0
    for found in made:
        table = found.model._meta.db_table
        last = found.aggregate(first=Min("pk"))["first"] or 0
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE made_rows AS SELECT * FROM {table} WHERE id >= %s", [last])
            cursor.execute(f"DELETE FROM {table} WHERE id >= %s", [last])
            spent += seconds(partial(cursor.execute, f"INSERT INTO {table} SELECT * FROM made_rows"))
            cursor.execute("DROP TABLE made_rows")
    return spent


def make_again(made: list[Any]) -> float:
    """Seconds that a bare bulk_create needs for these rows, known already."""
    kept = [list(found) for found in made]
    for found in reversed(made):
        found._raw_delete(found.db)
    return sum(seconds(partial(f.model._base_manager.bulk_create, r, 500)) for f, r in zip(made, kept, strict=True))


def digests(people: int) -> None:
    """Three unread messages each become one digest each, against a bare insert of as many deliveries."""
    from django.utils import timezone

    from luoshi.core.clock import now
    from luoshi.core.models import CalendarDay
    from luoshi.notices.actions.making import make_digests
    from luoshi.notices.models import Delivery, Notice
    from luoshi.orgs.models import Person

    evening = timezone.localtime(now()).replace(hour=20, minute=0)
    with undone():
        if evening.weekday() > 4:  # digests are made on working days
            CalendarDay.objects.update_or_create(day=evening.date(), defaults={"is_workday": True})
        born = [Person(username=f"bench{n}", name=f"某{n}", email=f"b{n}@example.cn") for n in range(people)]
        kept = Person.objects.bulk_create(born, batch_size=2000)
        at = evening - timedelta(hours=12)
        notices = [Notice(person=p, at=at, kind="task", text=f"请办理第{n}件") for p in kept for n in range(3)]
        Notice.objects.bulk_create(notices, batch_size=2000)
        analyze()  # as the database does by itself long before the evening
        before = Delivery.objects.count()
        ours = seconds(lambda: make_digests(evening, with_mail=True))
        made = Delivery.objects.count() - before
        bare = [
            Delivery(person=p, channel="mail", key=f"bare{p.pk}", day=evening.date(), address=p.email, upto=evening,
                     created_at=evening, next_at=evening)
            for p in kept[:made]
        ]  # fmt: skip
        floor = seconds(lambda: Delivery.objects.bulk_create(bare, batch_size=2000))
    show(f"digests of {made:,} people", ours * 1000, floor * 1000, unit="ms")


def analyze() -> None:
    """Let the database count what stands in its tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(*, runs: int, people: int) -> None:
    """All of it on the database of this process."""
    lights_and_clocks(runs)
    day_jobs()
    digests(people)
    sys.stdout.flush()


def here(tasks: int, people: int) -> None:
    """In a process of its own: fill the database where it is empty, then measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from bench import data
    from luoshi.core.clock import now, today
    from luoshi.tasks.models import Task

    call_command("migrate", verbosity=0)
    if not Task.objects.exists():
        data.fill(tasks=tasks, today=today(), now=now())
    analyze()
    measure(runs=5, people=people)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--keep", type=Path, help="a folder with databases that are kept")
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--here", action="store_true", help="on the database of this environment, as JSON")
    options = parser.parse_args()
    if options.here:
        here(options.tasks, options.people)
        return
    for database in options.database or ["sqlite", "postgres"]:
        with folder_for(f"{database}-{options.tasks}", options.keep) as folder, site(folder, database) as environment:
            size = ["--tasks", str(options.tasks), "--people", str(options.people)]
            for row in rows_of(environment, "bench.following", "--here", *size):
                ours, floor = float(str(row["ours"])), float(str(row["floor"]))
                target = next((words for name, words in TARGETS.items() if str(row["name"]).startswith(name)), "")
                print(f"{database:9}{row['name']:<44}{ours:>12,.1f}{floor:>12,.1f} ms {ours / floor:>7.2f}  {target}")


if __name__ == "__main__":
    main()
