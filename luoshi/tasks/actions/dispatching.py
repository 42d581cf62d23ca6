"""Dispatch, acknowledgement and withdrawal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.notices.actions import notify_each, say
from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.rules import PATH_STEP, Role
from luoshi.tasks.actions.drafting import refuse_too_many_critical
from luoshi.tasks.actions.inflating import let_pass
from luoshi.tasks.actions.moving import check_step, hold_tasks, hold_trees, move_task
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries import explain_finding, list_findings
from luoshi.tasks.rules.linter import Finding, blocks
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, LEADING, State

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from luoshi.notices.actions.telling import Message


DISPATCHED = gettext_lazy("Dispatched: %(title)s (due %(day)s)")
SEVERAL = gettext_lazy("%(count)s tasks were dispatched to you, the first: %(title)s")
ONE_BY_ONE = 5  # more tasks than these to one person at once make one notice
DOING_ROLES = [r.value for r in DOING]


class NotReady(Refusal):
    """The linter stops the dispatch of some tasks; `missing` says for each what is wrong."""

    def __init__(self, missing: Mapping[Task, Sequence[Finding]]) -> None:
        self.missing = missing
        lines = [f"“{task.title}”: " + " ".join(map(explain_finding, found)) for task, found in missing.items()]
        super().__init__(_("Not dispatched. Complete these first: ") + " ".join(lines))


class AlreadyAcknowledged(Refusal):
    """The unit's part was acknowledged before."""

    sentence = gettext_lazy("Your unit has already acknowledged this task.")


class NoReason(Refusal):
    """A withdrawal needs a reason that those who worked on the task can read."""

    sentence = gettext_lazy("Say why the task is withdrawn: everyone who worked on it will read it.")


def dispatch_tasks(tasks: Sequence[Task], *, by: Person, now: datetime, reason: str = "") -> int:
    """Hand tasks to their units: one UPDATE, one notice to each person concerned, one entry.

    Where they ask more than the tasks above a reason is needed. Raises UnlawfulStep, NotReady, TooManyCritical,
    UnexplainedInflation, and EditConflict when one was dispatched or edited meanwhile.
    """
    today = timezone.localtime(now).date()
    with transaction.atomic():
        for task in tasks:
            check_step(task, "dispatch")
        _refuse_unready(tasks, today=today)
        notes = let_pass(tasks, by=by, now=now, today=today, reason=reason)
        _mark_dispatched(tasks, now=now, today=today)
        for task in tasks:
            task.refresh_from_db()
        refuse_too_many_critical(tasks)
        tell_doers(tasks, now=now, today=today)
        record_entry(
            "dispatch_tasks", by=by, now=now, subject=tasks[0], label=label_tasks(tasks),
            unit_path=common_path(tasks), after={"state": State.DISPATCHED.value}, task_ids=[t.pk for t in tasks],
            **notes,
        )  # fmt: skip
    return len(tasks)


def _mark_dispatched(tasks: Sequence[Task], *, now: datetime, today: date) -> None:
    """One UPDATE of those that still stand as they were read. Raises EditConflict when one does not."""
    seen = Q(pk__in=[])
    for version, ids in _by_version(tasks).items():
        seen |= Q(pk__in=ids, version=version)
    hold_tasks(task.pk for task in tasks)
    moved = Task.objects.filter(seen, state__in=[s.value for s in BEFORE_DISPATCH]).update(
        state=State.DISPATCHED.value,
        dispatched_at=now,
        original_due_date=F("due_date"),
        start_date=Coalesce(F("start_date"), Value(today)),
        version=F("version") + 1,
    )
    if moved != len(tasks):
        raise EditConflict


def _refuse_unready(tasks: Sequence[Task], *, today: date) -> None:
    found = list_findings(tasks, today=today, policy=get_policy())
    missing = {task: [f for f in found[task.pk] if f.blocks] for task in tasks if blocks(found[task.pk])}
    if missing:
        raise NotReady(missing)


