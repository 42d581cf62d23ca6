"""The review page, and the steps that decide: accept, drop, information only, merge, undo, names and clauses."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.core import clock
from luoshi.core.errors import Refusal
from luoshi.core.queries import list_subject_entries
from luoshi.directives.actions import (
    accept_proposal,
    accept_sure,
    add_proposal,
    confirm_fields,
    drop_proposal,
    mark_clause,
    mark_information,
    mark_rest,
    merge_proposals,
    name_unit,
    undo_step,
)
from luoshi.directives.forms import NameForm
from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.directives.queries import (
    clause_facts,
    get_directive_for,
    get_proposal,
    get_unit_index,
    list_clauses,
    list_proposals,
    may_change,
    reach,
)
from luoshi.directives.rules import match_name
from luoshi.directives.rules.review import ProposalFacts, clause_states
from luoshi.directives.views.assistant import model_panel
from luoshi.directives.views.cards import Board, answer
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit

Step = Callable[..., object]
STEPS: dict[str, Step] = {
    "accept": accept_proposal,
    "drop": drop_proposal,
    "information": mark_information,
    "merge": merge_proposals,
    "check": confirm_fields,
    "undo": undo_step,
}
MAX_WORDS = 3_000
WHOLE = ("merge", "split_proposal", "merge_proposals")


@require_GET
def page(request: SignedRequest, id: int) -> HttpResponse:
    """Source on the left, proposals on the right, each lighting the other."""
    directive = get_directive_for(request.access, id=id)
    board = Board(request, directive)
    entries = list_subject_entries("directive", directive.pk, limit=20)
    context = {**board.page(), **model_panel(request, directive), "entries": entries}
    return render(request, "directives/review.html", context)


@require_POST
def decide(request: SignedRequest, id: int, proposal_id: int) -> HttpResponse:
    """One step on one proposal."""
    directive = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(directive, id=proposal_id)
    verb, version = request.POST.get("do", ""), request.POST.get("version", "")
    if verb not in STEPS or not version.isdecimal():
        raise Http404
    try:
        done = STEPS[verb](proposal, version=int(version), by=request.user, now=clock.now())
    except Refusal as refusal:
        return answer(request, directive, card=proposal_id, problem=str(refusal.sentence))
    touches_all = verb in WHOLE or done in WHOLE
    if touches_all and request.htmx:
        return answer(request, directive, said=_said(verb, proposal))
    return answer(request, directive, card=proposal_id, said=_said(verb, proposal))


def _said(verb: str, proposal: Proposal) -> str:
    said = {
        "accept": _("Accepted"),
        "drop": _("Dropped"),
        "information": _("Set aside as information"),
        "merge": _("Merged with the next"),
        "check": _("Checked"),
        "undo": _("Taken back"),
    }
    return f"{said[verb]}：{proposal.title[:40]}"


@require_POST
def sure(request: SignedRequest, id: int) -> HttpResponse:
    """Accept everything that is sure; with `gaps`, what lacks only a lead or a date that the paper does not state."""
    directive = get_directive_for(request.access, id=id, to="edit")
    gaps = bool(request.POST.get("gaps"))
    count = accept_sure(directive, by=request.user, now=clock.now(), with_gaps=gaps)
    return answer(request, directive, said=_("%(count)s accepted") % {"count": count})


@require_POST
def clauses(request: SignedRequest, id: int) -> HttpResponse:
    """Set a clause, or all that nothing covers, aside as information."""
    directive = get_directive_for(request.access, id=id, to="edit")
    chosen = request.POST.get("clause", "")
    if chosen == "rest":
        mark_rest(directive, clause_ids=_uncovered(directive), by=request.user, now=clock.now())
    else:
        clause = get_object_or_404(Clause, directive=directive, pk=int(chosen) if chosen.isdecimal() else 0)
        try:
            mark_clause(clause, is_information=not clause.is_information, by=request.user, now=clock.now())
        except Refusal as refusal:
            return answer(request, directive, problem=str(refusal.sentence))
    return answer(request, directive, said=_("Set aside as information"))


@require_POST
def add(request: SignedRequest, id: int) -> HttpResponse:
    """Propose a clause, or words of it, that the grammar did not take for a duty."""
    directive = get_directive_for(request.access, id=id, to="edit")
    picked = request.POST.get("picked", "")
    chosen = picked or request.POST.get("clause", "")
    clause = get_object_or_404(Clause, directive=directive, pk=int(chosen) if chosen.isdecimal() else 0)
    words = request.POST.get("words", "").strip()[:MAX_WORDS] if picked else ""
    try:
        proposal = add_proposal(
            directive, clause=clause, words=words, by=request.user, now=clock.now(), today=clock.today()
        )
    except Refusal as refusal:
        return answer(request, directive, problem=str(refusal.sentence))
    return answer(request, directive, card=proposal.pk, said=_("Added as a proposal"), marks_changed=True)


def _uncovered(directive: Directive) -> list[int]:
    proposals = [ProposalFacts(p.pk, p.start, reach(p), p.state) for p in list_proposals(directive)]
    states = clause_states([clause_facts(c) for c in list_clauses(directive)], proposals)
    return [pk for pk, state in states.items() if state == "uncovered"]


@require_POST
def names(request: SignedRequest, id: int) -> HttpResponse:
    """Say which unit a name stands for, everywhere in this directive."""
    directive = get_directive_for(request.access, id=id, to="edit")
    form = NameForm(request.POST)
    if not form.is_valid():
        return answer(request, directive, problem=_("Choose a unit for the name."))
    unit, selector = _chosen(request, directive, form)
    name = form.cleaned_data["name"]
    if unit is None and not selector:
        typed = form.cleaned_data["unit"][:40]
        return answer(
            request, directive, problem=_("No unit is called “%(text)s”. Choose one from the list.") % {"text": typed}
        )
    remember = form.cleaned_data["remember"] and may_change(request.access, directive, verb="remember")
    try:
        name_unit(
            directive, name=name, unit=unit, selector=selector, by=request.user, now=clock.now(),
            today=clock.today(), remember=remember,
        )  # fmt: skip
    except Refusal as refusal:
        return answer(request, directive, problem=str(refusal.sentence))
    return answer(request, directive, said=f"{name} → {unit or form.cleaned_data['unit']}")


def _chosen(request: SignedRequest, directive: Directive, form: NameForm) -> tuple[Unit | None, str]:
    """The candidate that was clicked, or the unit or selector that was typed, within the tenant's own tree."""
    index = get_unit_index(directive.unit, today=clock.today())
    unit_id = form.cleaned_data["candidate"]
    selector = ""
    if unit_id is None:
        match = match_name(form.cleaned_data["unit"], index=index, scope_path=directive.unit.path or "")
        unit_id, selector = match.unit_id, match.selector or ""
    if unit_id not in index.units:
        return None, selector
    return Unit.objects.visible_to(request.access).filter(pk=unit_id).first(), ""
