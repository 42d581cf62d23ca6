"""What others wait for a person to decide: questions put to them, clocks to stand still, tasks to change hands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from luoshi.core.policy import Policy
from luoshi.insight.queries.posts import Posts
from luoshi.insight.queries.rows import desk_day
from luoshi.insight.rules import Item, Need
from luoshi.orgs.rules import Access
from luoshi.supervision.models import Change, Coordination, Pause
from luoshi.supervision.rules.coordination import ANSWERERS
from luoshi.tasks.models import PHASE_OPEN
from luoshi.tasks.rules.access import DECIDERS, DOERS

MOST = 200
NO_DAY = Cast(Value(None), DateField())


class Asked(NamedTuple):
    """One thing asked for, in the order of COLUMNS; `said` is the question itself, else the task's title."""

    need: str
    pk: int
    task_id: int
    said: str
    code: str
    tier: int
    urgency: int
    unit_id: int
    unit_short: str
    unit_name: str
    level: str
    at: datetime
    by_id: int
    day: date | None
    owner_id: int
    owner_path: str


TASK = ("task__code", "task__tier", "task__urgency", "unit_id", "unit__short_name", "unit__name", "unit__level")
OWNER = ("task__owner_id", "task__owner__path")


def list_requested(access: Access, posts: Posts, *, today: date, policy: Policy) -> list[Item]:
    """Rows for what waits for this person's word; one query for all three."""
    asked = _questions(access).union(_pauses(posts), _changes(posts), all=True)
    found = [Asked(*row) for row in asked[:MOST]]
    return [_item(row, today=today, policy=policy) for row in found if _is_theirs(row, access)]


def _questions(access: Access) -> QuerySet[Coordination, Any]:
    works = [s.unit_id for s in access.seats if s.role in ANSWERERS]
    mine = Q(asked_person=access.person_id) | Q(asked_unit__in=works)
    rows = Coordination.objects.filter(mine, state="open", task__phase=PHASE_OPEN).order_by()
    return rows.annotate(need=Value(Need.DECIDE_REQUEST.value)).values_list(
        "need", "pk", "task_id", "question", *TASK, "at", "by_id", "needed_date", *OWNER
    )


def _pauses(posts: Posts) -> QuerySet[Pause, Any]:
    owners = posts.working | posts.leading
    rows = Pause.objects.filter(state="requested", task__owner__in=owners, task__phase=PHASE_OPEN).order_by()
    return rows.annotate(need=Value(Need.DECIDE_PAUSE.value), day=NO_DAY).values_list(
        "need", "pk", "task_id", "task__title", *TASK, "requested_at", "requested_by_id", "day", *OWNER
    )


def _changes(posts: Posts) -> QuerySet[Change, Any]:
    """Decisions of who asked for the task, and the consent of a unit that is to take one over."""
    decides = Q(task__owner__in=posts.working | posts.leading, state__in=["proposed", "consented"])
    rows = Change.objects.filter(task__phase=PHASE_OPEN).order_by()
    theirs = Q(to_unit__in=posts.doing, state="proposed")
    named = rows.filter(theirs).annotate(need=Value(Need.CONSENT.value), day=NO_DAY)
    decided = rows.filter(decides).annotate(need=Value(Need.DECIDE_CHANGE.value), day=NO_DAY)
    columns = ("need", "pk", "task_id", "task__title", *TASK, "at", "by_id", "day", *OWNER)
    return decided.values_list(*columns).union(named.values_list(*columns), all=True)


def _is_theirs(row: Asked, access: Access) -> bool:
    """Nobody answers what they asked; who decides on a task is the twin of tasks.rules.access for these rows."""
    if row.by_id == access.person_id:
        return False
    if row.need in (Need.DECIDE_REQUEST, Need.CONSENT):
        return True
    sits = row.unit_id != row.owner_id and access.sits_in(row.owner_id, roles=DOERS)
    return sits or access.oversees(row.owner_path, roles=DECIDERS)


def _item(row: Asked, *, today: date, policy: Policy) -> Item:
    need = Need(row.need)
    question = need == Need.DECIDE_REQUEST
    since = timezone.localtime(row.at).date()
    return Item(
        need=need, key=f"request-{row.pk}" if question else f"task-{row.task_id}", title=row.said, code=row.code,
        task_id=row.task_id, subject_id=row.pk, tier=row.tier, urgency=row.urgency,
        day=row.day or desk_day(row.at, policy=policy), waiting_unit=row.unit_short or row.unit_name,
        waiting_days=(today - since).days,
    )  # fmt: skip
