"""The parts that may owe something of an indicator, with what they owe and what weighs them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from luoshi.orgs.models import UnitFigure
from luoshi.progress.queries.boards import GONE
from luoshi.tasks.models import LEADING_ROLES, Allotment, Duty, Task

MOST = 500


@dataclass(frozen=True, slots=True)
class PartToSet:
    """A task below; without an allotment yet, its own target is proposed. `figure` is the base of its lead unit."""

    task: Task
    target: Decimal | None
    weight: Decimal | None
    figure: Decimal | None


def list_parts_to_set(allotment: Allotment) -> list[PartToSet]:
    """The tasks one level below that count, in their order; four queries."""
    indicator = allotment.indicator
    lead = Duty.objects.filter(task=OuterRef("pk"), role__in=LEADING_ROLES, unit__isnull=False).order_by("pk")
    tasks = Task.objects.filter(parent=allotment.task_id).exclude(state__in=GONE).order_by("pk")
    found = list(tasks[:MOST])
    leads = dict(tasks.annotate(lead_id=Subquery(lead.values("unit_id")[:1])).values_list("pk", "lead_id")[:MOST])
    held = {a.task_id: a for a in Allotment.objects.filter(indicator=indicator, task__in=[t.pk for t in found])}
    figures = UnitFigure.objects.filter(name=indicator.base, unit__in=[unit for unit in leads.values() if unit])
    # the newest year that is not after the indicator's own
    values = dict(figures.filter(year__lte=indicator.year).order_by("year").values_list("unit_id", "value"))
    rows = []
    for task in found:
        own, figure = held.get(task.pk), values.get(leads.get(task.pk) or 0)
        proposed = task.target_value if indicator.is_main else None
        rows.append(
            PartToSet(
                task=task, figure=figure, target=own.target if own else proposed,
                weight=own.weight if own else figure,
            )
        )  # fmt: skip
    return rows
