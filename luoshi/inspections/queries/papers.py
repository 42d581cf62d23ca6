"""What stands in the papers of an inspection: the conclusion and the rectification notice (domain handbook §1.3b)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from luoshi.inspections.models import Conclusion, Finding
from luoshi.inspections.rules.days import OBJECTION_DAYS


def conclusion_fields(held: Conclusion) -> dict[str, Any]:
    """方案号、对象、事实、证据、结论、整改事项、建议（待批）、异议权利."""
    findings = Finding.objects.filter(object=held.object_id, is_dropped=False).order_by("number")
    advice = "；".join(f"{a.get_kind_display()} {a.whom}（{a.reason}）" for a in held.advice.all())
    return {
        "plan_number": held.object.inspection.code, "object": held.object.unit.name, "facts": held.facts,
        "evidence": [[line] for line in held.evidence.splitlines() if line.strip()], "finding": held.conclusion,
        "rectify": [[f.requirement, f.due_date] for f in findings],
        "advice": _("Proposed, to be approved: %(advice)s") % {"advice": advice} if advice else "",
        "objection": _objection(),
    }  # fmt: skip


def rectify_fields(findings: Sequence[Finding]) -> dict[str, Any]:
    """检查依据、时间和对象、问题逐条、违反的规定、整改要求、时限、异议权利."""
    row = findings[0].object
    inspection = row.inspection
    return {
        "basis": inspection.basis, "inspected": f"{inspection.from_date} – {inspection.to_date} {row.unit.name}",
        "problems": [[f.fact, f.evidence] for f in findings],
        "provisions": "；".join(dict.fromkeys(f.rule for f in findings)),
        "requirement": "\n".join(f"{n}. {f.requirement}" for n, f in enumerate(findings, start=1)),
        "due_date": max(f.due_date for f in findings), "objection": _objection(), "matter": inspection.title,
    }  # fmt: skip


def _objection() -> str:
    words = _("Within %(days)s days of receiving the conclusion you may ask for a review (art. 17).")
    return words % {"days": OBJECTION_DAYS}
