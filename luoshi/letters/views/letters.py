"""Pages of letters: the list, one letter with its steps and preview, its fields, its files, the register."""

import io
import tempfile
from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.core.shell import day, url
from luoshi.letters import actions
from luoshi.letters.forms import LetterForm, VoidForm
from luoshi.letters.models import KIND_LABELS, STATE_LABELS, Letter
from luoshi.letters.queries import (
    get_letter_for,
    get_mark,
    list_drafting_units,
    list_letters,
    list_register,
    list_register_years,
    may,
    read_kept,
    render_draft,
)
from luoshi.letters.rules import MOST_NAMED, fields_missing, number_of
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import get_unit_for
from luoshi.papers.book import BookColumn, BookRow, write_book
from luoshi.papers.fence import make_pdf_fenced
from luoshi.papers.office import find_office
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.writing import show_paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECONDS = 60.0


class NoPdf(Refusal):
    """LibreOffice is not there, or did not manage."""

    status = 422


@require_GET
def letters(request: SignedRequest) -> HttpResponse:
    """All letters that the person sees, by kind, state, issuing unit and words."""
    given = {name: request.GET.get(name, "") for name in ("kind", "state", "unit", "q")}
    unit = int(given["unit"]) if given["unit"].isdigit() and len(given["unit"]) < 12 else None
    found = list_letters(request.access, kind=given["kind"], state=given["state"], unit=unit, text=given["q"][:100])
    context = {
        "page": paginate(found, number=request.GET.get("page", "1")), "given": given, "kinds": KIND_LABELS,
        "states": STATE_LABELS, "units": list_drafting_units(request.access, today=today()),
        "is_narrowed": any(given.values()),
    }  # fmt: skip
    return render(request, "letters/list.html", context)


@require_GET
def letter(request: SignedRequest, id: int) -> HttpResponse:
    """One letter: how it will look or was issued, what it lacks, and the steps that this person may take."""
    found = get_letter_for(request.access, id=id)
    return _page(request, found)


def _page(request: SignedRequest, found: Letter, *, form: VoidForm | None = None, status: int = 200) -> HttpResponse:
    try:
        shown = show_paper(read_kept(found) if found.docx else render_draft(found))
    except UnreadablePaper:
        shown = []
    steps = {step: may(request.access, found, step) for step in ("edit", "approve", "issue", "void")}
    context = {
        "letter": found, "shown": shown, "may": steps, "missing": _missing(found), "office": bool(find_office()),
        "next_number": number_of(get_mark(found.unit, found.kind), year=today().year, number=0).replace("0号", "×号"),
        "recipients": [unit.name for unit in found.recipients.all()], "most_named": MOST_NAMED,
        "form": form or VoidForm(),
        "is_drafter": found.drafted_by_id == request.user.pk, "subject": _subject_page(found),
    }  # fmt: skip
    return render(request, "letters/letter.html", context, status=status)


def _missing(found: Letter) -> str:
    values = {**found.fields, "title": found.title}
    return "、".join(field.tag for field in fields_missing(found.kind, values)) if not found.number else ""


