"""What waits for dispatch, with what the linter says of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.rules import Access, Role
from luoshi.tasks.models import FAULT_SENTENCES, FINDING_SENTENCES, Duty, Milestone, Task
from luoshi.tasks.rules.access import DRAFTERS
from luoshi.tasks.rules.cascade import Fault
from luoshi.tasks.rules.linter import Finding, LintDuty, LintFacts, lint
from luoshi.tasks.rules.states import BEFORE_DISPATCH

NAMES_SHOWN = 6


def list_findings(tasks: Sequence[Task], *, today: date, blocking: Collection[str]) -> dict[int, tuple[Finding, ...]]:
    """What the linter says of each task, by id; three queries for all of them."""
    ids = [task.pk for task in tasks]
    duties: dict[int, list[LintDuty]] = defaultdict(list)
    for duty in Duty.objects.filter(task__in=ids).select_related("unit").order_by("id"):
        name = str(duty.unit) if duty.unit else duty.written_name or duty.selector
        duties[duty.task_id].append(LintDuty(duty.role, duty.unit_id, duty.selector, name, duty.due_date))
    counted = Milestone.objects.filter(task__in=ids).order_by().values_list("task").annotate(Count("pk"))
    milestones = dict(counted)
    parents = Task.objects.filter(pk__in={t.parent_id for t in tasks if t.parent_id})
    dates: dict[int | None, date | None] = dict(parents.values_list("pk", "due_date"))
    return {
        task.pk: lint(
            _lint_facts(
                task, tuple(duties[task.pk]), parent_due=dates.get(task.parent_id), count=milestones.get(task.pk, 0)
            ),
            today=today,
            blocking=blocking,
        )
        for task in tasks
    }


def _lint_facts(task: Task, duties: tuple[LintDuty, ...], *, parent_due: date | None, count: int) -> LintFacts:
    return LintFacts(
        title=task.title,
        requirement=task.requirement,
        standard=task.standard,
        kind=task.kind,
        tier=task.tier,
        start_date=task.start_date,
        due_date=task.due_date,
        review_date=task.review_date,
        target_value=task.target_value,
        cadence=task.cadence,
        sponsor_id=task.sponsor_id,
        duties=duties,
        parent_due_date=parent_due,
        milestones=count,
    )


def explain_finding(finding: Finding) -> str:
    """The sentence that says what is missing and what to do."""
    return str(FINDING_SENTENCES[finding.code]) % {"words": finding.words}


def explain_fault(fault: Fault, *, units: dict[int, Unit]) -> str:
    """The sentence about the shares of a cascade, with the names of the units it is about."""
    names = [str(units[pk]) for pk in fault.unit_ids[:NAMES_SHOWN] if pk in units]
    more = "…" if len(fault.unit_ids) > NAMES_SHOWN else ""
    figure = f"{(fault.figure or Decimal(0)).normalize():f}"
    words = {"units": "、".join(names) + more, "count": len(fault.unit_ids), "figure": figure}
    return str(FAULT_SENTENCES[fault.code]) % words


def list_drafts_for(access: Access) -> QuerySet[Task]:
    """Tasks before dispatch that this person may draft, directive by directive; twin of may(…, "draft")."""
    paths = [s.path for s in access.seats if s.role in DRAFTERS]
    handled = [s.unit_id for s in access.seats if s.role == Role.HANDLER]
    mine = Q(owner__in=Unit.objects.within(*paths).values("pk")) | Q(owner__in=handled)
    drafts = Task.objects.filter(state__in=[s.value for s in BEFORE_DISPATCH])
    drafts = drafts.none() if access.admin else drafts.filter(mine)
    return drafts.select_related("owner", "sponsor", "clause__directive").order_by("clause__directive", "path")


def list_owners_for(access: Access) -> QuerySet[Unit]:
    """The units in whose name this person may ask for work: those they draft for."""
    if access.admin:
        return Unit.objects.none()
    paths = [s.path for s in access.seats if s.role in DRAFTERS]
    handled = [s.unit_id for s in access.seats if s.role == Role.HANDLER]
    below = Unit.objects.within(*paths).values("pk")
    return Unit.objects.filter(Q(pk__in=below) | Q(pk__in=handled), valid_to__isnull=True).order_by("path")


def list_sponsors_for(access: Access, *, today: date) -> QuerySet[Person]:
    """Heads and leaders in charge of the governments or companies of this person's seats, who may sponsor a task."""
    homes: Iterable[str] = access.homes
    posts = Post.objects.held_on(today).filter(
        role__in=[Role.HEAD.value, Role.SPONSOR.value], unit__path__in=list(homes)
    )
    return Person.objects.filter(pk__in=posts.values("person"), is_active=True).order_by("pk")
