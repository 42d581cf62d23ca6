"""What may still be recalled: what went out and nobody has taken note of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from luoshi.core.prepared import prepared
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.access import DRAFTERS
from luoshi.tasks.rules.states import DOING, GONE, State

DOING_ROLES = [r.value for r in DOING]
NAMED = 5


@dataclass(frozen=True, slots=True)
class Given:
    """One act of giving down: when, in whose name, how many parts, how many of them acknowledged or further on."""

    at: datetime
    owner: Unit
    count: int
    taken: int
    units: tuple[str, ...]

    @property
    def is_recallable(self) -> bool:
        return not self.taken

    @property
    def key(self) -> str:
        """How a form names the act."""
        return f"{self.at.isoformat()}|{self.owner.pk}"


def taken_note_of() -> Exists:
    """A unit that works on the task has acknowledged it."""
    return Exists(Duty.objects.filter(task=OuterRef("pk"), role__in=DOING_ROLES, acknowledged_at__isnull=False))


def list_acts(task: Task, *, access: Access) -> list[Given]:
    """When parts were given down from a task by units for which this person dispatches, the latest first."""
    parts = Task.objects.filter(parent=task, dispatched_at__isnull=False).exclude(state__in=GONE)
    moved = Q(taken=True) | ~Q(state=State.DISPATCHED.value) | Q(has_parts=True)
    own = Exists(Task.objects.filter(parent=OuterRef("pk")).exclude(state__in=GONE))
    rows = (
        parts.annotate(taken=taken_note_of(), has_parts=own)
        .order_by("-dispatched_at")
        .values_list("dispatched_at", "owner")
        .annotate(count=Count("pk"), taken_count=Count("pk", filter=moved))[:20]
    )
    acts = [row for row in rows if row[0] is not None]
    owners = Unit.objects.in_bulk({owner for _at, owner, *_rest in acts})
    return [
        Given(at, owners[owner], count, taken, _names(task, at, owner))
        for at, owner, count, taken in acts
        if may_recall_for(access, owners[owner])
    ]


def may_recall_for(access: Access, owner: Unit) -> bool:
    """Does this person dispatch in the name of the unit?"""
    return access.oversees(owner.path or "", roles=DRAFTERS) or access.sits_in(owner.pk, roles=[Role.HANDLER])


def _names(task: Task, at: datetime, owner: int) -> tuple[str, ...]:
    """The first units of one act."""
    duties = Duty.objects.filter(task__parent=task, task__dispatched_at=at, task__owner=owner, role__in=DOING_ROLES)
    rows = duties.order_by("pk").values_list("unit__short_name", "unit__name")[:NAMED]
    return tuple(short or name or "" for short, name in rows)


def list_act(task: Task, *, at: datetime, owner: Unit) -> list[Task]:
    """The parts that one act gave down and that still stand as they were given."""
    parts = Task.objects.filter(parent=task, owner=owner, dispatched_at=at).exclude(state__in=GONE)
    return list(parts.select_related("owner").order_by("pk"))


def list_dispatched_with(task: Task) -> list[Task]:
    """The other tasks that went out in the same act and that nobody has taken note of or given down."""
    given = Exists(Task.objects.filter(parent=OuterRef("pk")))
    same = Task.objects.filter(
        owner=task.owner_id, dispatched_at=task.dispatched_at, state=State.DISPATCHED.value, parent=task.parent_id
    )
    return list(same.exclude(pk=task.pk).exclude(taken_note_of()).exclude(given).select_related("owner")[:500])


def has_recallable_parts(task: int) -> bool:
    """Is there a part that nobody has taken note of?"""
    return bool(_list_recallable(task))


@prepared
def _list_recallable(task: int) -> QuerySet[Task, Any]:
    parts = Task.objects.filter(parent=task, state=State.DISPATCHED.value).exclude(taken_note_of())
    return parts.order_by().values_list("pk", flat=True)[:1]
