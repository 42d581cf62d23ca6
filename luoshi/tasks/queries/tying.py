"""Tasks that stand at the top of a unit's own work, and tasks that another could be placed under."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.tasks.models import LEADING_ROLES, TASK_STEP, Duty, Task
from luoshi.tasks.queries.visible import list_visible
from luoshi.tasks.rules.handlers import pairs_of
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH

OPEN = [s.value for s in BEFORE_DISPATCH + ACTIVE]
LOOKED_AT = 500
SHOWN = 20


def list_own_work(part: Task, *, unit: Unit, q: str = "") -> list[Task]:
    """Open work that the unit asked of itself and that is not part of anything else, the most like the part first."""
    leads = Duty.objects.filter(task=OuterRef("pk"), unit=unit, role__in=LEADING_ROLES)
    own = Task.objects.filter(Exists(leads), owner=unit, parent=None, state__in=OPEN).exclude(pk=_root_of(part))
    rows: list[Task] = list(_matching(own, q).select_related("owner").order_by("-pk")[:LOOKED_AT])
    wanted = pairs_of(part.title)
    rows.sort(key=lambda task: -len(wanted & pairs_of(task.title)))
    return rows[:SHOWN]


def list_places(access: Access, task: Task, *, q: str) -> list[Task]:
    """Open tasks with these words or this number that the task could be placed under."""
    if not q:
        return []
    found = _matching(list_visible(access).filter(state__in=OPEN), q).exclude(path__startswith=task.path or "-")
    return list(found.exclude(pk=task.parent_id or 0).select_related("owner").order_by("-pk")[:SHOWN])


def _matching(tasks: QuerySet[Task], q: str) -> QuerySet[Task]:
    return tasks.filter(Q(title__icontains=q) | Q(code__icontains=q)) if q else tasks


def _root_of(task: Task) -> int:
    return int((task.path or "0")[:TASK_STEP])
