"""Pages both sides share: the conclusion with its clocks, its receipt, the objection, the review by others."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.forms import attempt
from luoshi.inspections.actions import concluding
from luoshi.inspections.actions.deciding import record_decision
from luoshi.inspections.forms.finding import DecidedForm, ObjectionForm, ReceiveForm, ReviewForm
from luoshi.inspections.models import Conclusion, Decided, Objection
from luoshi.inspections.queries.gate import get_advised_for, get_conclusion_for, inspects, is_reviewed, may_conclude
from luoshi.inspections.queries.reading import list_findings
from luoshi.inspections.rules.days import fault_of_objection
from luoshi.inspections.views.frame import done, show
from luoshi.letters.queries import list_letters_about
from luoshi.orgs.middleware import SignedRequest


@require_GET
def conclusion(request: SignedRequest, id: int) -> HttpResponse:
    """What is found about a unit, what it may do about it, and until when; alike for both sides."""
    held = get_conclusion_for(request.access, id=id)
    objection = Objection.objects.filter(conclusion=held).select_related("by", "reviewer", "unit").first()
    fault = fault_of_objection(
        state=held.state, received=held.received_date, until=held.objection_until, has_one=objection is not None,
        on=today(), is_reviewed=is_reviewed(held),
    )  # fmt: skip
    findings = [f for f in list_findings(held.object) if not f.is_dropped]
    return show(
        request, "conclusion", held=held, inspection=held.object.inspection, objection=objection, findings=findings,
        fault=fault, sentence=str(concluding.CannotObject(fault, until=held.objection_until)) if fault else "",
        can={to: may_conclude(request.access, held, to) for to in ("object", "receive", "review", "sign")},
        inspects=inspects(request.access, held), advice=list(held.advice.select_related("decided")), today=today(),
        letters=list_letters_about("conclusion", held.pk, access=request.access),
        form=ReceiveForm(initial={"received_date": today()}), is_final=is_reviewed(held),
        versions=Conclusion.objects.filter(object=held.object).exclude(pk=held.pk).exclude(state="draft"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def decided(request: SignedRequest, id: int) -> HttpResponse:
    """Record what was decided elsewhere on a proposal, or correct the record."""
    proposal = get_advised_for(request.access, id=id, to="sign")
    form = DecidedForm(request.POST or None, initial=_initial(getattr(proposal, "decided", None)))

    def act() -> None:
        record_decision(proposal, by=request.user, now=now(), **form.cleaned_data)

    if attempt(form, act):
        return done(request, _("Recorded. The unit is told."), "inspections:conclusion", proposal.conclusion_id)
    held = proposal.conclusion
    return show(request, "decided", form, proposal=proposal, held=held, inspection=held.object.inspection)


def _initial(known: Decided | None) -> dict[str, object]:
    if known is None:
        return {"decided_date": today()}
    said = {name: getattr(known, name) for name in ("body", "decided_date", "number", "words")}
    return said | {"is_adopted": "yes" if known.is_adopted else "no"}


@require_POST
def receive(request: SignedRequest, id: int) -> HttpResponse:
    """Sign for a conclusion, or record its delivery."""
    held = get_conclusion_for(request.access, id=id, to="receive")
    form = ReceiveForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    concluding.receive_conclusion(held, by=request.user, now=now(), **given)
    return done(request, _("Receipt recorded; the thirty days run."), "inspections:conclusion", held.pk)


@require_http_methods(["GET", "POST"])
def objection(request: SignedRequest, id: int) -> HttpResponse:
    """Object to a conclusion within its days."""
    held = get_conclusion_for(request.access, id=id, to="object")
    form = ObjectionForm(request.POST or None)

    def act() -> None:
        concluding.object_to(held, unit=held.object.unit, by=request.user, now=now(), **form.cleaned_data)

    if attempt(form, act):
        return done(request, _("Filed. Others than the authors review it."), "inspections:conclusion", held.pk)
    return show(request, "objection", form, held=held, inspection=held.object.inspection)


@require_http_methods(["GET", "POST"])
def review(request: SignedRequest, id: int) -> HttpResponse:
    """Decide on an objection, as somebody who took no part in the conclusion."""
    held = get_conclusion_for(request.access, id=id, to="review")
    filed = Objection.objects.filter(conclusion=held).select_related("conclusion__object__inspection__unit", "by")
    first = filed.first()
    if first is None:
        raise Http404
    form = ReviewForm(request.POST or None, held=held)
    found: list[Conclusion] = []

    def act() -> None:
        found.append(concluding.review_objection(first, by=request.user, now=now(), **form.cleaned_data))

    if attempt(form, act):
        return done(request, _("Decided. Both sides are told."), "inspections:conclusion", found[0].pk)
    return show(request, "review", form, held=held, objection=first, inspection=held.object.inspection)
