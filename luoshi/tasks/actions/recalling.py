"""Taking a dispatch back while nobody has taken note of it: it is undone, and whoever had read of it is told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import say, say_by, take_back
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.dispatching import DOING_ROLES, common_path, label_tasks, list_workers
from luoshi.tasks.actions.moving import check_step, hold_tasks
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries.recalling import list_act, taken_note_of
from luoshi.tasks.rules.states import GONE, State


class TakenNoteOf(Refusal):
    """A unit has acknowledged it, so that it can only be withdrawn with a reason."""

    sentence = _("A unit has acknowledged this already, so it can no longer be recalled. Withdraw it, with a reason.")


class GivenDown(Refusal):
    """Others already hold parts of it."""

    sentence = _("Parts of this task were given down. Recall those first, or withdraw it with a reason.")


class NothingToRecall(Refusal):
    """The act is not there any more."""

    sentence = _("There is nothing left to recall here. Open the task to see how it stands.")


def recall_dispatch(tasks: Sequence[Task], *, by: Person, now: datetime) -> int:
    """Undo a dispatch: the tasks wait for dispatch again as if they had not gone out; how many.

    Raises TakenNoteOf, GivenDown, UnlawfulStep, EditConflict.
    """
    with transaction.atomic():
        _refuse_taken(tasks)
        before = {task.pk: task.dispatched_at for task in tasks}
        told = _list_told(tasks)
        for target in (State.REGISTERED, State.DRAFT):
            group = [task for task in tasks if _before_dispatch(task) == target]
            _set(group, state=target.value, dispatched_at=None, original_due_date=None)
        _tell(tasks, told=told, moments=set(before.values()), now=now)
        record_entry(
            "recall_dispatch", by=by, now=now, subject=tasks[0], label=label_tasks(tasks),
            unit_path=common_path(tasks), before={"state": State.DISPATCHED.value},
            after={"state": tasks[0].state}, task_ids=[t.pk for t in tasks],
        )  # fmt: skip
    return len(tasks)


def recall_parts(task: Task, *, at: datetime, owner: Unit, by: Person, now: datetime) -> int:
    """Undo one act of giving down: its parts are withdrawn, and the units may be given theirs anew; how many.

    Raises NothingToRecall, TakenNoteOf, GivenDown, UnlawfulStep, EditConflict.
    """
    check_step(task, "recall_parts")
    with transaction.atomic():
        Task.objects.select_for_update(no_key=True).get(pk=task.pk)
        parts = list_act(task, at=at, owner=owner)
        if not parts:
            raise NothingToRecall
        _refuse_taken(parts)
        told = _list_told(parts)
        _set(parts, state=State.WITHDRAWN.value)
        _tell(parts, told=told, moments={at}, now=now)
        record_entry(
            "recall_parts", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            task_ids=[part.pk for part in parts], owner=str(owner), units=len(parts), given_at=at,
        )  # fmt: skip
    return len(parts)


def _before_dispatch(task: Task) -> State:
    """What the task was before: registered from a paper, or drafted by hand."""
    return State.REGISTERED if task.proposal_id else State.DRAFT


def _refuse_taken(tasks: Sequence[Task]) -> None:
    for task in tasks:
        check_step(task, "recall")
    ids = [task.pk for task in tasks]
    hold_tasks(ids)  # whoever acknowledges at this moment holds them: wait, then look
    if Task.objects.filter(pk__in=ids).filter(taken_note_of()).exists():
        raise TakenNoteOf
    if Task.objects.filter(parent__in=ids).exclude(state__in=GONE).exists():
        raise GivenDown


def _set(tasks: Sequence[Task], **fields: Any) -> None:
    """One UPDATE of those that still stand as dispatched. Raises EditConflict when one does not."""
    ids = [task.pk for task in tasks]
    standing = Task.objects.filter(pk__in=ids, state=State.DISPATCHED.value)
    if standing.update(**fields, version=F("version") + 1) != len(ids):
        raise EditConflict
    for task in tasks:
        task.state = fields["state"]
        task.version += 1


def _list_told(tasks: Sequence[Task]) -> set[int]:
    """The units that were told of the dispatch."""
    duties = Duty.objects.filter(task__in=[t.pk for t in tasks], role__in=DOING_ROLES, unit__isnull=False)
    return {pk for pk in duties.values_list("unit_id", flat=True) if pk}


def _tell(tasks: Sequence[Task], *, told: set[int], moments: set[datetime | None], now: datetime) -> None:
    """Unread messages of the dispatch are taken back; who read one, or got it among many, is told of the recall."""
    today: date = timezone.localtime(now).date()
    people = {pk for found in list_workers(told, today=today).values() for pk in found}
    people |= {task.sponsor_id for task in tasks if task.sponsor_id}
    text = say(_("Recalled, nothing needs to be done: %(title)s"), title=say_by(label_tasks, tasks))
    page = url("ledger:task", tasks[0].pk) if len(tasks) == 1 else url("insight:needle")
    take_back(
        people, kind="dispatch", sent_at=[m for m in moments if m],
        urls=[url("ledger:task", task.pk) for task in tasks], text=text, url=page, now=now,
    )  # fmt: skip
