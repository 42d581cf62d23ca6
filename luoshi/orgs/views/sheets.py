"""Importing and exporting tables of units, people, posts and figures."""

from collections import Counter
from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import Page
from luoshi.orgs import actions
from luoshi.orgs.forms import SheetForm
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import LEVEL_LABELS, ROLE_LABELS, Sheet
from luoshi.orgs.queries.sheets import get_sheet_for, list_export, list_sheets
from luoshi.orgs.rules import administers_any
from luoshi.orgs.rules.sheets import COLUMNS, Column
from luoshi.papers.tables import UnreadableTable, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    "error": gettext_lazy("error"),
    "created": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
}
FAULTS = {
    "missing": gettext_lazy("is empty: fill it in"),
    "too_long": gettext_lazy("is too long: shorten it"),
    "no_level": gettext_lazy("is no level: use one of the words on the template's second sheet"),
    "no_role": gettext_lazy("is no role: use one of the words on the template's second sheet"),
    "no_flag": gettext_lazy("is neither yes nor no: write 是 or 否"),
    "no_number": gettext_lazy("is no whole number: write digits only"),
    "no_year": gettext_lazy("is no year: write it like 2025"),
    "no_figure": gettext_lazy("is no number: write digits, and a point if need be"),
    "no_date": gettext_lazy("is no date: write it like 2026-03-01"),
    "bad_code": gettext_lazy(
        "has a character that codes do not have: use letters, digits, dots, dashes and underscores"
    ),
    "repeated": gettext_lazy("stands in several rows: keep one of them"),
    "closed": gettext_lazy("names a unit that is closed: use its successor"),
    "not_yours": gettext_lazy("names what you do not administer: leave the row to the office above"),
    "root": gettext_lazy("is empty, but only an administrator makes a unit without a superior: give its code"),
    "no_unit": gettext_lazy("names no unit, neither in the tree nor in this file: correct the code"),
    "circle": gettext_lazy("would place the unit below itself: choose another superior"),
    "too_deep": gettext_lazy("would make the tree too deep: choose a superior higher up"),
    "no_person": gettext_lazy("names nobody whom you see: import the people first, or correct the account"),
    "ends_before": gettext_lazy("lies before the first day: correct one of the two"),
    "overlaps": gettext_lazy("overlaps with the same post held already: end that one, or start later"),
}
UNREADABLE = {
    "not_a_table": gettext_lazy("This is neither an .xlsx nor a .csv file. Save it as .xlsx and upload it again."),
    "damaged": gettext_lazy(
        "The file is damaged or protected by a password. Save it anew as .xlsx and upload it again."
    ),
    "too_large": gettext_lazy("The file unpacks to too much. Copy the cells into the template and upload that."),
    "too_many": gettext_lazy("There are more than 20,000 rows or 60 columns. Split the file and upload the parts."),
    "empty": gettext_lazy("The first sheet is empty. Fill it in and upload it again."),
}
PAGE = 100


def sheets(request: SignedRequest) -> HttpResponse:
    """Upload a table to preview; templates, exports and earlier uploads."""
    _check_may(request)
    form = SheetForm(request.POST or None, request.FILES or None, initial={"kind": "units"})
    if form.is_valid():
        try:
            sheet = actions.upload_sheet(
                form.cleaned_data["kind"], data=form.cleaned_data["file"].read(), name=form.cleaned_data["file"].name,
                access=request.access, by=request.user, now=now(), today=today(),
            )  # fmt: skip
            return redirect("orgs:sheet", sheet.pk)
        except UnreadableTable as error:
            form.add_error("file", str(UNREADABLE[error.code]))
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
    context = {"form": form, "sheets": list_sheets(request.access), "kinds": Sheet.KINDS}
    return render(request, "orgs/sheets.html", context, status=422 if form.is_bound else 200)


