"""What each unit of a whole group would take over of a task: worked out once for the preview and for the act."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from luoshi.core.bulk import CHUNK
from luoshi.orgs.models import Unit, UnitQuerySet
from luoshi.tasks.models import Task
from luoshi.tasks.queries.cascading import get_parent_facts
from luoshi.tasks.queries.dividing import Method, divide_target
from luoshi.tasks.queries.inflating import explain_raises, get_asked, get_limits
from luoshi.tasks.queries.measures import get_main, list_measures
from luoshi.tasks.rules.cascade import ParentFacts, Share
from luoshi.tasks.rules.division import places_of, weights_of
from luoshi.tasks.rules.inflation import Given, Raise, find_raises
from luoshi.tasks.rules.measures import Measure

MOST_DIVIDED = 50_000  # units among which a target is divided at once; alike parts have no limit


@dataclass(frozen=True, slots=True)
class Portions:
    """The parts of one task: the units that hold none yet, in the order of the directory, and their targets.

    Without `targets` the parts have none of their own. `fault` says why it cannot be given so, `raises` in what more
    would be asked than was asked from above.
    """

    task: Task
    units: "array[int]"
    facts: ParentFacts
    measures: Sequence[Measure] = ()
    targets: Sequence[Decimal] = ()
    raises: tuple[Raise, ...] = ()
    notes: tuple[str, ...] = ()
    fault: str = ""

    @property
    def total(self) -> Decimal | None:
        """What all parts come to, with those given before, where they add up."""
        if not self.targets or not self.facts.is_divided:
            return None
        return sum(self.targets, self.facts.given_value)

    @property
    def lowest(self) -> Decimal | None:
        return min(self.targets, default=None)

    @property
    def highest(self) -> Decimal | None:
        return max(self.targets, default=None)

    def list_shares(self) -> Iterator[Share]:
        """Share by share; where a target was divided a part weighs what its target is."""
        if not self.targets:
            yield from (Share(pk) for pk in self.units)
            return
        whole = self.facts.target_value or Decimal(0)
        divided = self.facts.is_divided and whole > 0 and any(self.targets)
        weights = weights_of(dict(zip(self.units, self.targets, strict=True)), whole=whole) if divided else {}
        for pk, target in zip(self.units, self.targets, strict=True):
            yield Share(pk, target_value=target, weight=weights.get(pk, Decimal(1)).quantize(Decimal("0.001")))


@dataclass(slots=True)
class Group:
    """The units that tasks are given to, read once for all of them."""

    units: UnitQuerySet
    method: Method | None
    today: date
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    by_key: dict[int, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ordered = self.units.order_by("path")
        self.keys = array("q", ordered.values_list("pk", flat=True).iterator(chunk_size=CHUNK))

    def plan(self, task: Task) -> Portions:
        """What each unit without a part of the task would take over; a handful of queries for any number of units."""
        measures = list_measures(task)
        facts = get_parent_facts(task, measures=measures)
        free = array("q", (pk for pk in self.keys if pk not in facts.given)) if facts.given else self.keys
        if self.method is None:
            fault = _undivided(task, measures) if measures else ""
            return Portions(task, free, facts, measures, fault=fault)
        if facts.target_value is None:
            return Portions(task, free, facts, measures)
        return self._divide(task, free, facts, measures)

    def _divide(self, task: Task, free: "array[int]", facts: ParentFacts, measures: Sequence[Measure]) -> Portions:
        whole, method, main = facts.target_value or Decimal(0), self.method, get_main(measures)
        assert method is not None
        if method.how == "each" or not facts.is_divided:
            return self._weigh(Portions(task, free, facts, measures, targets=[whole] * len(free)))
        if len(free) > MOST_DIVIDED:
            words = _("“%(task)s”: a target is divided among at most %(most)s units at once. Give it to a level above.")
            return Portions(task, free, facts, measures, fault=words % {"task": task.title, "most": MOST_DIVIDED})
        places = main.places if main else places_of(whole)
        units = [self._units()[pk] for pk in free]
        found = divide_target(method, units, left=whole - facts.given_value, whole=whole, places=places)
        fault = found.fault or (found.notes[0] if found.lacking else "")
        if fault:
            return Portions(task, free, facts, measures, fault=f"“{task.title}”: {fault}")
        targets = [found.targets[pk] for pk in free]
        return self._weigh(Portions(task, free, facts, measures, targets=targets, notes=found.notes))

    def _units(self) -> dict[int, Unit]:
        if not self.by_key:
            self.by_key = {unit.pk: unit for unit in self.units.order_by().only("pk", "name", "short_name")}
        return self.by_key

    def _weigh(self, portions: Portions) -> Portions:
        """With what is asked beyond; all parts say the same but for their targets, so that one stands for them."""
        if not portions.targets:
            return portions
        facts = portions.facts
        figure = sum(portions.targets) if facts.is_divided else portions.targets[0]
        raises = find_raises(
            get_asked(portions.task, facts, today=self.today), [Given(0, Decimal(figure))], limits=get_limits(),
            given_before=facts.given_value,
        )  # fmt: skip
        known = {name: getattr(portions, name) for name in Portions.__slots__}
        return Portions(**known | {"raises": raises})


def _undivided(task: Task, measures: Sequence[Measure]) -> str:
    words = _("“%(task)s” is measured by %(indicator)s. Say how it is divided: evenly, by a figure, or each the same.")
    return words % {"task": task.title, "indicator": measures[0].name}


def explain_portions(portions: Portions) -> list[str]:
    """In what the parts would ask for more than was asked, sentence by sentence."""
    return [f"“{portions.task.title}”: {words}" for words in explain_raises(portions.raises, names={})]
