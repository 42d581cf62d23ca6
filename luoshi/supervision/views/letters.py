"""Pages that begin a letter from the ledger: about one task, or a circular or report over many."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.policy import get_policy
from luoshi.letters.actions import draft_letter
from luoshi.letters.models import Letter
from luoshi.letters.queries import list_drafting_units, list_letters_about
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.supervision.forms.letters import LetterAboutMany, LetterAboutTask
from luoshi.supervision.queries.circulars import circular_fields, get_scope, list_parties
from luoshi.supervision.queries.papers import UPWARD, letter_parties, task_fields
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for


@require_http_methods(["GET", "POST"])
def task_letter(request: SignedRequest, id: int) -> HttpResponse:
    """Begin a letter about one task with what the ledger holds of it."""
    task = get_task_for(request.access, id=id)
    units = _own_units(request)
    kind = request.GET.get("kind", "")
    usual = letter_parties(task, kind or "order")[0]
    start = {"kind": kind or None, "unit": usual.pk if usual in units else None}
    form = LetterAboutTask(request.POST or None, units=units, initial={k: v for k, v in start.items() if v})
    if request.method == "POST" and form.is_valid():
        letter = _about_task(request, form, task, units)
        if letter is not None:
            return _begun(request, letter)
    letters = list_letters_about("task", task.pk, access=request.access)
    return _page(request, form, task=task, letters=letters)


def _own_units(request: SignedRequest) -> list[Unit]:
    units = list_drafting_units(request.access, today=today())
    if not units:
        raise NotAllowed
    return units


def _about_task(request: SignedRequest, form: LetterAboutTask, task: Task, units: list[Unit]) -> Letter | None:
    kind = form.cleaned_data["kind"]
    unit = next(u for u in units if u.pk == form.cleaned_data["unit"])
    _usual, recipients = letter_parties(task, kind)
    fields = task_fields(task, kind, today=today(), policy=get_policy(), chaser=str(request.user))
    if kind in UPWARD:
        recipients = [task.owner]
    return _draft(request, form, kind, unit, fields, subject=task, recipients=[r for r in recipients if r != unit])


@require_http_methods(["GET", "POST"])
def letter_new(request: SignedRequest) -> HttpResponse:
    """Begin a circular or report over what a unit asks, or over one paper."""
    units = _own_units(request)
    form = LetterAboutMany(request.POST or None, units=units, access=request.access, today=today())
    if request.method == "POST" and form.is_valid():
        letter = _about_many(request, form, units)
        if letter is not None:
            return _begun(request, letter)
    return _page(request, form)


def _about_many(request: SignedRequest, form: LetterAboutMany, units: list[Unit]) -> Letter | None:
    given = form.cleaned_data
    unit = next(u for u in units if u.pk == given["unit"])
    paper = given["directive"]
    scope = get_scope(request.access, unit=unit, first=given["first"], last=given["last"], directive=paper)
    fields = circular_fields(given["kind"], scope, today=today(), directive=paper)
    recipients = list_parties(scope) if given["kind"] in ("circular", "bulletin") else []
    return _draft(request, form, given["kind"], unit, fields, subject=paper or unit, recipients=recipients)


def _draft(
    request: SignedRequest, form: forms.Form, kind: str, unit: Unit, fields: dict[str, Any], **more: Any
) -> Letter | None:
    """Draft it; a refusal is said in the form."""
    try:
        return draft_letter(kind, unit=unit, by=request.user, now=now(), today=today(), fields=fields, **more)
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return None


def _begun(request: SignedRequest, letter: Letter) -> HttpResponse:
    messages.success(request, _("Drafted with what the ledger holds. Look it over and add what is missing."))
    return redirect("letters:letter", letter.pk)


def _page(request: SignedRequest, form: forms.Form, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "supervision/letter.html", {"form": form, **context}, status=status)
