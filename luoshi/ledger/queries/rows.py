"""The rows of the ledger: one page of them, a parent's children, and the totals by light."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.core.shell import day, percent
from luoshi.ledger.queries.filters import PHASES, Choice
from luoshi.ledger.queries.paging import list_window, order_of
from luoshi.ledger.rules import LIGHTS, Sort, StateGroup
from luoshi.ledger.rules.paging import Key, write_key
from luoshi.orgs.rules import Access, path_range
from luoshi.progress.queries import ShownLight, show, with_light
from luoshi.progress.rules.lights import Checkpoint, Light, LightFacts, light
from luoshi.tasks.models import STATE_LABELS, TIER_LABELS, Adaptation, Duty, Milestone, Task
from luoshi.tasks.queries.visible import sees_few, visible_within
from luoshi.tasks.rules.states import ACTIVE, DutyRole, State

PAGE_ROWS = 50
QUICK_TASKS = 100_000  # a ledger that never had more is counted with each page
CO_NAMES = 2
CLOCK_RUNS = frozenset(s.value for s in ACTIVE) - {
    State.SUBMITTED.value,
    State.UNDER_VERIFICATION.value,
}  # it stops on submission
ROLES = [DutyRole.LEAD.value, DutyRole.JOINT.value, DutyRole.CO.value]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger, in the reader's language and ready to print."""

    id: int
    parent_id: int | None
    code: str
    title: str
    state: str
    state_label: str
    tier: int
    tier_label: str
    light: ShownLight
    lead: str
    has_lead: bool
    co: str
    co_all: str
    due: str
    due_note: str
    is_late: bool
    percent: Decimal | None
    percent_text: str
    reported: str
    has_children: bool
    last_word: str
    last_day: str
    mark: str = ""


class _Line(NamedTuple):
    """What the database gives of one row, in the order of COLUMNS."""

    id: int
    parent_id: int | None
    code: str
    title: str
    state: str
    tier: int
    start: date | None
    due: date | None
    review: date | None
    percent: Decimal | None
    reported: int | None
    expected: int | None
    returned: int | None
    mismatched: int | None
    hollow: int | None
    submitted: date | None
    paused: date | None
    last_word: str | None
    last_at: datetime | None
    below: bool
    adapted: str | None

    def facts(self, path: tuple[Checkpoint, ...]) -> LightFacts:
        return LightFacts(
            state=self.state, start_date=self.start, due_date=self.due, review_date=self.review, path=path,
            percent=self.percent, returned=self.returned or 0, mismatched=self.mismatched or 0,
            hollow=self.hollow or 0, submitted_date=self.submitted,
            paused_date=self.paused, reported=self.reported or 0, expected=self.expected or 1,
        )  # fmt: skip


