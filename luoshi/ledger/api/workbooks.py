"""The ledger out to a workbook and back over the API: take out, send in, read what it would do, decide, apply."""

import tempfile
from typing import Any, Literal

from django.http import FileResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.policy import get_policy
from luoshi.ledger.actions.importing import apply_workbook
from luoshi.ledger.actions.workbooks import choose_for_rows, drop_workbook, keep_workbook
from luoshi.ledger.api.columns import ApiRequest, RefusalOut
from luoshi.ledger.forms import WorkbookForm
from luoshi.ledger.jobs import compare_soon
from luoshi.ledger.models import Workbook, WorkbookRow
from luoshi.ledger.queries import choose, list_matching
from luoshi.ledger.queries.layouts import get_layout_columns, list_layouts
from luoshi.ledger.queries.sheets import name_fields, plan_sheet, write_for_editing
from luoshi.ledger.queries.verdicts import list_strange, show_fault, show_problem
from luoshi.ledger.queries.workbooks import choose_owner, count_moves, count_rows, get_workbook_for, list_rows_of
from luoshi.ledger.rules import StateGroup, parse_filter
from luoshi.ledger.rules.workbooks.rights import may_bring_back
from luoshi.orgs.queries import parse_unit

router = Router(tags=["ledger"])
MOST_ROWS = 1000
RowState = Literal["new", "changed", "conflict", "error"]


class TakenOut(Schema):
    """Which part of the ledger leaves, as on the page, and under whose headings."""

    q: str = Field("", max_length=100)
    unit: str = Field("", description="a unit and those below it, as on the page")
    state: str = StateGroup.OPEN.value
    tier: str = ""
    mark: str = Field("", description="as on the page: `will_miss`, `problem`, `missing`, `adapted`, `inflated`")
    layout: str = Field("", max_length=40, description="headings of a layout: `breakdown`, or `own-7` for a kept one")


class SentIn(Schema):
    """For a table made elsewhere its layout, who asks for its new tasks, and the task under which these stand."""

    layout: str = Field("", max_length=40)
    owner: str = Field("", description="a unit, as on the page; empty for the first for which you draft")
    parent: str = Field("", max_length=40, description="the number of a task")


class CellOut(Schema):
    """A cell that differs: as it left, as it stands here, as the file says; `both` where both were changed."""

    field: str = Field(examples=["due_date"])
    label: str
    exported: str
    here: str
    file: str
    both: bool


class CellFault(Schema):
    """What is wrong with a cell, and the remedy."""

    field: str
    code: str = Field(examples=["no_date"])
    problem: str


class RowOut(Schema):
    """A row by the number that the sheet shows. `place` is where it goes: `task:7`, `row:12`, `top`, or empty."""

    row: int
    state: RowState
    task: int | None
    code: str
    title: str
    cells: list[CellOut]
    place: str
    choice: str = Field(description="keep, over, or empty while nobody chose")
    faults: list[CellFault]


class WorkbookOut(Schema):
    """What a workbook would do; at most a thousand rows, go on with `after`."""

    id: int
    state: str = Field(description="waiting, reading, read, refused, applied or dropped")
    problem: str = Field(description="why it could not be compared, and what to do")
    file_name: str
    counts: dict[str, int] = Field(
        description="rows, same, new, changed, conflict, error, moved; gone: taken out and not in the file"
    )
    unknown_headings: list[str]
    is_ready: bool = Field(description="whether `apply` would do it: nothing is wrong, everything is decided")
    rows: list[RowOut]


class RowsAsked(Schema):
    """Which rows to list."""

    state: RowState | None = None
    after: int = Field(0, ge=0, description="rows below this one")


class ChoiceIn(Schema):
    """Where both changed a cell: keep what stands here, or write over it what the file says."""

    choice: Literal["keep", "over"]
    rows: list[int] | None = Field(None, max_length=5000, description="row numbers; null for all")


class DoneOut(Schema):
    """How many rows were new, changed and moved."""

    new: int
    changed: int
    moved: int


class DroppedOut(Schema):
    """The workbook's state now."""

    state: str = Field(examples=["dropped"])


class FaultsOut(Schema):
    """What of the upload cannot be taken."""

    detail: list[dict[str, str]]


class CountOut(Schema):
    """How many rows were decided."""

    rows: int


@router.get("/ledger/workbook", response={404: RefusalOut}, summary="Take the ledger out as a workbook to edit")
def take_out(request: ApiRequest, given: Query[TakenOut]) -> FileResponse:
    """An .xlsx file in the ledger's order; its hidden columns tell which row is which task when it comes back."""
    plan = plan_sheet(request.access, get_layout_columns(request.access, given.layout) if given.layout else ())
    choice = choose(parse_filter(given.dict(exclude={"layout"})), access=request.access)
    tasks = list_matching(choice, access=request.access, today=today(), policy=get_policy())
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    write_for_editing(
        file, tasks, plan=plan, title=_("Ledger"), access=request.access, by=request.auth, now=now(), today=today(),
        policy=get_policy(),
    )  # fmt: skip
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"ledger-edit-{today()}.xlsx")


