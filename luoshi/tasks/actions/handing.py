"""Tasks that change hands, for use inside an action that records it: a duty passes on, a task goes into another."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Unit
from luoshi.tasks.actions.adapting import adapt_allotment
from luoshi.tasks.actions.moving import check_step, move_task
from luoshi.tasks.actions.placing import move_subtrees
from luoshi.tasks.models import TASK_STEP, Duty, Task
from luoshi.tasks.rules.cascade import ParentFacts
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, GONE, LEADING, DutyRole, State

DOING_ROLES = [role.value for role in DOING]
LEADING_ROLES = [role.value for role in LEADING]
OPEN = [s.value for s in (*BEFORE_DISPATCH, *ACTIVE)]


class NotTheirs(Refusal):
    """The unit leads nothing here that could pass on."""

    sentence = _("This unit does not lead the task any more. Open it to see who does.")


class NotMergeable(Refusal):
    """The two cannot become one."""

    sentence = _("These two cannot be merged: one stands under the other, or has ended. Choose another task.")


class PartsStandStill(Refusal):
    """Suspended parts cannot pass into another task."""

    sentence = _("Parts of this task are suspended. Let them go on or withdraw them first.")


def hand_over(task: Task, *, unit: Unit, to: Unit, now: datetime) -> str:
    """The unit's leading duty passes to another, who takes note of it anew from today on; the role that passed.

    The due dates stay as they are. Raises NotTheirs, UnlawfulStep, EditConflict.
    """
    check_step(task, "transfer")
    Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    duties = list(Duty.objects.filter(task=task, role__in=DOING_ROLES).order_by("pk"))
    own = next((d for d in duties if d.unit_id == unit.pk and d.role in LEADING_ROLES), None)
    if own is None:
        raise NotTheirs
    Duty.objects.filter(pk__in=[d.pk for d in duties if d.unit_id == to.pk]).delete()
    fresh: dict[str, Any] = {"acknowledged_at": None, "acknowledged_by": None, "handler": None}
    Duty.objects.filter(pk=own.pk).update(unit=to, **fresh)
    move_task(task, "transfer", now=now, **({"dispatched_at": now} if task.state == State.DISPATCHED else {}))
    return own.role


def merge_task(task: Task, *, into: Task, now: datetime) -> dict[str, Any]:
    """The task ends in another: its open parts and its doers go there; what it was and said stays readable.

    The other takes over the target where both are parts of one task and measured alike, so that the sum above stays.
    Returns what the entry must carry. Raises NotMergeable, PartsStandStill, UnlawfulStep, EditConflict.
    """
    check_step(task, "merge")
    if into.pk == task.pk or into.state not in ACTIVE or _are_in_line(task, into):
        raise NotMergeable
    parts = list(Task.objects.filter(parent=task).exclude(state__in=[s.value for s in GONE]).order_by("pk"))
    if any(part.state == State.SUSPENDED for part in parts):
        raise PartsStandStill
    taken = _sum_of_targets(task, into)
    moves = move_subtrees([*((part, into) for part in parts if part.state in OPEN), (task, into)])
    move_task(task, "merge", now=now)
    _join(task, into)
    left = _take_target(into, taken) if taken is not None else {}
    before = {parent for _task, parent, _to in moves if parent is not None}
    keys = [task.pk, into.pk, *(pk for pk, _before, _after in moves if pk != task.pk)]
    return {"task_ids": keys, "parent_ids": sorted(before | {task.pk}), "left": left}


def _are_in_line(task: Task, into: Task) -> bool:
    one, other = task.path or "", into.path or ""
    return len(one) >= TASK_STEP and (one.startswith(other) or other.startswith(one))


def _sum_of_targets(task: Task, into: Task) -> Decimal | None:
    """The target of both together, where a sum means something; None where the other keeps its own."""
    alike = task.parent_id is not None and task.parent_id == into.parent_id and task.target_unit == into.target_unit
    if not alike or task.target_value is None or into.target_value is None:
        return None
    return into.target_value + task.target_value if ParentFacts(target_unit=task.target_unit).is_divided else None


def _take_target(into: Task, target: Decimal) -> dict[int, list[Decimal | None]]:
    before = into.target_value
    fields: dict[str, Any] = {"target_value": target, "version": F("version") + 1}
    if into.weight == before:
        fields["weight"] = target
    if not Task.objects.filter(pk=into.pk, target_value=before).update(**fields):
        raise EditConflict
    into.refresh_from_db(fields=["target_value", "weight", "version"])
    adapt_allotment(into)
    return {into.pk: [before, target]}


def _join(task: Task, into: Task) -> None:
    """Who worked on the one works on the other, as a helper unless they work there already."""
    there = set(Duty.objects.filter(task=into, role__in=DOING_ROLES, unit__isnull=False).values_list("unit", flat=True))
    coming = Duty.objects.filter(task=task, role__in=DOING_ROLES, unit__isnull=False).order_by("pk")
    new = {d.unit_id: d for d in coming if d.unit_id not in there}
    Duty.objects.bulk_create(
        [
            Duty(task=into, unit_id=unit, role=DutyRole.CO.value, written_name=d.written_name, text=d.text)
            for unit, d in new.items()
        ]
    )
