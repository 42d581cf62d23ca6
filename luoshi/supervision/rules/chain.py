"""Up the chain of command: the head of a level is told, or the next one up where nobody is in post or at hand."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in post."""

    person_id: int
    name: str
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A unit on the way up, with its heads."""

    unit: str
    heads: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """Who is told at which unit; `instead_of` is the unit whose head it should have been, with why it is not."""

    holders: tuple[Holder, ...]
    unit: str
    instead_of: str = ""
    why: str = ""


def head_at(levels: Sequence[Level], number: int) -> Reached | None:
    """The heads so many levels up, or the next ones up who are at hand; None where there is nobody to the top."""
    if number >= len(levels):
        return None
    wanted = levels[number]
    for level in levels[number:]:
        present = tuple(holder for holder in level.heads if not holder.is_away)
        if present:
            stands_in = level is not wanted
            why = ("away" if wanted.heads else "vacant") if stands_in else ""
            return Reached(present, level.unit, instead_of=wanted.unit if stands_in else "", why=why)
    return None
