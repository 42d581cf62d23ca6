"""What other rooms need to know of a unit, and when the tree may be changed."""

from dataclasses import dataclass

from luoshi.orgs.rules.access import PATH_STEP

MAX_DEPTH = 120 // PATH_STEP


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit as name matching reads it; `aliases` also holds the names it bore before."""

    id: int
    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    level: str
    category: str
    parent_id: int | None
    path: str


def depth(path: str) -> int:
    """How many tiers from the root, which is 1."""
    return len(path) // PATH_STEP


def is_below(path: str, *, of: str) -> bool:
    """Is the unit at `path` the unit at `of` or one below it?"""
    return path.startswith(of)


def fits(subtree_depth: int, *, parent_path: str) -> bool:
    """Does a subtree of so many tiers fit under this parent?"""
    return depth(parent_path) + subtree_depth <= MAX_DEPTH
