"""Lights: three signals (time, pace, quality) become one colour by a written table and a named palette.

| condition      | when                                                             | traffic | sheets |
|----------------|------------------------------------------------------------------|---------|--------|
| OVERDUE        | the due date has passed                                          | red     | red    |
| FAR_BEHIND     | reported % is more than `behind_red` points below the path       | red     | yellow |
| BEHIND         | reported % is at least `behind_yellow` points below the path     | yellow  | yellow |
| MISSING        | never reported, and the path is at least `behind_yellow` already | yellow  | yellow |
| PARTIAL        | fewer than `coverage_percent` of the leaves below have reported, | yellow  | yellow |
|                | and the path is at least `behind_yellow` already                 |         |        |
| DOUBT          | returned, reopened, or returned twice before                     | yellow  | yellow |
| NEAR           | due within `near_due_days`                                       | yellow  | blue   |
| REVIEW         | no due date, and the review date is within `near_due_days`       | yellow  | blue   |
| FINE           | none of these                                                    | green   | green  |

The worst colour of the conditions that hold wins; among conditions of one colour the upper one is the reason. Work that
is not dispatched or has ended is grey. While a result waits for its verifier the doer's clock stands still.
Sources of the palettes: domain handbook §1.4 (宜昌, 宿迁, 广元, 银川).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, State

HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")


class Colour(StrEnum):
    """What is shown; each has its own shape."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


CODES = {Colour.RED: 1, Colour.YELLOW: 2, Colour.GREEN: 3, Colour.BLUE: 4, Colour.GREY: 5}


class Condition(StrEnum):
    """Why a light shows its colour; the order is that of the table above."""

    OVERDUE = "overdue"
    FAR_BEHIND = "far_behind"
    BEHIND = "behind"
    MISSING = "missing"
    PARTIAL = "partial"
    DOUBT = "doubt"
    NEAR = "near"
    REVIEW = "review"
    FINE = "fine"
    DONE = "done"
    IDLE = "idle"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Time(StrEnum):
    OK = "ok"
    NEAR = "near"
    OVERDUE = "overdue"


class Pace(StrEnum):
    OK = "ok"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    MISSING = "missing"
    PARTIAL = "partial"
    UNPLANNED = "unplanned"


class Quality(StrEnum):
    OK = "ok"
    DOUBT = "doubt"


Palette = Mapping[Condition, Colour]
_TRAFFIC: Palette = {
    Condition.OVERDUE: Colour.RED,
    Condition.FAR_BEHIND: Colour.RED,
    Condition.BEHIND: Colour.YELLOW,
    Condition.MISSING: Colour.YELLOW,
    Condition.PARTIAL: Colour.YELLOW,
    Condition.DOUBT: Colour.YELLOW,
    Condition.NEAR: Colour.YELLOW,
    Condition.REVIEW: Colour.YELLOW,
    Condition.FINE: Colour.GREEN,
}
PALETTES: Mapping[str, Palette] = {
    "traffic": _TRAFFIC,
    "sheets": {
        **_TRAFFIC,
        Condition.FAR_BEHIND: Colour.YELLOW,
        Condition.NEAR: Colour.BLUE,
        Condition.REVIEW: Colour.BLUE,
    },
    "blue_fine": {**_TRAFFIC, Condition.FINE: Colour.BLUE},
    "pace": {**_TRAFFIC, Condition.NEAR: Colour.GREEN, Condition.REVIEW: Colour.GREEN},
}
WORST_FIRST = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREEN)
DONE = (State.COMPLETED, State.CLOSED, State.ARCHIVED)
DOUBTED = (State.RETURNED, State.REOPENED)
RETURNS_IN_DOUBT = 2


