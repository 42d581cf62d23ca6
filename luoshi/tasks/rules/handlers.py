"""Whom a head might name to handle a task: an order with its reasons, for those who name; never a verdict on anybody.

The order, place by place; a later line decides only between people who are equal in the lines before it:

| # | what decides                                | order                          |
|---|---------------------------------------------|--------------------------------|
| 1 | away today, or within the task's days       | here, away later, away today   |
| 2 | duties handled now that are past their date | fewer first                    |
| 3 | duties handled now, in steps of STEP        | fewer first                    |
| 4 | like tasks finished on time                 | more first                     |
| 5 | duties handled now, then the name           | fewer first                    |
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

STEP = 3  # a load within one step counts as equal, so that the record decides and not a single task more
ALIKE = 0.3  # share of two titles' letter pairs from which tasks are alike


class Presence(IntEnum):
    """Whether somebody is there for the task."""

    HERE = 0
    LATER = 1
    AWAY = 2


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away."""

    from_date: date
    to_date: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could handle a task. Of `alike` like tasks that they finished, `on_time` were within their date."""

    person_id: int
    name: str
    title: str = ""
    open_now: int = 0
    late_now: int = 0
    alike: int = 0
    on_time: int = 0
    away: tuple[Away, ...] = ()

    def presence(self, *, today: date, until: date | None) -> Presence:
        """Away today, away before the task is due, or here."""
        if any(a.from_date <= today <= a.to_date for a in self.away):
            return Presence.AWAY
        if any(a.to_date >= today and (until is None or a.from_date <= until) for a in self.away):
            return Presence.LATER
        return Presence.HERE


def suggest(candidates: Iterable[Candidate], *, today: date, until: date | None) -> list[Candidate]:
    """The candidates in the order of the rule above."""
    return sorted(
        candidates,
        key=lambda c: (
            c.presence(today=today, until=until), c.late_now, c.open_now // STEP, -c.on_time, c.open_now, c.name,
            c.person_id,
        ),
    )  # fmt: skip


def pairs_of(words: str) -> frozenset[str]:
    """The pairs of neighbouring letters of a title, figures left out: what two titles are compared by."""
    letters = "".join(c for c in words if c.isalpha())
    return frozenset(letters[n : n + 2] for n in range(len(letters) - 1))


def is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Do two titles speak of the same matter?"""
    return bool(one and other) and len(one & other) / min(len(one), len(other)) >= ALIKE
