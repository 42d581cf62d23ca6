"""Freezing the lights of months as they ended, and noting red months that were caught up later.

A month is frozen in one statement, as of its last day: percents from the trajectory, submissions and pauses by their
dates, and work that was completed since counts as under way then. What else happened since (a return, a date moved by
an extension) shows as it is when the routine runs: in the first hour of the month, unless the jobs stood still.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from luoshi.core.actions import hold_journal, record_entry
from luoshi.core.bulk import insert_like
from luoshi.core.policy import Policy, get_policy
from luoshi.progress.models import DayPercent
from luoshi.progress.models.following import MonthLight
from luoshi.progress.queries.lights import Then, judged, light_reason, with_light
from luoshi.progress.rules.lights import CODES, DONE, Colour
from luoshi.progress.rules.months import missing_months, month_end
from luoshi.progress.rules.palettes import palette_of
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import ACTIVE

RED = CODES[Colour.RED]
THEN = Then(percent="percent_then", submitted="submitted_then", paused="paused_then")
_ACTIVE = [s.value for s in ACTIVE]
_DONE = [s.value for s in DONE]


def keep_months(at: datetime) -> None:
    """The daily routine: freeze the months that ended, then note what was caught up. Doing it twice changes nothing."""
    today, policy = timezone.localtime(at).date(), get_policy()
    last = MonthLight.objects.order_by("-month").values_list("month", flat=True).first()
    for month in missing_months(last, today=today):
        freeze_month(month, now=at, policy=policy)
    note_caught_up(today=today, now=at, policy=policy)


def freeze_month(month: date, *, now: datetime, policy: Policy) -> int:
    """Keep the light of all work under way as the month ended; how many. What is frozen already stays as it is."""
    with transaction.atomic():
        hold_journal()
        number = sum(_freeze(month, tasks, then, policy=policy) for tasks, then in _under_way(month_end(month)))
        if number:
            first = MonthLight.objects.filter(month=month).earliest("pk")
            record_entry("freeze_month", by=None, now=now, subject=first, label=f"{month:%Y-%m}", number=number)
    return number


def _freeze(month: date, tasks: QuerySet[Task], then: Then, *, policy: Policy) -> int:
    """One INSERT … SELECT; the reason of each task is found once (`MATERIALIZED`), and its colour follows from it."""
    reason = light_reason(policy, then=then)
    query = (
        judged(tasks, today=month_end(month), then=then).annotate(reason_then=reason).values("id", "reason_then").query
    )
    sql, parameters = query.sql_with_params()
    source = (
        f"(WITH j AS MATERIALIZED ({sql}) SELECT id, reason_then FROM j) AS q "  # noqa: S608
        "WHERE 1 = 1 ON CONFLICT (task_id, month) DO NOTHING"
    )
    codes = {line.value: CODES[colour] for line, colour in palette_of(policy.palette, policy.light_lines).items()}
    whens = " ".join("WHEN %s THEN %s" for _line in codes)
    return insert_like(
        MonthLight(month=month), source, parameters, task_id="q.id",
        light=(f"CASE q.reason_then {whens} END", [part for pair in codes.items() for part in pair]),
        reason="q.reason_then",
    )  # fmt: skip


def _under_way(end: date) -> Iterator[tuple[QuerySet[Task], Then]]:
    """The work under way when a day ended, and where its columns of that day stand: moved since, or as they are now."""
    midnight = timezone.make_aware(datetime.combine(end + timedelta(days=1), time()))
    then: dict[str, Any] = {
        f"{name}_then": Case(
            When(**{f"standing__{name}_date__lte": end}, then=F(f"standing__{name}_date")),
            default=Cast(Value(None), DateField()),
        )
        for name in ("submitted", "paused")
    }
    work = Task.objects.filter(
        Q(state__in=_ACTIVE) | Q(state__in=_DONE, completed_at__gte=midnight), dispatched_at__lt=midnight
    )
    work = work.order_by().alias(**then)
    moved = DayPercent.objects.filter(date__gt=end).order_by().values("task")
    said = DayPercent.objects.filter(task=OuterRef("pk"), date__lte=end).order_by("-date").values("percent")[:1]
    yield work.exclude(pk__in=moved), Then(submitted="submitted_then", paused="paused_then")
    yield work.filter(pk__in=moved).alias(percent_then=Subquery(said)), THEN


def note_caught_up(*, today: date, now: datetime, policy: Policy) -> int:
    """Note the red months of work that is completed, or under way and no longer red; how many."""
    red = MonthLight.objects.filter(light=RED, caught_up_date__isnull=True)
    tasks = with_light(Task.objects.filter(pk__in=red.order_by().values("task")).order_by(), today=today, policy=policy)
    better = tasks.filter(Q(state__in=_DONE) | Q(state__in=_ACTIVE) & ~Q(light=RED))
    with transaction.atomic():
        hold_journal()
        number = red.filter(task__in=better.values("pk")).update(caught_up_date=today)
        if number:
            first = MonthLight.objects.filter(caught_up_date=today).earliest("pk")
            record_entry("catch_up_months", by=None, now=now, subject=first, label=f"{today:%Y-%m}", number=number)
    return number