class Thresholds(Protocol):
    """The part of an organisation's policy that lights need."""

    @property
    def palette(self) -> str: ...
    @property
    def near_due_days(self) -> int: ...
    @property
    def behind_yellow(self) -> int: ...
    @property
    def behind_red(self) -> int: ...
    @property
    def coverage_percent(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A milestone with the percent that should be done by its date."""

    due_date: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class LightFacts:
    """What a light depends on; `path` in the order of its dates.

    `percent` None is "never reported"; `reported` of `expected` leaves below have reported (1 of 1 without any);
    `submitted_date` is set while a verifier has the result.
    """

    state: str
    start_date: date | None = None
    due_date: date | None = None
    review_date: date | None = None
    path: tuple[Checkpoint, ...] = ()
    percent: Decimal | None = None
    returned: int = 0
    submitted_date: date | None = None
    reported: int = 1
    expected: int = 1


@dataclass(frozen=True, slots=True)
class Signals:
    """The three signals behind a light."""

    time: Time
    pace: Pace
    quality: Quality


@dataclass(frozen=True, slots=True)
class Light:
    """One colour and its reason. `planned` is the plan of the day judged; `days` are left, negative when late."""

    colour: Colour
    reason: Condition
    signals: Signals
    planned: Decimal | None = None
    percent: Decimal | None = None
    days: int | None = None
    returned: int = 0
    reported: int = 1
    expected: int = 1

    @property
    def code(self) -> int:
        """The colour as the database annotates it."""
        return CODES[self.colour]


def light(facts: LightFacts, *, today: date, policy: Thresholds) -> Light:
    """The light of a task on a day. Twin: progress.queries.with_light."""
    day = judged_day(facts, today=today)
    planned = planned_percent(facts, today=day)
    signals = Signals(
        time=time_signal(facts, today=day, near=policy.near_due_days),
        pace=pace_signal(facts, planned=planned, policy=policy),
        quality=quality_signal(facts),
    )
    reason, colour = _choose(facts, signals=signals, palette=PALETTES[policy.palette])
    until = facts.due_date or facts.review_date
    return Light(
        colour=colour,
        reason=reason,
        signals=signals,
        planned=planned,
        percent=facts.percent,
        days=(until - day).days if until else None,
        returned=facts.returned,
        reported=facts.reported,
        expected=facts.expected,
    )


def judged_day(facts: LightFacts, *, today: date) -> date:
    """Today, or the day of submission while the result waits for its verifier."""
    return facts.submitted_date or today


def planned_percent(facts: LightFacts, *, today: date) -> Decimal | None:
    """What should be done before today begins, in hundredths rounded down; None where nothing says so.

    With checkpoints: the percent of the last one whose date has passed, 0 before the first. Else the share of the days
    from start to due (both counted) that have passed.
    """
    if facts.path:
        passed = [c for c in facts.path if c.due_date < today]
        return passed[-1].percent if passed else Decimal(0)
    if facts.start_date is None or facts.due_date is None:
        return None
    if today <= facts.start_date:
        return Decimal(0)
    if today > facts.due_date:
        return HUNDRED
    elapsed = (today - facts.start_date).days
    return HUNDREDTH * (10000 * elapsed // ((facts.due_date - facts.start_date).days + 1))


def time_signal(facts: LightFacts, *, today: date, near: int) -> Time:
    """Overdue after the due date, near within `near` days of it; open-ended work can only come near its review date."""
    until = facts.due_date or facts.review_date
    if until is None:
        return Time.OK
    left = (until - today).days
    if left < 0 and facts.due_date:
        return Time.OVERDUE
    return Time.NEAR if left <= near else Time.OK


def pace_signal(facts: LightFacts, *, planned: Decimal | None, policy: Thresholds) -> Pace:
    """The reported percent against the planned path; a missing report is not a report of zero."""
    if planned is None:
        return Pace.UNPLANNED
    if facts.submitted_date is not None:
        return Pace.OK
    gap = planned - (facts.percent or 0)
    if gap < policy.behind_yellow:
        under_way = planned >= policy.behind_yellow
        return Pace.PARTIAL if under_way and is_partial(facts, share=policy.coverage_percent) else Pace.OK
    if facts.percent is None:
        return Pace.MISSING
    return Pace.FAR_BEHIND if gap > policy.behind_red else Pace.BEHIND


def is_partial(facts: LightFacts, *, share: int) -> bool:
    """Does the percent rest on fewer than `share` percent of the leaves below?"""
    return facts.percent is not None and facts.expected > 1 and facts.reported * 100 < share * facts.expected


def quality_signal(facts: LightFacts) -> Quality:
    """Doubt while the work is back with its doer after a check, or once two checks sent it back."""
    doubt = facts.state in DOUBTED or facts.returned >= RETURNS_IN_DOUBT
    return Quality.DOUBT if doubt else Quality.OK


def _choose(facts: LightFacts, *, signals: Signals, palette: Palette) -> tuple[Condition, Colour]:
    if facts.state not in ACTIVE:
        return _rest(facts.state), Colour.GREY
    holding = [c for c, holds in _conditions(facts, signals) if holds]
    for colour in WORST_FIRST:
        for condition in holding:
            if palette[condition] == colour:
                return condition, colour
    return Condition.FINE, palette[Condition.FINE]


def _conditions(facts: LightFacts, signals: Signals) -> list[tuple[Condition, bool]]:
    near = signals.time == Time.NEAR
    return [
        (Condition.OVERDUE, signals.time == Time.OVERDUE),
        (Condition.FAR_BEHIND, signals.pace == Pace.FAR_BEHIND),
        (Condition.BEHIND, signals.pace == Pace.BEHIND),
        (Condition.MISSING, signals.pace == Pace.MISSING),
        (Condition.PARTIAL, signals.pace == Pace.PARTIAL),
        (Condition.DOUBT, signals.quality == Quality.DOUBT),
        (Condition.NEAR, near and facts.due_date is not None),
        (Condition.REVIEW, near and facts.due_date is None),
        (Condition.FINE, True),
    ]


def _rest(state: str) -> Condition:
    """Why a task that is not worked on is grey."""
    if state in DONE:
        return Condition.DONE
    if state == State.SUSPENDED:
        return Condition.SUSPENDED
    return Condition.IDLE if state in BEFORE_DISPATCH else Condition.ENDED
