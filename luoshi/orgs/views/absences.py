"""Days away: one's own, and those of one's staff."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.orgs.actions.absences import note_absence, remove_absence
from luoshi.orgs.forms.absences import AbsenceForm
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.queries.absences import get_absence_for, get_unit_of, list_absences, list_staff


@require_http_methods(["GET", "POST"])
def absences(request: SignedRequest) -> HttpResponse:
    """Who is away, and a line to add."""
    day = today()
    staff = list_staff(request.access, today=day)
    form = AbsenceForm(request.POST or None, staff=staff, person=request.user)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            unit = get_unit_of(given["person"], today=day)
            note_absence(**given, by=request.user, now=now(), unit=unit)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Noted. Who names a handler will see it."))
            return redirect("orgs:absences")
    rows = list_absences(request.access, today=day)
    context = {"form": form, "rows": rows, "today": day, "has_staff": len(staff[:2]) > 1}
    return render(request, "orgs/absences.html", context, status=status)


@require_POST
def absence_remove(request: SignedRequest, id: int) -> HttpResponse:
    """Remove a line."""
    absence = get_absence_for(request.access, id=id, today=today())
    remove_absence(absence, by=request.user, now=now(), unit=get_unit_of(absence.person, today=today()))
    messages.success(request, _("The line was removed."))
    return redirect("orgs:absences")
