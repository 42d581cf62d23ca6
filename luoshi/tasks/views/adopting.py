"""What is asked already beside a directive under review: shown, adopted by reference, or brought up to date."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core import clock
from luoshi.core.errors import Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import (
    get_directive_for,
    get_proposal,
    list_clauses,
    list_parts,
    list_proposals,
    may_change,
)
from luoshi.directives.rules.likeness import Match, compare
from luoshi.directives.views.cards import answer
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import adopt_by_reference, adopt_revisions
from luoshi.tasks.models import Reference
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.queries.asked import (
    Asked,
    demand_of,
    demand_of_task,
    get_with_leads,
    list_asked,
    list_references,
)
from luoshi.tasks.queries.versions import list_touched

AT_ONCE = 100  # proposals compared in one request


@dataclass(frozen=True, slots=True)
class Slot:
    """What is shown beside one proposal: the task that answers it, or the tasks that might."""

    proposal: Proposal
    rows: Sequence[Asked] = ()
    reference: Reference | None = None
    match: Match | None = None


@require_GET
def asked(request: SignedRequest, id: int) -> HttpResponse:
    """Tasks that ask for the same as the proposals shown: as a page, or as fragments for the review page's cards."""
    directive = get_directive_for(request.access, id=id)
    slots, is_whole = _slots(request, directive, _shown(request, directive))
    context = {
        "directive": directive,
        "slots": slots,
        "found": [slot for slot in slots if slot.rows],
        "may_edit": directive.state == "review" and may_change(request.access, directive),
        "part": request.GET.get("part", "1"),
        "is_one": "proposal" in request.GET,
        "is_whole": is_whole,
    }
    return render(request, "tasks/_asked_slots.html" if request.htmx else "tasks/asked.html", context)


def _shown(request: SignedRequest, directive: Directive) -> list[Proposal]:
    """The proposal asked for, or those of the part of the text that the review page shows."""
    proposals = list_proposals(directive)
    one = request.GET.get("proposal", "")
    if one:
        return [p for p in proposals if str(p.pk) == one]
    spans = list_parts(list_clauses(directive))
    part = request.GET.get("part", "1")
    number = min(max(int(part) if part.isdecimal() and len(part) < 5 else 1, 1), len(spans))
    start, end = spans[number - 1]
    return [p for p in proposals if start <= p.start < end]


def _slots(request: SignedRequest, directive: Directive, proposals: Sequence[Proposal]) -> tuple[list[Slot], bool]:
    """What to show beside each proposal, and whether the whole ledger was looked through."""
    waiting = [p for p in proposals if p.state == "proposed"][:AT_ONCE] if directive.state == "review" else []
    found = list_asked(request.access, directive, waiting, today=clock.today(), policy=get_policy())
    references = list_references(directive) if any(p.state == "adopted" for p in proposals) else {}
    tasks = get_with_leads({r.task_id for r in references.values()}) if references else {}
    slots = []
    for proposal in proposals:
        reference = references.get(proposal.pk)
        if reference is not None:
            match = compare(demand_of(proposal), demand_of_task(*tasks[reference.task_id]))
            slots.append(Slot(proposal, reference=reference, match=match))
        elif proposal.pk in found.by_proposal:
            slots.append(Slot(proposal, found.by_proposal[proposal.pk]))
    return slots, found.is_whole


@require_POST
def adopt(request: SignedRequest, id: int, proposal_id: int) -> HttpResponse:
    """Let an existing task answer the proposal; `do` says whether the task is updated by it."""
    directive = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(directive, id=proposal_id)
    number, version = request.POST.get("task", ""), request.POST.get("version", "")
    if not number.isdecimal() or not version.isdecimal():
        raise Http404
    task = get_task_for(request.access, id=int(number))
    updates = request.POST.get("do") == "update"
    try:
        adopt_by_reference(
            proposal, task=task, version=int(version), by=request.user, now=clock.now(), updates=updates
        )  # fmt: skip
    except Refusal as refusal:
        return answer(request, directive, card=proposal_id, problem=str(refusal.sentence))
    said = _("Updates %(code)s") if updates else _("Answered by %(code)s")
    return answer(request, directive, card=proposal_id, said=said % {"code": task.code})


@require_http_methods(["GET", "POST"])
def touched(request: SignedRequest, id: int) -> HttpResponse:
    """The tasks that the new version touches; posting lets every matching proposal update its task."""
    directive = get_directive_for(request.access, id=id, to="edit" if request.method == "POST" else "see")
    rows = list_touched(request.access, directive)
    ready = [(row.proposal, row.task) for row in rows if row.may_update and row.proposal is not None]
    if request.method == "POST":
        count = adopt_revisions(directive, chosen=ready, by=request.user, now=clock.now())
        words = ngettext("%(n)s task will be updated.", "%(n)s tasks will be updated.", count) % {"n": count}
        messages.success(request, f"{words} {_('They change when the directive is confirmed.')}")
        return HttpResponseRedirect(url("directives:review", directive.pk))
    context = {
        "directive": directive,
        "rows": rows,
        "ready": len(ready),
        "may_edit": directive.state == "review" and may_change(request.access, directive),
    }
    return render(request, "tasks/_touched.html" if request.htmx else "tasks/touched.html", context)
