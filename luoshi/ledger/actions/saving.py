"""Keeping and dropping saved views of the ledger."""

from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.ledger.models import SavedView
from luoshi.ledger.rules import Filter, filter_params
from luoshi.orgs.models import Person, Unit

MAX_OWN_VIEWS = 30


class TooManyViews(Refusal):
    """A person's list of views is bounded."""

    sentence = _("You keep 30 views already. Delete one that you no longer use, then save again.")


def save_view(*, name: str, chosen: Filter, unit: Unit | None, by: Person, now: datetime) -> SavedView:
    """Keep a filter under a name, for oneself or shared with a unit; the same name again replaces it.

    Raises TooManyViews.
    """
    with transaction.atomic():
        own = SavedView.objects.filter(person=by)
        if not own.filter(name=name).exists() and own.count() >= MAX_OWN_VIEWS:
            raise TooManyViews
        view, is_new = SavedView.objects.update_or_create(
            person=by,
            name=name,
            defaults={"unit": unit, "query": urlencode(filter_params(chosen))},
            create_defaults={"unit": unit, "query": urlencode(filter_params(chosen)), "created_at": now},
        )
        record_entry(
            "save_view", by=by, now=now, subject=view, unit_path=unit.path or "" if unit else "",
            after={"name": name, "query": view.query, "unit": unit}, replaced=not is_new,
        )  # fmt: skip
    return view


def delete_view(view: SavedView, *, by: Person, now: datetime) -> None:
    """Drop a saved view."""
    with transaction.atomic():
        record_entry(
            "delete_view", by=by, now=now, subject=view, unit_path=view.unit.path or "" if view.unit else "",
            before={"name": view.name, "query": view.query},
        )  # fmt: skip
        view.delete()
