"""Pages: the register of designations, the limits, the checklists."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.forms import attempt
from luoshi.inspections.actions import keeping, planning
from luoshi.inspections.forms.planning import ChecklistForm, DesignationForm, LimitsForm, this_year
from luoshi.inspections.models import Checklist, Limits
from luoshi.inspections.queries.gate import (
    get_bounds,
    get_home,
    keeps,
    list_planning_units,
    list_seen_designations,
)
from luoshi.inspections.views.frame import done, show
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.queries import list_unit_names


@require_http_methods(["GET", "POST"])
def designations(request: SignedRequest) -> HttpResponse:
    """Which departments may inspect in the government's name, by which decision, until when."""
    home = get_home(request.access)
    may = home is not None and keeps(request.access, home) and home.level in ("province", "city", "county")
    if request.method == "POST" and not may:
        raise NotAllowed
    first, last = this_year(today())
    form = DesignationForm(
        request.POST or None, access=request.access, initial={"from_date": max(first, today()), "to_date": last}
    )

    def act() -> None:
        assert home is not None
        planning.designate(home, **form.cleaned_data, by=request.user, now=now())

    if attempt(form, act):
        return done(request, _("Recorded. The department is told."), "inspections:designations")
    return show(
        request, "designations", form, home=home, may=may, today=today(),
        rows=list_seen_designations(request.access), unit_names=list_unit_names(request.access, today=today()),
    )  # fmt: skip


@require_POST
def designation_end(request: SignedRequest, id: int) -> HttpResponse:
    """Take a designation back."""
    row = get_object_or_404(list_seen_designations(request.access), pk=id)
    if not keeps(request.access, row.government):
        raise NotAllowed
    planning.end_designation(row, why=request.POST.get("why", "")[:200], by=request.user, now=now())
    return done(request, _("Taken back."), "inspections:designations")


@require_http_methods(["GET", "POST"])
def limits(request: SignedRequest) -> HttpResponse:
    """What the government or company holds its inspections to."""
    home = get_home(request.access)
    may = home is not None and keeps(request.access, home)
    if request.method == "POST" and not may:
        raise NotAllowed
    row = Limits.objects.filter(unit=home).first() if home else None
    start = asdict(get_bounds(home)) if home else {}
    form = LimitsForm(request.POST or None, initial={**start, "version": row.version if row else 0})

    def act() -> None:
        assert home is not None
        keeping.set_limits(home, form.bounds(), version=form.cleaned_data["version"], by=request.user, now=now())

    if attempt(form, act):
        return done(request, _("Saved."), "inspections:limits")
    return show(request, "limits", form, home=home, may=may, is_preset=row is None)


@require_http_methods(["GET", "POST"])
def checklists(request: SignedRequest) -> HttpResponse:
    """The checklists of one's government or company, and a new version or a new one."""
    units, home = list_planning_units(request.access), get_home(request.access)
    if request.method == "POST" and not units:
        raise NotAllowed
    form = ChecklistForm(request.POST or None)

    def act() -> None:
        keeping.make_checklist(
            units[0], name=form.cleaned_data["name"], questions=form.questions(), by=request.user, now=now()
        )

    if attempt(form, act):
        return done(request, _("Saved as a new version."), "inspections:checklists")
    rows = Checklist.objects.filter(unit__path__startswith=(home.path if home else None) or "-", is_current=True)
    return show(
        request, "checklists", form, may=bool(units), rows=rows.select_related("unit").prefetch_related("items")
    )
