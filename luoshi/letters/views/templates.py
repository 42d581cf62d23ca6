"""Pages of forms: which kind is set how, a template made in Word with the list of its fields, the marks of series."""

import io
from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.letters import actions
from luoshi.letters.forms import MarkForm, TemplateForm
from luoshi.letters.models import FAULT_SENTENCES, FIELD_LABELS, KIND_LABELS, Template
from luoshi.letters.queries import (
    get_form,
    get_letter_unit_for,
    get_template,
    list_drafting_units,
    list_forms_in_use,
    list_marks,
    list_templates,
    render_sample,
)
from luoshi.letters.rules import KINDS, fields_of, may_keep, required_tags, usual_mark
from luoshi.letters.views.letters import WORD
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import get_unit_for
from luoshi.papers.writing import show_paper


@require_http_methods(["GET", "POST"])
def forms(request: SignedRequest) -> HttpResponse:
    """Every kind of letter of a unit: its mark, and whether it is set in the usual form or in one of its own."""
    unit = _asked(request)
    if request.method == "POST":
        if unit is None:
            raise NotAllowed
        return _set_mark(request, get_letter_unit_for(request.access, id=unit.pk, to="keep"))
    own, in_use = (list_marks(unit), list_forms_in_use(unit)) if unit else ({}, {})
    rows = [
        {
            "kind": kind, "label": KIND_LABELS[kind], "template": in_use.get(kind),
            "mark": own.get(kind) or usual_mark(str(unit), KINDS[kind].mark),
        }
        for kind in (KINDS if unit else ())
    ]  # fmt: skip
    context = {
        "unit": unit, "rows": rows, "units": list_drafting_units(request.access, today=today()),
        "own": own,
        "may": unit is not None and may_keep(request.access, path=unit.path or ""),
    }  # fmt: skip
    return render(request, "letters/forms.html", context)


def _asked(request: SignedRequest) -> Unit | None:
    """The unit that the address names, else the first of the person's units."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    if asked.isdigit() and len(asked) < 12:
        return get_unit_for(request.access, id=int(asked))
    units = list_drafting_units(request.access, today=today())
    return units[0] if units else None


def _set_mark(request: SignedRequest, unit: Unit) -> HttpResponse:
    form = MarkForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_mark(unit, given["kind"], mark=given["mark"], by=request.user, now=now())
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("Letters of this kind are numbered under the new mark from now on."))
    else:
        messages.error(request, str(actions.BadMark.sentence))
    return redirect(f"{request.path}?unit={unit.pk}")


@require_http_methods(["GET", "POST"])
def form(request: SignedRequest, id: int, kind: str) -> HttpResponse:
    """One kind as a unit sets it: its fields, a look at it, the versions, and the upload of a new one."""
    unit = _unit(request, id, kind)
    given = TemplateForm(request.POST or None, request.FILES or None)
    faults: tuple[tuple[str, str, str], ...] = ()
    status = 200
    if request.method == "POST":
        get_letter_unit_for(request.access, id=id, to="keep")
        status = 422
        if given.is_valid():
            file = given.cleaned_data["file"]
            try:
                actions.upload_template(unit, kind, data=file.read(), file_name=file.name, by=request.user, now=now())
            except actions.FaultyTemplate as refusal:
                faults = tuple((str(FAULT_SENTENCES[f.code]), f.tag, f.near) for f in refusal.faults)
                given.add_error(None, str(refusal.sentence))
            except Refusal as refusal:
                given.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("The template is in use. Look at the sample below."))
                return redirect("letters:form", id, kind)
    context = {
        "unit": unit, "kind": kind, "label": KIND_LABELS[kind], "form": given, "faults": faults,
        "fields": [(f, FIELD_LABELS[f.tag]) for f in fields_of(kind)], "required": required_tags(kind),
        "template": get_template(unit, kind), "versions": [t for t in list_templates(unit) if t.kind == kind],
        "shown": show_paper(render_sample(unit, kind)), "may": may_keep(request.access, path=unit.path or ""),
    }  # fmt: skip
    return render(request, "letters/form.html", context, status=status)


def _unit(request: SignedRequest, id: int, kind: str) -> Unit:
    if kind not in KINDS:
        raise Http404
    return get_unit_for(request.access, id=id)


@require_GET
def form_file(request: SignedRequest, id: int, kind: str) -> FileResponse:
    """The template in use, to be edited in Word; `sample` shows it filled with the names of its fields."""
    unit = _unit(request, id, kind)
    sample = "sample" in request.GET
    data = render_sample(unit, kind) if sample else get_form(unit, kind).data
    name = f"{KINDS[kind].title}{'（样例）' if sample else '（模板）'}.docx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=WORD)


@require_http_methods(["POST"])
def revert(request: SignedRequest, id: int, kind: str) -> HttpResponse:
    """Back to the usual form."""
    _unit(request, id, kind)
    unit = get_letter_unit_for(request.access, id=id, to="keep")
    act = lambda: actions.revert_template(unit, kind, by=request.user, now=now())  # noqa: E731
    return _act(request, act, _("The usual form is in use again."), id, kind)


@require_http_methods(["POST"])
def take_up(request: SignedRequest, id: int) -> HttpResponse:
    """An earlier version in use again."""
    template = get_object_or_404(Template.objects.select_related("unit"), pk=id)
    get_letter_unit_for(request.access, id=template.unit_id, to="keep")
    act = lambda: actions.use_template(template, by=request.user, now=now())  # noqa: E731
    return _act(request, act, _("The earlier template is in use again."), template.unit_id, template.kind)


def _act(request: SignedRequest, act: Callable[[], object], words: str, unit: int, kind: str) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, words)
    return redirect("letters:form", unit, kind)
