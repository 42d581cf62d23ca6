"""What the text of a cell means: a canonical text that compares, or a fault that names the remedy."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from luoshi.directives.rules.deadlines import choose_due, find_deadlines
from luoshi.ledger.rules.columns import FaultyValue, read_value, write_value
from luoshi.ledger.rules.workbooks.fields import SheetField

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
EXCEL_DAY_0 = date(1899, 12, 30)
BETWEEN = re.compile(r"[、;；\n]|[,，](?!\d)")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: \d{1,2}:\d{2}(?::\d{2})?)?(?:前|底)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*月?(?:底|末)?(?:前)?")
SERIAL = re.compile(r"\d{5}(?:\.0+)?")
TARGET = re.compile(r"(>=|<=|≥|≤|>|<|=|~|≈)?\s*(-?[\d,]+(?:\.\d+)?)\s*(\S{0,20})")
SIGNS = {"≥": ">=", "≤": "<=", "≈": "~"}
STEP = re.compile(
    r"^\s*(?P<day>[\d年月日./\-]+底?前?)\s*[:：]?\s*(?:(?P<percent>\d{1,3}(?:\.\d+)?)\s*%)?\s*[:：]?\s*(?P<name>.*)$"
)
ERRORS = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)|Err:\d+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: the field, a code that the page puts in words, and the text it speaks of."""

    field: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What choices are called: field → word → code, in every language; choices of own columns by field."""

    choices: Mapping[str, Mapping[str, str]]
    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    year: int = 2026


def read_cell(text: str, column: SheetField, words: Words) -> tuple[str, str]:
    """The canonical text of a cell and the code of what is wrong with it, or an empty one."""
    if not text.strip():
        return "", "missing" if column.name == "title" else ""
    if ERRORS.fullmatch(text.strip()):
        return text, "formula_error"
    if len(text) > column.limit:
        return text[: column.limit], "too_long"
    if column.kind.startswith("own-"):
        return _own(text, column, words)
    if column.kind == "choice":
        found = words.choices[column.name].get(_narrow(text))
        return (text, "no_choice") if found is None else (found, "")
    return _READERS.get(column.kind, _text)(text, words)


def _narrow(text: str) -> str:
    """A short text with half-width letters and no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def _text(text: str, _words: Words) -> tuple[str, str]:
    return " ".join(text.split()), ""


def _lines(text: str, _words: Words) -> tuple[str, str]:
    return text.strip(), ""


def _code(text: str, _words: Words) -> tuple[str, str]:
    return _narrow(text), ""


def _whole(text: str, _words: Words) -> tuple[str, str]:
    plain = _narrow(text)
    return (str(int(plain)), "") if plain.isascii() and plain.isdecimal() else (text, "no_whole")


def _number(text: str, _words: Words) -> tuple[str, str]:
    try:
        number = Decimal(_narrow(text).replace(",", ""))
    except InvalidOperation:
        return text, "no_number"
    if not number.is_finite() or not 0 <= number < 10**6 or number != number.quantize(Decimal("0.001")):
        return text, "no_number"
    return show_number(number), ""


def show_number(number: Decimal | None) -> str:
    """A number without trailing zeros; empty for none."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(text: str, words: Words) -> tuple[str, str]:
    found = read_day(text, year=words.year)
    return (found.isoformat(), "") if found else (text, "no_date")


def read_day(text: str, *, year: int) -> date | None:
    """A day as sheets hold it: 2026-11-20, 2026/11/20, 2026年11月20日, 20261120, 46346, or a month's end: 11月底."""
    plain = _narrow(text)
    if match := DAY.fullmatch(plain) or COMPACT.fullmatch(plain):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if SERIAL.fullmatch(plain):
        day = EXCEL_DAY_0 + timedelta(days=int(plain.partition(".")[0]))
        return day if FIRST_DAY <= day <= LAST_DAY else None
    if (match := MONTH.fullmatch(plain)) and ("月" in plain or match[1]):
        first = _made(int(match[1] or year), int(match[2]), 1)
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) if first else None
    return None


def read_limit(text: str, *, year: int) -> date | None:
    """The day that a time limit in words closes with (年底前, 第三季度, 11月底前完成), as directives say it."""
    found = choose_due(find_deadlines(text, start=0, end=len(text), issued=None, year=year, stated=True))
    return found.date if found and found.date and FIRST_DAY <= found.date <= LAST_DAY else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _target(text: str, _words: Words) -> tuple[str, str]:
    match = TARGET.fullmatch(_narrow(text))
    if match is None:
        return text, "no_target"
    value = Decimal(match[2].replace(",", ""))
    if abs(value) >= Decimal(10) ** 14 or value != value.quantize(Decimal("0.0001")):
        return text, "no_target"
    return show_target(SIGNS.get(match[1] or "", match[1] or ""), value, match[3]), ""


def show_target(sign: str, value: Decimal | None, unit: str) -> str:
    """A target in one text, such as >=2.5 万亩; empty for none."""
    return "" if value is None else f"{sign}{show_number(value)} {unit}".strip()


def split_target(text: str) -> tuple[str, Decimal | None, str]:
    """The sign, number and unit of measure of a canonical target."""
    match = TARGET.fullmatch(text)
    return (match[1] or "", Decimal(match[2]), match[3]) if match else ("", None, "")


def split_names(text: str) -> list[str]:
    """The names of units in one cell, each once."""
    names = (unicodedata.normalize("NFKC", name).strip(" .。") for name in BETWEEN.split(text))
    return list(dict.fromkeys(name for name in names if name))


def _units(text: str, _words: Words) -> tuple[str, str]:
    names = split_names(text)
    return "、".join(names), "too_long" if any(len(name) > 120 for name in names) else ""


def _path(text: str, words: Words) -> tuple[str, str]:
    """Milestones one a line: day, planned percentage if any, what is reached."""
    found = []
    for line in re.split(r"[\n；;]", text):
        if not line.strip():
            continue
        match = STEP.match(unicodedata.normalize("NFKC", line.lstrip("①②③④⑤⑥⑦⑧⑨⑩ \u3000")))
        day = read_day(match["day"], year=words.year) if match else None
        if match is None or day is None or not match["name"].strip():
            return text, "no_milestone"
        found.append((day, match["percent"] or "", " ".join(match["name"].strip(" ，,。").split())[:200]))
    return "\n".join(show_milestone(*row) for row in sorted(found)), ""


def show_milestone(day: date, percent: str, name: str) -> str:
    """A milestone as one line."""
    return f"{day.isoformat()} {percent}% {name}" if percent else f"{day.isoformat()} {name}"


def split_milestones(text: str) -> list[tuple[date, Decimal | None, str]]:
    """The milestones of a canonical text."""
    found = []
    for line in text.splitlines():
        match = STEP.match(line)
        if match:
            percent = Decimal(match["percent"]) if match["percent"] else None
            found.append((date.fromisoformat(match["day"]), percent, match["name"]))
    return found


def _own(text: str, column: SheetField, words: Words) -> tuple[str, str]:
    kind = column.kind.removeprefix("own-")
    if kind == "date" and (day := read_day(text, year=words.year)):
        text = day.isoformat()
    try:
        return write_value(read_value(text, kind=kind, choices=words.own.get(column.name, ()))), ""
    except FaultyValue as fault:
        return text, fault.problem


_READERS = {
    "lines": _lines, "code": _code, "whole": _whole, "number": _number, "date": _date, "target": _target,
    "units": _units, "path": _path, "person": _text,
}  # fmt: skip
