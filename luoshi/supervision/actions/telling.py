"""Whom a step concerns, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.models import Entry
from luoshi.core.shell import url
from luoshi.letters.models import Letter
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.states import DOING, DutyRole

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


DECIDERS = (Role.HEAD.value, Role.OFFICE.value, Role.HANDLER.value)
DOERS = (Role.HEAD.value, Role.HANDLER.value)


def tell_checkers(task: Task, *, text: StrPromise, page: str, by: Person | None, now: datetime, today: date) -> None:
    """Tell those who check and decide: the unit that asked, and any verifying unit."""
    verifiers = Duty.objects.filter(task=task, role=DutyRole.VERIFIER.value, unit__isnull=False)
    units = {task.owner_id, *(pk for pk in verifiers.values_list("unit_id", flat=True) if pk)}
    _tell(list_people_in(units, DECIDERS, today), text=text, page=page, by=by, now=now)


def tell_doers(task: Task, *, text: StrPromise, by: Person | None, now: datetime, today: date) -> None:
    """Tell those who do the work."""
    doing = Duty.objects.filter(task=task, role__in=[r.value for r in DOING], unit__isnull=False)
    units = {pk for pk in doing.values_list("unit_id", flat=True) if pk}
    page = url("ledger:task", task.pk)
    _tell(list_people_in(units, DOERS, today), text=text, page=page, by=by, now=now)


def tell_units(
    units: Iterable[int], *, text: StrPromise, page: str, by: Person | None, now: datetime, today: date
) -> None:
    """Tell those who work for these units."""
    _tell(list_people_in(units, DECIDERS, today), text=text, page=page, by=by, now=now)


def tell_addressed(entry: Entry) -> None:
    """Tell the units that a letter is addressed to that it is issued; part of the act that issues it."""
    letter = Letter.objects.filter(pk=entry.subject_id).first()
    units = letter.recipients.values_list("pk", flat=True) if letter else ()
    if letter is None or not units:
        return
    words = _("%(number)s has arrived: “%(title)s”.")
    text = say(words, number=letter.full_number, title=letter.title[:160])
    today = letter.issued_date or timezone.localtime(entry.at).date()
    tell_units(units, text=text, page=url("letters:letter", letter.pk), by=letter.issued_by, now=entry.at, today=today)


def _tell(people: Iterable[Person], *, text: StrPromise, page: str, by: Person | None, now: datetime) -> None:
    notify([p for p in people if by is None or p.pk != by.pk], kind="supervision", text=text, url=page, now=now)
