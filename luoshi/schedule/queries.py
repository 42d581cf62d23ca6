"""The year matrix: a page of tasks by tier, each with its nodes placed in twelve months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.pagination import Page, paginate
from luoshi.core.policy import Policy
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.progress.models import Feedback
from luoshi.progress.queries import with_light
from luoshi.progress.rules.lights import CODES
from luoshi.schedule.rules import Cell, Node, NodeKind, NodeState, place_nodes, report_nodes
from luoshi.tasks.models import LEADING_ROLES, Duty, Milestone, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.states import ENDED, Cadence, State

ROWS = 60
PRINTED = 300
COLOURS = {code: colour.value for colour, code in CODES.items()}
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


class _Found(NamedTuple):
    """What the database gives of one line, in the order of COLUMNS."""

    id: int
    code: str
    title: str
    tier: int
    light: int
    state: str
    start: date | None
    due: date | None
    cadence: str
    cadence_day: int | None


COLUMNS = ("pk", "code", "title", "tier", "light", "state", "start_date", "due_date", "cadence", "cadence_day")


def list_year(
    access: Access, *, year: int, unit: Unit | None = None, tier: int | None = None, with_parts: bool = False
) -> QuerySet[Task]:
    """The tasks at work in a year that the person sees; those given down only when asked for."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    tasks = list_visible(access)
    if unit is not None:
        inside = Unit.objects.within(unit.path or "").order_by().values("pk")
        duties = Duty.objects.filter(unit__in=inside).order_by().values("task")
        tasks = tasks.filter(pk__in=Task.objects.filter(owner__in=inside).order_by().values("pk").union(duties))
    tasks = tasks.exclude(state__in=LAID_ASIDE).filter(
        Q(due_date__gte=first) | Q(due_date__isnull=True), Q(start_date__lte=last) | Q(start_date__isnull=True)
    )
    if tier:
        tasks = tasks.filter(tier=tier)
    return tasks if with_parts else tasks.exclude(parent__in=tasks.values("pk"))


def get_matrix(tasks: QuerySet[Task], *, year: int, number: object, today: date, policy: Policy) -> Page[Line]:
    """One page of the matrix, by tier, then date; without a number the first PRINTED rows. Six queries."""
    ordered = tasks.order_by("tier", "due_date", "pk").values_list("pk", flat=True)
    page = paginate(ordered, number=number, size=ROWS) if number else _whole(ordered)
    lit = with_light(Task.objects.filter(pk__in=page.rows).order_by(), today=today, policy=policy)
    found = {row[0]: _Found(*row) for row in lit.values_list(*COLUMNS)}
    rows = [found[pk] for pk in page.rows if pk in found]
    nodes = _nodes(rows, year=year)
    leads = _leads(page.rows)
    lines = [
        Line(
            row.id, row.code, row.title, row.tier, COLOURS[row.light], leads.get(row.id, ""),
            place_nodes(nodes[row.id], year=year, today=today, near_days=policy.near_due_days),
        )
        for row in rows
    ]  # fmt: skip
    return Page(rows=lines, number=page.number, size=page.size, total=page.total)


def _whole(ordered: QuerySet[Task, int]) -> Page[int]:
    """The rows that one sheet for the wall holds."""
    return Page(rows=list(ordered[:PRINTED]), number=1, size=PRINTED, total=ordered.count())


def _nodes(rows: Sequence[_Found], *, year: int) -> dict[int, list[Node]]:
    """The nodes of these tasks in the year: milestones, due dates, and reports by quarter or year."""
    ids = [row.id for row in rows]
    found: dict[int, list[Node]] = defaultdict(list)
    milestones = Milestone.objects.filter(task__in=ids, due_date__year=year).order_by("due_date", "pk")
    for task, name, day, done in milestones.values_list("task_id", "name", "due_date", "done_date"):
        found[task].append(Node(NodeKind.MILESTONE, day, name, done=done is not None))
    reported = _reported([row.id for row in rows if row.cadence in (Cadence.QUARTERLY, Cadence.ANNUAL)])
    for row in rows:
        ended = row.state in FINISHED
        if row.due is not None:
            found[row.id].append(Node(NodeKind.DUE, row.due, done=ended))
        if not ended:
            found[row.id] += report_nodes(
                row.cadence, day=row.cadence_day, first=row.start or date(year, 1, 1),
                last=row.due or date(year, 12, 31), year=year, reported=frozenset(reported[row.id]),
            )  # fmt: skip
    return found


def _reported(ids: list[int]) -> dict[int, set[str]]:
    """The periods for which these tasks have a report."""
    found: dict[int, set[str]] = defaultdict(set)
    if ids:
        for task, period in Feedback.objects.filter(task__in=ids).order_by().values_list("task_id", "period"):
            found[task].add(period)
    return found


def _leads(ids: Sequence[int]) -> dict[int, str]:
    """The first leading unit of each task, and a sign that there are more."""
    found: dict[int, str] = {}
    duties = Duty.objects.filter(task__in=ids, role__in=LEADING_ROLES).order_by("task_id", "role", "pk")
    for task, short, name, written in duties.values_list("task_id", "unit__short_name", "unit__name", "written_name"):
        found[task] = f"{found[task].rstrip(' …')} …" if task in found else short or name or written
    return found
