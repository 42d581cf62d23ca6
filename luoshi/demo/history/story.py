"""What happens in the county, as plain rows: the sheets of luoshi/demo/story."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One task of a paper: how the office sets it up, how far it has come, and how it ends.

    `now` is the percent today, empty where parts or words speak for it; `fate` is closed:MM-DD (optionally :returned),
    completed:…, submitted:…, returned:…, reopened:…, or copies.
    """

    paper: str
    title: str
    tier: str
    urgency: str
    sponsor: str
    asked_by: str
    lead: str
    due: str
    cadence: str
    day: str
    target: str
    now: str
    until: str
    fate: str
    standard: str
    early: str
    middle: str
    late: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """One unit's part of a task that `by` gives down in the name of `owner`; `within` is whose part it divides."""

    title: str
    within: str
    by: str
    owner: str
    date: str
    unit: str
    target: str
    due: str
    now: str
    fate: str
    requirement: str
    standard: str
    early: str
    middle: str
    late: str


@dataclass(frozen=True, slots=True)
class AskRow:
    """A task asked for without a paper; without `dispatch` it is still a draft, without `text` nobody has begun."""

    title: str
    owner: str
    by: str
    asked_by: str
    kind: str
    tier: str
    urgency: str
    sponsor: str
    duties: str
    due: str
    created: str
    dispatch: str
    cadence: str
    target: str
    now: str
    requirement: str
    standard: str
    text: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name in a paper that no unit bears, and the unit that a person says it is."""

    paper: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What a reviewer does with the proposal in whose words the phrase stands."""

    paper: str
    phrase: str
    action: str
    value: str


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    title: str
    date: str
    name: str
    percent: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """What stood in the way in a month, what was asked of whom, and the answer with its day if there was one."""

    title: str
    unit: str
    month: str
    problem: str
    cause: str
    ask: str
    asked: str
    next_step: str
    next: str
    answered: str
    answer: str


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    title: str
    requested: str
    to: str
    cause: str
    reason: str
    progress: str
    decision: str
    decided: str
    granted: str
    opinion: str


@dataclass(frozen=True, slots=True)
class OpinionRow:
    result: str
    method: str
    text: str


@dataclass(frozen=True, slots=True)
class ReopeningRow:
    title: str
    date: str
    due: str
    reason: str
    percent: str
    text: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator of a task; `curve` are last year's values by month, empty for an even path."""

    title: str
    name: str
    date: str
    measure: str
    places: str
    direction: str
    over_time: str
    over_units: str
    base: str
    target: str
    main: str
    curve: str


@dataclass(frozen=True, slots=True)
class MonthlyRow:
    """What a unit reads month by month: values or numerator/denominator, - where it reads nothing."""

    title: str
    name: str
    unit: str
    months: str


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A figure of a unit that weighs it."""

    unit: str
    figure: str
    value: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A month confirmed, opened again, or a figure in it corrected."""

    title: str
    name: str
    date: str
    hour: str
    act: str
    by: str
    unit: str
    month: str
    value: str
    why: str


@cache
def read(sheet: str, row: type[R]) -> tuple[R, ...]:
    """The rows of a sheet."""
    table = (files("luoshi.demo") / "story" / f"{sheet}.csv").read_text(encoding="utf-8")
    return tuple(row(**values) for values in csv.DictReader(table.splitlines()))
