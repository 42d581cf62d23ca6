"""What the ledger's address says (filters, order), and how its rows stand under each other."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from luoshi.progress.rules.lights import CODES
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import Cadence, Kind, State, Tier, Urgency

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
    """The columns a reader may order by, besides a unit's own; `light` puts the worst first."""

    DUE = "due"
    NUMBER = "number"
    TITLE = "title"
    TIER = "tier"
    LIGHT = "light"
    PROGRESS = "progress"
    LAST = "last"


class Mark(StrEnum):
    """What a reader looks for beside the task itself."""

    ADAPTED = "adapted"
    INFLATED = "inflated"
    PROBLEM = "problem"
    MISSING = "missing"
    WILL_MISS = "will_miss"


class Shown(StrEnum):
    """The columns of the ledger in their order, besides the task itself and a unit's own."""

    LIGHT = "light"
    TIER = "tier"
    LEAD = "lead"
    DUE = "due"
    PROGRESS = "progress"
    LAST = "last"
    OWNER = "owner"
    SPONSOR = "sponsor"
    URGENCY = "urgency"
    KIND = "kind"
    MATTER = "matter"
    CADENCE = "cadence"
    TARGET = "target"
    START = "start"
    ORIGINAL = "original"
    PROBLEM = "problem"
    SOURCE = "source"
    FORECAST = "forecast"
    MONTHS = "months"


LIGHTS = {colour.value: code for colour, code in CODES.items()}
PLAIN_COLUMNS = tuple(Shown)[:6]
SEVERAL = ("tier", "light", "state", "kind", "matter", "cadence", "urgency", "mark", "cols")  # commas part their values
MAX_COLUMNS = 20
_OWN = re.compile(r"c([1-9]\d{0,15})")


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to look at the ledger; several values of one filter are parted by commas.

    `own` asks something of own columns, by their ids. `problems` names the parameters that could not be read and were
    left out.
    """

    q: str = ""
    unit: str = ""
    part: str = ""
    owner: str = ""
    sponsor: int | None = None
    tier: str = ""
    light: str = ""
    state: str = StateGroup.OPEN.value
    kind: str = ""
    matter: str = ""
    urgency: str = ""
    cadence: str = ""
    mark: str = ""
    due_from: date | None = None
    due_to: date | None = None
    directive: int | None = None
    clause: int | None = None
    own: tuple[tuple[int, str], ...] = ()
    cols: str = ""
    sort: str = Sort.DUE.value
    desc: bool = False
    tree: bool = False
    problems: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Does any filter leave something out beyond the ended tasks of the plain page?"""
        return replace(self, sort="due", desc=False, tree=False, cols="", problems=()) != Filter()

    @property
    def is_grouped_only(self) -> bool:
        """Does the filter ask for nothing but open, ended or all tasks?"""
        return self.state in set(StateGroup) and not replace(self, state=StateGroup.OPEN.value).is_narrowed

    @property
    def own_sort(self) -> int | None:
        """The own column that the rows are ordered by."""
        found = _OWN.fullmatch(self.sort)
        return int(found[1]) if found else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The ledger's own columns to show, in their order; the usual ones when none is chosen."""
        chosen = values(self.cols)
        return tuple(name for name in Shown if name in chosen) if chosen else tuple(PLAIN_COLUMNS)

    @property
    def own_columns(self) -> tuple[int, ...] | None:
        """The unit's own columns to show, by their ids; None for all."""
        chosen = values(self.cols)
        return tuple(int(found[1]) for name in chosen if (found := _OWN.fullmatch(name))) if chosen else None


def values(text: str) -> tuple[str, ...]:
    """The values of one filter."""
    return tuple(part for part in text.split(",") if part)


