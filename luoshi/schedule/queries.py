"""The year matrix: a page of tasks by tier, each with its nodes placed in twelve months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.pagination import Page, paginate
from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, path_range
from luoshi.progress.models import Feedback
from luoshi.progress.queries.months import ShownMonth, list_year_lights
from luoshi.progress.rules.lights import Checkpoint, LightFacts, light
from luoshi.schedule.rules import Cell, Node, NodeKind, NodeState, place_nodes, report_nodes
from luoshi.tasks.models import LEADING_ROLES, Duty, Milestone, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.states import ENDED, Cadence, State

ROWS = 60
FEW, FEW_TASKS = 500, 2000  # units, and tasks of them
PRINTED = 300
SIFTED = 3000  # more tasks than this are sifted by the database
REPORTED_SELDOM = (Cadence.QUARTERLY, Cadence.SEMIANNUAL, Cadence.ANNUAL)
LAID_ASIDE = [State.WITHDRAWN.value, State.MERGED.value, State.TRANSFERRED.value]
FINISHED = frozenset(s.value for s in ENDED if s.value not in LAID_ASIDE)
STATE_COLOURS = {NodeState.DONE: "green", NodeState.LATE: "red", NodeState.NEAR: "yellow", NodeState.AHEAD: "grey"}
STATE_WORDS: dict[NodeState, Promise | str] = {
    NodeState.DONE: _("done"),
    NodeState.LATE: _("late"),
    NodeState.NEAR: _("due soon"),
    NodeState.AHEAD: _("ahead"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A task of the matrix with its twelve cells."""

    id: int
    code: str
    title: str
    tier: int
    light: str
    lead: str
    cells: tuple[Cell, ...]
    ended: Mapping[int, ShownMonth]


class _Found(NamedTuple):
    """What the database gives of one line, in the order of COLUMNS."""

    id: int
    code: str
    title: str
    tier: int
    state: str
    start: date | None
    due: date | None
    review: date | None
    cadence: str
    cadence_day: int | None
    percent: Decimal | None
    returned: int | None
    mismatched: int | None
    hollow: int | None
    submitted: date | None
    paused: date | None
    reported: int | None
    expected: int | None

    def light(self, path: tuple[Checkpoint, ...], *, today: date, policy: Policy) -> str:
        """The colour of the task's light."""
        facts = LightFacts(
            state=self.state, start_date=self.start, due_date=self.due, review_date=self.review, path=path,
            percent=self.percent, returned=self.returned or 0, mismatched=self.mismatched or 0,
            hollow=self.hollow or 0, submitted_date=self.submitted,
            paused_date=self.paused, reported=self.reported or 0, expected=self.expected or 1,
        )  # fmt: skip
        return light(facts, today=today, policy=policy).colour.value


COLUMNS = (
    "pk", "code", "title", "tier", "state", "start_date", "due_date", "review_date", "cadence", "cadence_day",
    "standing__percent", "standing__returned", "standing__mismatched", "standing__hollow",
    "standing__submitted_date", "standing__paused_date", "standing__reported", "standing__expected",
)  # fmt: skip


def _list_inside(low: str, high: str) -> list[int] | QuerySet[Unit, Any]:
    """The units of a subtree; their keys where they are few, so that PostgreSQL knows that indexes will do."""
    keys = _list_keys(low, high)
    return keys if len(keys) <= FEW else Unit.objects.between([(low, high)]).order_by().values("pk")


@prepared
def _list_keys(low: str, high: str) -> QuerySet[Unit, Any]:
    return Unit.objects.between([(low, high)]).order_by().values_list("pk", flat=True)[: FEW + 1]


