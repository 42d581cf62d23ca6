"""Reading the journal and the working-day calendar."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from luoshi.core.models import CalendarDay, ChainHead, Entry, Run, RunState
from luoshi.core.prepared import prepared
from luoshi.core.rules.chain import Fault, Link, find_faults
from luoshi.core.rules.workdays import Calendar

LATEST = 30


def find_journal_faults() -> list[Fault]:
    """Walk the whole chain in constant memory and report every entry that does not hold."""
    head = ChainHead.objects.get(pk=1)
    return find_faults(_links(), head_seq=head.seq, head_hash=head.hash)


def _links() -> Iterator[Link]:
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield Link(entry.seq, entry.sealed_content(), entry.previous_hash, entry.hash)


def get_calendar(start: date, end: date) -> Calendar:
    """The working-day calendar between two dates, from the editable table."""
    days = CalendarDay.objects.filter(day__range=(start, end)).values_list("day", "is_workday")
    off: set[date] = set()
    worked: set[date] = set()
    for day, is_workday in days:
        (worked if is_workday else off).add(day)
    return Calendar(off=frozenset(off), worked=frozenset(worked))


def list_calendar_days(year: int) -> list[CalendarDay]:
    """The days of a year that differ from the plain week, in order."""
    return list(CalendarDay.objects.filter(day__year=year).order_by("day"))


def list_entries(*, paths: Iterable[str] | None, text: str = "") -> QuerySet[Entry]:
    """Journal entries, newest first, of units at or below the paths (None: all), with the words in their subject."""
    entries = Entry.objects.select_related("actor").order_by("-seq")
    if paths is not None:
        inside = Q(pk__in=[])
        for path in paths:
            inside |= Q(unit_path__startswith=path)
        entries = entries.filter(inside)
    return entries.filter(subject_label__icontains=text) if text else entries


def list_subject_entries(subject_type: str, subject_id: object, *, limit: int = LATEST) -> list[Entry]:
    """The latest entries about one subject, newest first; at most LATEST."""
    return _list_about(subject_type, str(subject_id))[:limit]


@prepared
def _list_about(subject_type: str, subject_id: str) -> QuerySet[Entry]:
    found = Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).select_related("actor")
    return found.order_by("-seq")[:LATEST]


def list_open_runs(*, until: datetime) -> list[Run]:
    """Runs of routines that fell due and are not done: waiting, running or given up, oldest first."""
    return list(Run.objects.filter(due_at__lte=until).exclude(state=RunState.DONE.value).order_by("due_at", "id"))
