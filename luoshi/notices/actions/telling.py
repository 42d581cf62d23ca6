"""Putting messages into the box of a person, and marking them read."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from luoshi.notices.models import UNTOLD, Notice
from luoshi.orgs.models import Person

KEPT = timedelta(days=365)


def notify(people: Iterable[Person], *, kind: str, text: str, url: str, now: datetime, urgent: bool = False) -> int:
    """Send one message to each person, once, unless the very same still waits unread; how many were sent.

    Part of the caller's transaction and covered by its journal entry. It leaves the site in the reader's next digest;
    what is `urgent` leaves within a minute, by actions.making. Read messages older than a year are dropped on
    the way, so that a box stays bounded without a job.
    """
    ids = {person.pk for person in people}
    text = text if len(text) <= 300 else text[:299] + "…"
    same = Notice.objects.filter(person__in=ids, read_at__isnull=True, kind=kind, url=url, text=text)
    ids -= set(same.values_list("person_id", flat=True))
    Notice.objects.filter(person__in=ids, read_at__lt=now - KEPT).delete()
    Notice.objects.bulk_create(
        [Notice(person_id=pk, at=now, kind=kind, text=text, url=url, urgent=urgent) for pk in sorted(ids)],
        batch_size=500,
    )
    return len(ids)


def notify_each(messages: Iterable[tuple[int, str, str]], *, kind: str, now: datetime, urgent: bool = False) -> int:
    """Send each person (by id) their own text and url in one go, part of the caller's transaction; how many."""
    rows = [
        Notice(
            person_id=person_id,
            at=now,
            kind=kind,
            text=text if len(text) <= 300 else text[:299] + "…",
            url=url,
            urgent=urgent,
        )
        for person_id, text, url in messages
    ]
    Notice.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def take_back(
    people: Iterable[int], *, kind: str, sent_at: Sequence[datetime], urls: Sequence[str], text: str, url: str,
    now: datetime,
) -> int:  # fmt: skip
    """Take an act's unread messages back; how many people were told of it instead.

    They are those who have read theirs, got it among others, or heard of it outside the site. The act is known by the
    moments at which it sent. Part of the caller's transaction.
    """
    ids, told = sorted(people), 0
    for start in range(0, len(ids), 500):
        sent = Notice.objects.filter(person__in=ids[start : start + 500], kind=kind, at__in=sent_at)
        sent.filter(UNTOLD, url__in=urls).delete()
        left = sorted(set(sent.values_list("person_id", flat=True)))
        told += notify_each([(pk, text, url) for pk in left], kind="recall", now=now)
    return told


def read_notices(person: Person, *, now: datetime, id: int | None = None) -> int:
    """Mark one message or all of them as read. Reading is the reader's own affair: no journal entry."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    if id is not None:
        unread = unread.filter(pk=id)
    return unread.update(read_at=now)
