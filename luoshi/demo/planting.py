"""Puts units, people and posts into an empty database, a statement per depth of the tree rather than per unit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.auth.hashers import make_password
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad

from luoshi.demo.county import FigureRow, PersonRow, PostRow, UnitRow
from luoshi.orgs.models import Person, Post, Unit, UnitFigure, UnitName
from luoshi.orgs.rules import PATH_STEP

PASSWORD = "qinghe-2026"  # noqa: S105 - printed for whoever tries the demo
ADMINISTRATOR = "admin"
BATCH = 2000


def plant_units(rows: Iterable[UnitRow]) -> dict[str, Unit]:
    """Units with their paths and names, by code; each row must follow its parent."""
    planted: dict[str, Unit] = {}
    for layer in _layers(rows):
        fresh = [_unit(row, sort=n, planted=planted) for n, row in layer]
        for unit in Unit.objects.bulk_create(fresh, batch_size=BATCH):
            planted[unit.code] = unit
        _write_paths()
    paths = dict(Unit.objects.values_list("pk", "path"))
    for unit in planted.values():
        unit.path = paths[unit.pk]
    return planted


def plant_names(rows: Iterable[UnitRow], *, units: Mapping[str, Unit]) -> None:
    """The official name, short name and aliases that each unit bears."""
    named = [
        UnitName(unit=units[row.code], name=name, kind=kind, valid_from=row.valid_from)
        for row in rows
        for kind, name in _names(row)
    ]
    UnitName.objects.bulk_create(named, batch_size=BATCH)


def plant_people(rows: Iterable[PersonRow]) -> dict[str, Person]:
    """Accounts by username, all with the one password of the demo, which is hashed once."""
    kept = make_password(PASSWORD)
    people = [
        Person(
            username=row.username,
            name=row.name,
            email=row.email,
            password=kept,
            is_superuser=row.username == ADMINISTRATOR,
            is_staff=row.username == ADMINISTRATOR,
        )
        for row in rows
    ]
    return {person.username: person for person in Person.objects.bulk_create(people, batch_size=BATCH)}


def plant_posts(rows: Iterable[PostRow], *, units: Mapping[str, Unit], people: Mapping[str, Person]) -> None:
    """Who sits where, since when."""
    posts = [
        Post(
            person=people[row.username],
            unit=units[row.unit_code],
            role=row.role,
            title=row.title,
            from_date=row.from_date,
        )
        for row in rows
    ]
    Post.objects.bulk_create(posts, batch_size=BATCH)


def plant_figures(rows: Iterable[FigureRow], *, units: Mapping[str, Unit], year: int) -> None:
    """What the targets of that county are divided by."""
    figures = [
        UnitFigure(unit=units[row.unit_code], name=row.name, year=year, value=row.value, source=row.source)
        for row in rows
    ]
    UnitFigure.objects.bulk_create(figures, batch_size=BATCH)


def _layers(rows: Iterable[UnitRow]) -> list[list[tuple[int, UnitRow]]]:
    """The rows by depth, each with its place among its siblings."""
    depth: dict[str, int] = {"": -1}
    siblings: dict[str, int] = defaultdict(int)
    layers: dict[int, list[tuple[int, UnitRow]]] = defaultdict(list)
    for row in rows:
        depth[row.code] = depth[row.parent_code] + 1
        siblings[row.parent_code] += 1
        layers[depth[row.code]].append((siblings[row.parent_code], row))
    return [layers[n] for n in sorted(layers)]


def _unit(row: UnitRow, *, sort: int, planted: Mapping[str, Unit]) -> Unit:
    return Unit(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        level=row.level,
        category=row.category,
        parent=planted.get(row.parent_code),
        sort=sort,
        valid_from=row.valid_from,
    )


def _write_paths() -> None:
    """Give every unit without a path its own, from its parent's: one UPDATE."""
    above = Unit.objects.filter(pk=OuterRef("parent")).values("path")
    own = LPad(Cast(F("pk"), CharField()), PATH_STEP, Value("0"))
    Unit.objects.filter(path=None).update(path=Concat(Coalesce(Subquery(above), Value("")), own))


def _names(row: UnitRow) -> list[tuple[str, str]]:
    return [
        (UnitName.OFFICIAL, row.name),
        *([(UnitName.SHORT, row.short_name)] if row.short_name else []),
        *((UnitName.ALIAS, alias) for alias in row.aliases),
    ]
