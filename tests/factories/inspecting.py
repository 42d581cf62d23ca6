"""Inspections as their actions make them, step by step."""

from datetime import date, datetime
from typing import Any

from luoshi.inspections.actions import concluding, drawing, finding, planning
from luoshi.inspections.models import Conclusion, Finding, Inspection, InspectionObject, Objection
from tests.factories.orgs import NOW, Cast

PLAN = {
    "title": "秸秆禁烧专项督查", "kind": "special", "is_formal": True, "basis": "县政府第5次常务会议决定",
    "content": "禁烧责任落实情况", "objects_text": "有关乡镇", "scope": "县域内秋收地块", "methods": ["unannounced"],
    "from_date": date(2026, 11, 23), "to_date": date(2026, 11, 27),
}  # fmt: skip


def plan(cast: Cast, *, unit: str = "QH", by: str = "office", now: datetime = NOW, **fields: Any) -> Inspection:
    """A drafted plan."""
    return planning.draft_inspection(cast.unit(unit), by=cast[by], now=now, **{**PLAN, **fields})


def approved(cast: Cast, *objects: str, **fields: Any) -> Inspection:
    """A plan with these objects, proposed by the office and approved by the county's head."""
    inspection = plan(cast, **fields)
    for code in objects:
        drawing.choose_object(inspection, unit=cast.unit(code), by=cast["office"], now=NOW)
    planning.propose_inspection(inspection, by=cast["office"], now=NOW)
    planning.approve_inspection(inspection, opinion="同意", despite="工作需要", by=cast["leader"], now=NOW)
    return inspection


def running(cast: Cast, *objects: str, **fields: Any) -> Inspection:
    """An approved inspection under way."""
    inspection = approved(cast, *objects, **fields)
    planning.step_inspection(inspection, "start", by=cast["office"], now=NOW)
    return inspection


def the_object(inspection: Inspection, code: str = "QH-T01") -> InspectionObject:
    return InspectionObject.objects.select_related("unit", "inspection__unit").get(
        inspection=inspection, unit__code=code, is_dropped=False
    )


def found(cast: Cast, row: InspectionObject, *, now: datetime = NOW, **fields: Any) -> Finding:
    """A finding at an object, by the office."""
    given = {
        "fact": "新民村三处地块焚烧秸秆未处置", "rule": "县秸秆禁烧工作方案第四条", "requirement": "完成清理并落实巡查",
        "due_date": date(2026, 12, 15), "evidence": "照片3张，巡查记录缺失", **fields,
    }  # fmt: skip
    return finding.note_finding(row, by=cast["office"], now=now, **given)


def concluded(cast: Cast, row: InspectionObject, *, now: datetime = NOW) -> Conclusion:
    """A conclusion written by the office and signed by the head."""
    held = concluding.write_conclusion(
        row, facts="三处地块焚烧秸秆", conclusion="禁烧责任落实不到位", by=cast["office"], now=now,
        advice=[concluding.Advice("criticism", "柳河镇", "巡查缺位")],
    )  # fmt: skip
    concluding.issue_conclusion(held, by=cast["leader"], now=now)
    return held


def objected(cast: Cast, conclusion: Conclusion, *, now: datetime = NOW) -> Objection:
    """The township signs for a conclusion and objects to it."""
    concluding.receive_conclusion(conclusion, by=cast["townclerk"], now=now)
    return concluding.object_to(
        conclusion, unit=cast.unit("QH-T01"), reason="其中一处地块属邻镇", by=cast["townhead"], now=now
    )
