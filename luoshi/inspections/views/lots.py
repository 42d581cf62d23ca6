"""Pages: objects and strata, the draw with its chances, the team, looking back."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.forms import attempt
from luoshi.core.policy import get_policy
from luoshi.inspections.actions import drawing, finding
from luoshi.inspections.forms.planning import (
    DueForm,
    MemberForm,
    ObjectForm,
    RecusalForm,
    SeedForm,
    StratumForm,
)
from luoshi.inspections.models import Draw, Inspection, LookBack
from luoshi.inspections.queries.gate import get_bounds, get_draw_for, get_inspection_for, may
from luoshi.inspections.queries.loads import list_frame
from luoshi.inspections.queries.reading import (
    list_candidates,
    list_closed_findings,
    list_look_backs,
    list_objects,
    list_team,
    replay,
)
from luoshi.inspections.rules.kinds import BEFORE_APPROVAL, Lot
from luoshi.inspections.rules.lots import SCALE, chances
from luoshi.inspections.views.frame import done, show
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.queries import list_unit_names

Act = Callable[[], object]


@require_http_methods(["GET", "POST"])
def lots(request: SignedRequest, id: int) -> HttpResponse:
    """Objects by name, strata with each unit's chance, the draw, the team and its draw."""
    found = get_inspection_for(request.access, id=id, to="plan" if request.method == "POST" else "see")
    do = request.POST.get("do", "")
    forms = _forms(request, found, do)
    if do in ("drop", "remove"):
        _take_away(request, found, do)
        return done(request, _("Done."), "inspections:lots", found.pk)
    if do in forms and attempt(forms[do], _act(request, found, do, forms[do])):
        return done(request, _("Done."), "inspections:lots", found.pk)
    bounds, day = get_bounds(found.unit), today()
    strata = [
        (s, _framed(list_frame(s, today=day, policy=get_policy(), bounds=bounds), s.size, bounds.random_percent))
        for s in found.strata.select_related("under", "inspection__unit")
    ]
    return show(
        request, "lots", forms.get(do), inspection=found, forms=forms, strata=strata, bounds=bounds,
        objects=list_objects(found), team=list_team(found, today=day), draws=list(found.draws.select_related("by")),
        early=found.state in BEFORE_APPROVAL, may_plan=may(request.access, found, "plan"),
        unit_names=list_unit_names(request.access, today=day),
    )  # fmt: skip


def _forms(request: SignedRequest, found: Inspection, do: str) -> dict[str, Any]:
    def given(name: str) -> Any:
        return request.POST if do == name else None

    people = list_candidates(found, today=today())
    return {
        "stratum": StratumForm(given("stratum"), access=request.access, prefix="s", initial={"under": found.unit.code}),
        "choose": ObjectForm(given("choose"), access=request.access, prefix="o"),
        "draw": SeedForm(given("draw"), prefix="d", initial={"count": 1}),
        "member": MemberForm(given("member"), people=people, prefix="m"),
        "recuse": RecusalForm(given("recuse"), access=request.access, prefix="r"),
        "draw_team": SeedForm(given("draw_team"), prefix="t"),
    }


def _act(request: SignedRequest, found: Inspection, do: str, form: Any) -> Act:
    """What each form of the page does."""
    common: dict[str, Any] = {"by": request.user, "now": now()}

    def recuse() -> object:
        words = dict(form.cleaned_data)
        inspector = get_object_or_404(found.inspectors, pk=words.pop("inspector"))
        return drawing.declare_recusal(inspector, **words, **common)

    def draw() -> object:
        words = {name: form.cleaned_data[name] for name in ("seed", "why")}
        return drawing.draw_objects(found, **words, **common)

    acts: dict[str, Act] = {
        "stratum": lambda: drawing.set_stratum(found, **form.cleaned_data, **common),
        "choose": lambda: drawing.choose_object(found, **form.cleaned_data, **common),
        "draw": draw,
        "member": lambda: drawing.add_inspector(found, **form.cleaned_data, **common),
        "recuse": recuse,
        "draw_team": lambda: drawing.draw_inspectors(found, **form.cleaned_data, **common),
    }
    return acts[do]


def _take_away(request: SignedRequest, found: Inspection, do: str) -> None:
    key = request.POST.get("id", "")
    key = key if key.isdecimal() and len(key) < 18 else "0"
    if do == "drop":
        row = get_object_or_404(found.objects_in.select_related("unit", "inspection__unit"), pk=int(key))
        drawing.drop_object(row, why=request.POST.get("why", "")[:200], by=request.user, now=now())
    else:
        stratum = get_object_or_404(found.strata.select_related("inspection__unit"), pk=int(key))
        drawing.remove_stratum(stratum, by=request.user, now=now())


def _framed(frame: list[Any], size: int, random_percent: int) -> list[tuple[Any, float | None]]:
    """The units of a stratum with the chance that each would have now, in percent."""
    inside = [row for row in frame if not row.left_out]
    parts = chances([row.weight for row in inside], size=size, random_percent=random_percent)
    chance = {row.unit.pk: 100 * part / SCALE for row, part in zip(inside, parts, strict=True)}
    return [(row, chance.get(row.unit.pk)) for row in frame]


@require_GET
def drawn(request: SignedRequest, id: int) -> HttpResponse:
    """A draw as it was, drawn again before the reader's eyes."""
    draw = get_draw_for(request.access, id=id)
    again = replay(draw)
    return show(
        request, "drawn", draw=draw, inspection=draw.inspection, again=again, rows=_rows(draw), scale=SCALE,
        people=_people(draw),
    )  # fmt: skip


def _people(draw: Draw) -> dict[int, str]:
    team = draw.inspection.inspectors.select_related("person") if draw.lot == Lot.INSPECTORS else []
    return {m.pk: str(m.person) for m in team}


def _rows(draw: Draw) -> list[dict[str, Any]]:
    """The result with the names and weights of the frame."""
    if draw.lot != Lot.OBJECTS:
        named = {part["object"]: part for part in draw.frame}
        return [{**row, **named[row["object"]], "eligible_count": row["eligible"]} for row in draw.result]
    known = {(p["stratum"], u["unit"]): {**u, "label": p["label"]} for p in draw.frame for u in p["units"]}
    return [
        {**row, **known[row["stratum"], row["unit"]], "percent": 100 * row["chance"] / SCALE} for row in draw.result
    ]


@require_http_methods(["GET", "POST"])
def look_back(request: SignedRequest, id: int) -> HttpResponse:
    """Findings drawn to be looked at again, and what was seen."""
    found = get_inspection_for(request.access, id=id, to="work" if request.method == "POST" else "see")
    if request.POST.get("do") == "draw":
        finding.draw_look_back(found, by=request.user, now=now(), seed=request.POST.get("seed", ""))
        return done(request, _("Drawn."), "inspections:look_back", found.pk)
    form = DueForm(request.POST or None)
    key = request.POST.get("row", "")

    def act() -> None:
        rows = LookBack.objects.select_related("finding__task", "inspection__unit").filter(inspection=found)
        row = get_object_or_404(rows, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
        finding.note_look_back(row, **form.cleaned_data, by=request.user, now=now())

    if attempt(form, act):
        return done(request, _("Noted."), "inspections:look_back", found.pk)
    return show(
        request, "look_back", form, inspection=found, rows=list_look_backs(found), bounds=get_bounds(found.unit),
        closed=list_closed_findings(found, today=today()).count(), may_work=may(request.access, found, "work"), key=key,
    )  # fmt: skip
