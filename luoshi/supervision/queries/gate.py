"""Reading submissions of one task."""

from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.supervision.models import Submission
from luoshi.tasks.models import Task


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
