"""Tasks as rows of a workbook: every cell as the canonical text that comes back and is compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any

from django.db.models import QuerySet

from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.ledger.models import Column
from luoshi.ledger.queries.columns import values_for
from luoshi.ledger.queries.rows import list_duty_names
from luoshi.ledger.rules import levels
from luoshi.ledger.rules.columns import write_value
from luoshi.ledger.rules.workbooks.cells import show_milestone, show_number, show_target
from luoshi.ledger.rules.workbooks.fields import OWN_PREFIX
from luoshi.progress.queries import with_light
from luoshi.tasks.models import Milestone, Task

CHUNK = 2000
FACTS = (
    "pk", "version", "path", "code", "parent_id", "parent__code", "title", "requirement", "standard", "kind", "tier",
    "urgency", "sponsor__name", "start_date", "due_date", "review_date", "target_op", "target_value", "target_unit",
    "cadence", "weight",
)  # fmt: skip
STANDING = ("state", "light", "standing__percent", "standing__last_word")


@dataclass(frozen=True, slots=True)
class Record:
    """A task as a row: its cells by field, and what is shown beside them for orientation."""

    id: int
    version: int
    path: str
    code: str
    parent_id: int | None
    values: dict[str, str]
    level: int = 1
    state: str = ""
    light: int = 0
    shown: dict[str, Any] = field(default_factory=dict)


def iterate_records(
    tasks: QuerySet[Task], *, columns: Sequence[Column], today: date, policy: Policy
) -> Iterator[Record]:
    """Every task of the set in the order of the tree, in constant memory; a few queries for each CHUNK."""
    lit = with_light(tasks.order_by(), today=today, policy=policy).order_by("path")
    found = lit.values_list(*FACTS, *STANDING).iterator(chunk_size=CHUNK)
    above: list[str] = []
    while rows := list(islice(found, CHUNK)):
        records = _records(rows, columns)
        depths = levels(chain(above, (record.path for record in records)))
        for _seen in above:
            next(depths)
        for record, level in zip(records, depths, strict=True):
            yield _deep(record, level)
        last = records[-1].path
        above = [p for p in dict.fromkeys([*above, *(r.path for r in records)]) if last.startswith(p)]


def _deep(record: Record, level: int) -> Record:
    return Record(
        record.id, record.version, record.path, record.code, record.parent_id, record.values, level, record.state,
        record.light, record.shown,
    )  # fmt: skip


def list_records(ids: Sequence[int], *, columns: Sequence[Column]) -> dict[int, Record]:
    """These tasks as they stand now, by id; a few queries for each CHUNK."""
    found: dict[int, Record] = {}
    for start in range(0, len(ids), CHUNK):
        rows = _list_facts(list(ids[start : start + CHUNK]))
        found |= {record.id: record for record in _records(rows, columns)}
    return found


@prepared
def _list_facts(ids: list[int]) -> QuerySet[Task, Any]:
    return Task.objects.filter(pk__in=ids).order_by("path").values_list(*FACTS)


def _records(rows: Sequence[tuple[Any, ...]], columns: Sequence[Column]) -> list[Record]:
    ids = [row[0] for row in rows]
    names = list_duty_names(ids) if ids else {}
    paths = _list_milestones(ids)
    own = values_for(ids, columns) if columns else {}
    records = []
    for row in rows:
        pk = row[0]
        held = names.get(pk, {})
        values = _values(row)
        values["lead"] = "、".join(held.get("lead") or held.get("joint") or [])
        values["co"] = "、".join(held.get("co") or [])
        values["milestones"] = "\n".join(paths.get(pk, ()))
        for column, value in own.get(pk, {}).items():
            values[f"{OWN_PREFIX}{column}"] = write_value(value)
        standing = row[len(FACTS) :]
        shown = {"percent": standing[2], "last_word": standing[3] or ""} if standing else {}
        records.append(
            Record(pk, row[1], row[2] or "", row[3], row[4], values, 1, standing[0] if standing else "",
                   standing[1] if standing else 0, shown)
        )  # fmt: skip
    return records


def _values(row: tuple[Any, ...]) -> dict[str, str]:
    (_pk, _version, _path, _code, _parent, parent_code, title, requirement, standard, kind, tier, urgency, sponsor,
     start, due, review, sign, number, unit, cadence, weight) = row[: len(FACTS)]  # fmt: skip
    return {
        "parent": parent_code or "", "title": title, "requirement": requirement, "standard": standard, "kind": kind,
        "tier": str(tier), "urgency": str(urgency), "sponsor": sponsor or "", "start_date": _day(start),
        "due_date": _day(due), "review_date": _day(review), "target": show_target(sign, number, unit),
        "cadence": cadence, "weight": show_number(weight),
    }  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _list_milestones(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for task, day, percent, name in _list_milestone_rows(list(ids)):
        found.setdefault(task, []).append(show_milestone(day, show_number(percent), " ".join(name.split())))
    return found


@prepared
def _list_milestone_rows(tasks: list[int]) -> QuerySet[Milestone, Any]:
    rows = Milestone.objects.filter(task__in=tasks).order_by("due_date", "pk")
    return rows.values_list("task_id", "due_date", "percent", "name")
