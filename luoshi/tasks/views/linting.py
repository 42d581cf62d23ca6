"""The check-up of a ledger, of a directive, and of the rules themselves."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core import clock
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.directives.queries import get_directive_for, get_proposal, may_change
from luoshi.directives.views.cards import answer
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.tasks.actions.linting import set_severities, take_for_proposal, take_for_task
from luoshi.tasks.models import LINT_TEXTS, PART_LABELS, SEVERITY_LABELS, THEME_LABELS
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.queries.linting import (
    check_directive,
    check_up,
    get_severities,
    list_keepers_units,
    list_open_visible,
    list_own_severities,
    score_of,
    tell,
)
from luoshi.tasks.rules.linter import BY_CODE, LINT_RULES, LintRule
from luoshi.tasks.views.drafting import to_task

PAGE = 50


@require_GET
def lint(request: SignedRequest) -> HttpResponse:
    """The open tasks that a person sees, gone through: how often each rule spoke, and the tasks of one rule."""
    code = request.GET.get("code", "")
    code = code if code in BY_CODE else ""
    skip = int(text) if (text := request.GET.get("skip", "")).isascii() and text.isdecimal() and len(text) < 6 else 0
    unit, problem = _unit(request)
    tasks = list_open_visible(request.access, unit=unit)
    found = check_up(tasks, code=code, skip=skip, size=PAGE, today=clock.today(), policy=get_policy())
    counts = sorted(found.counts.items(), key=lambda row: (-row[1], row[0]))
    severities = get_severities(get_policy()).of(request.access.homes[0] if request.access.homes else "")
    context = {
        "found": found,
        "lines": [tell(one) for one in found.found],
        "counts": [(BY_CODE[name], count, LINT_TEXTS[name], severities[name]) for name, count in counts],
        "code": code,
        "text": LINT_TEXTS[code] if code else None,
        "unit": request.GET.get("unit", ""),
        "problem": problem,
        "next": skip + PAGE if code and skip + PAGE < found.counts.get(code, 0) else 0,
        "severities": SEVERITY_LABELS,
        "address": lambda **changes: _address(request.GET, **changes),
    }
    return render(request, "tasks/lint.html", context)


def _unit(request: SignedRequest) -> tuple[Unit | None, str]:
    name = request.GET.get("unit", "").strip()[:120]
    if not name:
        return None, ""
    try:
        return parse_unit(name, request.access), ""
    except UnknownUnit as refusal:
        return None, str(refusal.sentence)


def _address(params: QueryDict, **changes: object) -> str:
    kept = {name: params.get(name, "") for name in ("unit", "code")}
    return "?" + urlencode({name: str(value) for name, value in {**kept, **changes}.items() if value})


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule with its words, how serious it is taken here, and what the unit itself says ("" follows the one above)."""

    rule: LintRule
    severity: str
    own: str
    above: str

    @property
    def text(self) -> object:
        return LINT_TEXTS[self.rule.code]


@require_http_methods(["GET", "POST"])
def rules(request: SignedRequest) -> HttpResponse:
    """Every rule with its reason and examples; who keeps a unit decides here how serious each is taken."""
    units = list(list_keepers_units(request.access))
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    unit = next((u for u in units if str(u.pk) == wanted), units[0] if units and not wanted else None)
    if request.method == "POST":
        return _set(request, unit)
    if wanted and unit is None:
        raise Http404
    severities = get_severities(get_policy())
    path = (unit.path or "") if unit else (request.access.homes[0] if request.access.homes else "")
    own = list_own_severities(unit) if unit else {}
    above = severities.above(path)
    lines = [RuleLine(r, severities.of(path)[r.code], own.get(r.code, ""), above[r.code]) for r in LINT_RULES]
    context = {
        "themes": [
            (label, [line for line in lines if line.rule.theme == name]) for name, label in THEME_LABELS.items()
        ],
        "units": units,
        "unit": unit,
        "labels": SEVERITY_LABELS,
    }
    return render(request, "tasks/lint_rules.html", context)


def _set(request: SignedRequest, unit: Unit | None) -> HttpResponse:
    if unit is None:
        raise NotAllowed
    chosen = {code: request.POST[code] for code in BY_CODE if code in request.POST}
    count = set_severities(unit, chosen, by=request.user, now=clock.now())
    messages.success(request, ngettext("%(n)s rule changed.", "%(n)s rules changed.", count) % {"n": count})
    return HttpResponseRedirect(f"{url('tasks:lint_rules')}?unit={unit.pk}")


@require_GET
def directive(request: SignedRequest, id: int) -> HttpResponse:
    """What is soft in a directive and what its own words offer; for the review page as fragments beside the cards."""
    found = get_directive_for(request.access, id=id)
    checked = check_directive(found, request.access, today=clock.today(), policy=get_policy())
    one = request.GET.get("proposal", "")
    lines = [tell(c) for c in checked if not one or str(c.subject.pk) == one]
    context = {
        "directive": found,
        "lines": lines,
        "clean": [line for line in lines if not (line.stops or line.hints)],
        "score": score_of(checked),
        "parts": PART_LABELS,
        "may_edit": found.state == "review" and may_change(request.access, found),
        "part": request.GET.get("part", "1"),
        "is_one": bool(one),
    }
    return render(request, "tasks/_lint_slots.html" if request.htmx else "tasks/lint_directive.html", context)


@require_POST
def take_proposed(request: SignedRequest, id: int, proposal_id: int) -> HttpResponse:
    """Write into a proposal what its clause offers for one field."""
    found = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(found, id=proposal_id)
    try:
        offer = take_for_proposal(
            proposal, field=request.POST.get("field", ""), version=_version(request), by=request.user,
            now=clock.now(), today=clock.today(), policy=get_policy(),
        )  # fmt: skip
    except Refusal as refusal:
        return answer(request, found, card=proposal_id, problem=str(refusal.sentence))
    return answer(request, found, card=proposal_id, said=_("Taken over: %(words)s") % {"words": offer.shown})


@require_POST
def take(request: SignedRequest, id: int) -> HttpResponse:
    """Write into a task before dispatch what its clause offers for one field."""
    task = get_task_for(request.access, id=id, to="draft")
    offer = take_for_task(
        task, field=request.POST.get("field", ""), version=_version(request), by=request.user, now=clock.now(),
        today=clock.today(), policy=get_policy(),
    )  # fmt: skip
    messages.success(request, _("Taken over: %(words)s") % {"words": offer.shown})
    back = request.POST.get("back", "")
    return HttpResponseRedirect(f"{url('tasks:drafts')}?directive={back}") if back.isdecimal() else to_task(task)


def _version(request: SignedRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Http404
    return int(text)
