"""Keeping what every allotment comes to right, from the reading that changed up to the root, level by level.

Like standings, tallies are written after the journal's entry of the same transaction, hence by one transaction at a
time. A level costs a fixed number of statements, however many parts it has.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Func, Max, Min, Q, QuerySet, Sum, When
from django.db.models.expressions import Window
from django.db.models.functions import Coalesce, RowNumber

from luoshi.core.models import Entry
from luoshi.core.prepared import prepared
from luoshi.progress.actions.standings import GONE
from luoshi.progress.models import Coverage, Reading, Tally
from luoshi.progress.rules import tallies as rules
from luoshi.progress.rules.periods import list_periods
from luoshi.progress.rules.tallies import Figure, Method, PartSums, Sums, count_up, read
from luoshi.tasks.models import TASK_STEP, Allotment, Task
from luoshi.tasks.rules.indicators import Direction, OverUnits

CHUNK = 400  # allotments counted with one set of statements
FIGURES = (
    "value", "numerator", "denominator", "period_at", "to_date", "to_date_numerator", "to_date_denominator",
    "last_period", "last_at", "reported", "heard", "reached",
)  # fmt: skip
NODE = (
    "pk", "task", "task__parent", "task__path", "indicator", "indicator__cadence", "indicator__year",
    "indicator__over_time", "indicator__over_units", "indicator__direction", "indicator__measure", "coverage__parts",
)  # fmt: skip
Counts = dict[str, rules.Count]


@dataclass(frozen=True, slots=True)
class Node:
    """An allotment as it is counted."""

    id: int
    task_id: int
    parent_task_id: int | None
    depth: int
    indicator_id: int
    cadence: str
    year: int
    method: Method
    is_leaf: bool

    @property
    def periods(self) -> tuple[str, ...]:
        return list_periods(self.cadence, self.year)


def list_nodes(allotments: "QuerySet[Allotment]") -> list[Node]:
    """The allotments as they are counted."""
    return _nodes(allotments.order_by().values_list(*NODE))


def _nodes(rows: Iterable[Any]) -> list[Node]:
    return [
        Node(pk, task, parent, len(path or "") // TASK_STEP, indicator, cadence, year, Method(*method), not parts)
        for pk, task, parent, path, indicator, cadence, year, *method, parts in rows
    ]


def retally(nodes: Iterable[Node], *, since: str = "", structure: bool = False) -> None:
    """Count these allotments again from a period on, and whatever stands above those that changed.

    With `structure` the number of their parts is counted as well.
    """
    waiting: dict[tuple[int, int], dict[int, Node]] = defaultdict(dict)
    for node in nodes:
        waiting[(node.depth, node.indicator_id)][node.id] = node
    while waiting:
        level = list(waiting.pop(max(waiting)).values())
        for start in range(0, len(level), CHUNK):
            chunk = level[start : start + CHUNK]
            if structure:
                chunk, spread = _recover(chunk)
            changed = _recount(chunk, since=since)
            above = _list_above([n for n in chunk if n.id in changed or (structure and n.id in spread)])
            for node in above:
                waiting[(node.depth, node.indicator_id)][node.id] = node


def _list_above(nodes: Sequence[Node]) -> list[Node]:
    """The allotments that these add to; all are of one indicator."""
    parents = {n.parent_task_id for n in nodes if n.parent_task_id is not None}
    if not parents:
        return []
    return _nodes(_list_of_tasks(nodes[0].indicator_id, sorted(parents)))


@prepared
def _list_of_tasks(indicator: int, tasks: list[int]) -> QuerySet[Allotment, Any]:
    return Allotment.objects.filter(indicator=indicator, task__in=tasks).order_by().values_list(*NODE)


def _recover(nodes: Sequence[Node]) -> tuple[list[Node], set[int]]:
    """Count the parts of these again; the nodes as they are then, and the ids of those that changed."""
    stored = {
        c.allotment_id: (c.parts, c.expected) for c in Coverage.objects.filter(allotment__in=[n.id for n in nodes])
    }
    counted = _count_parts(nodes)
    rows = [Coverage(allotment_id=n.id, parts=counted[n.task_id][0], expected=counted[n.task_id][1])
            for n in nodes if n.task_id in counted and stored.get(n.id) != counted[n.task_id]]  # fmt: skip
    lost = [n.id for n in nodes if n.id in stored and n.task_id not in counted]
    if lost:
        Coverage.objects.filter(allotment__in=lost).delete()
    if rows:
        Coverage.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["allotment"], update_fields=["parts", "expected"]
        )
    found = [
        Node(n.id, n.task_id, n.parent_task_id, n.depth, n.indicator_id, n.cadence, n.year, n.method,
             n.task_id not in counted)
        for n in nodes
    ]  # fmt: skip
    return found, {row.allotment_id for row in rows} | set(lost)


def _parts_of(nodes: Sequence[Node]) -> Q:
    """What picks the parts of these allotments that count, from a table with an allotment's task and indicator."""
    return _parts_under([n.task_id for n in nodes], nodes[0].indicator_id)