def parse_filter(params: Mapping[str, str]) -> Filter:
    """The filter an address asks for; what cannot be read is left out and named in `problems`."""
    problems: list[str] = []

    def pick(name: str, allowed: Iterable[str], default: str = "") -> str:
        """The values that there are, each once and in one order; the state's groups stand alone."""
        allowed, given = list(allowed), [part.strip() for part in params.get(name, "").split(",") if part.strip()]
        if any(value not in allowed for value in given):
            problems.append(name)
        return ",".join(value for value in dict.fromkeys(allowed) if value in given) or default

    return Filter(
        q=_plain(params.get("q", "")),
        unit=_plain(params.get("unit", "")),
        part=_one(params, "part", set(Part), problems),
        owner=_plain(params.get("owner", "")),
        sponsor=_number(params, "sponsor", problems),
        tier=pick("tier", [str(tier.value) for tier in Tier]),
        light=pick("light", LIGHTS),
        state=_state(pick("state", [*StateGroup, *State], StateGroup.OPEN.value)),
        kind=pick("kind", list(Kind)),
        matter=pick("matter", list(Matter)),
        urgency=pick("urgency", [str(urgency.value) for urgency in Urgency]),
        cadence=pick("cadence", list(Cadence)),
        mark=pick("mark", list(Mark)),
        due_from=_date(params, "due_from", problems),
        due_to=_date(params, "due_to", problems),
        directive=_number(params, "directive", problems),
        clause=_number(params, "clause", problems),
        own=_own(params),
        cols=_columns(params),
        sort=_sort(params, problems),
        desc=params.get("desc", "") == "1",
        tree=params.get("tree", "") == "1",
        problems=tuple(problems),
    )


def filter_params(chosen: Filter) -> dict[str, str]:
    """The shortest address parameters that give this filter back."""
    plain = Filter()
    found = {
        field.name: _as_text(getattr(chosen, field.name))
        for field in fields(chosen)
        if field.name not in ("problems", "own") and getattr(chosen, field.name) != getattr(plain, field.name)
    }
    return found | {f"c{pk}": text for pk, text in chosen.own}


def drop_filter(chosen: Filter, name: str) -> dict[str, str]:
    """The address without one filter: its own field, or an own column's as `c12`."""
    return {key: text for key, text in filter_params(chosen).items() if key != name}


def _state(text: str) -> str:
    """A group takes in its states, so it stands alone; all stands for everything."""
    chosen = values(text)
    groups = [group for group in (StateGroup.ALL, StateGroup.OPEN, StateGroup.ENDED) if group in chosen]
    if {StateGroup.OPEN, StateGroup.ENDED} <= set(groups):
        return StateGroup.ALL.value
    return groups[0].value if groups else text


def _one(params: Mapping[str, str], name: str, allowed: Iterable[str], problems: list[str]) -> str:
    value = params.get(name, "").strip()
    if value and value not in allowed:
        problems.append(name)
        return ""
    return value


def _sort(params: Mapping[str, str], problems: list[str]) -> str:
    value = params.get("sort", "").strip()
    if value and value not in set(Sort) and not _OWN.fullmatch(value):
        problems.append("sort")
        return Sort.DUE.value
    return value or Sort.DUE.value


def _own(params: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    """What is asked of own columns; a span may come as two fields, from and to."""
    found: dict[int, str] = {}
    for name, text in params.items():
        key, _, end = name.partition("_")
        number = _OWN.fullmatch(key)
        words = _plain(text)
        if number is None or not words or end not in ("", "from", "to"):
            continue
        low, _, high = found.get(int(number[1]), "").partition("..")
        spans = {"": words, "from": f"{words}..{high}", "to": f"{low}..{words}"}
        found[int(number[1])] = spans[end]
    return tuple(sorted(found.items())[:MAX_COLUMNS])


def _columns(params: Mapping[str, str]) -> str:
    given = [part.strip() for part in params.get("cols", "").split(",")]
    own = dict.fromkeys(part for part in given if _OWN.fullmatch(part))
    chosen = [name.value for name in Shown if name in given] + list(own)
    return ",".join(chosen[: MAX_COLUMNS + len(Shown)])


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:MAX_TEXT]


def _number(params: Mapping[str, str], name: str, problems: list[str]) -> int | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 17 and 1 <= int(text) <= 2**53:
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
