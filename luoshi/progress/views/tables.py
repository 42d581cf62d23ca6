"""Page: the table of lights, its preview on the live ledger, and the tables that held before."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.policy import Policy, get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.actions.tables import TableGiven, check_table, set_table
from luoshi.progress.forms.following import TableForm, table_initial
from luoshi.progress.queries.lights import COLOUR_WORDS
from luoshi.progress.queries.tables import (
    PALETTE_NAMES,
    PALETTE_NOTES,
    colours,
    compare_tables,
    forget_table,
    get_newest,
    list_tables,
    list_turned,
    may_set_table,
)
from luoshi.progress.rules.palettes import LINES, PALETTES, PRESETS

HISTORY = 20


@require_http_methods(["GET", "POST"])
def table(request: SignedRequest) -> HttpResponse:
    """The table that holds; whoever may set it tries another one on the live ledger before it is saved."""
    may_set = may_set_table(request.access)
    if request.method == "POST" and not may_set:
        raise NotAllowed
    forget_table()
    held, policy = get_newest(), get_policy()
    form = TableForm(request.POST or None, initial=_initial(request, policy, base=held.pk if held else 0))
    words: dict[str, Any] = {"preview": None, "rows": None}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if request.POST.get("do") == "save":
                    return _save(request, form)
                words |= _preview(request, form.given(), policy=policy)
                status = 200
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
                status = refusal.status
    words |= {
        "form": form,
        "may_set": may_set,
        "held": held,
        "policy": policy,
        "palettes": PALETTE_NOTES.items(),
        "names": PALETTE_NAMES,
    }
    words |= {"history": list(list_tables()[:HISTORY]), "words": COLOUR_WORDS, "lines": LINES}
    return render(request, "progress/lights/table.html", words, status=status)


def _initial(request: SignedRequest, policy: Policy, *, base: int) -> dict[str, Any]:
    """The table that holds, or a preset to begin from, with the figures that the place names."""
    name = request.GET.get("preset", "")
    if name in PALETTES:
        own: dict[str, Any] = dict(PRESETS[name].thresholds)
        policy = replace(policy, palette=name, light_lines=(), **own)
    return table_initial(policy, base=base)


def _save(request: SignedRequest, form: TableForm) -> HttpResponse:
    set_table(
        form.given(), reason=form.cleaned_data["reason"], base=form.cleaned_data["base"], by=request.user, now=now()
    )
    messages.success(request, _("This table holds from now on. The months that are frozen stay as they were."))
    return HttpResponseRedirect(url("progress:table"))


def _preview(request: SignedRequest, given: TableGiven, *, policy: Policy) -> dict[str, Any]:
    """How many tasks would turn from which colour to which; with `cell` the first of them."""
    check_table(given)
    after = replace(policy, **given.policy_fields)
    turned = compare_tables(before=policy, after=after, today=today())
    numbers = {(t.before, t.after): t.number for t in turned}
    codes = [code for code, colour in colours().items() if colour != "grey"]
    changed = sum(number for (was, becomes), number in numbers.items() if was != becomes)
    found: dict[str, Any] = {
        "preview": {
            "codes": codes, "numbers": numbers, "names": colours(), "changed": changed,
            "sums": {
                code: (
                    sum(n for (was, _to), n in numbers.items() if was == code),
                    sum(n for (_from, to), n in numbers.items() if to == code),
                )
                for code in codes
            },
        },
    }  # fmt: skip
    cell = _cell(request.POST.get("cell", ""))
    if cell in numbers:
        found["cell"] = cell
        found["rows"] = list_turned(before=policy, after=after, today=today(), change=cell, access=request.access)
    return found


def _cell(text: str) -> tuple[int, int]:
    was, _dash, becomes = text.partition("-")
    return (int(was), int(becomes)) if was in "12345" and becomes in "12345" and was and becomes else (0, 0)
