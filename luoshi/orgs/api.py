"""Who calls the API, and the units they see."""

from ninja import Query, Router, Schema
from ninja.security import HttpBearer

from luoshi.core.clock import now, today
from luoshi.core.pagination import paginate
from luoshi.orgs.actions import note_token_use
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import get_access, get_token, get_unit_for, list_units

router = Router(tags=["orgs"])


class TokenAuth(HttpBearer):
    """A person's key, sent as `Authorization: Bearer ls_…`; it gives the rights of the posts held today."""

    def authenticate(self, request: SignedRequest, token: str) -> Person | None:  # type: ignore[override]
        key = get_token(token)
        if key is None:
            return None
        note_token_use(key, now=now())
        request.user = key.person
        request.access = get_access(key.person, today=today())
        return key.person


class SeatOut(Schema):
    """A post held today."""

    unit_id: int
    role: str


class MeOut(Schema):
    """The person behind the key."""

    username: str
    name: str
    seats: list[SeatOut]


class UnitOut(Schema):
    """A unit of the directory."""

    id: int
    code: str
    name: str
    short_name: str
    level: str
    category: str
    parent_id: int | None = None


class UnitsOut(Schema):
    """One page of units."""

    total: int
    page: int
    pages: int
    items: list[UnitOut]


class UnitsIn(Schema):
    """Which units are asked for."""

    q: str = ""
    level: str = ""
    page: int = 1
    page_size: int = 50


@router.get("/me", response=MeOut, summary="Who I am, and the posts I hold today")
def me(request: SignedRequest) -> MeOut:
    seats = [SeatOut(unit_id=seat.unit_id, role=seat.role) for seat in request.access.seats]
    return MeOut(username=request.user.username, name=request.user.name, seats=seats)


@router.get("/units", response=UnitsOut, summary="Units that I see, by name, code or level")
def units(request: SignedRequest, asked: Query[UnitsIn]) -> dict[str, object]:
    found = list_units(request.access, text=asked.q.strip()[:80], level=asked.level, today=today())
    page = paginate(found, number=asked.page, size=max(1, asked.page_size))
    return {"total": page.total, "page": page.number, "pages": page.count, "items": list(page.rows)}


@router.get("/units/{id}", response=UnitOut, summary="One unit")
def unit(request: SignedRequest, id: int) -> Unit:
    return get_unit_for(request.access, id=id)
