"""Noting when people are away, so that nobody hands them work by mistake."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Absence, Person, Unit


class DaysReversed(Refusal):
    """The last day lies before the first."""

    status = 422
    sentence = _("The last day lies before the first one. Turn them round.")


class AwayAlready(Refusal):
    """The days are noted already."""

    sentence = _("These days are noted already for this person. Remove the earlier line first.")


def note_absence(
    person: Person, *, from_date: date, to_date: date, by: Person, now: datetime, note: str = "",
    unit: Unit | None = None,
) -> Absence:  # fmt: skip
    """Note the days on which a person is away; `unit` is where that is read. Raises DaysReversed, AwayAlready."""
    if to_date < from_date:
        raise DaysReversed
    with transaction.atomic():
        if Absence.objects.filter(person=person, from_date__lte=from_date, to_date__gte=to_date).exists():
            raise AwayAlready
        absence = Absence.objects.create(person=person, from_date=from_date, to_date=to_date, note=note.strip()[:60])
        record_entry(
            "note_absence", by=by, now=now, subject=absence, label=str(person),
            unit_path=(unit.path or "") if unit else "", after={"from_date": from_date, "to_date": to_date},
        )  # fmt: skip
    return absence


def remove_absence(absence: Absence, *, by: Person, now: datetime, unit: Unit | None = None) -> None:
    """The person is not away after all."""
    with transaction.atomic():
        record_entry(
            "remove_absence", by=by, now=now, subject=absence, label=str(absence.person),
            unit_path=(unit.path or "") if unit else "",
            before={"from_date": absence.from_date, "to_date": absence.to_date},
        )  # fmt: skip
        absence.delete()
