"""Letting dispatched work follow the changes of the unit tree: what waits, and one yes for the chosen lines."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.tasks.actions.following import Gift, Pass, follow_units
from luoshi.tasks.queries.following import Changes, Missing, Passing, list_changes


class Unread(Refusal):
    """A figure or a unit that cannot be read."""

    status = 422


@require_http_methods(["GET", "POST"])
def unit_changes(request: SignedRequest) -> HttpResponse:
    """Duties of units that ended and units that are new, task by task."""
    changes = list_changes(request.access, today=today())
    problem = None
    if request.method == "POST":
        try:
            passes, gifts = _read(request, changes)
            reason = request.POST.get("reason", "")[:500]
            count = follow_units(passes, gifts=gifts, by=request.user, now=now(), reason=reason)
        except Refusal as refusal:
            problem = refusal
        else:
            words = ngettext("%(n)s line done.", "%(n)s lines done.", count) % {"n": count}
            messages.success(request, f"{words} {_('The units were told.')}")
            return HttpResponseRedirect(url("tasks:unit_changes"))
    context = {
        "changes": changes,
        "groups": _group(changes),
        "problem": problem.sentence if problem else "",
        "typed": request.POST,
    }
    return render(request, "tasks/unit_changes.html", context, status=problem.status if problem else 200)


def _group(changes: Changes) -> list[tuple[str, int, list[Passing | Missing]]]:
    """The lines under the task whose parts they are about, in the order of the ledger."""
    groups: dict[int, tuple[str, int, list[Passing | Missing]]] = {}
    lines: Sequence[Passing | Missing] = [*changes.passings, *changes.missing]
    for line in sorted(lines, key=lambda line: line.task.path or ""):
        whole = line.task if isinstance(line, Missing) else line.task.parent or line.task
        groups.setdefault(whole.pk, (whole.title, whole.pk, []))[2].append(line)
    return list(groups.values())


def _read(request: SignedRequest, changes: Changes) -> tuple[list[Pass], list[Gift]]:
    """The ticked lines, with the unit and the figures typed for each."""
    ticked = set(request.POST.getlist("line"))
    passes = [Pass(line.duty, _heir(request, line)) for line in changes.passings if line.key in ticked]
    gifts = [
        Gift(
            line.parent, line.unit, line.giver, _figure(request, f"target-{line.key}"), line.beside,
            _figure(request, f"left-{line.key}"),
        )
        for line in changes.missing
        if line.key in ticked
    ]  # fmt: skip
    return passes, gifts


def _heir(request: SignedRequest, line: Passing) -> Unit:
    """The successor chosen, or the unit typed where no successor is known. Raises UnknownUnit."""
    given = request.POST.get(f"to-{line.key}", "").strip()
    chosen = next((unit for unit in line.heirs if str(unit.pk) == given), None)
    if chosen is not None:
        return chosen
    if line.heirs:
        raise UnknownUnit(_("Choose the unit that “%(task)s” passes to.") % {"task": line.task.title})
    return parse_unit(given, request.access)


def _figure(request: SignedRequest, name: str) -> Decimal | None:
    text = request.POST.get(name, "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        figure = Decimal(text)
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 14 or figure != round(figure, 4):
        raise Unread(_("“%(text)s” is no figure. Type a number such as 26.5.") % {"text": text[:40]})
    return figure
