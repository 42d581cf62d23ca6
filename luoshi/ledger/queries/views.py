"""Saved views: whose they are and who may use them."""

from django.db.models import Q
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.ledger.models import SavedView
from luoshi.orgs.rules import Access, ancestor_paths

MAX_VIEWS = 40


def list_views(access: Access) -> list[SavedView]:
    """The person's own views and those shared with their units or with units above these, by name."""
    return list(
        SavedView.objects.filter(_usable(access)).select_related("person", "unit").order_by("name", "pk")[:MAX_VIEWS]
    )


def get_view_for(access: Access, *, id: int, to: str = "see") -> SavedView:
    """One saved view; only its maker may delete it. Raises Http404 when unseen, NotAllowed when only seen."""
    view = SavedView.objects.filter(_usable(access), pk=id).first()
    if view is None:
        raise Http404
    if to == "delete" and view.person_id != access.person_id:
        raise NotAllowed
    return view


def _usable(access: Access) -> Q:
    """A person's own views; and what a unit shares is for all below it."""
    paths = {path for seat in access.seats for path in ancestor_paths(seat.path)}
    return Q(person=access.person_id) | Q(unit__path__in=sorted(paths))
