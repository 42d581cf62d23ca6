"""Workbooks: taken out for editing, brought back, compared, decided about, imported."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
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
    read_workbook,
)
from luoshi.ledger.forms import WorkbookForm
from luoshi.ledger.jobs import SILENT_FOR, read_kept
from luoshi.ledger.models import ROW_LABELS, WORKBOOK_LABELS, Workbook, WorkbookRow
from luoshi.ledger.queries.layouts import get_layout_columns, list_layouts
from luoshi.ledger.queries.sheets import name_fields, plan_sheet, write_for_editing
from luoshi.ledger.queries.workbooks import (
    CHOICES,
    choose_owner,
    count_rows,
    get_workbook_for,
    list_rows_of,
    list_workbooks,
)
from luoshi.ledger.rules.layouts import PRESETS
from luoshi.ledger.rules.workbooks.verdicts import CONFLICT, ERROR, KEEP, OVERWRITE
from luoshi.ledger.views.listing import matching
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.rules import Access, Role
from luoshi.papers.refusals import REASONS

AT_ONCE = 400_000  # bytes of a file that is compared while its sender waits; a longer one is left to a job
PAGE = 50
LONG = 160
FAULTS: dict[str, str | Promise] = {
    "missing": gettext_lazy("is empty: fill it in"),
    "too_long": gettext_lazy("is too long: shorten it"),
    "too_large": gettext_lazy("is too large a number"),
    "too_fine": gettext_lazy("has more than four decimal places"),
    "no_choice": gettext_lazy("is none of the choices: pick one from the list in the cell"),
    "no_whole": gettext_lazy("is no whole number: write digits only"),
    "no_number": gettext_lazy("is no number from 0 with at most three decimals: write digits only"),
    "no_date": gettext_lazy("is no date: write it like 2026-11-20"),
    "no_target": gettext_lazy("is no target: write it like >=2.5 万亩"),
    "no_milestone": gettext_lazy("is no list of milestones: write one a line, like 2026-06-30 50% 主体完工"),
    "formula_error": gettext_lazy("is an error of a formula: write the value"),
    "no_unit": gettext_lazy("names no unit that you see: write its name, short name or code"),
    "no_person": gettext_lazy("names no leader, or more than one, who may sponsor tasks"),
    "no_task": gettext_lazy("is no task that you see: restore the number, or empty it to make the row a new task"),
    "repeated": gettext_lazy("stands in an earlier row too: empty it here if this row is to be a new task"),
    "other_row": gettext_lazy("belongs to another row: restore the number that stood here"),
    "no_place": gettext_lazy(
        "does not say where the task belongs: write the number of the task above it, or 1 as its "
        "depth"
    ),
    "no_parent": gettext_lazy("is no task that you see: correct the number"),
    "parent_wrong": gettext_lazy("stands under a row that has an error: correct that row first"),
    "parent_ended": gettext_lazy("has ended and takes no parts: choose another task"),
    "parent_not_yours": gettext_lazy("is not a task under which you may draft: ask the unit that asked for it"),
    "circle": gettext_lazy("would place the task under itself: choose another task"),
    "no_owner": gettext_lazy(
        "needs a unit that asks for it, and you draft for none: write the number of a task of yours "
        "above it"
    ),
    "not_yours": gettext_lazy("is not yours to change: leave the cell to the unit that asked for the task"),
    "settled": gettext_lazy(
        "is settled since dispatch: ask for an extension or an adaptation on the task's page "
        "instead"
    ),
    "ended": gettext_lazy("belongs to a task that has ended: reopen it first"),
}  # fmt: skip
PROBLEMS: dict[str, str | Promise] = {
    "no_heading": gettext_lazy(
        "No heading row with a column for the task was found in the first 30 rows. Name one column "
        "“任务”, then upload again."
    ),
    "too_many_rows": gettext_lazy("There are more than 50,000 rows. Split the file and upload the parts."),
    "failed": gettext_lazy(
        "The comparison broke off. Compare once more; if it happens again, tell your "
        "administrator."
    ),
}  # fmt: skip


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
    may = may_upload(request.access)
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
        _compare(request, book, size=data["file"].size or 0)
        return redirect("ledger:workbook", book.pk)
    words = {
        "form": form, "may": may, "labels": WORKBOOK_LABELS, "books": list_workbooks(request.access),
        "layouts": list_layouts(request.access), "presets": PRESETS, "params": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "ledger/workbooks.html", words, status=422 if form.is_bound else 200)


def may_upload(access: Access) -> bool:
    """Has this person work of their own? Observers and administrators only see."""
    return not access.admin and any(seat.role != Role.OBSERVER for seat in access.seats)


def _compare(request: SignedRequest, book: Workbook, *, size: int) -> None:
    """Read a small file now and a large one in the background."""
    if size <= AT_ONCE:
        read_workbook(book, access=request.access, now=now(), today=today())
    else:
        transaction.on_commit(lambda: read_kept.enqueue(book.pk))


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the preview in words."""

    label: str
    exported: str
    theirs: str
    yours: str
    both: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview in words."""

    number: int
    state: str
    label: str
    code: str
    title: str
    task_id: int | None
    choice: str
    cells: Sequence[ShownCell]
    place: str
    faults: Sequence[str]


@require_GET
def workbook(request: SignedRequest, id: int) -> HttpResponse:
    """What the workbook would do, row by row, before anything is done; while it is read, how long it takes."""
    book = get_workbook_for(request.access, id=id)
    if request.htmx and book.state not in ("waiting", "reading"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    counts = count_rows(book)
    only = request.GET.get("state", "")
    only = only if only in (*ROW_LABELS, "all") else next((s for s in (ERROR, CONFLICT) if counts.get(s)), "all")
    page = paginate(list_rows_of(book, state="" if only == "all" else only), number=request.GET.get("page"), size=PAGE)
    labels = name_fields(request.access)
    undecided = list_rows_of(book, state=CONFLICT).filter(choice="").count() if counts.get(CONFLICT) else 0
    words = {
        "book": book, "counts": counts, "only": only, "states": ROW_LABELS, "page": page, "undecided": undecided,
        "rows": _shown_rows(page.rows, labels), "problem": _problem(book.problem),
        "strange": _strange(book), "offered": _offered(book, labels), "label": WORKBOOK_LABELS[book.state],
        "is_silent": book.state in ("waiting", "reading") and book.uploaded_at < now() - SILENT_FOR,
        "ready": bool(counts) and not counts.get(ERROR) and not undecided,
    }  # fmt: skip
    return render(request, "ledger/_workbook_wait.html" if request.htmx else "ledger/workbook.html", words)


def _problem(code: str) -> str:
    if code in PROBLEMS:
        return str(PROBLEMS[code])
    return " ".join(_(sentence) for sentence in REASONS[code]) if code in REASONS else code


def _strange(book: Workbook) -> list[str]:
    """Headings that nobody has answered for."""
    found = dict.fromkeys(book.columns.get("strange", {}).values())
    return [words for words in found if words and words not in book.columns.get("answers", {})]


def _offered(book: Workbook, labels: Mapping[str, str]) -> dict[str, str]:
    """The fields that an unknown heading may stand for."""
    taken = book.columns.get("headings", {})
    return {name: label for name, label in labels.items() if name not in taken and not label.startswith("_")}


def _shown_rows(rows: Sequence[WorkbookRow], labels: Mapping[str, str]) -> list[ShownRow]:
    parents = _list_titles(rows)
    return [_shown_row(row, labels, parents) for row in rows]


def _list_titles(rows: Sequence[WorkbookRow]) -> dict[str, str]:
    from luoshi.tasks.models import Task

    ids = {int(p[5:]) for row in rows if (p := row.data["place"]).startswith("task:")}
    return {f"task:{pk}": f"{code} {title}" for pk, code, title in
            Task.objects.filter(pk__in=ids).values_list("pk", "code", "title")}  # fmt: skip


def _shown_row(row: WorkbookRow, labels: Mapping[str, str], parents: Mapping[str, str]) -> ShownRow:
    data = row.data
    cells = [
        ShownCell(
            labels.get(name, name), _shown_value(name, was), _shown_value(name, theirs), _shown_value(name, yours), both
        )
        for name, was, theirs, yours, both in data["cells"]
    ]
    if data["task"] is None and not data["code"]:
        cells = [ShownCell(labels.get(n, n), "", "", _shown_value(n, t), both=False) for n, t in data["wish"].items()]
    place = data["place"]
    where = parents.get(place, "") or (_("row %(n)s") % {"n": place[4:]} if place.startswith("row:") else "")
    if place == "top" and data["task"]:
        where = _("the top")
    if data["theme"]:
        where = f"{where} › {data['theme']}".strip(" ›")
    return ShownRow(
        row.number, row.state, str(ROW_LABELS[row.state]), data["code"], data["title"], data["task"], row.choice, cells,
        where, [_fault(fault, labels) for fault in data["faults"]],
    )  # fmt: skip


def _shown_value(name: str, text: str) -> str:
    labels = CHOICES.get(name, {})
    words = next((str(label) for code, label in labels.items() if str(code) == text), text)
    return words if len(words) <= LONG else words[:LONG] + "…"


def _fault(fault: Sequence[str], labels: Mapping[str, str]) -> str:
    name, code, text = fault
    said = f" “{text}”" if text else ""
    return f"{labels.get(name, name)}{said} {FAULTS.get(code, code)}"


@require_POST
def apply(request: SignedRequest, id: int) -> HttpResponse:
    """Do what the preview says, all or nothing."""
    book = get_workbook_for(request.access, id=id)
    try:
        counts = apply_workbook(book, access=request.access, by=request.user, now=now(), today=today())
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
    for words in _strange(book):
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
        _compare(request, book, size=book.file.size if book.file else 0)
    return redirect("ledger:workbook", book.pk)


@require_POST
def drop(request: SignedRequest, id: int) -> HttpResponseBase:
    """Set a workbook aside."""
    drop_workbook(get_workbook_for(request.access, id=id))
    messages.success(request, _("Set aside; nothing was changed."))
    return redirect("ledger:workbooks")
