"""What waits for a person because of inspections: plans to approve, conclusions to sign for, objections to review."""

from datetime import date

from luoshi.core.policy import Policy
from luoshi.insight.rules import Asker, Item, Need
from luoshi.inspections.queries.waiting import list_waiting
from luoshi.orgs.rules import Access, Role

NEEDS = {
    "approve": Need.APPROVE_INSPECTION,
    "receive": Need.RECEIVE_CONCLUSION,
    "review": Need.REVIEW_OBJECTION,
}


def list_inspecting(access: Access, *, today: date, policy: Policy) -> list[Item]:  # noqa: ARG001 - as its sisters
    """One row for each; one query, none for observers. Who waits is the unit that inspects, or the one that objects."""
    if all(seat.role == Role.OBSERVER for seat in access.seats):
        return []
    return [
        Item(
            need=NEEDS[row.what], key=f"inspection-{row.what}-{row.id}", title=row.title, code=row.code,
            subject_id=row.id, light="yellow", tier=2, asker=Asker.OWN, waiters=(row.level,) if row.level else (),
            day=row.day,
        )
        for row in list_waiting(access)
    ]  # fmt: skip
