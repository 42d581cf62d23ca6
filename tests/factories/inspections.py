"""Inspections under way, with a checklist and an object."""

from typing import Any

from luoshi.inspections.actions.keeping import Question, make_checklist
from luoshi.inspections.models import Checklist, Inspection, InspectionObject, Inspector
from tests.factories.orgs import Cast

QUESTIONS = (
    Question("台账与现场是否一致", rule="《县政府督查工作办法》第九条"),
    Question("已建成面积（亩）", "reported"),
    Question("群众反映的问题", "text", is_optional=True),
)


def make_inspection(cast: Cast, *, checklist: Checklist | None = None, **fields: Any) -> Inspection:
    """A running special inspection of the county, led by its office."""
    number = Inspection.objects.count() + 901
    given = {
        "unit": cast.unit("QH"), "year": 2026, "number": number, "code": f"测督〔2026〕{number}号",
        "title": "高标准农田建设专项督查", "kind": "special", "is_formal": True, "basis": "《条例》第十四条",
        "content": "建设进度与质量", "objects_text": "农业农村局", "scope": "2026年度任务", "methods": ["visit"],
        "from_date": cast.today, "to_date": cast.today, "state": "running", "proposer": cast["officeclerk"],
        "approver": cast["leader"], "approved_at": cast.now, "created_by": cast["officeclerk"], "created_at": cast.now,
        **fields,
    }  # fmt: skip
    checklist = checklist or make_checklist(
        cast.unit("QH"), name=f"现场检查表{number}", questions=QUESTIONS, by=cast["office"], now=cast.now
    )
    inspection = Inspection.objects.create(checklist=checklist, **given)
    Inspector.objects.create(inspection=inspection, person=cast["office"], is_leader=True)
    return inspection


def make_object(cast: Cast, code: str = "QH-NYJ", **fields: Any) -> InspectionObject:
    """A unit that is inspected."""
    inspection = fields.pop("inspection", None) or make_inspection(cast)
    return InspectionObject.objects.create(inspection=inspection, unit=cast.unit(code), how="chosen", **fields)
