"""The tree of units and each unit's page."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import paginate
from luoshi.orgs import actions
from luoshi.orgs.forms import CloseForm, MergeForm, MoveForm, RenameForm, SplitForm, UnitFactsForm, UnitForm, attempt
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import LEVEL_LABELS, Unit, UnitName
from luoshi.orgs.queries import (
    get_unit_for,
    list_ancestors,
    list_children,
    list_names,
    list_posts_in,
    list_roots,
    list_successions,
    list_unit_names,
    list_units,
    with_counts,
)
from luoshi.orgs.rules import administers_any, may_administer


@require_GET
def units(request: SignedRequest) -> HttpResponse:
    """The tree from the reader's governments down; with a search, the units found."""
    text, level = request.GET.get("q", "").strip()[:80], request.GET.get("level", "")
    may = administers_any(request.access)
    context: dict[str, Any] = {"q": text, "level": level, "levels": LEVEL_LABELS, "may": may}
    if text or level:
        found = list_units(request.access, text=text, level=level)
        page = paginate(found, number=request.GET.get("page", 1))
        context |= {"page": page, "rows": with_counts(page.rows, today=today())}
    else:
        roots = list_roots(request.access, today=today())
        context |= {"branches": [(root, list_children(root.unit, today=today())) for root in roots[:12]]}
    return render(request, "orgs/units.html", context)


@require_GET
def children(request: SignedRequest, id: int) -> HttpResponse:
    """The rows below a unit, for the tree; opened without JavaScript it is the unit's page."""
    unit = get_unit_for(request.access, id=id)
    if not request.htmx:
        return redirect("orgs:unit", unit.pk)
    page = list_children(unit, today=today(), page=request.GET.get("page", 1))
    return render(request, "orgs/_branch.html", {"page": page, "parent": unit})


@require_GET
def unit(request: SignedRequest, id: int) -> HttpResponse:
    """What the unit is, was and became, who works in it, and what stands below."""
    unit = get_unit_for(request.access, id=id)
    context = {
        "unit": unit,
        "ancestors": list_ancestors(unit, access=request.access),
        "names": list_names(unit),
        "successions": list_successions(unit),
        "posts": list_posts_in(unit, today=today()),
        "children": list_children(unit, today=today(), page=request.GET.get("page", 1)),
        "may": may_administer(request.access, unit.path or ""),
    }
    return render(request, "orgs/unit.html", context)


def unit_new(request: SignedRequest) -> HttpResponse:
    """Add a unit below another."""
    if not administers_any(request.access):
        raise NotAllowed
    parent = request.GET.get("parent", "")
    form = UnitForm(
        request.POST or None,
        access=request.access,
        initial={"parent": parent[:120], "valid_from": today(), "level": request.GET.get("level", "department")},
    )
    made: list[Unit] = []
    if form.is_valid() and attempt(
        form, lambda: made.append(actions.create_unit(form.draft(), by=request.user, now=now()))
    ):
        messages.success(request, _("%(unit)s was added.") % {"unit": made[0].name})
        return redirect("orgs:unit", made[0].pk)
    return _form(request, form, title=_("New unit"), button=_("Add unit"))


def unit_names(request: SignedRequest, id: int) -> HttpResponse:
    """Give new names from a day on."""
    unit = get_unit_for(request.access, id=id, to="administer")
    aliases = [row.name for row in list_names(unit) if row.kind == UnitName.ALIAS and row.valid_to is None]
    form = RenameForm(
        request.POST or None,
        initial={"name": unit.name, "short_name": unit.short_name, "aliases": "；".join(aliases), "on": today()},
    )
    rename = partial(actions.rename_unit, unit, by=request.user, now=now())
    if form.is_valid() and attempt(form, lambda: rename(**form.cleaned_data)):
        messages.success(request, _("The names were changed; the former ones stay in the history."))
        return redirect("orgs:unit", unit.pk)
    return _form(request, form, title=_("Names of %(unit)s") % {"unit": unit}, button=_("Save names"), unit=unit)


def unit_edit(request: SignedRequest, id: int) -> HttpResponse:
    """Correct level, category and order."""
    unit = get_unit_for(request.access, id=id, to="administer")
    form = UnitFactsForm(
        request.POST or None, initial={"level": unit.level, "category": unit.category, "sort": unit.sort}
    )
    edit = partial(actions.edit_unit, unit, by=request.user, now=now())
    if form.is_valid() and attempt(form, lambda: edit(**form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("orgs:unit", unit.pk)
    return _form(request, form, title=_("Edit %(unit)s") % {"unit": unit}, button=_("Save"), unit=unit)


def unit_reorganise(request: SignedRequest, id: int) -> HttpResponse:
    """Move, merge, split or close a unit; each step is a form of its own."""
    unit = get_unit_for(request.access, id=id, to="administer")
    step = request.POST.get("step", "")
    forms = {
        "move": MoveForm(request.POST if step == "move" else None, access=request.access),
        "merge": MergeForm(
            request.POST if step == "merge" else None, access=request.access, initial={"on": today()}, prefix="merge"
        ),
        "split": SplitForm(request.POST if step == "split" else None, initial={"on": today()}, prefix="split"),
        "close": CloseForm(request.POST if step == "close" else None, initial={"last_day": today()}, prefix="close"),
    }
    form = forms.get(step)
    if form is not None and form.is_valid() and attempt(form, lambda: _reorganise(request, unit, step, form)):
        messages.success(request, _("Done. The journal and the unit's history keep what was before."))
        return redirect("orgs:unit", unit.pk)
    context = {"unit": unit, "forms": forms, "unit_names": list_unit_names(request.access, today=today())}
    return render(request, "orgs/reorganise.html", context, status=422 if form is not None else 200)


def _reorganise(request: SignedRequest, unit: Unit, step: str, form: Form) -> None:
    data, by, at = form.cleaned_data, request.user, now()
    if step == "move":
        actions.move_unit(unit, parent=data["parent"], by=by, now=at)
    elif step == "merge":
        actions.merge_units([unit], into=data["into"], on=data["on"], by=by, now=at)
    elif step == "split" and isinstance(form, SplitForm):
        actions.split_unit(unit, into=form.drafts(unit), keep=data["keep"], on=data["on"], by=by, now=at)
    else:
        actions.close_unit(unit, last_day=data["last_day"], by=by, now=at)


def _form(request: SignedRequest, form: Form, *, title: str, button: str, unit: Unit | None = None) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "button": button,
        "unit": unit,
        "unit_names": list_unit_names(request.access, today=today()) if unit is None else [],
    }
    return render(request, "orgs/form.html", context, status=422 if form.is_bound else 200)
