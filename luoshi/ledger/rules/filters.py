"""What the ledger's address says (filters, order), and how its rows stand under each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from luoshi.progress.rules.lights import CODES
from luoshi.tasks.rules.states import Kind, State, Tier

MAX_TEXT = 100
EXCEL_OUTLINE_LEVELS = 7


class StateGroup(StrEnum):
    """States a reader asks for together; a single state's own code is accepted as well."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


class Part(StrEnum):
    """What the filtered unit has to do with the task."""

    ANY = ""
    LEAD = "lead"
    CO = "co"
    OWNER = "owner"


class Sort(StrEnum):
    """The columns a reader may order by; `light` puts the worst first."""

    DUE = "due"
    NUMBER = "number"
    TITLE = "title"
    TIER = "tier"
    LIGHT = "light"
    PROGRESS = "progress"
    LAST = "last"


LIGHTS = {colour.value: code for colour, code in CODES.items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to look at the ledger. `problems` names the parameters that could not be read and were left out."""

    q: str = ""
    unit: str = ""
    part: str = ""
    tier: int | None = None
    light: str = ""
    state: str = StateGroup.OPEN.value
    kind: str = ""
    due_from: date | None = None
    due_to: date | None = None
    directive: int | None = None
    sort: str = Sort.DUE.value
    desc: bool = False
    tree: bool = False
    problems: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Does any filter leave something out beyond the ended tasks of the plain page?"""
        return replace(self, sort="due", desc=False, tree=False, problems=()) != Filter()


def parse_filter(params: Mapping[str, str]) -> Filter:
    """The filter an address asks for; what cannot be read is left out and named in `problems`."""
    problems: list[str] = []

    def pick(name: str, allowed: Iterable[str], default: str = "") -> str:
        value = params.get(name, "").strip()
        if value and value not in allowed:
            problems.append(name)
            return default
        return value or default

    return Filter(
        q=_plain(params.get("q", "")),
        unit=_plain(params.get("unit", "")),
        part=pick("part", set(Part)),
        tier=_number(params, "tier", problems, highest=max(Tier)),
        light=pick("light", LIGHTS),
        state=pick("state", {*StateGroup, *State}, StateGroup.OPEN.value),
        kind=pick("kind", set(Kind)),
        due_from=_date(params, "due_from", problems),
        due_to=_date(params, "due_to", problems),
        directive=_number(params, "directive", problems, highest=2**53),
        sort=pick("sort", set(Sort), Sort.DUE.value),
        desc=params.get("desc", "") == "1",
        tree=params.get("tree", "") == "1",
        problems=tuple(problems),
    )


def filter_params(chosen: Filter) -> dict[str, str]:
    """The shortest address parameters that give this filter back."""
    plain = Filter()
    return {
        field.name: _as_text(getattr(chosen, field.name))
        for field in fields(chosen)
        if field.name != "problems" and getattr(chosen, field.name) != getattr(plain, field.name)
    }


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:MAX_TEXT]


def _number(params: Mapping[str, str], name: str, problems: list[str], *, highest: int) -> int | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 17 and 1 <= int(text) <= highest:
        return int(text)
    problems.append(name)
    return None


def _date(params: Mapping[str, str], name: str, problems: list[str]) -> date | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(name)
        return None


def levels(paths: Iterable[str]) -> Iterator[int]:
    """For paths in order, how deep each stands under those of its ancestors that are listed too; 1 is the top."""
    above: list[str] = []
    for path in paths:
        while above and not path.startswith(above[-1]):
            above.pop()
        above.append(path)
        yield len(above)


def safe_cell(text: str) -> str:
    """Text that a spreadsheet opening a CSV file never takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text
