"""What a task owes of its indicators, as giving it down needs it, and what the sums of its parts come to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from luoshi.orgs.queries import get_figures
from luoshi.tasks.models import Allotment, PeriodTarget, Task
from luoshi.tasks.rules.cascade import ParentFacts
from luoshi.tasks.rules.indicators import Direction, OverUnits
from luoshi.tasks.rules.measures import Measure
from luoshi.tasks.rules.states import GONE


def list_measures(task: Task) -> list[Measure]:
    """The task's indicators, the one that measures it first; four queries at most, one for a task without any."""
    rows = Allotment.objects.filter(task=task).select_related("indicator").order_by("-indicator__is_main", "indicator")
    allotments = list(rows.prefetch_related("period_targets"))
    if not allotments:
        return []
    given = dict(
        _list_parts(task).values("indicator").annotate(total=Sum("target")).values_list("indicator", "total").order_by()
    )
    paths = _list_given_paths(task) if any(given.values()) else {}
    return [_measure(row, given.get(row.indicator_id), paths.get(row.indicator_id, {})) for row in allotments]


def _list_parts(task: Task) -> QuerySet[Allotment]:
    return Allotment.objects.filter(task__parent=task).exclude(task__state__in=GONE)


def _list_given_paths(task: Task) -> dict[int, dict[str, Decimal]]:
    """Per indicator and period, what the parts that were given before should have reached together."""
    rows = PeriodTarget.objects.filter(allotment__in=_list_parts(task).order_by()).order_by()
    sums = rows.values("allotment__indicator", "period").annotate(total=Sum("value"))
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for indicator, period, total in sums.values_list("allotment__indicator", "period", "total"):
        found[indicator][period] = total
    return found


def _measure(row: Allotment, given: Decimal | None, given_path: Mapping[str, Decimal]) -> Measure:
    indicator = row.indicator
    path = sorted((target.period, target.value) for target in row.period_targets.all())
    return Measure(
        indicator_id=indicator.pk, name=indicator.name, measure=indicator.measure, places=indicator.places,
        direction=indicator.direction, over_units=indicator.over_units, base=indicator.base, is_main=indicator.is_main,
        target=row.target, ceiling=row.ceiling, path=tuple(path), given=given or Decimal(0), given_path=given_path,
    )  # fmt: skip


def get_main(measures: Sequence[Measure]) -> Measure | None:
    """The indicator that measures the task itself, if there is one with a target."""
    return next((m for m in measures if m.is_main and m.target is not None), None)


def list_bases(measures: Sequence[Measure], unit_ids: Collection[int], *, year: int) -> dict[str, list[Decimal | None]]:
    """The units' figures that the indicators name as base, in the order of the units; one query, none without bases."""
    names = {measure.base for measure in measures if measure.base}
    figures = get_figures(unit_ids, names=names, year=year) if names else {}
    none: list[Decimal | None] = [None] * len(unit_ids)
    return {"": none} | {
        name: [found.value if (found := figures.get(pk, {}).get(name)) else None for pk in unit_ids] for name in names
    }


@dataclass(frozen=True, slots=True)
class SumRow:
    """A target beside what the parts' targets come to: `gap` is below zero where they fall short."""

    label: str
    whole: Decimal
    parts: Decimal

    @property
    def gap(self) -> Decimal:
        return self.parts - self.whole


@dataclass(frozen=True, slots=True)
class Division:
    """分解合计: Σ of the parts against the task, and period by period; `without` parts have no target of their own."""

    name: str
    measure: str
    is_less: bool
    count: int
    without: int
    total: SumRow
    periods: tuple[SumRow, ...] = ()


def list_part_sums(ids: Collection[int]) -> dict[int, SumRow]:
    """Σ of the parts beside the target, for those of the tasks whose target is divided; the label is its measure.

    Two queries where none of them has one, and one more for each kind of target.
    """
    if not ids:
        return {}
    main = Allotment.objects.filter(task__in=ids, indicator__is_main=True, target__isnull=False).order_by()
    owed = main.values_list("task_id", "target", "indicator__measure", "indicator__over_units")
    measured = {pk: (target, measure, over) for pk, target, measure, over in owed}
    named = Task.objects.filter(pk__in=ids, target_value__isnull=False).order_by()
    plain = {
        pk: (target, unit)
        for pk, target, unit in named.values_list("pk", "target_value", "target_unit")
        if pk not in measured and ParentFacts(target_unit=unit).is_divided
    }
    summed = _sum_owed([pk for pk, (_target, _measure, over) in measured.items() if over == OverUnits.SUM])
    found = {pk: SumRow(measured[pk][1], measured[pk][0] or Decimal(0), total) for pk, total in summed.items()}
    divided = _sum_targets(list(plain))
    return found | {pk: SumRow(plain[pk][1], plain[pk][0] or Decimal(0), total) for pk, total in divided.items()}


def _sum_owed(ids: Sequence[int]) -> dict[int, Decimal]:
    parts = Allotment.objects.filter(task__parent__in=ids, indicator__is_main=True, target__isnull=False).order_by()
    sums = parts.exclude(task__state__in=GONE).values("task__parent").annotate(total=Sum("target"))
    return {pk or 0: total for pk, total in sums.values_list("task__parent", "total")} if ids else {}


def _sum_targets(ids: Sequence[int]) -> dict[int, Decimal]:
    parts = Task.objects.filter(parent__in=ids, target_value__isnull=False).exclude(state__in=GONE)
    sums = parts.order_by().values("parent").annotate(total=Sum("target_value"))
    return {pk or 0: total for pk, total in sums.values_list("parent", "total")} if ids else {}


def list_divisions(task: Task) -> list[Division]:
    """For each target of the task that was divided, what its parts come to; at most five queries."""
    measures = [m for m in list_measures(task) if m.adds_up and m.target is not None]
    found = [division for measure in measures if (division := _divided_measure(task, measure))]
    if measures or task.target_value is None:
        return found
    parts = Task.objects.filter(parent=task).exclude(state__in=GONE)
    sums = parts.aggregate(total=Sum("target_value"), count=Count("pk"), own=Count("target_value"))
    if sums["total"] is None:
        return []
    total = SumRow("", task.target_value, sums["total"])
    less = task.target_op.startswith("<")
    return [Division("", task.target_unit, less, sums["count"], sums["count"] - sums["own"], total)]


def _divided_measure(task: Task, measure: Measure) -> Division | None:
    parts = _list_parts(task).filter(indicator=measure.indicator_id)
    sums = parts.aggregate(count=Count("pk"), own=Count("target"))
    if not sums["own"] or measure.target is None:
        return None
    given: dict[str, Decimal] = defaultdict(Decimal)
    if measure.path:
        rows = PeriodTarget.objects.filter(allotment__in=parts.order_by()).order_by().values("period")
        given |= dict(rows.annotate(total=Sum("value")).values_list("period", "total"))
    return Division(
        measure.name, measure.measure, measure.direction == Direction.DOWN, sums["count"],
        sums["count"] - sums["own"], SumRow("", measure.target, measure.given),
        tuple(SumRow(period, value, given[period]) for period, value in measure.path),
    )  # fmt: skip
