"""The page of clocks and nodes of a government or company, and taking over what the clocks propose."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.tasks.actions.clocks import CLOCK_FAULTS, set_clocks, set_nodes, take_clock, take_clocks
from luoshi.tasks.forms import ClockForm, NodeForm, clock_forms, node_forms
from luoshi.tasks.models import MATTER_LABELS, REACHED_LABELS
from luoshi.tasks.queries import get_task_for, list_drafts_for
from luoshi.tasks.queries.clocks import (
    get_clock_set,
    get_clocks,
    get_preset,
    list_clock_units,
    list_effects,
    list_nodes,
    list_own_nodes,
    preset_name,
)
from luoshi.tasks.rules.clocks import PRESETS, ClockFacts, check_clock
from luoshi.tasks.rules.nodes import PRESET_NODES, TEMPLATES, NodeFacts
from luoshi.tasks.views.drafting import to_task

PRESET_LABELS = {
    "county": gettext_lazy("county: documents 30 days, minutes 20, remarks 15"),
    "13710": gettext_lazy("13710: the same day, 3 days, 7 days, a month, to the end"),
    "710": gettext_lazy("710: 7 days, a month, nothing left by the year's end"),
    "enterprise": gettext_lazy("company: weekly for what is critical, by the 28th for the rest"),
}
TEMPLATE_LABELS = {
    "decision": gettext_lazy("decision, 4 nodes"),
    "platform": gettext_lazy("matter under supervision, 8 nodes"),
    "construction": gettext_lazy("construction project, 11 nodes"),
    "investment": gettext_lazy("investment, 3 nodes"),
    "rectification": gettext_lazy("rectification, 3 nodes"),
}
EFFECT_WORDS = {
    "acknowledge": (gettext_lazy("Receipt would become late"), gettext_lazy("Receipt would be late no more")),
    "first": (
        gettext_lazy("The first report would become late"),
        gettext_lazy("The first report would be late no more"),
    ),
}


@require_http_methods(["GET", "POST"])
def clocks(request: SignedRequest) -> HttpResponse:
    """Matters by clocks as they hold here; head and office of a government or company set their own."""
    units = list_clock_units(request.access)
    unit = _unit(request, units)
    if request.method == "POST":
        return _save(request, unit, units)
    shown = _shown(request, unit)
    kept = get_clock_set(unit) if unit else None
    context = {"forms": clock_forms(shown), "version": kept.version if kept else 0}
    return _page(request, unit, units, {**context, "kept": kept, "preset": request.GET.get("preset", "")})


def _unit(request: SignedRequest, units: list[Unit]) -> Unit | None:
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    unit = next((u for u in units if str(u.pk) == wanted), units[0] if units and not wanted else None)
    if wanted and unit is None:
        raise NotAllowed if request.method == "POST" else Http404
    return unit


def _shown(request: SignedRequest, unit: Unit | None) -> dict[str, ClockFacts]:
    """A preset that was chosen to look at, else the clocks that hold."""
    preset = request.GET.get("preset", "")
    if preset in PRESETS:
        return get_preset(preset)
    path = (unit.path or "") if unit else (request.access.homes[0] if request.access.homes else "")
    found = get_clocks([path])
    return {matter: found.of(path, matter) for matter in MATTER_LABELS}


def _page(
    request: SignedRequest, unit: Unit | None, units: list[Unit], context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    labels = {"matters": MATTER_LABELS, "presets": PRESET_LABELS, "standard": preset_name()}
    return render(request, "tasks/clocks.html", {**labels, **context, "unit": unit, "units": units}, status=status)


def _save(request: SignedRequest, unit: Unit | None, units: list[Unit]) -> HttpResponse:
    """Look at what would change, keep it, or follow the ones above again."""
    if unit is None:
        raise NotAllowed
    forms = clock_forms(get_preset(), data=request.POST)
    version = request.POST.get("version", "")
    context: dict[str, Any] = {"forms": forms, "version": version, "kept": get_clock_set(unit)}
    context["preset"] = request.POST.get("preset", "")
    follows = "follow" in request.POST
    if not follows and not _is_whole(forms):
        return _page(request, unit, units, {**context, "faulty": True})
    wanted = {} if follows else {matter: form.clock() for matter, form in forms.items()}
    if "preview" in request.POST:
        effects = [(EFFECT_WORDS[e.kind], e) for e in list_effects(unit, wanted, today=today())]
        return _page(request, unit, units, {**context, "effects": effects})
    try:
        set_clocks(
            unit, wanted, preset=context["preset"][:20], version=int(version) if version.isdecimal() else 0,
            by=request.user, now=now(),
        )  # fmt: skip
    except EditConflict:
        kept = get_clock_set(unit)
        context |= {"kept": kept, "version": kept.version if kept else 0, "conflict": True}
        return _page(request, unit, units, context, status=409)
    messages.success(request, _("The clocks of those above hold again.") if follows else _("The clocks are set."))
    return HttpResponseRedirect(f"{url('tasks:clocks')}?unit={unit.pk}")


def _is_whole(forms: dict[str, ClockForm]) -> bool:
    """All can be read, and each clock holds together."""
    good = True
    for form in forms.values():
        fault = check_clock(form.clock()) if form.is_valid() else None
        if fault:
            form.add_error(None, str(CLOCK_FAULTS[fault]))
        good = good and form.is_valid()
    return good


@require_http_methods(["GET", "POST"])
def nodes(request: SignedRequest) -> HttpResponse:
    """The nodes that each kind of matter passes, and what reaches them."""
    units = list_clock_units(request.access)
    unit = _unit(request, units)
    matter = request.POST.get("matter") or request.GET.get("matter") or next(iter(MATTER_LABELS))
    if matter not in MATTER_LABELS:
        raise Http404
    if request.method == "POST":
        return _save_nodes(request, unit, units, matter)
    template = request.GET.get("template", "")
    path = (unit.path or "") if unit else (request.access.homes[0] if request.access.homes else "")
    shown = TEMPLATES[template] if template in TEMPLATES else list_nodes(path, matter)
    return _node_page(request, unit, units, matter, {"forms": node_forms(shown), "template": template})


def _node_page(
    request: SignedRequest, unit: Unit | None, units: list[Unit], matter: str, context: dict[str, Any], *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    kept = get_clock_set(unit) if unit else None
    context = {"version": kept.version if kept else 0, **context, "unit": unit, "units": units, "matter": matter}
    context |= {"own": list_own_nodes(unit).get(matter) if unit else None, "standard": PRESET_NODES[matter]}
    labels = {"matters": MATTER_LABELS, "templates": TEMPLATE_LABELS, "reached": REACHED_LABELS}
    return render(request, "tasks/nodes.html", {**labels, **context}, status=status)


def _save_nodes(request: SignedRequest, unit: Unit | None, units: list[Unit], matter: str) -> HttpResponse:
    if unit is None:
        raise NotAllowed
    version = request.POST.get("version", "")
    forms = node_forms((), data=request.POST)
    if "more" in request.POST or not forms.is_valid():
        return _node_page(request, unit, units, matter, {"forms": forms, "version": version})
    wanted = [] if "follow" in request.POST else _read_nodes(forms)
    try:
        if not wanted and "follow" not in request.POST:
            raise Refusal(_("Name at least one node, or follow the template."))
        set_nodes(unit, matter, wanted, version=int(version) if version.isdecimal() else 0, by=request.user, now=now())
    except Refusal as refusal:
        shown = {"forms": forms, "problem": str(refusal.sentence)}
        return _node_page(request, unit, units, matter, shown, status=refusal.status)
    messages.success(request, _("The nodes are set."))
    return HttpResponseRedirect(f"{url('tasks:nodes')}?unit={unit.pk}&matter={matter}")


def _read_nodes(forms: Any) -> list[NodeFacts]:
    """The lines with a name, in their order."""
    rows = [form.cleaned_data for form in forms.forms if isinstance(form, NodeForm) and form.cleaned_data.get("name")]
    return [NodeFacts(row["name"], row["reached_by"]) for row in rows]


@require_POST
def take(request: SignedRequest, id: int) -> HttpResponse:
    """Write into a task before dispatch the date and cadence that the clocks propose."""
    task = get_task_for(request.access, id=id, to="draft")
    version = request.POST.get("version", "")
    take_clock(
        task, version=int(version) if version.isdecimal() else 0, by=request.user, now=now(), today=today(),
        is_hard="hard" in request.POST,
    )  # fmt: skip
    messages.success(request, _("Taken over by the clock. It can still be changed."))
    return to_task(task) if request.POST.get("back") == "task" else HttpResponseRedirect(url("tasks:edit", task.pk))


@require_POST
def take_many(request: SignedRequest) -> HttpResponse:
    """The same for the ticked drafts, where they say nothing themselves."""
    ids = [int(number) for number in request.POST.getlist("task") if number.isdecimal()][:500]
    tasks = list(list_drafts_for(request.access).filter(pk__in=ids))
    if not tasks:
        messages.warning(request, _("Tick at least one task first."))
    else:
        try:
            count = take_clocks(tasks, by=request.user, now=now(), today=today())
        except Refusal as refusal:
            messages.warning(request, str(refusal.sentence))
        else:
            words = ngettext(
                "%(n)s task took its date from the clock.", "%(n)s tasks took their dates from the clock.", count
            )
            messages.success(request, words % {"n": count})
    directive = request.POST.get("directive", "")
    return HttpResponseRedirect(url("tasks:drafts") + (f"?directive={directive}" if directive.isdecimal() else ""))
