"""What holds up work of others and waits for this person to remove it."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Subquery

from luoshi.core.policy import Policy
from luoshi.insight.queries.rows import COLUMNS, TaskRow, desk_day, with_facts
from luoshi.insight.rules import Item, Need
from luoshi.orgs.rules import Access
from luoshi.progress.queries.obstacles import list_waiting_for
from luoshi.tasks.models import LEADING_ROLES, Duty, Task

MOST = 200


def list_obstacles(access: Access, *, today: date, policy: Policy) -> list[Item]:
    """One row for each open obstacle that the person or their unit can remove; one query, two where any waits."""
    leading = Duty.objects.filter(task=OuterRef("task"), role__in=LEADING_ROLES, unit__isnull=False).order_by("pk")
    waiting = list_waiting_for(access).annotate(level=Subquery(leading.values("unit__level")[:1]))
    held = {
        task: (pk, at, level) for task, pk, at, level in waiting.values_list("task", "pk", "named_at", "level")[:MOST]
    }
    if not held:
        return []
    rows = with_facts(Task.objects.filter(pk__in=list(held)), today=today, policy=policy).values_list(*COLUMNS)
    found = []
    for row in (TaskRow(*columns) for columns in rows):
        pk, at, level = held[row.pk]
        waiters = (level,) if level else ()
        item = row.item(
            Need.REMOVE_OBSTACLE, access=access, waiters=waiters, day=desk_day(at, policy=policy), subject_id=pk
        )
        found.append(item)
    return found
