"""Who may bring a workbook back."""

from luoshi.orgs.rules import Access, Role


def may_bring_back(access: Access) -> bool:
    """Has this person work of their own? Observers and administrators only see."""
    return not access.admin and any(seat.role != Role.OBSERVER for seat in access.seats)