def _subject_page(found: Letter) -> str:
    """Where what the letter is about stands; empty where this installation has no such page."""
    pages = {"task": "ledger:task", "directive": "directives:review", "inspection": "inspections:inspection"}
    name = pages.get(found.subject_type, "")
    return url(name, found.subject_id) if name else ""


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, id: int) -> HttpResponse:
    """The fields of a letter that is not issued."""
    found = get_letter_for(request.access, id=id, to="edit")
    if found.number is not None:
        raise actions.AlreadyIssued
    form = LetterForm(request.POST or None, letter=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.fields_given()
            try:
                actions.change_letter(
                    found, by=request.user, now=now(), version=form.cleaned_data["version"],
                    title=given["title"], fields=given,
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
                status = refusal.status
            else:
                messages.success(request, _("Saved. Look at it as it will be printed."))
                return redirect("letters:letter", found.pk)
    return render(request, "letters/edit.html", {"letter": found, "form": form}, status=status)


@require_POST
def approve(request: SignedRequest, id: int) -> HttpResponse:
    """Approve a draft as it was shown."""
    found = get_letter_for(request.access, id=id, to="approve")
    version = request.POST.get("version", "")
    read = int(version) if version.isdigit() and len(version) < 10 else found.version
    return _step(
        request, found, lambda: actions.approve_letter(found, by=request.user, now=now(), version=read), _("Approved.")
    )


@require_POST
def issue(request: SignedRequest, id: int) -> HttpResponse:
    """Give the letter its number and keep it as it is."""
    found = get_letter_for(request.access, id=id, to="issue")
    return _step(
        request, found, lambda: actions.issue_letter(found, by=request.user, now=now(), today=today()),
        _("Issued. The file is kept as it is, its fingerprint stands in the journal."),
    )  # fmt: skip


@require_POST
def discard(request: SignedRequest, id: int) -> HttpResponse:
    """Throw a draft away."""
    found = get_letter_for(request.access, id=id, to="edit")
    try:
        actions.discard_letter(found, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("letters:letter", id)
    messages.success(request, _("The draft was thrown away. It had no number, so none is missing."))
    return redirect("letters:list")


@require_POST
def void(request: SignedRequest, id: int) -> HttpResponse:
    """Declare an issued letter void, with the reason."""
    found = get_letter_for(request.access, id=id, to="void")
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    reason = form.cleaned_data["reason"]
    return _step(
        request, found, lambda: actions.void_letter(found, by=request.user, now=now(), reason=reason),
        _("Void. Number and file stay, and the register shows why."),
    )  # fmt: skip


def _step(request: SignedRequest, found: Letter, act: Callable[[], object], words: str) -> HttpResponse:
    """Take a step and go back to the letter; a refusal is said there."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, words)
    return HttpResponseRedirect(url("letters:letter", found.pk))


@require_GET
def docx(request: SignedRequest, id: int) -> FileResponse:
    """The Word file: as issued, compared with its fingerprint, or the draft as it stands."""
    found = get_letter_for(request.access, id=id)
    data = read_kept(found) if found.docx else render_draft(found)
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=f"{_name(found)}.docx", content_type=WORD)


@require_GET
def pdf(request: SignedRequest, id: int) -> FileResponse:
    """The PDF: of an issued letter made once and kept, of a draft made anew."""
    found = get_letter_for(request.access, id=id)
    if found.pdf:
        data = read_kept(found, pdf=True)
    else:
        data = _made(read_kept(found) if found.docx else render_draft(found))
        if found.docx:
            actions.keep_pdf(found, data=data, by=None, now=now())
            data = read_kept(found, pdf=True)
    return FileResponse(io.BytesIO(data), filename=f"{_name(found)}.pdf", content_type="application/pdf")


def _made(data: bytes) -> bytes:
    try:
        return make_pdf_fenced(data, seconds=SECONDS)
    except UnreadablePaper as error:
        if error.code == "needs_office":
            raise NoPdf(
                _("No PDF can be made here, because LibreOffice is not installed. Download the Word file instead.")
            ) from None
        raise NoPdf(_("LibreOffice could not make a PDF of this letter. Download the Word file instead.")) from None


def _name(found: Letter) -> str:
    return (found.full_number or found.title)[:80]


@require_GET
def register(request: SignedRequest) -> HttpResponse | FileResponse:
    """发文登记簿 of one unit and year: printable, and as a workbook."""
    unit, year = _asked(request)
    rows = list(list_register(request.access, unit=unit, year=year)) if unit else []
    if unit and request.GET.get("as") == "xlsx":
        return _workbook(unit, year, rows)
    context = {
        "unit": unit, "year": year, "rows": rows, "units": list_drafting_units(request.access, today=today()),
        "years": sorted({*(list_register_years(request.access, unit=unit) if unit else []), year}, reverse=True),
        "kinds": KIND_LABELS, "states": STATE_LABELS,
    }  # fmt: skip
    return render(request, "letters/register.html", context)


def _asked(request: SignedRequest) -> tuple[Unit | None, int]:
    """The unit and year that the address names, else the first of the person's units and this year."""
    year, unit = request.GET.get("year", ""), request.GET.get("unit", "")
    units = list_drafting_units(request.access, today=today())
    chosen = units[0] if units else None
    if unit.isdigit() and len(unit) < 12:
        chosen = get_unit_for(request.access, id=int(unit))
    return chosen, int(year) if year.isdigit() and len(year) == 4 else today().year


def _workbook(unit: Unit, year: int, rows: list[Letter]) -> FileResponse:
    heads = (
        _("Document number"), _("Title"), _("Kind"), _("Addressed to"), _("Date"), _("Approved by"), _("State"),
        _("Why it is void"),
    )  # fmt: skip
    columns = [BookColumn(str(head), 18) for head in heads]

    def lines() -> Iterator[BookRow]:
        for row in rows:
            yield BookRow(
                1, (
                    row.full_number, row.title, str(KIND_LABELS[row.kind]), str(row.fields.get("to", "")),
                    day(row.issued_date), str(row.approved_by or ""), str(STATE_LABELS[row.state]), row.void_reason,
                )
            )  # fmt: skip

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    title = _("Register of letters %(year)s") % {"year": year}
    write_book(file, title=title, columns=columns, rows=lines())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{unit}-{title}.xlsx")
