"""Numbers and paths for new tasks, taken in blocks without races."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, LPad

from luoshi.core.prepared import prepared
from luoshi.orgs.models import Unit
from luoshi.tasks.models import TASK_STEP, CodeSeries, Task
from luoshi.tasks.rules.ladder import task_code


def take_codes(unit: Unit, *, year: int, count: int) -> list[str]:
    """The next `count` numbers of a unit's year; the row stays locked until the transaction ends."""
    series = CodeSeries.objects.filter(unit=unit, year=year)
    if not series.update(last=F("last") + count):
        CodeSeries.objects.get_or_create(unit=unit, year=year)
        series.update(last=F("last") + count)
    last = dict(_list_years(unit.pk))[year]
    return [task_code(unit.code, year=year, number=n) for n in range(last - count + 1, last + 1)]


@prepared
def _list_years(unit: int) -> QuerySet[CodeSeries, Any]:
    return CodeSeries.objects.filter(unit=unit).values_list("year", "last")


def set_paths(tasks: "QuerySet[Task]", *, parent_path: str = "") -> int:
    """Give new tasks their paths in one UPDATE; how many got one."""
    own = LPad(Cast("id", CharField()), TASK_STEP, Value("0"))
    return tasks.filter(path__isnull=True).update(path=Concat(Value(parent_path), own) if parent_path else own)


def insert_tasks(tasks: Sequence[Task], *, parent_path: str = "") -> list[Task]:
    """Insert tasks in bulk and give them their paths, in the database and on the objects."""
    Task.objects.bulk_create(tasks, batch_size=1000)
    first, last = tasks[0].pk, tasks[-1].pk
    ids = {"pk": first} if first == last else {"pk__in": [t.pk for t in tasks]}
    set_paths(Task.objects.filter(**ids), parent_path=parent_path)
    for task in tasks:
        task.path = f"{parent_path}{task.pk:0{TASK_STEP}d}"
    return list(tasks)
