"""Who may open, approve and conduct an inspection (政府督查工作条例, 国令733号; domain handbook §0.2).

| who opens                                          | what it may open         | who approves                |
|----------------------------------------------------|--------------------------|-----------------------------|
| a government at or above the county, by its office | all five kinds, formal   | its head (art. 11)          |
| its department, designated on these days           | what is designated       | the head of that government |
| any other department, a township                   | internal 日常督办 only    | its own head                |
| a company of whatever tier                         | internal, of any kind    | its own head                |

A department that its government did not designate may not inspect (art. 7). Objects are departments of one's own
government, lower governments and what they have (art. 5); internal supervision reaches one's own subordinates only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luoshi.inspections.rules.kinds import Kind
from luoshi.orgs.rules import Access, Level, Role

GOVERNMENTS = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY})
COMPANIES = frozenset({Level.GROUP, Level.COMPANY, Level.DIVISION, Level.TEAM})
PLANNERS = (Role.HEAD, Role.OFFICE, Role.HANDLER)


class Right(StrEnum):
    """By what right a unit opens: its own authority, a designation, or only over its own subordinates."""

    OWN = "own"
    DESIGNATED = "designated"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Opener:
    """A unit that wants to inspect; `government_path` is that of the government it belongs to."""

    level: str
    path: str
    government_path: str


@dataclass(frozen=True, slots=True)
class Designated:
    """A designation with its days; `ended` when the government took it back."""

    from_date: date
    to_date: date
    ended: bool = False

    def covers(self, first: date, last: date) -> bool:
        """Does it hold on all these days? (art. 7: 按照指定的事项、范围、职责、期限)"""
        return not self.ended and self.from_date <= first and last <= self.to_date


class Bar(StrEnum):
    """Why an inspection may not be opened or proposed so."""

    NOT_DESIGNATED = "not_designated"
    OUTSIDE_DESIGNATION = "outside_designation"
    KIND_IS_FORMAL = "kind_is_formal"
    NOT_SUBORDINATE = "not_subordinate"


def right_of(opener: Opener, *, designations: Iterable[Designated] = (), on: date) -> Right:
    """By what right this unit may inspect on a day (arts. 2, 7, 11): townships and undesignated departments inspect
    nobody in the government's name."""
    if opener.level in GOVERNMENTS:
        return Right.OWN
    if opener.level == Level.DEPARTMENT and any(d.covers(on, on) for d in designations):
        return Right.DESIGNATED
    return Right.INTERNAL


def kinds_of(opener: Opener, *, is_formal: bool) -> tuple[Kind, ...]:
    """The kinds that may be opened: the five of art. 14 formally; internally only 日常督办, but any in a company."""
    return tuple(Kind) if is_formal or opener.level in COMPANIES else (Kind.DAILY,)


def bar_to_open(
    opener: Opener, *, kind: str, is_formal: bool, designation: Designated | None, first: date, last: date
) -> Bar | None:
    """What keeps this unit from opening such an inspection on these days (arts. 7, 11, 14)."""
    if is_formal and opener.level not in GOVERNMENTS:
        if designation is None or opener.level != Level.DEPARTMENT:
            return Bar.NOT_DESIGNATED
        if not designation.covers(first, last):
            return Bar.OUTSIDE_DESIGNATION
    if Kind(kind) not in kinds_of(opener, is_formal=is_formal):
        return Bar.KIND_IS_FORMAL
    return None


def reaches(opener: Opener, object_path: str, *, is_formal: bool) -> bool:
    """May this unit be inspected by the opener (art. 5)? Formally whatever stands below its government; internally
    only one's own subordinates. Nobody inspects itself."""
    above = opener.government_path if is_formal else opener.path
    return object_path.startswith(above) and object_path not in (above, opener.path)


def may_plan(access: Access, *, unit_id: int) -> bool:
    """May this person draft and propose for the unit? Its head, office and handlers may."""
    return access.sits_in(unit_id, roles=PLANNERS)


def may_open_formally(access: Access, opener: Opener, *, unit_id: int) -> bool:
    """In a government only its office and its head may open a 督查; a handler of another desk may not (art. 11)."""
    roles = (Role.HEAD, Role.OFFICE) if opener.level in GOVERNMENTS else PLANNERS
    return access.sits_in(unit_id, roles=roles)


def may_approve(access: Access, opener: Opener, *, is_formal: bool, proposer_id: int | None) -> bool:
    """May this person approve the plan? Formally the head of the government alone (art. 11: 本级人民政府的决定或者
    行政首长的指令), internally the head of the unit; never who proposed it."""
    if access.person_id == proposer_id:
        return False
    wanted = opener.government_path if is_formal else opener.path
    return any(seat.role == Role.HEAD and seat.path == wanted for seat in access.seats)