@router.post(
    "/ledger/workbooks",
    response={201: WorkbookOut, 202: WorkbookOut, 403: RefusalOut, 404: RefusalOut, 422: FaultsOut},
    summary="Send a workbook in and see what it would do",
)
def send_in(request: ApiRequest, given: Form[SentIn], file: File[UploadedFile]) -> Status[Any]:
    """201 with every row that asks for something; 202 for a long one: ask for it until it is read. Nothing changes."""
    if not may_bring_back(request.access):
        raise NotAllowed
    owner = parse_unit(given.owner, request.access) if given.owner else choose_owner(request.access)
    data = {"layout": given.layout, "owner": owner.pk if owner else "", "parent": given.parent}
    form = WorkbookForm(
        data, MultiValueDict({"file": [file]}), access=request.access, layouts=list_layouts(request.access)
    )
    if not form.is_valid():
        faults = [{"field": name, "problem": " ".join(map(str, words))} for name, words in form.errors.items()]
        return Status(422, {"detail": faults})
    clean = form.cleaned_data
    book = keep_workbook(
        clean["file"].read(), name=clean["file"].name, by=request.auth, now=now(), owner=clean["owner"],
        parent=clean["parent"], layout=clean["layout"],
    )  # fmt: skip
    compare_soon(book, access=request.access, now=now(), today=today())
    book.refresh_from_db()
    return Status(202 if book.state in ("waiting", "reading") else 201, _book(request, book, RowsAsked(after=0)))


@router.get("/ledger/workbooks/{id}", response={200: WorkbookOut, 404: RefusalOut}, summary="What a workbook would do")
def read(request: ApiRequest, id: int, asked: Query[RowsAsked]) -> dict[str, Any]:
    """One's own workbook: its rows with what would change, conflicts and errors."""
    return _book(request, get_workbook_for(request.access, id=id), asked)


@router.post(
    "/ledger/workbooks/{id}/choices",
    response={200: CountOut, 404: RefusalOut, 409: RefusalOut},
    summary="Decide where both changed a cell",
)
def decide(request: ApiRequest, id: int, given: ChoiceIn) -> dict[str, int]:
    """For some rows or for all of them."""
    book = get_workbook_for(request.access, id=id)
    return {"rows": choose_for_rows(book, choice=given.choice, numbers=given.rows)}


@router.post(
    "/ledger/workbooks/{id}/apply",
    response={200: DoneOut, 404: RefusalOut, 409: RefusalOut},
    summary="Do what a workbook asks, all of it or nothing",
)
def apply(request: ApiRequest, id: int, reason: Query[str] = "") -> dict[str, int]:
    """409 while a row is wrong or undecided, and when something changed since: then look at the rows again.

    Where more is asked of units than was asked from above, only with a `reason`.
    """
    book = get_workbook_for(request.access, id=id)
    return apply_workbook(book, access=request.access, by=request.auth, now=now(), today=today(), reason=reason[:500])


@router.delete(
    "/ledger/workbooks/{id}",
    response={200: DroppedOut, 404: RefusalOut, 409: RefusalOut},
    summary="Set a workbook aside",
)
def drop(request: ApiRequest, id: int) -> dict[str, str]:
    """The file and its rows go; nothing else changes."""
    drop_workbook(get_workbook_for(request.access, id=id))
    return {"state": "dropped"}


def _book(request: ApiRequest, book: Workbook, asked: RowsAsked) -> dict[str, Any]:
    states = count_rows(book)
    undecided = list_rows_of(book, state="conflict").filter(choice="").exists()
    rows = list_rows_of(book, state=asked.state or "").filter(number__gt=asked.after)[:MOST_ROWS]
    labels = name_fields(request.access)
    kept = {name: number for name, number in book.counts.items() if name in ("rows", "same", "gone")}
    return {
        "id": book.pk, "state": book.state, "problem": show_problem(book.problem), "file_name": book.file_name,
        "counts": {**dict.fromkeys(("new", "changed", "conflict", "error"), 0), **kept, **states,
                   "moved": count_moves(book)},
        "unknown_headings": list_strange(book), "rows": [_row(row, labels) for row in rows],
        "is_ready": book.state == "read" and bool(states) and not states.get("error") and not undecided,
    }  # fmt: skip


def _row(row: WorkbookRow, labels: dict[str, str]) -> dict[str, Any]:
    data = row.data
    differing = data["cells"]
    if data["task"] is None and not data["code"]:
        differing = [[name, "", "", data["wish"][name], False] for name in labels if name in data["wish"]]
    cells = [
        {"field": name, "label": labels.get(name, name), "exported": was, "here": here, "file": text, "both": both}
        for name, was, here, text, both in differing
    ]
    faults = [{"field": fault[0], "code": fault[1], "problem": show_fault(fault, labels)} for fault in data["faults"]]
    return {
        "row": row.number, "state": row.state, "task": data["task"], "code": data["code"], "title": data["title"],
        "cells": cells, "place": data["place"], "choice": row.choice, "faults": faults,
    }  # fmt: skip