def _parts_under(tasks: list[int], indicator: int) -> Q:
    return Q(task__parent__in=tasks, indicator=indicator) & ~Q(task__state__in=GONE)


def _count_parts(nodes: Sequence[Node]) -> dict[int, tuple[int, int]]:
    """How many parts and how many leaves each task has, by its id; none for a leaf."""
    rows = (
        Allotment.objects.filter(_parts_of(nodes))
        .order_by()
        .values_list("task__parent")
        .annotate(parts=Count("pk"), leaves=Sum(Coalesce("coverage__expected", 1)))
    )
    return {parent: (parts, leaves) for parent, parts, leaves in rows}


def _recount(nodes: Sequence[Node], *, since: str) -> set[int]:
    """Count these allotments of one indicator and one level; the ids of those that changed."""
    ids = [n.id for n in nodes]
    own = list_own_figures(ids, method=nodes[0].method)
    sums = _list_sums([n for n in nodes if not n.is_leaf], since=since)
    stored: dict[int, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for allotment, period, *figures in _list_stored(ids, since=since):
        stored[allotment][period] = tuple(figures)
    written: list[tuple[int, str, tuple[Any, ...]]] = []
    lost: list[tuple[int, str]] = []
    for node in nodes:
        counts = count_node(node, own[node.id], sums.get(node.task_id, {}), since=since)
        fresh = {period: columns(count) for period, count in counts.items()}
        written += [(node.id, p, row) for p, row in fresh.items() if stored[node.id].get(p) != row]
        lost += [(node.id, p) for p in stored[node.id] if p not in fresh]
    write_tallies(written)
    delete_tallies(lost)
    return {row[0] for row in written} | {allotment for allotment, _period in lost}


@prepared
def _list_stored(allotments: list[int], *, since: str) -> QuerySet[Tally, Any]:
    rows = Tally.objects.filter(allotment__in=allotments, period__gte=since).order_by()
    return rows.values_list("allotment", "period", *FIGURES)


def delete_tallies(rows: Sequence[tuple[int, str]]) -> None:
    """Take away what rests on no figure any more."""
    by_allotment: dict[int, list[str]] = defaultdict(list)
    for allotment, period in rows:
        by_allotment[allotment].append(period)
    for allotment, periods in by_allotment.items():
        Tally.objects.filter(allotment=allotment, period__in=periods).delete()


def count_node(node: Node, own: Sequence[Figure], parts: Mapping[str, PartSums], *, since: str = "") -> Counts:
    """What an allotment comes to in each period from `since` on."""
    periods = [p for p in node.periods if p >= since]
    return count_up(own, parts, periods=periods, method=node.method, is_leaf=node.is_leaf)


def write_tallies(rows: Sequence[tuple[int, str, tuple[Any, ...]]]) -> None:
    """Put these rows in place of what stands."""
    if rows:
        Tally.objects.bulk_create(
            [Tally(allotment_id=pk, period=p, **dict(zip(FIGURES, row, strict=True))) for pk, p, row in rows],
            update_conflicts=True, unique_fields=["allotment", "period"], update_fields=FIGURES, batch_size=500,
        )  # fmt: skip


def columns(count: rules.Count) -> tuple[Any, ...]:
    """A count as the columns of its tally."""
    now, so_far = count.now, count.to_date
    return (
        now and now.value, now and now.numerator, now and now.denominator, now and now.at,
        so_far.value, so_far.numerator, so_far.denominator, so_far.period, so_far.at,
        count.reported, count.heard, count.reached,
    )  # fmt: skip


def list_own_figures(ids: Sequence[int], *, method: Method) -> dict[int, list[Figure]]:
    """The readings that count, by allotment, in the order of their periods."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for pk, period, at, value, numerator, denominator in _list_readings(list(ids)):
        found[pk].append(
            read(period, at, value=value, numerator=numerator, denominator=denominator, method=method)
        )  # fmt: skip
    return found


@prepared
def _list_readings(allotments: list[int]) -> QuerySet[Reading, Any]:
    rows = Reading.objects.filter(allotment__in=allotments, replaced_at__isnull=True).order_by("allotment", "period")
    return rows.values_list("allotment", "period", "at", "value", "numerator", "denominator")


class _Exact(Func):
    """A figure as a whole number of ten-thousandths, so that both databases add up exactly."""

    output_field = BigIntegerField()
    template = "CAST(ROUND(%(expressions)s * 10000) AS BIGINT)"


def _list_sums(nodes: Sequence[Node], *, since: str) -> dict[int, dict[str, PartSums]]:
    """What the parts of these tasks add up to from a period on, by task and period."""
    if not nodes:
        return {}
    method = nodes[0].method
    tasks, indicator = [n.task_id for n in nodes], nodes[0].indicator_id
    rows: Iterable[dict[str, Any]] = _list_added_up(tasks, indicator, since=since, method=method)
    found: dict[int, dict[str, PartSums]] = defaultdict(dict)
    for row in rows:
        now = _sums(row, "now", parts=row["n_now"], period=row["period"], at=row["newest_now"])
        ever = _sums(row, "ever", parts=row["n"], period=row["newest"], at=row["newest_at"])
        place = found[row["allotment__task__parent"]]
        place[row["period"]] = PartSums(now, ever, row["spoken"], row["spoken_ever"])
    if method.over_units == OverUnits.LAST:
        return _with_last(found, _tallies_of_parts(tasks, indicator, since))
    return found


def _tallies_of_parts(tasks: list[int], indicator: int, since: str) -> "QuerySet[Tally]":
    chosen = Allotment.objects.filter(_parts_under(tasks, indicator)).order_by().values("pk")
    return Tally.objects.filter(allotment__in=chosen, period__gte=since).order_by()


@prepared
def _list_added_up(tasks: list[int], indicator: int, *, since: str, method: Method) -> QuerySet[Tally, Any]:
    parts: QuerySet[Tally, Any] = _tallies_of_parts(tasks, indicator, since)
    return parts.values("allotment__task__parent", "period").annotate(
        n=Count("pk"), spoken=Sum("reported"), spoken_ever=Sum("heard"), newest=Max("last_period"),
        newest_at=Max("last_at"), n_now=Count("period_at"), newest_now=Max("period_at"),
        **_aggregates("now", "value", "numerator", "denominator", method),
        **_aggregates("ever", "to_date", "to_date_numerator", "to_date_denominator", method),
    )  # fmt: skip


def _aggregates(prefix: str, value: str, numerator: str, denominator: str, method: Method) -> dict[str, Any]:
    """What the operator needs of one of the two values; how many reached their target always."""
    given = Q(**{f"{value}__isnull": False})
    wanted: dict[str, Any] = {"valued": Count(value), "done": Count(Case(When(_reaches(value, method), then=1)))}
    if method.over_units == OverUnits.SUM:
        wanted["total"] = Sum(_Exact(value))
    elif method.over_units == OverUnits.MEAN:
        wanted["weighted"] = Sum(F(value) * F("allotment__weight"))
        wanted["weight"] = Sum("allotment__weight", filter=given)
    elif method.over_units == OverUnits.RATIO:
        wanted |= {"numerator": Sum(_Exact(numerator)), "denominator": Sum(_Exact(denominator))}
    elif method.over_units in (OverUnits.MIN, OverUnits.MAX):
        wanted |= {"least": Min(value), "most": Max(value)}
    return {f"{prefix}_{name}": expression for name, expression in wanted.items()}


def _reaches(value: str, method: Method) -> Q:
    """Twin of tasks.rules.indicators.is_reached."""
    target, ceiling = F("allotment__target"), F("allotment__ceiling")
    if method.direction == Direction.DOWN:
        return Q(**{f"{value}__lte": target})
    if method.direction == Direction.UP:
        return Q(**{f"{value}__gte": target})
    above = Q(allotment__target__isnull=True) | Q(**{f"{value}__gte": target})
    below = Q(allotment__ceiling__isnull=True) | Q(**{f"{value}__lte": ceiling})
    bounded = Q(allotment__target__isnull=False) | Q(allotment__ceiling__isnull=False)
    return Q(**{f"{value}__isnull": False}) & above & below & bounded


def _sums(row: dict[str, Any], prefix: str, *, parts: int, period: str, at: Any) -> Sums:
    def exact(name: str) -> Decimal:
        return Decimal(int(row.get(f"{prefix}_{name}") or 0)).scaleb(-4)

    def product(name: str) -> Decimal:
        return Decimal(row.get(f"{prefix}_{name}") or 0).quantize(Decimal("0.00000001"))

    return Sums(
        parts=parts, valued=row[f"{prefix}_valued"], total=exact("total"), weighted=product("weighted"),
        weight=product("weight"), numerator=exact("numerator"), denominator=exact("denominator"),
        least=row.get(f"{prefix}_least"), most=row.get(f"{prefix}_most"), done=row[f"{prefix}_done"],
        period=period if parts else "", at=at,
    )  # fmt: skip


def _with_last(found: dict[int, dict[str, PartSums]], parts: "QuerySet[Tally]") -> dict[int, dict[str, PartSums]]:
    """The same, with the value of the part that said last in each period and to date."""
    for stream, value, order in (
        ("now", "value", ("-period_at", "-allotment")),
        ("to_date", "to_date", ("-last_period", "-last_at", "-allotment")),
    ):
        given = parts.filter(period_at__isnull=False) if stream == "now" else parts
        place = Window(RowNumber(), partition_by=["allotment__task__parent", "period"], order_by=order)
        rows = given.annotate(place=place).filter(place=1).values_list(
            "allotment__task__parent", "period", value, "period_at" if stream == "now" else "last_at", "last_period",
            "allotment",
        )  # fmt: skip
        for parent, period, last_value, at, newest, part in rows:
            sums = found[parent][period]
            key = (period if stream == "now" else newest, at, part)
            last = replace(getattr(sums, stream), last=key, last_value=last_value)
            found[parent][period] = replace(sums, **{stream: last})
    return found


def keep_tallies(entry: Entry) -> None:
    """Listener: count again what allotments come to after tasks came, went, moved, or owe something else."""
    data = entry.data
    if entry.verb == "edit_indicator":
        retally(list_nodes(Allotment.objects.filter(indicator=data["indicator"])), structure=True)
        return
    if entry.verb in ("cascade_task", "cascade_tasks"):
        ids = [parent for parent, *_keys in data.get("parts", ())] or [int(entry.subject_id)]
    else:
        ids = data.get("task_ids") or ([int(entry.subject_id)] if entry.subject_type == "task" else [])
    nodes: dict[int, Node] = {}
    for chunk in _chunks([*ids, *data.get("parent_ids", ())]):
        nodes |= {n.id: n for n in list_nodes(Allotment.objects.filter(task__in=chunk))}
        parents = Task.objects.filter(pk__in=chunk, parent__isnull=False).values("parent")
        nodes |= {n.id: n for n in list_nodes(Allotment.objects.filter(task__in=parents))}
    if nodes:
        retally(nodes.values(), structure=True)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


__all__ = ["Node", "keep_tallies", "list_nodes", "retally"]
