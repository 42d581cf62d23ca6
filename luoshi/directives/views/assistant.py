"""Asking the language model, where a site has one, and showing how its answer stands."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luoshi.core import clock
from luoshi.core.errors import Refusal
from luoshi.directives.actions.assisting import get_endpoint, start_model_run
from luoshi.directives.models import Directive
from luoshi.directives.queries import get_coverage, get_directive_for, list_clauses, list_proposals, may_change
from luoshi.orgs.middleware import SignedRequest


@require_http_methods(["GET", "POST"])
def ask(request: SignedRequest, id: int) -> HttpResponse:
    """POST asks; GET tells how the asking stands, polled by HTMX until the answer is in."""
    directive = get_directive_for(request.access, id=id, to="edit" if request.method == "POST" else "see")
    problem = ""
    if request.method == "POST":
        try:
            start_model_run(directive, by=request.user, now=clock.now())
        except Refusal as refusal:
            problem = str(refusal.sentence)
    if not request.htmx and not problem:
        return redirect("directives:review", id)
    context = {**model_panel(request, directive), "directive": directive, "problem": problem}
    template = "directives/_model.html" if request.htmx else "directives/model.html"
    return render(request, template, context, status=409 if problem and not request.htmx else 200)


def model_panel(request: SignedRequest, directive: Directive) -> dict[str, Any]:
    """What the review page says of the language model; empty where the site has none."""
    endpoint = get_endpoint()
    if endpoint is None or directive.state != "review" or not may_change(request.access, directive):
        return {"model": None}
    clauses, proposals = list_clauses(directive), list_proposals(directive)
    uncovered = get_coverage(directive, clauses=clauses, proposals=proposals).counts["uncovered"]
    return {"model": endpoint.model or endpoint.url, "run": directive.model_runs.first(), "uncovered": uncovered}
