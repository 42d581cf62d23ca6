"""Evidence over the API: what the units keep, one piece with its files, and a file itself."""

from datetime import date, datetime
from typing import Any

from django.http import FileResponse
from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.core.api import Day
from luoshi.core.clock import now, today
from luoshi.core.pagination import PAGE_SIZE, paginate
from luoshi.progress.actions import describe_exhibit
from luoshi.progress.models import Exhibit, ExhibitVersion
from luoshi.progress.queries.evidence import get_exhibit_for, get_version_for, list_exhibits, list_uses
from luoshi.tasks.api import ApiRequest, RefusalOut

router = Router(tags=["evidence"])


class ExhibitFields(Schema):
    """A piece of evidence: who keeps it, until when it holds (null: for good), how many tasks it serves."""

    id: int
    unit: str = Field(examples=["QH-NYJ"], description="code of the keeping unit")
    title: str
    expires_date: date | None
    version: int
    serves: int = 0


class ExhibitRow(ExhibitFields):
    """A line of the list."""

    @staticmethod
    def resolve_unit(exhibit: Exhibit) -> str:
        return exhibit.unit.code


class ExhibitList(Schema):
    """One page of evidence, newest first."""

    total: int
    page: int
    pages: int
    evidence: list[ExhibitRow]


class VersionOut(Schema):
    """One file; `id` fetches it."""

    id: int
    number: int
    name: str
    size: int
    sha256: str
    at: datetime


class UseOut(Schema):
    """A report that the evidence serves."""

    version: int
    task_id: int
    code: str
    title: str
    period: str


class ExhibitOut(ExhibitFields):
    """A piece of evidence with its files and the reports it serves."""

    versions: list[VersionOut]
    uses: list[UseOut]


class ExhibitIn(Schema):
    """What a piece of evidence is; `version` is the one that was read."""

    title: str = Field(min_length=1, max_length=200)
    expires_date: Day | None = None
    version: int


@router.get("/evidence", response=ExhibitList, summary="List the evidence of your units")
def list_all(request: ApiRequest, tab: Query[str] = "all", text: Query[str] = "", page: Query[int] = 1) -> Any:
    """`tab` is all, expiring (within 30 days), expired or unused."""
    found = paginate(
        list_exhibits(request.access, tab=tab, text=text[:100], today=today()), number=page, size=PAGE_SIZE
    )
    return {"total": found.total, "page": found.number, "pages": found.count, "evidence": found.rows}


@router.get("/evidence/{id}", response={200: ExhibitOut, 404: RefusalOut}, summary="Read a piece of evidence")
def read(request: ApiRequest, id: int) -> Any:
    """Its files, newest first, and the reports on tasks you see."""
    return _shown(request, get_exhibit_for(request.access, id=id))


@router.put(
    "/evidence/{id}",
    response={200: ExhibitOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
    summary="Describe a piece of evidence",
)
def describe(request: ApiRequest, id: int, given: ExhibitIn) -> Any:
    """Only the unit that keeps it."""
    exhibit = get_exhibit_for(request.access, id=id, to="change")
    describe_exhibit(exhibit, by=request.auth, now=now(), **given.dict())
    return _shown(request, get_exhibit_for(request.access, id=id))


@router.get("/evidence/files/{id}", response={404: RefusalOut}, summary="Download a file of evidence")
def download(request: ApiRequest, id: int) -> FileResponse:
    """The file as it was kept."""
    version, kind = get_version_for(request.access, id=id), "application/octet-stream"
    return FileResponse(version.file.open("rb"), as_attachment=True, filename=version.name, content_type=kind)


def _shown(request: ApiRequest, exhibit: Exhibit) -> dict[str, Any]:
    uses = list_uses(request.access, exhibit)
    versions: list[ExhibitVersion] = list(exhibit.versions.order_by("-number"))
    return {
        "id": exhibit.pk, "unit": exhibit.unit.code, "title": exhibit.title, "expires_date": exhibit.expires_date,
        "version": exhibit.version, "serves": len({use.task_id for use in uses}), "versions": versions, "uses": uses,
    }  # fmt: skip
