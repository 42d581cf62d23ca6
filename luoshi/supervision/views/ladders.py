"""Pages of ladders: which are in use, one step by step, and what another one would send out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.supervision.actions.ladders import remove_ladder, save_ladder
from luoshi.supervision.forms.chasing import PRESET_LABELS, TOLD_LABELS, LadderForm, RungFormSet, rungs_of
from luoshi.supervision.models import APPROVER_LABELS, INSTRUMENT_LABELS, TRIGGER_LABELS, Ladder
from luoshi.supervision.queries.chases import preview_ladder
from luoshi.supervision.queries.ladders import HeldLadder, hold_ladders, list_ladder_units, list_ladders_seen
from luoshi.supervision.rules.chasing import LadderFacts
from luoshi.supervision.rules.ladders import PRESETS, fault_of_ladder


@require_GET
def ladders(request: SignedRequest) -> HttpResponse:
    """The ladders of the reader's governments and of those above them, with their steps."""
    found = list_ladders_seen(request.access)
    units = list_ladder_units(request.access)
    rows = list(zip(found, hold_ladders(found), strict=True))
    context = {
        "rows": rows, "units": units, "presets": PRESET_LABELS, "own": {unit.pk for unit in units},
        "instruments": INSTRUMENT_LABELS, "triggers": TRIGGER_LABELS, "tells": TOLD_LABELS,
        "approvers": APPROVER_LABELS,
    }  # fmt: skip
    return render(request, "supervision/ladders.html", context)


@require_http_methods(["GET", "POST"])
def ladder_new(request: SignedRequest) -> HttpResponse:
    """A new ladder of one's own government or company, from a preset."""
    units = {unit.pk: unit for unit in list_ladder_units(request.access)}
    if not units:
        raise NotAllowed
    asked = request.POST.get("unit") or request.GET.get("unit") or ""
    unit = units.get(int(asked)) if asked.isdecimal() else next(iter(units.values()))
    if unit is None:
        raise Http404
    preset = request.POST.get("preset") or request.GET.get("preset") or "county"
    return _edit(
        request, unit, facts=PRESETS.get(preset, PRESETS["county"]), preset=preset if preset in PRESETS else ""
    )


@require_http_methods(["GET", "POST"])
def ladder(request: SignedRequest, id: int) -> HttpResponse:
    """One ladder, step by step."""
    found = get_ladder_for(request.access, id=id)
    return _edit(request, found.unit, facts=hold_ladders([found])[0].facts, preset=found.preset, ladder=found)


@require_POST
def ladder_remove(request: SignedRequest, id: int) -> HttpResponse:
    """Take a ladder away; the one above holds again."""
    remove_ladder(get_ladder_for(request.access, id=id), by=request.user, now=now())
    messages.success(request, _("Taken away. The ladder of the level above holds, if there is one."))
    return HttpResponseRedirect(url("supervision:ladders"))


def get_ladder_for(access: Access, *, id: int) -> Ladder:
    """A ladder that this person sets. Raises Http404 when unseen, NotAllowed when only seen."""
    seen = {found.pk for found in list_ladders_seen(access)}
    found = get_object_or_404(Ladder.objects.select_related("unit"), pk=id)
    if id not in seen:
        raise Http404
    if found.unit_id not in {unit.pk for unit in list_ladder_units(access)}:
        raise NotAllowed
    return found


def _edit(
    request: SignedRequest, unit: Unit, *, facts: LadderFacts, preset: str, ladder: Ladder | None = None
) -> HttpResponse:
    """The form: a preview says what the next working day would bring; saving sees other people's changes."""
    initial = {
        "name": ladder.name if ladder else _("Chasing"), "matter": ladder.matter if ladder else "",
        "is_active": ladder.is_active if ladder else True, "quiet_days": facts.quiet_days,
        "recurs_days": facts.recurs_days,
    }  # fmt: skip
    form = LadderForm(request.POST or None, initial=initial)
    lines = RungFormSet(request.POST or None, initial=rungs_of(facts), prefix="rung")
    context: dict[str, Any] = {"coming": None}
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        typed = _read(form, lines)
        if "preview" in request.POST:
            context["coming"] = _preview(unit, typed, form, ladder)
        else:
            done = _save(request, unit, typed, form, preset=preset, ladder=ladder)
            if done:
                return done
    context |= {
        "form": form, "lines": lines, "unit": unit, "ladder": ladder, "presets": PRESET_LABELS, "preset": preset,
        "instruments": INSTRUMENT_LABELS,
    }  # fmt: skip
    return render(request, "supervision/ladder.html", context, status=getattr(form, "status", 200))


def _read(form: LadderForm, lines: Any) -> LadderFacts:
    rungs = [rung for n, line in enumerate(lines, start=1) if (rung := line.read(n))]
    return LadderFacts(tuple(rungs), form.cleaned_data["quiet_days"], form.cleaned_data["recurs_days"])


def _preview(unit: Unit, facts: LadderFacts, form: LadderForm, ladder: Ladder | None) -> Any:
    if fault_of_ladder(facts.rungs):
        return None
    held = HeldLadder(ladder.pk if ladder else 0, unit.pk, unit.path or "", form.cleaned_data["matter"], facts)
    return preview_ladder(held, today=today(), policy=get_policy())


def _save(
    request: SignedRequest, unit: Unit, facts: LadderFacts, form: LadderForm, *, preset: str, ladder: Ladder | None
) -> HttpResponse | None:
    given, version = form.cleaned_data, request.POST.get("version", "")
    try:
        save_ladder(
            unit, name=given["name"], matter=given["matter"], facts=facts, by=request.user, now=now(), preset=preset,
            is_active=given["is_active"], ladder=ladder, version=int(version) if version.isdecimal() else 0,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        form.status = refusal.status  # type: ignore[attr-defined]
        return None
    messages.success(request, _("Saved. It holds from the next run on."))
    return HttpResponseRedirect(url("supervision:ladders"))
