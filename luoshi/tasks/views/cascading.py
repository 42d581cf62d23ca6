"""Giving a task down: choose units, see the shares beside the whole, then confirm."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import LEVEL_LABELS, Unit
from luoshi.tasks.actions import cascade_task
from luoshi.tasks.forms import ShareForm
from luoshi.tasks.models import Task
from luoshi.tasks.queries import (
    acting_unit,
    explain_fault,
    get_parent_facts,
    get_task_for,
    list_by_level,
    list_by_selector,
    list_groups,
    list_named,
    list_selected,
    list_task_selectors,
)
from luoshi.tasks.rules.cascade import (
    ParentFacts,
    PastedLine,
    Share,
    as_pasted,
    check_shares,
    read_pasted,
    total_of,
)
from luoshi.tasks.rules.division import divide_by_weights, divide_evenly, same_for_each
from luoshi.tasks.views.drafting import to_task

EDITABLE = 200  # more units than these are shown, not edited line by line
MAX_UNITS = 20_000


@dataclass
class Choice:
    """The units chosen so far, the lines typed for them, and the pasted lines that named nobody."""

    units: list[Unit] = field(default_factory=list)
    forms: list[ShareForm] = field(default_factory=list)
    lost: list[PastedLine] = field(default_factory=list)
    without_lost: bool = False
    shares: list[Share] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[Unit, ShareForm]]:
        return list(zip(self.units, self.forms, strict=False))

    @property
    def unknown(self) -> list[str]:
        return [line.name for line in self.lost]

    @property
    def is_valid(self) -> bool:
        return (self.without_lost or not self.lost) and all(form.is_valid() for form in self.forms)


@require_http_methods(["GET", "POST"])
def cascade(request: SignedRequest, id: int) -> HttpResponse:
    """One page in two steps: choosing, then a preview whose lines may be changed before they are given out."""
    task = get_task_for(request.access, id=id, to="cascade")
    giver = acting_unit(request.access, task, "cascade")
    if request.method != "POST" or "back" in request.POST:
        return _choosing(request, task, giver)
    choice = _read(request, task, giver)
    if not choice.units:
        return _choosing(request, task, giver, unknown=choice.unknown, empty=True)
    if "confirm" in request.POST and choice.is_valid:
        try:
            count = cascade_task(task, shares=choice.shares, owner=giver, by=request.user, now=now())
        except Refusal as refusal:
            return _preview(request, task, giver, choice, refusal=refusal)
        words = ngettext("Given down to %(n)s unit.", "Given down to %(n)s units.", count) % {"n": count}
        messages.success(request, f"{words} {_('The units were told.')}")
        return to_task(task)
    return _preview(request, task, giver, choice)


def _choosing(
    request: SignedRequest, task: Task, giver: Unit, *, unknown: list[str] | None = None, empty: bool = False
) -> HttpResponse:
    parent = get_parent_facts(task)
    context = {
        "task": task,
        "giver": giver,
        "groups": list_groups(request.access, giver=giver, today=today()),
        "given": parent.given,
        "selectors": list_task_selectors(task),
        "unknown": unknown or [],
        "empty": empty,
        "names": request.POST.get("names", ""),
        "ticked": {int(n) for n in request.POST.getlist("unit") if n.isdecimal()},
    }
    return render(request, "tasks/cascade_choose.html", context, status=422 if empty else 200)


def _read(request: SignedRequest, task: Task, giver: Unit) -> Choice:
    """Everything that the form says about whom and how much."""
    post, day = request.POST, today()
    ids = [int(n) for n in [*post.getlist("unit"), *post.get("ids", "").split(",")] if n.isdecimal()][:MAX_UNITS]
    pasted = read_pasted(post.get("names", ""))
    named, unknown = list_named(request.access, [line.name for line in pasted], giver=giver, today=day)
    units = {u.pk: u for u in list_selected(request.access, ids, giver=giver, today=day)} if ids else {}
    units |= {unit.pk: unit for unit in named.values()}
    for level in post.getlist("level"):
        if level in LEVEL_LABELS:
            units |= {u.pk: u for u in list_by_level(request.access, giver=giver, level=level, today=day)}
    for selector in post.getlist("selector"):
        units |= {u.pk: u for u in list_by_selector(request.access, selector, giver=giver, today=day)}
    left = {int(n) for n in post.getlist("leave") if n.isdecimal()}
    chosen = [unit for unit in units.values() if unit.pk not in left and unit.pk != giver.pk]
    typed = {named[line.name].pk: line for line in pasted if line.name in named}
    lost = [line for line in pasted if line.name in set(unknown)]
    choice = Choice(units=chosen, lost=lost, without_lost="without" in post)
    _fill(request, task, choice, typed={pk: (line.value, line.due_date, line.standard) for pk, line in typed.items()})
    return choice


def _fill(
    request: SignedRequest, task: Task, choice: Choice, *, typed: dict[int, tuple[Decimal | None, date | None, str]]
) -> None:
    """The lines as typed on the preview, else as pasted, else divided as asked."""
    post = request.POST
    divide = post.get("divide", "")
    values = _divided(task, choice, divide, post) if divide and "confirm" not in post else {}
    if len(choice.units) > EDITABLE:
        values = values or _divided(task, choice, divide, post)
    for unit in choice.units:
        prefix = f"u{unit.pk}"
        value, due, standard = typed.get(unit.pk, (None, None, ""))
        data = {
            f"{prefix}-target_value": post.get(f"{prefix}-target_value", "" if value is None else str(value)),
            f"{prefix}-standard": post.get(f"{prefix}-standard", standard),
            f"{prefix}-due_date": post.get(f"{prefix}-due_date", due.isoformat() if due else ""),
            f"{prefix}-weight": post.get(f"{prefix}-weight", "1"),
        }
        if unit.pk in values:
            data[f"{prefix}-target_value"] = f"{values[unit.pk].normalize():f}"
        form = ShareForm(data, prefix=prefix)
        choice.forms.append(form)
        if form.is_valid():
            choice.shares.append(form.share(unit))


def _divided(task: Task, choice: Choice, divide: str, post: QueryDict) -> dict[int, Decimal]:
    """The task's target divided among the chosen units: evenly, by the weights typed, or the same for each."""
    if task.target_value is None or not choice.units:
        return {}
    parent = get_parent_facts(task)
    left = task.target_value - parent.given_value
    count = len(choice.units)
    if divide == "each":
        parts = same_for_each(task.target_value, count=count)
    elif divide == "even" and left > 0:
        parts = divide_evenly(left, count=count)
    elif divide == "weights" and left > 0:
        weights = [_weight(post, unit) for unit in choice.units]
        if sum(weights) <= 0:
            return {}
        parts = divide_by_weights(left, weights=weights)
    else:
        return {}
    return {unit.pk: part for unit, part in zip(choice.units, parts, strict=True)}


