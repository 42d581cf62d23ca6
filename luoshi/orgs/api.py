"""Who calls the API, and the units they see."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from ninja import Query, Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import paginate
from luoshi.orgs.actions import note_token_use, set_figures
from luoshi.orgs.actions.absences import note_absence, remove_absence
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Absence, Person, Unit, UnitFigure
from luoshi.orgs.queries import (
    get_access,
    get_token,
    get_unit_for,
    list_figure_units,
    list_figures_of,
    list_units,
)
from luoshi.orgs.queries.absences import get_absence_for, get_unit_of, list_absences, list_staff
from luoshi.orgs.rules.figures import NAME_LIMIT, NEWEST, OLDEST, SOURCE_LIMIT, FigureRow

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


class FigureOut(Schema):
    """A figure of a unit that targets are divided by."""

    name: str = Field(examples=["户籍人口"])
    year: int = Field(examples=[2025])
    value: Decimal
    source: str = ""


class FigureIn(Schema):
    """A figure to be kept; without a value it is removed."""

    name: str = Field(min_length=1, max_length=NAME_LIMIT, examples=["户籍人口"])
    year: int = Field(ge=OLDEST, le=NEWEST, examples=[2025])
    value: Annotated[Decimal, Field(max_digits=18, decimal_places=4)] | None = None
    source: str = Field("", max_length=SOURCE_LIMIT)


class UnitFigureOut(FigureOut):
    """A figure with the code of its unit."""

    unit: str


class FiguresIn(Schema):
    """Which figures are asked for."""

    level: str = Field("township", max_length=20)
    year: int | None = Field(None, ge=OLDEST, le=NEWEST, description="empty: last year")


@router.get("/figures", response=list[UnitFigureOut], summary="Figures of all units of a level in a year")
def figures(request: SignedRequest, asked: Query[FiguresIn]) -> list[dict[str, object]]:
    units = {unit.pk: unit.code for unit in list_figure_units(request.access, level=asked.level, today=today())}
    year = asked.year or today().year - 1
    rows = UnitFigure.objects.filter(unit__in=list(units)[:5000], year=year).order_by("unit__path", "name")
    return [
        {"unit": units[f.unit_id], "name": f.name, "year": f.year, "value": f.value, "source": f.source} for f in rows
    ]


@router.get("/units/{id}/figures", response=list[FigureOut], summary="The figures of a unit")
def unit_figures(request: SignedRequest, id: int) -> list[UnitFigure]:
    return list_figures_of(get_unit_for(request.access, id=id))


@router.put("/units/{id}/figures", response=list[FigureOut], summary="Keep figures of a unit")
def keep_figures(request: SignedRequest, id: int, given: list[FigureIn]) -> list[UnitFigure]:
    unit = get_unit_for(request.access, id=id, to="administer")
    rows = [FigureRow(unit.pk, f.name, f.year, f.value, f.source) for f in given]
    set_figures(rows, by=request.user, now=now())
    return list_figures_of(unit)


class AbsenceOut(Schema):
    """Days on which somebody is away."""

    id: int
    person_id: int
    from_date: date
    to_date: date
    note: str


class AbsenceIn(Schema):
    """Days away; without a person your own."""

    person_id: int | None = None
    from_date: Day
    to_date: Day
    note: str = Field("", max_length=60)


class Done(Schema):
    """It is done."""

    removed: int


@router.get("/absences", response=list[AbsenceOut], summary="Days away, your own and your staff's")
def absences(request: SignedRequest) -> list[Absence]:
    return list_absences(request.access, today=today())


@router.post("/absences", response={201: AbsenceOut}, summary="Note days away")
def absence_note(request: SignedRequest, given: AbsenceIn) -> Status[Absence]:
    staff = list_staff(request.access, today=today())
    person = staff.filter(pk=request.user.pk if given.person_id is None else given.person_id).first()
    if person is None:
        raise NotAllowed
    made = note_absence(
        person, from_date=given.from_date, to_date=given.to_date, note=given.note, by=request.user, now=now(),
        unit=get_unit_of(person, today=today()),
    )  # fmt: skip
    return Status(201, made)


@router.delete("/absences/{id}", response=Done, summary="Remove days away")
def absence_remove(request: SignedRequest, id: int) -> dict[str, int]:
    absence = get_absence_for(request.access, id=id, today=today())
    remove_absence(absence, by=request.user, now=now(), unit=get_unit_of(absence.person, today=today()))
    return {"removed": id}


@router.get("/units/{id}", response=UnitOut, summary="One unit")
def unit(request: SignedRequest, id: int) -> Unit:
    return get_unit_for(request.access, id=id)
