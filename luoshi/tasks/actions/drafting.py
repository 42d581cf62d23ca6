"""Creating and editing tasks before they are dispatched, and steering them afterwards."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.policy import get_policy
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.inflating import let_pass
from luoshi.tasks.actions.moving import UnlawfulStep, check_step, hold_tasks
from luoshi.tasks.actions.numbering import insert_tasks, take_codes
from luoshi.tasks.models import LEADING_ROLES, Duty, Milestone, Task
from luoshi.tasks.rules.duties import DutyRow, merge_duties, name_one_lead
from luoshi.tasks.rules.ladder import Point, check_path, may_be_critical
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, State, Tier

STEERING = ("matter", "tier", "urgency", "sponsor", "asked_by", "weight", "cadence", "cadence_day")
CONTENT = (
    "title", "requirement", "standard", "kind", "owner", "start_date", "due_date", "review_date", "target_op",
    "target_value", "target_unit", "selector",
)  # fmt: skip
PATH_FAULTS = {
    "out_of_range": _("Planned percentages lie between 0 and 100."),
    "falling": _("The planned percentage must not fall from one milestone to the next."),
    "after_due": _("A milestone lies after the due date. Move it before, or ask for an extension first."),
    "name_twice": _("Two milestones have the same name and date. Remove one."),
}


class TooManyCritical(Refusal):
    """The unit has as many critical tasks as its cap allows."""


class NotAmongDoers(Refusal):
    """The unit has no part in the work of this task."""

    sentence = _("The lead must be one of the units that do the work. Add it to the task first.")


class FaultyPath(Refusal):
    """The milestones do not make a planned path."""


def create_task(
    owner: Unit,
    *,
    by: Person,
    now: datetime,
    duties: Iterable[DutyRow] = (),
    parent: Task | None = None,
    **fields: Any,
) -> Task:
    """Draft a task that a unit asks for. Raises TooManyCritical."""
    with transaction.atomic():
        code = take_codes(owner, year=timezone.localtime(now).year, count=1)[0]
        task = Task(owner=owner, parent=parent, code=code, created_by=by, created_at=now, **fields)
        insert_tasks([task], parent_path=parent.path or "" if parent else "")
        rows = merge_duties(duties)
        insert_duties({task.pk: rows})
        refuse_too_many_critical([task])
        record_entry(
            "create_task", by=by, now=now, subject=task, unit_path=owner.path or "",
            after={"code": code, **fields, "duties": [_duty_words(row) for row in rows]}, task_ids=[task.pk],
        )  # fmt: skip
    return task


def insert_duties(rows: dict[int, Sequence[DutyRow]]) -> None:
    """Insert the duties of many tasks at once."""
    Duty.objects.bulk_create(
        [
            Duty(
                task_id=task_id, unit_id=row.unit_id, role=str(row.role), written_name=row.name,
                selector=row.selector, text=row.text, due_date=row.due_date,
            )
            for task_id, duties in rows.items()
            for row in duties
        ],
        batch_size=2000,
    )  # fmt: skip


def refuse_too_many_critical(tasks: Iterable[Task]) -> None:
    """Hold the cap on critical tasks of each owner, whose row is locked so that two cannot pass it at once.

    Parts of a critical task count as that one. Raises TooManyCritical.
    """
    owners = {task.owner_id for task in tasks if task.tier == Tier.CRITICAL}
    if not owners:
        return
    cap = get_policy().critical_cap
    open_states = [s.value for s in BEFORE_DISPATCH + ACTIVE]
    for owner in Unit.objects.select_for_update(no_key=True).filter(pk__in=owners).order_by("pk"):
        critical = Task.objects.filter(owner=owner, tier=Tier.CRITICAL.value, state__in=open_states)
        count = critical.filter(Q(parent=None) | ~Q(parent__tier=Tier.CRITICAL.value)).count()
        if not may_be_critical(count, cap=cap):
            words = _("%(unit)s may have at most %(cap)s critical tasks. Lower one to key before raising another.")
            raise TooManyCritical(words % {"unit": owner, "cap": cap})


def edit_task(
    task: Task, *, version: int, by: Person, now: datetime, duties: Iterable[DutyRow] | None = None,
    reason: str = "", **fields: Any,
) -> Task:  # fmt: skip
    """Change a task's words, dates and duties before dispatch, and how it is steered afterwards.

    `version` is the one that the editor saw. A dispatched part that is to ask more than the task above needs a reason.
    Raises EditConflict, UnlawfulStep, TooManyCritical, UnexplainedInflation.
    """
    changed = {name: value for name, value in fields.items() if getattr(task, name) != value}
    rows = None if duties is None else merge_duties(duties)
    if rows is not None and rows == list_duty_rows(task):
        rows = None
    check_step(task, "draft" if rows is not None or any(name in CONTENT for name in changed) else "steer")
    if not changed and rows is None and version == task.version:
        return task
    before = {name: getattr(task, name) for name in changed}
    after = dict(changed)
    today = timezone.localtime(now).date()
    with transaction.atomic():
        notes = let_pass([task], by=by, now=now, today=today, reason=reason, changes={task.pk: changed})
        if not Task.objects.filter(pk=task.pk, version=version, state=task.state).update(
            **changed, version=F("version") + 1
        ):
            raise EditConflict
        if rows is not None:
            before["duties"], after["duties"] = _replace_duties(task, rows)
        task.refresh_from_db()
        refuse_too_many_critical([task])
        record_entry(
            "edit_task", by=by, now=now, subject=task, unit_path=task.owner.path or "", before=before, after=after,
            **notes,
        )  # fmt: skip
    return task


def edit_tasks(tasks: Sequence[Task], *, by: Person, now: datetime, **fields: Any) -> int:
    """Give several tasks before dispatch the same tier, urgency, kind, sponsor or cadence; how many.

    Raises UnlawfulStep, TooManyCritical, and EditConflict when one was edited or dispatched meanwhile.
    """
    for task in tasks:
        check_step(task, "draft")
    with transaction.atomic():
        seen = Q(pk__in=[])
        for task in tasks:
            seen |= Q(pk=task.pk, version=task.version, state=task.state)
        hold_tasks(task.pk for task in tasks)
        if Task.objects.filter(seen).update(**fields, version=F("version") + 1) != len(tasks):
            raise EditConflict
        for task in tasks:
            task.refresh_from_db()
        refuse_too_many_critical(tasks)
        record_entry(
            "edit_tasks", by=by, now=now, subject=tasks[0], unit_path=tasks[0].owner.path or "", after=fields,
            task_ids=[t.pk for t in tasks],
        )  # fmt: skip
    return len(tasks)


def list_duty_rows(task: Task) -> list[DutyRow]:
    """The task's duties as rows."""
    found = task.duties.order_by("id").values_list("role", "unit_id", "written_name", "selector", "text", "due_date")
    return [DutyRow(*row) for row in found]


