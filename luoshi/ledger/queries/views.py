"""Saved views: whose they are and who may use them."""

from django.db.models import Q
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.ledger.models import SavedView
from luoshi.orgs.rules import Access

MAX_VIEWS = 40


def list_views(access: Access) -> list[SavedView]:
    """The person's own views and those shared with a unit in which they hold a post, by name."""
    mine = Q(person=access.person_id) | Q(unit__in=access.unit_ids)
    return list(SavedView.objects.filter(mine).select_related("person", "unit").order_by("name", "pk")[:MAX_VIEWS])


def get_view_for(access: Access, *, id: int, to: str = "see") -> SavedView:
    """One saved view; only its maker may delete it. Raises Http404 when unseen, NotAllowed when only seen."""
    view = SavedView.objects.filter(Q(person=access.person_id) | Q(unit__in=access.unit_ids), pk=id).first()
    if view is None:
        raise Http404
    if to == "delete" and view.person_id != access.person_id:
        raise NotAllowed
    return view