def _weight(post: QueryDict, unit: Unit) -> Decimal:
    try:
        weight = Decimal(post.get(f"u{unit.pk}-weight", "1"))
    except ArithmeticError:
        return Decimal(0)
    return weight if weight.is_finite() and weight > 0 else Decimal(0)


def _preview(
    request: SignedRequest, task: Task, giver: Unit, choice: Choice, *, refusal: Refusal | None = None
) -> HttpResponse:
    parent: ParentFacts = get_parent_facts(task)
    faults = check_shares(parent, choice.shares)
    units = {unit.pk: unit for unit in choice.units}
    total = total_of(choice.shares)
    context = {
        "task": task,
        "giver": giver,
        "choice": choice,
        "lost": "\n".join(as_pasted(line) for line in choice.lost),
        "rows": choice.rows[:EDITABLE],
        "editable": len(choice.units) <= EDITABLE,
        "ids": ",".join(str(unit.pk) for unit in choice.units),
        "stops": [explain_fault(f, units=units) for f in faults if f.blocks],
        "hints": [explain_fault(f, units=units) for f in faults if not f.blocks],
        "total": total,
        "given_value": parent.given_value,
        "sum": None if total is None else total + parent.given_value,
        "divide": request.POST.get("divide", ""),
        "refusal": refusal.sentence if refusal else "",
        "asked": "confirm" in request.POST and not refusal,
    }
    return render(request, "tasks/cascade_preview.html", context, status=refusal.status if refusal else 200)
