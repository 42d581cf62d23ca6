"""Reading the tree of units."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import Page, paginate
from luoshi.core.prepared import prepared
from luoshi.orgs.models import Post, Succession, Unit, UnitName
from luoshi.orgs.rules import Access, UnitFact, ancestor_paths, may_administer, path_range

CHOICES = 8  # names offered when one is ambiguous


class UnknownUnit(Refusal):
    """What was typed names no unit, or more than one, that the person may see."""

    status = 422


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the tree with how many stand directly below it and how many people hold a post in it."""

    unit: Unit
    children: int
    people: int
    depth: int


def has_units() -> bool:
    """Is there any unit at all yet?"""
    return Unit.objects.exists()


def get_unit_for(access: Access, *, id: int, to: str = "see") -> Unit:
    """The unit, when this person may `see` or `administer` it; else 404, or NotAllowed when it may be seen only."""
    unit = Unit.objects.visible_to(access).select_related("parent").filter(pk=id).first()
    if unit is None:
        raise Http404
    if to == "administer" and not may_administer(access, unit.path or ""):
        raise NotAllowed
    return unit


def list_roots(access: Access, *, today: date) -> list[UnitRow]:
    """The tops of what the person sees: their governments or companies (an administrator: every root)."""
    tops = Unit.objects.valid_on(today).select_related("parent")
    tops = tops.filter(parent__isnull=True) if access.admin else tops.filter(path__in=access.homes)
    return with_counts(list(tops.order_by("path")[:200]), today=today)


def list_children(unit: Unit, *, today: date, page: object = 1) -> Page[UnitRow]:
    """One page of the units directly below, in their order."""
    found = paginate(Unit.objects.filter(parent=unit).valid_on(today).order_by("sort", "path"), number=page, size=100)
    return Page(rows=with_counts(found.rows, today=today), number=found.number, size=found.size, total=found.total)


def list_units(
    access: Access, *, text: str = "", level: str = "", under: Unit | None = None, today: date | None = None
) -> QuerySet[Unit]:
    """Units the person may see, by name, former name, alias or code; without `today` also closed ones."""
    units = Unit.objects.visible_to(access).select_related("parent").order_by("path")
    if today is not None:
        units = units.valid_on(today)
    if under is not None:
        units = units.within(under.path or "")
    if level:
        units = units.filter(level=level)
    if text:
        named = UnitName.objects.filter(name__icontains=text).values("unit")
        units = units.filter(
            Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__iexact=text) | Q(pk__in=named)
        )
    return units


def with_counts(units: Iterable[Unit], *, today: date) -> list[UnitRow]:
    """The units with their numbers of lower units and people; two queries for all of them."""
    rows = list(units)
    ids = [unit.pk for unit in rows]
    below = dict(
        Unit.objects.filter(parent__in=ids).valid_on(today).order_by().values_list("parent").annotate(Count("pk"))
    )
    people = dict(
        Post.objects.filter(unit__in=ids, person__is_active=True)
        .held_on(today)
        .order_by()
        .values_list("unit")
        .annotate(Count("person", distinct=True))
    )
    return [
        UnitRow(unit, below.get(unit.pk, 0), people.get(unit.pk, 0), len(ancestor_paths(unit.path or "")))
        for unit in rows
    ]


def list_ancestors(unit: Unit, *, access: Access) -> list[Unit]:
    """The visible units above, from the top down."""
    above = ancestor_paths(unit.path or "")[:-1]
    return list(Unit.objects.visible_to(access).filter(path__in=above).order_by("path"))


def list_unit_names(access: Access, *, today: date) -> list[str]:
    """Names to offer where a unit is typed: at most 400, villages and teams left to typing."""
    units = Unit.objects.visible_to(access).valid_on(today).exclude(level__in=["village", "team"]).order_by("path")
    return [short or name for name, short in units.values_list("name", "short_name")[:400]]


def list_names(unit: Unit) -> list[UnitName]:
    """Every name the unit bears or bore, the present ones first."""
    return sorted(unit.names.all(), key=lambda n: (n.valid_to is not None, n.kind != UnitName.OFFICIAL, n.valid_from))


def list_successions(unit: Unit) -> list[Succession]:
    """What the unit came from and what it became, oldest first."""
    links = Succession.objects.filter(Q(predecessor=unit) | Q(successor=unit))
    return list(links.select_related("predecessor", "successor").order_by("date", "pk"))


def list_unit_facts(path: str = "", *, today: date | None = None) -> list[UnitFact]:
    """The units of a subtree (all when empty) as name matching reads them; two queries, set-based."""
    units = Unit.objects.exclude(path=None)
    if path:
        units = units.within(path)
    if today is not None:
        units = units.valid_on(today)
    others: dict[int, list[str]] = defaultdict(list)
    for unit_id, name in UnitName.objects.filter(unit__in=units.order_by()).values_list("unit_id", "name"):
        others[unit_id].append(name)
    columns = units.order_by("path").values_list(
        "id", "code", "name", "short_name", "level", "category", "parent_id", "path"
    )
    return [
        UnitFact(
            id=pk, code=code, name=name, short_name=short, level=level, category=category, parent_id=parent,
            path=place or "", aliases=tuple(n for n in dict.fromkeys(others[pk]) if n not in (name, short)),
        )
        for pk, code, name, short, level, category, parent, place in columns
    ]  # fmt: skip


@prepared
def _list_called(text: str, lows: list[str], highs: list[str]) -> QuerySet[Unit]:
    """The units of today with this name, short name or code whose paths lie in one of the ranges."""
    inside = Unit.objects.between(zip(lows, highs, strict=True))
    return inside.filter(Q(name=text) | Q(short_name=text) | Q(code=text), valid_to__isnull=True)[:CHOICES]


def parse_unit(text: str, access: Access) -> Unit:
    """The unit that somebody typed: its name, short name, alias, former name or code, among those they may see.

    Present names win over former ones. Raises UnknownUnit when nothing or more than one unit is meant.
    """
    text = text.strip()
    ranges = [path_range(path) for path in ([""] if access.admin else access.homes)]
    found = _list_called(text, [low for low, _high in ranges], [high for _low, high in ranges]) if text else []
    if text and not found:
        seen = Unit.objects.visible_to(access).filter(valid_to__isnull=True)
        named = UnitName.objects.filter(name=text).values("unit")
        found = list(seen.filter(Q(code__iexact=text) | Q(pk__in=named))[:CHOICES])
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(f"{unit.name}（{unit.code}）" for unit in found)
        raise UnknownUnit(_("“%(text)s” may mean: %(names)s. Type the unit code.") % {"text": text, "names": names})
    raise UnknownUnit(
        _("No unit is called “%(text)s”. Type its official name, short name or unit code.") % {"text": text[:60]}
    )
