"""The columns of a task that the needle ranks by, read alike for every need."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from luoshi.core.policy import Policy
from luoshi.insight.rules import Asker, Item, Need
from luoshi.orgs.models import Post
from luoshi.orgs.rules import TENANT_LEVELS, Access
from luoshi.progress.queries import with_light
from luoshi.progress.rules.lights import CODES
from luoshi.tasks.models import PHASE_OPEN, Task

COLOURS = {code: colour.value for colour, code in CODES.items()}


class TaskRow(NamedTuple):
    """One task in the order of COLUMNS."""

    pk: int
    parent_id: int | None
    code: str
    title: str
    tier: int
    urgency: int
    state: str
    light: int
    owner_id: int
    owner_path: str
    owner_level: str
    owner_short: str
    owner_name: str
    sponsor_id: int | None
    asked_by_id: int | None
    asked_by_name: str | None
    asker_title: str | None
    start_date: date | None
    due_date: date | None
    cadence: str
    cadence_day: int | None
    created_at: datetime
    dispatched_at: datetime | None
    completed_at: datetime | None
    percent: Decimal | None
    last_at: datetime | None
    has_parts: bool
    matter: str
    path: str | None

    def item(self, need: Need, *, access: Access, waiters: tuple[str, ...] = (), **facts: Any) -> Item:
        """This task as a row of the needle."""
        asker, name = self.asker(access)
        return Item(
            need=need, key=f"task-{self.pk}", title=self.title, code=self.code, task_id=self.pk,
            light=COLOURS[self.light], tier=self.tier, urgency=self.urgency, asker=asker, asker_name=name,
            waiters=waiters, has_parts=self.has_parts, path=self.path or "", **facts,
        )  # fmt: skip

    def asker(self, access: Access) -> tuple[Asker, str]:
        """Who asks for the task, as this person stands to them, and by what name."""
        if self.asked_by_id is not None and self.asked_by_id != access.person_id:
            return Asker.LEADER, self.asker_title or self.asked_by_name or ""
        if self.owner_id in access.unit_ids or self.asked_by_id == access.person_id:
            return Asker.OWN, ""
        name = self.owner_short or self.owner_name
        return (Asker.OFFICE if self.owner_level in TENANT_LEVELS else Asker.SUPERIOR), name


COLUMNS = (
    "pk", "parent_id", "code", "title", "tier", "urgency", "state", "light", "owner_id", "owner__path", "owner__level",
    "owner__short_name", "owner__name", "sponsor_id", "asked_by_id", "asked_by__name", "asker_title", "start_date",
    "due_date", "cadence", "cadence_day", "created_at", "dispatched_at", "completed_at", "standing__percent",
    "standing__last_at", "has_parts", "matter", "path",
)  # fmt: skip


def with_facts(tasks: QuerySet[Task], *, today: date, policy: Policy) -> QuerySet[Any]:
    """Annotate what COLUMNS names beyond the task's own columns."""
    title = Post.objects.filter(person=OuterRef("asked_by"), unit=OuterRef("owner")).order_by("-from_date")
    parts = Task.objects.filter(parent=OuterRef("pk"), phase=PHASE_OPEN)
    lit: QuerySet[Any] = with_light(tasks, today=today, policy=policy)
    found: QuerySet[Any] = lit.annotate(asker_title=Subquery(title.values("title")[:1]), has_parts=Exists(parts))
    return found


def desk_day(arrived: datetime | None, *, policy: Policy) -> date | None:
    """The date of a step at the desk (receipt, check, decision, dispatch): the policy's days after it arrived."""
    if arrived is None:
        return None
    return timezone.localtime(arrived).date() + timedelta(days=policy.acknowledge_days)
