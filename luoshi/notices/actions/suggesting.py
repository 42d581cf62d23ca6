"""The suggestion box: one suggestion, one answer."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.notices.actions.telling import notify, say
from luoshi.notices.models import Suggestion
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role


class SuggestionAnswered(Refusal):
    """One suggestion, one answer."""

    sentence = _("This suggestion was answered already. Reload the page to read the answer.")


def make_suggestion(text: str, *, home: str, by: Person, now: datetime) -> Suggestion:
    """Put a suggestion into the box of the government or company at the path; its supervision office is told."""
    with transaction.atomic():
        suggestion = Suggestion.objects.create(person=by, at=now, unit_path=home, text=text)
        units = Unit.objects.filter(path=home).values_list("pk", flat=True) if home else []
        office = list_people_in(units, [Role.OFFICE], timezone.localtime(now).date())
        notify(
            (person for person in office if person != by), kind="suggestion", now=now,
            text=say(_("New suggestion: %(text)s"), text=text), url=reverse("notices:suggestions"),
        )  # fmt: skip
        record_entry("make_suggestion", by=by, now=now, subject=suggestion, unit_path=home, text=text)
    return suggestion


def answer_suggestion(suggestion: Suggestion, *, answer: str, by: Person, now: datetime) -> None:
    """Answer a suggestion once; its author is told. Raises SuggestionAnswered."""
    with transaction.atomic():
        waiting = Suggestion.objects.filter(pk=suggestion.pk, answered_at__isnull=True)
        if not waiting.update(answer=answer, answered_at=now, answered_by=by):
            raise SuggestionAnswered
        text = say(_("Your suggestion was answered: %(text)s"), text=answer)
        notify([suggestion.person], kind="suggestion", text=text, url=reverse("notices:suggestions"), now=now)
        record_entry(
            "answer_suggestion", by=by, now=now, subject=suggestion, unit_path=suggestion.unit_path,
            after={"answer": answer},
        )  # fmt: skip
