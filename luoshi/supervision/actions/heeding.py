"""A chase stops when the unit acts, never when it reads: what others record in the journal is heard here."""

from django.db.models import QuerySet

from luoshi.core.models import Entry
from luoshi.supervision.actions.chasing import stop_chases
from luoshi.supervision.models import Chase, Rung
from luoshi.supervision.rules.chasing import Trigger

UNIT_ACTS = ("request_extension", "ask_coordination")
ENDS = ("submit_task",)  # the work is with its verifier: all who do it are left in peace


def heed_report(entry: Entry) -> None:
    """A report with content is an action; a hollow one, which says nothing that can be checked, is not."""
    if not entry.data.get("hollow"):
        heed_act(entry)


def heed_act(entry: Entry) -> None:
    """The unit that acted is no longer chased about this task."""
    _stop(entry, Chase.objects.filter(task=_task_of(entry), unit__path=entry.unit_path))


def heed_end(entry: Entry) -> None:
    """Nobody is chased any longer about work that was handed in."""
    _stop(entry, Chase.objects.filter(task=_task_of(entry)))


def heed_receipt(entry: Entry) -> None:
    """Acknowledging answers a chase for receipt only."""
    receipts = Rung.objects.filter(trigger=Trigger.UNACKNOWLEDGED.value).order_by().values("ladder", "number")
    found = Chase.objects.filter(task=_task_of(entry), unit__path=entry.unit_path, stopped_at__isnull=True)
    started = list(found.values_list("pk", "ladder_id", "start_rung"))
    if started:
        known = set(receipts.filter(ladder__in=[s[1] for s in started]).values_list("ladder_id", "number"))
        stop_chases([pk for pk, *start in started if tuple(start) in known], by=entry.verb, now=entry.at)


def _task_of(entry: Entry) -> int:
    return int(entry.subject_id) if entry.subject_type == "task" else 0


def _stop(entry: Entry, chases: QuerySet[Chase]) -> None:
    ids = list(chases.filter(stopped_at__isnull=True).values_list("pk", flat=True))
    stop_chases(ids, by=entry.verb, now=entry.at)
