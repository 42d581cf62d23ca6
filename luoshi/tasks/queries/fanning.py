"""Which tasks of a directive may be given to a whole group of units at once, and how large the groups are."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from luoshi.directives.models import Directive
from luoshi.orgs.models import LEVEL_LABELS, Unit, UnitQuerySet
from luoshi.orgs.rules import Access
from luoshi.tasks.models import Task
from luoshi.tasks.queries.cascading import list_candidates
from luoshi.tasks.queries.gate import list_task_facts
from luoshi.tasks.rules.access import acting_unit_id, may
from luoshi.tasks.rules.states import ACTIVE


@dataclass(frozen=True, slots=True)
class Tier:
    """The units of one level: their number, and what the level is called."""

    level: str
    label: str
    count: int


def list_to_give(access: Access, directive: Directive) -> list[Task]:
    """The open tasks of a directive that the person may give down in the name of the unit that keeps it."""
    tasks = Task.objects.filter(clause__directive=directive, parent=None, state__in=[s.value for s in ACTIVE])
    rows = list(tasks.select_related("owner").order_by("path"))
    facts = list_task_facts(rows)
    return [
        task for task in rows
        if may(access, facts[task.pk], "cascade")
        and acting_unit_id(access, facts[task.pk], "cascade") == directive.unit_id
    ]  # fmt: skip


def list_group(access: Access, *, giver: Unit, level: str, today: date) -> UnitQuerySet:
    """The units of a level that a task may be given to: those below the giver, in no order."""
    units = list_candidates(access, giver=giver, today=today).within(giver.path or "")
    return units.filter(level=level).order_by()


def list_tiers(access: Access, *, giver: Unit, today: date) -> list[Tier]:
    """The levels below the giver with their numbers of units; one query."""
    units = list_candidates(access, giver=giver, today=today).within(giver.path or "").order_by()
    counts = dict(units.values_list("level").annotate(Count("pk")))
    return [Tier(level, str(label), counts[level]) for level, label in LEVEL_LABELS.items() if level in counts]
