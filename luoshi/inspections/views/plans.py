"""Pages: the list, the plan and its form, approval with what it would mean, and the steps after."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.forms import attempt
from luoshi.core.pagination import paginate
from luoshi.core.queries import list_subject_entries
from luoshi.inspections.actions import planning
from luoshi.inspections.forms.planning import ApproveForm, PlanForm, WhyForm, initial_of
from luoshi.inspections.models import METHOD_LABELS, STAGE_LABELS, Inspection
from luoshi.inspections.queries.gate import (
    get_inspection_for,
    list_about,
    list_designations,
    list_inspections,
    list_planning_units,
    may,
)
from luoshi.inspections.queries.loads import count_filed, list_loads
from luoshi.inspections.queries.reading import list_objects, list_team, with_counts
from luoshi.inspections.rules.kinds import BEFORE_APPROVAL, STEPS
from luoshi.inspections.views.frame import done, show
from luoshi.orgs.middleware import SignedRequest

STEP_DONE = {
    "start": gettext_lazy("Begun."),
    "conclude": gettext_lazy("The site work is over."),
    "close": gettext_lazy("Filed."),
    "cancel": gettext_lazy("Called off."),
}


@require_GET
def plans(request: SignedRequest) -> HttpResponse:
    """The inspections one has to do with: those of one's own side, and conclusions about one's units."""
    tab = "about" if request.GET.get("tab") == "about" else "own"
    rows = with_counts(list_inspections(request.access))
    state = request.GET.get("state", "")
    if state in STAGE_LABELS:
        rows = rows.filter(state=state)
    about = list_about(request.access)
    page: Any = paginate(about if tab == "about" else rows, number=request.GET.get("page", "1"))
    return show(
        request, "list", tab=tab, page=page, about_count=about.count(), states=STAGE_LABELS, state=state, today=today(),
        may_new=bool(list_planning_units(request.access)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def new(request: SignedRequest) -> HttpResponse:
    """Draft a plan."""
    units = list_planning_units(request.access)
    if not units:
        raise NotAllowed
    given = [d for unit in units for d in list_designations(unit, on=today())]
    form = PlanForm(request.POST or None, units=units, designations=given, initial={"unit": units[0]})
    made: list[Inspection] = []

    def act() -> None:
        unit = form.cleaned_data["unit"]
        made.append(planning.draft_inspection(unit, by=request.user, now=now(), **form.fields_of_plan()))

    if attempt(form, act):
        return done(request, _("Drafted. Now choose objects or draw them."), "inspections:lots", made[0].pk)
    return show(request, "plan_form", form, inspection=None)


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, id: int) -> HttpResponse:
    """Change a plan; after approval only fewer days."""
    inspection = get_inspection_for(request.access, id=id, to="plan")
    given = [*list_designations(inspection.unit, on=today())]
    form = PlanForm(request.POST or None, units=[inspection.unit], designations=given, initial=initial_of(inspection))

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        planning.edit_inspection(inspection, version=version, by=request.user, now=now(), **form.fields_of_plan())

    if attempt(form, act):
        return done(request, _("Saved."), "inspections:inspection", inspection.pk)
    return show(request, "plan_form", form, inspection=inspection)


@require_GET
def inspection(request: SignedRequest, id: int) -> HttpResponse:
    """One inspection: its plan, objects, team, draws, and the next step."""
    found = get_inspection_for(request.access, id=id)
    return show(request, "inspection", **_whole(request, found))


def _whole(request: SignedRequest, found: Inspection) -> dict[str, Any]:
    early = found.state in BEFORE_APPROVAL
    loads = list_loads(found, today=today()) if early else []
    can = {to: may(request.access, found, to) for to in ("plan", "approve", "work", "sign")}
    return {
        "inspection": found, "methods": [METHOD_LABELS[m] for m in found.methods if m in METHOD_LABELS],
        "objects": list_objects(found), "team": list_team(found, today=today()), "draws": found.draws.all(),
        "loads": loads, "filed": count_filed(loads), "can": can, "today": today(), "early": early,
        "steps": [s for s, (sources, _to) in STEPS.items() if found.state in sources], "why": WhyForm(),
        "entries": list_subject_entries("inspection", found.pk),
    }  # fmt: skip


@require_GET
def paper(request: SignedRequest, id: int) -> HttpResponse:
    """The plan to be printed and signed."""
    found = get_inspection_for(request.access, id=id)
    return show(request, "paper", **_whole(request, found), strata=found.strata.select_related("under"))


@require_POST
def propose(request: SignedRequest, id: int) -> HttpResponse:
    """Put the plan before who approves."""
    found = get_inspection_for(request.access, id=id, to="plan")
    planning.propose_inspection(found, by=request.user, now=now())
    return done(request, _("Proposed. It waits for its approval."), "inspections:inspection", found.pk)


@require_http_methods(["GET", "POST"])
def approve(request: SignedRequest, id: int) -> HttpResponse:
    """Look at what the inspection would mean for its objects, then approve it or send it back."""
    found = get_inspection_for(request.access, id=id, to="approve")
    form = ApproveForm(request.POST or None)
    back = request.POST.get("do") == "back"

    def act() -> None:
        words, by = form.cleaned_data, request.user
        if back:
            planning.send_back_inspection(found, opinion=words["opinion"], by=by, now=now())
        else:
            planning.approve_inspection(found, **words, by=by, now=now())

    if attempt(form, act):
        return done(request, _("Sent back.") if back else _("Approved."), "inspections:inspection", found.pk)
    return show(request, "approve", form, **_whole(request, found))


@require_POST
def step(request: SignedRequest, id: int) -> HttpResponse:
    """Start, end the site work, file, or call off with a reason."""
    found = get_inspection_for(request.access, id=id, to="plan")
    to = request.POST.get("do", "")
    if to not in STEP_DONE:
        raise planning.WrongStage
    planning.step_inspection(found, to, by=request.user, now=now(), why=request.POST.get("why", "")[:300])
    return done(request, str(STEP_DONE[to]), "inspections:inspection", found.pk)
