"""Tables of this room: plans and designations, draws, checklists and visits, findings and conclusions."""

from luoshi.inspections.models.checking import (
    ANSWER_LABELS,
    Checklist,
    ChecklistItem,
    Visit,
)
from luoshi.inspections.models.concluding import (
    ADVICE_LABELS,
    CONCLUSION_LABELS,
    RULING_LABELS,
    SEVERITY_LABELS,
    Advised,
    Conclusion,
    Decided,
    Finding,
    LookBack,
    Objection,
)
from luoshi.inspections.models.photos import VisitPhoto
from luoshi.inspections.models.planning import (
    KIND_LABELS,
    METHOD_LABELS,
    STAGE_LABELS,
    Designation,
    Inspection,
    Limits,
    Stratum,
)
from luoshi.inspections.models.sampling import (
    DRAWN_LABELS,
    LOT_LABELS,
    RECUSAL_LABELS,
    Assignment,
    Draw,
    InspectionObject,
    Inspector,
    Recusal,
)

__all__ = [
    "ADVICE_LABELS",
    "ANSWER_LABELS",
    "CONCLUSION_LABELS",
    "DRAWN_LABELS",
    "KIND_LABELS",
    "LOT_LABELS",
    "METHOD_LABELS",
    "RECUSAL_LABELS",
    "RULING_LABELS",
    "SEVERITY_LABELS",
    "STAGE_LABELS",
    "Advised",
    "Assignment",
    "Checklist",
    "ChecklistItem",
    "Conclusion",
    "Decided",
    "Designation",
    "Draw",
    "Finding",
    "Inspection",
    "InspectionObject",
    "Inspector",
    "Limits",
    "LookBack",
    "Objection",
    "Recusal",
    "Stratum",
    "Visit",
    "VisitPhoto",
]
