"""What stands beside a task's work: open questions, a clock that stands still, changes of hands, its due dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from luoshi.core.policy import Policy
from luoshi.core.prepared import first, prepared
from luoshi.supervision.models import Change, Coordination, Pause
from luoshi.supervision.queries.changing import WAITING, list_changes_of
from luoshi.supervision.queries.coordination import get_open_pause, timeliness_of
from luoshi.supervision.queries.extending import list_due_versions
from luoshi.supervision.rules.changing import is_shirked
from luoshi.supervision.rules.coordination import Timeliness
from luoshi.supervision.rules.extending import Lateness, Version, lateness
from luoshi.tasks.models import Task

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Beside:
    """What a task's page shows of it; all empty for most tasks."""

    questions: tuple[tuple[Coordination, Timeliness], ...] = ()
    pause: Pause | None = None
    changes: tuple[Change, ...] = ()
    versions: tuple[Version, ...] = ()
    lateness: Lateness | None = None
    transfers: int = 0
    is_shirked: bool = False

    @property
    def open_change(self) -> Change | None:
        return next((c for c in self.changes if c.state in WAITING), None)

    @property
    def pausing(self) -> str:
        """The state of the pause, if there is one."""
        return self.pause.state if self.pause else ""


def get_beside(task: Task, *, today: date, policy: Policy) -> Beside:
    """One query where there is nothing, one more for each kind of thing that there is."""
    asked, paused, changed = first(_list_kinds(task.pk)) or (False, False, False)
    versions = list_due_versions(task) if task.dispatched_at else ()
    if not (asked or paused or changed) and len(versions) < 2:
        return Beside()
    changes = tuple(list_changes_of(task)) if changed else ()
    transfers = sum(c.kind == "transfer" and c.state == "done" and c.task_id == task.pk for c in changes)
    return Beside(
        questions=_list_questions(task, today=today) if asked else (),
        pause=get_open_pause(task) if paused else None,
        changes=changes, versions=versions if len(versions) > 1 else (),
        lateness=_lateness(task, today=today), transfers=transfers,
        is_shirked=is_shirked(transfers, most=policy.lead_changes),
    )  # fmt: skip


@prepared
def _list_kinds(task: int) -> QuerySet[Task, Any]:
    """Whether there are questions, an open pause, changes from it or into it."""
    here = OuterRef("pk")
    return Task.objects.filter(pk=task).values_list(
        Exists(Coordination.objects.filter(task=here)),
        Exists(Pause.objects.filter(task=here, state__in=["requested", "running"])),
        Exists(Change.objects.filter(Q(task=here) | Q(into=here, state="done"))),
    )


def _list_questions(task: Task, *, today: date) -> tuple[tuple[Coordination, Timeliness], ...]:
    found = Coordination.objects.filter(task=task).select_related("unit", "asked_unit", "asked_person", "answered_by")
    rows = sorted(found.order_by("-at", "-pk")[: 3 * SHOWN], key=lambda c: c.state != "open")[:SHOWN]
    return tuple((row, timeliness_of(row, today=today)) for row in rows)


def _lateness(task: Task, *, today: date) -> Lateness:
    ended = timezone.localtime(task.completed_at).date() if task.completed_at else None
    return lateness(ended=ended, today=today, due_date=task.due_date, original=task.original_due_date)
