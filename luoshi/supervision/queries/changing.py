"""Reading changes of hands: the gate, the open one of a task, what a task went through, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import NotAllowed
from luoshi.core.models import Entry
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.supervision.models import Change
from luoshi.supervision.rules.changing import CONSENTING, ChangeFacts, Stage, may_consent, needs_consent, stage_of
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries import get_task_facts, list_visible
from luoshi.tasks.queries.searching import says
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.states import ACTIVE, LEADING

if TYPE_CHECKING:
    from django.utils.functional import Promise

WAITING = ["proposed", "consented"]
PLACES = 20
SHOWN = 20
TABS: dict[str, Promise | str] = {"open": _("waiting"), "done": _("settled"), "often": _("changed hands most often")}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of hands, with what the reader may do about it."""

    change: Change
    stage: Stage
    may_consent: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Often:
    """A task whose lead changed, and how often."""

    task: Task
    times: int


def facts_of(change: Change) -> ChangeFacts:
    """What the rules need to know of a change."""
    to = change.to_unit
    return ChangeFacts(
        change.kind, change.state, change.by_id, change.to_unit_id, (to.path or "") if to else "",
        change.consent_at is not None,
    )  # fmt: skip


def _whole() -> QuerySet[Change]:
    return Change.objects.select_related(
        "unit", "by", "to_unit", "into", "consent_by", "decided_by", "task__owner", "task__standing"
    )


def get_change_for(access: Access, *, id: int, to: str = "see") -> Change:
    """A change, for who sees its task and the unit that is to take it over. `to`: "consent", "withdraw".

    Raises Http404 when unseen, NotAllowed when only seen.
    """
    change = _whole().filter(pk=id).first()
    if change is None:
        raise Http404
    sees = may(access, get_task_facts(change.task), "see")
    near = change.to_unit is not None and access.oversees(change.to_unit.path or "")
    if not (sees or near):
        raise Http404
    allowed = {
        "see": True,
        "consent": may_consent(access, facts_of(change)),
        "withdraw": not access.admin and access.sits_in(change.unit_id, roles=CONSENTING),
    }
    if not allowed[to]:
        raise NotAllowed
    return change


def get_open_change(task: Task) -> Change | None:
    """The change of hands that waits."""
    return _whole().filter(task=task, state__in=WAITING).first()


def list_changes_of(task: Task) -> list[Change]:
    """What a task went through, and what came into it, newest first."""
    found = _whole().filter(Q(task=task) | Q(into=task, state="done"))
    return list(found.order_by("-at", "-pk")[:SHOWN])


def count_lead_changes(task: Task) -> int:
    """How often the lead changed after the task was out: transfers, and leads named anew."""
    named = Entry.objects.filter(verb="name_lead", subject_type="task", subject_id=str(task.pk))
    if task.dispatched_at is not None:
        named = named.exclude(data__before__lead="")
    return Change.objects.filter(task=task, kind="transfer", state="done").count() + named.count()


def asks_consent(access: Access, change: Change, *, decides: bool) -> bool:
    """Must the unit that takes it over agree, when this person decides?"""
    path = (change.to_unit.path or "") if change.to_unit else ""
    return needs_consent(access, kind=change.kind, to_path=path, decides=decides)


def get_leading_unit(task: Task) -> Unit | None:
    """The unit whose duty would pass on when somebody orders a transfer."""
    roles = [role.value for role in LEADING]
    duty = Duty.objects.filter(task=task, role__in=roles, unit__isnull=False).select_related("unit").order_by("-role")
    found = duty.order_by("pk").first()
    return found.unit if found else None


def list_merge_places(access: Access, task: Task, *, q: str) -> list[Task]:
    """Tasks at work that this one could go into, by words or number; its neighbours where nothing is typed."""
    tasks = list_visible(access).filter(state__in=[s.value for s in ACTIVE]).exclude(pk=task.pk)
    if q:
        tasks = tasks.filter(says(q) | Q(code__iexact=q))
    elif task.parent_id:
        tasks = tasks.filter(parent=task.parent_id)
    else:
        tasks = tasks.filter(owner=task.owner_id, parent__isnull=True)
    return list(tasks.select_related("owner").order_by("path")[:PLACES])


def list_change_rows(access: Access, *, tab: str) -> QuerySet[Change]:
    """The changes of a tab that the reader sees: of tasks they oversee, from and to their units."""
    rows = _whole().all()
    if not access.admin:
        near = within(access.paths, "task__owner__path") | within(access.paths, "unit__path")
        rows = rows.filter(near | within(access.paths, "to_unit__path"))
    return rows.filter(state__in=WAITING) if tab == "open" else rows.exclude(state__in=WAITING)


def as_rows(access: Access, changes: list[Change]) -> list[ChangeRow]:
    """The rows of a page."""
    return [
        ChangeRow(
            change, stage_of(facts_of(change)), change.state == "proposed" and may_consent(access, facts_of(change)),
            change.state in WAITING and change.by_id != access.person_id
            and may(access, get_task_facts(change.task), "decide_change"),
        )
        for change in changes
    ]  # fmt: skip


def list_split_parts(change: Change) -> list[tuple[Unit, dict[str, Any]]]:
    """The parts of a split with their units."""
    units = Unit.objects.in_bulk([int(part["unit"]) for part in change.parts])
    return [(units[int(part["unit"])], part) for part in change.parts if int(part["unit"]) in units]


def list_often(access: Access, *, limit: int = 50) -> list[Often]:
    """Open tasks that were transferred, the most often first (推诿)."""
    rows: QuerySet[Any] = list_change_rows(access, tab="done").filter(kind="transfer", state="done").order_by()
    counted = rows.values("task").annotate(times=Count("pk")).order_by("-times", "task")[:limit]
    times = {row["task"]: row["times"] for row in counted}
    tasks = Task.objects.filter(pk__in=times).select_related("owner")
    return sorted((Often(task, times[task.pk]) for task in tasks), key=lambda o: (-o.times, o.task.pk))
