"""What the page of a task shows of following through: what holds it up, and its months as they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from luoshi.core.policy import Policy
from luoshi.orgs.rules import Access
from luoshi.progress.queries.months import ShownMonth, get_strip
from luoshi.progress.queries.obstacles import get_open_obstacle, holder_name
from luoshi.progress.rules.obstacles import may_name
from luoshi.tasks.rules.access import TaskFacts
from luoshi.tasks.rules.states import BEFORE_DISPATCH

if TYPE_CHECKING:
    from luoshi.progress.models.following import Obstacle
    from luoshi.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Following:
    """The obstacle that stands, who can remove it, whether the reader may name one, and the strip of months."""

    obstacle: Obstacle | None = None
    holder: str = ""
    may_name: bool = False
    strip: tuple[ShownMonth, ...] = ()


def get_following(task: Task, facts: TaskFacts, access: Access, *, today: date, policy: Policy) -> Following:
    """Two queries, none for a task that was never dispatched."""
    if task.state in BEFORE_DISPATCH:
        return Following()
    obstacle = get_open_obstacle(task.pk)
    strip = tuple(get_strip(task.pk, today=today, policy=policy))
    return Following(obstacle, holder_name(obstacle) if obstacle else "", may_name(access, facts), strip)
