"""Figures of units that targets are divided by: the table of a level and year, and one unit's own."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import paginate
from luoshi.orgs import actions
from luoshi.orgs.forms import FigureTable, UnitFigures
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import LEVEL_LABELS, Unit
from luoshi.orgs.queries import (
    get_unit_for,
    list_figure_names,
    list_figure_table,
    list_figure_units,
    list_figure_years,
    list_figures_of,
)
from luoshi.orgs.rules import Level, administers_any, may_administer
from luoshi.orgs.rules.figures import FigureRow, read_year

PAGE = 100


@require_http_methods(["GET", "POST"])
def figures(request: SignedRequest) -> HttpResponse:
    """All units of a level in a year: typed cell by cell, or pasted from a spreadsheet; saved together."""
    given = request.POST if request.method == "POST" else request.GET
    level = given.get("level", "")
    level = level if level in LEVEL_LABELS else Level.TOWNSHIP.value
    year = read_year(given.get("year", "")) or today().year - 1
    page = paginate(
        list_figure_units(request.access, level=level, today=today()), number=given.get("page", 1), size=PAGE
    )
    names, known = list_figure_table(page.rows, year=year)
    kept = {unit.pk for unit in page.rows if may_administer(request.access, unit.path or "")}
    table = FigureTable(
        request.POST if request.method == "POST" else None,
        units=page.rows,
        kept=kept,
        names=names,
        known=known,
        year=year,
    )
    if request.method == "POST":
        if not administers_any(request.access):
            raise NotAllowed
        if table.is_valid() and _save(request, table.rows):
            return redirect(f"{request.path}?level={level}&year={year}&page={page.number}")
    context: dict[str, Any] = {
        "table": table, "level": level, "levels": LEVEL_LABELS, "year": year, "page": page,
        "years": sorted({*list_figure_years(request.access), today().year, today().year - 1, year}, reverse=True),
        "may": bool(kept), "names": list_figure_names(request.access),
    }  # fmt: skip
    return render(request, "orgs/figures.html", context, status=422 if table.faults else 200)


def _save(request: SignedRequest, rows: Sequence[FigureRow]) -> bool:
    try:
        count = actions.set_figures(rows, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        words = ngettext("%(n)s figure was saved.", "%(n)s figures were saved.", count)
        messages.success(request, words % {"n": count})
    return True


@require_http_methods(["GET", "POST"])
def unit_figures(request: SignedRequest, id: int) -> HttpResponse:
    """Every figure of one unit, year by year, and one more."""
    unit = get_unit_for(request.access, id=id, to="administer" if request.method == "POST" else "see")
    table = UnitFigures(
        request.POST if request.method == "POST" else None,
        unit=unit,
        figures=list_figures_of(unit),
        year=today().year - 1,
    )
    if request.method == "POST" and table.is_valid() and _save(request, table.rows):
        return redirect("orgs:unit_figures", unit.pk)
    context = {
        "unit": unit, "table": table, "figures": list_figures_of(unit), "names": list_figure_names(request.access),
        "may": _may(request, unit), "year": today().year - 1,
    }  # fmt: skip
    return render(request, "orgs/unit_figures.html", context, status=422 if table.faults else 200)


def _may(request: SignedRequest, unit: Unit) -> bool:
    return may_administer(request.access, unit.path or "") and unit.valid_to is None
