"""Importing tables of units, people, posts and figures: previewed first, then all or nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.actions.figures import write_figures
from luoshi.orgs.actions.units import fill_paths, lock_tree, name_rows, place_under, set_names
from luoshi.orgs.models import Person, Post, Sheet, Unit, UnitFigure, UnitName
from luoshi.orgs.queries.sheets import Stored, decide_sheet, pack, unpack
from luoshi.orgs.rules import Access, ancestor_paths
from luoshi.orgs.rules.figures import FigureRow
from luoshi.orgs.rules.sheets import COLUMNS, SheetRow, find_heading, read_cells
from luoshi.orgs.rules.sheets.verdicts import CHANGED, CREATED, ERROR, figure_key
from luoshi.papers.tables import read_table

KEPT = timedelta(days=30)
CELL_FAULTS = {
    "missing",
    "too_long",
    "bad_code",
    *(f"no_{kind}" for kind in "level role flag number date year figure".split()),
}
JOURNALLED = 500  # rows written out in the entry; the sheet itself keeps all


class HeadingMissing(Refusal):
    """A table is read by its headings."""

    status = 422
    sentence = _("No heading row with all required columns was found in the first ten rows. Start from the template.")


class SheetHasErrors(Refusal):
    """All or nothing."""

    sentence = _("Some rows have errors, so nothing was imported. Correct them in the file and upload it again.")


class SheetOutdated(Refusal):
    """What was previewed is what is done."""

    sentence = _(
        "Meanwhile something changed that this file touches. The preview is new: check it, then confirm again."
    )


class SheetApplied(Refusal):
    """Once."""

    sentence = _("This file was imported already.")


def upload_sheet(kind: str, *, data: bytes, name: str, access: Access, by: Person, now: datetime, today: date) -> Sheet:
    """Read a table and keep what it would do, for a person to look at; nothing else changes and nothing is journalled.

    Raises UnreadableTable or HeadingMissing.
    """
    table = read_table(data, name=name)
    heading = find_heading(kind, [row.cells for row in table[:10]])
    if heading is None:
        raise HeadingMissing
    start, places = heading
    rows = [read_cells(kind, row.number, row.cells, places=places) for row in table[start + 1 :]]
    verdicts = decide_sheet(kind, rows, access=access, today=today)
    Sheet.objects.filter(uploaded_by=by, applied_at__isnull=True, uploaded_at__lt=now - KEPT).delete()
    return Sheet.objects.create(kind=kind, file_name=name[-200:], rows=pack(verdicts), uploaded_by=by, uploaded_at=now)


def apply_sheet(sheet: Sheet, *, access: Access, by: Person, now: datetime, today: date) -> Counter[str]:
    """Do what the preview said, in one transaction; the number of rows by what was done.

    Decided anew first: raises SheetOutdated (with a fresh preview kept) when anything would come out differently,
    SheetHasErrors while a row is wrong, SheetApplied the second time.
    """
    try:
        with transaction.atomic():
            if not Sheet.objects.filter(pk=sheet.pk, applied_at__isnull=True).update(applied_at=now):
                raise SheetApplied
            lock_tree()
            _check(sheet, access=access, today=today)
            counts = Counter(row["state"] for row in sheet.rows)
            _APPLY[sheet.kind](sheet.rows, today)
            record_entry(
                "apply_sheet", by=by, now=now, subject=sheet, unit_path=_top(access), kind=sheet.kind,
                counts=dict(counts), rows=_changed_rows(sheet.rows)[:JOURNALLED],
            )  # fmt: skip
    except (SheetOutdated, IntegrityError) as error:
        fresh = pack(decide_sheet(sheet.kind, unpack_cells(sheet.rows), access=access, today=today))
        Sheet.objects.filter(pk=sheet.pk).update(rows=fresh)
        raise SheetOutdated from error
    return counts


def unpack_cells(rows: Sequence[Stored]) -> list[SheetRow]:
    """Stored rows as they were read: with the faults of single cells, without those of the whole."""
    return [
        SheetRow(row.number, row.values, tuple(fault for fault in row.faults if fault.code in CELL_FAULTS))
        for row in unpack(rows)
    ]


def _check(sheet: Sheet, *, access: Access, today: date) -> None:
    if any(row["state"] == ERROR for row in sheet.rows):
        raise SheetHasErrors
    if pack(decide_sheet(sheet.kind, unpack(sheet.rows), access=access, today=today)) != sheet.rows:
        raise SheetOutdated


def _changed_rows(rows: Sequence[Stored]) -> list[Stored]:
    return [
        {"row": row["row"], "values": row["values"], "changes": row["changes"]}
        for row in rows
        if row["state"] in (CREATED, CHANGED)
    ]


def _top(access: Access) -> str:
    return access.paths[0] if access.paths else ""


def _apply_units(rows: Sequence[Stored], today: date) -> None:
    made = [row["values"] for row in rows if row["state"] == CREATED]
    _insert_units(made)
    changed = {row["values"]["code"]: row for row in rows if row["state"] == CHANGED}
    units = list(Unit.objects.filter(code__in=changed))
    for unit in units:
        values, changes = changed[unit.code]["values"], changed[unit.code]["changes"]
        unit.level = values["level"]
        unit.category = values.get("category", unit.category)
        unit.sort = int(values.get("sort") or unit.sort)
        if {"name", "short_name", "aliases"} & set(changes):
            _rename(unit, values, today=today)
    Unit.objects.bulk_update(units, ["level", "category", "sort"], batch_size=500)
    moves = {
        u.code: changed[u.code]["values"]["parent_code"] for u in units if "parent_code" in changed[u.code]["changes"]
    }
    _move_units(moves)


def _insert_units(made: Sequence[dict[str, str]]) -> None:
    """Insert tier by tier, superiors first, then all paths and names."""
    waiting = {values["code"]: values for values in made}
    codes = {values.get("parent_code", "") for values in made} - set(waiting) - {""}
    ids = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    units: list[Unit] = []
    while waiting:
        ready = [v for v in waiting.values() if not v.get("parent_code") or v["parent_code"] in ids]
        if not ready:
            raise SheetOutdated
        tier = Unit.objects.bulk_create([_unit(v, parent_id=ids.get(v.get("parent_code", ""))) for v in ready], 500)
        ids |= {unit.code: unit.pk for unit in tier}
        units += tier
        for values in ready:
            del waiting[values["code"]]
    fill_paths()
    aliases = {values["code"]: _split(values.get("aliases", "")) for values in made}
    names = [row for unit in units for row in name_rows(unit, aliases=aliases[unit.code])]
    UnitName.objects.bulk_create(names, batch_size=1000)


def _unit(values: dict[str, str], *, parent_id: int | None) -> Unit:
    return Unit(
        code=values["code"], name=values["name"], short_name=values.get("short_name", ""), level=values["level"],
        category=values.get("category", ""), parent_id=parent_id, sort=int(values.get("sort") or 0),
        valid_from=date.fromisoformat(values["valid_from"]),
    )  # fmt: skip


def _rename(unit: Unit, values: dict[str, str], *, today: date) -> None:
    kept = unit.names.filter(kind=UnitName.ALIAS, valid_to__isnull=True).values_list("name", flat=True)
    aliases = _split(values["aliases"]) if "aliases" in values else list(kept)
    short_name = values.get("short_name", unit.short_name)
    set_names(unit, name=values["name"], short_name=short_name, aliases=aliases, on=max(today, unit.valid_from))


def _move_units(moves: dict[str, str]) -> None:
    """Move units from the top of the final tree down: what stands above is in place, so no step meets a circle."""
    involved = list(Unit.objects.filter(code__in={*moves, *moves.values()}))
    paths = {path for unit in involved for path in ancestor_paths(unit.path or "")}
    parents = dict(Unit.objects.filter(path__in=paths).values_list("code", "parent__code")) | moves
    ids = {unit.code: unit.pk for unit in involved}

    def final_depth(code: str) -> int:
        place, steps = parents.get(code), 0
        while place:
            place, steps = parents.get(place), steps + 1
        return steps

    for code in sorted(moves, key=final_depth):
        found = Unit.objects.in_bulk([ids[name] for name in (code, moves[code]) if name])
        place_under(found[ids[code]], parent=found[ids[moves[code]]] if moves[code] else None)


def _apply_people(rows: Sequence[Stored], _today: date) -> None:
    made = [row["values"] for row in rows if row["state"] == CREATED]
    Person.objects.bulk_create(
        [
            Person(
                username=v["username"], name=v["name"], email=v.get("email", ""),
                is_active=v.get("is_active", "1") == "1", password=make_password(None),
            )
            for v in made
        ],
        batch_size=500,
    )  # fmt: skip
    for row in rows:
        if row["state"] == CHANGED:
            fresh = {column: new for column, (_old, new) in row["changes"].items()}
            if "is_active" in fresh:
                fresh["is_active"] = fresh["is_active"] == "1"
            Person.objects.filter(username__iexact=row["values"]["username"]).update(**fresh)


def _apply_posts(rows: Sequence[Stored], _today: date) -> None:
    people = dict(Person.objects.values_list("username", "pk"))
    ids = {username.lower(): pk for username, pk in people.items()}
    units = dict(Unit.objects.values_list("code", "pk"))
    made = [row["values"] for row in rows if row["state"] == CREATED]
    Post.objects.bulk_create(
        [
            Post(
                person_id=ids[v["username"].lower()], unit_id=units[v["unit_code"]], role=v["role"],
                title=v.get("title", ""), from_date=v["from_date"], to_date=v.get("to_date") or None,
            )
            for v in made
        ],
        batch_size=500,
    )  # fmt: skip
    for row in rows:
        if row["state"] == CHANGED:
            v = row["values"]
            fresh = {
                column: new or None if column == "to_date" else new for column, (_old, new) in row["changes"].items()
            }
            Post.objects.filter(
                person=ids[v["username"].lower()], unit=units[v["unit_code"]], role=v["role"], from_date=v["from_date"]
            ).update(**fresh)


def _apply_figures(rows: Sequence[Stored], _today: date) -> None:
    codes = {row["values"]["unit_code"] for row in rows}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    kept = _kept_sources(rows)
    write_figures(
        [
            FigureRow(
                units[v["unit_code"]], v["name"], int(v["year"]), Decimal(v["value"]) if v["value"] else None,
                v.get("source", kept.get(figure_key(v), "")),
            )
            for v in (row["values"] for row in rows if row["state"] in (CREATED, CHANGED))
        ]
    )  # fmt: skip


def _kept_sources(rows: Sequence[Stored]) -> dict[tuple[str, str, str], str]:
    """The sources that stay as they are, because the table has no such column."""
    if any("source" in row["values"] for row in rows):
        return {}
    figures = UnitFigure.objects.filter(unit__code__in={row["values"]["unit_code"] for row in rows})
    found = figures.values_list("unit__code", "name", "year", "source")
    return {(code, name, str(year)): source for code, name, year, source in found}


def _split(aliases: str) -> list[str]:
    return [name for name in aliases.split(";") if name]


_APPLY = {"units": _apply_units, "people": _apply_people, "posts": _apply_posts, "figures": _apply_figures}
assert set(_APPLY) == set(COLUMNS)
