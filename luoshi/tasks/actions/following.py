"""Letting dispatched work follow the unit tree: duties pass to successors, new units get their part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import notify_each, say
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.adapting import adapt_allotment
from luoshi.tasks.actions.batches import Batch, Giving
from luoshi.tasks.actions.cascading import give_shares
from luoshi.tasks.actions.dispatching import common_path, label_tasks, list_workers
from luoshi.tasks.actions.moving import hold_tasks
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries import get_parent_facts
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.duties import STRENGTH
from luoshi.tasks.rules.following import role_taken
from luoshi.tasks.rules.states import ACTIVE, DOING, DutyRole

if TYPE_CHECKING:
    from luoshi.notices.actions.telling import Message


class NothingChosen(Refusal):
    """No line was ticked."""

    status = 422
    sentence = _("Tick at least one line, and choose the unit it passes to.")


class SuccessorEnded(Refusal):
    """Work passes to units that are there."""

    sentence = _("The chosen unit has ended itself. Reload the page and choose the one that followed it.")


@dataclass(frozen=True, slots=True)
class Pass:
    """A duty of a unit that ended passes to another."""

    duty: Duty
    to: Unit


@dataclass(frozen=True, slots=True)
class Gift:
    """A part for a unit that is new; `left` is the target that then remains in the part that it was split from."""

    parent: Task
    unit: Unit
    giver: Unit
    target_value: Decimal | None = None
    beside: Task | None = None
    left: Decimal | None = None


class Moved(NamedTuple):
    """What passed: the duty, its task, the unit before, the unit after, and the role."""

    duty_id: int
    task_id: int
    before: int
    after: int
    role: str


def follow_units(
    passes: Sequence[Pass], *, gifts: Sequence[Gift] = (), by: Person, now: datetime, reason: str = ""
) -> int:
    """Do all chosen lines in one act with one entry; how many. What somebody did meanwhile is left as it is.

    The successor takes note of what it took over. Raises NothingChosen, SuccessorEnded, EditConflict, FaultyShares,
    UnexplainedInflation, UnlawfulStep.
    """
    if not passes and not gifts:
        raise NothingChosen
    today = timezone.localtime(now).date()
    if any(u.valid_to and u.valid_to < today for u in [*(p.to for p in passes), *(g.unit for g in gifts)]):
        raise SuccessorEnded
    with transaction.atomic():
        work = [task for gift in gifts for task in (gift.parent, gift.beside) if task is not None]
        hold_tasks([*(p.duty.task_id for p in passes), *(task.pk for task in work)])
        moved = _pass_on(passes)
        left = _leave(gifts)
        batches = _give(gifts, by=by, now=now, reason=reason)
        tasks = _touched(passes, gifts, moved=moved)
        _tell(passes, moved=moved, now=now)
        record_entry(
            "follow_units", by=by, now=now, subject=tasks[0], label=label_tasks(tasks), unit_path=common_path(tasks),
            passed=[list(row) for row in moved], left=left, reason=reason.strip(),
            parts=[[b.parent_id, b.first, b.last, b.count] for b in batches],
            task_ids=sorted({row.task_id for row in moved} | {g.beside.pk for g in gifts if g.beside}),
            parent_ids=sorted({b.parent_id for b in batches}),
        )  # fmt: skip
    return len(moved) + sum(b.count for b in batches)


def _pass_on(passes: Sequence[Pass]) -> list[Moved]:
    """Let the duties pass, the strongest first, so that who leads and helps in one task leads it."""
    wanted = {p.duty.pk: p.to for p in passes}
    duties = _list_duties({p.duty.task_id for p in passes})
    held: dict[tuple[int, int], dict[str, Duty]] = defaultdict(dict)
    for duty in duties:
        held[duty.task_id, duty.unit_id or 0][duty.role] = duty
    moved: list[Moved] = []
    gone: set[int] = set()
    for duty in sorted(duties, key=lambda d: STRENGTH.index(DutyRole(d.role))):
        if duty.pk in wanted and duty.pk not in gone:
            to = wanted[duty.pk]
            moved.append(Moved(duty.pk, duty.task_id, duty.unit_id or 0, to.pk, duty.role))
            gone |= _take_over(duty, own=held[duty.task_id, to.pk])
    Duty.objects.filter(pk__in=gone).delete()
    for to in {unit.pk: unit for unit in wanted.values()}.values():
        kept = [d.pk for d in duties if d.pk not in gone and wanted.get(d.pk) == to]
        Duty.objects.filter(pk__in=kept).update(unit=to, acknowledged_at=None, acknowledged_by=None)
    Task.objects.filter(pk__in={row.task_id for row in moved}).update(version=F("version") + 1)
    return moved


def _list_duties(ids: set[int]) -> list[Duty]:
    """All duties of those of the tasks that are still open."""
    active = [s.value for s in ACTIVE]
    return list(Duty.objects.filter(task__in=ids, task__state__in=active, unit__isnull=False).order_by("pk"))


def _take_over(duty: Duty, *, own: dict[str, Duty]) -> set[int]:
    """The successor takes the duty beside its own in the task; the keys of duties that fall away."""
    if role_taken(duty.role, held=own) is None:
        return {duty.pk}
    weaker = {other.pk for role, other in own.items() if role in DOING and duty.role in DOING}
    own[duty.role] = duty
    return weaker


def _leave(gifts: Iterable[Gift]) -> dict[int, list[Decimal | None]]:
    """What remains with the unit that was split, where a person gave a figure; before and after, by part."""
    found: dict[int, list[Decimal | None]] = {}
    for gift in gifts:
        if gift.beside is None or gift.left is None or gift.left == gift.beside.target_value:
            continue
        part, before = gift.beside, gift.beside.target_value
        fields: dict[str, Any] = {"target_value": gift.left, "version": F("version") + 1}
        if gift.left > 0 and part.weight == part.target_value:
            fields["weight"] = gift.left
        if not Task.objects.filter(pk=part.pk, version=part.version).update(**fields):
            raise EditConflict
        part.refresh_from_db(fields=["target_value", "weight", "version"])
        adapt_allotment(part)
        found[part.pk] = [before, gift.left]
    return found


def _give(gifts: Sequence[Gift], *, by: Person, now: datetime, reason: str) -> list[Batch]:
    """The parts, task by task and giver by giver; a unit that holds one by now gets none."""
    batches = []
    ordered = sorted(gifts, key=lambda g: (g.parent.pk, g.giver.pk, g.unit.pk))
    for (_parent, _giver), group in groupby(ordered, key=lambda g: (g.parent.pk, g.giver.pk)):
        rows = list(group)
        holders = get_parent_facts(rows[0].parent).given
        shares = [Share(g.unit.pk, target_value=g.target_value) for g in rows if g.unit.pk not in holders]
        if shares:
            giving = Giving(rows[0].giver, by, now)
            batches.append(give_shares(rows[0].parent, shares, giving=giving, reason=reason)[0])
    return batches


def _touched(passes: Sequence[Pass], gifts: Sequence[Gift], *, moved: Sequence[Moved]) -> list[Task]:
    changed = {row.task_id for row in moved}
    tasks = {p.duty.task_id: p.duty.task for p in passes if p.duty.task_id in changed} or {}
    tasks |= {g.parent.pk: g.parent for g in gifts}
    if not tasks:
        raise EditConflict
    return list(Task.objects.filter(pk__in=tasks).select_related("owner").order_by("path"))


def _tell(passes: Sequence[Pass], *, moved: Sequence[Moved], now: datetime) -> None:
    """People of the successors are told what passed to their unit; of many duties in one sentence."""
    titles = {p.duty.task_id: p.duty.task.title for p in passes}
    units = {p.to.pk: p.to for p in passes}
    people = list_workers(set(units), today=timezone.localtime(now).date())
    messages: list[Message] = []
    for unit_id, unit in units.items():
        tasks = list(dict.fromkeys(row.task_id for row in moved if row.after == unit_id))
        if not tasks:
            continue
        words = _("Passed to %(unit)s: %(title)s") if len(tasks) == 1 else _(
            "%(count)s tasks passed to %(unit)s, the first: %(title)s"
        )  # fmt: skip
        text = say(words, unit=unit, title=titles[tasks[0]][:200], count=len(tasks))
        page = url("ledger:task", tasks[0]) if len(tasks) == 1 else url("insight:needle")
        messages += [(person, text, page) for person in people[unit_id]]
    notify_each(messages, kind="task", now=now)
