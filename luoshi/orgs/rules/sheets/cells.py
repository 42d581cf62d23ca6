"""Reading the cells of a row: each to a canonical text, or a fault that names the column and the remedy."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from luoshi.orgs.rules.figures import plain, read_figure, read_year
from luoshi.orgs.rules.sheets.columns import COLUMNS, LEVEL_WORDS, ROLE_WORDS, Column

YEARS = range(1900, 2101)  # in which units and posts may begin
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?|(\d{4})(\d{2})(\d{2})")
CODE = re.compile(r"[\w.@+-]+")
YES, NO = frozenset({"1", "是", "true", "yes", "y", "启用"}), frozenset({"0", "否", "false", "no", "n", "停用"})
_LEVELS = {word: level.value for level, words in LEVEL_WORDS.items() for word in words}
_ROLES = {word: role.value for role, words in ROLE_WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: a code that the page words, and the text it speaks of."""

    column: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by the sheet's own number: canonical texts of the columns that the sheet has, and what is wrong."""

    number: int
    values: Mapping[str, str]
    faults: tuple[Fault, ...] = field(default=())


def read_cells(kind: str, number: int, cells: Sequence[str], *, places: Mapping[str, int]) -> SheetRow:
    """The row's values in canonical form: ISO dates, level and role in English, names joined by a semicolon."""
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for column in COLUMNS[kind]:
        if column.name not in places:
            continue
        place = places[column.name]
        text = cells[place].strip() if place < len(cells) else ""
        value, code = _canonical(text, column)
        values[column.name] = value
        if code:
            faults.append(Fault(column.name, code, text[:80]))
    return SheetRow(number, values, tuple(faults))


def _canonical(text: str, column: Column) -> tuple[str, str]:
    """The canonical text and the code of what is wrong with it, or an empty one."""
    if not text:
        return "", "missing" if column.required else ""
    if len(text) > column.limit:
        return text[: column.limit], "too_long"
    match column.kind:
        case "date":
            return _date(text)
        case "level" | "role":
            return _word(text, _LEVELS if column.kind == "level" else _ROLES, f"no_{column.kind}")
        case "flag":
            word = text.lower()
            return ("1", "") if word in YES else ("0", "") if word in NO else (text, "no_flag")
        case "number":
            return (str(int(text)), "") if text.isascii() and text.isdecimal() else (text, "no_number")
        case "year" | "figure":
            return _figure(text, column.kind)
        case "code":
            return (text, "") if CODE.fullmatch(text) else (text, "bad_code")
        case "names":
            names = [name.strip() for name in re.split(r"[;；、\n]", text) if name.strip()]
            return ";".join(dict.fromkeys(names)), "too_long" if any(len(name) > 120 for name in names) else ""
        case _:
            return " ".join(text.split()), ""


def _figure(text: str, kind: str) -> tuple[str, str]:
    value = read_year(text) if kind == "year" else read_figure(text)
    return (text, f"no_{kind}") if value is None else (plain(Decimal(value)), "")


def _date(text: str) -> tuple[str, str]:
    match = DATE.fullmatch(text)
    if match is None:
        return text, "no_date"
    year, month, day = (int(part) for part in match.groups() if part)
    if year not in YEARS:
        return text, "no_date"
    try:
        return date(year, month, day).isoformat(), ""
    except ValueError:
        return text, "no_date"


def _word(text: str, words: Mapping[str, str], code: str) -> tuple[str, str]:
    found = words.get(text) or words.get(text.lower())
    return (found, "") if found else (text, code)
