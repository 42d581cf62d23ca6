"""Delivering messages and marking them read; the suggestion box."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.notices.models import Notice, Suggestion
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role

KEPT = timedelta(days=365)


class SuggestionAnswered(Refusal):
    """One suggestion, one answer."""

    sentence = gettext_lazy("This suggestion was answered already. Reload the page to read the answer.")


def notify(  # urgent: told at once on the person's channels, not in the day's digest
    people: Iterable[Person], *, kind: str, text: str, url: str, now: datetime, urgent: bool = False
) -> int:
    """Send one message to each person, once, unless the very same still waits unread; how many were sent.

    Part of the caller's transaction and covered by its journal entry. Read messages older than a year are dropped on
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
    """Take an act's unread messages back; who has read theirs, or got it among others, is told; how many were told.

    The act is known by the moments at which it sent. Part of the caller's transaction.
    """
    ids, told = sorted(people), 0
    for start in range(0, len(ids), 500):
        sent = Notice.objects.filter(person__in=ids[start : start + 500], kind=kind, at__in=sent_at)
        sent.filter(read_at__isnull=True, url__in=urls).delete()
        left = sorted(set(sent.values_list("person_id", flat=True)))
        told += notify_each([(pk, text, url) for pk in left], kind="recall", now=now)
    return told


def read_notices(person: Person, *, now: datetime, id: int | None = None) -> int:
    """Mark one message or all of them as read. Reading is the reader's own affair: no journal entry."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    if id is not None:
        unread = unread.filter(pk=id)
    return unread.update(read_at=now)


def make_suggestion(text: str, *, home: str, by: Person, now: datetime) -> Suggestion:
    """Put a suggestion into the box of the government or company at the path; its supervision office is told."""
    with transaction.atomic():
        suggestion = Suggestion.objects.create(person=by, at=now, unit_path=home, text=text)
        units = Unit.objects.filter(path=home).values_list("pk", flat=True) if home else []
        office = list_people_in(units, [Role.OFFICE], timezone.localtime(now).date())
        notify(
            (person for person in office if person != by), kind="suggestion", now=now,
            text=_("New suggestion: %(text)s") % {"text": text}, url=reverse("notices:suggestions"),
        )  # fmt: skip
        record_entry("make_suggestion", by=by, now=now, subject=suggestion, unit_path=home, text=text)
    return suggestion


def answer_suggestion(suggestion: Suggestion, *, answer: str, by: Person, now: datetime) -> None:
    """Answer a suggestion once; its author is told. Raises SuggestionAnswered."""
    with transaction.atomic():
        waiting = Suggestion.objects.filter(pk=suggestion.pk, answered_at__isnull=True)
        if not waiting.update(answer=answer, answered_at=now, answered_by=by):
            raise SuggestionAnswered
        text = _("Your suggestion was answered: %(text)s") % {"text": answer}
        notify([suggestion.person], kind="suggestion", text=text, url=reverse("notices:suggestions"), now=now)
        record_entry(
            "answer_suggestion", by=by, now=now, subject=suggestion, unit_path=suggestion.unit_path,
            after={"answer": answer},
        )  # fmt: skip
