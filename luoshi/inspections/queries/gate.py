"""Who sees an inspection and who may do what with it: the inspecting side, and the object once it is told."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.inspections.models import (
    Advised,
    Assignment,
    Conclusion,
    Designation,
    Draw,
    Finding,
    Inspection,
    InspectionObject,
    Inspector,
    Limits,
    Objection,
)
from luoshi.inspections.rules import rights
from luoshi.inspections.rules.plans import Bounds
from luoshi.inspections.rules.rights import Designated, Opener, Right
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import TENANT_LEVELS, Access, Role, ancestor_paths

ANSWERERS = (Role.HEAD, Role.OFFICE, Role.HANDLER)
SIGNERS = (Role.HEAD, Role.OFFICE)
REVIEWERS = (Role.HEAD, Role.SPONSOR, Role.OFFICE)
TOLD = ("issued", "replaced", "withdrawn")


def get_opener(unit: Unit) -> Opener:
    """The unit as the rules of rights read it, with the government or company it belongs to."""
    above = dict(Unit.objects.filter(path__in=ancestor_paths(unit.path or "")).values_list("path", "level"))
    home = next((p for p in reversed(ancestor_paths(unit.path or "")) if above.get(p) in TENANT_LEVELS), unit.path)
    return Opener(level=unit.level, path=unit.path or "", government_path=home or "")


def get_government(unit: Unit) -> Unit:
    """The government or company that a unit belongs to, which may be itself."""
    return Unit.objects.get(path=get_opener(unit).government_path)


def get_bounds(unit: Unit) -> Bounds:
    """The limits that the unit's government or company set for itself, else the preset."""
    row = Limits.objects.filter(unit=get_government(unit)).first()
    return to_bounds(row) if row else Bounds()


def to_bounds(row: Limits) -> Bounds:
    """The limits of a row as the rules read them."""
    return Bounds(**{name: getattr(row, name) for name in Bounds.__dataclass_fields__})


def list_designations(unit: Unit, *, on: date) -> list[Designation]:
    """The designations that a department holds on a day."""
    held = Designation.objects.filter(unit=unit, ended_at__isnull=True, from_date__lte=on, to_date__gte=on)
    return list(held.select_related("government"))


def to_designated(designation: Designation | None) -> Designated | None:
    """A designation as the rules read it."""
    if designation is None:
        return None
    return Designated(designation.from_date, designation.to_date, ended=designation.ended_at is not None)


def get_right(unit: Unit, *, on: date) -> Right:
    """By what right a unit may inspect today."""
    given = [d for row in list_designations(unit, on=on) if (d := to_designated(row))]
    return rights.right_of(get_opener(unit), designations=given, on=on)


def list_inspections(access: Access) -> QuerySet[Inspection]:
    """The inspections of units that the person oversees or works in, and those whose team they belong to."""
    rows = Inspection.objects.select_related("unit").order_by("-created_at", "-id")
    if access.admin:
        return rows
    mine = Inspector.objects.filter(inspection=OuterRef("pk"), person=access.person_id)
    units = Unit.objects.within(*access.paths).values("pk")
    return rows.filter(Q(unit__in=units) | Exists(mine))


def get_inspection_for(access: Access, *, id: int, to: str = "see") -> Inspection:
    """The inspection. Raises Http404 when unseen, NotAllowed when the person may only see it."""
    inspection = list_inspections(access).select_related(
        "unit", "proposer", "approver", "designation", "checklist", "created_by"
    ).filter(pk=id).first()  # fmt: skip
    if inspection is None:
        raise Http404
    if not may(access, inspection, to):
        raise NotAllowed
    return inspection


def may(access: Access, inspection: Inspection, to: str) -> bool:
    """May this person do this with an inspection they see?"""
    if to == "see":
        return True
    opener = get_opener(inspection.unit)
    if to == "approve":
        return rights.may_approve(access, opener, is_formal=inspection.is_formal, proposer_id=inspection.proposer_id)
    if to == "sign":
        return access.sits_in(inspection.unit_id, roles=SIGNERS)
    plans = rights.may_plan(access, unit_id=inspection.unit_id)
    if to == "work":
        return plans or (not access.admin and inspection.inspectors.filter(person=access.person_id).exists())
    if inspection.is_formal:
        return rights.may_open_formally(access, opener, unit_id=inspection.unit_id)
    return plans


def get_object_for(access: Access, *, id: int, to: str = "see") -> InspectionObject:
    """An object, from the inspecting side. Raises Http404, NotAllowed."""
    row = InspectionObject.objects.select_related("unit", "task").filter(pk=id).first()
    if row is None:
        raise Http404
    row.inspection = get_inspection_for(access, id=row.inspection_id, to=to)
    return row


def get_draw_for(access: Access, *, id: int) -> Draw:
    """A draw of an inspection that the person sees. Raises Http404."""
    draw = Draw.objects.select_related("by").filter(pk=id).first()
    if draw is None:
        raise Http404
    draw.inspection = get_inspection_for(access, id=draw.inspection_id)
    return draw


