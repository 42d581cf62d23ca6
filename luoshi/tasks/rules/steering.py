"""What may be changed of many tasks at once, and why it is refused for one of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, is_lawful


class Steer(StrEnum):
    """What is changed; `shift` moves each due date by some days."""

    TIER = "tier"
    URGENCY = "urgency"
    CADENCE = "cadence"
    SPONSOR = "sponsor"
    DUE = "due"
    SHIFT = "shift"


FIELDS = {
    Steer.TIER: "tier", Steer.URGENCY: "urgency", Steer.CADENCE: "cadence", Steer.SPONSOR: "sponsor_id",
    Steer.DUE: "due_date", Steer.SHIFT: "due_date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SteerFacts:
    """A task as a change of its due date needs it: what stands above and below, and whether time is asked for."""

    state: str
    due_date: date | None
    start_date: date | None = None
    parent_due: date | None = None
    latest_below: date | None = None
    latest_milestone: date | None = None
    asks_time: bool = False


def needed_step(what: Steer, state: str) -> str:
    """The step that one must be allowed: a date that units were given is decided like more time."""
    if what not in (Steer.DUE, Steer.SHIFT):
        return "steer"
    return "draft" if state in BEFORE_DISPATCH else "decide_extension"


def shifted(day: date | None, days: int) -> date | None:
    """A due date so many days later, or earlier."""
    return day + timedelta(days=days) if day else None


def refuse_state(what: Steer, state: str) -> str | None:
    """Why this cannot be changed in the task's state."""
    return None if is_lawful(state, needed_step(what, state)) else "ended"


def refuse_date(facts: SteerFacts, day: date | None) -> str | None:
    """Why the task cannot be due on this day."""
    if day is None:
        return "no_date"
    if facts.asks_time and facts.state in ACTIVE:
        return "asks_time"
    if facts.start_date and day < facts.start_date:
        return "before_start"
    if facts.parent_due and day > facts.parent_due:
        return "after_parent"
    if facts.latest_below and day < facts.latest_below:
        return "before_parts"
    if facts.latest_milestone and day < facts.latest_milestone:
        return "before_milestone"
    return None
