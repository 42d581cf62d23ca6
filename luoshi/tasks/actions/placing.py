"""Moving tasks with all below them under another task, or to the top."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Person
from luoshi.tasks.actions.moving import check_step, hold_trees
from luoshi.tasks.models import TASK_STEP, Task
from luoshi.tasks.rules.states import ENDED

DEEPEST = 12  # levels that a path has room for


class UnderItself(Refusal):
    """A task cannot stand under itself or under one of its own parts."""

    sentence = _("A task cannot be moved under itself or under one of its own parts. Choose another one.")


class ParentEnded(Refusal):
    """What has ended takes no parts."""

    sentence = _("The chosen task has ended and takes no more parts. Choose one that is still open.")


class TooDeep(Refusal):
    """The tree would have more levels than it can."""

    sentence = _("The tree would become more than 12 levels deep. Choose a task further up.")


def place_task(task: Task, *, under: Task | None, by: Person, now: datetime) -> None:
    """Move a task with all below it under another one, or to the top. Raises what place_tasks raises."""
    place_tasks([(task, under)], by=by, now=now)


def place_tasks(pairs: Sequence[tuple[Task, Task | None]], *, by: Person, now: datetime) -> int:
    """Move each task, with all below it, under the other one (None: to the top), in turn; how many moved.

    Standings and figures of both lines are right afterwards. Raises UnderItself, ParentEnded, TooDeep, UnlawfulStep,
    and EditConflict when somebody moves one of them or what stands above at the same moment.
    """
    with transaction.atomic():
        moves = move_subtrees(pairs)
        if moves:
            first = next(task for task, _under in pairs if task.pk == moves[0][0])
            record_entry(
                "place_tasks", by=by, now=now, subject=first, unit_path=first.owner.path or "",
                before={"parent": moves[0][1]}, after={"parent": moves[0][2]}, moves=[list(m) for m in moves],
                task_ids=[m[0] for m in moves], parent_ids=sorted({m[1] for m in moves if m[1] is not None}),
            )  # fmt: skip
    return len(moves)


def move_subtrees(pairs: Sequence[tuple[Task, Task | None]]) -> list[tuple[int, int | None, int | None]]:
    """Move them, for use inside an action that records it; (task, parent before, parent after) of those that moved.

    The entry must carry `task_ids` of the moved and `parent_ids` of the parents before, so that whoever counts what
    stands above (progress) counts both lines again. Raises what place_tasks raises, and brings the tasks up to date.
    """
    for task, _under in pairs:
        check_step(task, "steer")
    _lock_lines(pairs)
    moves = []
    for task, under in pairs:
        task.refresh_from_db(fields=["parent", "path", "version", "state"])
        before, after = task.parent_id, under.pk if under else None
        if before != after:
            _move(task, under)
            moves.append((task.pk, before, after))
    return moves


def _lock_lines(pairs: Sequence[tuple[Task, Task | None]]) -> None:
    """Lock the tasks, what stands above both places and all below: two moves never make a circle.

    All at once and in the order of their keys, or two moves could each wait for what the other holds.
    """
    lines = [task.path or "" for pair in pairs for task in pair if task is not None]
    ends = {int(path[n : n + TASK_STEP]) for path in lines for n in range(0, len(path), TASK_STEP)}
    now = hold_trees([task for task, _under in pairs], beside=ends)
    if any(under is not None and now.get(under.pk) != under.path for _task, under in pairs):
        raise EditConflict


def _move(task: Task, under: Task | None) -> None:
    old, above = task.path or "", ""
    if under is not None:
        under.refresh_from_db(fields=["path", "state"])
        above = under.path or ""
        if above.startswith(old):
            raise UnderItself
        if under.state in ENDED:
            raise ParentEnded
    below = Task.objects.under(old)
    # Whoever adds a part holds its parent's row: with all of these locked nothing is added until the paths are right.
    longest = max(len(path or "") for path in below.values_list("path", flat=True))
    if longest - len(old) + len(above) + TASK_STEP > DEEPEST * TASK_STEP:
        raise TooDeep
    rest = Substr("path", len(old) - TASK_STEP + 1)
    below.update(path=Concat(Value(above), rest, output_field=CharField()) if above else rest)
    Task.objects.filter(pk=task.pk).update(parent=under, version=F("version") + 1)
    task.refresh_from_db(fields=["parent", "path", "version"])
