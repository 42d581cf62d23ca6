"""What one wishes to hear, and what left the site, for programs."""

from datetime import datetime, time
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import paginate
from luoshi.notices.actions.wishing import set_wishes
from luoshi.notices.models import Delivery
from luoshi.notices.queries.deliveries import list_own_deliveries, list_unit_deliveries, may_see_units
from luoshi.notices.queries.wishes import get_wishes
from luoshi.notices.rules.kinds import Group, How
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Person

router = Router(tags=["notices"])


class WishesOut(Schema):
    """How the person is told; `groups` says for each group of messages: digest, now or site."""

    email: str
    digest_at: time
    quiet_from: time
    quiet_until: time
    wants_urgent: bool
    language: str
    groups: dict[str, str]
    version: int


class WishesIn(Schema):
    """All that the person wishes; a time that is left out is the site's."""

    email: str = Field(default="", max_length=120)
    digest_at: time | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    wants_urgent: bool = False
    language: Literal["", "zh-hans", "en"] = ""
    groups: dict[Group, How] = Field(default_factory=dict)
    version: int = Field(ge=0, lt=2**31, description="as it was read; 0 when nothing was chosen yet")


class DeliveryOut(Schema):
    """One message to one address."""

    id: int
    channel: str
    to: str
    subject: str
    people: int
    messages: int
    is_digest: bool
    is_urgent: bool
    state: str
    trouble: str
    attempts: int
    created_at: datetime
    delivered_at: datetime | None


class DeliveriesOut(Schema):
    """One page of deliveries."""

    total: int
    page: int
    pages: int
    items: list[DeliveryOut]


@router.get("/notices/wishes", response=WishesOut, summary="How I am told")
def read_wishes(request: SignedRequest) -> dict[str, Any]:
    """The person's own choice, or the site's where there is none."""
    return _wishes_of(request.user)


@router.put("/notices/wishes", response=WishesOut, summary="Choose how I am told")
def write_wishes(request: SignedRequest, wishes: WishesIn) -> dict[str, Any]:
    """Set all at once; 409 when somebody changed it after it was read."""
    groups = {group.value: How.DIGEST.value for group in Group} | {g.value: h.value for g, h in wishes.groups.items()}
    fields = wishes.dict(exclude={"groups"})
    set_wishes(request.user, **fields, groups=groups, by=request.user, now=now())
    return _wishes_of(request.user)


@router.get("/notices/deliveries", response=DeliveriesOut, summary="What left the site")
def read_deliveries(
    request: SignedRequest,
    of: Literal["me", "units"] = "me",
    day: Day | None = None,
    page: Annotated[int, Query(ge=1, lt=10**6)] = 1,
) -> dict[str, Any]:
    """To the person; or, for an office, to the people and robots of its units on a day (today when left out)."""
    if of == "units" and not may_see_units(request.access):
        raise NotAllowed
    own = list_own_deliveries(request.access)
    found = list_unit_deliveries(request.access, day=day or today()) if of == "units" else own
    shown = paginate(found, number=page)
    items = [_row_of(delivery) for delivery in shown.rows]
    return {"total": shown.total, "page": shown.number, "pages": shown.count, "items": items}


def _wishes_of(person: Person) -> dict[str, Any]:
    held = get_wishes(person)
    return {
        "email": person.email, "digest_at": held.digest_at, "quiet_from": held.quiet.start,
        "quiet_until": held.quiet.end, "wants_urgent": held.quiet.lets_urgent, "language": held.language,
        "groups": held.groups, "version": held.version,
    }  # fmt: skip


def _row_of(delivery: Delivery) -> dict[str, Any]:
    names = (
        "id", "channel", "subject", "people", "is_digest", "is_urgent", "state", "trouble", "attempts", "created_at",
        "delivered_at",
    )  # fmt: skip
    to = delivery.person.name if delivery.person else delivery.address
    return {name: getattr(delivery, name) for name in names} | {"to": to, "messages": delivery.notices}


__all__ = ["router"]
