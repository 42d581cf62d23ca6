"""The ledger: one table of tasks, flat or as a tree."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.ledger.queries import (
    Choice,
    choose,
    count_lights,
    list_children,
    list_matching,
    list_page,
    list_unit_names,
)
from luoshi.ledger.rules import LIGHTS, StateGroup, filter_params, parse_filter
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.tasks.models import KIND_LABELS, STATE_LABELS, TIER_LABELS, Task
from luoshi.tasks.queries import get_task_for

if TYPE_CHECKING:
    from luoshi.ledger.rules import Filter

FIELDS: dict[str, Promise | str] = {
    "tier": gettext_lazy("tier"),
    "light": gettext_lazy("light"),
    "state": gettext_lazy("state"),
    "kind": gettext_lazy("rung of the ladder"),
    "due_from": gettext_lazy("due from"),
    "due_to": gettext_lazy("due to"),
    "directive": gettext_lazy("directive"),
    "sort": gettext_lazy("order"),
    "part": gettext_lazy("part"),
}


@require_GET
def page(request: SignedRequest) -> HttpResponse:
    """The ledger with its filters; `?totals=1` counts by light in the same answer."""
    choice, tasks = matching(request)
    chosen, day, policy = choice.filter, today(), get_policy()
    rows = list_page(tasks, chosen, number=request.GET.get("page", "1"), today=day, policy=policy)
    shown = count_lights(tasks, today=day, policy=policy) if request.GET.get("totals") else None
    words = {
        **_words(choice),
        "rows": rows.rows,
        "page": rows,
        "totals": shown,
        "level": 1,
        "ancestors": "",
    }
    return render(request, "ledger/list.html", words)


@require_GET
def totals(request: SignedRequest) -> HttpResponse:
    """The number of matching tasks under each light, as a fragment of the ledger."""
    choice, tasks = matching(request)
    counted = count_lights(tasks, today=today(), policy=get_policy())
    return render(request, "ledger/_totals.html", {**_words(choice), "totals": counted})


@require_GET
def under(request: SignedRequest, id: int) -> HttpResponse:
    """A group of the matching tasks directly below one, as rows of the tree."""
    parent = get_task_for(request.access, id=id)
    choice, tasks = matching(request)
    skip = _whole(request.GET.get("skip", "0"), highest=100_000)
    rows, left = list_children(tasks, parent, skip=skip, today=today(), policy=get_policy())
    level = _whole(request.GET.get("level", "2"), highest=9)
    above = " ".join(part for part in request.GET.get("above", "").split() if part.isdecimal())[:90]
    words = {
        **_words(choice),
        "rows": rows,
        "left": left,
        "skip": skip + len(rows),
        "parent": parent,
        "level": max(level, 2),
        "ancestors": f"{above} {parent.pk}".strip(),
    }
    return render(request, "ledger/_under.html", words)


@require_GET
def units(request: SignedRequest) -> HttpResponse:
    """Names for the unit filter's list of suggestions."""
    return render(request, "ledger/_units.html", {"names": list_unit_names(request.access, today=today())})


def matching(request: SignedRequest) -> tuple[Choice, QuerySet[Task]]:
    """The filter of the address, looked up, and the tasks it lets through."""
    choice = choose(parse_filter(request.GET.dict()), access=request.access)
    return choice, list_matching(choice, access=request.access, today=today(), policy=get_policy())


def _words(choice: Choice) -> dict[str, object]:
    """What every part of the ledger's page needs to print and to link."""
    chosen = choice.filter
    return {
        "chosen": chosen,
        "choice": choice,
        "unread": [str(FIELDS.get(name, name)) for name in chosen.problems],
        "link": _linker(chosen),
        "params": urlencode(filter_params(chosen)),
        "task_base": reverse("ledger:task", args=[0]).removesuffix("0/"),
        "ledger_base": reverse("ledger:list"),
        "states": {
            StateGroup.OPEN: _("open"), StateGroup.ENDED: _("ended"), StateGroup.ALL: _("all"), **STATE_LABELS
        },
        "tiers": TIER_LABELS,
        "kinds": KIND_LABELS,
        "lights": COLOUR_WORDS,
        "light_codes": list(LIGHTS),
    }  # fmt: skip


def _linker(chosen: "Filter") -> Callable[..., str]:
    """`link(sort="due")` is this ledger's address with those parameters changed; "" or None removes one."""
    params = filter_params(chosen)

    def link(**changes: object) -> str:
        kept = {**params, **{name: "" if value is None else str(value) for name, value in changes.items()}}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    return link


def _whole(text: str, *, highest: int) -> int:
    return min(int(text), highest) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
