"""Editing and splitting one proposal; a conflict shows both versions and loses nothing typed."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core import clock
from luoshi.core.errors import EditConflict, Refusal
from luoshi.directives.actions import edit_proposal, split_proposal
from luoshi.directives.forms import ProposalForm, SplitForm, initial_of, retyped_units, typed_units
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import get_directive_for, get_proposal, get_unit_index, list_unit_menu
from luoshi.directives.rules import UnitIndex
from luoshi.directives.rules.drafts import OPERATORS, sentence_starts
from luoshi.directives.rules.shaping import split_by_unit
from luoshi.directives.views.cards import LABELS, answer
from luoshi.orgs.middleware import SignedRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIELDS = ("title", "requirement", "standard", "due_date", "is_open_ended", "review_date", "cadence")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed while it was being edited here."""

    label: "StrOrPromise"
    yours: str
    theirs: str


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, id: int, proposal_id: int) -> HttpResponse:
    """Change what a proposal says."""
    directive = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(directive, id=proposal_id)
    index = get_unit_index(directive.unit, today=clock.today())
    if request.method == "GET":
        return _edit_page(request, directive, proposal, index, form=ProposalForm(initial=initial_of(proposal)))
    form = ProposalForm(request.POST)
    rows = form.rows() if form.is_valid() else None
    if rows is None:
        return _edit_page(request, directive, proposal, index, form=form, status=422)
    return _saved(request, directive, proposal, index, form=form, rows=rows)


def _saved(
    request: SignedRequest, directive: Directive, proposal: Proposal, index: UnitIndex, *, form: ProposalForm,
    rows: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    fields = {name: form.cleaned_data[name] for name in FIELDS}
    units = retyped_units(proposal, typed_units(request.POST), index=index, scope_path=directive.unit.path or "")
    targets = [_with_place(t, proposal.targets) for t in rows["targets"]]
    try:
        edit_proposal(
            proposal, version=form.cleaned_data["version"], by=request.user, now=clock.now(), **fields,
            units=units, targets=targets, milestones=rows["milestones"],
        )  # fmt: skip
    except EditConflict as conflict:
        return _conflict(request, directive, index, proposal=proposal, form=form, sentence=str(conflict.sentence))
    except Refusal as refusal:
        return answer(request, directive, card=proposal.pk, problem=str(refusal.sentence))
    return answer(request, directive, card=proposal.pk, said=_("Saved"))


def _with_place(target: dict[str, Any], known: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("name", "op", "value", "unit")
    return next((t for t in known if all(t[n] == target[n] for n in names)), target)


def _conflict(
    request: SignedRequest, directive: Directive, index: UnitIndex, *, proposal: Proposal, form: ProposalForm,
    sentence: str,
) -> HttpResponse:  # fmt: skip
    """Both versions side by side; saving again writes these values over theirs."""
    theirs = get_proposal(directive, id=proposal.pk)
    data = request.POST.copy()
    data["version"] = str(theirs.version)
    again = ProposalForm(data)
    again.is_valid()
    differences = [
        Difference(again.fields[name].label or name, _words(form.cleaned_data[name]), _words(getattr(theirs, name)))
        for name in FIELDS
        if form.cleaned_data[name] != getattr(theirs, name)
    ]
    context = {"conflict": sentence, "differences": differences, "theirs": theirs}
    return _edit_page(request, directive, theirs, index, form=again, status=409, **context)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "—" if value in (None, "") else str(value)


def _edit_page(
    request: SignedRequest, directive: Directive, proposal: Proposal, index: UnitIndex, *, form: ProposalForm,
    status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form alone for HTMX (which swaps only on 200), else a page around it."""
    rows = form.typed_rows if form.is_bound else _stored_rows(proposal)
    context = {
        "directive": directive, "proposal": proposal, "form": form, "rows": rows, "operators": OPERATORS,
        "labels": LABELS, "menu": list_unit_menu(index), "part": request.GET.get("part", "1"), **more,
    }  # fmt: skip
    template = "directives/_edit.html" if request.htmx else "directives/edit.html"
    return render(request, template, context, status=200 if request.htmx else status)


def _stored_rows(proposal: Proposal) -> dict[str, Any]:
    return {
        "units": [(u["role"], u["name"]) for u in proposal.units],
        "targets": proposal.targets,
        "milestones": proposal.milestones,
    }


@require_http_methods(["GET", "POST"])
def split(request: SignedRequest, id: int, proposal_id: int) -> HttpResponse:
    """Choose where to divide a proposal."""
    directive = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(directive, id=proposal_id)
    problem = ""
    if request.method == "POST":
        form = SplitForm(request.POST)
        if form.is_valid():
            try:
                _split(request, proposal, form)
                return answer(request, directive, card=None if request.htmx else proposal.pk, said=_("Split"))
            except Refusal as refusal:
                problem = str(refusal.sentence)
    starts = [0, *sentence_starts(proposal.requirement), len(proposal.requirement)]
    context = {
        "directive": directive, "proposal": proposal, "problem": problem, "part": request.GET.get("part", "1"),
        "sentences": [(a, proposal.requirement[a:b]) for a, b in pairwise(starts)],
        "by_unit": len(split_by_unit({"units": proposal.units, "title": ""})),
        "by_step": len(proposal.milestones),
    }  # fmt: skip
    template = "directives/_split.html" if request.htmx else "directives/split.html"
    return render(request, template, context, status=409 if problem and not request.htmx else 200)


def _split(request: SignedRequest, proposal: Proposal, form: SplitForm) -> None:
    data = form.cleaned_data
    split_proposal(
        proposal, version=data["version"], by=request.user, now=clock.now(), at=data["at"], each=data["each"]
    )
