"""From a unit that ended to those that go on for it, and from units that are new to the tasks that mean them."""

from collections.abc import Iterable, Mapping, Sequence

from luoshi.tasks.rules.duties import STRENGTH
from luoshi.tasks.rules.states import DOING, DutyRole


def list_heirs(unit: int, *, links: Mapping[int, Sequence[int]], ended: Iterable[int]) -> tuple[int, ...]:
    """The open units that a unit has become, through any number of changes, the first successor first."""
    over, seen = set(ended), {unit}
    found: dict[int, None] = {}
    waiting = list(links.get(unit, ()))
    while waiting:
        heir = waiting.pop(0)
        if heir in seen:
            continue
        seen.add(heir)
        if heir in over:
            waiting = [*links.get(heir, ()), *waiting]
        else:
            found[heir] = None
    return tuple(found)


def role_taken(role: str, *, held: Iterable[str]) -> str | None:
    """The role in which a successor takes a duty over, beside those that it holds in the task; None when it adds none.

    Who leads and helps in one task leads; guiding and verifying stand beside doing.
    """
    held = set(held)
    if role in held:
        return None
    doing = [other for other in held if other in DOING]
    if role not in DOING or not doing:
        return role
    strongest = min(doing, key=lambda other: STRENGTH.index(DutyRole(other)))
    return role if STRENGTH.index(DutyRole(role)) < STRENGTH.index(DutyRole(strongest)) else None
