"""Months are kept as they end; red work says what holds it up, and some of it is removed."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from luoshi.core.policy import get_policy
from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.progress.actions.months import keep_months
from luoshi.progress.actions.obstacles import clear_obstacle, name_obstacle
from luoshi.progress.models import Feedback
from luoshi.progress.models.following import Obstacle
from luoshi.progress.queries import with_light
from luoshi.progress.rules.lights import CODES, Colour
from luoshi.tasks.models import LEADING_ROLES, Duty, Task

NAMED_BEFORE, REMOVED_BEFORE, SINCE = timedelta(days=13), timedelta(days=5), timedelta(days=45)
NAMED, HELD_BY_LEADERS = 5, 2


def expect_following(scene: Scene) -> None:
    """Write into the diary the nights in which months are kept, and who says what holds red work up."""
    day = scene.diary.start
    while day <= scene.diary.today:
        if day.day == 1 or day.weekday() == 0:
            scene.diary.put(day, 0, keep_months, minute=10)
        day += timedelta(days=1)
    scene.diary.put(scene.diary.workday(scene.diary.today - NAMED_BEFORE), 17, partial(_name, scene), minute=20)
    scene.diary.put(scene.diary.workday(scene.diary.today - REMOVED_BEFORE), 17, partial(_remove, scene), minute=20)


def _name(scene: Scene, now: datetime) -> None:
    """The red work of the county: what its last report says, and who was asked; for some it is a leader."""
    today = timezone.localtime(now).date()
    for place, task in enumerate(_list_red(today)):
        said = Feedback.objects.filter(task=task, at__gt=now - SINCE).exclude(problem="").order_by("-at").first()
        duty = Duty.objects.filter(task=task, role__in=LEADING_ROLES, unit__isnull=False).order_by("pk").first()
        by = scene.clerk(duty.unit_id) if duty and duty.unit_id else None
        if by is None:
            continue
        asked = said.asked_unit if said else None
        leader = scene.person("sponsor") if asked is None and place % HELD_BY_LEADERS else None
        name_obstacle(
            task, cause=said.cause if said and said.cause else "coordination", by=by, now=now, today=today,
            note=said.problem if said else "进度落后，需要统筹力量集中攻坚。",
            holder_unit=asked or (None if leader else task.owner), holder_person=leader,
        )  # fmt: skip


def _list_red(today: date) -> list[Task]:
    red: QuerySet[Any] = with_light(Task.objects.filter(owner__code=COUNTY), today=today, policy=get_policy())
    found = red.filter(light=CODES[Colour.RED]).select_related("owner").order_by("tier", "pk")
    return list(found[:NAMED])


def _remove(scene: Scene, now: datetime) -> None:
    """The first one is removed, and how is said."""
    obstacle = Obstacle.objects.filter(cleared_at=None).select_related("task__owner", "named_by").order_by("pk").first()
    if obstacle is not None:
        how = "召开专题协调会，明确由牵头单位一周内补齐手续，所需资金从预备费中先行安排。"
        clear_obstacle(obstacle, how=how, by=obstacle.holder_person or scene.office(), now=now)
