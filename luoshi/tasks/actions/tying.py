"""Answering a part by work that the unit does already: no new task, no second report."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.concerning import tell_owner
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.actions.placing import move_subtrees
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.states import DOING, State


class NotOwnWork(Refusal):
    """Only what the unit asked of itself is its own to tie."""

    sentence = _("Only work that your own unit asked for can be tied here. Ask whoever asked for the other.")


class PartOfAnother(Refusal):
    """A task adds to one other only."""

    sentence = _(
        "This work is already part of another task and counts there. Take it out of that one first, or choose another."
    )


def tie_task(part: Task, *, work: Task, unit: Unit, by: Person, now: datetime) -> None:
    """Place the unit's own work under the part it was given: its progress is the part's progress from now on.

    The unit takes note of the part by it, and who asked is told. Undone by moving the work out again.
    Raises NotOwnWork, PartOfAnother, and what placing raises.
    """
    check_step(part, "tie")
    if work.owner_id != unit.pk:
        raise NotOwnWork
    with transaction.atomic():
        if Task.objects.filter(pk=work.pk, parent__isnull=False).exists():
            raise PartOfAnother
        move_subtrees([(work, part)])
        _acknowledge(part, unit=unit, by=by, now=now)
        words = _("%(unit)s answers “%(part)s” by work it does already: %(work)s")
        text = say(words, unit=unit, part=part.title[:100], work=work.title[:100])
        page, today = url("ledger:task", part.pk), timezone.localtime(now).date()
        tell_owner(part, text=text, page=page, by=by, now=now, today=today)
        record_entry(
            "tie_task", by=by, now=now, subject=part, unit_path=unit.path or "", task_ids=[work.pk, part.pk],
            parent_ids=[part.pk], work=work.code, unit=str(unit), done=f"{work.code} {work.title[:150]}",
        )  # fmt: skip


def _acknowledge(part: Task, *, unit: Unit, by: Person, now: datetime) -> None:
    own = Duty.objects.filter(task=part, unit=unit, role__in=[r.value for r in DOING], acknowledged_at__isnull=True)
    own.update(acknowledged_at=now, acknowledged_by=by)
    Task.objects.filter(pk=part.pk, state=State.DISPATCHED.value).update(
        state=State.ACKNOWLEDGED.value, version=F("version") + 1
    )
    part.refresh_from_db(fields=["state", "version"])
