"""Papers that come in: the same one again, and long ones on their way."""

from django.http import Http404

from luoshi.directives.models import INTAKE_OPEN, Directive, Intake
from luoshi.directives.rules.access import may
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access

INTAKES_SHOWN = 20


def find_same_file(unit: Unit, *, sha256: str) -> Directive | None:
    """A directive of the unit that was registered from the very same bytes."""
    same = Directive.objects.filter(unit=unit, sha256=sha256).exclude(state="withdrawn").defer("text", "sources")
    return same.order_by("-pk").first()


def find_same_intake(unit: Unit, *, sha256: str) -> Intake | None:
    """The very same bytes, on their way for the unit."""
    return Intake.objects.filter(unit=unit, sha256=sha256, state__in=INTAKE_OPEN).order_by("-pk").first()


def get_intake_for(access: Access, *, id: int) -> Intake:
    """A paper on its way, for those who may review the papers of its unit; else 404."""
    intake = Intake.objects.select_related("unit", "created_by", "directive").filter(pk=id).first()
    if intake is None or not may(access, unit_id=intake.unit_id, unit_path=intake.unit.path or "", verb="edit"):
        raise Http404
    return intake


def list_open_intakes(person: Person) -> list[Intake]:
    """The papers that a person sent and that are not read yet, or were refused; newest first."""
    found = Intake.objects.filter(created_by=person, state__in=(*INTAKE_OPEN, "refused"))
    return list(found.select_related("unit").order_by("-created_at", "-pk")[:INTAKES_SHOWN])


def is_anything_being_read() -> bool:
    """Is a job at work on some paper, or was it when its process died?"""
    return Intake.objects.filter(state="reading").exists()
