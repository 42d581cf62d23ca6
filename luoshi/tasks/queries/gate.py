"""Reading tasks: the gate, the facts that rules need, and the unit in whose name a person acts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.core.prepared import first, prepared
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.queries.searching import says
from luoshi.tasks.rules.access import DutyFacts, TaskFacts, acting_unit_id, may


def get_task_for(access: Access, *, id: int, to: str = "see") -> Task:
    """The task with its owner, sponsor and clause. Raises Http404 when unseen, NotAllowed when only seen."""
    return get_task_and_facts(access, id=id, to=to)[0]


def get_task_and_facts(access: Access, *, id: int, to: str = "see") -> tuple[Task, TaskFacts]:
    """The task and what the access rules know of it, through the same gate."""
    task = first(_list_whole(id))
    if task is None:
        raise Http404
    facts = get_task_facts(task)
    if not may(access, facts, "see"):
        raise Http404
    if not may(access, facts, to):
        raise NotAllowed
    return task, facts


@prepared
def _list_whole(id: int) -> QuerySet[Task]:
    return Task.objects.select_related("owner", "sponsor", "asked_by", "parent", "clause__directive").filter(pk=id)


def get_task_facts(task: Task) -> TaskFacts:
    """What the access rules need to know of one task."""
    return list_task_facts([task])[task.pk]


def list_task_facts(tasks: Iterable[Task]) -> dict[int, TaskFacts]:
    """What the access rules need to know of many tasks, by their ids; three queries at most."""
    rows = list(tasks)
    ids = {task.pk for task in rows}
    duties, leads = _list_duties(ids, parents={t.parent_id for t in rows if t.parent_id})
    with_children = set(_list_parents(list(ids)))
    owners = _list_owner_paths(rows)
    return {
        task.pk: TaskFacts(
            owner_id=task.owner_id,
            owner_path=owners[task.owner_id],
            state=task.state,
            duties=tuple(duties[task.pk]),
            sponsor_id=task.sponsor_id,
            has_children=task.pk in with_children,
            parent_lead_paths=tuple(leads[task.parent_id]) if task.parent_id else (),
        )
        for task in rows
    }


def _list_duties(ids: set[int], *, parents: set[int]) -> tuple[dict[int, list[DutyFacts]], dict[int, list[str]]]:
    """The duties of the tasks, and the paths of the units that lead their parents."""
    duties: dict[int, list[DutyFacts]] = defaultdict(list)
    leads: dict[int, list[str]] = defaultdict(list)
    for task_id, unit_id, path, role, at in _list_duty_columns(list(ids | parents)):
        if task_id in ids:
            duties[task_id].append(DutyFacts(unit_id, path or "", role, at is not None))
        if task_id in parents and unit_id is not None and role in LEADING_ROLES:
            leads[task_id].append(path or "")
    return duties, leads


@prepared
def _list_duty_columns(tasks: list[int]) -> QuerySet[Duty, Any]:
    duties = Duty.objects.filter(task__in=tasks).order_by("id")
    return duties.values_list("task_id", "unit_id", "unit__path", "role", "acknowledged_at")


@prepared
def _list_parents(tasks: list[int]) -> QuerySet[Task, Any]:
    """Which of these tasks have parts."""
    return Task.objects.filter(parent__in=tasks).order_by().values_list("parent_id", flat=True).distinct()


def _list_owner_paths(rows: list[Task]) -> dict[int, str]:
    """The paths of the owners, without a query when they were read with the tasks."""
    if all(Task.owner.is_cached(task) for task in rows):
        return {task.owner_id: task.owner.path or "" for task in rows}
    owners = Unit.objects.filter(pk__in={task.owner_id for task in rows}).values_list("pk", "path")
    return {pk: path or "" for pk, path in owners}


def acting_unit(access: Access, task: Task, verb: str, *, facts: TaskFacts | None = None) -> Unit:
    """The unit in whose name this person does this. Raises NotAllowed when there is none."""
    unit_id = acting_unit_id(access, facts or get_task_facts(task), verb)
    if unit_id is None:
        raise NotAllowed
    return _list_units(unit_id)[0]


@prepared
def _list_units(id: int) -> QuerySet[Unit]:
    return Unit.objects.filter(pk=id)


def list_tasks(
    access: Access,
    *,
    unit: str = "",
    state: str = "",
    tier: int | None = None,
    kind: str = "",
    matter: str = "",
    due_from: date | None = None,
    due_to: date | None = None,
    q: str = "",
    parent: int | None = None,
) -> QuerySet[Task]:
    """Visible tasks in the order of their tree, as filtered; `unit` is a code and takes in its whole subtree."""
    exact: dict[str, Any] = {"state": state, "tier": tier, "kind": kind, "matter": matter}
    exact |= {"due_date__gte": due_from, "due_date__lte": due_to}
    tasks = Task.objects.visible_to(access).filter(**{key: value for key, value in exact.items() if value})
    if parent is not None:
        tasks = tasks.filter(parent=parent)
    if q:
        tasks = tasks.filter(says(q))
    if unit:
        paths = [path or "" for path in Unit.objects.filter(code=unit).values_list("path", flat=True)]
        units = Unit.objects.within(*paths).values("pk")
        tasks = tasks.filter(Q(owner__in=units) | Exists(Duty.objects.filter(task=OuterRef("pk"), unit__in=units)))
    return tasks.select_related("owner").order_by("path")
