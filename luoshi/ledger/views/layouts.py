"""Layouts of tables: the ready ones to copy, and those of one's own unit to adapt."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.ledger.actions.layouts import change_layout, delete_layout, save_layout
from luoshi.ledger.forms import LayoutForm
from luoshi.ledger.queries.columns import list_keeping_units
from luoshi.ledger.queries.layouts import get_layout_columns, get_layout_for, list_layouts
from luoshi.ledger.queries.sheets import name_fields
from luoshi.ledger.rules.columns import may_keep_columns
from luoshi.ledger.rules.layouts import MOST_COLUMNS, PRESETS, USABLE, list_shown
from luoshi.orgs.middleware import SignedRequest

FAMILIES: dict[str, str | Promise] = {
    "breakdown": gettext_lazy("Breakdowns"),
    "progress": gettext_lazy("Progress ledgers"),
    "register": gettext_lazy("Registers"),
    "lists": gettext_lazy("Lists"),
    "rectify": gettext_lazy("Rectification and write-off"),
}
SPARE = 3


@require_http_methods(["GET", "HEAD", "POST"])
def layouts(request: SignedRequest) -> HttpResponse:
    """The layouts there are; a POST copies one for a unit under a name of its own."""
    units = list_keeping_units(request.access)
    form = LayoutForm(request.POST or None, units=units)
    if request.method == "POST":
        if not units.exists():
            raise NotAllowed
        if form.is_valid():
            columns = get_layout_columns(request.access, request.POST.get("copy", ""))
            data = form.cleaned_data
            made = save_layout(data["unit"], name=data["name"], columns=columns, by=request.user, now=now())
            return redirect("ledger:layout", made.pk)
    chinese = (get_language() or "zh").startswith("zh")
    words = {
        "form": form if units.exists() else None, "kept": list_layouts(request.access), "families": FAMILIES,
        "presets": [(p, p.chinese if chinese else p.english) for p in PRESETS.values()], "shown": list_shown,
        "params": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "ledger/layouts.html", words, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: SignedRequest, id: int) -> HttpResponse:
    """One kept layout; a POST writes its headings."""
    kept = get_layout_for(request.access, id=id, to="keep" if request.method == "POST" else "see")
    labels = name_fields(request.access)
    rows = [(str(heading), str(name)) for heading, name in kept.columns]
    problem, status = "", 200
    if request.method == "POST":
        rows = _typed(request)
        try:
            name = " ".join(request.POST.get("name", "").split())[:60] or kept.name
            change_layout(kept, name=name, columns=rows, own=_own(labels), by=request.user, now=now())
        except Refusal as refusal:
            problem, status = str(refusal.sentence), 422
        else:
            messages.success(request, _("The layout is saved."))
            return redirect("ledger:layout", kept.pk)
    words = {
        "layout": kept, "rows": [*rows, *[("", "")] * min(SPARE, MOST_COLUMNS - len(rows))], "problem": problem,
        "fields": {name: labels[name] for name in (*USABLE, *_own(labels))},
        "keeps": may_keep_columns(request.access, kept.unit.path or ""),
    }  # fmt: skip
    return render(request, "ledger/layout.html", words, status=status)


def _typed(request: SignedRequest) -> list[tuple[str, str]]:
    headings, names = request.POST.getlist("heading"), request.POST.getlist("field")
    pairs = zip(headings, names, strict=False)
    return [(" ".join(heading.split()), name) for heading, name in pairs if heading.strip()][: MOST_COLUMNS + 1]


def _own(labels: dict[str, str]) -> list[str]:
    return [name for name in labels if name.startswith("own:")]


@require_POST
def remove_layout(request: SignedRequest, id: int) -> HttpResponse:
    """Give up a kept layout; what was made with it stays as it is."""
    delete_layout(get_layout_for(request.access, id=id, to="keep"), by=request.user, now=now())
    messages.success(request, _("The layout is removed."))
    return redirect("ledger:layouts")