def list_year(access: Access, *, year: int, unit: Unit | None = None, tier: int | None = None) -> QuerySet[Task]:
    """The tasks at work in a year that the person sees, with those given down."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    sees_unit = unit is not None and (access.admin or access.oversees(unit.path or ""))
    tasks = Task.objects.order_by() if sees_unit else list_visible(access)
    if unit is not None:
        inside = _list_inside(*path_range(unit.path or ""))
        duties = Duty.objects.filter(unit__in=inside).order_by().values("task")
        asked = Task.objects.filter(owner__in=inside).order_by().values("pk").union(duties)
        keys = [row["pk"] for row in asked[: FEW_TASKS + 1]] if isinstance(inside, list) else []
        chosen: Any = keys if 0 < len(keys) <= FEW_TASKS else asked
        tasks = tasks.filter(pk__in=chosen)
    tasks = tasks.exclude(state__in=LAID_ASIDE).filter(
        Q(due_date__gte=first) | Q(due_date__isnull=True), Q(start_date__lte=last) | Q(start_date__isnull=True)
    )
    return tasks.filter(tier=tier) if tier else tasks


def get_matrix(
    tasks: QuerySet[Task], *, year: int, number: object, with_parts: bool, today: date, policy: Policy,
    with_lights: bool = False,
) -> Page[Line]:  # fmt: skip
    """One page of the matrix, by tier, then date; without a number the first PRINTED rows. At most seven queries.

    Tasks given down from one that is listed stand there only `with_parts`, months bear the light they ended with only
    `with_lights`.
    """
    page = _page(tasks, number=number, with_parts=with_parts)
    ids = list(page.rows)
    found = {row[0]: _Found(*row) for row in _list_found(ids)}
    rows = [found[pk] for pk in ids if pk in found]
    milestones = _milestones(ids)
    reported = _reported([row.id for row in rows if row.cadence in REPORTED_SELDOM])
    leads = _leads(ids)
    ended = list_year_lights(ids, year=year, policy=policy) if with_lights else {}
    lines = [
        Line(
            row.id, row.code, row.title, row.tier,
            row.light(_path(milestones[row.id]), today=today, policy=policy), leads.get(row.id, ""),
            place_nodes(
                _nodes(row, milestones[row.id], reported[row.id], year=year),
                year=year, today=today, near_days=policy.near_due_days,
            ),
            ended.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip
    return Page(rows=lines, number=page.number, size=page.size, total=page.total)


def _page(tasks: QuerySet[Task], *, number: object, with_parts: bool) -> Page[int]:
    """The keys of a page, or of the sheet for the wall. What a unit has in a year is small enough to sift here."""
    size = ROWS if number else PRINTED
    ordered = tasks.order_by("tier", F("due_date").asc(nulls_last=True), "pk")
    found = list(ordered.values_list("pk", "parent_id")[: SIFTED + 1])
    if len(found) > SIFTED:
        kept = ordered if with_parts else ordered.exclude(parent__in=tasks.order_by().values("pk"))
        return paginate(kept.values_list("pk", flat=True), number=number or 1, size=size)
    listed = {pk for pk, _parent in found}
    rows = [pk for pk, parent in found if with_parts or parent not in listed]
    last = max(1, -(-len(rows) // size))
    place = min(max(int(str(number)), 1), last) if str(number).isdecimal() and len(str(number)) < 6 else 1
    return Page(rows=rows[(place - 1) * size : place * size], number=place, size=size, total=len(rows))


class _Dated(NamedTuple):
    """What the matrix needs of a milestone."""

    task_id: int
    name: str
    due_date: date
    percent: Decimal | None
    done_date: date | None


@prepared
def _list_found(ids: list[int]) -> QuerySet[Task, Any]:
    return Task.objects.filter(pk__in=ids).order_by().values_list(*COLUMNS)


@prepared
def _list_milestones(ids: list[int]) -> QuerySet[Milestone, Any]:
    return Milestone.objects.filter(task__in=ids).order_by("due_date", "pk").values_list(*_Dated._fields)


@prepared
def _list_leads(ids: list[int]) -> QuerySet[Duty, Any]:
    duties = Duty.objects.filter(task__in=ids, role__in=LEADING_ROLES).order_by("task_id", "role", "pk")
    return duties.values_list("task_id", "unit__short_name", "unit__name", "written_name")


def _milestones(ids: list[int]) -> dict[int, list[_Dated]]:
    """The milestones of these tasks by date."""
    found: dict[int, list[_Dated]] = defaultdict(list)
    for milestone in map(_Dated._make, _list_milestones(ids)):
        found[milestone.task_id].append(milestone)
    return found


def _path(milestones: Sequence[_Dated]) -> tuple[Checkpoint, ...]:
    return tuple(Checkpoint(m.due_date, m.percent) for m in milestones if m.percent is not None)


def _nodes(row: _Found, milestones: Sequence[_Dated], reported: set[str], *, year: int) -> list[Node]:
    """The nodes of a task: milestones, due date, and reports by quarter or year."""
    ended = row.state in FINISHED
    found = [Node(NodeKind.MILESTONE, m.due_date, m.name, done=m.done_date is not None) for m in milestones]
    if row.due is not None:
        found.append(Node(NodeKind.DUE, row.due, done=ended))
    if not ended:
        first, last = row.start or date(year, 1, 1), row.due or date(year, 12, 31)
        found += report_nodes(
            row.cadence, day=row.cadence_day, first=first, last=last, year=year, reported=frozenset(reported)
        )
    return found


def _reported(ids: list[int]) -> dict[int, set[str]]:
    """The periods for which these tasks have a report."""
    found: dict[int, set[str]] = defaultdict(set)
    if ids:
        for task, period in Feedback.objects.filter(task__in=ids).order_by().values_list("task_id", "period"):
            found[task].add(period)
    return found


def _leads(ids: list[int]) -> dict[int, str]:
    """The first leading unit of each task, and a sign that there are more."""
    found: dict[int, str] = {}
    for task, short, name, written in _list_leads(ids):
        found[task] = f"{found[task].rstrip(' …')} …" if task in found else short or name or written
    return found
