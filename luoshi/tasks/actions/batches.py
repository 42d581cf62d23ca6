"""The parts of a task for any number of units, written in statements of ten thousand lines; no object a part."""

from collections.abc import Iterable, Sequence
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
    "id": "bigint", "unit": "bigint", "code": "text", "path": "text", "target_value": "numeric", "due_date": "date",
    "review_date": "date", "weight": "numeric", "requirement": "text", "standard": "text",
}  # fmt: skip
Line = tuple[Any, ...]  # in the order of LINE
ONE = Decimal(1)
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
    year, code = giving.today.year, giving.owner.code
    number = take_numbers(giving.owner, year=year, count=count)
    coming, first, last, done = iter(shares), 0, 0, 0
    while chunk := list(islice(coming, CHUNK)):
        keys = take_keys(Task, len(chunk))
        codes = [task_code(code, year=year, number=n) for n in range(number + done, number + done + len(chunk))]
        lines = [_line(task, *given) for given in zip(chunk, keys, codes, strict=True)]
        _insert_tasks(task, lines, giving=giving)
        _insert_leads(lines)
        first, last, done = first or keys[0], keys[-1], done + len(chunk)
    return Batch(task.pk, first, last, done)


def _line(task: Task, share: Share, key: int, code: str) -> Line:
    due = share.due_date or task.due_date
    return (
        key, share.unit_id, code, f"{task.path or ''}{key:0{TASK_STEP}d}", share.target_value, due,
        None if due else task.review_date, ONE if share.weight is None else share.weight,
        share.requirement or task.requirement, share.standard or task.standard,
    )  # fmt: skip


def _insert_tasks(task: Task, lines: Sequence[Line], *, giving: Giving) -> None:
    """The parts with a target of their own are hard targets; the others stand on the rung below the task."""
    place = list(LINE).index("target_value")
    for has_number in (False, True):
        chosen = [line for line in lines if (line[place] is not None) is has_number]
        if chosen:
            _insert_alike(_likeness(task, giving, has_number=has_number), chosen, dispatch=giving.dispatch)


def _insert_alike(row: Task, lines: Sequence[Line], *, dispatch: bool) -> None:
    """Only what differs from line to line is sent with each of them."""
    sent, columns = {}, {}
    for place, (name, kind) in enumerate(LINE.items()):
        if name == "unit":
            continue
        if all(line[place] == lines[0][place] for line in lines) and len(lines) > 1:
            setattr(row, name, lines[0][place])
        else:
            sent[place], columns[name] = (name, kind), f"line.{name}"
    if dispatch:
        row.original_due_date = row.due_date
        columns |= {"original_due_date": "line.due_date"} if "due_date" in columns else {}
    values = lines_value([[line[place] for place in sent] for line in lines])
    insert_like(row, lines_sql(dict(sent.values())), [values], **columns)


def _likeness(task: Task, giving: Giving, *, has_number: bool) -> Task:
    """What all parts of a task have in common."""
    sent = giving.dispatch
    return Task(
        title=task.title, matter=task.matter, tier=task.tier, urgency=task.urgency, owner=giving.owner, parent=task,
        kind=rung_below(task.kind, has_number=has_number).value,
        state=State.DISPATCHED.value if sent else State.DRAFT.value, sponsor_id=task.sponsor_id,
        clause_id=task.clause_id, asked_by_id=task.asked_by_id, start_date=giving.today if sent else None,
        target_op=task.target_op if has_number else "",
        target_unit=task.target_unit if has_number else "",
        cadence=task.cadence if giving.cadence is None else giving.cadence, cadence_day=task.cadence_day,
        created_by=giving.by, created_at=giving.now, dispatched_at=giving.now if sent else None,
    )  # fmt: skip


def _insert_leads(lines: Sequence[Line]) -> None:
    """Each unit leads its part."""
    given = [line[:2] for line in lines]
    source = f"{lines_sql({'id': 'bigint', 'unit': 'bigint'})} JOIN {_table(Unit)} u ON u.id = line.unit"
    insert_like(
        Duty(role=DutyRole.LEAD.value), source, [lines_value(given)],
        task_id="line.id", unit_id="line.unit", written_name=UNIT_NAME,
    )  # fmt: skip


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
