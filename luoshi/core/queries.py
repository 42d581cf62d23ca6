"""Reading the journal and the working-day calendar."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from luoshi.core.models import CalendarDay, ChainHead, Entry, Lease, Run, RunState
from luoshi.core.prepared import prepared
from luoshi.core.rules.chain import Fault, Link, find_faults
from luoshi.core.rules.routines import Routine, next_due
from luoshi.core.rules.workdays import Calendar

LATEST = 30
KEEPERS = ("office", "head")
LATE = timedelta(minutes=15)  # a routine that did not begin so long after its moment is late
UNSEEN = timedelta(days=1)
AUTUMN = 11  # the notice of next year's holidays is published in November


def find_journal_faults() -> list[Fault]:
    """Walk the whole chain in constant memory and report every entry that does not hold."""
    head = ChainHead.objects.get(pk=1)
    return find_faults(_links(), head_seq=head.seq, head_hash=head.hash)


def _links() -> Iterator[Link]:
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield Link(entry.seq, entry.sealed_content(), entry.previous_hash, entry.hash)


def get_calendar(start: date, end: date) -> Calendar:
    """The working-day calendar of the years of two dates, from the editable table."""
    years = (date(start.year, 1, 1), date(end.year, 12, 31))  # whole, so that it is seen which years are known
    days = CalendarDay.objects.filter(day__range=years).values_list("day", "is_workday")
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


@dataclass(frozen=True, slots=True)
class RoutineLine:
    """How one routine stands: when it last ran, what is open of it, when it falls due next."""

    routine: Routine
    last: Run | None
    open: Run | None
    given_up: Run | None
    waiting: int
    next_at: datetime
    is_late: bool


def list_routine_lines(routines: Sequence[Routine], *, now: datetime) -> list[RoutineLine]:
    """Each routine with its last run done and what waits of it."""
    latest = Run.objects.filter(state=RunState.DONE.value).values("routine").annotate(due=Max("due_at")).order_by()
    done_at = {row["routine"]: row["due"] for row in latest}
    done = {run.routine: run for run in Run.objects.filter(due_at__in=done_at.values(), state=RunState.DONE.value)
            if done_at[run.routine] == run.due_at}  # fmt: skip
    rest = list_open_runs(until=now)
    zone = timezone.get_default_timezone()
    calendar = get_calendar(now.date(), now.date() + timedelta(days=366))
    lines = []
    for routine in routines:
        own = [run for run in rest if run.routine == routine.name]
        waiting = [run for run in own if run.state != RunState.FAILED.value]
        last = done.get(routine.name)
        newest = max([run.due_at for run in own] + ([last.due_at] if last else []), default=now - UNSEEN)
        next_at = next_due(routine, after=newest, zone=zone, calendar=calendar)
        given_up = next((run for run in reversed(own) if run.state == RunState.FAILED.value), None)
        late_since = min([run.due_at for run in waiting] + [next_at])
        line = RoutineLine(routine, last, waiting[0] if waiting else None, given_up, len(waiting), next_at,
                           late_since < now - LATE)  # fmt: skip
        lines.append(line)
    return lines


def get_timekeeper(*, now: datetime) -> Lease | None:
    """Who keeps the clock at present; None when nobody does."""
    return Lease.objects.filter(pk="clockwork", until__gt=now).first()


def list_unknown_years(today: date) -> tuple[int, ...]:
    """This year and, from autumn on, the next, where their holidays are not entered."""
    last = today.year + (today.month >= AUTUMN)
    return get_calendar(today, date(last, 12, 31)).unknown_years(today, date(last, 12, 31))


def list_unknown_years_of(days: Iterable[date]) -> tuple[int, ...]:
    """The years of these days whose holidays are not entered; one query, none for no day."""
    years = sorted({day.year for day in days})
    if not years:
        return ()
    calendar = get_calendar(date(years[0], 1, 1), date(years[-1], 12, 31))
    return tuple(year for year in years if not calendar.knows(year))


def may_keep_calendar(access: Any) -> bool:
    """Is this an administrator, or the office or head of a government or company itself?"""
    return bool(access.admin or any(seat.role in KEEPERS and seat.path == seat.home for seat in access.seats))
