"""Reading one's messages and the suggestion box."""

from django.db.models import F, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.core.prepared import prepared
from luoshi.notices.models import Notice, Suggestion
from luoshi.orgs.rules import Access, Role, path_range

SHOWN = 99


def list_notices(person_id: int) -> QuerySet[Notice]:
    """A person's messages, the newest first."""
    return Notice.objects.filter(person=person_id)


def count_unread(person_id: int) -> int:
    """How many messages wait unread; counting stops at 99."""
    return len(_list_unread(person_id))


@prepared
def _list_unread(person: int) -> QuerySet[Notice, int]:
    return Notice.objects.filter(person=person, read_at__isnull=True).order_by().values_list("pk", flat=True)[:SHOWN]


def list_suggestions(access: Access) -> QuerySet[Suggestion]:
    """One's own suggestions, and those to the offices one works in; unanswered ones first."""
    seen = Q(person=access.person_id)
    for seat in access.seats:
        if seat.role == Role.OFFICE:
            seen |= Q(unit_path__range=path_range(seat.path))
    found = Suggestion.objects.all() if access.admin else Suggestion.objects.filter(seen)
    return found.select_related("person", "answered_by").order_by(F("answered_at").desc(nulls_first=True), "-at", "-pk")


def may_answer(access: Access, suggestion: Suggestion) -> bool:
    """The supervision office above the author answers, not the author."""
    return suggestion.person_id != access.person_id and bool(
        suggestion.unit_path and access.oversees(suggestion.unit_path, roles=[Role.OFFICE])
    )


def get_suggestion_for(access: Access, *, id: int, to: str = "see") -> Suggestion:
    """The suggestion, when it may be seen or answered; else 404, or NotAllowed when it may be seen only."""
    suggestion = list_suggestions(access).filter(pk=id).first()
    if suggestion is None:
        raise Http404
    if to == "answer" and not may_answer(access, suggestion):
        raise NotAllowed
    return suggestion
