"""Giving one task to many units: dividing its target and checking the shares against it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

RATES = ("%", "％", "‰", "倍", "百分点", "个百分点")  # figures of which a sum means nothing
NAMES_APART = re.compile(r"[、，,；;]")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
ADVICE = ("no_target", "sum_above", "sum_above_ceiling", "sum_below")


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit is to take over; an empty text or date is the parent's, a weight that is None follows its target.

    `targets` are those of indicators beside the main one, by their ids; `periods` those of the main one to date.
    """

    unit_id: int
    target_value: Decimal | None = None
    requirement: str = ""
    standard: str = ""
    due_date: date | None = None
    weight: Decimal | None = None
    targets: Mapping[int, Decimal] = field(default_factory=dict)
    periods: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParentFacts:
    """The task that is given down, as the check needs it. `given` are the units that already hold a part of it."""

    target_op: str = ""
    target_value: Decimal | None = None
    target_unit: str = ""
    requirement: str = ""
    standard: str = ""
    due_date: date | None = None
    review_date: date | None = None
    given: frozenset[int] = frozenset()
    given_value: Decimal = Decimal(0)
    adds_up: bool = True

    @property
    def is_divided(self) -> bool:
        """Do the parts' targets add up to this one? Of a rate a sum means nothing."""
        return self.adds_up and self.target_unit not in RATES and "/" not in self.target_unit


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about the shares: `code`, the units it is about, and a figure."""

    code: str
    unit_ids: tuple[int, ...] = ()
    figure: Decimal | None = None

    @property
    def blocks(self) -> bool:
        """Does it stop the cascade, or is it only worth a look?"""
        return self.code not in ADVICE


def total_of(shares: Sequence[Share]) -> Decimal | None:
    """Σ of the shares' targets; None when none has one."""
    values = [s.target_value for s in shares if s.target_value is not None]
    return sum(values, Decimal(0)) if values else None


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line pasted from a table: the unit's name, then its target, date and standard in any order."""

    name: str
    value: Decimal | None = None
    due_date: date | None = None
    standard: str = ""


def read_pasted(text: str) -> list[PastedLine]:
    """Lines of names, or of cells apart by tabs as copied from a table; names on one line may stand apart by 、."""
    lines: list[PastedLine] = []
    for row in text.splitlines():
        name, *cells = [cell.strip() for cell in row.split("\t")]
        if cells:
            lines += [_pasted(name, cells)] if name else []
        else:
            lines += [PastedLine(part.strip()) for part in NAMES_APART.split(name) if part.strip()]
    return lines


def as_pasted(line: PastedLine) -> str:
    """The line as it may be pasted again."""
    value = "" if line.value is None else f"{line.value:f}"
    return "\t".join([line.name, value, str(line.due_date or ""), line.standard]).rstrip("\t")


def _pasted(name: str, cells: list[str]) -> PastedLine:
    value, day, words = None, None, []
    for cell in cells:
        number, when = _number(cell), _day(cell)
        if when is not None and day is None:
            day = when
        elif number is not None and value is None:
            value = number
        elif cell:
            words.append(cell)
    return PastedLine(name, value, day, " ".join(words))


def _number(cell: str) -> Decimal | None:
    try:
        number = Decimal(cell.replace(",", "").replace("，", ""))
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 14 else None


def _day(cell: str) -> date | None:
    found = DAY.fullmatch(cell)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def check_shares(parent: ParentFacts, shares: Sequence[Share]) -> tuple[Fault, ...]:
    """What is wrong or worth a look before the shares are given out, what blocks first."""
    found = [*_check_units(parent, shares), *_check_words(parent, shares), *_check_sum(parent, shares)]
    return tuple(sorted(found, key=lambda f: not f.blocks))


def _check_units(parent: ParentFacts, shares: Sequence[Share]) -> list[Fault]:
    if not shares:
        return [Fault("nobody_chosen")]
    units = Counter(s.unit_id for s in shares)
    twice = sorted(unit for unit, times in units.items() if times > 1)
    again = sorted(parent.given & set(units))
    found = [Fault("unit_twice", tuple(twice))] if twice else []
    return [*found, Fault("already_given", tuple(again))] if again else found


def _check_words(parent: ParentFacts, shares: Sequence[Share]) -> list[Fault]:
    dated = parent.due_date or parent.review_date
    missing = {
        "no_requirement": [] if parent.requirement else [s.unit_id for s in shares if not s.requirement],
        "no_standard": [] if parent.standard else [s.unit_id for s in shares if not s.standard],
        "no_date": [] if dated else [s.unit_id for s in shares if not s.due_date],
        "date_after_parent": [s.unit_id for s in shares if dated and s.due_date and s.due_date > dated],
        "negative_weight": [s.unit_id for s in shares if s.weight is not None and s.weight < 0],
    }
    return [Fault(code, tuple(units)) for code, units in missing.items() if units]


def _check_sum(parent: ParentFacts, shares: Sequence[Share]) -> list[Fault]:
    own = total_of(shares)
    if parent.target_value is None or own is None:
        return []
    wanted = parent.target_value
    is_rate = not parent.is_divided
    total = max(s.target_value for s in shares if s.target_value is not None) if is_rate else own + parent.given_value
    without = [s.unit_id for s in shares if s.target_value is None]
    found = [Fault("no_target", tuple(without))] if without else []
    if parent.target_op.startswith("<"):
        return [*found, Fault("sum_above_ceiling", (), total - wanted)] if total > wanted else found
    if total != wanted and not is_rate:
        found.append(Fault("sum_below" if total < wanted else "sum_above", (), abs(wanted - total)))
    return found
