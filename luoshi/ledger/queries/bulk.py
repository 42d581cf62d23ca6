"""What a change of many tasks would do, row by row, before anybody says yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.shell import day as shown_day
from luoshi.ledger.models import Column
from luoshi.ledger.queries.columns import may_fill_cell, values_for
from luoshi.ledger.queries.extras import print_value
from luoshi.ledger.rules.bulk import MOST, Asked, Bulk, fingerprint
from luoshi.ledger.rules.columns import Value
from luoshi.orgs.models import Person
from luoshi.orgs.rules import Access
from luoshi.supervision.models import Extension
from luoshi.tasks.models import CADENCE_LABELS, TIER_LABELS, URGENCY_LABELS, Milestone, Task
from luoshi.tasks.queries import list_task_facts
from luoshi.tasks.rules.access import TaskFacts, may
from luoshi.tasks.rules.states import ENDED
from luoshi.tasks.rules.steering import (
    FIELDS,
    Steer,
    SteerFacts,
    needed_step,
    refuse_date,
    refuse_state,
    shifted,
)

CHUNK = 500
REASONS = {
    "not_yours": gettext_lazy("Your post does not decide this for the task."),
    "ended": gettext_lazy("It has ended, or waits for a check."),
    "same": gettext_lazy("It stands so already."),
    "no_date": gettext_lazy("It has no due date: set one instead of moving it."),
    "asks_time": gettext_lazy("A request for more time is open: decide that first."),
    "before_start": gettext_lazy("That is before its start."),
    "after_parent": gettext_lazy("That is after the due date of the task above."),
    "before_parts": gettext_lazy("That is before the due date of a part."),
    "before_milestone": gettext_lazy("That is before one of its milestones."),
    "under_itself": gettext_lazy("A task cannot stand under itself or its own parts."),
}
LABELS: dict[str, Any] = {
    Steer.TIER: TIER_LABELS, Steer.URGENCY: URGENCY_LABELS, Steer.CADENCE: CADENCE_LABELS
}  # fmt: skip


STEERED: dict[str, Any] = {
    Steer.TIER: gettext_lazy("Tier"), Steer.URGENCY: gettext_lazy("Urgency"), Steer.CADENCE: gettext_lazy("Cadence"),
    Steer.DUE: gettext_lazy("Due"), Steer.SHIFT: gettext_lazy("Due"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """What is asked with everything that it names looked up: the value, the column, or the task to stand under."""

    asked: Asked
    value: Any = None
    column: Column | None = None
    parent: Task | None = None
    sponsor: Person | None = None


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One task as the change finds and leaves it; `reason` says why it stays as it is."""

    task: Task
    before: Any
    after: Any
    before_text: str
    after_text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done; `mark` tells whether the same would be done a moment later."""

    rows: Sequence[BulkRow]

    @property
    def changing(self) -> list[BulkRow]:
        return [row for row in self.rows if not row.reason]

    @property
    def refused(self) -> list[BulkRow]:
        return [row for row in self.rows if row.reason]

    @property
    def mark(self) -> str:
        return fingerprint((r.task.pk, r.task.version, r.before_text, r.after_text) for r in self.changing)


def list_chosen(tasks: QuerySet[Task], ids: Sequence[int] | None) -> list[Task]:
    """The chosen tasks of those that the person sees, or all of these, in the order of the tree; at most MOST."""
    rows = tasks.select_related("owner", "sponsor", "parent").order_by("path")
    if ids is None:
        return list(rows[: MOST + 1])
    found: list[Task] = []
    for start in range(0, len(ids), CHUNK):
        found += rows.filter(pk__in=list(ids[start : start + CHUNK]))
    return found


def preview_change(tasks: Sequence[Task], meant: Meant, *, access: Access) -> Preview:
    """What the change would do to each of the tasks; a handful of queries for any number."""
    facts: dict[int, TaskFacts] = {}
    for start in range(0, len(tasks), CHUNK):
        facts |= list_task_facts(tasks[start : start + CHUNK])
    makers: dict[str, Callable[..., list[BulkRow]]] = {Bulk.OWN: _own_rows, Bulk.PLACE: _place_rows}
    return Preview(makers.get(meant.asked.what, _steer_rows)(tasks, meant, facts=facts, access=access))


def _own_rows(tasks: Sequence[Task], meant: Meant, *, facts: dict[int, TaskFacts], access: Access) -> list[BulkRow]:
    column, value = meant.column, meant.value
    assert column is not None
    stands = values_for([task.pk for task in tasks], [column])
    rows = []
    for task in tasks:
        before = stands.get(task.pk, {}).get(column.pk, Value())
        reason = "not_yours" if not may_fill_cell(access, facts[task.pk], column) else "same" if before == value else ""
        rows.append(_row(task, before, value, print_value, reason))
    return rows


def _place_rows(tasks: Sequence[Task], meant: Meant, *, facts: dict[int, TaskFacts], access: Access) -> list[BulkRow]:
    parent = meant.parent
    rows = []
    for task in tasks:
        reason = ""
        if not may(access, facts[task.pk], "steer"):
            reason = "not_yours"
        elif task.state in ENDED:
            reason = "ended"
        elif task.parent_id == (parent.pk if parent else None):
            reason = "same"
        elif parent and (parent.path or "").startswith(task.path or ""):
            reason = "under_itself"
        rows.append(_row(task, task.parent, parent, _task_text, reason))
    return rows


def _steer_rows(tasks: Sequence[Task], meant: Meant, *, facts: dict[int, TaskFacts], access: Access) -> list[BulkRow]:
    what = Steer(meant.asked.what)
    dates = _list_dates(tasks) if FIELDS[what] == "due_date" else {}
    shown = {task.sponsor_id: task.sponsor for task in tasks} | {meant.value: meant.sponsor}
    rows = []
    for task in tasks:
        before = getattr(task, FIELDS[what])
        after = shifted(before, meant.value) if what == Steer.SHIFT else meant.value
        reason = "" if may(access, facts[task.pk], needed_step(what, task.state)) else "not_yours"
        reason = reason or refuse_state(what, task.state) or ""
        if not reason and dates:
            reason = refuse_date(dates[task.pk], after) or ""
        reason = reason or ("same" if before == after else "")
        rows.append(_row(task, before, after, _printer(what, shown), reason))
    return rows


def describe_steering(data: Mapping[str, Any], *, task: int) -> str:
    """What an act on several tasks changed in one of them: its name, before, after; nothing of people."""
    change = next((row for row in data.get("changes", ()) if isinstance(row, list) and row[0] == task), None)
    if change is None or data.get("what") not in STEERED:
        return ""
    labels = LABELS.get(data["what"], {})
    before, after = (str(labels.get(value, value) or "—") for value in change[1:3])
    return f"{STEERED[data['what']]} {before} → {after}"


def _printer(what: Steer, sponsors: dict[Any, Person | None]) -> Callable[[Any], str]:
    if what == Steer.SPONSOR:
        return lambda key: (person.name if (person := sponsors.get(key)) else "") if key else ""
    if what in LABELS:
        return lambda code: str(LABELS[what].get(code, ""))
    return lambda day: shown_day(day) if day else ""


def _task_text(task: Task | None) -> str:
    return f"{task.code} {task.title}" if task else _("(top)")


def _row(task: Task, before: Any, after: Any, text: Callable[[Any], str], reason: str) -> BulkRow:
    return BulkRow(task, before, after, text(before), text(after), str(REASONS[reason]) if reason else "")


def _list_dates(tasks: Sequence[Task]) -> dict[int, SteerFacts]:
    """The days that a new due date has to keep to, for each task; three queries for each CHUNK."""
    found: dict[int, SteerFacts] = {}
    for start in range(0, len(tasks), CHUNK):
        keys = [task.pk for task in tasks[start : start + CHUNK]]
        open_parts = Task.objects.filter(parent__in=keys).exclude(state__in=[state.value for state in ENDED])
        parts = dict(open_parts.order_by().values_list("parent").annotate(Max("due_date")))
        stones = Milestone.objects.filter(task__in=keys).order_by()
        latest = dict(stones.values_list("task").annotate(Max("due_date")))
        asking = set(Extension.objects.filter(task__in=keys, state="requested").values_list("task_id", flat=True))
        for task in tasks[start : start + CHUNK]:
            above: date | None = task.parent.due_date if task.parent else None
            found[task.pk] = SteerFacts(
                task.state, task.due_date, task.start_date, above, parts.get(task.pk), latest.get(task.pk),
                task.pk in asking,
            )  # fmt: skip
    return found
