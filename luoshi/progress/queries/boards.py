"""Reading an indicator: its board of parts by periods, the way back up, and its summary on other pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from luoshi.core.prepared import first, prepared
from luoshi.orgs.rules import Access
from luoshi.progress.models import Confirmation, Coverage, Reading, Tally
from luoshi.progress.rules.gaps import Gap, measure_gap
from luoshi.progress.rules.periods import current_period, list_periods, period_end, period_start
from luoshi.progress.rules.plots import Plot, plot_year
from luoshi.tasks.models import LEADING_ROLES, TASK_STEP, Allotment, Duty, Indicator, PeriodTarget, Task
from luoshi.tasks.queries import get_task_and_facts, list_visible
from luoshi.tasks.rules.access import TaskFacts
from luoshi.tasks.rules.indicators import OverUnits
from luoshi.tasks.rules.states import State

GONE = [State.MERGED.value, State.TRANSFERRED.value, State.WITHDRAWN.value]
PARTS = 60  # of them on one page of a board
NAMES = 8  # missing units that are named


@dataclass(frozen=True, slots=True)
class Cell:
    """One period of one part. `state` is given, missing, none (before the part began) or ahead (not yet begun)."""

    period: str
    state: str
    value: Decimal | None = None
    to_date: Decimal | None = None
    reported: int = 0
    expected: int = 1
    corrected: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A part of an indicator with its year; `is_seen` says whether the reader may open it."""

    allotment_id: int
    name: str
    target: Decimal | None
    is_leaf: bool
    cells: tuple[Cell, ...]
    to_date: Decimal | None = None
    is_seen: bool = False
    reported: int = 0
    expected: int = 1


@dataclass(frozen=True, slots=True)
class Crumb:
    """A level above, on the way back up."""

    allotment_id: int
    name: str
    is_seen: bool


