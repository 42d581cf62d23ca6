"""Reading submissions and extensions of one task, through its gate."""

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.supervision.models import Extension, Submission
from luoshi.supervision.rules import Times
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for


def get_open_submission(task: Task) -> Submission | None:
    """The submission that waits for its verification."""
    waiting = Submission.objects.filter(task=task, verification__isnull=True)
    return waiting.select_related("unit", "by", "task__owner").order_by("-at", "-id").first()


def may_verify_as_office(access: Access, *, task: Task, unit: Unit) -> bool:
    """Does the person act as a supervision office over the owner, in the name of this unit?"""
    offices = [s for s in access.seats if s.role == Role.OFFICE and s.unit_id == unit.pk]
    return any((task.owner.path or "").startswith(s.path) for s in offices)


def list_submissions(task: Task, *, limit: int = 20) -> list[Submission]:
    """The submissions of a task with their verifications, newest first."""
    rows = Submission.objects.filter(task=task).select_related("unit", "by", "verification__verifier")
    return list(rows.select_related("verification__verifier_unit").order_by("-at", "-id")[:limit])


def list_extensions(task: Task) -> QuerySet[Extension]:
    """The requests for more time on a task, newest first."""
    return Extension.objects.filter(task=task).select_related("unit", "requested_by", "decided_by")


def count_extensions(task: Task) -> Times:
    """How often the date was moved, and how often that was refused."""
    found = Extension.objects.filter(task=task).aggregate(
        approved=Count("pk", filter=Q(state="approved")), refused=Count("pk", filter=Q(state="refused"))
    )
    return Times(**found)


def get_extension_for(access: Access, *, id: int, to: str = "see") -> Extension:
    """A request for more time. Raises Http404 when its task is not seen, NotAllowed when it may only be seen."""
    requests = Extension.objects.select_related("unit", "requested_by", "decided_by")
    extension = get_object_or_404(requests, pk=id)
    extension.task = get_task_for(access, id=extension.task_id, to=to)
    return extension
