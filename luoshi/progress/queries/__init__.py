"""Reading lights, feedback and the trajectory of a task."""

from luoshi.progress.queries.evidence import get_evidence_for, with_evidence
from luoshi.progress.queries.feedback import HINT_SENTENCES, get_last_feedback, list_feedback
from luoshi.progress.queries.lights import (
    COLOUR_WORDS,
    LIGHT_WORDS,
    Outlook,
    ShownLight,
    explain_light,
    get_outlook,
    get_standing,
    list_facts,
    list_lights,
    show,
    showing,
    with_light,
)
from luoshi.progress.queries.trajectory import Trajectory, get_trajectory

__all__ = [
    "COLOUR_WORDS",
    "HINT_SENTENCES",
    "LIGHT_WORDS",
    "Outlook",
    "ShownLight",
    "Trajectory",
    "explain_light",
    "get_evidence_for",
    "get_last_feedback",
    "get_outlook",
    "get_standing",
    "get_trajectory",
    "list_facts",
    "list_feedback",
    "list_lights",
    "show",
    "showing",
    "with_evidence",
    "with_light",
]
