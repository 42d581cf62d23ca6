"""Writing the journal: every action ends with one entry."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luoshi.core import events
from luoshi.core.errors import Refusal
from luoshi.core.models import CalendarDay, ChainHead, Entry, Run, RunState
from luoshi.core.prepared import prepared
from luoshi.core.rules.chain import seal
from luoshi.core.rules.holidays import HolidayLine
from luoshi.core.rules.workdays import SATURDAY


def record_entry(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    subject: models.Model,
    label: str = "",
    unit_path: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **notes: Any,
) -> Entry:
    """Seal one entry at the end of an action, inside its transaction.

    `before` and `after` hold only the fields that changed; `notes` is whatever else the reader of the journal needs.
    `unit_path` decides who may read the entry. Raises TransactionManagementError outside a transaction.
    """
    data = _plain({"before": before or {}, "after": after or {}, **notes})
    head = _lock_head()[0]
    entry = Entry(
        seq=head.seq + 1,
        at=now,
        actor_id=by.pk if by else None,
        verb=verb,
        subject_type=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_label=(label or str(subject))[:300],
        unit_path=unit_path,
        data=data,
        previous_hash=head.hash,
    )
    entry.hash = seal(entry.seq, entry.sealed_content(), previous_hash=entry.previous_hash)
    entry.save(force_insert=True)
    ChainHead.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)
    events.publish(entry)
    return entry


def hold_journal() -> None:
    """Take the journal's place in the queue now, for an act that takes away rows which others write after their entry.

    Rows that several acts lock before their entries are locked before this.
    """
    _lock_head()


@prepared
def _lock_head() -> QuerySet[ChainHead]:
    return ChainHead.objects.select_for_update().filter(pk=1)


def _plain(value: Any) -> Any:
    """JSON values only: dates in ISO form, Decimals as strings, rows as their keys."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return value.pk
    return value


class SameAsPlainWeek(Refusal):
    """An entry would change nothing."""

    sentence = _("By the plain week this day is so anyway. Enter only days that differ, or remove a day's line below.")


class NoSuchDay(Refusal):
    """Nothing is entered for the day."""

    sentence = _("Nothing is entered for this day any more: it follows the plain week.")


def set_calendar_day(day: date, *, is_workday: bool, name: str, by: AbstractBaseUser, now: datetime) -> Entry:
    """Mark one day as worked or free (调休). Raises SameAsPlainWeek for a day that does not differ."""
    if is_workday == (day.weekday() < SATURDAY):
        raise SameAsPlainWeek
    after = {"is_workday": is_workday, "name": name}
    with transaction.atomic():
        before = CalendarDay.objects.select_for_update(no_key=True).filter(day=day).values("is_workday", "name").first()
        row, _created = CalendarDay.objects.update_or_create(day=day, defaults=after)
        return record_entry("set_calendar_day", by=by, now=now, subject=row, before=before, after=after)


def clear_calendar_day(day: date, *, by: AbstractBaseUser, now: datetime) -> Entry:
    """Let one day follow the plain week again. Raises NoSuchDay."""
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update(no_key=True).filter(day=day).first()
        if row is None:
            raise NoSuchDay
        before = {"is_workday": row.is_workday, "name": row.name}
        entry = record_entry("clear_calendar_day", by=by, now=now, subject=row, before=before)
        row.delete()
        return entry


class NothingRead(Refusal):
    """The text of a notice names no day that differs from the plain week."""

    sentence = _("No day could be read from this text. Paste the notice as it was published, or enter the days singly.")


def set_calendar_list(days: Sequence[HolidayLine], *, by: AbstractBaseUser, now: datetime) -> Entry:
    """Enter the days of an official notice at once; lines of the same days are replaced. Raises NothingRead."""
    if not days:
        raise NothingRead
    with transaction.atomic():
        rows = [CalendarDay(day=line.day, is_workday=line.is_workday, name=line.name[:40]) for line in days]
        CalendarDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["is_workday", "name"]
        )
        after = {line.day.isoformat(): line.is_workday for line in days}
        return record_entry("set_calendar_list", by=by, now=now, subject=rows[0], after=after)


class NotGivenUp(Refusal):
    """The run was tried again meanwhile."""

    sentence = _("This run is not given up any more: look at its line again.")


def run_again(run_id: int, *, by: AbstractBaseUser, now: datetime) -> Entry:
    """Let the workers try a run again that was given up. Raises NotGivenUp."""
    with transaction.atomic():
        given_up = Run.objects.filter(pk=run_id, state=RunState.FAILED.value)
        if not given_up.update(state=RunState.WAITING.value, attempts=0, next_at=None, asked_at=None):
            raise NotGivenUp
        return record_entry("run_again", by=by, now=now, subject=Run.objects.get(pk=run_id))
