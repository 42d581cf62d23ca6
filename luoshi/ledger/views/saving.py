"""Saving and dropping views of the ledger."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now
from luoshi.ledger.actions import delete_view, save_view
from luoshi.ledger.forms import ViewForm
from luoshi.ledger.queries import get_view_for, list_views
from luoshi.ledger.rules import filter_params, parse_filter
from luoshi.ledger.views.chips import read_params
from luoshi.orgs.middleware import SignedRequest


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: SignedRequest) -> HttpResponse:
    """The views the person may use, as a menu of the ledger or a page; a POST keeps the filter under a name."""
    if request.method == "POST":
        return _save(request)
    words = {
        "views": list_views(request.access),
        "form": ViewForm(access=request.access),
        "params": urlencode(filter_params(parse_filter(read_params(request.GET)))),
    }
    return render(request, "ledger/_views.html" if request.htmx else "ledger/views.html", words)


def _save(request: SignedRequest) -> HttpResponse:
    chosen = parse_filter(read_params(QueryDict(request.POST.get("query", "")[:1000])))
    back = f"{reverse('ledger:list')}?{urlencode(filter_params(chosen))}"
    form = ViewForm(request.POST, access=request.access)
    if not form.is_valid():
        messages.error(request, _("The view was not saved: give it a name of at most 60 characters."))
        return HttpResponseRedirect(back)
    save_view(name=form.cleaned_data["name"], chosen=chosen, unit=form.cleaned_data["unit"], by=request.user, now=now())
    messages.success(request, _("Saved. You find it under Views."))
    return HttpResponseRedirect(back)


@require_POST
def delete(request: SignedRequest, id: int) -> HttpResponse:
    """Drop one of the person's own views."""
    delete_view(get_view_for(request.access, id=id, to="delete"), by=request.user, now=now())
    messages.success(request, _("The view is deleted."))
    return HttpResponseRedirect(reverse("ledger:list"))
