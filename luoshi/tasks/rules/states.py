"""States of a task and the lawful steps between them (domain handbook §1.7; 办结 and 销号 are two steps)."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a task stands on its way from draft to archive."""

    DRAFT = "draft"
    REGISTERED = "registered"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    UNDER_VERIFICATION = "under_verification"
    COMPLETED = "completed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REOPENED = "reopened"
    SUSPENDED = "suspended"
    MERGED = "merged"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """The ladder 要求→举措→措施→硬指标→项目→行动."""

    PRINCIPLE = "principle"
    INITIATIVE = "initiative"
    MEASURE = "measure"
    HARD_TARGET = "hard_target"
    PROJECT = "project"
    ACTION = "action"


class Tier(IntEnum):
    """重中之重, 重点, 一般."""

    CRITICAL = 1
    KEY = 2
    ROUTINE = 3


class Urgency(IntEnum):
    """特急, 急, 平."""

    IMMEDIATE = 1
    URGENT = 2
    NORMAL = 3


class DutyRole(StrEnum):
    """牵头, 配合, 共同负责（无牵头）, 指导, 核查."""

    LEAD = "lead"
    CO = "co"
    JOINT = "joint"
    GUIDE = "guide"
    VERIFIER = "verifier"


class Cadence(StrEnum):
    """How often progress is due; NONE means at milestones and the end only."""

    NONE = ""
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"


DOING = (DutyRole.LEAD, DutyRole.JOINT, DutyRole.CO)
LEADING = (DutyRole.LEAD, DutyRole.JOINT)
BEFORE_DISPATCH = (State.DRAFT, State.REGISTERED, State.PROPOSED, State.APPROVED)
ACTIVE = (
    State.DISPATCHED,
    State.ACKNOWLEDGED,
    State.PLANNED,
    State.IN_PROGRESS,
    State.SUBMITTED,
    State.RETURNED,
    State.UNDER_VERIFICATION,
    State.REOPENED,
)
WORKING = (State.ACKNOWLEDGED, State.PLANNED, State.IN_PROGRESS, State.RETURNED, State.REOPENED)
GONE = (State.WITHDRAWN, State.MERGED, State.TRANSFERRED)  # adds nothing to what stands above it
ENDED = (State.COMPLETED, State.CLOSED, State.ARCHIVED, State.MERGED, State.TRANSFERRED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Step:
    """A lawful step: the states it starts from and the state it leads to (None: the state stays)."""

    sources: tuple[State, ...]
    target: State | None


class NotLawful(Exception):
    """The step does not start from this state."""


# A report or a plan moves a task forward only from the states before its own; from later ones the state stays (MOVES).
STEPS: dict[str, Step] = {
    "draft": Step(BEFORE_DISPATCH, None),
    "steer": Step(BEFORE_DISPATCH + ACTIVE, None),
    "name_lead": Step(BEFORE_DISPATCH + ACTIVE, None),
    "dispatch": Step(BEFORE_DISPATCH, State.DISPATCHED),
    "acknowledge": Step(ACTIVE, State.ACKNOWLEDGED),
    "plan": Step(WORKING, State.PLANNED),
    "cascade": Step((State.DISPATCHED, *WORKING), None),
    "report": Step(WORKING, State.IN_PROGRESS),
    "extend": Step((State.DISPATCHED, *WORKING), None),
    "decide_extension": Step(ACTIVE, None),
    "adapt": Step((State.DISPATCHED, *WORKING), None),
    "decide_adaptation": Step(ACTIVE, None),
    "name_handler": Step(ACTIVE, None),
    "tie": Step((State.DISPATCHED, *WORKING), None),
    "submit": Step(WORKING, State.SUBMITTED),
    "verify": Step((State.SUBMITTED, State.UNDER_VERIFICATION), None),
    "return": Step((State.SUBMITTED, State.UNDER_VERIFICATION), State.RETURNED),
    "complete": Step((State.SUBMITTED, State.UNDER_VERIFICATION), State.COMPLETED),
    "close": Step((State.COMPLETED,), State.CLOSED),
    "reopen": Step((State.COMPLETED, State.CLOSED, State.ARCHIVED), State.REOPENED),
    "place": Step(BEFORE_DISPATCH + ACTIVE, None),
    "recall": Step((State.DISPATCHED,), State.REGISTERED),
    "recall_parts": Step((State.DISPATCHED, *WORKING), None),
    "withdraw": Step((*BEFORE_DISPATCH, *ACTIVE, State.SUSPENDED), State.WITHDRAWN),
    "ask_coordination": Step((State.DISPATCHED, *WORKING), None),
    "ask_pause": Step((State.DISPATCHED, *WORKING), None),
    "decide_pause": Step(ACTIVE, None),
    "suspend": Step((State.DISPATCHED, *WORKING), State.SUSPENDED),
    "resume": Step((State.DISPATCHED, *WORKING, State.SUSPENDED), None),  # back to the state before
    "change_hands": Step((State.DISPATCHED, *WORKING), None),
    "decide_change": Step((State.DISPATCHED, *WORKING), None),
    "transfer": Step((State.DISPATCHED, *WORKING), State.DISPATCHED),  # who takes it over takes note of it anew
    "merge": Step((State.DISPATCHED, *WORKING), State.MERGED),
}
MOVES: dict[str, tuple[State, ...]] = {
    "acknowledge": (State.DISPATCHED,),
    "plan": (State.ACKNOWLEDGED,),
    "report": (State.ACKNOWLEDGED, State.PLANNED, State.RETURNED, State.REOPENED),
}


def is_lawful(state: str, verb: str) -> bool:
    """May this step start from this state?"""
    return state in STEPS[verb].sources


def step(state: str, verb: str) -> State:
    """The state after a step. Raises NotLawful when the step does not start from this state."""
    here, found = State(state), STEPS[verb]
    if here not in found.sources:
        raise NotLawful(f"{verb} does not start from {here}")
    if found.target is None or here not in MOVES.get(verb, found.sources):
        return here
    return found.target
