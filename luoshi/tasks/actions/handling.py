"""Naming who handles a unit's part."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Duty
from luoshi.tasks.queries.handling import list_staff_of


class NotOfTheUnit(Refusal):
    """Only its own people handle a unit's work."""

    status = 422
    sentence = _("This person holds no post in the unit today. Choose one of its people.")


def name_handler(duty: Duty, *, person: Person | None, by: Person, now: datetime) -> None:
    """Name who handles the unit's part, or (None) take the name away. Who is named is told, and who was before.

    Raises NotOfTheUnit, UnlawfulStep.
    """
    task, before = duty.task, duty.handler
    check_step(task, "name_handler")
    if person is not None and person.pk not in list_staff_of(duty, today=timezone.localtime(now).date()):
        raise NotOfTheUnit
    if person == before:
        return
    with transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(handler=person)
        duty.handler = person
        page = url("ledger:task", task.pk)
        for whom, words in ((person, _("You handle: %(task)s")), (before, _("You no longer handle: %(task)s"))):
            if whom is not None and whom.pk != by.pk:
                notify([whom], kind="task", text=say(words, task=task.title[:200]), url=page, now=now)
        record_entry(
            "name_handler", by=by, now=now, subject=task, unit_path=(duty.unit.path or "") if duty.unit else "",
            before={"handler": before}, after={"handler": person}, unit=str(duty.unit), name=str(person or ""),
        )  # fmt: skip
