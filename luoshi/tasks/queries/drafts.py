"""What waits for dispatch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Field, Q, QuerySet, Value

from luoshi.core.prepared import first, prepared
from luoshi.directives.queries import get_unit_index, list_unit_menu
from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.rules import Access, Role, path_range
from luoshi.tasks.models import FAULT_SENTENCES, Duty, Task
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.access import DRAFTERS
from luoshi.tasks.rules.cascade import Fault
from luoshi.tasks.rules.duties import STRENGTH
from luoshi.tasks.rules.states import BEFORE_DISPATCH, DOING, DutyRole

NAMES_SHOWN = 6
NOWHERE = ("-", "-")  # a range of paths without a unit


@dataclass(frozen=True, slots=True)
class Change:
    """A field that somebody else changed while it was edited: what was typed, and what stands now."""

    label: str
    yours: str
    theirs: str


def explain_fault(fault: Fault, *, units: dict[int, Unit]) -> str:
    """The sentence about the shares of a cascade, with the names of the units it is about."""
    names = [str(units[pk]) for pk in fault.unit_ids[:NAMES_SHOWN] if pk in units]
    more = "…" if len(fault.unit_ids) > NAMES_SHOWN else ""
    figure = f"{(fault.figure or Decimal(0)).normalize():f}"
    words = {"units": "、".join(names) + more, "count": len(fault.unit_ids), "figure": figure}
    return str(FAULT_SENTENCES[fault.code]) % words


def list_drafts_for(access: Access) -> QuerySet[Task]:
    """Tasks before dispatch that this person may draft, directive by directive; twin of may(…, "draft")."""
    paths = [s.path for s in access.seats if s.role in DRAFTERS]
    handled = [s.unit_id for s in access.seats if s.role == Role.HANDLER]
    mine = within(paths, "owner__path") | Q(owner__in=handled)  # few rows wait: each is tested, no subtree is listed
    waiting = Task.objects.filter(state__in=[s.value for s in BEFORE_DISPATCH]).order_by()
    drafts = Task.objects.filter(pk__in=waiting.values("pk"))
    drafts = drafts.none() if access.admin else drafts.filter(mine)
    return drafts.select_related("owner", "sponsor", "clause__directive").order_by("clause__directive", "path")


def count_drafts_for(access: Access) -> int:
    """How many tasks wait for this person's dispatch; no query for those who only look on."""
    ranges = [path_range(s.path) for s in access.seats if s.role in DRAFTERS]
    handled = [s.unit_id for s in access.seats if s.role == Role.HANDLER]
    if access.admin or not (ranges or handled):
        return 0
    ranges, handled = ranges or [NOWHERE], handled or [0]
    return first(_count_drafts([low for low, _high in ranges], [high for _low, high in ranges], handled)) or 0


@prepared
def _count_drafts(lows: list[str], highs: list[str], units: list[int]) -> QuerySet[Task, Any]:
    """How many tasks before dispatch the units in the ranges, and these units, ask for."""
    asked = Q(owner__in=units)
    for low, high in zip(lows, highs, strict=True):
        asked |= Q(owner__path__range=(low, high))
    waiting = Task.objects.filter(state__in=[s.value for s in BEFORE_DISPATCH]).order_by()
    mine = Task.objects.filter(asked, pk__in=waiting.values("pk")).order_by()  # found by state first: they are few
    return mine.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values_list("n", flat=True)


def list_owners_for(access: Access) -> QuerySet[Unit]:
    """The units in whose name this person may ask for work: those in which they hold a drafting post."""
    return Unit.objects.filter(pk__in=_drafting(access), valid_to__isnull=True).order_by("path")


def may_ask_for(access: Access, unit: Unit) -> bool:
    """Is the unit one of list_owners_for?"""
    return unit.pk in _drafting(access) and unit.valid_to is None


def _drafting(access: Access) -> set[int]:
    seats = () if access.admin else access.seats
    return {s.unit_id for s in seats if s.role in DRAFTERS or s.role == Role.HANDLER}


def list_sponsors_for(access: Access, *, today: date) -> QuerySet[Person]:
    """Heads and leaders in charge of the governments or companies of this person's seats, who may sponsor a task."""
    homes: Iterable[str] = access.homes
    posts = Post.objects.held_on(today).filter(
        role__in=[Role.HEAD.value, Role.SPONSOR.value], unit__path__in=list(homes)
    )
    return Person.objects.filter(pk__in=posts.values("person"), is_active=True).order_by("pk")


def list_duties(tasks: Sequence[Task]) -> dict[int, list[Duty]]:
    """The duties of each task with their units, leads first; one query."""
    found: dict[int, list[Duty]] = {task.pk: [] for task in tasks}
    for duty in _list_duties(list(found)):
        found[duty.task_id].append(duty)
    for duties in found.values():
        duties.sort(key=lambda duty: STRENGTH.index(DutyRole(duty.role)))
    return found


@prepared
def _list_duties(tasks: list[int]) -> QuerySet[Duty]:
    return Duty.objects.filter(task__in=tasks).select_related("unit").order_by("id")


def list_doers(task: Task) -> list[Duty]:
    """The matched units that do the work, of which one may lead."""
    return [duty for duty in list_duties([task])[task.pk] if duty.unit_id and duty.role in DOING]


def list_unit_names(home: Unit, *, today: date) -> list[str]:
    """Names to offer while somebody types a unit of the same government or company."""
    return list_unit_menu(get_unit_index(home, today=today))


def list_changes(task: Task, typed: Mapping[str, Any]) -> list[Change]:
    """Where what was typed differs from what stands now, field by field."""
    return [
        Change(str(_column(name).verbose_name), _shown(name, value), _shown(name, now))
        for name, value in typed.items()
        if value != (now := getattr(task, name))
    ]


def _column(name: str) -> "Field[Any, Any]":
    field = Task._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _shown(name: str, value: Any) -> str:
    choices = dict(_column(name).flatchoices)
    return str(choices.get(value, "—" if value in (None, "") else value))
