"""A long paper on its way: how far the reading has come, and what to do when it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.core import clock
from luoshi.directives.actions import SILENT_FOR, cancel_intake, problem_sentence, retry_intake
from luoshi.directives.models import INTAKE_LABELS, INTAKE_OPEN, Intake
from luoshi.directives.queries import get_intake_for
from luoshi.orgs.middleware import SignedRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A paper on its way as people see it."""

    intake: Intake
    label: "StrOrPromise"
    share: float | None
    problem: "StrOrPromise"
    is_open: bool
    is_silent: bool


def intake_rows(intakes: Sequence[Intake]) -> list[IntakeRow]:
    """Papers on their way, with what is to be said of each."""
    return [_row(intake) for intake in intakes]


def _row(intake: Intake) -> IntakeRow:
    now = clock.now()
    silent = intake.state == "reading" and bool(intake.heard_at and intake.heard_at < now - SILENT_FOR)
    return IntakeRow(
        intake=intake, label=INTAKE_LABELS[intake.state], is_open=intake.state in INTAKE_OPEN,
        share=100 * intake.pages_read / intake.pages if intake.pages else None, is_silent=silent,
        problem=problem_sentence(intake.problem),
    )  # fmt: skip


@require_GET
def page(request: SignedRequest, id: int) -> HttpResponse:
    """How far it has come; the page (or HTMX, every second) goes on to the review once it is read."""
    intake = get_intake_for(request.access, id=id)
    if intake.directive:
        if request.htmx:
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = reverse("directives:review", args=[intake.directive.pk])
            return answer
        return redirect("directives:review", intake.directive.pk)
    template = "directives/_intake.html" if request.htmx else "directives/intake.html"
    return render(request, template, {"row": _row(intake)})


@require_POST
def retry(request: SignedRequest, id: int) -> HttpResponse:
    """Read a refused paper once more."""
    intake = get_intake_for(request.access, id=id)
    retry_intake(intake, by=request.user, now=clock.now())
    return redirect("directives:intake", id)


@require_POST
def cancel(request: SignedRequest, id: int) -> HttpResponse:
    """Stop the reading, or take a refused paper off the list."""
    intake = get_intake_for(request.access, id=id)
    cancel_intake(intake, by=request.user, now=clock.now())
    messages.info(request, _("“%(name)s” is no longer read; nothing was registered.") % {"name": intake.file_name})
    return redirect("directives:list")
