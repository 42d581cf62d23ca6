"""Pages: the evidence a unit keeps, one piece with its versions and uses, and its files behind the gate."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.forms import attempt
from luoshi.core.pagination import paginate
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.actions import add_version, describe_exhibit
from luoshi.progress.forms.evidence import ExhibitForm, VersionForm
from luoshi.progress.models import Exhibit, ExhibitVersion
from luoshi.progress.queries.evidence import (
    get_evidence_for,
    get_exhibit_for,
    get_version_for,
    list_exhibits,
    list_uses,
    may_change,
)

Act = Callable[[], object]
TABS = {
    "all": gettext_lazy("all"),
    "expiring": gettext_lazy("valid for 30 days or less"),
    "expired": gettext_lazy("no longer valid"),
    "unused": gettext_lazy("serves no report"),
}


@require_GET
def exhibits(request: SignedRequest) -> HttpResponse:
    """What the units of the reader keep as evidence, and for how long it holds."""
    tab, text = request.GET.get("tab", "all"), request.GET.get("q", "").strip()[:100]
    tab = tab if tab in TABS else "all"
    rows = list_exhibits(request.access, tab=tab, text=text, today=today())
    page = paginate(rows, number=request.GET.get("page", "1"))
    context = {"page": page, "tabs": TABS, "tab": tab, "text": text, "today": today()}
    return render(request, "progress/evidence/list.html", context)


@require_http_methods(["GET", "POST"])
def exhibit(request: SignedRequest, id: int) -> HttpResponse:
    """One piece of evidence: what it is, until when it holds, its files, and the reports it serves."""
    found = get_exhibit_for(request.access, id=id, to="change" if request.method == "POST" else "see")
    form = ExhibitForm(request.POST if request.method == "POST" else None, initial=_kept(found))
    if request.method == "POST":
        return _saved(
            request, found, form, lambda: describe_exhibit(found, by=request.user, now=now(), **form.cleaned_data)
        )
    return _page(request, found, form=form)


@require_POST
def add(request: SignedRequest, id: int) -> HttpResponse:
    """Keep a newer file of it."""
    found = get_exhibit_for(request.access, id=id, to="change")
    form = VersionForm(request.POST, request.FILES)
    return _saved(request, found, form, lambda: add_version(found, by=request.user, now=now(), **form.cleaned_data))


def _saved(request: SignedRequest, found: Exhibit, form: ExhibitForm | VersionForm, act: Act) -> HttpResponse:
    """Do it and show the page again, or say what stands in the way."""
    if attempt(form, act):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("progress:exhibit", args=[found.pk]))
    status = getattr(form, "status", 422)
    given = {"adding": form} if isinstance(form, VersionForm) else {"form": form}
    return _page(request, found, status=status, **given)


def _page(
    request: SignedRequest,
    found: Exhibit,
    *,
    form: ExhibitForm | VersionForm | None = None,
    adding: ExhibitForm | VersionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = _kept(found)
    context = {
        "exhibit": found, "form": form or ExhibitForm(initial=kept), "adding": adding or VersionForm(initial=kept),
        "versions": found.versions.select_related("by"), "uses": list_uses(request.access, found),
        "may_change": may_change(request.access, found), "today": today(),
    }  # fmt: skip
    return render(request, "progress/evidence/exhibit.html", context, status=status)


def _kept(found: Exhibit) -> dict[str, Any]:
    return {"title": found.title, "expires_date": found.expires_date, "version": found.version}


@require_GET
def evidence(request: SignedRequest, id: int) -> FileResponse:
    """The file of a report's evidence, for whoever may see its task."""
    return _download(get_evidence_for(request.access, id=id))


@require_GET
def version(request: SignedRequest, id: int) -> FileResponse:
    """One file of a piece of evidence, for whoever may see the evidence."""
    return _download(get_version_for(request.access, id=id))


def _download(found: ExhibitVersion) -> FileResponse:
    """Always a download, never shown as a page."""
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
