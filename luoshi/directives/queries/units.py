"""The unit tree as a directive needs it: an index of names, menus, what names and headings were said to stand for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from luoshi.directives.models import ColumnName, Directive, Proposal
from luoshi.directives.rules import UnitFact, UnitIndex, expand_selector, match_name
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import list_unit_facts
from luoshi.orgs.rules import TENANT_LEVELS, Access, ancestor_paths

MENU_LENGTH = 400
HEADING_LENGTH = ColumnName._meta.get_field("heading").max_length or 40


def get_columns(unit: Unit) -> dict[str, str]:
    """What the table headings of the government or company that `unit` belongs to were said to stand for."""
    found = ColumnName.objects.filter(unit__path=get_tenant_path(unit))
    return dict(found.values_list("heading", "role"))


def get_unit_index(unit: Unit, *, today: date) -> UnitIndex:
    """Every unit of the government or company that `unit` belongs to, ready for name matching; three queries."""
    return UnitIndex.build(
        UnitFact(
            id=u.id, name=u.name, short_name=u.short_name, aliases=u.aliases, level=u.level, category=u.category,
            parent_id=u.parent_id, path=u.path,
        )
        for u in list_unit_facts(get_tenant_path(unit), today=today)
    )  # fmt: skip


def get_tenant_path(unit: Unit) -> str:
    """The path of the government or company that a unit belongs to."""
    chain = ancestor_paths(unit.path or "")
    levels = dict(Unit.objects.filter(path__in=chain).values_list("path", "level"))
    return next((p for p in reversed(chain) if levels.get(p) in TENANT_LEVELS), chain[0])


def count_selected(index: UnitIndex, proposals: Iterable[Proposal], *, scope_path: str) -> dict[str, int]:
    """How many units each selector among the proposals stands for today."""
    selectors = {u["selector"] for p in proposals for u in p.units if u["selector"]}
    return {s: len(expand_selector(s, index=index, scope_path=scope_path)) for s in selectors}


def list_unit_menu(index: UnitIndex) -> list[str]:
    """Names to offer while somebody types a unit: the short ones, villages left out, at most MENU_LENGTH."""
    units = (u for u in index.units.values() if u.level != "village")
    return [u.short_name or u.name for u in units][:MENU_LENGTH]


def get_unit_names(proposals: Iterable[Proposal]) -> dict[int, str]:
    """The names of every matched unit and candidate among the proposals; one query."""
    ids = {u["unit"] for p in proposals for u in p.units if u["unit"]}
    ids |= {pk for p in proposals for u in p.units if not u["unit"] for pk, _score in u["candidates"]}
    names = Unit.objects.filter(pk__in=ids).values_list("pk", "name", "short_name")
    return {pk: short or name for pk, name, short in names}


@dataclass(frozen=True, slots=True)
class LostName:
    """A name that matched no unit: how often the document uses it, and the units that it might be."""

    name: str
    count: int
    candidates: tuple[tuple[int, str], ...]
    is_temporary: bool


def list_lost_names(proposals: Sequence[Proposal]) -> list[LostName]:
    """The names of the whole document that wait for an answer, the most frequent first; one query."""
    lost: dict[str, list[dict[str, Any]]] = {}
    for proposal in proposals:
        for unit in proposal.units:
            if not unit["unit"] and not unit["selector"] and proposal.state != "dropped":
                lost.setdefault(unit["name"], []).append(unit)
    ids = {pk for rows in lost.values() for pk, _score in rows[0]["candidates"]}
    names = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    found = [
        LostName(
            name, len(rows), tuple((pk, names[pk]) for pk, _score in rows[0]["candidates"] if pk in names),
            rows[0]["how"] == "temporary_body",
        )
        for name, rows in lost.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: -row.count)


def find_unit_named(
    directive: Directive, words: str, *, access: Access, today: date, index: UnitIndex | None = None
) -> tuple[Unit | None, str]:
    """The unit that words stand for in the directive's tree, or else the selector of a group; (None, "") if none."""
    index = index or get_unit_index(directive.unit, today=today)
    match = match_name(words.strip(), index=index, scope_path=directive.unit.path or "")
    if match.unit_id not in index.units:
        return None, match.selector or ""
    return Unit.objects.visible_to(access).filter(pk=match.unit_id).first(), ""


def list_headings(directive: Directive) -> list[str]:
    """The headings of its tables that can be remembered, each once."""
    found = (str(heading).strip() for table in directive.tables for heading in table["headings"])
    return list(dict.fromkeys(heading for heading in found if 0 < len(heading) <= HEADING_LENGTH))


def list_column_names(access: Access) -> list[ColumnName]:
    """The remembered table headings of the governments and companies that this person sits in."""
    return list(
        ColumnName.objects.filter(unit__path__in=access.homes).select_related("unit").order_by("unit", "heading")
    )
