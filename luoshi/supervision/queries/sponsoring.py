"""只挂帅不出征: sponsored work under the same lights, with what its leader did; red work without any act of theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.orgs.models import Person
from luoshi.orgs.rules import Access, Role
from luoshi.progress.queries import with_light
from luoshi.progress.queries.lights import list_facts, showing
from luoshi.progress.rules.lights import CODES, Colour
from luoshi.supervision.models import ChaseStep, SponsorAct
from luoshi.supervision.queries.chasing import RED, lit_since
from luoshi.supervision.rules.sponsoring import is_idle
from luoshi.tasks.models import PHASE_OPEN, Task
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.states import ACTIVE

SHOWN = 300
COLOURS = {code: colour.value for colour, code in CODES.items()}
Key = tuple[int, int]  # a task and its sponsor


@dataclass(frozen=True, slots=True)
class Sponsored:
    """One sponsored task: its light, since when it is red, what the leader did and when last."""

    task: Task
    colour: str
    red_date: date | None
    acts: int
    acted_date: date | None
    is_idle: bool


@dataclass(frozen=True, slots=True)
class Leader:
    """One leader's items."""

    person: Person
    rows: list[Sponsored]

    @property
    def reds(self) -> int:
        return sum(row.colour == Colour.RED for row in self.rows)

    @property
    def idle(self) -> int:
        return sum(row.is_idle for row in self.rows)

    @property
    def acts(self) -> int:
        return sum(row.acts for row in self.rows)


def list_leaders(access: Access, *, today: date, policy: Policy) -> tuple[list[Leader], bool]:
    """Leaders with their sponsored work, as far as the reader answers for it; and whether the list is cut."""
    tasks = _sponsored(access).select_related("sponsor", "owner")
    lit: QuerySet[Any] = with_light(tasks, today=today, policy=policy)
    found = list(lit.order_by("sponsor", "light", "due_date", "pk")[: SHOWN + 1])
    rows = _judge(found[:SHOWN], today=today, policy=policy, days=policy.sponsor_days)
    leaders: dict[int, Leader] = {}
    for row in rows:
        if row.task.sponsor:
            leaders.setdefault(row.task.sponsor.pk, Leader(row.task.sponsor, [])).rows.append(row)
    return sorted(leaders.values(), key=lambda leader: leader.person.username), len(found) > SHOWN


def _sponsored(access: Access) -> QuerySet[Task]:
    """Open sponsored work: one's own as a sponsor, all of it for the head and office of what they oversee."""
    tasks = Task.objects.filter(sponsor__isnull=False, phase=PHASE_OPEN, state__in=[s.value for s in ACTIVE])
    if access.admin:
        return tasks
    paths = [s.path for s in access.seats if s.role in (Role.HEAD, Role.OFFICE)]
    return tasks.filter(within(paths, "owner__path")) | tasks.filter(sponsor=access.person_id)


def list_idle(access: Access, *, today: date, policy: Policy) -> list[Sponsored]:
    """Red work that this person sponsors and has not acted on for the policy's days; at most one query for nothing."""
    if not any(seat.role in (Role.SPONSOR, Role.HEAD) for seat in access.seats):
        return []
    mine = Task.objects.filter(sponsor=access.person_id)
    return list_idle_among(mine, today=today, policy=policy, days=policy.sponsor_days)


def list_idle_among(
    tasks: QuerySet[Task], *, today: date, policy: Policy, days: int, limit: int = SHOWN
) -> list[Sponsored]:
    """Of these tasks the red ones whose sponsor did nothing for so many days."""
    work = tasks.filter(phase=PHASE_OPEN, state__in=[s.value for s in ACTIVE], sponsor__isnull=False)
    red = with_light(work, today=today, policy=policy).filter(showing([CODES[Colour.RED]]))
    rows = _judge(
        list(red.select_related("owner").order_by("due_date", "pk")[:limit]), today=today, policy=policy, days=days
    )
    return [row for row in rows if row.is_idle]


def _judge(tasks: Sequence[Task], *, today: date, policy: Policy, days: int) -> list[Sponsored]:
    if not tasks:
        return []
    facts = list_facts(tasks)
    acts, last = list_acts(tasks)
    rows = []
    for task in tasks:
        start = timezone.localtime(task.dispatched_at).date() if task.dispatched_at else today
        red = lit_since(facts[task.pk], RED, start=start, today=today, policy=policy)
        acted, colour = last.get(task.pk), COLOURS[task.light]  # type: ignore[attr-defined]
        idle = is_idle(red_date=red, acted_date=acted, today=today, days=days)
        rows.append(Sponsored(task, colour, red, acts[task.pk], acted, idle))
    return rows


def list_acts(tasks: Iterable[Task]) -> tuple[Counter[int], dict[int, date]]:
    """How often each task's sponsor acted on it, and when last: recorded acts, entries of theirs, steps decided."""
    sponsors = {task.pk: task.sponsor_id for task in tasks if task.sponsor_id}
    counts: Counter[int] = Counter()
    last: dict[int, date] = {}
    for task, person, number, at in (*_list_recorded(sponsors), *_list_entries(sponsors), *_list_decided(sponsors)):
        if sponsors.get(task) == person:
            counts[task] += number
            day = timezone.localtime(at).date() if isinstance(at, datetime) else at
            last[task] = max(last.get(task, day), day)
    return counts, last


def _list_recorded(tasks: Collection[int]) -> Iterable[tuple[int, int, int, date]]:
    rows = SponsorAct.objects.filter(task__in=list(tasks)).order_by().values_list("task_id", "person_id")
    return rows.annotate(Count("pk"), Max("date"))


def _list_entries(sponsors: dict[int, int]) -> Iterable[tuple[int, int, int, datetime]]:
    """What sponsors themselves did to the tasks, as the journal has it; their recorded acts are counted apart."""
    about = Entry.objects.filter(
        subject_type="task", subject_id__in=[str(pk) for pk in sponsors], actor__in=set(sponsors.values())
    ).exclude(verb__in=["record_sponsor_act", "approve_chase", "refuse_chase"])
    rows = about.order_by().values_list("subject_id", "actor_id").annotate(Count("pk"), Max("at"))
    return [(int(task), person, number, at) for task, person, number, at in rows if person]


def _list_decided(tasks: Collection[int]) -> Iterable[tuple[int, int, int, datetime]]:
    decided = ChaseStep.objects.filter(chase__task__in=list(tasks), decided_by__isnull=False)
    rows = decided.order_by().values_list("chase__task_id", "decided_by_id").annotate(Count("pk"), Max("decided_at"))
    return [(task, person, number, at) for task, person, number, at in rows if person and at]
