"""The parts of a task for any number of units, written in statements of ten thousand lines; no object a part."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone

from luoshi.core.bulk import CHUNK, insert_like, lines_sql, lines_value, take_keys
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.numbering import take_numbers
from luoshi.tasks.models import TASK_STEP, Duty, Task
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.ladder import rung_below, task_code
from luoshi.tasks.rules.states import DutyRole, State

LINE = {
    "id": "bigint", "code": "text", "path": "text", "unit": "bigint", "target": "numeric", "due": "date",
    "review": "date", "weight": "numeric", "requirement": "text", "standard": "text",
}  # fmt: skip
UNIT_NAME = "COALESCE(NULLIF(u.short_name, ''), u.name)"


@dataclass(frozen=True, slots=True)
class Batch:
    """The parts that one task was given as: their keys lie between `first` and `last`, in the order of the shares."""

    parent_id: int
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Giving:
    """In whose name and when parts are given, and whether they are dispatched at once."""

    owner: Unit
    by: Person
    now: datetime
    dispatch: bool = True
    cadence: str | None = None  # of the reports; None is the task's own

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()


def insert_parts(task: Task, shares: Iterable[Share], *, count: int, giving: Giving) -> Batch:
    """Insert the part of each share with its unit as lead; what a share leaves empty is the task's.

    `count` is how many shares there are. Memory does not grow with them when they come from an iterator.
    """
    number = take_numbers(giving.owner, year=giving.today.year, count=count)
    coming, first, last, done = iter(shares), 0, 0, 0
    while chunk := list(islice(coming, CHUNK)):
        keys = take_keys(Task, len(chunk))
        given = enumerate(zip(keys, chunk, strict=True), start=number + done)
        lines = [_line(task, share, key, giving, n) for n, (key, share) in given]
        _insert_tasks(task, lines, giving=giving)
        _insert_leads(lines)
        first, last, done = first or keys[0], keys[-1], done + len(chunk)
    return Batch(task.pk, first, last, done)


def _line(task: Task, share: Share, key: int, giving: Giving, number: int) -> Sequence[Any]:
    code = task_code(giving.owner.code, year=giving.today.year, number=number)
    path = f"{task.path or ''}{key:0{TASK_STEP}d}"
    due = share.due_date or task.due_date
    days = due, None if due else task.review_date
    weight = Decimal(1) if share.weight is None else share.weight
    words = share.requirement or task.requirement, share.standard or task.standard
    return key, code, path, share.unit_id, share.target_value, *days, weight, *words


def _insert_tasks(task: Task, lines: Sequence[Sequence[Any]], *, giving: Giving) -> None:
    """The parts with a target of their own are hard targets; the others stand on the rung below the task."""
    for has_number, chosen in _by_target(lines):
        insert_like(
            _likeness(task, giving, has_number=has_number), lines_sql(LINE), [lines_value(chosen)],
            id="line.id", code="line.code", path="line.path", due_date="line.due", review_date="line.review",
            weight="line.weight", requirement="line.requirement", standard="line.standard", target_value="line.target",
            **({"original_due_date": "line.due"} if giving.dispatch else {}),
        )  # fmt: skip


def _by_target(lines: Sequence[Sequence[Any]]) -> Iterator[tuple[bool, Sequence[Sequence[Any]]]]:
    place = list(LINE).index("target")
    for has_number in (False, True):
        chosen = [line for line in lines if (line[place] is not None) is has_number]
        if chosen:
            yield has_number, chosen


def _likeness(task: Task, giving: Giving, *, has_number: bool) -> Task:
    """What all parts of a task have in common."""
    sent = giving.dispatch
    return Task(
        title=task.title, tier=task.tier, urgency=task.urgency, owner=giving.owner, parent=task,
        kind=rung_below(task.kind, has_number=has_number).value,
        state=State.DISPATCHED.value if sent else State.DRAFT.value, sponsor_id=task.sponsor_id,
        clause_id=task.clause_id, asked_by_id=task.asked_by_id, start_date=giving.today if sent else None,
        target_op=task.target_op if has_number else "",
        target_unit=task.target_unit if has_number else "",
        cadence=task.cadence if giving.cadence is None else giving.cadence, cadence_day=task.cadence_day,
        created_by=giving.by, created_at=giving.now, dispatched_at=giving.now if sent else None,
    )  # fmt: skip


def _insert_leads(lines: Sequence[Sequence[Any]]) -> None:
    """Each unit leads its part."""
    given = [(line[0], line[3]) for line in lines]
    source = f"{lines_sql({'id': 'bigint', 'unit': 'bigint'})} JOIN {_table(Unit)} u ON u.id = line.unit"
    insert_like(
        Duty(role=DutyRole.LEAD.value), source, [lines_value(given)],
        task_id="line.id", unit_id="line.unit", written_name=UNIT_NAME,
    )  # fmt: skip


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
