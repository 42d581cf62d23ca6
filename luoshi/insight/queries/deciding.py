"""What waits for a person who asked for work: dispatch, naming a lead, checks, more time, closing, pressing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db.models import Exists, OuterRef, Q

from luoshi.core.policy import Policy
from luoshi.insight.queries.posts import Posts
from luoshi.insight.queries.rows import COLUMNS, TaskRow, desk_day, with_facts
from luoshi.insight.rules import Item, Need
from luoshi.orgs.rules import Access
from luoshi.progress.rules.lights import CODES, Colour
from luoshi.supervision.models import Extension, Submission
from luoshi.supervision.queries.extending import answerable
from luoshi.tasks.models import PHASE_OPEN, Adaptation, Duty, Task
from luoshi.tasks.queries.visible import keys_of_any, within
from luoshi.tasks.rules.access import DutyFacts, TaskFacts, may
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, DutyRole, State, Tier

CANDIDATES = 400
WAITING = (State.SUBMITTED, State.UNDER_VERIFICATION)
WAITING_STATES = [s.value for s in WAITING]
DESK_STATES = [s.value for s in (*BEFORE_DISPATCH, *WAITING, State.COMPLETED)]
DOING_ROLES = [r.value for r in DOING]


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for more time or for another target: which, from a unit of which level, since when."""

    id: int
    level: str
    at: datetime
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a report put to one of the person's units: from a unit of which level, since when, under what."""

    level: str
    at: datetime
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class _Case:
    """A task with all that deciding about it needs."""

    row: TaskRow
    facts: TaskFacts
    levels: tuple[str, ...]
    submitted: tuple[int, str, datetime] | None
    extension: Asking | None
    adaptation: Asking | None
    asked: Asked | None


def list_deciding(
    access: Access, posts: Posts, *, asks: Mapping[int, Asked], today: date, policy: Policy
) -> list[Item]:
    """The needs of tasks that a unit of the person asked for, checks, or is asked about; five queries."""
    extensions, adaptations = _list_extensions(access, posts), _list_adaptations(posts)
    arms = [*_owned(posts), *_checked(posts), *_pressed(access, posts), Q(pk__in=[*extensions, *adaptations, *asks])]
    tasks = with_facts(Task.objects.filter(pk__in=keys_of_any(arms)), today=today, policy=policy)
    found = tasks.order_by("light", "tier", "urgency", "due_date", "pk").values_list(*COLUMNS)[:CANDIDATES]
    rows = [TaskRow(*row) for row in found]
    duties = _list_duties([row.pk for row in rows])
    submissions = _list_submissions([row.pk for row in rows if row.state in WAITING_STATES])
    items: list[Item] = []
    for row in rows:
        held = duties.get(row.pk, [])
        facts = TaskFacts(row.owner_id, row.owner_path, row.state, tuple(d for d, _level in held), row.sponsor_id)
        levels = tuple(level for d, level in held if d.role in DOING_ROLES and d.unit_id)
        asking = extensions.get(row.pk), adaptations.get(row.pk)
        case = _Case(row, facts, levels, submissions.get(row.pk), *asking, asks.get(row.pk))
        items += _needs(case, access=access, posts=posts, policy=policy)
    return items


def _owned(posts: Posts) -> list[Q]:
    """Tasks of a unit where the person works at a desk step, and those without a lead where they work or lead."""
    doing = Duty.objects.filter(task=OuterRef("pk"), role=DutyRole.JOINT.value, unit__isnull=False)
    lead = Duty.objects.filter(task=OuterRef("pk"), role=DutyRole.LEAD.value, unit__isnull=False)
    leaderless = Q(Exists(doing)) & ~Q(Exists(lead)) & Q(phase=PHASE_OPEN)
    owned = Q(owner__in=posts.working, state__in=DESK_STATES)
    return [owned, Q(owner__in=posts.working | posts.leading) & leaderless]


def _checked(posts: Posts) -> list[Q]:
    """Submitted work that a unit of the person is named to verify, or that its own asker did below their office."""
    waits = Q(state__in=WAITING_STATES)
    named = Duty.objects.filter(role=DutyRole.VERIFIER.value, unit__in=posts.working).order_by().values("task")
    own_work = Duty.objects.filter(task=OuterRef("pk"), role__in=DOING_ROLES, unit=OuterRef("owner"))
    below = within(posts.office_paths, "owner__path")
    return [waits & Q(pk__in=named), waits & below & Q(Exists(own_work))]


def _pressed(access: Access, posts: Posts) -> list[Q]:
    """Critical work under way that the person asked for, sponsors, or answers for as head of the government."""
    active = Q(tier=Tier.CRITICAL.value, state__in=[s.value for s in ACTIVE])
    mine = Q(sponsor=access.person_id), Q(asked_by=access.person_id), Q(owner__in=posts.leading)
    return [active & each for each in mine]


