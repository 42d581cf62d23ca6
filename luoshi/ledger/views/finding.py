"""The box at the top of every page (Ctrl+K): a page of its own, and the list under the box while one types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.shell import url
from luoshi.ledger.queries.finding import find
from luoshi.orgs.middleware import SignedRequest

MAX_TEXT = 100
KINDS: dict[str, Promise | str] = {
    "task": _("Tasks"),
    "directive": _("Directives"),
    "unit": _("Units"),
    "person": _("People"),
    "page": _("Pages"),
}


@require_GET
def search(request: SignedRequest) -> HttpResponse:
    """Tasks, directives, units, people and pages that hold all that is typed."""
    text = " ".join(request.GET.get("q", "").split())[:MAX_TEXT]
    more = {"task": url("ledger:list"), "directive": url("directives:list"), "unit": url("orgs:units"),
            "person": url("orgs:people")}  # fmt: skip
    words = {"q": text, "groups": find(request.access, text, today=today()), "kinds": KINDS, "more": more}
    return render(request, "ledger/_found.html" if request.htmx else "ledger/search.html", words)
