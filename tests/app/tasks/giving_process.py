"""A process of its own that gives tasks down to 5,000 units, so that a test may kill it at any statement.

`seed N` makes the units and N parents; `give CODE` gives that parent down and writes a line for every statement;
`look` prints what stands in the database as JSON.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import django

UNITS = 5000
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def seed(number: int) -> None:
    from luoshi.orgs.models import Person, Unit
    from luoshi.orgs.rules import path_of
    from luoshi.tasks.actions import create_task, dispatch_tasks
    from luoshi.tasks.rules.duties import DutyRow

    since = date(2026, 1, 1)
    county = Unit.objects.create(code="QH", name="青禾县", level="county", valid_from=since)
    county.path = path_of(county.pk)
    county.save()
    Unit.objects.bulk_create(
        [
            Unit(
                pk=county.pk + n, code=f"V{n}", name=f"第{n}村", level="village", parent=county, valid_from=since,
                path=path_of(county.pk + n, parent_path=county.path),
            )
            for n in range(1, UNITS + 1)
        ]
    )  # fmt: skip
    office = Person.objects.create(username="office", name="林岚")
    for n in range(number):
        task = create_task(
            county, by=office, now=NOW, title=f"第{n}批整治", requirement="整治到位。", standard="销号", kind="action",
            due_date=date(2026, 12, 20), duties=[DutyRow("lead", None, "各村", "level=village")],
        )  # fmt: skip
        dispatch_tasks([task], by=office, now=NOW)


def give(code: str) -> None:
    from django.db import connection

    from luoshi.orgs.models import Person, Unit
    from luoshi.tasks.actions import cascade_task
    from luoshi.tasks.models import Task
    from luoshi.tasks.rules.cascade import Share

    county, office = Unit.objects.get(code="QH"), Person.objects.get()
    shares = [Share(pk) for pk in Unit.objects.filter(level="village").values_list("pk", flat=True)]
    with connection.execute_wrapper(_announce):
        cascade_task(Task.objects.get(code=code), shares=shares, owner=county, by=office, now=NOW)
    print("given", flush=True)


def _announce(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    print("statement", sql[:40].replace("\n", " "), flush=True)
    return result


def look() -> None:
    from luoshi.core.models import Entry
    from luoshi.core.queries import find_journal_faults
    from luoshi.progress.models import Standing
    from luoshi.tasks.models import CodeSeries, Duty, Task

    parts = Task.objects.filter(parent__isnull=False)
    counts = {code: Task.objects.filter(parent__code=code).count() for code in parents()}
    print(
        json.dumps(
            {
                "parts": counts,
                "duties": Duty.objects.filter(task__in=parts).count(),
                "standings": Standing.objects.filter(task__in=parts).count(),
                "without_path": Task.objects.filter(path=None).count(),
                "numbers": CodeSeries.objects.get().last - len(counts),
                "entries": Entry.objects.filter(verb="cascade_task").count(),
                "faults": [str(fault) for fault in find_journal_faults()],
            }
        )
    )


def parents() -> list[str]:
    from luoshi.tasks.models import Task

    return list(Task.objects.filter(parent=None).order_by("code").values_list("code", flat=True))


if __name__ == "__main__":
    django.setup()
    what, *rest = sys.argv[1:]
    if what == "seed":
        seed(int(rest[0]))
    elif what == "give":
        give(rest[0])
    else:
        look()
