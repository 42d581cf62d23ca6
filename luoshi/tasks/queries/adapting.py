"""Reading what units proposed to adapt, and what accepting it would mean."""

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404

from luoshi.core.prepared import prepared
from luoshi.orgs.rules import Access
from luoshi.tasks.models import Adaptation, Task
from luoshi.tasks.queries.gate import get_task_for
from luoshi.tasks.rules.adapting import Outcome, PartFacts, weigh
from luoshi.tasks.rules.states import State

GONE = [State.MERGED.value, State.TRANSFERRED.value, State.WITHDRAWN.value]


@prepared
def list_adaptations(task: int) -> QuerySet[Adaptation]:
    """What units proposed to adapt in a task, the latest first."""
    found = Adaptation.objects.filter(task=task).select_related("unit", "by", "decided_by")
    return found.order_by("-at", "-pk")[:20]


def get_adaptation_for(access: Access, *, id: int, to: str = "see") -> Adaptation:
    """A proposal to adapt. Raises Http404 when its task is not seen, NotAllowed when it may only be seen."""
    found = get_object_or_404(Adaptation.objects.select_related("unit", "by", "decided_by"), pk=id)
    found.task = get_task_for(access, id=found.task_id, to=to)
    return found


def get_outcome(adaptation: Adaptation) -> Outcome:
    """What accepting means for the sum of the parts of the task above."""
    task, above = adaptation.task, adaptation.task.parent
    others = None
    if above is not None and adaptation.target_value is not None:
        rows = Task.objects.filter(parent=above).exclude(state__in=GONE).exclude(pk=task.pk)
        others = rows.aggregate(total=Sum("target_value"))["total"]
    return weigh(
        PartFacts(
            target_value=task.target_value, proposed=adaptation.target_value, target_unit=task.target_unit,
            above=above.target_value if above and adaptation.target_value is not None else None, others=others,
            due_above=above.due_date if above else None, proposed_date=adaptation.due_date,
        )
    )  # fmt: skip
