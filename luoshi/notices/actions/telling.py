"""Putting messages into the box of a person, each in its reader's language, and marking them read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, cast

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy

from luoshi.notices.models import UNTOLD, Notice
from luoshi.notices.queries.wishes import list_languages
from luoshi.orgs.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Message = tuple[int, StrPromise, str]  # whom, what in whichever language is on, and the page that it is about

KEPT = timedelta(days=365)
LONGEST = 300


P = ParamSpec("P")


def _call(write: Callable[..., str], args: Sequence[object], values: Mapping[str, object]) -> str:
    return write(*args, **values)


_later = lazy(_call, str)


def say(words: StrPromise, **values: object) -> StrPromise:
    """A sentence with its values put in, to be written in the language of each who reads it."""
    return say_by(_fill, words, values)


def say_by(write: Callable[P, str], *args: P.args, **values: P.kwargs) -> StrPromise:
    """What this function writes, called in the language of each who reads it."""
    return cast("StrPromise", _later(write, args, values))


def _fill(words: StrPromise, values: Mapping[str, object]) -> str:
    return str(words) % values


def notify(
    people: Iterable[Person], *, kind: str, text: StrPromise, url: str, now: datetime, urgent: bool = False
) -> int:
    """Send one message to each person, once, unless the very same still waits unread; how many were sent.

    Part of the caller's transaction and covered by its journal entry. It leaves the site in the reader's next digest;
    what is `urgent` leaves within a minute, by actions.making. Read messages older than a year are dropped on
    the way, so that a box stays bounded without a job.
    """
    rows = []
    language_of = _languages(person.pk for person in people)
    for language in set(language_of.values()):
        said, ids = write_in(language, text), {pk for pk, own in language_of.items() if own == language}
        same = Notice.objects.filter(person__in=ids, read_at__isnull=True, kind=kind, url=url, text=said)
        ids -= set(same.values_list("person_id", flat=True))
        rows += [Notice(person_id=pk, at=now, kind=kind, text=said, url=url, urgent=urgent) for pk in sorted(ids)]
    Notice.objects.filter(person__in=[row.person_id for row in rows], read_at__lt=now - KEPT).delete()
    Notice.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def notify_each(messages: Iterable[Message], *, kind: str, now: datetime, urgent: bool = False) -> int:
    """Send each person (by id) their own text and url in one go, part of the caller's transaction; how many.

    A text that several share is written once for each language among them.
    """
    sent = list(messages)
    language_of = _languages(person_id for person_id, _text, _url in sent)
    said: dict[tuple[str, int], str] = {}
    for language in set(language_of.values()):
        texts = {id(text): text for person_id, text, _url in sent if language_of[person_id] == language}
        with translation.override(language):
            said |= {(language, key): _cut(str(text)) for key, text in texts.items()}
    rows = [
        Notice(person_id=pk, at=now, kind=kind, text=said[language_of[pk], id(text)], url=url, urgent=urgent)
        for pk, text, url in sent
    ]
    Notice.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def write_in(language: str, text: StrPromise) -> str:
    """A message as the readers of one language get it."""
    with translation.override(language):
        return _cut(str(text))


def _languages(people: Iterable[int]) -> dict[int, str]:
    """In which language each of these people reads; one query."""
    ids = set(people)
    return dict.fromkeys(ids, settings.LANGUAGE_CODE) | list_languages(ids)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def take_back(
    people: Iterable[int], *, kind: str, sent_at: Sequence[datetime], urls: Sequence[str], text: StrPromise, url: str,
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