def get_finding_for(access: Access, *, id: int, to: str = "see") -> Finding:
    """A finding, from the inspecting side. Raises Http404, NotAllowed."""
    finding = Finding.objects.select_related("object__unit", "task", "recurrence_of").filter(pk=id).first()
    if finding is None:
        raise Http404
    finding.object.inspection = get_inspection_for(access, id=finding.object.inspection_id, to=to)
    return finding


def sees_as_object(access: Access, unit: Unit) -> bool:
    """Does the person sit in the unit inspected, or above it?"""
    return access.oversees(unit.path or "")


def list_about(access: Access) -> QuerySet[Conclusion]:
    """Conclusions fed back to the units where the person works, newest first; drafts are nobody's but the authors'."""
    rows = Conclusion.objects.filter(state__in=TOLD, object__unit__in=access.unit_ids)
    return rows.select_related("object__unit", "object__inspection__unit", "objection").order_by("-issued_at", "-id")


def get_conclusion_for(access: Access, *, id: int, to: str = "see") -> Conclusion:
    """A conclusion: drafts for the inspecting side, what was fed back for the object and whoever stands above it too.

    Raises Http404, NotAllowed.
    """
    conclusion = Conclusion.objects.select_related(
        "object__unit", "object__inspection__unit", "author", "signer", "received_by", "objection__by",
        "objection__reviewer",
    ).filter(pk=id).first()  # fmt: skip
    if conclusion is None or not (inspects(access, conclusion) or _is_told(access, conclusion)):
        raise Http404
    if not may_conclude(access, conclusion, to):
        raise NotAllowed
    return conclusion


def get_advised_for(access: Access, *, id: int, to: str = "see") -> Advised:
    """A proposal of a conclusion, with what was decided on it. Raises Http404, NotAllowed."""
    advised = Advised.objects.select_related("decided").filter(pk=id).first()
    if advised is None:
        raise Http404
    advised.conclusion = get_conclusion_for(access, id=advised.conclusion_id, to=to)
    return advised


def inspects(access: Access, conclusion: Conclusion) -> bool:
    """Does the person stand on the inspecting side?"""
    return list_inspections(access).filter(pk=conclusion.object.inspection_id).exists()


def _is_told(access: Access, conclusion: Conclusion) -> bool:
    return conclusion.state in TOLD and sees_as_object(access, conclusion.object.unit)


def may_conclude(access: Access, conclusion: Conclusion, to: str) -> bool:
    """May this person do this with a conclusion they see?"""
    inspection, unit_id = conclusion.object.inspection, conclusion.object.unit_id
    if to == "see":
        return True
    if to == "object":
        return access.sits_in(unit_id, roles=ANSWERERS)
    if to == "receive":
        return access.sits_in(unit_id, roles=ANSWERERS) or may(access, inspection, "sign")
    if to == "review":
        return may_review(access, conclusion)
    return may(access, inspection, to)


def may_review(access: Access, conclusion: Conclusion) -> bool:
    """May this person decide on the objection: of the government that inspected, and without part in the conclusion?"""
    inspection = conclusion.object.inspection
    unit = get_government(inspection.unit) if inspection.is_formal else inspection.unit
    roles = REVIEWERS if inspection.is_formal else (*REVIEWERS, Role.HANDLER)  # a bureau often has no other desk
    return access.sits_in(unit.pk, roles=roles) and access.person_id not in list_took_part(conclusion)


def list_took_part(conclusion: Conclusion) -> set[int]:
    """Who took part in a conclusion: who wrote and signed it, inspected the object, or noted what was found."""
    assigned = Assignment.objects.filter(object=conclusion.object_id).values_list("inspector__person_id", flat=True)
    found = Finding.objects.filter(object=conclusion.object_id).values_list("found_by_id", flat=True)
    leaders = Inspector.objects.filter(inspection=conclusion.object.inspection_id, is_leader=True)
    known = {conclusion.author_id, conclusion.signer_id, *assigned, *found}
    known |= set(leaders.values_list("person_id", flat=True))
    objection = Objection.objects.filter(conclusion=conclusion).values_list("by_id", flat=True)
    return {pk for pk in {*known, *objection} if pk is not None}


def is_reviewed(conclusion: Conclusion) -> bool:
    """Did a review make this conclusion out of an earlier one?"""
    return Conclusion.objects.filter(
        object=conclusion.object_id, version=conclusion.version - 1, state="replaced"
    ).exists()


def keeps(access: Access, unit: Unit) -> bool:
    """May the person keep the register of designations and the limits of a government or company? Its office, head."""
    return access.sits_in(unit.pk, roles=SIGNERS)


def list_planning_units(access: Access) -> list[Unit]:
    """The units in whose name the person may plan, highest first."""
    ids = {seat.unit_id for seat in access.seats if seat.role in rights.PLANNERS}
    units = Unit.objects.filter(pk__in=ids, valid_to__isnull=True).order_by("path")
    return [unit for unit in units if unit.level != "village"]


def get_home(access: Access) -> Unit | None:
    """The government or company where the person sits."""
    homes = access.homes
    return Unit.objects.filter(path=homes[0]).first() if homes else None


def list_seen_designations(access: Access) -> QuerySet[Designation]:
    """The designations of the governments that the person belongs to; an administrator reads all."""
    rows = Designation.objects.select_related("unit", "government", "recorded_by")
    return rows if access.admin else rows.filter(government__path__in=access.homes)