@dataclass(slots=True)
class Facts:
    """What the tables hold about some allotments of one indicator, by allotment and period."""

    tallies: dict[int, dict[str, Tally]] = field(default_factory=dict)
    targets: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    expected: dict[int, int] = field(default_factory=dict)
    corrected: set[tuple[int, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Summary:
    """How an allotment stands: on the task's page and in the list of indicators."""

    allotment: Allotment
    name: str
    period: str
    to_date: Decimal | None
    gap: Gap | None
    pace: Decimal | None
    reported: int
    expected: int
    plot: Plot
    has_parts: bool
    sheet: int | None = None

    @property
    def indicator(self) -> Indicator:
        return self.allotment.indicator


def get_allotment_for(access: Access, *, id: int, to: str = "see") -> Allotment:
    """The allotment with its indicator and task, through the task's gate. Raises Http404, NotAllowed."""
    return get_allotment_and_facts(access, id=id, to=to)[0]


def get_allotment_and_facts(access: Access, *, id: int, to: str = "see") -> tuple[Allotment, TaskFacts]:
    """The allotment and what the access rules know of its task, through the same gate."""
    found = first(_list_whole(id))
    if found is None:
        raise Http404
    found.task, facts = get_task_and_facts(access, id=found.task_id, to=to)
    return found, facts


@prepared
def _list_whole(id: int) -> QuerySet[Allotment]:
    return Allotment.objects.select_related("indicator__owner").filter(pk=id)


def periods_of(indicator: Indicator) -> tuple[str, ...]:
    """The periods of the indicator's year."""
    return list_periods(indicator.cadence, indicator.year)


def period_of(indicator: Indicator, day: date) -> str:
    """The period a day belongs to, or the nearest of the indicator's year."""
    periods = periods_of(indicator)
    now = current_period(indicator.cadence, day)
    return now if now in periods else periods[-1 if day.year > indicator.year else 0]


def list_parts_of(allotment: Allotment) -> QuerySet[Allotment]:
    """The allotments one level below that count, in the order in which they were given."""
    parts = Allotment.objects.filter(indicator=allotment.indicator_id, task__parent=allotment.task_id)
    return parts.exclude(task__state__in=GONE).order_by("pk")


def read_facts(ids: Sequence[int]) -> Facts:
    """Tallies, targets, coverage and corrections of these allotments; four queries."""
    facts = Facts()
    for tally in Tally.objects.filter(allotment__in=ids):
        facts.tallies.setdefault(tally.allotment_id, {})[tally.period] = tally
    rows = PeriodTarget.objects.filter(allotment__in=ids).values_list("allotment", "period", "value")
    for pk, period, value in rows:
        facts.targets.setdefault(pk, {})[period] = value
    facts.expected = dict(Coverage.objects.filter(allotment__in=ids).values_list("allotment_id", "expected"))
    replaced = Reading.objects.filter(allotment__in=ids, replaced_at__isnull=False).order_by()
    facts.corrected = set(replaced.values_list("allotment_id", "period").distinct())
    return facts


def list_lead_names(tasks: Iterable[int]) -> dict[int, str]:
    """The lead units of these tasks by their short names."""
    duties = Duty.objects.filter(task__in=list(tasks), role__in=LEADING_ROLES, unit__isnull=False).order_by("pk")
    names: dict[int, list[str]] = defaultdict(list)
    for task, short, name in duties.values_list("task_id", "unit__short_name", "unit__name"):
        names[task].append(short or name or "")
    return {task: "、".join(found) for task, found in names.items()}


def locked_until(allotment: Allotment, *, own: bool = False) -> str:
    """The last period that a level above (or, when `own`, this one too) has confirmed; empty when none has."""
    path = allotment.task.path or ""
    ids = [int(path[n : n + TASK_STEP]) for n in range(0, len(path), TASK_STEP)]
    above = ids if own else ids[:-1]
    confirmed = Confirmation.objects.filter(
        allotment__indicator=allotment.indicator_id, allotment__task__in=above, reopened_at__isnull=True
    )
    return max(confirmed.values_list("period", flat=True), default="")


def make_line(
    allotment: Allotment,
    facts: Facts,
    *,
    name: str,
    today: date,
    locked: str = "",
    is_seen: bool = False,
    is_leaf: bool = True,
) -> Line:
    """One part's year, cell by cell."""
    tallies, pk = facts.tallies.get(allotment.pk, {}), allotment.pk
    expected = facts.expected.get(pk, 0 if not is_leaf else 1)
    cells = []
    for period in periods_of(allotment.indicator):
        found = tallies.get(period)
        cells.append(
            Cell(
                period=period, state=_state(allotment, period, found, today=today),
                value=found.value if found else None, to_date=_to_date(found, period),
                reported=found.reported if found else 0, expected=expected,
                corrected=(pk, period) in facts.corrected, locked=period <= locked,
            )
        )  # fmt: skip
    now = tallies.get(period_of(allotment.indicator, today))
    last = next((c for c in cells if now and c.period == now.last_period), None)
    return Line(
        pk, name, allotment.target, is_leaf, tuple(cells), to_date=now.to_date if now else None, is_seen=is_seen,
        reported=last.reported if last else 0, expected=expected,
    )  # fmt: skip


def _to_date(tally: Tally | None, period: str) -> Decimal | None:
    """The value to date by a period; not carried on into periods after the last that was read."""
    return tally.to_date if tally and period <= tally.last_period else None


def _state(allotment: Allotment, period: str, tally: Tally | None, *, today: date) -> str:
    if tally is not None and tally.value is not None:
        return "given"
    end = period_end(period)
    if period_start(allotment.indicator.cadence, end) > today:
        return "ahead"
    start = allotment.task.start_date
    return "none" if start is not None and end < start else "missing"


def summarise(
    allotment: Allotment,
    facts: Facts,
    *,
    today: date,
    name: str = "",
    has_parts: bool = False,
    sheet: int | None = None,
) -> Summary:
    """How an allotment stands by the newest period that was read."""
    indicator, pk = allotment.indicator, allotment.pk
    tallies, targets = facts.tallies.get(pk, {}), facts.targets.get(pk, {})
    now = tallies.get(period_of(indicator, today))
    period = now.last_period if now else ""
    last = tallies.get(period)
    to_date = last.to_date if last else None
    return Summary(
        allotment=allotment, name=name, period=period, to_date=to_date, has_parts=has_parts, sheet=sheet,
        gap=gap_to_date(allotment, to_date, targets, period=period), pace=pace_of(allotment, to_date),
        reported=last.reported if last else 0, expected=facts.expected.get(pk, 0 if has_parts else 1),
        plot=plot_allotment(allotment, facts),
    )  # fmt: skip


def plot_allotment(allotment: Allotment, facts: Facts) -> Plot:
    """The allotment's year as a drawing."""
    actual = {p: _to_date(t, p) for p, t in facts.tallies.get(allotment.pk, {}).items()}
    target: dict[str, Decimal | None] = dict(facts.targets.get(allotment.pk, {}))
    return plot_year(periods_of(allotment.indicator), actual=actual, target=target)


def gap_to_date(
    allotment: Allotment, to_date: Decimal | None, targets: dict[str, Decimal], *, period: str
) -> Gap | None:
    """The distance of the value to date to the path by that period."""
    return measure_gap(
        to_date, target=targets.get(period), ceiling=allotment.ceiling, direction=allotment.indicator.direction
    )


def pace_of(allotment: Allotment, to_date: Decimal | None) -> Decimal | None:
    """The value to date in percent of the year's target, where more is better and there is one."""
    if to_date is None or not allotment.target or allotment.target < 0 or allotment.indicator.direction != "up":
        return None
    return to_date / allotment.target * 100


def list_summaries(task: Task, *, today: date, sheets: frozenset[int] = frozenset()) -> list[Summary]:
    """The indicators of a task, the main one first; five queries. `sheets` are units that the reader reports for."""
    rows = _list_owed_by(task.pk)
    if not rows:
        return []
    rows.sort(key=lambda a: (not a.indicator.is_main, a.indicator_id))
    for row in rows:
        row.task = task
    facts = read_facts([row.pk for row in rows])
    found = []
    for row in rows:
        has_parts = row.pk in facts.expected
        sheet = min(sheets) if sheets and not has_parts else None
        found.append(summarise(row, facts, today=today, has_parts=has_parts, sheet=sheet))
    return found


@prepared
def _list_owed_by(task: int) -> QuerySet[Allotment]:
    return Allotment.objects.select_related("indicator").filter(task=task).order_by("pk")


def list_indicators_for(access: Access, *, units: Iterable[int], q: str = "") -> QuerySet[Allotment]:
    """What the reader's units keep (whole indicators) or owe (their own part), as one list by name."""
    owes = Duty.objects.filter(task=OuterRef("task"), unit__in=list(units), role__in=LEADING_ROLES)
    tops = Allotment.objects.filter(task__in=list_visible(access)).exclude(task__state__in=GONE)
    parent = Allotment.objects.filter(indicator=OuterRef("indicator"), task=OuterRef("task__parent"))
    found = tops.filter(Exists(owes) | ~Exists(parent)).select_related("indicator__owner", "task")
    if q:
        found = found.filter(Q(indicator__name__icontains=q) | Q(task__title__icontains=q))
    return found.order_by("-indicator__year", "indicator__name", "pk")


def list_missing_names(allotment: Allotment, period: str) -> list[str]:
    """The parts with leaves that have not reported the period: the first few, then how many more."""
    complete = Tally.objects.filter(allotment=OuterRef("pk"), period=period, reported__gt=0)
    missing = list_parts_of(allotment).filter(~Exists(complete))
    tasks = list(missing.values_list("task_id", flat=True)[: NAMES + 1])
    names = list_lead_names(tasks[:NAMES])
    shown = [names.get(task, "—") for task in tasks[:NAMES]]
    return [*shown, f"+{missing.count() - NAMES}"] if len(tasks) > NAMES else shown


def sum_targets(allotment: Allotment) -> tuple[Decimal | None, dict[str, Decimal]]:
    """Σ of the parts' targets for the year and for each period, over all parts whatever the page shows."""
    parts = list_parts_of(allotment).order_by()
    year = parts.aggregate(sum=Sum("target"))["sum"]
    rows: Any = PeriodTarget.objects.filter(allotment__in=parts).order_by().values_list("period")
    return year, dict(rows.annotate(sum=Sum("value")))


def adds_up(indicator: Indicator) -> bool:
    """Do the parts' targets add up to the whole's, so that their sum means something?"""
    return indicator.over_units == OverUnits.SUM
