"""The ledger: one table of tasks, flat or as a tree."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import Policy, get_policy
from luoshi.ledger.queries import (
    Choice,
    Row,
    Rows,
    choose,
    count_lights,
    is_quick_to_count,
    list_cells,
    list_children,
    list_extras,
    list_matching,
    list_page,
    list_plain_page,
    list_tree,
    list_unit_names,
)
from luoshi.ledger.rules import LIGHTS, filter_params, parse_filter
from luoshi.ledger.rules.filters import PLAIN_COLUMNS, Shown, values
from luoshi.ledger.rules.paging import Key, read_key
from luoshi.ledger.views.chips import (
    CADENCES,
    MARKS,
    PARTS,
    SHOWN,
    STATES,
    TIERS,
    URGENCIES,
    list_chips,
    list_unread,
    make_linker,
    read_params,
)
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.tasks.models import KIND_LABELS, MATTER_LABELS, Task
from luoshi.tasks.queries import get_task_for, list_sponsors_for
from luoshi.tasks.queries.measures import list_part_sums

DEEPEST = 9
KEPT = ("tree", "cols", "sort", "desc")  # what stays when the filters are cleared


@require_GET
def page(request: SignedRequest) -> HttpResponse:
    """The ledger with its filters; `?totals=1` counts by light in the same answer."""
    choice, day, policy = read_choice(request), today(), get_policy()
    keys = {"after": _key(request, "after"), "before": _key(request, "before")}
    if choice.filter.tree:
        rows = list_tree(choice, access=request.access, today=day, policy=policy, **keys)
    else:
        rows = _flat(request, choice, day, policy, keys)
    shown = None
    if request.GET.get("totals"):
        tasks = list_matching(choice, access=request.access, today=day, policy=policy, whole=True)
        shown = count_lights(tasks, today=day, policy=policy)
    words = {
        **shared_words(choice),
        **cell_words(request, choice, rows.rows),
        "rows": rows.rows,
        "page": rows,
        "totals": shown,
        "level": 1,
        "ancestors": "",
        "is_outline": choice.filter.tree and not choice.filter.is_grouped_only,
    }
    return render(request, "ledger/list.html", words)


def _flat(request: SignedRequest, choice: Choice, day: date, policy: Policy, keys: dict[str, Key | None]) -> Rows:
    """A page without a tree; the one that most readers see in the way that is quickest."""
    plain = None
    if not any(keys.values()):
        plain = list_plain_page(choice, access=request.access, today=day, policy=policy)
    if plain is not None:
        return plain
    tasks = list_matching(choice, access=request.access, today=day, policy=policy)
    return list_page(tasks, choice, today=day, policy=policy, **keys)


@require_GET
def totals(request: SignedRequest) -> HttpResponse:
    """The number of matching tasks under each light, as a fragment; counted unasked only where that is quick."""
    choice, tasks = matching(request)
    asked = request.GET.get("totals") or is_quick_to_count(request.access)
    counted = count_lights(tasks, today=today(), policy=get_policy()) if asked else None
    return render(request, "ledger/_totals.html", {**shared_words(choice), "totals": counted})


@require_GET
def under(request: SignedRequest, id: int) -> HttpResponse:
    """A group of the tasks directly below one that match or lead to some, as rows of the tree."""
    parent = get_task_for(request.access, id=id)
    choice = read_choice(request)
    rows, left, is_capped = list_children(
        parent, choice, access=request.access, today=today(), policy=get_policy(), after=_key(request, "after")
    )
    above = " ".join(part for part in request.GET.get("above", "").split() if part.isdecimal())[:200]
    level = request.GET.get("level", "2")
    words = {
        **shared_words(choice),
        **cell_words(request, choice, rows.rows),
        "rows": rows.rows,
        "page": rows,
        "left": left,
        "is_capped": is_capped,
        "parent": parent,
        "level": min(max(int(level), 2), DEEPEST) if level.isdecimal() and len(level) < 3 else 2,
        "ancestors": f"{above} {parent.pk}".strip(),
        "is_outline": False,
    }
    return render(request, "ledger/_under.html", words)


@require_GET
def units(request: SignedRequest) -> HttpResponse:
    """Names for the unit filter's list of suggestions."""
    return render(request, "ledger/_units.html", {"names": list_unit_names(request.access, today=today())})


@require_GET
def filters(request: SignedRequest) -> HttpResponse:
    """Every filter there is, as a part of the ledger's form or as a page with a form of its own."""
    choice = read_choice(request)
    words = {
        **shared_words(choice),
        "sponsors": list_sponsors_for(request.access, today=today()),
        "kinds": KIND_LABELS,
        "matters": MATTER_LABELS,
        "urgencies": URGENCIES,
        "cadences": CADENCES,
        "marks": MARKS,
        "own": choice.columns,
        "asked": dict(choice.filter.own),
    }
    return render(request, "ledger/_filters.html" if request.htmx else "ledger/filters.html", words)


@require_GET
def shown(request: SignedRequest) -> HttpResponse:
    """Which columns the ledger shows, as a menu or a page; the address keeps the choice, and so do saved views."""
    choice = read_choice(request)
    words = {
        **shared_words(choice),
        "columns": {code: SHOWN[code] for code in Shown},
        "own": choice.columns,
        "ticked": {*choice.filter.columns, *(f"c{column.pk}" for column in choice.shown)},
    }
    return render(request, "ledger/_shown.html" if request.htmx else "ledger/shown.html", words)


def read_choice(request: SignedRequest) -> Choice:
    """The filter of the address, looked up."""
    return choose(parse_filter(read_params(request.GET)), access=request.access)


def matching(request: SignedRequest) -> tuple[Choice, QuerySet[Task]]:
    """The filter of the address, looked up, and the tasks it lets through, for who reads them all."""
    choice = read_choice(request)
    return choice, list_matching(choice, access=request.access, today=today(), policy=get_policy(), whole=True)


def _key(request: SignedRequest, name: str) -> Key | None:
    return read_key(request.GET.get(name, ""))


def cell_words(request: SignedRequest, choice: Choice, rows: Sequence[Row]) -> dict[str, object]:
    """The columns that are shown and what stands in those that are not of every page."""
    ids = [row.id for row in rows]
    columns = choice.filter.columns
    extra = [name for name in columns if name not in PLAIN_COLUMNS]
    own = choice.shown
    return {
        "has": frozenset(columns),
        "extra": {name: SHOWN[name] for name in extra},
        "extras": list_extras(ids, extra, today=today(), policy=get_policy()),
        "own_shown": own,
        "cells": list_cells(ids, own, request.access),
        "width": 1 + len(columns) + len(own),
        "sums": list_part_sums([row.id for row in rows if row.has_children]) if choice.filter.tree else {},
        "may_choose": bool(request.access.seats) and not request.access.admin,
    }


def shared_words(choice: Choice) -> dict[str, object]:
    """What every part of the ledger's page needs to print and to link."""
    chosen = choice.filter
    params = filter_params(chosen)
    return {
        "chosen": chosen,
        "choice": choice,
        "chips": list_chips(choice),
        "unread": list_unread(choice),
        "link": make_linker(chosen),
        "params": urlencode(params),
        "pairs": params,
        "plain": "?" + urlencode({name: params[name] for name in KEPT if name in params}),
        "values": values,
        "task_base": reverse("ledger:task", args=[0]).removesuffix("0/"),
        "ledger_base": reverse("ledger:list"),
        "states": STATES,
        "parts": PARTS,
        "tiers": TIERS,
        "lights": COLOUR_WORDS,
        "light_codes": list(LIGHTS),
    }
