"""Changing one thing of many tasks, as it was previewed, and taking it back."""

from datetime import date, datetime

from django.db import transaction

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.ledger.actions.columns import Filling, set_values, write_values
from luoshi.ledger.models import Column
from luoshi.ledger.queries.bulk import Meant, Preview
from luoshi.ledger.rules.bulk import Bulk
from luoshi.ledger.rules.columns import read_value
from luoshi.orgs.models import Person
from luoshi.tasks.actions.placing import place_tasks
from luoshi.tasks.actions.steering import Change, NothingToUndo, is_undone, steer_tasks, undo_steering
from luoshi.tasks.models import Task
from luoshi.tasks.rules.steering import Steer

UNDOABLE = ("steer_tasks", "set_values", "place_tasks")


def apply_change(preview: Preview, meant: Meant, *, by: Person, now: datetime, today: date, reason: str = "") -> Entry:
    """Do what the preview shows, in one act with one entry. Raises EditConflict and what the single actions refuse."""
    rows, what = preview.changing, meant.asked.what
    with transaction.atomic():
        if what == Bulk.OWN:
            assert meant.column is not None
            entry = set_values([Filling(r.task.pk, meant.column, r.after, r.before) for r in rows], by=by, now=now)
        elif what == Bulk.PLACE:
            place_tasks([(row.task, meant.parent) for row in rows], by=by, now=now)
            entry = Entry.objects.filter(verb="place_tasks", actor=by).first()
        else:
            changes = [Change(row.task.pk, row.task.version, row.before, row.after) for row in rows]
            entry = steer_tasks(changes, what=Steer(what), by=by, now=now, today=today, reason=reason)
        if entry is None:
            raise EditConflict
    return entry


def undo_change(entry: Entry, *, by: Person, now: datetime) -> None:
    """Take a change of many tasks back, all of it, if nothing was changed since. Raises NothingToUndo."""
    if entry.verb == "steer_tasks":
        undo_steering(entry, by=by, now=now)
    elif entry.verb == "set_values":
        _undo_values(entry, by=by, now=now)
    else:
        _undo_moves(entry, by=by, now=now)


def _undo_values(entry: Entry, *, by: Person, now: datetime) -> None:
    changes = entry.data["changes"]
    columns = Column.objects.select_related("unit").in_bulk({column for _task, column, _before, _after in changes})
    if is_undone(entry) or len(columns) != len(entry.data["columns"]):
        raise NothingToUndo

    def fill(task: int, column: Column, before: str, after: str) -> Filling:
        value, was = (read_value(text, kind=column.kind, choices=[text]) for text in (before, after))
        return Filling(task, column, value, was)

    rows = [fill(task, columns[column], before, after) for task, column, before, after in changes]
    with transaction.atomic():
        try:
            changed = write_values(rows)
        except EditConflict as conflict:
            raise NothingToUndo from conflict
        if len(changed) != len(rows):
            raise NothingToUndo
        model = Task if entry.subject_type == "task" else Column
        record_entry(
            "undo_values", by=by, now=now, subject=model._default_manager.get(pk=entry.subject_id),
            unit_path=entry.unit_path, changes=changed, count=len(changed), undoes=entry.seq,
        )  # fmt: skip


def _undo_moves(entry: Entry, *, by: Person, now: datetime) -> None:
    moves = entry.data["moves"]
    tasks = Task.objects.select_related("owner").in_bulk({key for move in moves for key in move if key})
    if any(task not in tasks or tasks[task].parent_id != after for task, _before, after in moves):
        raise NothingToUndo
    place_tasks([(tasks[task], tasks.get(before)) for task, before, _after in moves], by=by, now=now)
