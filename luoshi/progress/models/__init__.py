"""Tables of this room: reports with their evidence and standing, readings of indicators with their tallies."""

from luoshi.progress.models.feedback import CAUSE_LABELS, DayPercent, Evidence, Feedback, Standing
from luoshi.progress.models.readings import Confirmation, Coverage, Reading, Tally

__all__ = [
    "CAUSE_LABELS",
    "Confirmation",
    "Coverage",
    "DayPercent",
    "Evidence",
    "Feedback",
    "Reading",
    "Standing",
    "Tally",
]
