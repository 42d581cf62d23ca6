"""What the journal tells of one task: the entries about it, and those of acts on several tasks, of which it was one."""

from heapq import nlargest

from django.db.models import QuerySet

from luoshi.core.models import Entry
from luoshi.core.prepared import prepared
from luoshi.core.queries import list_subject_entries
from luoshi.tasks.models import TaskEntry

LATEST = 50


def list_task_entries(task: int, *, limit: int = LATEST) -> list[Entry]:
    """The latest entries that speak of the task, newest first; at most LATEST, two queries."""
    about = list_subject_entries("task", task, limit=limit)
    found = {entry.pk: entry for entry in (*about, *(row.entry for row in _list_mentions(task)))}
    return [found[pk] for pk in nlargest(limit, found)]


@prepared
def _list_mentions(task: int) -> QuerySet[TaskEntry]:
    return TaskEntry.objects.filter(task=task).select_related("entry__actor").order_by("-entry")[:LATEST]
