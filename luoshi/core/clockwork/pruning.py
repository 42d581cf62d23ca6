"""What is kept of runs: those of every few minutes for days, those of days for years."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django_tasks_db.models import DBTaskResult

from luoshi.core.clockwork.registry import list_routines
from luoshi.core.models import Run, RunState

KEPT = timedelta(days=800)
KEPT_OF_MINUTES = timedelta(days=2)
QUEUE = "clockwork"  # of jobs that do runs


def prune_runs(at: datetime) -> None:
    """Drop old runs that are done, but never the newest of a routine, and the jobs that did them."""
    later = Run.objects.filter(routine=OuterRef("routine"), due_at__gt=OuterRef("due_at"))
    done = Run.objects.filter(Exists(later), state=RunState.DONE.value)
    done.filter(due_at__lt=at - KEPT).delete()
    of_minutes = [routine.name for routine in list_routines() if routine.minutes]
    done.filter(due_at__lt=at - KEPT_OF_MINUTES, routine__in=of_minutes).delete()
    DBTaskResult.objects.finished().filter(queue_name=QUEUE, finished_at__lt=at - KEPT_OF_MINUTES).delete()