def _needs(case: _Case, *, access: Access, posts: Posts, policy: Policy) -> list[Item]:
    row, found = case.row, []
    step = partial(_item, case, access=access, policy=policy)
    works = row.owner_id in posts.working
    if case.extension and _answers_time(case, access, works=works):
        found.append(step(Need.DECIDE_EXTENSION, waiters=(case.extension.level,), arrived=case.extension.at))
    if case.adaptation and may(access, case.facts, "decide_adaptation") and (works or row.tier < Tier.ROUTINE):
        found.append(step(Need.DECIDE_ADAPTATION, waiters=(case.adaptation.level,), arrived=case.adaptation.at))
    if case.asked:
        found.append(step(Need.ANSWER, waiters=(case.asked.level,), arrived=case.asked.at))
    if case.facts.lacks_lead and may(access, case.facts, "name_lead") and row.owner_id in posts.working | posts.leading:
        found.append(step(Need.NAME_LEAD, waiters=case.levels, arrived=row.dispatched_at or row.created_at))
    if row.state in WAITING_STATES:
        found += _verify(case, access=access, policy=policy)
    elif works and row.state in DESK_STATES:
        found += _finish(case, access=access, policy=policy)
    elif row.light == CODES[Colour.RED] and row.tier == Tier.CRITICAL and _presses(case, access, posts):
        found.append(row.item(Need.PRESS, access=access, day=row.due_date))
    return found


def _answers_time(case: _Case, access: Access, *, works: bool) -> bool:
    """A repeated request is for the level that answers it; a first one for the desk, and for leaders if it is key."""
    assert case.extension is not None
    if case.extension.is_repeat:
        return True
    return may(access, case.facts, "decide_extension") and (works or case.row.tier < Tier.ROUTINE)


def _presses(case: _Case, access: Access, posts: Posts) -> bool:
    mine = access.person_id in (case.row.sponsor_id, case.row.asked_by_id)
    return mine or case.row.owner_id in posts.leading


def _verify(case: _Case, *, access: Access, policy: Policy) -> list[Item]:
    """A check, unless the person submitted the work."""
    submitter, level, at = case.submitted or (0, "", None)
    if submitter == access.person_id or not may(access, case.facts, "verify"):
        return []
    waiters = (level,) if level else ()
    return [_item(case, Need.VERIFY, access=access, policy=policy, waiters=waiters, arrived=at)]


def _finish(case: _Case, *, access: Access, policy: Policy) -> list[Item]:
    """Dispatch before, writing off after."""
    row, step = case.row, partial(_item, case, access=access, policy=policy)
    if row.state == State.COMPLETED:
        return [step(Need.CLOSE, arrived=row.completed_at)] if may(access, case.facts, "close") else []
    if may(access, case.facts, "dispatch"):
        return [step(Need.DISPATCH, waiters=case.levels, arrived=row.created_at)]
    return []


def _item(
    case: _Case,
    need: Need,
    *,
    access: Access,
    policy: Policy,
    arrived: datetime | None,
    waiters: tuple[str, ...] = (),
) -> Item:
    """A desk step on the case, to be done within the policy's days after it arrived."""
    asking = {Need.DECIDE_EXTENSION: case.extension, Need.DECIDE_ADAPTATION: case.adaptation}.get(need)
    subject = asking.id if asking else None
    return case.row.item(need, access=access, waiters=waiters, day=desk_day(arrived, policy=policy), subject_id=subject)


def _list_extensions(access: Access, posts: Posts) -> dict[int, Asking]:
    """Open requests for more time on tasks of the person's units, by task."""
    owners = posts.working | posts.leading
    if not owners:
        return {}
    mine = Q(decider_unit__isnull=True, task__owner__in=owners) | Q(decider_unit__in=owners)
    found = Extension.objects.filter(mine & answerable(access), state="requested").order_by("pk")
    rows = found.values_list("task_id", "pk", "unit__level", "requested_at", "decider_unit_id")[:CANDIDATES]
    return {task: Asking(pk, level, at, is_repeat=decider is not None) for task, pk, level, at, decider in rows}


def _list_adaptations(posts: Posts) -> dict[int, Asking]:
    """Objections that wait on open tasks of the person's units, by task."""
    owners = posts.working | posts.leading
    if not owners:
        return {}
    open_tasks = {"task__owner__in": owners, "task__state__in": [s.value for s in ACTIVE]}
    found = Adaptation.objects.filter(state="proposed", **open_tasks).order_by("pk")
    rows = found.values_list("task_id", "pk", "unit__level", "at")[:CANDIDATES]
    return {task: Asking(pk, level, at) for task, pk, level, at in rows}


def _list_duties(ids: list[int]) -> dict[int, list[tuple[DutyFacts, str]]]:
    """The duties of these tasks as the access rules read them, with the level of each unit."""
    found: dict[int, list[tuple[DutyFacts, str]]] = {}
    if ids:
        duties = Duty.objects.filter(task__in=ids).order_by("pk")
        columns = ("task_id", "unit_id", "unit__path", "role", "acknowledged_at", "unit__level")
        for task, unit, path, role, at, level in duties.values_list(*columns):
            found.setdefault(task, []).append((DutyFacts(unit, path or "", role, at is not None), level or ""))
    return found


def _list_submissions(ids: list[int]) -> dict[int, tuple[int, str, datetime]]:
    """Who submitted each of these tasks last, from a unit of which level, and when."""
    if not ids:
        return {}
    newer = Submission.objects.filter(task=OuterRef("task"), pk__gt=OuterRef("pk"))
    found = Submission.objects.filter(~Exists(newer), task__in=ids)
    return {task: (by, level, at) for task, by, level, at in found.values_list("task_id", "by_id", "unit__level", "at")}
