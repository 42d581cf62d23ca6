"""Working out the parts of a target from the figures of the units, with everything that a reader must know about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.orgs.models import Unit
from luoshi.orgs.queries import get_figures
from luoshi.orgs.rules.figures import Figure, plain
from luoshi.tasks.rules.division import Claim, ImpossibleDivision, divide, take_as_is
from luoshi.tasks.rules.formula import BadFormula, Formula, read_formula

NAMES_SHOWN = 12
HOW = {
    "even": gettext_lazy("evenly"),
    "base": gettext_lazy("by a figure"),
    "formula": gettext_lazy("in proportion to a formula"),
    "value": gettext_lazy("a formula gives each target"),
    "weights": gettext_lazy("by the weights"),
    "each": gettext_lazy("the same for each"),
}
IMPOSSIBLE = {
    "no_base": gettext_lazy("Nobody has a base above zero, so there is nothing to divide by."),
    "negative_base": gettext_lazy("Below zero, which nothing can be divided by: %(units)s."),
    "crossed": gettext_lazy("The floor lies above the ceiling: %(units)s."),
    "floors_above": gettext_lazy("The floors alone come to %(figure)s more than there is to divide. Lower them."),
    "ceilings_below": gettext_lazy("The ceilings leave %(figure)s undivided. Raise them, or choose more units."),
}
UNREADABLE = {
    "empty": gettext_lazy("Type a formula, such as 0.7*population + 0.3*last_year."),
    "too_long": gettext_lazy("The formula is too long."),
    "too_deep": gettext_lazy("The formula has too many brackets inside each other."),
    "unexpected": gettext_lazy("“%(text)s” (character %(place)s) does not belong in the formula."),
    "unclosed": gettext_lazy("A bracket of the formula is not closed."),
    "unfinished": gettext_lazy("The formula ends too early."),
}


@dataclass(frozen=True, slots=True)
class Method:
    """How a target is divided: `figure` or `formula` as base, bounds as numbers or formulas, figures of which year."""

    how: str
    year: int
    figure: str = ""
    formula: str = ""
    floor: str = ""
    ceiling: str = ""
    weights: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """What the base is reckoned by, in words; empty where no figure counts."""
        return self.figure if self.how == "base" else self.formula if self.how in ("formula", "value") else ""


@dataclass(frozen=True, slots=True)
class Divided:
    """Targets and bases by unit; `fault` says why there are none, `notes` what must be known of them."""

    targets: Mapping[int, Decimal] = field(default_factory=dict)
    bases: Mapping[int, Decimal] = field(default_factory=dict)
    lacking: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    fault: str = ""


def divide_target(method: Method, units: Sequence[Unit], *, left: Decimal, whole: Decimal, places: int = 0) -> Divided:
    """Divide what is left of a target among units; one query at most.

    A unit without the figure gets no target and is named: it is not taken for zero.
    """
    if method.how == "each":
        return Divided({unit.pk: whole for unit in units})
    if left < 0:
        return Divided(fault=_("More is given down already than the target."))
    try:
        formulas = _read(method)
    except BadFormula as bad:
        return Divided(fault=str(UNREADABLE[bad.code]) % {"text": bad.text, "place": bad.place})
    names = {name for formula in formulas.values() for name in formula.names}
    figures = get_figures([u.pk for u in units], names=names, year=method.year) if names else {}
    claims = [_claim(method, unit.pk, formulas, figures.get(unit.pk, {})) for unit in units]
    able = [claim for claim in claims if claim is not None]
    lacking = tuple(unit.pk for unit, claim in zip(units, claims, strict=True) if claim is None)
    notes = (*_note_lacking(lacking, units, names), *_note_years(figures, year=method.year))
    try:
        parts = take_as_is(able, places=places) if method.how == "value" else divide(left, claims=able, places=places)
    except ImpossibleDivision as impossible:
        return Divided(lacking=lacking, notes=notes, fault=_explain(impossible, units))
    bases = {claim.unit_id: claim.base for claim in able} if method.base else {}
    targets = {claim.unit_id: part for claim, part in zip(able, parts, strict=True)}
    return Divided(targets, bases, lacking, notes)


def _read(method: Method) -> dict[str, Formula]:
    base = f"[{method.figure}]" if method.how == "base" else method.formula
    texts = {"floor": method.floor, "ceiling": method.ceiling}
    found = {name: read_formula(text) for name, text in texts.items() if text.strip()}
    return found | ({"base": read_formula(base)} if method.how in ("base", "formula", "value") else {})


def _claim(method: Method, unit: int, formulas: Mapping[str, Formula], figures: Mapping[str, Figure]) -> Claim | None:
    """What the unit is reckoned by; None when a figure that counts is missing."""
    known = {name: figure.value for name, figure in figures.items()}
    values = {name: formula.value(known) for name, formula in formulas.items()}
    if None in values.values():
        return None
    base = values.get("base", method.weights.get(unit, Decimal(0)) if method.how == "weights" else Decimal(1))
    return Claim(unit, base or Decimal(0), values.get("floor"), values.get("ceiling"))


def _names(ids: Sequence[int], units: Sequence[Unit]) -> str:
    wanted = set(ids)
    found = [str(unit) for unit in units if unit.pk in wanted]
    return "、".join(found[:NAMES_SHOWN]) + ("…" if len(found) > NAMES_SHOWN else "")


def _note_lacking(lacking: Sequence[int], units: Sequence[Unit], names: set[str]) -> list[str]:
    if not lacking:
        return []
    words = _("No figure (%(figures)s), so no target: %(units)s. Add the figure, type a target, or leave them out.")
    return [words % {"figures": "、".join(sorted(names)), "units": _names(lacking, units)}]


def _note_years(figures: Mapping[int, Mapping[str, Figure]], *, year: int) -> list[str]:
    """Which year's figures stood in where those of the wanted year are missing."""
    older = Counter(
        (name, figure.year) for own in figures.values() for name, figure in own.items() if figure.year != year
    )
    words = [
        _("%(figure)s of %(year)s (%(units)s)")
        % {"figure": name, "year": of, "units": ngettext("%(n)s unit", "%(n)s units", count) % {"n": count}}
        for (name, of), count in sorted(older.items())
    ]
    return (
        [_("There is no figure of %(year)s yet; taken instead: ") % {"year": year} + "；".join(words)] if words else []
    )


def _explain(impossible: ImpossibleDivision, units: Sequence[Unit]) -> str:
    words = {"units": _names(impossible.units, units), "figure": plain(impossible.figure)}
    return str(IMPOSSIBLE[impossible.code]) % words
