"""What matching knows of a unit, and what it answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit of the tree; path is its ancestors' ids and its own, eight digits each: a subtree shares a prefix."""

    id: int
    name: str
    short_name: str
    aliases: tuple[str, ...]
    level: str
    category: str
    parent_id: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a written name stands for: a unit, a selector, or candidates (unit id, score 0–1) to choose from.

    how: name, short_name, alias, elided, dual_name, government, abbreviation, selector, vague_selector,
    temporary_body, ambiguous or unknown.
    """

    unit_id: int | None
    selector: str | None
    candidates: tuple[tuple[int, float], ...]
    how: str
