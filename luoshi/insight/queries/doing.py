"""What waits for a person as a doer: receipt, reports, work behind, submission, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from luoshi.core.policy import Policy
from luoshi.insight.queries.posts import Posts
from luoshi.insight.queries.rows import COLUMNS, TaskRow, with_facts
from luoshi.insight.rules import SOON_DAYS, Hands, Item, Need
from luoshi.orgs.rules import Access
from luoshi.progress.queries.obstacles import has_open_obstacle
from luoshi.progress.rules.lights import CODES, Colour
from luoshi.progress.rules.periods import next_report_date
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.queries.clocks import StepDates, get_step_dates
from luoshi.tasks.rules.clocks import Kind
from luoshi.tasks.rules.states import ACTIVE, DOING, State

CANDIDATES = 400  # of them the first hundred in rank are shown
SHOWN_LIGHTS = (CODES[Colour.RED], CODES[Colour.YELLOW])
ACTIVE_STATES = [s.value for s in ACTIVE]
WAITING = (State.SUBMITTED, State.UNDER_VERIFICATION)
WAITING_STATES = [s.value for s in WAITING]


def list_doing(
    access: Access, posts: Posts, *, asked: Mapping[int, list[str]], today: date, policy: Policy
) -> list[Item]:
    """The needs of tasks in which a unit of the person works; `asked` holds who asks the unit, by parent task."""
    if not posts.doing:
        return []
    mine = Duty.objects.filter(task=OuterRef("pk"), unit__in=posts.doing)
    roles = [r.value for r in DOING]
    tasks = Task.objects.filter(
        pk__in=Duty.objects.filter(unit__in=posts.doing, role__in=roles).order_by().values("task"),
        state__in=ACTIVE_STATES,
    )
    found = (
        with_facts(tasks, today=today, policy=policy)
        .annotate(
            owes_receipt=Exists(mine.filter(role__in=roles, acknowledged_at=None)),
            leads=Exists(mine.filter(role__in=LEADING_ROLES)),
            handled=Exists(mine.filter(handler=access.person_id)),
            by_colleague=Exists(mine.filter(unit__in=posts.handling).exclude(handler=None)),
            is_explained=has_open_obstacle(),
        )
        .filter(Q(owes_receipt=True) | Q(leads=True) & _asks_for_something())
        .order_by("-handled", "light", "tier", "urgency", "due_date", "pk")
        .values_list(*COLUMNS, "owes_receipt", "leads", "handled", "by_colleague", "is_explained")[:CANDIDATES]
    )
    parts = [_Part(TaskRow(*row[:-5]), *row[-5:]) for row in found]
    waiting = _list_waiting_parts([part.row.pk for part in parts if part.leads])
    clocked = [part.row for part in parts if part.owes_receipt or part.row.last_at is None]
    steps = get_step_dates((row.owner_path, row.dispatched_at) for row in clocked if row.dispatched_at)
    items = []
    for part in parts:
        waiters = (*waiting.get(part.row.pk, ()), *asked.get(part.row.pk, ()))
        items += _needs(part, waiters, access=access, today=today, steps=steps)
    return items


def _asks_for_something() -> Q:
    """A light that shows, everything done, sent back, reports by period, or no word yet; the rest goes on quietly."""
    return ~Q(state__in=WAITING_STATES) & (
        Q(light__in=SHOWN_LIGHTS)
        | Q(standing__percent__gte=100)
        | Q(state=State.RETURNED.value)
        | ~Q(cadence="")
        | Q(standing__last_at=None)
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A task with the part that the person's units have in it."""

    row: TaskRow
    owes_receipt: bool
    leads: bool
    is_handled: bool
    is_colleagues: bool
    is_explained: bool

    @property
    def hands(self) -> Hands:
        if self.is_handled:
            return Hands.MINE
        return Hands.COLLEAGUE if self.is_colleagues else Hands.ANYBODY


def _needs(part: _Part, waiters: tuple[str, ...], *, access: Access, today: date, steps: StepDates) -> list[Item]:
    row, found = part.row, []
    step = partial(row.item, access=access, waiters=waiters, hands=part.hands)
    if part.owes_receipt:
        found.append(step(Need.ACKNOWLEDGE, day=_step_day(row, Kind.ACKNOWLEDGE, steps)))
    if not part.leads or row.state in WAITING_STATES:
        return found
    if row.state == State.RETURNED:
        found.append(step(Need.FIX, day=row.due_date))
    if row.percent is not None and row.percent >= 100 and not row.has_parts:
        found.append(step(Need.SUBMIT, day=row.due_date))
    report = None if row.has_parts else _report_day(row, today=today, steps=steps)
    if report is not None:
        found.append(step(Need.REPORT, day=report))
    if row.light == CODES[Colour.RED] and not part.is_explained:
        found.append(step(Need.NAME_OBSTACLE, day=row.due_date))
    if row.light in SHOWN_LIGHTS:
        found.append(step(Need.WORK, day=row.due_date))
    return found


def _step_day(row: TaskRow, kind: str, steps: StepDates) -> date | None:
    """The day of a step that the clocks of the government above count from the dispatch."""
    return steps.of(kind, path=row.owner_path, matter=row.matter, dispatched_at=row.dispatched_at)


def _report_day(row: TaskRow, *, today: date, steps: StepDates) -> date | None:
    """The day of the report that is late or due within a week; of the first one by its clock, if that is earlier."""
    last = timezone.localtime(row.last_at).date() if row.last_at else None
    due = next_report_date(row.cadence, cadence_day=row.cadence_day, last_at=last, today=today, start=row.start_date)
    first = _step_day(row, Kind.FIRST, steps) if last is None else None
    day = min((found for found in (due, first) if found), default=None)
    return day if day is not None and day <= today + timedelta(days=SOON_DAYS) else None


def _list_waiting_parts(parents: list[int]) -> dict[int, list[str]]:
    """The levels of the units whose submitted parts wait under these tasks."""
    found: dict[int, list[str]] = defaultdict(list)
    if parents:
        duties = Duty.objects.filter(
            task__parent__in=parents, task__state__in=WAITING_STATES, role__in=LEADING_ROLES, unit__isnull=False
        ).order_by("pk")
        for parent, level in duties.values_list("task__parent_id", "unit__level"):
            if parent is not None:
                found[parent].append(level or "")
    return found
