"""Writing progress: reports, and the standings that follow from them and from what happens to tasks."""

from luoshi.progress.actions.confirming import (
    ConfirmedAlready,
    NoReopenReason,
    NotConfirmed,
    NothingBelow,
    ReopenLaterFirst,
    confirm_period,
    reopen_period,
)
from luoshi.progress.actions.evidence import NoEvidence, SameFile, TooMuchEvidence, add_version, describe_exhibit
from luoshi.progress.actions.readings import (
    FigureTooLarge,
    NothingRead,
    NoWhy,
    PartsSpeak,
    PeriodLocked,
    PeriodNotBegun,
    ReadingRow,
    record_reading,
    record_readings,
)
from luoshi.progress.actions.recounting import TallyDrift, recompute_tallies
from luoshi.progress.actions.reports import (
    AskedOfNobody,
    NothingReported,
    PercentOutOfRange,
    report_progress,
)
from luoshi.progress.actions.standings import (
    Drift,
    note_comparison,
    note_decision,
    note_pause,
    note_return,
    note_submission,
    recompute_standings,
)

__all__ = [
    "AskedOfNobody",
    "ConfirmedAlready",
    "Drift",
    "FigureTooLarge",
    "NoEvidence",
    "NoReopenReason",
    "NoWhy",
    "NotConfirmed",
    "NothingBelow",
    "NothingRead",
    "NothingReported",
    "PartsSpeak",
    "PercentOutOfRange",
    "PeriodLocked",
    "PeriodNotBegun",
    "ReadingRow",
    "ReopenLaterFirst",
    "SameFile",
    "TallyDrift",
    "TooMuchEvidence",
    "add_version",
    "confirm_period",
    "describe_exhibit",
    "note_comparison",
    "note_decision",
    "note_pause",
    "note_return",
    "note_submission",
    "recompute_standings",
    "recompute_tallies",
    "record_reading",
    "record_readings",
    "reopen_period",
    "report_progress",
]
