"""What dispatching parts, or changing dispatched ones, asks of units beyond what was asked from above."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from luoshi.orgs.models import Unit
from luoshi.tasks.models import LEADING_ROLES, Allotment, Duty, Task
from luoshi.tasks.queries.inflating import explain_raises, get_limits
from luoshi.tasks.rules.cascade import ParentFacts
from luoshi.tasks.rules.indicators import Direction, OverUnits
from luoshi.tasks.rules.inflation import Asked, Given, Raise, find_growth, harder
from luoshi.tasks.rules.states import BEFORE_DISPATCH, GONE

CHUNK = 500
NOT_ASKED = [state.value for state in (*BEFORE_DISPATCH, *GONE)]  # parts that ask nothing of anybody
OWED = "owed"  # among the changes of a task, what it is to owe of the main indicator


@dataclass(frozen=True, slots=True)
class Growth:
    """What parts of one task are asked beyond it by an act; the parts of the raises are tasks.

    `asked` and `given` are its target and what all its parts come to then, where they add up.
    """

    parent: Task
    raises: tuple[Raise, ...]
    parts: Mapping[int, Task]
    asked: Decimal | None = None
    given: Decimal | None = None
    measure: str = ""
    ratio: Decimal | None = None

    def giver_of(self, part: int | None) -> Unit:
        """In whose name a part is given; of all together, the first."""
        return (self.parts[part] if part is not None else next(iter(self.parts.values()))).owner


def list_growth(
    tasks: Sequence[Task], *, today: date, changes: Mapping[int, Mapping[str, Any]] | None = None
) -> list[Growth]:
    """Above by above, what dispatching the tasks asks beyond it; with `changes` (fields by task) what these add.

    Steps of the work of those who lead the task above are no tier below it and are left out, as are changes of what is
    not dispatched. A handful of queries for each CHUNK of tasks with something above, none for those without.
    """
    low = [task for task in tasks if task.parent_id and (changes is None or task.state not in NOT_ASKED)]
    families: dict[int, list[Task]] = defaultdict(list)
    for task in low:
        families[task.parent_id or 0].append(task)
    found: list[Growth] = []
    keys = list(families)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found += _Families(chunk, [t for key in chunk for t in families[key]], changes=changes, today=today).list()
    return found


@dataclass(frozen=True, slots=True)
class _Scale:
    """In what the parts of a task are measured: its main indicator, or its own target."""

    facts: ParentFacts
    summed: bool
    less: bool
    indicator: int | None = None


@dataclass(slots=True)
class _Families:
    """Tasks with their parts, read at once."""

    keys: Sequence[int]
    tasks: Sequence[Task]
    changes: Mapping[int, Mapping[str, Any]] | None
    today: date
    parents: dict[int, Task] = field(default_factory=dict)
    targets: dict[int, Decimal | None] = field(default_factory=dict)
    scales: dict[int, _Scale] = field(default_factory=dict)
    others: dict[int, Decimal] = field(default_factory=dict)

    def list(self) -> list[Growth]:
        self.parents = Task.objects.select_related("owner").in_bulk(self.keys)
        self.tasks = _list_below(self.tasks, self.parents.values())
        if not self.tasks:
            return []
        self.keys = list(dict.fromkeys(task.parent_id or 0 for task in self.tasks))
        self._read_targets()
        return [self._growth(self.parents[key]) for key in self.keys]

    def _read_targets(self) -> None:
        """What the tasks above and their parts owe: of the main indicator where there is one."""
        above = Allotment.objects.filter(task__in=self.keys, indicator__is_main=True, target__isnull=False)
        rows = {row.task_id: row for row in above.select_related("indicator")}
        for key in self.keys:
            self.scales[key] = _scale(self.parents[key], rows.get(key))
        self.targets = {task.pk: _own_target(task, self.scales[task.parent_id or 0]) for task in self.tasks}
        if rows:
            own = Allotment.objects.filter(task__in=[task.pk for task in self.tasks], indicator__is_main=True)
            self.targets |= {pk: target for pk, target in own.values_list("task", "target") if target is not None}
        if any(target is not None for target in self.targets.values()):
            self._add_others()

    def _add_others(self) -> None:
        """What those parts hold that do not change."""
        rest = Task.objects.filter(parent__in=self.keys).exclude(state__in=NOT_ASKED)
        rest = rest.exclude(pk__in=[task.pk for task in self.tasks])
        plain = rest.order_by().values("parent").annotate(total=Sum("target_value"))
        self.others = {key or 0: total or Decimal(0) for key, total in plain.values_list("parent", "total")}
        if any(scale.indicator for scale in self.scales.values()):
            owed = Allotment.objects.filter(task__in=rest.order_by().values("pk"), indicator__is_main=True).order_by()
            sums = owed.values("task__parent").annotate(total=Sum("target")).values_list("task__parent", "total")
            measured = {key or 0: total for key, total in sums if self.scales[key or 0].indicator}
            self.others |= {key: Decimal(0) for key in self.keys if self.scales[key].indicator}
            self.others |= {key: total or Decimal(0) for key, total in measured.items()}

    def _growth(self, parent: Task) -> Growth:
        scale, own = self.scales[parent.pk], [task for task in self.tasks if task.parent_id == parent.pk]
        before = [] if self.changes is None else [self._given(task) for task in own]
        after = [self._given(task, changed=True) for task in own]
        asked = self._asked(parent, scale)
        raises = find_growth(
            asked, before=before, after=after, limits=get_limits(), others=self.others.get(parent.pk, Decimal(0))
        )
        parts = {task.pk: task for task in own}
        values = [given.target for given in after if given.target is not None]
        if not values or not scale.summed or asked.target is None:
            return Growth(parent, raises, parts)
        total = sum(values, self.others.get(parent.pk, Decimal(0)))
        ratio = harder(asked.target, total, less=scale.less)
        return Growth(parent, raises, parts, asked.target, total, scale.facts.target_unit, ratio)

    def _asked(self, parent: Task, scale: _Scale) -> Asked:
        """As it stands once the act is done: what is changed above counts too."""
        new = (self.changes or {}).get(parent.pk, {})
        target = new.get(OWED, scale.facts.target_value)
        return Asked(
            target=target, less=scale.less, summed=scale.summed, start_date=parent.start_date or self.today,
            due_date=new.get("due_date", parent.due_date), cadence=new.get("cadence", parent.cadence),
            words=f"{parent.requirement}\n{parent.standard}",
        )  # fmt: skip

    def _given(self, task: Task, *, changed: bool = False) -> Given:
        new: Mapping[str, Any] = (self.changes or {}).get(task.pk, {}) if changed else {}
        words = (new.get(name, getattr(task, name)) for name in ("requirement", "standard"))
        target = new.get(OWED, self.targets[task.pk])
        if "target_value" in new and self.targets[task.pk] is not None:
            target = new["target_value"]
        return Given(
            task.pk, target, new.get("due_date", task.due_date),
            new.get("cadence", task.cadence), "\n".join(words),
        )  # fmt: skip


def _list_below(tasks: Sequence[Task], parents: Iterable[Task]) -> list[Task]:
    """Those tasks that somebody else than the leads of the task above is to do; one query."""
    ids = [*(task.pk for task in tasks), *(parent.pk for parent in parents)]
    leads: dict[int, set[tuple[int | None, str]]] = defaultdict(set)
    duties = Duty.objects.filter(task__in=ids, role__in=LEADING_ROLES).order_by()
    for pk, unit, selector, name in duties.values_list("task", "unit", "selector", "written_name"):
        leads[pk].add((unit, "" if unit else selector or name))
    return [task for task in tasks if leads[task.pk] - leads[task.parent_id or 0]]


def _scale(parent: Task, main: Allotment | None) -> _Scale:
    if main is None:
        facts = ParentFacts(parent.target_op, parent.target_value, parent.target_unit)
        return _Scale(facts, facts.is_divided, parent.target_op.startswith("<"))
    less = main.indicator.direction == Direction.DOWN
    facts = ParentFacts("<=" if less else ">=", main.target, main.indicator.measure)
    return _Scale(facts, main.indicator.over_units == OverUnits.SUM, less, main.indicator_id)


def _own_target(task: Task, scale: _Scale) -> Decimal | None:
    """The target written on the part, if it is in the measure of the task above."""
    return task.target_value if task.target_unit == scale.facts.target_unit else None


def explain_growth(found: Sequence[Growth]) -> list[str]:
    """One sentence for each thing, with the task above named where there are several; one query."""
    ids = [raised.part for growth in found for raised in growth.raises if raised.part is not None]
    names = {task.pk: task.title for growth in found for task in growth.parts.values()}
    leads = Duty.objects.filter(task__in=ids[:CHUNK], role__in=LEADING_ROLES, unit__isnull=False)
    names |= {duty.task_id: str(duty.unit) for duty in leads.select_related("unit").order_by("-pk")}
    several = sum(1 for growth in found if growth.raises) > 1
    return [
        f"“{growth.parent.title}”: {words}" if several else words
        for growth in found
        for words in explain_raises(growth.raises, names=names)
    ]