def _replace_duties(task: Task, rows: list[DutyRow]) -> tuple[list[str], list[str]]:
    """Put the rows in place of the duties; what stood and what stands, for the journal."""
    before = [_duty_words(row) for row in list_duty_rows(task)]
    task.duties.all().delete()
    insert_duties({task.pk: rows})
    return before, [_duty_words(row) for row in rows]


def _duty_words(row: DutyRow) -> str:
    words = f"{row.role}: {row.name or row.selector or row.unit_id}"
    return f"{words} ({row.due_date or ''} {row.text})" if row.text or row.due_date else words


def name_lead(task: Task, *, unit: Unit, by: Person, now: datetime) -> None:
    """Name the one lead of a task; the other leading or joint units work with it. Raises NotAmongDoers."""
    check_step(task, "name_lead")
    with transaction.atomic():
        # The task's row is the lock: two people who name a lead at once must not leave two.
        Task.objects.select_for_update(no_key=True).get(pk=task.pk)
        duties = list(task.duties.filter(role__in=[r.value for r in DOING]).order_by("id"))
        if unit.pk not in {duty.unit_id for duty in duties}:
            raise NotAmongDoers
        rows = [DutyRow(duty.role, duty.unit_id) for duty in duties]
        before = "、".join(str(d.unit or d.written_name) for d in duties if d.role in LEADING_ROLES)
        for duty, row in zip(duties, name_one_lead(rows, unit_id=unit.pk), strict=True):
            duty.role = str(row.role)
        kept = {(duty.unit_id or -duty.pk, duty.role): duty for duty in reversed(duties)}
        task.duties.filter(pk__in={d.pk for d in duties} - {d.pk for d in kept.values()}).delete()
        Duty.objects.bulk_update(kept.values(), ["role"])
        Task.objects.filter(pk=task.pk).update(version=F("version") + 1)
        task.refresh_from_db(fields=["version"])
        record_entry(
            "name_lead", by=by, now=now, subject=task, unit_path=task.owner.path or "", before={"lead": before},
            after={"lead": str(unit)},
        )  # fmt: skip


def set_milestones(task: Task, *, rows: Sequence[Point], by: Person, now: datetime) -> None:
    """Replace the planned path; a milestone that keeps its name keeps the day it was reached.

    Raises FaultyPath, UnlawfulStep.
    """
    if task.state not in BEFORE_DISPATCH:
        check_step(task, "plan")
    fault = check_path(rows, due_date=task.due_date)
    if fault:
        raise FaultyPath(PATH_FAULTS[fault])
    with transaction.atomic():
        Task.objects.select_for_update(no_key=True).get(pk=task.pk)
        old = list(task.milestones.order_by("due_date", "id"))
        reached = {m.name: m.done_date for m in old}
        task.milestones.all().delete()
        Milestone.objects.bulk_create(
            [Milestone(task=task, name=p.name, due_date=p.due_date, percent=p.percent, done_date=reached.get(p.name))
             for p in sorted(rows, key=lambda p: p.due_date)]
        )  # fmt: skip
        if Task.objects.filter(pk=task.pk, state=State.ACKNOWLEDGED.value).update(
            state=State.PLANNED.value, version=F("version") + 1
        ):
            task.refresh_from_db(fields=["state", "version"])
        record_entry(
            "set_milestones", by=by, now=now, subject=task, unit_path=task.owner.path or "",
            before={"milestones": [[m.name, m.due_date, m.percent] for m in old]},
            after={"milestones": [[p.name, p.due_date, p.percent] for p in rows]},
        )  # fmt: skip


__all__ = [
    "FaultyPath",
    "NotAmongDoers",
    "TooManyCritical",
    "UnlawfulStep",
    "create_task",
    "edit_task",
    "edit_tasks",
    "list_duty_rows",
    "name_lead",
    "set_milestones",
]
