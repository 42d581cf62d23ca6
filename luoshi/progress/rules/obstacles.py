"""Obstacles: a red task says what holds it up and who can remove it, who may stand above the doing unit."""

from luoshi.orgs.rules import Access, Role
from luoshi.tasks.rules.access import TaskFacts, may
from luoshi.tasks.rules.states import ACTIVE

ANSWERING = (Role.HEAD, Role.OFFICE, Role.HANDLER)


def may_name(access: Access, facts: TaskFacts) -> bool:
    """Whoever reports on the work, or steers it, may say what holds it up while it is under way."""
    return facts.state in ACTIVE and (may(access, facts, "report") or may(access, facts, "steer"))


def holds(access: Access, *, unit_id: int | None, person_id: int | None) -> bool:
    """Does it wait for this person: named, or answering for the unit that is named?"""
    if access.admin:
        return False
    named = person_id is not None and person_id == access.person_id
    return named or (unit_id is not None and access.sits_in(unit_id, roles=ANSWERING))


def may_clear(access: Access, facts: TaskFacts, *, unit_id: int | None, person_id: int | None) -> bool:
    """Who holds it says how it was removed; so may the doers and who steers the work."""
    mine = holds(access, unit_id=unit_id, person_id=person_id)
    return mine or may(access, facts, "report") or may(access, facts, "steer")
