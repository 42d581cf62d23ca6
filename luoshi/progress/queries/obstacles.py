"""Reading what holds work up: of one task, what waits for a person, and what a person's tasks wait for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import Page, paginate
from luoshi.core.policy import Policy
from luoshi.core.prepared import first, prepared
from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.orgs.rules import Access
from luoshi.progress.models import Feedback
from luoshi.progress.models.following import Obstacle
from luoshi.progress.queries.lights import ShownLight, list_lights
from luoshi.progress.rules.obstacles import ANSWERING, holds, may_clear
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_facts, list_visible
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.states import ACTIVE


class UnknownHolder(Refusal):
    """No unit and no person in office goes by this name, or several persons do."""

    status = 422
    sentence = gettext_lazy("No unit or person in office is called so. Write the full name, or a unit's short name.")


class SeveralHolders(UnknownHolder):
    """Several persons share the name."""

    sentence = gettext_lazy("Several people are called so. Name the unit instead.")


@dataclass(frozen=True, slots=True)
class Held:
    """An obstacle with its task's light, how many days it stands, and whether the reader may open the task."""

    obstacle: Obstacle
    light: ShownLight
    days: int
    is_seen: bool = True

    @property
    def holder(self) -> str:
        """Who can remove it, as shown."""
        return holder_name(self.obstacle)


def holder_name(obstacle: Obstacle) -> str:
    """The unit and the person who can remove it."""
    named = (obstacle.holder_unit, obstacle.holder_person)
    return " ".join(str(each) for each in named if each is not None)


def get_open_obstacle(task_id: int) -> Obstacle | None:
    """What holds the task up now, if it was said."""
    return first(_list_open(task_id))


@prepared
def _list_open(task: int) -> QuerySet[Obstacle]:
    found = Obstacle.objects.filter(task=task, cleared_at__isnull=True)
    return found.select_related("holder_unit", "holder_person", "named_by")


def list_earlier_obstacles(task: Task) -> list[Obstacle]:
    """What held the task up before, latest first."""
    found = Obstacle.objects.filter(task=task, cleared_at__isnull=False)
    return list(found.select_related("holder_unit", "holder_person", "named_by", "cleared_by")[:20])


def suggest_obstacle(task: Task) -> dict[str, str]:
    """What the last report says of it, to be looked over."""
    last = Feedback.objects.filter(task=task).select_related("asked_unit").order_by("-at", "-pk").first()
    if last is None:
        return {}
    words = "\n".join(text for text in (last.problem, last.ask) if text)
    return {"cause": last.cause, "note": words, "holder": str(last.asked_unit) if last.asked_unit else ""}


def parse_holder(text: str, access: Access, *, today: date) -> tuple[Unit | None, Person | None]:
    """The unit or the person in office that goes by this name. Raises UnknownHolder."""
    try:
        return parse_unit(text, access), None
    except UnknownUnit:
        held = Post.objects.filter(person=OuterRef("pk")).held_on(today)
        people = list(Person.objects.filter(Exists(held), name=text.strip(), is_active=True)[:2])
        if not people:
            raise UnknownHolder from None
        if len(people) > 1:
            raise SeveralHolders from None
        return None, people[0]


def get_obstacle_for(access: Access, *, id: int, to: str = "see") -> Obstacle:
    """An obstacle, for who sees its task or holds it. Raises Http404, NotAllowed."""
    found = Obstacle.objects.select_related("task__owner", "holder_unit", "holder_person", "named_by", "cleared_by")
    obstacle = found.filter(pk=id).first()
    if obstacle is None:
        raise Http404
    held, facts = {"unit_id": obstacle.holder_unit_id, "person_id": obstacle.holder_person_id}, None
    facts = get_task_facts(obstacle.task)
    if not (may(access, facts, "see") or holds(access, **held)):
        raise Http404
    if to == "clear" and not may_clear(access, facts, **held):
        raise NotAllowed
    return obstacle


def has_open_obstacle(outer: str = "pk") -> Exists:
    """An annotation: is it said what holds the task up?"""
    return Exists(Obstacle.objects.filter(task=OuterRef(outer), cleared_at__isnull=True))


def _held_by(access: Access) -> Q:
    units = [seat.unit_id for seat in access.seats if seat.role in ANSWERING]
    return Q(holder_person=access.person_id) | Q(holder_unit__in=units)


def list_waiting_for(access: Access) -> QuerySet[Obstacle]:
    """The open obstacles that wait for this person, the oldest first."""
    if access.admin:
        return Obstacle.objects.none()
    active = {"task__state__in": [s.value for s in ACTIVE], "cleared_at__isnull": True}
    return Obstacle.objects.filter(_held_by(access), **active).order_by("named_at", "pk")


def page_waiting(access: Access, *, today: date, policy: Policy, number: object = 1) -> Page[Held]:
    """One page of what waits for the person."""
    return _page(list_waiting_for(access), access, today=today, policy=policy, number=number)


def page_ours(access: Access, *, today: date, policy: Policy, number: object = 1) -> Page[Held]:
    """One page of what the tasks that the person sees wait for, by who holds it, the oldest first."""
    found = Obstacle.objects.filter(cleared_at__isnull=True, task__in=list_visible(access).values("pk"))
    ordered = found.filter(task__state__in=[s.value for s in ACTIVE]).order_by(
        "holder_unit__path", "holder_person__name", "named_at", "pk"
    )
    return _page(ordered, access, today=today, policy=policy, number=number)


def _page(found: QuerySet[Obstacle], access: Access, *, today: date, policy: Policy, number: object) -> Page[Held]:
    rows: Any = found.select_related("task__owner", "holder_unit", "holder_person", "named_by")
    page = paginate(rows, number=number)
    held = _hold(page.rows, access, today=today, policy=policy)
    return Page(held, page.number, page.size, page.total)


def _hold(rows: Iterable[Obstacle], access: Access, *, today: date, policy: Policy) -> Sequence[Held]:
    obstacles = list(rows)
    lights = list_lights([o.task for o in obstacles], today=today, policy=policy)
    seen = set(Task.objects.visible_to(access).filter(pk__in=lights).values_list("pk", flat=True))
    return [
        Held(o, lights[o.task_id], (today - timezone.localtime(o.named_at).date()).days, o.task_id in seen)
        for o in obstacles
    ]