COLUMNS = (
    "pk", "parent_id", "code", "title", "state", "tier", "start_date", "due_date", "review_date",
    "standing__percent", "standing__reported", "standing__expected", "standing__returned", "standing__mismatched",
    "standing__hollow", "standing__submitted_date", "standing__paused_date",
    "standing__last_word", "standing__last_at", "below", "adapted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows and the keys before and after it.

    How many there are in all is what the totals by light say, so that no page waits for a count. `levels` holds how
    deep each row stands in a tree and `context` those that are shown only for what is under them.
    """

    rows: Sequence[Row]
    before: str | None = None
    after: str | None = None
    levels: Sequence[int] = ()
    context: frozenset[int] = frozenset()
    more: More | None = None


class More(NamedTuple):
    """How many rows under a task follow on the next page; `is_capped` when there are more than were counted."""

    id: int
    title: str
    number: int
    is_capped: bool


def list_plain_page(choice: Choice, *, access: Access, today: date, policy: Policy) -> Rows | None:
    """The first page of the open (or ended) work by due date without any filter, with SQL that is written once.

    That is how most readers see the ledger; None for any other page.
    """
    chosen = choice.filter
    is_plain = chosen.is_grouped_only and chosen.state in PHASES and chosen.sort == Sort.DUE and not chosen.desc
    if access.admin or len(access.paths) != 1 or not is_plain:
        return None
    low, high = path_range(access.paths[0])
    group, few = StateGroup(chosen.state), sees_few(access)
    found = _list_first(low, high, person=access.person_id, few=few, group=group, dated=True)
    if len(found) <= PAGE_ROWS:
        found += _list_first(low, high, person=access.person_id, few=few, group=group, dated=False)
    rows = list_rows([pk for pk, _due in found[:PAGE_ROWS]], today=today, policy=policy)
    return Rows(rows, after=write_key(*found[PAGE_ROWS - 1]) if len(found) > PAGE_ROWS else None)


@prepared
def _list_first(
    low: str, high: str, *, person: int, few: bool, group: StateGroup, dated: bool
) -> QuerySet[Task, Any]:  # fmt: skip
    """The first tasks with a due date, or those without one, and one more than a page holds."""
    tasks = visible_within([(low, high)], person=person, few=few)
    tasks = tasks.filter(phase=PHASES[group], due_date__isnull=not dated)
    return tasks.order_by(*(["due_date", "pk"] if dated else ["pk"])).values_list("pk", "due_date")[: PAGE_ROWS + 1]


def list_page(
    tasks: QuerySet[Task], choice: Choice, *, today: date, policy: Policy, after: Key | None = None,
    before: Key | None = None,
) -> Rows:  # fmt: skip
    """A page of the matching tasks in the chosen order; four queries."""
    window = list_window(
        [tasks], order=order_of(choice), desc=choice.filter.desc, after=after, before=before, size=PAGE_ROWS
    )
    return Rows(list_rows(window.ids, today=today, policy=policy), window.before, window.after)


def list_rows(ids: Sequence[int], *, today: date, policy: Policy) -> list[Row]:
    """The rows of these tasks, in this order; three queries."""
    if not ids:
        return []
    ids = list(ids)
    found = {line[0]: line for line in _list_lines(ids)}
    paths = list_paths(ids)
    names = list_duty_names(ids)
    words = _Words(today, policy)
    return [_row(_Line(*found[pk]), paths.get(pk, ()), names.get(pk, {}), words) for pk in ids if pk in found]


@prepared
def _list_lines(ids: list[int]) -> QuerySet[Task, Any]:
    below = Exists(Task.objects.filter(parent=OuterRef("pk")).order_by())
    objections = Adaptation.objects.filter(task=OuterRef("pk"), state__in=["proposed", "accepted"])
    adapted = Subquery(objections.order_by("-state").values("state")[:1])  # what waits before what was taken over
    return Task.objects.filter(pk__in=ids).order_by().annotate(below=below, adapted=adapted).values_list(*COLUMNS)


def list_duty_names(ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """The short names of the doing units of these tasks by role, in the order of their duties."""
    found: dict[int, dict[str, list[str]]] = {}
    for task_id, role, short, name, written, selector in _list_duty_columns(list(ids)):
        found.setdefault(task_id, defaultdict(list))[role].append(short or name or written or selector)
    return found


def list_paths(ids: Sequence[int]) -> dict[int, tuple[Checkpoint, ...]]:
    """The planned paths of these tasks, as lights need them."""
    found: dict[int, tuple[Checkpoint, ...]] = {}
    for task_id, due_date, planned in _list_checkpoints(list(ids)):
        found[task_id] = (*found.get(task_id, ()), Checkpoint(due_date, planned))
    return found


@prepared
def _list_duty_columns(tasks: list[int]) -> QuerySet[Duty, Any]:
    duties = Duty.objects.filter(task__in=tasks, role__in=ROLES).order_by("task_id", "pk")
    return duties.values_list("task_id", "role", "unit__short_name", "unit__name", "written_name", "selector")


@prepared
def _list_checkpoints(tasks: list[int]) -> QuerySet[Milestone, Any]:
    milestones = Milestone.objects.filter(task__in=tasks, percent__isnull=False).order_by("due_date", "pk")
    return milestones.values_list("task_id", "due_date", "percent")


class _Words:
    """What a page of rows says again and again, translated once."""

    def __init__(self, today: date, policy: Policy) -> None:
        self.today = today
        self.policy = policy
        self.states = {code: str(label) for code, label in STATE_LABELS.items()}
        self.tiers = {code: str(label) for code, label in TIER_LABELS.items()}
        self.marks = {"proposed": _("objection waits for an answer"), "accepted": _("adapted to the place")}
        self.open_ended = _("open-ended")
        self.reported = _("%(n)s of %(m)s reported")
        self._days: dict[int, str] = {}
        self._lights: dict[Light, ShownLight] = {}

    def days(self, left: int) -> str:
        """How long until the due date, or since."""
        if left not in self._days:
            self._days[left] = _days_text(left)
        return self._days[left]

    def light(self, line: _Line, path: tuple[Checkpoint, ...]) -> ShownLight:
        """The light of a line, in words."""
        found = light(line.facts(path), today=self.today, policy=self.policy)
        if found not in self._lights:
            self._lights[found] = show(found)
        return self._lights[found]


def _days_text(left: int) -> str:
    if left == 0:
        return _("today")
    if left < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}


def _row(line: _Line, path: tuple[Checkpoint, ...], names: Mapping[str, list[str]], words: _Words) -> Row:
    leads = names.get("lead") or names.get("joint") or []
    co = names.get("co") or []
    due, open_until = line.due, line.due if line.state in CLOCK_RUNS else None
    return Row(
        id=line.id,
        parent_id=line.parent_id,
        code=line.code,
        title=line.title,
        state=line.state,
        state_label=words.states[line.state],
        tier=line.tier,
        tier_label=words.tiers[line.tier],
        light=words.light(line, path),
        lead=_first_names(leads),
        has_lead="lead" in names,
        co=_first_names(co),
        co_all="、".join(co),
        due=due.isoformat() if due else words.open_ended,
        due_note=words.days((open_until - words.today).days) if open_until else "",
        is_late=open_until is not None and open_until < words.today,
        percent=line.percent,
        percent_text=percent(line.percent),
        reported=words.reported % {"n": line.reported or 0, "m": line.expected or 0} if line.below else "",
        has_children=bool(line.below),
        last_word=line.last_word or "",
        last_day=day(line.last_at, short=True) if line.last_at else "",
        mark=words.marks.get(line.adapted or "", ""),
    )


def _first_names(names: list[str]) -> str:
    """The first names and how many more there are."""
    more = len(names) - CO_NAMES
    return "、".join(names[:CO_NAMES]) + (f" +{more}" if more > 0 else "")


def is_quick_to_count(access: Access) -> bool:
    """Would the totals of the person's whole ledger be there in a moment?"""
    last = Task.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return last <= QUICK_TASKS or sees_few(access)


def count_lights(tasks: QuerySet[Task], *, today: date, policy: Policy) -> dict[str, int]:
    """How many of the tasks show each light, and all together; one query."""
    lit: QuerySet[Any] = with_light(tasks.order_by(), today=today, policy=policy)
    counted = dict(lit.values_list("light").annotate(Count("pk")))
    found = {colour: counted.get(code, 0) for colour, code in LIGHTS.items()}
    return {**found, "all": sum(found.values())}
