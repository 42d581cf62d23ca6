"""Whom a task may be given to, and what its parts must add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from luoshi.directives.queries import get_unit_index
from luoshi.directives.rules import expand_selector
from luoshi.orgs.models import LEVEL_LABELS, Unit, UnitName, UnitQuerySet
from luoshi.orgs.rules import PATH_STEP, Access
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries.measures import get_main, list_measures
from luoshi.tasks.rules.cascade import ParentFacts
from luoshi.tasks.rules.indicators import Direction
from luoshi.tasks.rules.measures import Measure
from luoshi.tasks.rules.states import GONE, DutyRole

GROUP_LIMIT = 120  # more units than these are chosen by level or pasted


@dataclass(frozen=True, slots=True)
class Group:
    """The units of one level in the directory: how many, and the first of them to tick."""

    level: str
    label: str
    count: int
    units: tuple[Unit, ...]


def get_parent_facts(task: Task, *, measures: Sequence[Measure] | None = None) -> ParentFacts:
    """The task as the check of its shares needs it, with the units that already hold a part of it.

    Where an indicator measures the task, the target is what the task owes of it.
    """
    main = get_main(list_measures(task) if measures is None else measures)
    parts = Task.objects.filter(parent=task).exclude(state__in=GONE)
    holders = Duty.objects.filter(task__in=parts, role=DutyRole.LEAD.value).values_list("unit_id", flat=True)
    given = parts.aggregate(total=Sum("target_value"))["total"]
    less = main is not None and main.direction == Direction.DOWN
    return ParentFacts(
        target_op=task.target_op if main is None else "<=" if less else ">=",
        target_value=task.target_value if main is None else main.target,
        target_unit=task.target_unit if main is None else main.measure,
        adds_up=main is None or main.adds_up,
        requirement=task.requirement,
        standard=task.standard,
        due_date=task.due_date,
        review_date=task.review_date,
        given=frozenset(pk for pk in holders if pk is not None),
        given_value=(given or Decimal(0)) if main is None else main.given,
    )


def list_candidates(access: Access, *, giver: Unit, today: date) -> UnitQuerySet:
    """Units that a task may be given to: those of the giver's own government or company, but not the giver.

    A unit outside the seats' homes is never offered, so that no task leaves the county by a slip.
    """
    units = Unit.objects.visible_to(access).valid_on(today).exclude(pk=giver.pk)
    above = [(giver.path or "")[:end] for end in range(PATH_STEP, len(giver.path or ""), PATH_STEP)]
    return units.exclude(path__in=above).order_by("path")


def list_groups(access: Access, *, giver: Unit, today: date) -> list[Group]:
    """The candidates level by level, the first units of each to tick; one query for the counts and one a level."""
    units = list_candidates(access, giver=giver, today=today)
    counts = dict(units.order_by().values_list("level").annotate(Count("pk")))
    groups = []
    for level, label in LEVEL_LABELS.items():
        if level in counts:
            own = units.filter(level=level).select_related("parent")
            near = own.filter(parent=giver) if counts[level] > GROUP_LIMIT else own
            groups.append(Group(level, str(label), counts[level], tuple(near[:GROUP_LIMIT])))
    return groups


def list_by_level(access: Access, *, giver: Unit, level: str, today: date) -> list[Unit]:
    """Every candidate of a level (a selector's units); for a township's villages only its own."""
    units = list_candidates(access, giver=giver, today=today).filter(level=level)
    own = units.within(giver.path or "")
    return list(own if own.exists() else units)


def list_by_selector(access: Access, selector: str, *, giver: Unit, today: date) -> list[Unit]:
    """The units that a stored selector (各乡镇) stands for today, as far as the task may be given to them."""
    try:
        ids = expand_selector(selector, index=get_unit_index(giver, today=today), scope_path=giver.path or "")
    except ValueError:
        return []
    return list_selected(access, ids, giver=giver, today=today)


def list_selected(access: Access, ids: Iterable[int], *, giver: Unit, today: date) -> list[Unit]:
    """Those of the ids that the task may be given to, in the order of the directory."""
    wanted = set(ids)
    candidates = list_candidates(access, giver=giver, today=today)
    if len(wanted) <= GROUP_LIMIT:
        return list(candidates.filter(pk__in=wanted))
    return [unit for unit in candidates if unit.pk in wanted]


def list_named(access: Access, names: Iterable[str], *, giver: Unit, today: date) -> tuple[dict[str, Unit], list[str]]:
    """Units by the names or codes that somebody pasted, and the words that name none or more than one; two queries."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    by_name: dict[str, set[Unit]] = {}
    candidates = list_candidates(access, giver=giver, today=today)
    if len(wanted) <= GROUP_LIMIT:
        former = UnitName.objects.filter(name__in=wanted).values("unit")
        candidates = candidates.filter(
            Q(name__in=wanted) | Q(short_name__in=wanted) | Q(code__in=wanted) | Q(pk__in=former)
        )
    for unit in candidates.prefetch_related("names"):
        for name in {unit.name, unit.short_name, unit.code, *(n.name for n in unit.names.all())} & set(wanted):
            by_name.setdefault(name, set()).add(unit)
    found = {name: next(iter(by_name[name])) for name in wanted if len(by_name.get(name, ())) == 1}
    return found, [name for name in wanted if name not in found]


def list_task_selectors(task: Task) -> list[tuple[str, str]]:
    """The groups of units that the task itself names (各乡镇), as written and as stored."""
    rows = Duty.objects.filter(task=task, unit=None).exclude(selector="").order_by("id")
    return [(duty.written_name or duty.selector, duty.selector) for duty in rows]
