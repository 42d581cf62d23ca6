"""Pages of papers: the list, registering one, its head, its original, withdrawing and rereading."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core import clock
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import paginate
from luoshi.directives.actions import (
    AlreadyRegistered,
    PaperUnreadable,
    TooManyClauses,
    draw_original,
    edit_directive,
    reread_directive,
    take_in,
    withdraw_directive,
)
from luoshi.directives.forms import HeadForm, PaperForm, WithdrawForm
from luoshi.directives.models import STATE_LABELS, Directive, Intake
from luoshi.directives.queries import (
    PICTURE_POLICY,
    get_directive_for,
    get_shares,
    has_pages,
    list_directives,
    list_open_intakes,
    list_registering_units,
)
from luoshi.directives.views.intakes import intake_rows
from luoshi.orgs.middleware import SignedRequest

HEAD = ("title", "number", "issuer", "issued_date", "received_date", "is_internal", "version")


@require_GET
def listing(request: SignedRequest) -> HttpResponse:
    """The directives that the reader may see, newest first."""
    text, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    state = state if state in STATE_LABELS else ""
    found = list_directives(request.access, text=text, state=state)
    page = paginate(found, number=request.GET.get("page", "1"))
    may_register = any(s.role != "observer" for s in request.access.seats)
    context = {
        "page": page, "q": text, "state": state, "states": STATE_LABELS, "may_register": may_register,
        "shares": get_shares(page.rows),
        "intakes": intake_rows(list_open_intakes(request.user)) if may_register and page.number == 1 else [],
    }  # fmt: skip
    return render(request, "directives/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedRequest) -> HttpResponse:
    """Upload a paper or paste its text; it is read and opens in review."""
    units = list_registering_units(request.access)
    if not units:
        raise NotAllowed
    form = PaperForm(request.POST or None, request.FILES or None, units=units, today=clock.today())
    same: Directive | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _registered(request, form)
        except AlreadyRegistered as refusal:
            same = refusal.directive
        except (PaperUnreadable, TooManyClauses) as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal.sentence))
    status = 422 if form.errors else 409 if same else 200
    context = {"form": form, "same": same, "upload_mb": settings.UPLOAD_MAX_MB}
    return render(request, "directives/new.html", context, status=status)


def _registered(request: SignedRequest, form: PaperForm) -> HttpResponse:
    """Into review at once, or to the page where a long paper is waited for."""
    done = take_in(
        form.source(), unit=form.cleaned_data["unit"], by=request.user, now=clock.now(), today=clock.today(),
        received_date=form.cleaned_data["received_date"], again=bool(request.POST.get("again")),
        is_internal=form.cleaned_data["is_internal"], supersedes=form.cleaned_data["supersedes"],
    )  # fmt: skip
    if isinstance(done, Intake):
        return redirect("directives:intake", done.pk)
    return redirect("directives:review", done.pk)


@require_GET
def original(request: SignedRequest, id: int) -> FileResponse:
    """The file as it came in, always as a download."""
    directive = get_directive_for(request.access, id=id)
    if not directive.file:
        raise Http404
    name = directive.file_name or "original"
    return FileResponse(
        directive.file.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@require_GET
def page_image(request: SignedRequest, id: int, number: int) -> HttpResponse:
    """A page of the original as people see it, drawn in a process of its own and kept."""
    directive = get_directive_for(request.access, id=id)
    if not has_pages(directive) or not directive.pages.filter(number=number).exists():
        raise Http404
    picture, content_type = draw_original(directive, number=number)
    response = HttpResponse(picture, content_type=content_type)
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_http_methods(["GET", "POST"])
def head(request: SignedRequest, id: int) -> HttpResponse:
    """Correct title, number, issuer and dates."""
    directive = get_directive_for(request.access, id=id, to="edit")
    form = HeadForm(request.POST or None, initial={name: getattr(directive, name) for name in HEAD})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        version = data.pop("version")
        try:
            edit_directive(directive, version=version, by=request.user, now=clock.now(), **data)
            return redirect("directives:review", id)
        except Refusal as refusal:
            form = _head_again(request, directive)
            form.add_error(None, str(refusal.sentence))
    status = 422 if form.errors else 200
    return render(request, "directives/head.html", {"directive": directive, "form": form}, status=status)


def _head_again(request: SignedRequest, directive: Directive) -> HeadForm:
    """The form with what was typed, on top of the version that is there now."""
    data = request.POST.copy()
    data["version"] = str(directive.version)
    return HeadForm(data)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedRequest, id: int) -> HttpResponse:
    """Ask once, with a reason; then the directive leaves review without tasks."""
    directive = get_directive_for(request.access, id=id, to="confirm")
    form = WithdrawForm(request.POST or None, initial={"version": directive.version})
    if request.method == "POST" and form.is_valid():
        withdraw_directive(
            directive, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"], by=request.user,
            now=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Withdrawn. It stays in the list and in the journal."))
        return redirect("directives:list")
    return render(request, "directives/withdraw.html", {"directive": directive, "form": form})


@require_POST
def reread(request: SignedRequest, id: int) -> HttpResponse:
    """Read the kept text again with today's units and names."""
    directive = get_directive_for(request.access, id=id, to="edit")
    count = reread_directive(directive, by=request.user, now=clock.now(), today=clock.today())
    messages.success(request, _("Read again: %(count)s proposals.") % {"count": count})
    return redirect(reverse("directives:review", args=[id]))
