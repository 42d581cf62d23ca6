"""Confirming what stands below a level, which locks it, and opening it again for a reason."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.progress.actions.readings import PeriodLocked, PeriodNotBegun, list_line
from luoshi.progress.models import Confirmation, Coverage, Tally
from luoshi.progress.rules.periods import current_period
from luoshi.tasks.actions.indicating import NoSuchPeriod
from luoshi.tasks.models import Allotment
from luoshi.tasks.rules.indicators import is_period_of


class NothingBelow(Refusal):
    """Nothing to confirm: no parts, or nothing reported."""

    sentence = gettext_lazy("Nothing below was reported for this period, so there is nothing to confirm.")


class ConfirmedAlready(Refusal):
    """The period is confirmed."""

    sentence = gettext_lazy("This period is confirmed already.")


class NotConfirmed(Refusal):
    """Only what is confirmed can be reopened."""

    sentence = gettext_lazy("This period is not confirmed, so it is open already.")


class NoReopenReason(Refusal):
    """Reopening needs a reason."""

    sentence = gettext_lazy("Say why it is reopened: everyone below will read it.")


class ReopenLaterFirst(Refusal):
    """A later period of this level contains the figures."""

    sentence = gettext_lazy("A later period is confirmed, and its figures to date contain this one. Reopen that first.")


def confirm_period(
    allotment: Allotment, *, period: str, unit: Unit, by: Person, now: datetime, today: date, note: str = ""
) -> Confirmation:
    """A level confirms what stands below it up to the end of a period; until it is reopened all of it is locked.

    Raises NoSuchPeriod, PeriodNotBegun, NothingBelow, ConfirmedAlready.
    """
    indicator = allotment.indicator
    if not is_period_of(period, cadence=indicator.cadence, year=indicator.year):
        raise NoSuchPeriod
    if period > current_period(indicator.cadence, today):
        raise PeriodNotBegun
    with transaction.atomic():
        record_entry(
            "confirm_period", by=by, now=now, subject=allotment.task, unit_path=unit.path or "",
            after={"period": period}, indicator=indicator.pk, allotment=allotment.pk, unit=str(unit), note=note.strip(),
        )  # fmt: skip
        coverage = Coverage.objects.filter(allotment=allotment).first()
        tally = Tally.objects.filter(allotment=allotment, period=period).first()
        if coverage is None or tally is None or not tally.heard:
            raise NothingBelow
        if _list_confirmed(allotment).filter(period=period).exists():
            raise ConfirmedAlready
        return Confirmation.objects.create(
            allotment=allotment, period=period, value=tally.value, to_date=tally.to_date, reported=tally.reported,
            expected=coverage.expected, note=note.strip(), unit=unit, by=by, at=now,
        )  # fmt: skip


def reopen_period(allotment: Allotment, *, period: str, why: str, unit: Unit, by: Person, now: datetime) -> None:
    """Open again what this level confirmed, with the reason. The confirmation stays to be seen.

    Raises NoReopenReason, NotConfirmed, ReopenLaterFirst, and PeriodLocked while a level above holds it confirmed.
    """
    if not why.strip():
        raise NoReopenReason
    with transaction.atomic():
        record_entry(
            "reopen_period", by=by, now=now, subject=allotment.task, unit_path=unit.path or "",
            before={"period": period}, indicator=allotment.indicator_id, allotment=allotment.pk, why=why.strip(),
            unit=str(unit),
        )  # fmt: skip
        if _list_confirmed(allotment).filter(period__gt=period).exists():
            raise ReopenLaterFirst
        above = list_line(allotment.task.path or "")[:-1]
        locks = Confirmation.objects.filter(allotment__indicator=allotment.indicator_id, allotment__task__in=above)
        if locks.filter(reopened_at__isnull=True, period__gte=period).exists():
            raise PeriodLocked
        open_ones = _list_confirmed(allotment).filter(period=period)
        if not open_ones.update(reopened_at=now, reopened_by=by, why_reopened=why.strip()):
            raise NotConfirmed


def _list_confirmed(allotment: Allotment) -> "QuerySet[Confirmation]":
    return Confirmation.objects.filter(allotment=allotment, reopened_at__isnull=True)
