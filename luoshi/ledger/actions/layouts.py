"""Keeping layouts of tables for a unit and all below it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.ledger.models import LAYOUT_FAULTS, Layout
from luoshi.ledger.rules.layouts import check_columns
from luoshi.orgs.models import Person, Unit

MOST_LAYOUTS = 60
Columns = Sequence[tuple[str, str]]


class LayoutNameTaken(Refusal):
    """Two layouts of a unit cannot bear one name."""

    sentence = _("The unit has a layout of this name already. Choose another name.")


class TooManyLayouts(Refusal):
    """A unit's layouts are bounded."""

    sentence = _("The unit keeps 60 layouts already. Remove one that is no longer used, then save again.")


class FaultyLayout(Refusal):
    """The headings cannot be used."""

    status = 422


def save_layout(unit: Unit, *, name: str, columns: Columns, by: Person, now: datetime) -> Layout:
    """Keep a layout. Raises LayoutNameTaken, TooManyLayouts."""
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        own = Layout.objects.filter(unit=unit)
        if own.filter(name=name).exists():
            raise LayoutNameTaken
        if own.count() >= MOST_LAYOUTS:
            raise TooManyLayouts
        kept = [list(pair) for pair in columns]
        layout = Layout.objects.create(unit=unit, name=name, columns=kept, created_by=by, created_at=now)
        _record("save_layout", layout, by=by, now=now, after={"name": name, "columns": kept})
    return layout


def change_layout(
    layout: Layout, *, name: str, columns: Columns, own: Sequence[str], by: Person, now: datetime
) -> None:
    """Give a layout another name and other headings. Raises FaultyLayout, LayoutNameTaken."""
    fault = check_columns(columns, own=own)
    if fault:
        raise FaultyLayout(LAYOUT_FAULTS[fault.code] % {"heading": fault.heading})
    with transaction.atomic():
        layout.refresh_from_db(from_queryset=Layout.objects.select_for_update(no_key=True))
        if Layout.objects.filter(unit=layout.unit_id, name=name).exclude(pk=layout.pk).exists():
            raise LayoutNameTaken
        before = {"name": layout.name, "columns": layout.columns}
        layout.name, layout.columns, layout.version = name, [list(pair) for pair in columns], layout.version + 1
        layout.save(update_fields=["name", "columns", "version"])
        _record("change_layout", layout, by=by, now=now, before=before, after={"name": name, "columns": layout.columns})


def delete_layout(layout: Layout, *, by: Person, now: datetime) -> None:
    """Give up a layout."""
    with transaction.atomic():
        before = {"name": layout.name, "columns": layout.columns}
        _record("delete_layout", layout, by=by, now=now, before=before)
        layout.delete()


def _record(verb: str, layout: Layout, *, by: Person, now: datetime, **fields: Any) -> None:
    record_entry(verb, by=by, now=now, subject=layout, unit_path=layout.unit.path or "", **fields)
