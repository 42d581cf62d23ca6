"""Reading visits: one's own on a device, and all of an object."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from luoshi.inspections.models import ChecklistItem, InspectionObject, Visit
from luoshi.orgs.models import Person
from luoshi.progress.models import Standing


def get_own_visit(row: InspectionObject, person: Person) -> Visit | None:
    """The person's latest visit of the object."""
    return Visit.objects.filter(object=row, inspector=person).order_by("-started_at", "-pk").first()


def get_visit_of(person: Person, *, id: int) -> Visit:
    """A visit of the person's own. Raises Http404."""
    rows = Visit.objects.select_related("object__inspection__unit", "object__unit")
    return get_object_or_404(rows, pk=id, inspector=person)


def list_visits(row: InspectionObject) -> QuerySet[Visit]:
    """The visits of an object, newest first, with their photographs."""
    rows = Visit.objects.filter(object=row).select_related("inspector").annotate(pictures=Count("photos"))
    return rows.prefetch_related("photos__version").order_by("-started_at", "-pk")


def list_questions(row: InspectionObject) -> list[ChecklistItem]:
    """What is asked on site, in order; nothing without a checklist."""
    checklist = row.inspection.checklist
    return list(checklist.items.order_by("number")) if checklist else []


@dataclass(frozen=True, slots=True)
class Reported:
    """What the last report of the object's task says; None for what was not said."""

    value: Decimal | None
    unit: str
    percent: Decimal | None


def get_reported(row: InspectionObject) -> Reported | None:
    """What is reported of the task that is inspected; None where no task is."""
    if row.task is None:
        return None
    said = Standing.objects.filter(task=row.task).first()
    return Reported(said.value if said else None, row.task.target_unit, said.percent if said else None)
