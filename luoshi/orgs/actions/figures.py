"""Keeping the figures of units that targets are divided by."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit, UnitFigure
from luoshi.orgs.rules import PATH_STEP
from luoshi.orgs.rules.figures import FigureRow, plain

JOURNALLED = 500  # changes written out in the entry


class NoFigures(Refusal):
    """There is nothing to save."""

    status = 422
    sentence = _("No figure was changed. Type or paste figures first.")


def set_figures(rows: Sequence[FigureRow], *, by: Person, now: datetime) -> int:
    """Keep figures of units, those without a value removed: all in one entry; how many differ. Raises NoFigures."""
    with transaction.atomic():
        wanted = {(row.unit_id, row.name, row.year): row for row in rows}
        known = {(f.unit_id, f.name, f.year): f for f in _list_known(list(wanted.values()))}
        changed = {key: row for key, row in wanted.items() if _differs(row, known.get(key))}
        if not changed:
            raise NoFigures
        write_figures(list(changed.values()))
        units = Unit.objects.in_bulk({row.unit_id for row in changed.values()})
        first = units[next(iter(changed))[0]]
        record_entry(
            "set_figures", by=by, now=now, subject=first, label=str(first), unit_path=_common([*units.values()]),
            before={"figures": [_words(known[key], units) for key in changed if key in known][:JOURNALLED]},
            after={"figures": [_words(row, units) for row in changed.values()][:JOURNALLED]}, count=len(changed),
        )  # fmt: skip
    return len(changed)


def write_figures(rows: Sequence[FigureRow]) -> None:
    """Insert, change and remove rows in bulk, without an entry: for actions that write their own."""
    gone = [row for row in rows if row.value is None]
    if gone:
        _list_known(gone).delete()
    UnitFigure.objects.bulk_create(
        [
            UnitFigure(unit_id=row.unit_id, name=row.name, year=row.year, value=row.value, source=row.source)
            for row in rows
            if row.value is not None
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["name", "year", "unit"],
        update_fields=["value", "source"],
    )


def _list_known(rows: Sequence[FigureRow]) -> QuerySet[UnitFigure]:
    """What is kept under the names, years and units of the rows; a little more than asked when they are mixed."""
    names, years = {row.name for row in rows}, {row.year for row in rows}
    units = {row.unit_id for row in rows}
    found = UnitFigure.objects.filter(name__in=names, year__in=years, unit__in=units)
    keys = {(row.unit_id, row.name, row.year) for row in rows}
    if len(keys) == len(names) * len(years) * len(units):
        return found
    return UnitFigure.objects.filter(pk__in=[f.pk for f in found if (f.unit_id, f.name, f.year) in keys])


def _differs(row: FigureRow, known: UnitFigure | None) -> bool:
    if known is None:
        return row.value is not None
    return row.value is None or (known.value, known.source) != (row.value, row.source)


def _words(row: FigureRow | UnitFigure, units: dict[int, Unit]) -> list[str]:
    return [str(units[row.unit_id]), row.name, str(row.year), "" if row.value is None else plain(row.value)]


def _common(units: Sequence[Unit]) -> str:
    """The lowest path at or above all units."""
    common = units[0].path or ""
    while not all((unit.path or "").startswith(common) for unit in units):
        common = common[:-PATH_STEP]
    return common
