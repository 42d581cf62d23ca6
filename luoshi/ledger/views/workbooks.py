"""Workbooks: taken out for editing, brought back, compared, decided about, imported."""

import tempfile
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.ledger.actions.importing import apply_workbook
from luoshi.ledger.actions.workbooks import (
    IGNORED,
    answer_headings,
    choose_for_rows,
    drop_workbook,
    keep_workbook,
)
from luoshi.ledger.forms import WorkbookForm
from luoshi.ledger.jobs import SILENT_FOR, compare_soon
from luoshi.ledger.models import ROW_LABELS, WORKBOOK_LABELS, Workbook
from luoshi.ledger.queries.layouts import get_layout_columns, list_layouts
from luoshi.ledger.queries.sheets import name_fields, plan_sheet, write_for_editing
from luoshi.ledger.queries.verdicts import list_strange, show_problem, show_rows
from luoshi.ledger.queries.workbooks import (
    choose_owner,
    count_rows,
    get_workbook_for,
    list_rows_of,
    list_workbooks,
)
from luoshi.ledger.rules.layouts import PRESETS
from luoshi.ledger.rules.workbooks.rights import may_bring_back
from luoshi.ledger.rules.workbooks.verdicts import CONFLICT, ERROR, KEEP, OVERWRITE
from luoshi.ledger.views.listing import matching
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import UnexplainedInflation

PAGE = 50


@require_GET
def export_for_editing(request: SignedRequest) -> FileResponse:
    """The filtered ledger as a workbook that may come back; `?layout=` gives it the headings of a layout."""
    _choice, tasks = matching(request)
    layout = request.GET.get("layout", "")
    plan = plan_sheet(request.access, get_layout_columns(request.access, layout) if layout else ())
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    write_for_editing(
        file, tasks, plan=plan, title=_("Ledger"), access=request.access, by=request.user, now=now(), today=today(),
        policy=get_policy(),
    )  # fmt: skip
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"ledger-edit-{today()}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def workbooks(request: SignedRequest) -> HttpResponse:
    """Upload a workbook to compare; what waits, and what was imported."""
    may = may_bring_back(request.access)
    if request.method == "POST" and not may:
        raise NotAllowed
    form = WorkbookForm(
        request.POST or None, request.FILES or None, access=request.access, layouts=list_layouts(request.access)
    )
    if form.is_valid():
        data = form.cleaned_data
        book = keep_workbook(
            data["file"].read(), name=data["file"].name, by=request.user, now=now(),
            owner=data["owner"] or choose_owner(request.access),
            parent=data["parent"], layout=data["layout"],
        )  # fmt: skip
        compare_soon(book, access=request.access, now=now(), today=today())
        return redirect("ledger:workbook", book.pk)
    words = {
        "form": form, "may": may, "labels": WORKBOOK_LABELS, "books": list_workbooks(request.access),
        "layouts": list_layouts(request.access), "presets": PRESETS, "params": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "ledger/workbooks.html", words, status=422 if form.is_bound else 200)


@require_GET
def workbook(request: SignedRequest, id: int) -> HttpResponse:
    """What the workbook would do, row by row, before anything is done; while it is read, how long it takes."""
    book = get_workbook_for(request.access, id=id)
    if request.htmx and book.state not in ("waiting", "reading"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _show(request, book)


def _show(request: SignedRequest, book: Workbook, *, raises: Sequence[str] = ()) -> HttpResponse:
    """The page of a workbook; with `raises`, what it asks of units beyond what was asked from above."""
    counts = count_rows(book)
    only = request.GET.get("state", "")
    only = only if only in (*ROW_LABELS, "all") else next((s for s in (ERROR, CONFLICT) if counts.get(s)), "all")
    page = paginate(list_rows_of(book, state="" if only == "all" else only), number=request.GET.get("page"), size=PAGE)
    labels = name_fields(request.access)
    undecided = list_rows_of(book, state=CONFLICT).filter(choice="").count() if counts.get(CONFLICT) else 0
    words = {
        "book": book, "counts": counts, "only": only, "states": ROW_LABELS, "page": page, "undecided": undecided,
        "rows": show_rows(page.rows, labels), "problem": show_problem(book.problem),
        "strange": list_strange(book), "offered": _offered(book, labels), "label": WORKBOOK_LABELS[book.state],
        "is_silent": book.state in ("waiting", "reading") and book.uploaded_at < now() - SILENT_FOR,
        "ready": bool(counts) and not counts.get(ERROR) and not undecided, "raises": raises,
    }  # fmt: skip
    template = "ledger/_workbook_wait.html" if request.htmx else "ledger/workbook.html"
    return render(request, template, words, status=UnexplainedInflation.status if raises else 200)


def _offered(book: Workbook, labels: Mapping[str, str]) -> dict[str, str]:
    """The fields that an unknown heading may stand for."""
    taken = book.columns.get("headings", {})
    return {name: label for name, label in labels.items() if name not in taken and not label.startswith("_")}


@require_POST
def apply(request: SignedRequest, id: int) -> HttpResponse:
    """Do what the preview says, all or nothing."""
    book = get_workbook_for(request.access, id=id)
    try:
        counts = apply_workbook(
            book, access=request.access, by=request.user, now=now(), today=today(),
            reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
    except UnexplainedInflation as unexplained:
        return _show(request, get_workbook_for(request.access, id=id), raises=unexplained.lines)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Imported: %(new)s new, %(changed)s changed, %(moved)s moved.") % counts)
    return redirect("ledger:workbook", book.pk)


@require_POST
def choose(request: SignedRequest, id: int) -> HttpResponse:
    """Where both changed a cell: what stands is kept, or what the file says is written; for one row or for all."""
    book = get_workbook_for(request.access, id=id)
    choice = request.POST.get("choice", "")
    row = request.POST.get("row", "")
    numbers = [int(row)] if row.isdecimal() and len(row) < 8 else None
    count = choose_for_rows(book, choice=choice if choice in (KEEP, OVERWRITE) else "", numbers=numbers)
    messages.success(request, ngettext("Decided for %(n)s row.", "Decided for %(n)s rows.", count) % {"n": count})
    return redirect("ledger:workbook", book.pk)


@require_POST
def headings(request: SignedRequest, id: int) -> HttpResponse:
    """Say what unknown headings stand for; the file is compared again."""
    book = get_workbook_for(request.access, id=id)
    labels = name_fields(request.access)
    answers: dict[str, str] = {}
    for words in list_strange(book):
        name = request.POST.get(f"heading-{words}", IGNORED)
        answers[words] = name if name in labels else IGNORED
    answer_headings(book, answers)
    return _again(request, book)


@require_POST
def compare(request: SignedRequest, id: int) -> HttpResponse:
    """Compare the kept file with what stands now."""
    return _again(request, get_workbook_for(request.access, id=id))


def _again(request: SignedRequest, book: Workbook) -> HttpResponse:
    if book.state in ("waiting", "reading", "read", "refused"):
        compare_soon(book, access=request.access, now=now(), today=today())
    return redirect("ledger:workbook", book.pk)


@require_POST
def drop(request: SignedRequest, id: int) -> HttpResponseBase:
    """Set a workbook aside."""
    drop_workbook(get_workbook_for(request.access, id=id))
    messages.success(request, _("Set aside; nothing was changed."))
    return redirect("ledger:workbooks")
