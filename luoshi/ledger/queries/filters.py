"""Which tasks the ledger shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from luoshi.core.policy import Policy
from luoshi.directives.models import Clause, Directive
from luoshi.ledger.models import Column, ColumnValue
from luoshi.ledger.queries.columns import list_columns
from luoshi.ledger.rules import LIGHTS, Filter, Part, Sort, StateGroup
from luoshi.ledger.rules.columns import ColumnKind, Condition, FaultyValue, read_condition
from luoshi.ledger.rules.filters import Mark, values
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.orgs.queries.share import is_small_part
from luoshi.orgs.rules import Access, Level
from luoshi.progress.queries import showing, with_light
from luoshi.progress.queries.forecast import will_miss
from luoshi.tasks.models import LEADING_ROLES, PHASE_ENDED, PHASE_OPEN, Adaptation, Duty, Inflation, Task
from luoshi.tasks.queries import list_visible, says
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.states import ACTIVE, DutyRole

PHASES = {StateGroup.OPEN.value: PHASE_OPEN, StateGroup.ENDED.value: PHASE_ENDED}
GRASS_ROOTS = (Level.VILLAGE.value, Level.TEAM.value)
FIELDS = {ColumnKind.NUMBER.value: "number", ColumnKind.DATE.value: "day"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with the rows it names looked up; `sentence` says what could not be found, and then nothing matches."""

    filter: Filter
    unit: Unit | None = None
    owner: Unit | None = None
    sponsor: Person | None = None
    directive: Directive | None = None
    clause: Clause | None = None
    sentence: str = ""
    columns: tuple[Column, ...] = ()
    conditions: tuple[tuple[Column, Condition], ...] = field(default=())

    @property
    def shown(self) -> list[Column]:
        """The own columns to show."""
        wanted = self.filter.own_columns
        return [column for column in self.columns if wanted is None or column.pk in wanted]

    @property
    def order(self) -> Column | None:
        """The own column that the rows are ordered by."""
        return next((column for column in self.columns if column.pk == self.filter.own_sort), None)

    @property
    def lacks(self) -> bool:
        """Does the filter name something that is not there for this person?"""
        chosen = self.filter
        missing = ((chosen.directive, self.directive), (chosen.clause, self.clause), (chosen.sponsor, self.sponsor))
        return bool(self.sentence) or any(wanted and found is None for wanted, found in missing)


def choose(chosen: Filter, *, access: Access) -> Choice:
    """Look up what a filter names among what the person may see; what an own column cannot be asked is left out."""
    named: dict[str, Unit | None] = {"unit": None, "owner": None}
    sentence = ""
    for name in named:
        try:
            text = getattr(chosen, name)
            named[name] = parse_unit(text, access) if text else None
        except UnknownUnit as unknown:
            sentence = str(unknown.sentence)
    columns = list_columns(access)
    conditions, problems = _read_conditions(chosen, columns)
    if chosen.own_sort and chosen.own_sort not in {column.pk for column in columns}:
        chosen, problems = replace(chosen, sort=Sort.DUE.value), [*problems, "sort"]
    chosen = replace(chosen, problems=(*chosen.problems, *problems))
    sponsor = Person.objects.filter(pk=chosen.sponsor).first() if chosen.sponsor else None
    directive, clause = _sources(chosen, access)
    return Choice(
        chosen, named["unit"], named["owner"], sponsor, directive, clause, sentence, tuple(columns), conditions
    )


def _sources(chosen: Filter, access: Access) -> tuple[Directive | None, Clause | None]:
    """The directive and the clause that the filter names."""
    directive, clause = None, None
    visible = Directive.objects.visible_to(access)
    if chosen.directive:
        directive = visible.only("title", "number").filter(pk=chosen.directive).first()
    if chosen.clause:
        inside = Clause.objects.filter(pk=chosen.clause, directive__in=visible.values("pk"))
        clause = inside.select_related("directive").defer("directive__sources").first()
    return directive, clause


def _read_conditions(chosen: Filter, columns: list[Column]) -> tuple[tuple[tuple[Column, Condition], ...], list[str]]:
    """What is asked of the person's own columns, and the names of those that cannot be asked so."""
    known = {column.pk: column for column in columns}
    found, problems = [], []
    for pk, text in chosen.own:
        column = known.get(pk)
        try:
            if column is None:
                problems.append(f"c{pk}")
            else:
                found.append((column, read_condition(text, kind=column.kind, choices=column.choices)))
        except FaultyValue:
            problems.append(f"c{pk}")
    return tuple(found), problems


def list_matching(
    choice: Choice, *, access: Access, today: date, policy: Policy, whole: bool = False
) -> QuerySet[Task]:
    """The tasks that the person may see and the filter lets through, in no order; `whole` if all will be read."""
    return narrow(list_visible(access, whole=whole), choice, today=today, policy=policy)


