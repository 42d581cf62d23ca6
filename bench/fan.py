"""`python -m bench.fan DUTIES UNITS`: whole groups of units in one act, against bare INSERT … SELECT of the same rows.

It writes into the database that it is given, so that is a copy; prints the time of both and the peak of memory.
"""

import argparse
import os
import resource

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Max, QuerySet  # noqa: E402

from bench.timing import Memory, seconds, show  # noqa: E402
from luoshi.core.bulk import insert_like  # noqa: E402
from luoshi.core.clock import now  # noqa: E402
from luoshi.notices.models import Notice  # noqa: E402
from luoshi.orgs.models import Person, Unit  # noqa: E402
from luoshi.progress.models import Standing  # noqa: E402
from luoshi.tasks.actions import cascade_tasks, create_task, dispatch_tasks  # noqa: E402
from luoshi.tasks.models import Duty, SearchLine, Task  # noqa: E402
from luoshi.tasks.rules.duties import DutyRow  # noqa: E402
from luoshi.tasks.rules.states import DutyRole  # noqa: E402

DUE = now().date().replace(month=12, day=31)


def open_duties(number: int, *, by: Person, owner: Unit) -> list[Task]:
    """Tasks of the country as a directive would bring them, dispatched to its own office."""
    lead = DutyRow(role=DutyRole.LEAD, unit_id=owner.pk, name=str(owner))
    tasks = [
        create_task(
            owner, by=by, now=now(), duties=[lead], title=f"落实第{n + 1}项任务分工", requirement="按月推进",
            standard="完成率100%", kind="measure", due_date=DUE,
        )
        for n in range(number)
    ]  # fmt: skip
    dispatch_tasks(tasks, by=by, now=now())
    return list(Task.objects.filter(pk__in=[task.pk for task in tasks]).order_by("pk"))


def bare(tasks: list[Task], *, level: str, last: int, by: Person) -> None:
    """The same rows of the same tables, and nothing else: no rights, no journal, no check."""
    highest = Task.objects.aggregate(highest=Max("pk"))["highest"]
    source = f"orgs_unit u WHERE u.level = '{level}' AND u.id <= {last}"
    padded = "printf('%%010d', {})" if connection.vendor == "sqlite" else "LPAD(CAST({} AS text), 10, '0')"
    for n, task in enumerate(tasks):
        key = f"({highest + n * last} + u.id)"
        insert_like(
            Task(
                title=task.title, requirement=task.requirement, standard=task.standard, kind=task.kind, parent=task,
                state="dispatched", owner=task.owner, due_date=DUE, original_due_date=DUE, start_date=DUE,
                created_by=by, created_at=now(), dispatched_at=now(),
            ),
            source, [], id=key, code=f"'BARE-' || {key}", path=f"'{task.path}' || {padded.format(key)}",
        )  # fmt: skip
        insert_like(Duty(role="lead"), source, [], task_id=key, unit_id="u.id", written_name="u.short_name")
        insert_like(Standing(), source, [], task_id=key)
        text = SearchLine.objects.values_list("text_id", flat=True).order_by("-task")[0]
        insert_like(SearchLine(text_id=text), source, [], task_id=key)
    told = f"orgs_post p JOIN orgs_unit u ON u.id = p.unit_id WHERE u.level = '{level}' AND u.id <= {last}"
    insert_like(Notice(at=now(), kind="dispatch", text="x" * 40, url="/tasks/1/"), told, [], person_id="p.person_id")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("duties", type=int)
    parser.add_argument("units", type=int)
    parser.add_argument("--level", default="township")
    options = parser.parse_args()
    by, owner = Person.objects.get(username="g000001.office"), Unit.objects.get(code="G000001")
    group: QuerySet[Unit] = Unit.objects.filter(level=options.level)
    last = group.order_by("pk").values_list("pk", flat=True)[options.units - 1]
    tasks = open_duties(options.duties, by=by, owner=owner)
    chosen = group.filter(pk__lte=last)
    with Memory() as memory:
        spent = seconds(lambda: cascade_tasks(tasks, units=chosen, owner=owner, by=by, now=now()))
    count = Task.objects.filter(parent__in=[task.pk for task in tasks]).count()
    with transaction.atomic():  # its end is counted too: there the foreign keys are checked
        floor = seconds(lambda: bare(tasks, level=options.level, last=last, by=by))
        floor += seconds(check_keys)
    name = f"M4 {options.duties:,} × {options.units:,}: {count:,} duties, one act"
    show(name, spent, floor, unit="s")
    show("   memory of its own at its peak, and before", memory.peak, memory.before, unit="MB")
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("   resident with the mapped file of the database", whole, 0, unit="MB RSS")


def check_keys() -> None:
    """Let the database check the foreign keys that it checks at the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


if __name__ == "__main__":
    main()
