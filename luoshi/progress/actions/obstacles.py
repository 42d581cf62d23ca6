"""Naming what holds a task up and who can remove it, and saying how it was removed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_people_in
from luoshi.progress.models import CAUSE_LABELS
from luoshi.progress.models.following import Obstacle
from luoshi.progress.rules.obstacles import ANSWERING
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import ACTIVE


class NoHolder(Refusal):
    """Nobody is named who could remove it."""

    status = 422
    sentence = gettext_lazy("Name the unit or the leader who can remove it; it may stand above you.")


class NoCause(Refusal):
    """No cause, or none that is known."""

    status = 422
    sentence = gettext_lazy("Choose the cause, and say in a sentence what holds the work up.")


class NotUnderWay(Refusal):
    """Work that is not going on cannot be held up."""

    sentence = gettext_lazy("Only work under way can be held up.")


class NoHow(Refusal):
    """Nothing said about how it was removed."""

    status = 422
    sentence = gettext_lazy("Say how it was removed, so that others learn from it.")


def name_obstacle(
    task: Task, *, cause: str, note: str, by: Person, now: datetime, holder_unit: Unit | None = None,
    holder_person: Person | None = None, today: date | None = None,
) -> Obstacle:  # fmt: skip
    """Say what holds a task up and who can remove it; who holds it is told. What was named before is replaced.

    Raises NoHolder, NoCause, NotUnderWay.
    """
    if holder_unit is None and holder_person is None:
        raise NoHolder
    if cause not in CAUSE_LABELS or not note.strip():
        raise NoCause
    with transaction.atomic():
        if Task.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=task.pk) not in ACTIVE:
            raise NotUnderWay
        former = _open_of(task)
        if former and _says(former, cause, note.strip(), holder_unit, holder_person):
            return former
        if former:
            _clear(former, by=by, now=now, how=_("Named anew."))
        found = Obstacle.objects.create(
            task=task, cause=cause, note=note.strip(), holder_unit=holder_unit, holder_person=holder_person,
            named_by=by, named_at=now,
        )  # fmt: skip
        _tell_holder(found, by=by, today=today or timezone.localtime(now).date())
        record_entry(
            "name_obstacle", by=by, now=now, subject=task, unit_path=task.owner.path or "", after=_told(found),
            before=_told(former) if former else {}, obstacle=found.pk,
        )  # fmt: skip
    return found


def clear_obstacle(obstacle: Obstacle, *, how: str, by: Person, now: datetime) -> Obstacle:
    """Say how the obstacle was removed; the people who named it are told. Raises NoHow, EditConflict."""
    if not how.strip():
        raise NoHow
    task = obstacle.task
    with transaction.atomic():
        if not _clear(obstacle, by=by, now=now, how=how.strip()):
            raise EditConflict(_("It was removed or named anew meanwhile. Look at the task again."))
        if obstacle.named_by_id != by.pk:
            words = gettext_lazy("What held up “%(task)s” is removed: %(how)s")
            text = say(words, task=task.title, how=how.strip()[:200])
            notify([obstacle.named_by], kind="obstacle", text=text, url=url("ledger:task", task.pk), now=now)
        record_entry(
            "clear_obstacle", by=by, now=now, subject=task, unit_path=task.owner.path or "", before=_told(obstacle),
            how=how.strip(), obstacle=obstacle.pk,
        )  # fmt: skip
    return obstacle


def _open_of(task: Task) -> Obstacle | None:
    return Obstacle.objects.filter(task=task, cleared_at__isnull=True).first()


def _says(held: Obstacle, cause: str, note: str, unit: Unit | None, person: Person | None) -> bool:
    given = cause, note, unit.pk if unit else None, person.pk if person else None
    return (held.cause, held.note, held.holder_unit_id, held.holder_person_id) == given


def _clear(obstacle: Obstacle, *, by: Person, now: datetime, how: str) -> bool:
    """Close it if it is still open."""
    still_open = Obstacle.objects.filter(pk=obstacle.pk, cleared_at__isnull=True)
    return bool(still_open.update(cleared_by=by, cleared_at=now, how=how))


def _tell_holder(found: Obstacle, *, by: Person, today: date) -> None:
    people = list(list_people_in([found.holder_unit_id], ANSWERING, today)) if found.holder_unit_id else []
    if found.holder_person:
        people.append(found.holder_person)
    people = [p for p in people if p.pk != by.pk]
    words = gettext_lazy("“%(task)s” waits for you: %(note)s")
    text = say(words, task=found.task.title, note=found.note[:200])
    notify(people, kind="obstacle", text=text, url=url("ledger:task", found.task_id), now=found.named_at)


def _told(obstacle: Obstacle) -> dict[str, object]:
    return {
        "cause": obstacle.cause, "note": obstacle.note[:200], "holder_unit": obstacle.holder_unit_id,
        "holder_person": obstacle.holder_person_id,
    }  # fmt: skip
