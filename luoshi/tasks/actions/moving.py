"""The state step alone, for use inside an action that records it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import EditConflict, Refusal
from luoshi.tasks.models import STATE_LABELS, Task
from luoshi.tasks.rules.states import NotLawful, State, step

LOCKED = 10_000  # rows in one statement


class UnlawfulStep(Refusal):
    """The task's state does not allow this step."""


def check_step(task: Task, verb: str) -> State:
    """The state that the step leads to. Raises UnlawfulStep."""
    try:
        return step(task.state, verb)
    except NotLawful as error:
        words = _("“%(task)s” is %(state)s: this step is not open now. Open the task to see what it waits for.")
        raise UnlawfulStep(words % {"task": task.title, "state": STATE_LABELS[task.state]}) from error


def move_task(task: Task, verb: str, *, now: datetime, **fields: Any) -> None:
    """Take the step in one conditional UPDATE, without a journal entry, and bring `task` up to date.

    `fields` are set along with it. Raises UnlawfulStep when the state does not allow the step, EditConflict when
    somebody moved or edited the task after it was read.
    """
    target = check_step(task, verb)
    moves = target != task.state
    expected: dict[str, Any] = {"pk": task.pk, "state": task.state}
    if moves or fields:
        expected["version"] = task.version
        fields = {**fields, **_stamps(target, now, moves=moves), "version": F("version") + 1}
    if not Task.objects.filter(**expected).update(state=target.value, **fields):
        raise EditConflict
    task.state = target.value
    if fields:
        task.refresh_from_db(fields=list(fields))


def hold_tasks(keys: Iterable[int]) -> dict[int, str | None]:
    """Lock tasks in the order of their keys until the act ends; the path of each, read under the lock.

    Every act on tasks locks them first, then what hangs on them, then the journal: so no two wait for each other.
    """
    rows = sorted(set(keys))
    paths: dict[int, str | None] = {}
    for first in range(0, len(rows), LOCKED):
        batch = Task.objects.select_for_update(no_key=True).filter(pk__in=rows[first : first + LOCKED]).order_by("pk")
        paths.update(batch.values_list("pk", "path"))
    return paths


def hold_trees(tasks: Sequence[Task], *, beside: Iterable[int] = ()) -> dict[int, str | None]:
    """Lock the tasks, all below them and those of the keys `beside`; the path of each, read under the lock.

    Raises EditConflict when a task moved, or something came under it, while this waited: that could no longer be
    locked in order.
    """
    paths = hold_tasks(_list_below(tasks) | set(beside))
    if any(paths.get(task.pk) != task.path for task in tasks) or _list_below(tasks) - paths.keys():
        raise EditConflict
    return paths


def _list_below(tasks: Sequence[Task]) -> set[int]:
    found: set[int] = set()
    for task in tasks:
        found.update(Task.objects.under(task.path or "").order_by().values_list("pk", flat=True))
    return found


def _stamps(target: State, now: datetime, *, moves: bool) -> dict[str, Any]:
    """The moments that belong to a state."""
    if not moves:
        return {}
    if target == State.REOPENED:
        return {"completed_at": None, "closed_at": None}
    name = {State.DISPATCHED: "dispatched_at", State.COMPLETED: "completed_at", State.CLOSED: "closed_at"}.get(target)
    return {name: now} if name else {}
