"""Which tasks the ledger shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.core.policy import Policy
from luoshi.directives.models import Directive
from luoshi.ledger.rules import LIGHTS, Filter, Part, Sort, StateGroup
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.orgs.rules import Access, Level
from luoshi.progress.queries import with_light
from luoshi.tasks.models import LEADING_ROLES, PHASE_ENDED, PHASE_OPEN, Duty, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.states import DutyRole

PHASES = {StateGroup.OPEN.value: PHASE_OPEN, StateGroup.ENDED.value: PHASE_ENDED}
COLUMNS = {
    Sort.DUE: "due_date",
    Sort.NUMBER: "code",
    Sort.TITLE: "title",
    Sort.TIER: "tier",
    Sort.LIGHT: "light",
    Sort.PROGRESS: "standing__percent",
    Sort.LAST: "standing__last_at",
}
GRASS_ROOTS = (Level.VILLAGE.value, Level.TEAM.value)
ALWAYS_THERE = ("code", "title", "tier", "light")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with the rows it names looked up; `sentence` says what could not be found, and then nothing matches."""

    filter: Filter
    unit: Unit | None = None
    directive: Directive | None = None
    sentence: str = ""


def choose(chosen: Filter, *, access: Access) -> Choice:
    """Look up the unit and the directive that a filter names, among those the person may see."""
    unit, sentence = None, ""
    if chosen.unit:
        try:
            unit = parse_unit(chosen.unit, access)
        except UnknownUnit as unknown:
            sentence = str(unknown.sentence)
    directive = None
    if chosen.directive:
        directive = Directive.objects.visible_to(access).only("title", "number").filter(pk=chosen.directive).first()
    return Choice(chosen, unit, directive, sentence)


def list_matching(choice: Choice, *, access: Access, today: date, policy: Policy) -> QuerySet[Task]:
    """The tasks that the person may see and the filter lets through, in no order."""
    chosen = choice.filter
    if choice.sentence or (chosen.directive and choice.directive is None):
        return Task.objects.none()
    tasks = list_visible(access)
    if chosen.state in PHASES:
        tasks = tasks.filter(phase=PHASES[chosen.state])
    elif chosen.state != StateGroup.ALL:
        tasks = tasks.filter(state=chosen.state)
    tasks = tasks.filter(_facts(chosen))
    if choice.unit is not None:
        tasks = tasks.filter(_part(choice.unit, chosen.part))
    if chosen.directive:
        tasks = tasks.filter(clause__directive=choice.directive)
    if not chosen.light and chosen.sort != Sort.LIGHT:
        return tasks
    lit: QuerySet[Any] = with_light(tasks, today=today, policy=policy)
    return lit.filter(light=LIGHTS[chosen.light]) if chosen.light else lit


def _facts(chosen: Filter) -> Q:
    """The conditions on the task's own columns."""
    found = Q()
    if chosen.q:
        found &= Q(title__icontains=chosen.q) | Q(code__icontains=chosen.q) | Q(requirement__icontains=chosen.q)
    if chosen.tier:
        found &= Q(tier=chosen.tier)
    if chosen.kind:
        found &= Q(kind=chosen.kind)
    if chosen.due_from:
        found &= Q(due_date__gte=chosen.due_from)
    if chosen.due_to:
        found &= Q(due_date__lte=chosen.due_to)
    return found


def _part(unit: Unit, part: str) -> Q:
    """Tasks in which a unit of the subtree has the part: any, leading, assisting, or asking."""
    inside = Unit.objects.within(unit.path or "").values("pk")
    duties = Duty.objects.filter(task=OuterRef("pk"), unit__in=inside)
    if part == Part.OWNER:
        return Q(owner__in=inside)
    if part == Part.LEAD:
        return Q(Exists(duties.filter(role__in=LEADING_ROLES)))
    if part == Part.CO:
        return Q(Exists(duties.filter(role=DutyRole.CO.value)))
    return Q(owner__in=inside) | Q(Exists(duties))


def list_roots(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Of these tasks, those whose parent is not among them: the top lines of the tree."""
    return tasks.exclude(parent__in=tasks.values("pk"))


def list_ids(tasks: QuerySet[Task], chosen: Filter, *, start: int, size: int) -> list[int]:
    """The keys of some rows in the chosen order; rows without a value come last, equal ones by number of entry.

    Rows with and without a value are read apart: a database can serve each from an index, but not both in this order.
    """
    column = COLUMNS[Sort(chosen.sort)]
    order = ("-" + column, "-pk") if chosen.desc else (column, "pk")
    if column in ALWAYS_THERE:
        return list(tasks.order_by(*order).values_list("pk", flat=True)[start : start + size])
    given = tasks.filter(**{f"{column}__isnull": False})
    ids = list(given.order_by(*order).values_list("pk", flat=True)[start : start + size])
    if len(ids) < size:
        skip = max(0, start - (given.count() if start else 0))
        missing = tasks.filter(**{f"{column}__isnull": True}).order_by(order[1]).values_list("pk", flat=True)
        ids += missing[skip : skip + size - len(ids)]
    return ids


def list_unit_names(access: Access, *, today: date) -> list[str]:
    """Names that the unit filter suggests: bodies above the grass roots, at most 300."""
    units = Unit.objects.visible_to(access).valid_on(today).exclude(level__in=GRASS_ROOTS).order_by("path")
    return [short or name for short, name in units.values_list("short_name", "name")[:300]]