def _by_version(tasks: Iterable[Task]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for task in tasks:
        found[task.version].append(task.pk)
    return found


def label_tasks(tasks: Sequence[Task]) -> str:
    """What an entry about several tasks is called."""
    if len(tasks) == 1:
        return tasks[0].title
    return ngettext("%(title)s and %(more)s more", "%(title)s and %(more)s more", len(tasks) - 1) % {
        "title": tasks[0].title[:200],
        "more": len(tasks) - 1,
    }


def common_path(tasks: Sequence[Task]) -> str:
    """The lowest unit at or above all owners."""
    paths = [task.owner.path or "" for task in tasks]
    common = paths[0]
    while not all(path.startswith(common) for path in paths):
        common = common[:-PATH_STEP]
    return common


def tell_doers(tasks: Sequence[Task], *, now: datetime, today: date) -> int:
    """Tell heads and handlers of the doing units, and the sponsor, what was dispatched to them; how many messages."""
    by_pk = {task.pk: task for task in tasks}
    parts = list(
        Duty.objects.filter(task__in=by_pk, role__in=DOING_ROLES, unit__isnull=False).values_list("task_id", "unit_id")
    )
    people = list_workers({unit_id for _task, unit_id in parts}, today=today)
    theirs: dict[int, dict[int, Task]] = defaultdict(dict)
    for task_id, unit_id in parts:
        for person_id in people[unit_id]:
            theirs[person_id][task_id] = by_pk[task_id]
    for task in tasks:
        if task.sponsor_id:
            theirs[task.sponsor_id][task.pk] = task
    messages = [message for person_id, found in theirs.items() for message in messages_of(person_id, [*found.values()])]
    return notify_each(messages, kind="dispatch", now=now)


def list_workers(unit_ids: set[int], *, today: date) -> dict[int, list[int]]:
    """Heads and handlers of each unit; one query for all."""
    posts = Post.objects.filter(
        unit__in=unit_ids, role__in=[Role.HEAD.value, Role.HANDLER.value], person__is_active=True
    )
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, person_id in posts.held_on(today).values_list("unit_id", "person_id").distinct().order_by("person_id"):
        found[unit_id].append(person_id)
    return found


def messages_of(person_id: int, tasks: Sequence[Task]) -> list[Message]:
    """What one person is told of tasks dispatched at once: each by itself, or one message when they are many."""
    if len(tasks) > ONE_BY_ONE:
        text = say(SEVERAL, count=len(tasks), title=tasks[0].title)
        return [(person_id, text, url("insight:needle"))]
    return [(person_id, _dispatched(task), url("ledger:task", task.pk)) for task in tasks]


def _dispatched(task: Task) -> StrPromise:
    day = task.due_date or task.review_date
    return say(DISPATCHED, title=task.title[:200], day=day.isoformat() if day else "—")


def acknowledge_task(task: Task, *, unit: Unit, by: Person, now: datetime) -> None:
    """签收: the unit takes note of its part; the task moves on when a unit that leads it does (or any, without a lead).

    Raises AlreadyAcknowledged, UnlawfulStep, EditConflict.
    """
    check_step(task, "acknowledge")
    with transaction.atomic():
        held = Task.objects.select_for_update(no_key=True).filter(pk=task.pk, state__in=[s.value for s in ACTIVE])
        if not held.values_list("pk"):
            raise EditConflict  # it was recalled or withdrawn at this moment
        own = Duty.objects.filter(task=task, unit=unit, role__in=DOING_ROLES)
        role = own.order_by("id").values_list("role", flat=True).first()
        if not own.filter(acknowledged_at__isnull=True).update(acknowledged_at=now, acknowledged_by=by):
            raise AlreadyAcknowledged
        led = Duty.objects.filter(task=task, role__in=[r.value for r in LEADING], unit__isnull=False).exists()
        before = task.state
        if role in LEADING or not led:
            Task.objects.filter(pk=task.pk, state=State.DISPATCHED.value).update(
                state=State.ACKNOWLEDGED.value, version=F("version") + 1
            )
            task.refresh_from_db(fields=["state", "version"])
        record_entry(
            "acknowledge_task", by=by, now=now, subject=task, unit_path=unit.path or "",
            before={"state": before}, after={"state": task.state}, unit=str(unit),
        )  # fmt: skip


def withdraw_task(task: Task, *, reason: str, by: Person, now: datetime) -> int:
    """Take a task back with all that was given down from it; how many tasks.

    Raises NoReason, UnlawfulStep, and EditConflict when somebody moves parts of it at the same moment.
    """
    reason = reason.strip()
    if not reason:
        raise NoReason
    with transaction.atomic():
        check_step(task, "withdraw")
        hold_trees([task])
        move_task(task, "withdraw", now=now)
        open_states = [s.value for s in (*BEFORE_DISPATCH, *ACTIVE, State.SUSPENDED)]
        parts = Task.objects.under(task.path or "").filter(state__in=open_states).exclude(pk=task.pk)
        ids = [task.pk, *parts.values_list("pk", flat=True)]
        parts.update(state=State.WITHDRAWN.value, version=F("version") + 1)
        _tell_withdrawn(ids, task=task, reason=reason, now=now)
        record_entry(
            "withdraw_task", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            after={"state": State.WITHDRAWN.value}, reason=reason, task_ids=ids,
        )  # fmt: skip
    return len(ids)


def _tell_withdrawn(ids: Sequence[int], *, task: Task, reason: str, now: datetime) -> None:
    """Tell whoever was told of the dispatch; a task that never left its drafter concerns nobody else."""
    if task.dispatched_at is None:
        return
    units = set(Duty.objects.filter(task__in=ids, unit__isnull=False).values_list("unit_id", flat=True))
    people = {pk for found in list_workers(units, today=timezone.localtime(now).date()).values() for pk in found}
    words = gettext_lazy("Withdrawn: %(title)s. Reason: %(reason)s")
    text = say(words, title=task.title[:140], reason=reason[:120])
    notify_each([(pk, text, url("ledger:task", task.pk)) for pk in sorted(people)], kind="withdraw", now=now)


def tell_changed(tasks: Sequence[Task], *, now: datetime, today: date) -> int:
    """Tell heads and handlers of the doing units that a revised directive changed their tasks; how many messages."""
    parts = list(
        Duty.objects.filter(task__in=tasks, role__in=DOING_ROLES, unit__isnull=False).values_list("task_id", "unit_id")
    )
    people = list_workers({unit_id for _task, unit_id in parts}, today=today)
    words = gettext_lazy("Changed by a revised directive: %(title)s")
    texts = {task.pk: say(words, title=task.title[:200]) for task in tasks}
    theirs = dict.fromkeys((person, task) for task, unit in parts for person in people[unit])
    messages = [(person, texts[task], url("ledger:task", task)) for person, task in theirs]
    return notify_each(messages, kind="dispatch", now=now)
