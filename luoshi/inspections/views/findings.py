"""Pages of one object: findings, their rectification, the conclusion's draft, the form to be filled in by hand."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now
from luoshi.core.forms import attempt
from luoshi.inspections.actions import concluding, finding
from luoshi.inspections.forms.finding import ConclusionForm, FindingForm
from luoshi.inspections.models import Conclusion, InspectionObject
from luoshi.inspections.queries.gate import get_conclusion_for, get_finding_for, get_object_for, may
from luoshi.inspections.queries.reading import list_alike, list_findings
from luoshi.inspections.queries.visits import list_questions, list_visits
from luoshi.inspections.rules.kinds import Stage
from luoshi.inspections.views.frame import done, show
from luoshi.inspections.views.visiting import CHOICE_LABELS
from luoshi.orgs.middleware import SignedRequest

KEPT = ("fact", "rule", "evidence", "severity", "requirement", "due_date", "version")


@require_GET
def inspected(request: SignedRequest, id: int) -> HttpResponse:
    """One object: who inspects it, what was found and how putting right stands, its conclusions."""
    row = get_object_for(request.access, id=id)
    findings = list_findings(row)
    return show(
        request, "object", row=row, inspection=row.inspection, findings=findings,
        open_findings=[f for f in findings if f.task_id is None and not f.is_dropped],
        assignments=row.assignments.select_related("inspector__person"),
        conclusions=row.conclusions.select_related("objection"), visits=list_visits(row), choices=CHOICE_LABELS,
        questions=list_questions(row),
        may_work=may(request.access, row.inspection, "work"),
        may_sign=may(request.access, row.inspection, "sign"),
        is_working=row.inspection.state in (Stage.RUNNING, Stage.CONCLUDED),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def note(request: SignedRequest, id: int) -> HttpResponse:
    """Note a finding; earlier ones at the same unit that read alike are offered first."""
    row = get_object_for(request.access, id=id, to="work")
    words = f"{request.POST.get('fact', '')}。{request.POST.get('rule', '')}"
    earlier = list_alike(row, words=words) if request.method == "POST" else []
    form = FindingForm(request.POST or None, earlier=earlier)
    asks = earlier and "recurrence_of" not in request.POST

    def act() -> None:
        finding.note_finding(row, **form.finding_fields(earlier), by=request.user, now=now())

    if not asks and attempt(form, act):
        return done(request, _("Noted."), "inspections:object", row.pk)
    form.status = 200 if asks else getattr(form, "status", 422)  # type: ignore[attr-defined]
    return show(request, "finding", form, row=row, inspection=row.inspection, finding=None, asks=asks)


@require_http_methods(["GET", "POST"])
def correct(request: SignedRequest, id: int) -> HttpResponse:
    """Correct a finding before it is put right as a task, or leave it out with a reason."""
    held = get_finding_for(request.access, id=id, to="work")
    row = held.object
    if request.POST.get("do") == "drop":
        finding.drop_finding(held, why=request.POST.get("why", "")[:300], by=request.user, now=now())
        return done(request, _("Dropped; it stays on record."), "inspections:object", row.pk)
    earlier = list_alike(row, words=f"{held.fact}。{held.rule}", but=held.pk)
    start = {name: getattr(held, name) for name in KEPT} | {"recurrence_of": held.recurrence_of_id or ""}
    form = FindingForm(request.POST or None, earlier=earlier, initial=start)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        finding.edit_finding(held, version=version, by=request.user, now=now(), **form.finding_fields(earlier))

    if attempt(form, act):
        return done(request, _("Saved."), "inspections:object", row.pk)
    return show(request, "finding", form, row=row, inspection=row.inspection, finding=held, asks=False)


@require_POST
def rectify(request: SignedRequest, id: int) -> HttpResponse:
    """Have all noted findings of an object put right: each becomes a task with its day."""
    row = get_object_for(request.access, id=id, to="work")
    findings = [f for f in list_findings(row) if f.task_id is None and not f.is_dropped]
    for one in findings:
        one.object = row
    finding.rectify_findings(findings, by=request.user, now=now())
    return done(request, _("Dispatched as tasks; lights and reminders run."), "inspections:object", row.pk)


@require_http_methods(["GET", "POST"])
def write(request: SignedRequest, id: int) -> HttpResponse:
    """Write the conclusion on an object, from what was found."""
    row = get_object_for(request.access, id=id, to="work")
    held = row.conclusions.filter(state="draft").first()
    form = ConclusionForm(request.POST or None, initial=_start(row, held))

    def act() -> None:
        words = {name: form.cleaned_data[name] for name in ("facts", "evidence", "conclusion")}
        concluding.write_conclusion(
            row, **words, advice=form.advice(), edits=form.cleaned_data["edits"] or 0, by=request.user, now=now()
        )

    if attempt(form, act):
        return done(request, _("Drafted. Its signature feeds it back."), "inspections:object", row.pk)
    return show(request, "write", form, row=row, inspection=row.inspection, findings=list_findings(row), held=held)


def _start(row: InspectionObject, held: Conclusion | None) -> dict[str, object]:
    """The draft, or what the findings already say."""
    if held is None:
        found = [f for f in list_findings(row) if not f.is_dropped]
        facts = "\n".join(f"{f.number}. {f.fact}（{f.rule}）" for f in found)
        return {"facts": facts, "evidence": "\n".join(f"{f.number}. {f.evidence}" for f in found if f.evidence)}
    start: dict[str, object] = {name: getattr(held, name) for name in ("facts", "evidence", "conclusion", "edits")}
    for n, advice in enumerate(held.advice.all()[:3], start=1):
        start |= {f"kind{n}": advice.kind, f"whom{n}": advice.whom, f"reason{n}": advice.reason}
    return start


@require_POST
def issue(request: SignedRequest, id: int) -> HttpResponse:
    """Sign the conclusion and feed it back."""
    held = get_conclusion_for(request.access, id=id, to="sign")
    concluding.issue_conclusion(held, by=request.user, now=now())
    return done(request, _("Signed and fed back; the object is told."), "inspections:conclusion", held.pk)


@require_GET
def sheet(request: SignedRequest, id: int) -> HttpResponse:
    """The checklist of an object on paper, to be filled in by hand where there is no signal."""
    row = get_object_for(request.access, id=id)
    checklist = row.inspection.checklist
    return show(
        request, "sheet", row=row, inspection=row.inspection, checklist=checklist,
        items=checklist.items.all() if checklist else [],
        assignments=row.assignments.select_related("inspector__person"),
    )  # fmt: skip
