"""Steering many tasks in one act: tier, urgency, cadence, sponsor or due date; and taking that back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.models import Entry
from luoshi.core.shell import url
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import ancestor_paths
from luoshi.tasks.actions.concerning import WORKERS
from luoshi.tasks.actions.drafting import refuse_too_many_critical
from luoshi.tasks.actions.inflating import let_pass
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.states import BEFORE_DISPATCH, DOING
from luoshi.tasks.rules.steering import FIELDS, Steer

CHUNK = 500
VERB = "steer_tasks"
GUARDED = ("due_date", "cadence")  # what can ask more of a unit than was asked from above


class NothingToUndo(Refusal):
    """Somebody changed one of the tasks since, or it was taken back already."""

    sentence = _("This cannot be taken back any more: it was already, or tasks were changed since.")


@dataclass(frozen=True, slots=True)
class Change:
    """One task's new value, and the version of the task that was seen."""

    task_id: int
    version: int
    before: Any
    after: Any


def steer_tasks(
    changes: Sequence[Change], *, what: Steer, by: Person, now: datetime, today: date, reason: str = ""
) -> Entry:
    """Change one thing of many tasks, one statement for each different value; the original due dates stay.

    Raises EditConflict when one was changed since it was seen, TooManyCritical, and UnexplainedInflation where
    dispatched parts are to be done earlier or reported more often than was asked from above and no reason is given.
    """
    with transaction.atomic():
        tasks = _lock({change.task_id: change.version for change in changes})
        notes = {}
        if FIELDS[what] in GUARDED:
            asked = {change.task_id: {FIELDS[what]: change.after} for change in changes}
            notes = let_pass(tasks, by=by, now=now, today=today, reason=reason, changes=asked)
        entry = _write(changes, tasks, what=what, by=by, now=now, verb=VERB, **notes)
        if FIELDS[what] == "due_date":
            told = [task for task in tasks if task.state not in BEFORE_DISPATCH]
            _tell(told, by=by, now=now, today=today)
    return entry


def undo_steering(entry: Entry, *, by: Person, now: datetime) -> Entry:
    """Give the tasks back what they had, all of them, if nothing was changed since. Raises NothingToUndo."""
    what, rows = Steer(entry.data["what"]), entry.data["changes"]
    if is_undone(entry):
        raise NothingToUndo
    with transaction.atomic():
        try:
            tasks = _lock({row[0]: row[3] for row in rows})
        except EditConflict as conflict:
            raise NothingToUndo from conflict
        if is_undone(entry):
            raise NothingToUndo
        back = [Change(pk, version, after, before) for pk, before, after, version in rows]
        return _write(_typed(back, what), tasks, what=what, by=by, now=now, verb="undo_steering", undoes=entry.seq)


def is_undone(entry: Entry) -> bool:
    """Was what this entry tells taken back already?"""
    task = entry.subject_id
    later = Entry.objects.filter(subject_type=entry.subject_type, subject_id=task, seq__gt=entry.seq)
    return any(each.data.get("undoes") == entry.seq for each in later.filter(verb__startswith="undo_"))


def _lock(versions: dict[int, int]) -> list[Task]:
    """The tasks, held until the act ends, if each is still in its version. Raises EditConflict."""
    found: list[Task] = []
    keys = sorted(versions)
    for start in range(0, len(keys), CHUNK):
        rows = Task.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
        found += rows.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")
    if len(found) != len(versions) or any(task.version != versions[task.pk] for task in found):
        raise EditConflict
    return found


def _write(
    changes: Sequence[Change], tasks: Sequence[Task], *, what: Steer, by: Person, now: datetime, verb: str, **notes: Any
) -> Entry:
    field = FIELDS[what]
    groups: dict[Any, list[int]] = defaultdict(list)
    for change in changes:
        groups[change.after].append(change.task_id)
    for value, keys in groups.items():
        for start in range(0, len(keys), CHUNK):
            Task.objects.filter(pk__in=keys[start : start + CHUNK]).update(**{field: value}, version=F("version") + 1)
    new = {change.task_id: change.after for change in changes}
    for task in tasks:
        setattr(task, field, new[task.pk])
    if what == Steer.TIER:
        refuse_too_many_critical(tasks)
    subject = next(task for task in tasks if task.pk == changes[0].task_id)
    return record_entry(
        verb, by=by, now=now, subject=subject, unit_path=_common(task.owner.path or "" for task in tasks),
        what=what.value, changes=[[c.task_id, c.before, c.after, c.version + 1] for c in changes],
        count=len(changes), task_ids=[c.task_id for c in changes], **notes,
    )  # fmt: skip


def _typed(changes: Iterable[Change], what: Steer) -> list[Change]:
    """Days come as texts out of the journal."""
    if FIELDS[what] != "due_date":
        return list(changes)
    return [Change(c.task_id, c.version, c.before, parse_date(c.after) if c.after else None) for c in changes]


def _common(paths: Iterable[str]) -> str:
    """The longest beginning that all paths share, in whole units."""
    lines = [ancestor_paths(path) for path in set(paths)]
    shared = ""
    for level in zip(*lines, strict=False):
        if len(set(level)) > 1:
            break
        shared = level[0]
    return shared


def _tell(tasks: Sequence[Task], *, by: Person, now: datetime, today: date) -> None:
    """Tell those who work on tasks whose dates they were given before."""
    keys = [task.pk for task in tasks]
    units: set[int] = set()
    for start in range(0, len(keys), CHUNK):
        duties = Duty.objects.filter(task__in=keys[start : start + CHUNK], role__in=[role.value for role in DOING])
        units |= set(duties.filter(unit__isnull=False).order_by().values_list("unit_id", flat=True))
    people = [person for person in list_people_in(units, WORKERS, today) if person.pk != by.pk] if units else []
    words = say(_("Due dates of tasks of your unit were moved. The ledger shows them, and what they were."))
    notify(people, kind="task", text=words, url=f"{url('ledger:list')}?cols=light,lead,due,original,progress", now=now)


__all__ = ["Change", "NothingToUndo", "is_undone", "steer_tasks", "undo_steering"]
