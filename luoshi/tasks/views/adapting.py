"""Local adaptation: a unit proposes to do its part otherwise, and who asked answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import decide_adaptation, propose_adaptation
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.forms import AdaptForm, DecideAdaptationForm
from luoshi.tasks.queries import acting_unit, get_task_for
from luoshi.tasks.queries.adapting import get_adaptation_for, get_outcome, list_adaptations
from luoshi.tasks.views.drafting import to_task


@require_http_methods(["GET", "POST"])
def adapt(request: SignedRequest, id: int) -> HttpResponse:
    """Propose another target, date or measure for one's part."""
    task = get_task_for(request.access, id=id, to="adapt")
    unit = acting_unit(request.access, task, "adapt")
    check_step(task, "adapt")
    form = AdaptForm(request.POST or None, task=task)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            propose_adaptation(task, unit=unit, by=request.user, now=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Proposed. Until it is answered, the task stands as it was asked."))
            return to_task(task)
    context = {"task": task, "unit": unit, "form": form, "earlier": list_adaptations(task.pk)}
    return render(request, "tasks/adapt.html", context, status=status)


@require_http_methods(["GET", "POST"])
def decide(request: SignedRequest, id: int) -> HttpResponse:
    """Answer a proposal, with the sum of all parts in sight."""
    adaptation = get_adaptation_for(request.access, id=id, to="decide_adaptation")
    task = adaptation.task
    form = DecideAdaptationForm(request.POST or None, initial={"standard": task.standard})
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            decide_adaptation(
                adaptation, accept=given["decision"] == "accept", answer=given["answer"], standard=given["standard"],
                by=request.user, now=now(),
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Answered; the unit that objected is told."))
            return to_task(task)
    context = {
        "task": task, "adaptation": adaptation, "form": form, "outcome": get_outcome(adaptation),
        "earlier": [row for row in list_adaptations(task.pk) if row.pk != adaptation.pk],
    }  # fmt: skip
    return render(request, "tasks/decide_adaptation.html", context, status=status)
