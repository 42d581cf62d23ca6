"""Writing progress: reports, and the standings that follow from them and from what happens to tasks."""

from luoshi.progress.actions.reports import (
    AskedOfNobody,
    NothingReported,
    PercentOutOfRange,
    TooMuchEvidence,
    report_progress,
)
from luoshi.progress.actions.standings import (
    Drift,
    note_decision,
    note_return,
    note_submission,
    recompute_standings,
)

__all__ = [
    "AskedOfNobody",
    "Drift",
    "NothingReported",
    "PercentOutOfRange",
    "TooMuchEvidence",
    "note_decision",
    "note_return",
    "note_submission",
    "recompute_standings",
    "report_progress",
]
