"""Who may draft, approve, issue and void a letter of a unit."""

from luoshi.orgs.rules import Access, Role

DRAFTERS = (Role.HEAD, Role.SPONSOR, Role.OFFICE, Role.HANDLER)
APPROVERS = (Role.HEAD, Role.SPONSOR, Role.OFFICE)
KEEPERS = (Role.HEAD, Role.OFFICE)


def may_draft(access: Access, *, unit_id: int, path: str) -> bool:
    """Those with a post in the unit draft its letters; offices and heads also for units below them."""
    return access.sits_in(unit_id, roles=DRAFTERS) or access.oversees(path, roles=KEEPERS)


def may_approve(access: Access, *, path: str, drafter_id: int | None) -> bool:
    """Heads, leaders in charge and offices at or above the unit; never the person who drafted it."""
    return access.person_id != drafter_id and access.oversees(path, roles=APPROVERS)


def may_keep(access: Access, *, path: str) -> bool:
    """Who may declare a letter void, and change templates and 代字: heads and offices at or above the unit."""
    return access.oversees(path, roles=KEEPERS)
