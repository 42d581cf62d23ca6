"""What people do beside the routine: the office calls, a leader in charge acts; each in one line of the record."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import CONTACT_LABELS, SPONSOR_ACT_LABELS, Contact, SponsorAct
from luoshi.tasks.models import Task


class DayToCome(Refusal):
    """Something is recorded before it happened."""

    sentence = gettext_lazy("That day is still to come. Record what was done, when it is done.")


def record_contact(
    task: Task, *, unit: Unit, method: str, answered_by: str, matter: str, reply: str, by: Person, now: datetime
) -> Contact:
    """Log that a unit was chased by hand: who called, who answered, the matter, the reply. Raises MissingWords."""
    if not answered_by.strip() or not matter.strip():
        raise MissingWords(_("Write who answered and what was asked."))
    with transaction.atomic():
        contact = Contact.objects.create(
            task=task, unit=unit, by=by, at=now, method=method, answered_by=answered_by.strip(), matter=matter.strip(),
            reply=reply.strip(),
        )  # fmt: skip
        record_entry(
            "record_contact", by=by, now=now, subject=task, unit_path=task.owner.path or "", unit=str(unit),
            method=method, result=f"{CONTACT_LABELS[method]} {contact.answered_by}：{contact.matter}"[:300],
        )  # fmt: skip
    return contact


def record_sponsor_act(task: Task, *, kind: str, note: str, day: date, by: Person, now: datetime) -> SponsorAct:
    """Record in one line what the leader in charge did for a task. Raises MissingWords, DayToCome."""
    if not note.strip():
        raise MissingWords(_("Write in one line what was done."))
    if day > timezone.localtime(now).date():
        raise DayToCome
    with transaction.atomic():
        act = SponsorAct.objects.create(
            task=task, person_id=task.sponsor_id or by.pk, kind=kind, note=note.strip()[:200], date=day, made_at=now,
            made_by=by,
        )  # fmt: skip
        record_entry(
            "record_sponsor_act", by=by, now=now, subject=task, unit_path=task.owner.path or "", kind=kind, date=day,
            result=f"{SPONSOR_ACT_LABELS[kind]}：{act.note}",
        )  # fmt: skip
    return act
