"""请求协调: who may ask whom, who may answer, and against whom the time counts. Pure rules (domain §1.2).

| what happens     | whose clock runs        | until                                                       |
|------------------|-------------------------|-------------------------------------------------------------|
| asked            | that of the asked       | the day needed; an answer after it is late on the asked     |
| passed on        | that of the next one    | the day needed, but at least `PASS_DAYS` working days ahead |
| answered         | nobody's                | a pause that was approved for it ends the same day          |
| taken back       | nobody's                | it counts for nobody                                        |
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from luoshi.core.rules.workdays import Calendar
from luoshi.orgs.rules import Access, Role

ANSWERERS = (Role.HEAD, Role.SPONSOR, Role.OFFICE, Role.HANDLER)
PASS_DAYS = 2


class AskFault(StrEnum):
    """Why a question cannot be put, or passed on, as it is."""

    NOBODY = "nobody"
    SELF = "self"
    NO_QUESTION = "no_question"
    PAST = "past"
    AGAIN = "again"
    TOO_OFTEN = "too_often"


class Timeliness(StrEnum):
    """How a question stands in time."""

    OPEN = "open"
    LATE = "late"
    IN_TIME = "in_time"
    ANSWERED_LATE = "answered_late"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Party:
    """A unit or a leader who is asked; one of the two, or a leader in the name of a unit."""

    unit_id: int | None = None
    person_id: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Of a leader the person counts, whatever the unit."""
        return (0, self.person_id) if self.person_id is not None else (self.unit_id or 0, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as its rules need it; `seats` are the units in which the leader asked holds a post."""

    asking_unit_id: int
    asked_by_id: int
    party: Party
    state: str = "open"
    seats: tuple[int, ...] = ()


def fault_of_question(
    party: Party, *, question: str, needed: date, today: date, asking_unit: int, by: int
) -> AskFault | None:
    """What is wrong with a question before it is put."""
    if not question.strip():
        return AskFault.NO_QUESTION
    if party.unit_id is None and party.person_id is None:
        return AskFault.NOBODY
    if party.person_id == by or (party.person_id is None and party.unit_id == asking_unit):
        return AskFault.SELF
    return AskFault.PAST if needed < today else None


def fault_of_passing(party: Party, *, chain: Sequence[Party], asking_unit: int, most: int) -> AskFault | None:
    """Who had the question once does not get it again, and it is passed on `most` times at most (踢皮球)."""
    if party.unit_id is None and party.person_id is None:
        return AskFault.NOBODY
    if party.person_id is None and party.unit_id == asking_unit:
        return AskFault.SELF
    if party.key in {earlier.key for earlier in chain}:
        return AskFault.AGAIN
    return AskFault.TOO_OFTEN if len(chain) > most else None


def needed_after_passing(needed: date, *, today: date, calendar: Calendar) -> date:
    """The day needed stays, but whoever gets a question late has two working days."""
    return max(needed, calendar.add_workdays(today, PASS_DAYS))


def may_answer(access: Access, question: Question) -> bool:
    """The leader asked, or their office that records what they said; of a unit whoever works for it."""
    if access.admin or question.state != "open":
        return False
    if question.party.person_id is not None:
        offices = any(access.sits_in(unit, roles=[Role.OFFICE]) for unit in question.seats)
        return access.person_id == question.party.person_id or (offices and access.person_id != question.asked_by_id)
    return question.party.unit_id is not None and access.sits_in(question.party.unit_id, roles=ANSWERERS)


def may_take_back(access: Access, question: Question) -> bool:
    """Whoever works for the unit that asked."""
    works = access.sits_in(question.asking_unit_id, roles=ANSWERERS)
    return not access.admin and question.state == "open" and works


def standing_of(*, state: str, needed: date, ended: date | None, today: date) -> Timeliness:
    """Late is only who let the day pass: an answer, or passing it on, on the day itself is in time."""
    if state == "withdrawn":
        return Timeliness.OFF
    if state == "open":
        return Timeliness.LATE if today > needed else Timeliness.OPEN
    return Timeliness.ANSWERED_LATE if ended is not None and ended > needed else Timeliness.IN_TIME


def may_be_paused(pauses: Collection[str]) -> bool:
    """One pause of a task at a time."""
    return not ({"requested", "running"} & set(pauses))


@dataclass(frozen=True, slots=True)
class PauseSpan:
    """The days of a pause: `to_date` is the first day on which the clock runs again."""

    from_date: date
    to_date: date

    @property
    def days(self) -> int:
        return max(0, (self.to_date - self.from_date).days)


def span_of_pause(*, from_date: date, until: date, ends: date) -> PauseSpan:
    """A pause ends when its question is answered or its last day has passed, whichever comes first."""
    return PauseSpan(from_date, min(ends, until + timedelta(days=1)))


def moved_date(day: date | None, *, span: PauseSpan) -> date | None:
    """A date still to come when the clock stopped moves by the days it stood still; one that had passed stays."""
    if day is None or day < span.from_date:
        return day
    return day + timedelta(days=span.days)
