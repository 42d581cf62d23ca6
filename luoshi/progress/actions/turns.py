"""Closing reporting windows: who reported on time, late or not, written set-based and once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least, NullIf
from django.utils import timezone

from luoshi.core.actions import record_entry
from luoshi.core.bulk import insert_like
from luoshi.core.models import Entry
from luoshi.core.rules.workdays import Calendar
from luoshi.progress.models import Feedback, Reading, Turn
from luoshi.progress.rules.windows import Closing, TurnState, list_closings, opening_date
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.queries.clocks import Clocks, calendar_before, get_clocks, without_parts
from luoshi.tasks.rules.clocks import ClockFacts
from luoshi.tasks.rules.states import ACTIVE

ACTIVE_STATES = [state.value for state in ACTIVE]
SAYING = ("submit_task", "verify_task")
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
MOST_GRACE = 60


@dataclass(frozen=True, slots=True)
class _Grace:
    """Clocks that give the same grace, so that their windows close for good on the same days."""

    days: int
    in_workdays: bool

    @property
    def key(self) -> int:
        return 2 * self.days + self.in_workdays


def close_turns(*, now: datetime) -> int:
    """Write the turns of all windows of which yesterday was the last day; how many are new.

    A turn is unique, so that a second run for the same day adds nothing.
    """
    last = timezone.localtime(now).date() - timedelta(days=1)
    clocks = get_clocks()
    calendar = calendar_before(last + timedelta(days=1), MOST_GRACE)
    rhythms = _list_rhythms()
    with transaction.atomic():
        counts = {
            f"{closing.period} {closing.closes}": _close(closing, grace, last=last, clocks=clocks)
            for grace in _list_graces(clocks)
            for closing in _closings(grace, last=last, calendar=calendar)
            if any((closing.cadence, day) in rhythms for day in closing.days)
        }
        closed = {name: count for name, count in counts.items() if count}
        if closed:
            first = Turn.objects.order_by("-pk").first()
            assert first is not None
            record_entry("close_turns", by=None, now=now, subject=first, label=", ".join(closed), closed=closed)
    return sum(closed.values())


def _list_rhythms() -> set[tuple[str, int | None]]:
    """The cadences and days by which reports of work under way are due; on most nights none of them closes."""
    asked = Task.objects.filter(state__in=ACTIVE_STATES).exclude(cadence="").order_by()
    return set(asked.values_list("cadence", "cadence_day").distinct())


def _list_graces(clocks: Clocks) -> list[_Grace]:
    return list(dict.fromkeys(_grace_of(clock) for clock in clocks.all()))


def _grace_of(clock: ClockFacts) -> _Grace:
    return _Grace(min(clock.grace_days, MOST_GRACE), clock.in_workdays and clock.grace_days > 0)


def _closings(grace: _Grace, *, last: date, calendar: Calendar) -> list[Closing]:
    return list(list_closings(last, grace=grace.days, in_workdays=grace.in_workdays, calendar=calendar))


def _close(closing: Closing, grace: _Grace, *, last: date, clocks: Clocks) -> int:
    """One INSERT … SELECT of the turns of leading units; a unit that leads twice has one."""
    owed = list_owed_turns(closing, clocks=clocks, grace=grace.key)
    rows = with_state(owed, closing, last=last).annotate(opens=_opens(closing, clocks))
    sql, parameters = rows.values("task_id", "unit_id", "opens", "state", "said_at").query.sql_with_params()
    likeness = Turn(period=closing.period, closes_date=closing.closes)
    source = f"({sql}) AS line WHERE 1 = 1 ON CONFLICT (task_id, unit_id, period) DO NOTHING"
    return insert_like(
        likeness, source, parameters, task_id="line.task_id", unit_id="line.unit_id", opens_date="line.opens",
        state="line.state", reported_at="line.said_at",
    )  # fmt: skip


def list_owed_turns(closing: Closing, *, clocks: Clocks | None = None, grace: int = 0) -> QuerySet[Duty]:
    """The leading duties of which a report was owed in a window: work under way that had begun, without parts."""
    named = [day for day in closing.days if day is not None]
    by_day = Q(task__cadence_day__in=named) | (
        Q(task__cadence_day__isnull=True) if None in closing.days else Q(pk__in=[])
    )
    begun = Q(task__start_date__isnull=True) | Q(task__start_date__lte=closing.closes)
    duties = Duty.objects.filter(
        by_day, begun, task__cadence=closing.cadence, task__state__in=ACTIVE_STATES, role__in=LEADING_ROLES,
        unit__isnull=False, task__dispatched_at__lt=_midnight(closing.closes + timedelta(days=1)),
    ).filter(without_parts("task_id")).order_by()  # fmt: skip
    if clocks is None or len(_list_graces(clocks)) == 1:
        return duties
    keyed: QuerySet[Any] = duties.alias(
        grace=clocks.case(lambda clock: _grace_of(clock).key, IntegerField(), prefix="task__")
    )
    return keyed.filter(grace=grace)


def with_state(duties: QuerySet[Duty], closing: Closing, *, last: date) -> QuerySet[Any]:
    """Annotate when each unit first said something in the period, and the state; twin of rules.windows.judge_turn."""
    first, end = _midnight(closing.starts), _midnight(last + timedelta(days=1))
    submitted = Q(task__standing__submitted_date__lte=last)
    state = Case(
        When(said_at__lt=end, then=Value(TurnState.ON_TIME.value)),
        When(submitted & Q(task__standing__submitted_date__gte=closing.starts), then=Value(TurnState.ON_TIME.value)),
        When(submitted | Q(task__standing__paused_date__lte=last), then=Value(TurnState.EXCUSED.value)),
        When(said_at__isnull=False, then=Value(TurnState.LATE.value)),
        default=Value(TurnState.MISSING.value),
        output_field=CharField(),
    )
    return duties.annotate(said_at=_said_at(closing, first)).annotate(state=state)


def _said_at(closing: Closing, first: datetime) -> Any:
    """The first report for the period by the unit, reading of the task, or step of its checking; null for none."""
    own = Feedback.objects.filter(task=OuterRef("task_id"), unit=OuterRef("unit_id"))
    reports = own.filter(Q(period=closing.period) | Q(at__gte=first) & ~Q(period=closing.before))
    readings = Reading.objects.filter(allotment__task=OuterRef("task_id"), at__gte=first)
    steps = Entry.objects.filter(
        subject_type="task", subject_id=Cast(OuterRef("task_id"), CharField()), verb__in=SAYING, at__gte=first
    )
    never = Value(NEVER, DateTimeField())
    firsts = [Coalesce(Subquery(rows.order_by("at").values("at")[:1]), never) for rows in (reports, readings, steps)]
    return NullIf(Least(*firsts), never, output_field=DateTimeField())


def _opens(closing: Closing, clocks: Clocks) -> Case:
    return clocks.case(
        lambda clock: opening_date(clock, cadence=closing.cadence, closes=closing.closes), DateField(), prefix="task__"
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def settle_turn(feedback: Feedback) -> bool:
    """Turn the missing turn of the report's period into a late one, in the transaction of the report."""
    missing = Turn.objects.filter(
        task=feedback.task_id, unit=feedback.unit_id, period=feedback.period, state=TurnState.MISSING.value
    )
    return bool(missing.update(state=TurnState.LATE.value, reported_at=feedback.at))
