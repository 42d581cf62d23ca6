"""The gate to a directive, and the lists of them."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.directives.models import Directive
from luoshi.directives.rules.access import may
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role


def get_directive_for(access: Access, *, id: int, to: str = "see") -> Directive:
    """The directive, when this person may `see`, `edit` or `confirm` it; else 404, or NotAllowed when visible only."""
    directive = Directive.objects.visible_to(access).select_related("unit", "created_by").filter(pk=id).first()
    if directive is None:
        raise Http404
    if to != "see" and not may_change(access, directive, verb=to):
        raise NotAllowed
    return directive


def may_change(access: Access, directive: Directive, *, verb: str = "edit") -> bool:
    """May this person change (edit, confirm, remember) what the directive proposes?"""
    return may(access, unit_id=directive.unit_id, unit_path=directive.unit.path or "", verb=verb)


def list_directives(access: Access, *, text: str = "", state: str = "") -> QuerySet[Directive]:
    """Visible directives, newest first, without their text, with `proposed` and `undecided` counts."""
    found = Directive.objects.visible_to(access).select_related("unit").defer("text", "sources", "tables")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text))
    if state:
        found = found.filter(state=state)
    waiting = Count("proposals", filter=Q(proposals__state="proposed"))
    return found.annotate(proposed=Count("proposals"), undecided=waiting).order_by("-created_at", "-pk")


def list_registering_units(access: Access) -> list[Unit]:
    """The units in whose name this person may register a directive."""
    roles = (Role.OFFICE, Role.HEAD, Role.SPONSOR, Role.HANDLER)
    ids = {s.unit_id for s in access.seats if s.role in roles}
    return list(Unit.objects.filter(pk__in=ids, valid_to__isnull=True).order_by("path"))
