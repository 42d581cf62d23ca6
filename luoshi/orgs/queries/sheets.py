"""Tables of units, people, posts and figures against what is known; their export."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from luoshi.orgs.models import Person, Post, Sheet, Unit, UnitFigure, UnitName
from luoshi.orgs.rules import Access, ancestor_paths, may_administer, may_change_account
from luoshi.orgs.rules.figures import plain
from luoshi.orgs.rules.sheets import (
    COLUMNS,
    Fault,
    Known,
    SheetRow,
    Verdict,
    decide_figures,
    decide_people,
    decide_posts,
    decide_units,
)
from luoshi.orgs.rules.sheets.verdicts import figure_key

T = TypeVar("T")
Stored = dict[str, Any]


def decide_sheet(kind: str, rows: Sequence[SheetRow], *, access: Access, today: date) -> list[Verdict]:
    """What every row would do now, to what this person may change."""
    if kind == "units":
        codes = {row.values["code"] for row in rows} | {row.values.get("parent_code", "") for row in rows}
        return decide_units(rows, known=_known_units(codes, access=access), access=access, today=today.isoformat())
    if kind == "figures":
        codes = {row.values["unit_code"] for row in rows}
        return decide_figures(rows, known=_known_figures(codes), units=_known_units(codes, access=access))
    names = {row.values["username"].lower() for row in rows}
    if kind == "people":
        return decide_people(rows, known=_known_people(names, access=access, to_post=False))
    return decide_posts(
        rows,
        known=_known_posts(names),
        people=_known_people(names, access=access, to_post=True),
        units=_known_units({row.values["unit_code"] for row in rows}, access=access),
        today=today.isoformat(),
    )


def get_sheet_for(access: Access, *, id: int) -> Sheet:
    """The person's own uploaded table; else 404."""
    sheet = Sheet.objects.filter(pk=id, uploaded_by=access.person_id).first()
    if sheet is None:
        raise Http404
    return sheet


def list_sheets(access: Access, *, limit: int = 20) -> list[Sheet]:
    """The person's latest uploads."""
    return list(Sheet.objects.filter(uploaded_by=access.person_id).defer("rows")[:limit])


def pack(verdicts: Iterable[Verdict]) -> list[Stored]:
    """Verdicts as JSON."""
    return [
        {
            "row": v.number,
            "state": v.state,
            "values": dict(v.values),
            "changes": {name: list(pair) for name, pair in v.changes.items()},
            "faults": [[f.column, f.code, f.text] for f in v.faults],
        }
        for v in verdicts
    ]


def unpack(rows: Iterable[Stored]) -> list[SheetRow]:
    """Stored rows as the rules read them, with the faults of their cells."""
    return [SheetRow(row["row"], row["values"], tuple(Fault(*fault) for fault in row["faults"])) for row in rows]


def list_export(kind: str, *, access: Access, today: date) -> Iterator[list[str]]:
    """The rows of an export, without heading, of what this person administers; they read back unchanged."""
    columns = [column.name for column in COLUMNS[kind]]
    if kind == "units":
        found = (_unit_values(u, n) for u, n in _with_aliases(_administered(access).valid_on(today)))
    elif kind == "figures":
        figures = UnitFigure.objects.filter(unit__in=_administered(access).valid_on(today).order_by())
        sorted_figures = figures.select_related("unit").order_by("name", "-year", "unit__path")
        found = (_figure_values(figure) for figure in sorted_figures.iterator(chunk_size=2000))
    elif kind == "people":
        found = (_person_values(person) for person in _administered_people(access))
    else:
        units = _administered(access).order_by()
        posts = Post.objects.filter(unit__in=units).exclude(to_date__lt=today)
        ordered = posts.select_related("person", "unit").order_by("unit__path", "role", "pk")
        found = (_post_values(post) for post in ordered.iterator(chunk_size=2000))
    for values in found:
        yield [values[name] for name in columns]


def _administered(access: Access) -> Any:
    units = Unit.objects.exclude(path=None).order_by("path")
    tops = [seat.path for seat in access.seats if may_administer(access, seat.path)]
    return units if access.admin else units.within(*tops)


def _administered_people(access: Access) -> QuerySet[Person]:
    if access.admin:
        return Person.objects.order_by("username")
    posts = Post.objects.filter(unit__in=_administered(access).order_by())
    return Person.objects.filter(pk__in=posts.values("person")).order_by("username")


