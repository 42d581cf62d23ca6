"""Everything the page of one task shows, within its budget of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Sum, Window
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.core.prepared import first, prepared
from luoshi.ledger.queries.bulk import describe_steering
from luoshi.ledger.queries.rows import PAGE_ROWS, Row, list_rows
from luoshi.orgs.rules import Access
from luoshi.progress.models import Feedback, Standing
from luoshi.progress.queries import ShownLight, Trajectory, get_trajectory, show, with_evidence
from luoshi.progress.rules.lights import Checkpoint, LightFacts, light
from luoshi.progress.rules.periods import next_report_date
from luoshi.supervision.models import Extension, Submission
from luoshi.supervision.queries.beside import Beside, get_beside
from luoshi.supervision.queries.extending import may_answer_repeat
from luoshi.tasks.models import TASK_STEP, Adaptation, Duty, Milestone, Task
from luoshi.tasks.queries import get_task_and_facts, list_task_facts
from luoshi.tasks.queries.adapting import list_adaptations
from luoshi.tasks.queries.journal import list_task_entries
from luoshi.tasks.queries.recalling import has_recallable_parts
from luoshi.tasks.rules.access import TaskFacts, lawful_steps, may, primary_step
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, GONE, State

if TYPE_CHECKING:
    from collections.abc import Iterable

LATEST = 5
UNSUBMITTED = (State.DISPATCHED, State.ACKNOWLEDGED, State.PLANNED, State.IN_PROGRESS)
ENTRIES = 30
ASKED = ("decide_adaptation", "decide_extension", "decide_pause", "decide_change")  # what somebody waits for


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A task above; a link only for who may see it."""

    id: int
    code: str
    title: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Below:
    """One group of the tasks given down, and what they sum to against the parent's own target."""

    rows: Sequence[Row] = ()
    total: int = 0
    skip: int = 0
    target: Decimal | None = None

    @property
    def left(self) -> int:
        return self.total - self.skip - len(self.rows)

    @property
    def next_skip(self) -> int:
        return self.skip + len(self.rows)


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task as its page shows it."""

    task: Task
    facts: TaskFacts
    primary: str | None
    steps: tuple[str, ...]
    light: ShownLight
    standing: Standing | None
    duties: list[Duty]
    milestones: list[Milestone]
    ancestors: list[Ancestor]
    below: Below
    feedback: list[Feedback]
    entries: list[Entry]
    submission: Submission | None
    extension: Extension | None
    adaptations: list[Adaptation]
    adaptation: Adaptation | None
    next_report: date | None
    trajectory: Trajectory
    beside: Beside

    def in_role(self, *roles: str) -> list[Duty]:
        """The duties of some roles, as written."""
        return [duty for duty in self.duties if duty.role in roles]

    @property
    def unacknowledged(self) -> list[Duty]:
        """Doing units that were told and have not answered."""
        return [d for d in self.in_role("lead", "joint", "co") if d.unit_id and d.acknowledged_at is None]


def get_task_page(access: Access, *, id: int, skip: int, today: date, policy: Policy) -> TaskPage:
    """The page of a task that the person may see. Raises Http404."""
    task, facts = get_task_and_facts(access, id=id)
    standing = first(_list_standing(id))
    facts = replace(facts, is_done=standing is not None and (standing.percent or 0) >= 100)
    milestones = _list_milestones(id)
    submission, extension = _latest_submission(task, standing), _open_extension(task)
    lit = _light_facts(task, standing, milestones)
    adaptations = list_adaptations(id)
    adaptation = next((a for a in adaptations if a.state == "proposed"), None) if task.state in ACTIVE else None
    beside = get_beside(task, today=today, policy=policy)
    primary, steps = choose_steps(
        access, facts, asks_time=extension is not None, objects=adaptation is not None,
        recalls=facts.has_children and has_recallable_parts(id), pauses=beside.pausing,
        changes=beside.open_change is not None,
        answers_time=extension is not None and may_answer_repeat(access, extension),
    )  # fmt: skip
    return TaskPage(
        task=task,
        facts=facts,
        primary=primary,
        steps=steps,
        light=show(light(lit, today=today, policy=policy)),
        standing=standing,
        duties=_list_duties(id),
        milestones=milestones,
        ancestors=_ancestors(access, task),
        below=_below(task, skip=skip, today=today, policy=policy) if facts.has_children else Below(),
        feedback=_list_feedback(id),
        entries=list_task_entries(task.pk, limit=ENTRIES),
        submission=submission,
        extension=extension,
        adaptations=adaptations,
        adaptation=adaptation,
        next_report=_next_report(task, standing, today=today),
        trajectory=get_trajectory(task, today=today, facts=lit, forecast_days=policy.forecast_days),
        beside=beside,
    )


@prepared
def _list_standing(task: int) -> QuerySet[Standing]:
    return Standing.objects.filter(task=task)


@prepared
def _list_milestones(task: int) -> QuerySet[Milestone]:
    return Milestone.objects.filter(task=task).order_by("due_date", "pk")[:100]


@prepared
def _list_duties(task: int) -> QuerySet[Duty]:
    return Duty.objects.filter(task=task).select_related("unit", "acknowledged_by", "handler").order_by("pk")[:400]


def choose_steps(
    access: Access,
    facts: TaskFacts,
    *,
    asks_time: bool,
    objects: bool = False,
    recalls: bool = True,
    pauses: str = "",
    changes: bool = False,
    answers_time: bool = True,
) -> tuple[str | None, tuple[str, ...]]:
    """The one step shown as a button and the others; what somebody asks waits for its decider before all else."""
    offered = {
        "decide_extension": asks_time and answers_time,
        "extend": not asks_time,
        "decide_adaptation": objects,
        "adapt": not objects,
        "recall_parts": recalls,
        "ask_pause": not pauses,
        "decide_pause": pauses == "requested",
        "suspend": not pauses,
        "resume": pauses == "running",
        "change_hands": not changes,
        "decide_change": changes,
    }
    steps = [s for s in lawful_steps(access, facts) if offered.get(s, True)]
    asked = next((s for s in ASKED if s in steps), None)
    primary = asked or primary_step(access, facts)
    return primary, tuple(s for s in steps if s != primary)


def _latest_submission(task: Task, standing: Standing | None) -> Submission | None:
    """What was submitted last; the standing knows whether anything ever was while the work goes on."""
    never = task.state in BEFORE_DISPATCH or (task.state in UNSUBMITTED and (standing is None or not standing.returned))
    if never:
        return None
    return first(_list_submission(task.pk))


def _open_extension(task: Task) -> Extension | None:
    """The request for more time that waits for its answer."""
    if task.state not in ACTIVE:
        return None
    found = first(_list_requested(task.pk))
    if found is not None:
        found.task = task
    return found


@prepared
def _list_submission(task: int) -> QuerySet[Submission]:
    found = Submission.objects.filter(task=task).select_related("unit", "by", "verification__verifier")
    return found.order_by("-at", "-pk")[:1]


@prepared
def _list_requested(task: int) -> QuerySet[Extension]:
    return Extension.objects.filter(task=task, state="requested").select_related(
        "unit", "requested_by", "decider_unit"
    )[:1]


def _light_facts(task: Task, standing: Standing | None, milestones: Iterable[Milestone]) -> LightFacts:
    path = tuple(Checkpoint(m.due_date, m.percent) for m in milestones if m.percent is not None)
    return LightFacts(
        state=task.state, start_date=task.start_date, due_date=task.due_date, review_date=task.review_date, path=path,
        percent=standing.percent if standing else None, returned=standing.returned if standing else 0,
        mismatched=standing.mismatched if standing else 0, hollow=standing.hollow if standing else 0,
        submitted_date=standing.submitted_date if standing else None,
        paused_date=standing.paused_date if standing else None,
        reported=standing.reported if standing else 0, expected=standing.expected if standing else 1,
    )  # fmt: skip


def _ancestors(access: Access, task: Task) -> list[Ancestor]:
    """The tasks above, from the top down; three queries, none for a top task."""
    path = task.path or ""
    above = _list_at([path[:end] for end in range(TASK_STEP, len(path), TASK_STEP)])
    facts = list_task_facts(above) if above else {}
    return [Ancestor(t.pk, t.code, t.title, may(access, facts[t.pk], "see")) for t in above]


@prepared
def _list_at(paths: list[str]) -> QuerySet[Task]:
    return Task.objects.filter(path__in=paths).select_related("owner").order_by("path")


def _below(task: Task, *, skip: int, today: date, policy: Policy) -> Below:
    found = list(_children(task.pk)[skip : skip + PAGE_ROWS]) if skip else _list_first_children(task.pk)
    if not found:
        return Below()
    rows = list_rows([pk for pk, _total, _sum in found], today=today, policy=policy)
    return Below(rows, total=found[0][1], skip=skip, target=found[0][2])


def _children(task: int) -> QuerySet[Task, Any]:
    """The key of each part, their number and the sum of their targets."""
    children = Task.objects.filter(parent=task).exclude(state__in=GONE).order_by("path")
    counted = children.annotate(total=Window(Count("pk")), sum=Window(Sum("target_value")))
    return counted.values_list("pk", "total", "sum")


@prepared
def _list_first_children(task: int) -> QuerySet[Task, Any]:
    return _children(task)[:PAGE_ROWS]


@prepared
def _list_feedback(task: int) -> QuerySet[Feedback]:
    latest = Feedback.objects.filter(task=task).select_related("unit", "by", "asked_unit").order_by("-at", "-pk")
    return latest.prefetch_related(with_evidence())[:LATEST]


def _next_report(task: Task, standing: Standing | None, *, today: date) -> date | None:
    if task.state not in ACTIVE:
        return None
    last = timezone.localtime(standing.last_at).date() if standing and standing.last_at else None
    return next_report_date(
        task.cadence, cadence_day=task.cadence_day, last_at=last, today=today, start=task.start_date
    )


def describe_entry(entry: Entry, *, task: int) -> str:
    """The words that an entry carries for its reader: a result, a reason, an opinion, what was done to the task."""
    data: dict[str, Any] = entry.data
    if steered := describe_steering(data, task=task):
        return steered
    found = next((data[key] for key in ("reason", "opinion", "done", "result") if data.get(key)), "")
    return str(found)[:200]
