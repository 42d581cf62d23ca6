"""Reading the figures of units: one unit's, a level's as a table, and those that a division reckons by."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from luoshi.orgs.models import Unit, UnitFigure, UnitQuerySet
from luoshi.orgs.rules import Access
from luoshi.orgs.rules.figures import Figure, figure_of

AT_ONCE = 5000  # more units than these are not named one by one in a query


def get_figures(unit_ids: Collection[int], *, names: Iterable[str], year: int) -> dict[int, dict[str, Figure]]:
    """Of each unit the figures of these names, of the year or the latest before it; one query.

    A unit or a name without a figure is left out: a missing figure is not zero.
    """
    wanted = set(unit_ids)
    rows = UnitFigure.objects.filter(name__in=set(names), year__lte=year)
    if len(wanted) <= AT_ONCE:
        rows = rows.filter(unit__in=wanted)
    found: dict[tuple[int, str], dict[int, object]] = defaultdict(dict)
    for unit, name, of, value in rows.values_list("unit_id", "name", "year", "value"):
        if unit in wanted:
            found[unit, name][of] = value
    figures: dict[int, dict[str, Figure]] = defaultdict(dict)
    for (unit, name), years in found.items():
        figure = figure_of(years, year=year)  # type: ignore[arg-type]
        if figure is not None:
            figures[unit][name] = figure
    return dict(figures)


def list_figure_names(access: Access, *, limit: int = 60) -> list[str]:
    """The names of the figures kept of the units that a person sees, alphabetically."""
    seen = Unit.objects.visible_to(access).order_by()
    names = UnitFigure.objects.filter(unit__in=seen.values("pk")).order_by("name")
    return list(names.values_list("name", flat=True).distinct()[:limit])


def list_figures_of(unit: Unit) -> list[UnitFigure]:
    """The figures of one unit, name by name, the latest year first."""
    return list(unit.figures.order_by("name", "-year"))


def list_figure_units(access: Access, *, level: str, today: date) -> UnitQuerySet:
    """The units of a level in the table of figures, in the order of the directory."""
    return Unit.objects.visible_to(access).valid_on(today).filter(level=level).order_by("path")


def list_figure_table(units: Collection[Unit], *, year: int) -> tuple[list[str], dict[int, dict[str, UnitFigure]]]:
    """The names of the figures of these units in the year, and the figures by unit and name; one query."""
    rows = UnitFigure.objects.filter(unit__in=units, year=year).order_by("name")
    table: dict[int, dict[str, UnitFigure]] = defaultdict(dict)
    names: dict[str, None] = {}
    for row in rows:
        table[row.unit_id][row.name] = row
        names.setdefault(row.name)
    return list(names), table


def list_figure_years(access: Access) -> list[int]:
    """The years of which any figure is kept, the latest first."""
    seen = Unit.objects.visible_to(access).order_by()
    years = UnitFigure.objects.filter(unit__in=seen.values("pk")).order_by("-year")
    return list(years.values_list("year", flat=True).distinct()[:20])
