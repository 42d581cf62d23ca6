"""Delivering messages and marking them read; the suggestion box."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from luoshi.notices.models import Notice
from luoshi.orgs.models import Person

KEPT = timedelta(days=365)


def notify(people: Iterable[Person], *, kind: str, text: str, url: str, now: datetime) -> int:
    """Send one message to each person, once, unless the very same still waits unread; how many were sent.

    Part of the caller's transaction and covered by its journal entry. Read messages older than a year are dropped on
    the way, so that a box stays bounded without a job.
    """
    ids = {person.pk for person in people}
    text = text if len(text) <= 300 else text[:299] + "…"
    ids -= set(
        Notice.objects.filter(person__in=ids, read_at__isnull=True, kind=kind, url=url, text=text).values_list(
            "person_id", flat=True
        )
    )
    Notice.objects.filter(person__in=ids, read_at__lt=now - KEPT).delete()
    Notice.objects.bulk_create(
        [Notice(person_id=pk, at=now, kind=kind, text=text, url=url) for pk in sorted(ids)], batch_size=500
    )
    return len(ids)


def read_notices(person: Person, *, now: datetime, id: int | None = None) -> int:
    """Mark one message or all of them as read. Reading is the reader's own affair: no journal entry."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    if id is not None:
        unread = unread.filter(pk=id)
    return unread.update(read_at=now)


def notify_each(messages: Iterable[tuple[int, str, str]], *, kind: str, now: datetime) -> int:
    """Send each person (by id) their own text and url in one go, part of the caller's transaction; how many."""
    rows = [
        Notice(person_id=person_id, at=now, kind=kind, text=text if len(text) <= 300 else text[:299] + "…", url=url)
        for person_id, text, url in messages
    ]
    Notice.objects.bulk_create(rows, batch_size=500)
    return len(rows)
