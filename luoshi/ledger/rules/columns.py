"""A unit's own columns: what may stand in a cell of each kind, what a filter over it asks, and who may fill it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from luoshi.orgs.rules import Access, Role
from luoshi.tasks.rules.access import DOERS, TaskFacts
from luoshi.tasks.rules.states import DOING

KEEPERS = (Role.OFFICE, Role.HEAD)
MAX_VALUE = 500
MAX_CHOICES = 60
PLACES = 4
BIGGEST = Decimal(10) ** 14
FIRST_YEAR, LAST_YEAR = 1949, 2100
EMPTY = "-"  # what a filter says for "nothing stands there"
SPAN = ".."
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]00:00(?::00)?)?")


class ColumnKind(StrEnum):
    """What an own column holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class FaultyValue(ValueError):
    """A text that a cell cannot hold; `problem` names why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a cell, in the field of the column's kind; a choice is text."""

    text: str = ""
    number: Decimal | None = None
    day: date | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text and self.number is None and self.day is None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a filter asks of a column: nothing there, words in it, some of its choices, or from `low` to `high`."""

    is_empty: bool = False
    words: str = ""
    choices: tuple[str, ...] = ()
    low: Decimal | date | None = None
    high: Decimal | date | None = None


def read_value(text: str, *, kind: str, choices: Sequence[str] = ()) -> Value:
    """What a typed text means in a column of this kind; nothing typed empties the cell. Raises FaultyValue."""
    words = " ".join(text.replace("\x00", "").split())
    if not words:
        return Value()
    if kind == ColumnKind.NUMBER:
        return Value(number=read_number(words))
    if kind == ColumnKind.DATE:
        return Value(day=read_day(words))
    if kind == ColumnKind.CHOICE:
        return Value(text=_choice(words, choices))
    if len(words) > MAX_VALUE:
        raise FaultyValue("too_long")
    return Value(text=words)


def read_number(text: str) -> Decimal:
    """A number as people type it: full-width digits, thousands apart. Raises FaultyValue."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", plain) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise FaultyValue("no_number")
    if abs(number) >= BIGGEST:
        raise FaultyValue("too_large")
    rounded = number.quantize(Decimal(1).scaleb(-PLACES))
    if rounded != number:
        raise FaultyValue("too_fine")
    return rounded


def read_day(text: str) -> date:
    """A day as people type it: 2026-11-20, 2026/11/20, 2026年11月20日, 20261120. Raises FaultyValue."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise FaultyValue("no_date")
    year, month, day = int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FaultyValue("no_date")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise FaultyValue("no_date") from error


def _choice(words: str, choices: Sequence[str]) -> str:
    plain = unicodedata.normalize("NFKC", words)
    for choice in choices:
        if unicodedata.normalize("NFKC", choice) == plain:
            return choice
    raise FaultyValue("no_choice")


def write_value(value: Value) -> str:
    """A cell as text that `read_value` gives back."""
    if value.number is not None:
        text = f"{value.number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.day.isoformat() if value.day else value.text


def read_choices(text: str) -> list[str]:
    """The choices of a column, one a line; each once. Raises FaultyValue."""
    found = list(dict.fromkeys(" ".join(line.split()) for line in text.replace("\x00", "").splitlines()))
    found = [choice for choice in found if choice]
    if not found:
        raise FaultyValue("no_choices")
    if len(found) > MAX_CHOICES:
        raise FaultyValue("too_many_choices")
    if any(len(choice) > 40 or "," in choice or choice == EMPTY for choice in found):
        raise FaultyValue("odd_choice")
    return found


def read_condition(text: str, *, kind: str, choices: Sequence[str] = ()) -> Condition:
    """What a filter's text asks of a column: `-` for empty, `5..10`, `..10`, `a,b` of choices, or words.

    Raises FaultyValue.
    """
    words = " ".join(text.replace("\x00", "").split())[:MAX_VALUE]
    if words == EMPTY:
        return Condition(is_empty=True)
    if kind == ColumnKind.CHOICE:
        return Condition(choices=tuple(_choice(each, choices) for each in words.split(",") if each))
    if kind == ColumnKind.TEXT:
        return Condition(words=words)
    read = read_number if kind == ColumnKind.NUMBER else read_day
    low, is_span, high = words.partition(SPAN)
    if not is_span:
        return Condition(low=read(low), high=read(low))
    return Condition(low=read(low) if low.strip() else None, high=read(high) if high.strip() else None)


def may_keep_columns(access: Access, path: str) -> bool:
    """May this person add and change the columns of the unit at the path? Its heads and offices, or those above."""
    return access.oversees(path, roles=KEEPERS)


def may_fill(access: Access, facts: TaskFacts, *, path: str, unit_id: int) -> bool:
    """May this person fill the task's cell in a column of the unit at the path?

    Who keeps the column or handles its unit's work; and who does the task, in a unit for which the column is.
    """
    if access.admin:
        return False
    if may_keep_columns(access, path) or access.sits_in(unit_id, roles=[Role.HANDLER]):
        return True
    return any(
        duty.role in DOING and duty.unit_id is not None and duty.path.startswith(path)
        and access.sits_in(duty.unit_id, roles=DOERS)
        for duty in facts.duties
    )  # fmt: skip
