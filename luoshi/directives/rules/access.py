"""Who may do what with a directive."""

from luoshi.orgs.rules import Access, Role

DECIDING = (Role.OFFICE, Role.HEAD, Role.SPONSOR)
VERBS = ("edit", "confirm", "remember")


def may(access: Access, *, unit_id: int, unit_path: str, verb: str) -> bool:
    """Edit and confirm: office, head or sponsor at or above the registering unit, or a handler in it.

    Remember (keep a name as a unit's alias): office or head at or above the unit. An administrator only reads.
    """
    if verb == "remember":
        return access.oversees(unit_path, roles=(Role.OFFICE, Role.HEAD))
    return access.oversees(unit_path, roles=DECIDING) or access.sits_in(unit_id, roles=(Role.HANDLER,))