def _known_units(codes: set[str], *, access: Access) -> dict[str, Known]:
    named = [unit for part in _parts(codes - {""}) for unit in Unit.objects.filter(code__in=part)]
    above = {path for unit in named for path in ancestor_paths(unit.path or "")[:-1]}
    paths = above - {unit.path for unit in named}
    higher = [unit for part in _parts(paths) for unit in Unit.objects.filter(path__in=part)]
    units = {unit.pk: unit for unit in [*named, *higher]}
    codes_by_id = {unit.pk: unit.code for unit in units.values()}
    aliases = _aliases(units)
    return {
        unit.code: Known(
            _unit_values(unit, aliases[unit.pk], parent_code=codes_by_id.get(unit.parent_id or 0, "")),
            path=unit.path or "",
            may=may_administer(access, unit.path or ""),
            closed=unit.valid_to is not None,
        )
        for unit in units.values()
    }


def _known_people(names: set[str], *, access: Access, to_post: bool) -> dict[str, Known]:
    """Accounts by lower-case name; `may` asks for the right to change them, or (to_post) only to give them a post."""
    people = [
        person
        for part in _parts(names - {""})
        for person in Person.objects.annotate(key=Lower("username")).filter(key__in=part)
    ]
    paths: dict[int, list[str]] = defaultdict(list)
    for part in _parts({person.pk for person in people}):
        for person_id, path in Post.objects.filter(person__in=part).values_list("person", "unit__path"):
            paths[person_id].append(path or "")
    known = {}
    for person in people:
        held = paths[person.pk]
        may = may_change_account(access, paths=held, used=person.last_login is not None)
        if to_post:
            may = may or any(path.startswith(home) for path in held for home in access.homes)
        elif not access.admin:
            may = may and not (person.is_superuser or person.is_staff)
        known[person.username.lower()] = Known(_person_values(person), may=may)
    return known


def _known_posts(names: set[str]) -> dict[tuple[str, str, str], list[Known]]:
    known: dict[tuple[str, str, str], list[Known]] = defaultdict(list)
    for part in _parts(names - {""}):
        people = Person.objects.annotate(key=Lower("username")).filter(key__in=part)
        posts = Post.objects.filter(person__in=people).select_related("person", "unit").order_by("from_date", "pk")
        for post in posts:
            known[post.person.username.lower(), post.unit.code, post.role].append(Known(_post_values(post)))
    return known


def _known_figures(codes: set[str]) -> dict[tuple[str, str, str], Known]:
    found = {}
    for part in _parts(codes - {""}):
        for figure in UnitFigure.objects.filter(unit__code__in=part).select_related("unit"):
            values = _figure_values(figure)
            found[figure_key(values)] = Known(values)
    return found


def _with_aliases(units: Any) -> Iterator[tuple[Unit, list[str]]]:
    """Units with their aliases, a thousand at a time."""
    batch: list[Unit] = []
    for unit in units.select_related("parent").iterator(chunk_size=1000):
        batch.append(unit)
        if len(batch) == 1000:
            yield from _named(batch)
            batch = []
    yield from _named(batch)


def _named(units: list[Unit]) -> Iterator[tuple[Unit, list[str]]]:
    aliases = _aliases({unit.pk: unit for unit in units})
    yield from ((unit, aliases[unit.pk]) for unit in units)


def _aliases(units: dict[int, Unit]) -> dict[int, list[str]]:
    aliases: dict[int, list[str]] = defaultdict(list)
    for part in _parts(set(units)):
        rows = UnitName.objects.filter(unit__in=part, kind=UnitName.ALIAS, valid_to__isnull=True)
        for unit_id, name in rows.order_by("pk").values_list("unit_id", "name"):
            aliases[unit_id].append(name)
    return aliases


def _unit_values(unit: Unit, aliases: Sequence[str], *, parent_code: str | None = None) -> dict[str, str]:
    if parent_code is None:
        parent_code = unit.parent.code if unit.parent else ""
    return {
        "code": unit.code, "name": unit.name, "short_name": unit.short_name, "aliases": ";".join(aliases),
        "level": unit.level, "category": unit.category, "parent_code": parent_code, "sort": str(unit.sort),
        "valid_from": unit.valid_from.isoformat(),
    }  # fmt: skip


def _person_values(person: Person) -> dict[str, str]:
    return {
        "username": person.username, "name": person.name, "email": person.email,
        "is_active": "1" if person.is_active else "0",
    }  # fmt: skip


def _post_values(post: Post) -> dict[str, str]:
    return {
        "username": post.person.username, "unit_code": post.unit.code, "role": post.role, "title": post.title,
        "from_date": post.from_date.isoformat(), "to_date": post.to_date.isoformat() if post.to_date else "",
    }  # fmt: skip


def _figure_values(figure: UnitFigure) -> dict[str, str]:
    return {
        "unit_code": figure.unit.code, "name": figure.name, "year": str(figure.year), "value": plain(figure.value),
        "source": figure.source,
    }  # fmt: skip


def _parts(keys: Iterable[T], *, size: int = 5000) -> Iterator[list[T]]:
    """Keys in lists that a database takes as parameters of one query."""
    ordered = list(keys)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
