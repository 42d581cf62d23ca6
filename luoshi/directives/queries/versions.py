"""A directive beside the one that it replaces."""

from collections.abc import Sequence

from django.db.models import QuerySet

from luoshi.directives.models import Directive
from luoshi.directives.queries.review import list_clauses
from luoshi.directives.rules.versions import Pair, Part, compare_versions
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access

PREDECESSORS_SHOWN = 200


def list_predecessors(directive_unit: Unit, *, before: Directive | None = None) -> list[Directive]:
    """The directives of the unit that another may replace, the latest first; without their text."""
    found = find_predecessors([directive_unit.pk])
    if before is not None:
        found = found.filter(pk__lt=before.pk)
    return list(found[:PREDECESSORS_SHOWN])


def find_predecessors(unit_ids: Sequence[int]) -> QuerySet[Directive]:
    """The directives of the units that were not withdrawn, the latest first; without their text."""
    found = Directive.objects.filter(unit__in=unit_ids).exclude(state="withdrawn")
    return found.defer("text", "sources", "tables").order_by("-created_at", "-pk")


def get_replaced_for(access: Access, directive: Directive) -> Directive | None:
    """The directive that this one replaces, where the reader may see it."""
    if directive.supersedes_id is None:
        return None
    return Directive.objects.visible_to(access).filter(pk=directive.supersedes_id).defer("text").first()


def list_clause_pairs(directive: Directive) -> list[Pair]:
    """The clauses of the directive against those of the one that it replaces; none when it replaces none."""
    if directive.supersedes is None:
        return []
    return compare_versions(_parts(directive.supersedes), _parts(directive))


def _parts(directive: Directive) -> list[Part]:
    return [
        Part(c.pk, c.outline, directive.text[c.start : c.end])
        for c in list_clauses(directive)
        if directive.text[c.start : c.end].strip()
    ]
