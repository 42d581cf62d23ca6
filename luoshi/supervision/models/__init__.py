"""Tables of this room: checks, more time, chasing, coordination, changes of hands, stocktakes."""

from luoshi.supervision.models.chasing import (
    APPROVER_LABELS,
    CONTACT_LABELS,
    INSTRUMENT_LABELS,
    SPONSOR_ACT_LABELS,
    STEP_STATE_LABELS,
    TRIGGER_LABELS,
    Chase,
    ChaseStep,
    Contact,
    Ladder,
    Rung,
    SponsorAct,
)
from luoshi.supervision.models.coordinating import (
    CHANGE_LABELS,
    CHANGE_STATE_LABELS,
    COORDINATION_LABELS,
    PAUSE_LABELS,
    PAUSE_STATE_LABELS,
    Change,
    Coordination,
    Pause,
)
from luoshi.supervision.models.extending import (
    EXTENSION_LABELS,
    Extension,
)
from luoshi.supervision.models.stocktaking import (
    RULING_LABELS,
    Ruling,
    Stocktake,
)
from luoshi.supervision.models.verifying import (
    METHOD_LABELS,
    RESULT_LABELS,
    Submission,
    Verification,
)

__all__ = [
    "APPROVER_LABELS",
    "CHANGE_LABELS",
    "CHANGE_STATE_LABELS",
    "CONTACT_LABELS",
    "COORDINATION_LABELS",
    "EXTENSION_LABELS",
    "INSTRUMENT_LABELS",
    "METHOD_LABELS",
    "PAUSE_LABELS",
    "PAUSE_STATE_LABELS",
    "RESULT_LABELS",
    "RULING_LABELS",
    "SPONSOR_ACT_LABELS",
    "STEP_STATE_LABELS",
    "TRIGGER_LABELS",
    "Change",
    "Chase",
    "ChaseStep",
    "Contact",
    "Coordination",
    "Extension",
    "Ladder",
    "Pause",
    "Ruling",
    "Rung",
    "SponsorAct",
    "Stocktake",
    "Submission",
    "Verification",
]
