"""Papers over the API: list, register, wait for a long one, read what is proposed, fetch the original."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja import File, Form, Query, Status, UploadedFile

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import paginate
from luoshi.directives.actions import cancel_intake, draw_original, retry_intake, take_in
from luoshi.directives.api.schemas import (
    ApiRequest,
    DirectiveList,
    DirectiveOut,
    FaultsOut,
    Filters,
    IntakeOut,
    PageOut,
    PaperIn,
    RefusalOut,
    directive_out,
    intake_out,
    router,
    row_of,
)
from luoshi.directives.forms import PaperForm
from luoshi.directives.models import Intake
from luoshi.directives.queries import (
    PICTURE_POLICY,
    get_directive_for,
    get_intake_for,
    has_pages,
    list_directives,
    list_registering_units,
)
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import parse_unit

NO_FILE: Any = File(None)  # type: ignore[type-arg]


@router.get("/directives", response=DirectiveList, summary="List the directives you may see")
def list_all(request: ApiRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Directives, newest first, page by page."""
    found = list_directives(request.access, text=filters.q, state=filters.state)
    page = paginate(found, number=filters.page, size=filters.size)
    rows = [row_of(directive) for directive in page.rows]
    return {"total": page.total, "page": page.number, "pages": page.count, "directives": rows}


@router.post(
    "/directives",
    response={201: DirectiveOut, 202: IntakeOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut, 422: FaultsOut},
    summary="Register a paper",
)
def register(request: ApiRequest, paper: Form[PaperIn], file: UploadedFile | None = NO_FILE) -> Status[dict[str, Any]]:
    """201 with what was read; 202 for a long paper, read in the background: ask for its intake until it is done."""
    unit = _registering_unit(request, paper.unit)
    data = {
        "text": paper.text, "unit": unit.pk, "received_date": paper.received_date or today(),
        "supersedes": paper.supersedes or "", "is_internal": paper.is_internal,
    }  # fmt: skip
    form = PaperForm(data, MultiValueDict({"file": [file]} if file else {}), units=[unit], today=today())
    if not form.is_valid():
        faults = [
            {"field": name.strip("_"), "problem": " ".join(map(str, words))} for name, words in form.errors.items()
        ]
        return Status(422, {"detail": faults})
    done = take_in(
        form.source(), unit=unit, by=request.auth, now=now(), today=today(), again=paper.again,
        received_date=form.cleaned_data["received_date"], is_internal=paper.is_internal,
        supersedes=form.cleaned_data["supersedes"],
    )  # fmt: skip
    return Status(202, intake_out(done)) if isinstance(done, Intake) else Status(201, directive_out(done))


def _registering_unit(request: ApiRequest, name: str) -> Unit:
    units = list_registering_units(request.access)
    unit = parse_unit(name, request.access) if name else next(iter(units), None)
    if unit is None or unit.pk not in {u.pk for u in units}:
        raise NotAllowed
    return unit


@router.get("/directives/{id}", response={200: DirectiveOut, 404: RefusalOut}, summary="Read one directive")
def read(request: ApiRequest, id: int) -> dict[str, Any]:
    """The directive's text, its clauses and its proposals in order."""
    return directive_out(get_directive_for(request.access, id=id))


@router.get("/directives/{id}/original", response={404: RefusalOut}, summary="Fetch the file as it came")
def original(request: ApiRequest, id: int) -> FileResponse:
    """The very bytes that were registered."""
    directive = get_directive_for(request.access, id=id)
    if not directive.file:
        raise Http404
    name = directive.file_name or "original"
    kind = "application/octet-stream"
    return FileResponse(directive.file.open("rb"), as_attachment=True, filename=name, content_type=kind)


@router.get("/directives/{id}/pages", response={200: list[PageOut], 404: RefusalOut}, summary="List its pages")
def pages(request: ApiRequest, id: int) -> list[dict[str, Any]]:
    """The pages of the original that can be shown; none for a Word document or a text."""
    directive = get_directive_for(request.access, id=id)
    rows = directive.pages.order_by("number").values("number", "width", "height") if has_pages(directive) else []
    return [{**row, "picture": f"/api/directives/{id}/pages/{row['number']}"} for row in rows]


@router.get("/directives/{id}/pages/{number}", response={404: RefusalOut}, summary="Fetch the picture of a page")
def page_image(request: ApiRequest, id: int, number: int) -> HttpResponse:
    """PNG, JPEG or SVG, as the paper allows."""
    directive = get_directive_for(request.access, id=id)
    if not has_pages(directive) or not directive.pages.filter(number=number).exists():
        raise Http404
    picture, content_type = draw_original(directive, number=number)
    return HttpResponse(picture, content_type=content_type, headers={"Content-Security-Policy": PICTURE_POLICY})


@router.get("/intakes/{id}", response={200: IntakeOut, 404: RefusalOut}, summary="How far a long paper is read")
def intake(request: ApiRequest, id: int) -> dict[str, Any]:
    """The state of a paper that is read in the background."""
    return intake_out(get_intake_for(request.access, id=id))


@router.post(
    "/intakes/{id}/retry", response={200: IntakeOut, 404: RefusalOut, 409: RefusalOut}, summary="Read it once more"
)
def retry(request: ApiRequest, id: int) -> dict[str, Any]:
    """Read a refused paper again."""
    found = get_intake_for(request.access, id=id)
    retry_intake(found, by=request.auth, now=now())
    return intake_out(get_intake_for(request.access, id=id))


@router.post(
    "/intakes/{id}/cancel", response={200: IntakeOut, 404: RefusalOut, 409: RefusalOut}, summary="Stop reading it"
)
def cancel(request: ApiRequest, id: int) -> dict[str, Any]:
    """Stop the reading, or forget a refused paper."""
    found = get_intake_for(request.access, id=id)
    cancel_intake(found, by=request.auth, now=now())
    return intake_out(get_intake_for(request.access, id=id))
