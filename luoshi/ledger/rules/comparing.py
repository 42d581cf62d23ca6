"""What differs between two days of the ledger, walked back from what stands now through what the journal says."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from luoshi.tasks.rules.states import ENDED, LEADING, State
from luoshi.tasks.rules.steering import Steer

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LEADING = ("lead: ", "joint: ")
GONE = (State.WITHDRAWN.value, State.MERGED.value, State.TRANSFERRED.value)
DONE = tuple(s.value for s in ENDED if s.value not in GONE)


class Change(StrEnum):
    """What may differ, in the order in which it is shown."""

    ADDED = "added"
    ENDED = "ended"
    GONE = "gone"
    REOPENED = "reopened"
    DATE = "date"
    TARGET = "target"
    LEAD = "lead"
    PROGRESS = "progress"


class Field(StrEnum):
    """The fields whose steps the journal is read for."""

    STATE = "state"
    DUE = "due_date"
    TARGET = "target_value"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Step:
    """One field of one task changed at a moment; `before` is None where the journal does not say it."""

    at: datetime
    task: int
    field: Field
    before: str | None
    after: str


Steps = Mapping[tuple[int, Field], Sequence[Step]]


def read_entry(at: datetime, subject: int | None, data: Mapping[str, Any]) -> Iterator[Step]:
    """The steps that one entry of the journal tells of; `subject` is its task, if it is about one."""
    before, after = data.get("before") or {}, data.get("after") or {}
    tasks = data.get("task_ids") or ([subject] if subject else [])
    for task in tasks:
        yield from _read_fields(at, task, before, after)
    for row in data.get("updated") or ():
        yield from _read_fields(at, row["task"], row.get("before") or {}, row.get("after") or {})
    if "passed" in data:
        yield from _read_passing(at, data)
    changes = data.get("changes")
    if isinstance(changes, dict):
        for key, cells in changes.items():
            yield from _read_cells(at, int(key), cells)
    elif data.get("what") in (Steer.DUE, Steer.SHIFT):
        yield from (Step(at, row[0], Field.DUE, plain(row[1]), plain(row[2])) for row in changes or ())


def _read_fields(at: datetime, task: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Step]:
    for field in Field:
        if field in after:
            yield Step(at, task, field, plain(before[field]) if field in before else None, plain(after[field]))
    if "duties" in after:
        yield Step(at, task, Field.LEAD, leads_of(before.get("duties") or ()), leads_of(after["duties"]))


def _read_passing(at: datetime, data: Mapping[str, Any]) -> Iterator[Step]:
    """Duties that passed to another unit, with units as `#key`, and what was left of a target that was split."""
    for _duty, task, before, after, role in data.get("passed") or ():
        if role in LEADING:
            yield Step(at, task, Field.LEAD, f"#{before}", f"#{after}")
    for task, (before, after) in (data.get("left") or {}).items():
        yield Step(at, int(task), Field.TARGET, plain(before), plain(after))


def _read_cells(at: datetime, task: int, cells: Any) -> Iterator[Step]:
    """The cells that a workbook changed, each as the text before and after."""
    names = {"due_date": Field.DUE, "target": Field.TARGET, "lead": Field.LEAD}
    for name, field in names.items():
        if isinstance(cells, dict) and name in cells:
            before, after = (_figure(text) if field == Field.TARGET else text for text in cells[name])
            yield Step(at, task, field, before, after)


def _figure(text: str) -> str:
    found = _NUMBER.search(text.replace(",", ""))
    return plain(found[0]) if found else ""


def plain(value: Any) -> str:
    """A value as it is compared: numbers without trailing zeros, nothing as an empty text."""
    if value is None:
        return ""
    text = str(value)
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return f"{Decimal(text).normalize() + 0:f}"
    except InvalidOperation:
        return text


def leads_of(duties: Iterable[str]) -> str:
    """Who leads, by the duties as the journal writes them: `lead: 县水利局 (2026-12-01 …)`."""
    names = [duty.removeprefix(mark) for duty in duties for mark in _LEADING if duty.startswith(mark)]
    return "、".join(name.split(" (")[0] for name in names)


def group_steps(steps: Iterable[Step]) -> dict[tuple[int, Field], list[Step]]:
    """The steps of each field of each task, in the order in which they came."""
    found: dict[tuple[int, Field], list[Step]] = defaultdict(list)
    for step in steps:
        found[step.task, step.field].append(step)
    return found


def value_at(steps: Sequence[Step], moment: datetime, *, present: str) -> str:
    """What a field held at a moment: what the next step found there, else what stands now."""
    for place, step in enumerate(steps):
        if step.at >= moment:
            if step.before is not None:
                return step.before
            return steps[place - 1].after if place else ""
    return present


@dataclass(frozen=True, slots=True)
class Present:
    """A task as it stands now, in the texts of `plain`."""

    task: int
    created_at: datetime
    state: str
    due_date: str
    target_value: str
    lead: str

    def value(self, field: Field) -> str:
        return str(getattr(self, field.value))


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of one task between two moments."""

    change: Change
    task: int
    then: str
    now: str


def compare_task(task: Present, steps: Steps, *, since: datetime, until: datetime) -> Iterator[Difference]:
    """What of one task differs between two moments; one that came between them is only added."""
    if task.created_at >= until:
        return
    held = {
        field: tuple(value_at(steps.get((task.task, field), ()), m, present=task.value(field)) for m in (since, until))
        for field in Field
    }
    if task.created_at >= since:
        yield Difference(Change.ADDED, task.task, "", held[Field.STATE][1])
        return
    then, now = held[Field.STATE]
    ending = _ending(then, now)
    if ending is not None:
        yield Difference(ending, task.task, then, now)
    for change, field in ((Change.DATE, Field.DUE), (Change.TARGET, Field.TARGET), (Change.LEAD, Field.LEAD)):
        if held[field][0] != held[field][1]:
            yield Difference(change, task.task, *held[field])


def _ending(then: str, now: str) -> Change | None:
    if now in DONE and then not in DONE:
        return Change.ENDED
    if now in GONE and then not in GONE:
        return Change.GONE
    if then in DONE + GONE and now not in DONE + GONE:
        return Change.REOPENED
    return None
