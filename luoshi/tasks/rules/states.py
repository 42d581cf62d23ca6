"""States of a task and the lawful steps between them (domain handbook §1.7; 办结 and 销号 are two steps)."""

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
    ANNUAL = "annual"


DOING = (DutyRole.LEAD, DutyRole.JOINT, DutyRole.CO)
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
ENDED = (State.COMPLETED, State.CLOSED, State.ARCHIVED, State.MERGED, State.TRANSFERRED, State.WITHDRAWN)
