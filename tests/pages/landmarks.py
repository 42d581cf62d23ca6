"""Where things stand in the demo county: one task in each state and the like, by the numbers their pages carry."""

import json
import os


def find_landmarks() -> dict[str, int]:
    """Names used in places.py and the number of a row that fits each; a name without a row is left out."""
    from django.db.models import F, Q

    from luoshi.core.clock import today
    from luoshi.directives.models import Directive
    from luoshi.inspections.models import Conclusion, Draw, Inspection, InspectionObject
    from luoshi.ledger.models import Layout, Workbook
    from luoshi.letters.models import Letter
    from luoshi.notices.models import Robot
    from luoshi.orgs.models import Person, Unit
    from luoshi.progress.models import Exhibit
    from luoshi.supervision.models import Change, Chase, Coordination, Extension, Ladder, Stocktake
    from luoshi.tasks.models import Adaptation, Allotment, Task

    farm = Q(duties__unit__code="QH-NYJ", duties__role="lead")
    town = Q(duties__unit__code="QH-T01", duties__role="lead")
    county = Task.objects.filter(owner__code="QH")
    found = {
        "parent": county.filter(farm, state="in_progress", children__isnull=False),
        "running": county.filter(farm, state="in_progress", children__isnull=True),
        "divisible": county.filter(farm, state="in_progress", children__isnull=True, target_value__isnull=False),
        "divided": county.filter(title__contains="数字化", children__isnull=True, target_value__isnull=False),
        "child": Task.objects.filter(town, state="in_progress", parent__isnull=False),
        "numbered": Task.objects.filter(town, state="in_progress", parent__isnull=False, target_value__isnull=False),
        "adapted": Task.objects.filter(adaptations__state="accepted"),
        "adaptation": Adaptation.objects.filter(state="proposed", task__owner__code="QH-NYJ"),
        "unread": county.filter(state="dispatched"),
        "waiting": Task.objects.filter(town, state="dispatched"),
        "submitted": county.filter(state="submitted", parent__isnull=True),
        "returned": Task.objects.filter(state="returned"),
        "completed": Task.objects.filter(state="completed"),
        "closed": county.filter(state="closed"),
        "draft": county.filter(state__in=["draft", "registered"]),
        "joint": county.filter(duties__role="joint", duties__unit__isnull=False, state__in=["draft", "registered"]),
        "overdue": county.filter(farm | Q(parent__isnull=True), state="in_progress", due_date__lt=today()),
        "open_ended": county.filter(state="in_progress", due_date__isnull=True),
        "measured": Task.objects.filter(indicators__is_main=True),
        "board": Allotment.objects.filter(indicator__is_main=True, task=F("indicator__task")),
        "leaf": Allotment.objects.filter(indicator__is_main=True, task__duties__unit__code="QH-T01"),
        "directive": Directive.objects.filter(state="review"),
        "revision": Directive.objects.filter(supersedes__isnull=False),
        "confirmed": Directive.objects.filter(state="confirmed", kind="directive"),
        "chased": county.filter(farm, pk__in=Chase.objects.filter(stopped_at__isnull=True).values("task")),
        "dated": county.filter(
            farm,
            state="in_progress",
            children__isnull=True,
            due_date__gt=today(),
            extensions__isnull=True,
            coordinations__isnull=True,
            changes__isnull=True,
            pauses__isnull=True,
        ),
        "request": Coordination.objects.filter(state="open", asked_person__username="leader"),
        "change": Change.objects.filter(state="proposed"),
        "ladder": Ladder.objects.filter(unit__code="QH"),
        "stocktake": Stocktake.objects.filter(unit__code="QH"),
        "extension": Extension.objects.filter(state="requested"),
        "inspected": InspectionObject.objects.filter(unit__code="QH-T01", inspection__state="running"),
        "exhibit": Exhibit.objects.filter(unit__code="QH-NYJ"),
        "inspection": Inspection.objects.filter(unit__code="QH"),
        "draw": Draw.objects.filter(lot="objects"),
        "conclusion": Conclusion.objects.filter(objection__ruling=""),
        "letter": Letter.objects.filter(unit__code="QH", kind="order", state="issued"),
        "letter_draft": Letter.objects.filter(unit__code="QH", kind="circular", state="draft"),
        "workbook": Workbook.objects.filter(state="read", person__username="office"),
        "layout": Layout.objects.filter(unit__code="QH"),
        "county": Unit.objects.filter(code="QH"),
        "department": Unit.objects.filter(code="QH-NYJ"),
        "township": Unit.objects.filter(code="QH-T01"),
        "robot": Robot.objects.filter(unit__code="QH"),
        "clerk": Person.objects.filter(username="townclerk"),
    }
    firsts = {name: rows.order_by("id").values_list("id", flat=True).first() for name, rows in found.items()}
    return {name: number for name, number in firsts.items() if number is not None}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(find_landmarks()))
