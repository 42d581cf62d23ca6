"""Numbers and paths for new tasks, taken in blocks without races."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet

from luoshi.core.bulk import take_keys
from luoshi.core.prepared import prepared
from luoshi.orgs.models import Unit
from luoshi.tasks.models import TASK_STEP, CodeSeries, Task
from luoshi.tasks.rules.ladder import task_code


def take_codes(unit: Unit, *, year: int, count: int) -> list[str]:
    """The next `count` codes of a unit's year; the row stays locked until the transaction ends."""
    first = take_numbers(unit, year=year, count=count)
    return [task_code(unit.code, year=year, number=n) for n in range(first, first + count)]


def take_numbers(unit: Unit, *, year: int, count: int) -> int:
    """The first of the next `count` numbers of a unit's year; the row stays locked until the transaction ends."""
    series = CodeSeries.objects.filter(unit=unit, year=year)
    if not series.update(last=F("last") + count):
        CodeSeries.objects.get_or_create(unit=unit, year=year)
        series.update(last=F("last") + count)
    return int(dict(_list_years(unit.pk))[year]) - count + 1


@prepared
def _list_years(unit: int) -> QuerySet[CodeSeries, Any]:
    return CodeSeries.objects.filter(unit=unit).values_list("year", "last")


def insert_tasks(tasks: Sequence[Task], *, parent_path: str = "") -> list[Task]:
    """Insert tasks in bulk; their keys are taken first, so that each is written with its path at once."""
    for key, task in zip(take_keys(Task, len(tasks)), tasks, strict=True):
        task.pk = key
        task.path = f"{parent_path}{key:0{TASK_STEP}d}"
    return Task.objects.bulk_create(tasks, batch_size=1000)
