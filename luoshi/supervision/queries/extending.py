"""Reading requests for more time: the gate, who answers them, and the versions of a due date."""

from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from luoshi.core.errors import NotAllowed
from luoshi.core.policy import Policy
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.supervision.models import Extension, Pause
from luoshi.supervision.rules.extending import (
    HIGHER,
    Above,
    Cause,
    Move,
    Times,
    Version,
    deciding_unit,
    due_versions,
    fault_of_request,
    may_decide_higher,
)
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.matters import Matter


def list_extensions(task: Task) -> QuerySet[Extension]:
    """The requests for more time on a task, newest first."""
    found = Extension.objects.filter(task=task)
    return found.select_related("unit", "requested_by", "decided_by", "decider_unit")


def count_extensions(task: Task) -> Times:
    """How often the date was moved, and how often that was refused."""
    found = Extension.objects.filter(task=task).aggregate(
        approved=Count("pk", filter=Q(state="approved")), refused=Count("pk", filter=Q(state="refused"))
    )
    return Times(**found)


def get_deciding_unit(task: Task, *, number: int, policy: Policy) -> Unit | None:
    """The unit that answers instead of the owner; None while it is the owner's own to answer."""
    owner = task.owner
    above = Above(owner.pk, owner.level, owner.parent_id)
    found = deciding_unit(number, above, higher_from=policy.extension_higher_from)
    return None if found is None else Unit.objects.get(pk=found)


def get_cutoff(task: Task, *, policy: Policy) -> int | None:
    """Until which hour of the due day the task may still ask; None: only before that day."""
    return policy.hotline_cutoff if task.matter == Matter.HOTLINE else None


def is_too_late(task: Task, *, now: datetime, policy: Policy) -> bool:
    """Can no more time be asked for today, whatever the date?"""
    here = timezone.localtime(now)
    fault = fault_of_request(
        today=here.date(), due_date=task.due_date, to_date=date.max, hour=here.hour,
        cutoff=get_cutoff(task, policy=policy),
    )  # fmt: skip
    return fault is not None


def get_extension_for(access: Access, *, id: int, to: str = "see") -> Extension:
    """A request for more time. Raises Http404 when its task is not seen, NotAllowed when it may only be seen."""
    requests = Extension.objects.select_related("unit", "requested_by", "decided_by", "decider_unit")
    extension = get_object_or_404(requests, pk=id)
    extension.task = get_task_for(access, id=extension.task_id, to="see" if extension.decider_unit_id else to)
    if to != "see" and not may_answer_repeat(access, extension):
        raise NotAllowed
    return extension


def may_answer_repeat(access: Access, extension: Extension) -> bool:
    """Of a repeated request: is this person of the level that answers it? Twin of answerable."""
    decider = extension.decider_unit
    if decider is None:
        return True
    owner = extension.task.owner_id
    return may_decide_higher(access, decider_id=decider.pk, decider_path=decider.path or "", owner_id=owner)


def answerable(access: Access) -> Q:
    """Requests that are the owner's to answer, or repeated ones of a level that this person decides for."""
    heads = [s.path for s in access.seats if s.role == Role.HEAD]
    higher = [s.path for s in access.seats if s.role in HIGHER]
    own = Q(decider_unit=F("task__owner")) & within(heads, "decider_unit__path")
    above = ~Q(decider_unit=F("task__owner")) & within(higher, "decider_unit__path")
    return Q(decider_unit__isnull=True) | own | above


def list_due_versions(task: Task) -> tuple[Version, ...]:
    """Every due date that the task had, with its reason; two queries, none where the first one still holds."""
    if task.original_due_date is None or task.original_due_date == task.due_date:
        return due_versions(task.original_due_date, moves=[], due_date=task.due_date)
    granted = Extension.objects.filter(task=task, state="approved", granted_date__isnull=False)
    moves = [
        Move(timezone.localtime(e.decided_at).date(), e.granted_date, Cause.EXTENDED, e.number)
        for e in granted.order_by("decided_at")
        if e.decided_at and e.granted_date
    ]
    return due_versions(task.original_due_date, moves=[*moves, *_list_pauses(task, moves)], due_date=task.due_date)


def _list_pauses(task: Task, granted: list[Move]) -> list[Move]:
    """What pauses added: each moves the date that held when it ended by its days."""
    found: list[Move] = []
    ended = Pause.objects.filter(task=task, state="ended", from_date__isnull=False, to_date__isnull=False)
    for pause in ended.order_by("to_date", "pk"):
        if pause.from_date is None or pause.to_date is None or task.original_due_date is None:
            continue
        held = [m for m in (*granted, *found) if m.at <= pause.to_date]
        due = max(held, key=lambda m: m.at).to_date if held else task.original_due_date
        if due >= pause.from_date and pause.to_date > pause.from_date:
            found.append(Move(pause.to_date, due + (pause.to_date - pause.from_date), Cause.PAUSED))
    return found
