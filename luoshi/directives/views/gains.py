"""What a reader answers once for a whole document: names, table columns, goals, and the paper that it replaces."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.core import clock
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.shell import url
from luoshi.directives.actions import name_unit, reread_directive
from luoshi.directives.actions.adopting import decide_goal, edit_goal, set_supersedes
from luoshi.directives.actions.columns import forget_column, remember_columns
from luoshi.directives.forms import GoalForm
from luoshi.directives.models import ColumnName, Directive
from luoshi.directives.queries import (
    find_unit_named,
    get_directive_for,
    get_goal,
    get_unit_index,
    list_clause_pairs,
    list_column_names,
    list_headings,
    list_lost_names,
    list_predecessors,
    list_proposals,
    may_change,
)
from luoshi.directives.rules.access import may
from luoshi.directives.views.cards import answer
from luoshi.directives.views.panels import COLUMN_ROLES
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.rules import Access

MAX_NAMES = 200
DECISIONS = {"accept": "accepted", "drop": "dropped", "wait": "proposed"}


@require_POST
def name_all(request: SignedRequest, id: int) -> HttpResponse:
    """Say which units several names stand for, everywhere in the directive; a name without an answer waits on."""
    directive = get_directive_for(request.access, id=id, to="edit")
    index = get_unit_index(directive.unit, today=clock.today())
    may_remember = may_change(request.access, directive, verb="remember")
    waiting = {row.name for row in list_lost_names(list_proposals(directive))}
    done, strange = [], []
    for number, name in enumerate(request.POST.getlist("name")[:MAX_NAMES]):
        words = (request.POST.get(f"typed-{number}") or request.POST.get(f"unit-{number}") or "").strip()[:120]
        if not words or name not in waiting:
            continue
        unit, selector = find_unit_named(directive, words, access=request.access, today=clock.today(), index=index)
        if unit is None and not selector:
            strange.append(words)
            continue
        name_unit(
            directive, name=name, unit=unit, selector=selector, by=request.user,
            now=clock.now(), today=clock.today(), remember=may_remember and f"remember-{number}" in request.POST,
        )  # fmt: skip
        done.append(f"{name} → {unit or words}")
    problem = _("No unit is called “%(text)s”. Choose one from the list.") % {"text": "”“".join(strange)}
    return answer(request, directive, problem=problem if strange else "", said="；".join(done))


@require_POST
def columns(request: SignedRequest, id: int) -> HttpResponse:
    """Remember what the headings of this paper's tables stand for, and read it again when nothing is decided yet."""
    directive = get_directive_for(request.access, id=id, to="edit")
    headings = list_headings(directive)
    typed = zip(request.POST.getlist("heading"), request.POST.getlist("role"), strict=False)
    roles = {heading: role for heading, role in typed if heading in headings and role in COLUMN_ROLES}
    if roles:
        remember_columns(directive.unit, roles=roles, by=request.user, now=clock.now())
    try:
        count = reread_directive(directive, by=request.user, now=clock.now(), today=clock.today())
        messages.success(request, _("Remembered, and read again: %(count)s proposals.") % {"count": count})
    except Refusal as refusal:
        messages.warning(request, _("Remembered for the next paper. This one was not read again.") + f" {refusal}")
    return redirect("directives:review", id)


@require_GET
def remembered(request: SignedRequest) -> HttpResponse:
    """The table headings that are remembered, to look at and to forget."""
    found = [(column, _may_forget(request.access, column)) for column in list_column_names(request.access)]
    return render(request, "directives/columns.html", {"rows": found, "roles": COLUMN_ROLES})


@require_POST
def forget(request: SignedRequest, id: int) -> HttpResponse:
    """Let a heading be read by its own words again."""
    column = next((c for c in list_column_names(request.access) if c.pk == id), None)
    if column is None:
        raise Http404
    if not _may_forget(request.access, column):
        raise NotAllowed
    forget_column(column, by=request.user, now=clock.now())
    messages.success(request, _("“%(heading)s” is forgotten.") % {"heading": column.heading})
    return redirect("directives:remembered")


def _may_forget(access: Access, column: ColumnName) -> bool:
    return may(access, unit_id=column.unit_id, unit_path=column.unit.path or "", verb="remember")


@require_POST
def goal(request: SignedRequest, id: int, goal_id: int) -> HttpResponse:
    """Accept, drop or correct an indicator of the document."""
    directive = get_directive_for(request.access, id=id, to="edit")
    found, verb = get_goal(directive, id=goal_id), request.POST.get("do", "")
    form = GoalForm(request.POST)
    if verb not in (*DECISIONS, "save"):
        raise Http404
    if not form.is_valid() and (verb == "save" or "version" in form.errors):
        return answer(request, directive, problem=_("An indicator needs a name and a number."))
    try:
        if verb == "save":
            edit_goal(found, by=request.user, now=clock.now(), **form.cleaned_data)
        else:
            version = form.cleaned_data["version"]
            decide_goal(found, state=DECISIONS[verb], version=version, by=request.user, now=clock.now())
    except Refusal as refusal:
        return answer(request, directive, problem=str(refusal.sentence))
    return answer(request, directive, said=f"{found.name}：{_('saved')}")


@require_GET
def versions(request: SignedRequest, id: int) -> HttpResponse:
    """The directive clause by clause against the one it replaces, and the tasks that this touches."""
    directive = get_directive_for(request.access, id=id)
    if directive.supersedes_id:
        get_directive_for(request.access, id=directive.supersedes_id)
    pairs = list_clause_pairs(directive)
    context = {
        "directive": directive,
        "pairs": pairs,
        "counts": {kind: sum(p.kind == kind for p in pairs) for kind in ("changed", "new", "gone", "same")},
        "predecessors": list_predecessors(directive.unit, before=directive),
        "may_edit": directive.state == "review" and may_change(request.access, directive),
    }
    return render(request, "directives/versions.html", context)


@require_POST
def supersedes(request: SignedRequest, id: int) -> HttpResponse:
    """Say which earlier directive this one replaces."""
    directive = get_directive_for(request.access, id=id, to="edit")
    chosen = request.POST.get("earlier", "")
    known = {str(d.pk): d for d in list_predecessors(directive.unit, before=directive)}
    earlier: Directive | None = known.get(chosen)
    if chosen and earlier is None:
        raise Http404
    set_supersedes(directive, earlier=earlier, by=request.user, now=clock.now())
    if earlier is None:
        messages.success(request, _("It replaces no earlier directive."))
        return redirect("directives:review", id)
    return HttpResponseRedirect(url("directives:versions", id))
