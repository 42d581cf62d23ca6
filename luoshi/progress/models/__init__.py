"""Tables of this room: reports with their evidence and standing, readings of indicators with their tallies."""

from luoshi.progress.models.evidence import Evidence, Exhibit, ExhibitVersion
from luoshi.progress.models.feedback import CAUSE_LABELS, DayPercent, Feedback, Standing
from luoshi.progress.models.following import TURN_LABELS, LightTable, MonthLight, Obstacle, Turn
from luoshi.progress.models.readings import Confirmation, Coverage, Reading, Tally

__all__ = [
    "CAUSE_LABELS",
    "TURN_LABELS",
    "Confirmation",
    "Coverage",
    "DayPercent",
    "Evidence",
    "Exhibit",
    "ExhibitVersion",
    "Feedback",
    "LightTable",
    "MonthLight",
    "Obstacle",
    "Reading",
    "Standing",
    "Tally",
    "Turn",
]