def narrow(tasks: QuerySet[Task], choice: Choice, *, today: date, policy: Policy) -> QuerySet[Task]:
    """Of these tasks, those that the filter lets through; with what its order needs."""
    chosen = choice.filter
    if choice.lacks:
        return Task.objects.none()
    tasks = tasks.filter(_facts(chosen))
    if choice.unit is not None:
        tasks = tasks.filter(_part(choice.unit, chosen.part))
    if choice.owner is not None:
        tasks = tasks.filter(_part(choice.owner, Part.OWNER))
    for mark in values(chosen.mark):
        tasks = tasks.filter(will_miss(today, policy=policy) if mark == Mark.WILL_MISS else _marked(mark))
    for column, condition in choice.conditions:
        tasks = tasks.filter(_holds(column, condition))
    tasks = with_order(tasks, choice, today=today, policy=policy)
    lights = [LIGHTS[light] for light in values(chosen.light)]
    if not lights:
        return tasks
    lit: QuerySet[Any] = tasks if chosen.sort == Sort.LIGHT else with_light(tasks, today=today, policy=policy)
    return lit.filter(showing(lights))


def with_order(tasks: QuerySet[Task], choice: Choice, *, today: date, policy: Policy) -> QuerySet[Task]:
    """The tasks with what the choice orders them by, where it is no column of their own."""
    if choice.order is not None:
        ordered = Q(column_values__column=choice.order.pk)
        return tasks.alias(own=FilteredRelation("column_values", condition=ordered))
    return with_light(tasks, today=today, policy=policy) if choice.filter.sort == Sort.LIGHT else tasks


def _facts(chosen: Filter) -> Q:
    """The conditions on the task's own columns."""
    found = _states(chosen.state)
    if chosen.q:
        found &= says(chosen.q)
    several = {"tier": chosen.tier, "kind": chosen.kind, "matter": chosen.matter}
    several |= {"urgency": chosen.urgency, "cadence": chosen.cadence}
    for name, text in several.items():
        if text:
            found &= Q(**{f"{name}__in": values(text)})
    single = {
        "due_date__gte": chosen.due_from, "due_date__lte": chosen.due_to, "sponsor": chosen.sponsor,
        "clause__directive": chosen.directive, "clause": chosen.clause,
    }  # fmt: skip
    return found & Q(**{name: value for name, value in single.items() if value})


def _states(text: str) -> Q:
    if text in PHASES:
        return Q(phase=PHASES[text])
    chosen = values(text)
    if StateGroup.ALL in chosen:
        return Q()
    return Q(state=chosen[0]) if len(chosen) == 1 else Q(state__in=chosen)


def _part(unit: Unit, part: str) -> Q:
    """Tasks in which a unit of the subtree has the part: any, leading, assisting, or asking.

    A small part of the tree has few tasks, which are gathered first; of a large one each row is tested as it comes.
    """
    path = unit.path or ""
    roles = {Part.LEAD: LEADING_ROLES, Part.CO: (DutyRole.CO.value,)}.get(Part(part))
    few = is_small_part([path])
    if part == Part.OWNER:
        return Q(owner__in=_units(path)) if few else within([path], "owner__path")
    duties = Duty.objects.filter(Q(unit__in=_units(path)) if few else within([path], "unit__path")).order_by()
    if roles:
        duties = duties.filter(role__in=roles)
    doing = Q(pk__in=duties.values("task")) if few else Q(Exists(duties.filter(task=OuterRef("pk"))))
    if roles:
        return doing
    if few:
        asking = Task.objects.filter(owner__in=_units(path)).order_by().values("pk")
        return Q(pk__in=asking.union(duties.values("task")))
    return within([path], "owner__path") | doing


def _units(path: str) -> QuerySet[Unit, Any]:
    return Unit.objects.within(path).order_by().values("pk")


def _marked(mark: str) -> Q:
    """Tasks with something to look at besides their own columns."""
    if mark == Mark.ADAPTED:
        return Q(Exists(Adaptation.objects.filter(task=OuterRef("pk"))))
    if mark == Mark.INFLATED:
        return Q(Exists(Inflation.objects.filter(Q(task=OuterRef("pk")) | Q(part=OuterRef("pk")))))
    if mark == Mark.PROBLEM:
        return Q(standing__last_problem__gt="")
    return Q(state__in=[state.value for state in ACTIVE]) & (
        Q(standing__isnull=True) | Q(standing__last_at__isnull=True)
    )


def _holds(column: Column, condition: Condition) -> Q:
    """Tasks whose cell in the column is as asked."""
    cells = ColumnValue.objects.filter(column=column, task=OuterRef("pk"))
    if condition.is_empty:
        return ~Q(Exists(cells))
    if condition.choices:
        return Q(Exists(cells.filter(text__in=condition.choices)))
    if condition.words:
        return Q(Exists(cells.filter(text__icontains=condition.words)))
    name = FIELDS.get(column.kind, "text")
    ends = {f"{name}__gte": condition.low, f"{name}__lte": condition.high}
    return Q(Exists(cells.filter(**{key: end for key, end in ends.items() if end is not None})))


def list_unit_names(access: Access, *, today: date) -> list[str]:
    """Names that the unit filter suggests: bodies above the grass roots, at most 300."""
    units = Unit.objects.visible_to(access).valid_on(today).exclude(level__in=GRASS_ROOTS).order_by("path")
    return [short or name for short, name in units.values_list("short_name", "name")[:300]]
