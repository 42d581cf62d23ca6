"""A unit's own columns: adding and changing them, and filling a cell where it stands."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.ledger.actions.columns import (
    Filling,
    change_column,
    define_column,
    move_column,
    restore_column,
    retire_column,
    set_values,
)
from luoshi.ledger.forms import ColumnForm
from luoshi.ledger.models import VALUE_SENTENCES, Column
from luoshi.ledger.queries.columns import (
    get_cell,
    get_column_for,
    list_columns,
    list_keeping_units,
    may_fill_cell,
)
from luoshi.ledger.queries.extras import Cell, print_value
from luoshi.ledger.rules.columns import (
    FaultyValue,
    may_keep_columns,
    read_choices,
    read_value,
)
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.queries import get_task_and_facts


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedRequest) -> HttpResponse:
    """The columns that the person's units have; who keeps one's columns adds to them."""
    units = list_keeping_units(request.access)
    form = ColumnForm(request.POST or None, units=units)
    if request.method == "POST":
        if not units:
            raise NotAllowed
        if form.is_valid():
            try:
                column = define_column(by=request.user, now=now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("Added: %(name)s.") % {"name": column.name})
                return HttpResponseRedirect(reverse("ledger:columns"))
    rows = [
        (column, may_keep_columns(request.access, column.unit.path or "") and not request.access.admin)
        for column in list_columns(request.access, retired=True)
    ]
    words = {"rows": rows, "form": form if units else None}
    return render(request, "ledger/columns.html", words, status=422 if form.errors else 200)


@require_POST
def column(request: SignedRequest, id: int) -> HttpResponse:
    """Rename a column, change its choices or its place, retire or restore it."""
    found = get_column_for(request.access, id=id, to="keep")
    do, by, moment = request.POST.get("do", ""), request.user, now()
    try:
        if do in ("up", "down"):
            move_column(found, up=do == "up", by=by, now=moment)
        elif do == "retire":
            retire_column(found, by=by, now=moment)
        elif do == "restore":
            restore_column(found, by=by, now=moment)
        elif do == "change":
            _change(request, found)
    except FaultyValue as fault:
        messages.error(request, str(VALUE_SENTENCES[fault.problem]))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return HttpResponseRedirect(reverse("ledger:columns"))


def _change(request: SignedRequest, column: Column) -> None:
    """The heading and the choices as typed. Raises FaultyValue and what the action refuses."""
    name = " ".join(request.POST.get("name", "").replace("\x00", "").split())[:40]
    choices = read_choices(request.POST.get("choices", "")) if column.kind == "choice" else None
    change_column(column, name=name or column.name, choices=choices, by=request.user, now=now())


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: SignedRequest, id: int, task_id: int) -> HttpResponse:
    """One task's cell in a column: a form in its place, or a page; what somebody else wrote meanwhile is shown."""
    task, facts = get_task_and_facts(request.access, id=task_id)
    column = get_column_for(request.access, id=id)
    if not may_fill_cell(request.access, facts, column) or column.retired_at:
        raise NotAllowed
    stands = get_cell(column, task_id=task.pk)
    words: dict[str, Any] = {"column": column, "task": task, "task_id": task.pk, "text": stands.text}
    words |= {"was": stands.text, "ledger_base": reverse("ledger:list")}
    if request.method != "POST":
        return render(request, _form(request), words)
    typed = request.POST.get("value", "")
    try:
        value = read_value(typed, kind=column.kind, choices=column.choices)
        was = read_value(request.POST.get("was", ""), kind=column.kind, choices=column.choices)
        set_values([Filling(task.pk, column, value, was)], by=request.user, now=now())
    except FaultyValue as fault:
        return render(request, _form(request), words | {"text": typed, "error": VALUE_SENTENCES[fault.problem]})
    except EditConflict:
        return render(request, _form(request), words | {"text": typed, "meanwhile": stands.text or "—"})
    if not request.htmx:
        return HttpResponseRedirect(reverse("ledger:task", args=[task.pk]))
    return render(request, "ledger/_cell.html", words | {"cell": Cell(print_value(value), may_fill=True)})


def _form(request: SignedRequest) -> str:
    return "ledger/_fill.html" if request.htmx else "ledger/fill.html"
