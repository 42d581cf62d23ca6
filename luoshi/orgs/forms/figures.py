"""Figures of units as typed or pasted: what would be kept, and what cannot be read."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from luoshi.orgs.models import Unit, UnitFigure
from luoshi.orgs.rules.figures import NAME_LIMIT, SOURCE_LIMIT, FigureRow, plain, read_figure, read_year


class FigureTable:
    """Figures as typed cell by cell or pasted with a row of headings: what would be kept, and what cannot be read."""

    def __init__(
        self, post: QueryDict | None, *, units: Sequence[Unit], kept: set[int], names: Sequence[str],
        known: Mapping[int, Mapping[str, UnitFigure]], year: int,
    ) -> None:  # fmt: skip
        self.post, self.units, self.kept, self.known, self.year = post, units, kept, known, year
        self.columns = list(dict.fromkeys([*names, *self._typed_columns()]))
        self.rows: list[FigureRow] = []
        self.faults: list[str] = []

    def _typed_columns(self) -> list[str]:
        if self.post is None:
            return []
        typed = [*self.post.getlist("column"), self.post.get("new_column", "")]
        return [" ".join(name.split())[:NAME_LIMIT] for name in typed if name.strip()]

    def cell(self, unit: Unit, name: str) -> str:
        """What stands in a cell: as typed, else as kept."""
        typed = self.post.get(self.key(unit, name)) if self.post is not None else None
        figure = self.known.get(unit.pk, {}).get(name)
        return typed if typed is not None else plain(figure.value) if figure else ""

    def key(self, unit: Unit, name: str) -> str:
        """The name of a cell's field; the cells of a new column carry no name yet."""
        given = [] if self.post is None else self.post.getlist("column")
        is_new = self.post is not None and bool(given) and name not in given
        return f"f{unit.pk}-{'new' if is_new else name}"

    def is_valid(self) -> bool:
        """Read every cell and the pasted text; the rows are those that differ from what is kept."""
        assert self.post is not None
        source = " ".join(self.post.get("source", "").split())[:SOURCE_LIMIT]
        for unit in self.units:
            if unit.pk in self.kept:
                for name in self.columns:
                    if self.key(unit, name) in self.post:
                        self._read(unit, name, self.cell(unit, name), source=source)
        self._read_pasted(self.post.get("pasted", ""), source=source)
        return not self.faults

    def _read(self, unit: Unit, name: str, text: str, *, source: str) -> None:
        figure = self.known.get(unit.pk, {}).get(name)
        value = read_figure(text) if text.strip() else None
        if text.strip() and value is None:
            words = _("%(unit)s, %(name)s: “%(text)s” is no number.")
            self.faults.append(words % {"unit": unit, "name": name, "text": text[:30]})
        elif value != (figure.value if figure else None):
            self.rows.append(FigureRow(unit.pk, name, self.year, value, source or (figure.source if figure else "")))

    def _read_pasted(self, text: str, *, source: str) -> None:
        lines = [line.split("\t") for line in text.splitlines() if line.strip()]
        if not lines:
            return
        names = [" ".join(cell.split())[:NAME_LIMIT] for cell in lines[0][1:]]
        if not any(names) or len(lines) == 1:
            self.faults.append(_("Paste a row of headings first (unit, then the figures), then one unit on each line."))
        called = {word: unit for unit in self.units for word in (unit.name, unit.short_name, unit.code) if word}
        for first, *cells in lines[1:]:
            unit = called.get(first.strip())
            if unit is None or unit.pk not in self.kept:
                self.faults.append(_("“%(text)s” is none of the units that you keep here.") % {"text": first[:40]})
                continue
            for name, cell in zip(names, cells, strict=False):
                if name and cell.strip():
                    self._read(unit, name, cell, source=source)


class UnitFigures:
    """The figures of one unit as typed: those kept, and one more."""

    def __init__(self, post: QueryDict | None, *, unit: Unit, figures: Sequence[UnitFigure], year: int) -> None:
        self.post, self.unit, self.figures = post, unit, figures
        given = post or QueryDict()
        self.new = {name: given.get(name, "") for name in ("name", "value", "source")} | {
            "year": given.get("year", str(year))
        }
        self.rows: list[FigureRow] = []
        self.faults: list[str] = []

    def text(self, figure: UnitFigure) -> str:
        """What stands in a figure's cell: as typed, else as kept."""
        typed = self.post.get(f"value-{figure.pk}") if self.post else None
        return plain(figure.value) if typed is None else typed

    def is_valid(self) -> bool:
        """Read every line; the rows are those that differ from what is kept."""
        assert self.post is not None
        for figure in self.figures:
            text = self.text(figure)
            source = self.post.get(f"source-{figure.pk}", figure.source).strip()[:SOURCE_LIMIT]
            self._read(figure.name, figure.year, text, source=source)
        new = self.new
        if new["name"].strip() or new["value"].strip():
            year, name = read_year(new["year"]), " ".join(new["name"].split())[:NAME_LIMIT]
            if year is None or not name or not new["value"].strip():
                self.faults.append(_("A new figure needs a name, a year such as 2025, and a value."))
            else:
                self._read(name, year, new["value"], source=new["source"].strip()[:SOURCE_LIMIT])
        return not self.faults

    def _read(self, name: str, year: int, text: str, *, source: str) -> None:
        value = read_figure(text) if text.strip() else None
        if text.strip() and value is None:
            words = _("%(name)s: “%(text)s” is no number.")
            self.faults.append(words % {"name": name, "text": text[:30]})
            return
        self.rows.append(FigureRow(self.unit.pk, name, year, value, source))
