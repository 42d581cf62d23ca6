"""Lights: three signals (time, pace, quality) become one colour by a written table and a named palette.

| condition      | when                                                             | traffic | sheets |
|----------------|------------------------------------------------------------------|---------|--------|
| OVERDUE        | the due date has passed                                          | red     | red    |
| FAR_BEHIND     | reported % is more than `behind_red` points below the path       | red     | yellow |
| BEHIND         | reported % is at least `behind_yellow` points below the path     | yellow  | yellow |
| MISSING        | never reported, and the path is at least `behind_yellow` already | yellow  | yellow |
| PARTIAL        | fewer than `coverage_percent` of the leaves below have reported, | yellow  | yellow |
|                | and the path is at least `behind_yellow` already                 |         |        |
| DOUBT          | returned or reopened; `returns_in_doubt` returns before; checks  | yellow  | yellow |
|                | that found otherwise (`mismatches_in_doubt`); so many reports in |         |        |
|                | a row that say nothing to be checked (`hollow_in_doubt`)         |         |        |
| NEAR           | due within `near_due_days`                                       | yellow  | blue   |
| REVIEW         | no due date, and the review date is within `near_due_days`       | yellow  | blue   |
| FINE           | none of these                                                    | green   | green  |

The worst colour of the conditions that hold wins; among conditions of one colour the upper one is the reason. Work that
is not dispatched, is suspended or has ended is grey. While a result waits for its verifier, or a pause is approved, the
doer's clock stands still: the light is judged as of the day on which it stopped.
The palettes stand in palettes.py; an organisation may colour each line and set each threshold for itself.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from luoshi.progress.rules.palettes import CODES, PALETTES, WORST_FIRST, Colour, Condition, Palette, palette_of
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, State

__all__ = [
    "CODES",
    "DONE",
    "DOUBTED",
    "HUNDRED",
    "PALETTES",
    "WORST_FIRST",
    "Checkpoint",
    "Colour",
    "Condition",
    "Doubt",
    "Light",
    "LightFacts",
    "Pace",
    "Palette",
    "Quality",
    "Signals",
    "Thresholds",
    "Time",
    "find_doubts",
    "is_partial",
    "judged_day",
    "light",
    "pace_signal",
    "planned_percent",
    "quality_signal",
    "time_signal",
]  # fmt: skip
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")


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


class Doubt(StrEnum):
    """What casts doubt on reported work, the plainest first."""

    RETURNED = "returned"
    OFTEN_RETURNED = "often_returned"
    MISMATCHED = "mismatched"
    HOLLOW = "hollow"


DONE = (State.COMPLETED, State.CLOSED, State.ARCHIVED)
DOUBTED = (State.RETURNED, State.REOPENED)


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
    @property
    def returns_in_doubt(self) -> int: ...
    @property
    def mismatches_in_doubt(self) -> int: ...
    @property
    def hollow_in_doubt(self) -> int: ...
    @property
    def light_lines(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A milestone with the percent that should be done by its date."""

    due_date: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class LightFacts:
    """What a light depends on; `path` in the order of its dates.

    `percent` None is "never reported"; `reported` of `expected` leaves below have reported (1 of 1 without any);
    `submitted_date` is set while a verifier has the result, `paused_date` while the clock stands still by approval.
    """

    state: str
    start_date: date | None = None
    due_date: date | None = None
    review_date: date | None = None
    path: tuple[Checkpoint, ...] = ()
    percent: Decimal | None = None
    returned: int = 0
    mismatched: int = 0
    hollow: int = 0
    submitted_date: date | None = None
    paused_date: date | None = None
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
    doubt: Doubt | None = None
    doubted: int = 0

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
        quality=quality_signal(facts, policy=policy),
    )
    reason, colour = _choose(facts, signals=signals, palette=palette_of(policy.palette, policy.light_lines))
    doubt, doubted = next(iter(find_doubts(facts, policy=policy)), (None, 0))
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
        doubt=doubt,
        doubted=doubted,
    )


def judged_day(facts: LightFacts, *, today: date) -> date:
    """Today; the day of submission while the result waits for its verifier; the day from which the clock is paused."""
    return facts.submitted_date or facts.paused_date or today


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


def quality_signal(facts: LightFacts, *, policy: Thresholds) -> Quality:
    """Doubt while anything casts doubt on what is reported."""
    return Quality.DOUBT if find_doubts(facts, policy=policy) else Quality.OK


def find_doubts(facts: LightFacts, *, policy: Thresholds) -> tuple[tuple[Doubt, int], ...]:
    """What casts doubt, each with its count: work sent back, checks that found otherwise, reports that say nothing.

    A threshold of 0 is switched off.
    """
    counted = (
        (Doubt.OFTEN_RETURNED, facts.returned, policy.returns_in_doubt),
        (Doubt.MISMATCHED, facts.mismatched, policy.mismatches_in_doubt),
        (Doubt.HOLLOW, facts.hollow, policy.hollow_in_doubt),
    )
    back = ((Doubt.RETURNED, 1),) if facts.state in DOUBTED else ()
    return (*back, *((doubt, count) for doubt, count, least in counted if least and count >= least))


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


def mismatches_after(count: int, *, agrees: bool, healing: int) -> int:
    """How many checks stand against the reports after one more: it adds to them, or makes up for some."""
    return max(0, count - healing) if agrees else count + 1