@require_GET
def sheet(request: SignedRequest, id: int) -> HttpResponse:
    """What the table would do, row by row, before anything is done."""
    sheet = get_sheet_for(request.access, id=id)
    counts = Counter(row["state"] for row in sheet.rows)
    only = request.GET.get("state", "")
    if not only and counts["error"]:
        only = "error"
    rows = [row for row in sheet.rows if only in ("", "all", row["state"])]
    columns = [(c.name, _heading(c.chinese, c.english)) for c in COLUMNS[sheet.kind]]
    columns = [pair for pair in columns if any(pair[0] in row["values"] for row in sheet.rows[:1])]
    context = {
        "sheet": sheet,
        "counts": counts,
        "only": only,
        "states": STATES,
        "page": _page(rows, request.GET.get("page", "1")),
        "columns": columns,
        "headings": dict(columns),
        "faults": FAULTS,
        "labels": {key: str(value) for key, value in {**LEVEL_LABELS, **ROLE_LABELS}.items()},
    }
    return render(request, "orgs/sheet.html", context)


@require_POST
def sheet_apply(request: SignedRequest, id: int) -> HttpResponse:
    """Do what the preview says, all or nothing."""
    sheet = get_sheet_for(request.access, id=id)
    try:
        counts = actions.apply_sheet(sheet, access=request.access, by=request.user, now=now(), today=today())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        done = {"created": counts["created"], "changed": counts["changed"], "unchanged": counts["unchanged"]}
        messages.success(request, _("Imported: %(created)s new, %(changed)s changed, %(unchanged)s unchanged.") % done)
    return redirect("orgs:sheet", sheet.pk)


@require_GET
def template(request: SignedRequest, kind: str) -> HttpResponse:
    """An empty table with its headings, and a second sheet that says what goes where."""
    _check_may(request)
    guide = [[_("Column"), _("Required"), _("What goes there")]]
    for column in _columns(kind):
        guide.append([_heading(column.chinese, column.english), "＊" if column.required else "", _help(column.kind)])
    book = write_xlsx(
        [
            (str(Sheet.KINDS[kind]), [_headings(kind)], [column.width for column in COLUMNS[kind]]),
            (_("Guide"), guide, [18, 8, 80]),
        ]
    )
    return _download(book, f"{kind}-template.xlsx")


@require_GET
def export(request: SignedRequest, kind: str, ending: str) -> HttpResponse:
    """What the reader administers, as a table that reads back unchanged."""
    _check_may(request)
    widths = [column.width for column in _columns(kind)]
    rows = _export_rows(request, kind)
    if ending == "csv":
        response = HttpResponse("".join(write_csv(rows)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{kind}-{today():%Y%m%d}.csv"'
        return response
    return _download(write_xlsx([(str(Sheet.KINDS[kind]), rows, widths)]), f"{kind}-{today():%Y%m%d}.xlsx")


def _export_rows(request: SignedRequest, kind: str) -> Iterator[list[str]]:
    yield _headings(kind)
    yield from list_export(kind, access=request.access, today=today())


def _columns(kind: str) -> tuple[Column, ...]:
    if kind not in COLUMNS:
        raise Http404
    return COLUMNS[kind]


def _headings(kind: str) -> list[str]:
    return [_heading(column.chinese, column.english) + (" *" if column.required else "") for column in _columns(kind)]


def _heading(chinese: str, english: str) -> str:
    return chinese if (get_language() or "").startswith("zh") else english


def _help(kind: str) -> str:
    words: dict[str, str | Promise] = {
        "text": _("Text"),
        "code": _("Letters, digits, dots, dashes and underscores"),
        "date": _("A date like 2026-03-01"),
        "flag": _("是 or 否"),
        "names": _("Several names are separated by semicolons"),
        "number": _("A whole number"),
        "year": _("A year like 2025"),
        "figure": _("A number; empty removes the figure"),
        "level": "、".join(str(label) for label in LEVEL_LABELS.values()),
        "role": "、".join(str(label) for label in ROLE_LABELS.values()),
    }
    return str(words[kind])


def _check_may(request: SignedRequest) -> None:
    if not administers_any(request.access):
        raise NotAllowed


def _page(rows: list[dict[str, object]], number: str) -> Page[dict[str, object]]:
    last = max(1, -(-len(rows) // PAGE))
    place = min(max(int(number) if number.isdecimal() and len(number) < 7 else 1, 1), last)
    return Page(rows=rows[(place - 1) * PAGE : place * PAGE], number=place, size=PAGE, total=len(rows))


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
