"""Forecasts in the reader's language, and the tasks that will miss their dates on their own pace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.core.policy import Policy
from luoshi.core.shell import day as shown_day
from luoshi.orgs.rules import Access
from luoshi.progress.models import DayPercent
from luoshi.progress.queries.lights import Days, Scaled, ShownLight, list_lights
from luoshi.progress.rules.forecast import FAR_DAYS, LEAST, Forecast, Outcome, forecast
from luoshi.progress.rules.paths import Point
from luoshi.tasks.models import PHASE_OPEN, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.states import ACTIVE

LOOKED_AT = 2000  # tasks with the nearest dates that one page looks at
SHOWN = 200


def forecast_sentence(found: Forecast) -> str:
    """What can be said honestly, in a sentence; empty for work that is done."""
    if found.outcome == Outcome.REACHED:
        return ""
    if found.outcome == Outcome.TOO_FEW:
        return ngettext(
            "No forecast: only %(n)s report with a percentage in the time looked at.",
            "No forecast: only %(n)s reports with a percentage in the time looked at.",
            found.reports,
        ) % {"n": found.reports}
    words = _sentence(found)
    if found.is_stale:
        words += " " + _("Unsure: nothing was reported since %(date)s.") % {"date": shown_day(found.last_date)}
    return words


def short_forecast(found: Forecast) -> str:
    """What can be said in a cell of a table: the date, and how late that is."""
    if found.done_date is None:
        return _("the work stands still") if found.outcome == Outcome.STANDS_STILL else "—"
    over = found.days_over or 0
    late = ngettext("%(n)s day late", "%(n)s days late", over) % {"n": over} if over > 0 else ""
    return " · ".join(filter(None, (shown_day(found.done_date), late)))


def _sentence(found: Forecast) -> str:
    if found.outcome == Outcome.STANDS_STILL:
        return _("On this pace it will not be done: it stands still.")
    if found.outcome == Outcome.FAR:
        return _("On this pace it takes more than ten years.")
    done, over = shown_day(found.done_date), found.days_over
    if over is None:
        words = _("On this pace done by %(date)s.") % {"date": done}
    elif over > 0:
        words = ngettext(
            "On this pace done by %(date)s, %(n)s day after the due date.",
            "On this pace done by %(date)s, %(n)s days after the due date.",
            over,
        ) % {"date": done, "n": over}
    else:
        words = _("On this pace done by %(date)s, in time.") % {"date": done}
    if found.early and found.late and found.early != found.late:
        span = {"early": shown_day(found.early), "late": shown_day(found.late)}
        words += " " + _("Likely between %(early)s and %(late)s.") % span
    return words


@dataclass(frozen=True, slots=True)
class Miss:
    """A task that will miss its date on its own pace."""

    task: Task
    light: ShownLight
    forecast: Forecast
    words: str


@dataclass(frozen=True, slots=True)
class Misses:
    """Those that will miss, the latest first, `number` in all of `looked_at`; `is_cut` if there were more."""

    rows: Sequence[Miss]
    number: int
    looked_at: int
    is_cut: bool


def list_misses(access: Access, *, today: date, policy: Policy) -> Misses:
    """Work that misses its date on its own pace, among that with the nearest dates; at most seven queries."""
    since = today - timedelta(days=policy.forecast_days)
    tasks = list(_candidates(access, since=since, today=today)[: LOOKED_AT + 1])
    looked = tasks[:LOOKED_AT]
    points = list_points([t.pk for t in looked], since=since)
    found = {t.pk: _forecast(t, points[t.pk], today=today, policy=policy) for t in looked}
    missing = sorted((t for t in looked if found[t.pk].will_miss), key=lambda t: -(found[t.pk].days_over or 0))
    lights = list_lights(missing[:SHOWN], today=today, policy=policy)
    rows = [Miss(t, lights[t.pk], found[t.pk], forecast_sentence(found[t.pk])) for t in missing[:SHOWN]]
    return Misses(rows, len(missing), len(looked), len(tasks) > LOOKED_AT)


def _forecast(task: Task, points: list[Point], *, today: date, policy: Policy) -> Forecast:
    return forecast(points, today=today, due_date=task.due_date, days=policy.forecast_days)


def _candidates(access: Access, *, since: date, today: date) -> QuerySet[Task]:
    """What may miss its date and reported lately."""
    recent = Exists(DayPercent.objects.filter(task=OuterRef("pk"), date__gt=since))
    tasks = list_visible(access).filter(may_miss(today), recent)
    return tasks.select_related("owner").order_by(F("due_date").asc(), "pk")


def may_miss(today: date) -> Q:
    """Dated work under way that is not done; what is overdue already needs no forecast."""
    moving = Q(standing__percent__lt=100, standing__submitted_date=None, standing__paused_date=None)
    return moving & Q(phase=PHASE_OPEN, state__in=[s.value for s in ACTIVE], due_date__gte=today)


def will_miss(today: date, *, policy: Policy) -> Q:
    """Tasks that may miss their date and will on their own pace; twin of rules.forecast.

    Asked of the last report: is the middle pace among those that are too slow for the rest, and not among those that
    take more than ten years? All in whole numbers, crosswise, so that nothing is rounded.
    """
    window = {"date__gt": today - timedelta(days=policy.forecast_days), "date__lte": today, "percent__isnull": False}
    left = Case(When(task__due_date__gt=today, then=Days("task__due_date", "date")), default=Value(0))
    last = DayPercent.objects.filter(task=OuterRef("pk"), **window).order_by("-date")
    last = last.annotate(left=left, rest=Scaled(Value(100) - F("percent"), scale=10000))
    return may_miss(today) & Q(Subquery(last.values(missed=Exists(_paces(window)))[:1]))


def _paces(window: dict[str, Any]) -> QuerySet[DayPercent, Any]:
    """The paces between every two reports of a task as one row, if their middle is too slow for its last report."""
    second = "task__day_percents"
    pairs = DayPercent.objects.filter(
        GreaterThan(OuterRef("rest"), 0), task=OuterRef("task"), **window,
        **{f"{second}__{name}": value for name, value in {**window, "date__gt": F("date")}.items()},
    )  # fmt: skip
    gained = Scaled(f"{second}__percent", scale=10000) - Scaled("percent", scale=10000)
    asked = OuterRef("rest") * Days(f"{second}__date", "date")
    late, far = (LessThan(gained * days, asked) for days in (OuterRef("left"), Value(FAR_DAYS)))
    counted = (
        pairs.order_by()
        .values("task")
        .annotate(pairs=Count("pk"), late=2 * Count("pk", filter=Q(late)), far=2 * Count("pk", filter=Q(far)))
    )
    return counted.filter(pairs__gte=LEAST * (LEAST - 1) // 2, late__gte=F("pairs"), far__lt=F("pairs"))


def list_forecasts(ids: Sequence[int], *, today: date, policy: Policy) -> dict[int, Forecast]:
    """The forecasts of those of these tasks that are under way and reported lately; one query."""
    since = today - timedelta(days=policy.forecast_days)
    lately = Q(task__in=list(ids), date__gt=since, date__lte=today, percent__isnull=False)
    rows = DayPercent.objects.filter(lately, task__state__in=[s.value for s in ACTIVE]).order_by("date")
    points: dict[tuple[int, date | None], list[Point]] = defaultdict(list)
    for task, due_date, on, percent in rows.values_list("task_id", "task__due_date", "date", "percent"):
        points[task, due_date].append(Point(on, percent or Decimal(0)))
    return {
        task: forecast(reports, today=today, due_date=due_date, days=policy.forecast_days)
        for (task, due_date), reports in points.items()
    }


def list_points(task_ids: list[int], *, since: date) -> dict[int, list[Point]]:
    """The days on which each task's percent changed since a day."""
    found: dict[int, list[Point]] = defaultdict(list)
    rows: Any = DayPercent.objects.filter(task__in=task_ids, date__gt=since, percent__isnull=False).order_by("date")
    for task, on, percent in rows.values_list("task_id", "date", "percent"):
        found[task].append(Point(on, percent))
    return found
