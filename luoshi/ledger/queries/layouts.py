"""Layouts of tables: the ready ones and those that units keep for themselves and all below them."""

from collections.abc import Sequence

from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.ledger.models import Layout
from luoshi.ledger.rules.columns import may_keep_columns
from luoshi.ledger.rules.layouts import PRESETS
from luoshi.orgs.rules import Access, ancestor_paths

OWN_LAYOUT = "own-"


def list_layouts(access: Access) -> list[Layout]:
    """The layouts of the person's units and of all above these."""
    paths = sorted({path for seat in access.seats for path in ancestor_paths(seat.path)})
    found = Layout.objects.select_related("unit").order_by("unit__path", "name")
    return list(found[:200] if access.admin else found.filter(unit__path__in=paths))


def get_layout_for(access: Access, *, id: int, to: str = "see") -> Layout:
    """One kept layout. Raises Http404 for who does not have it, NotAllowed for `keep` without a post for that."""
    layout = next((each for each in list_layouts(access) if each.pk == id), None)
    if layout is None:
        raise Http404
    if to == "keep" and not may_keep_columns(access, layout.unit.path or ""):
        raise NotAllowed
    return layout


def get_layout_columns(access: Access, key: str) -> Sequence[tuple[str, str]]:
    """The headings and fields of a ready layout, or of one's own (`own-7`). Raises Http404."""
    if key in PRESETS:
        return PRESETS[key].columns
    number = key.removeprefix(OWN_LAYOUT)
    if not key.startswith(OWN_LAYOUT) or not number.isdecimal() or len(number) > 15:
        raise Http404
    return [(heading, name) for heading, name in get_layout_for(access, id=int(number)).columns]
