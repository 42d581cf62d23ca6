"""Kinds, methods and states of inspections (政府督查工作条例, 国令733号: arts. 12, 14)."""

from enum import StrEnum


class Kind(StrEnum):
    """综合督查, 专项督查, 事件调查, 日常督办, 线索核查 (art. 14)."""

    COMPREHENSIVE = "comprehensive"
    SPECIAL = "special"
    INCIDENT = "incident"
    DAILY = "daily"
    LEAD = "lead"


class Method(StrEnum):
    """自查说明, 听取汇报, 检查访谈暗访, 座谈听证统计评估, 调阅资料, 收集线索, 约谈, 互联网+督查 (art. 12)."""

    SELF_CHECK = "self_check"
    REPORT = "report"
    VISIT = "visit"
    UNANNOUNCED = "unannounced"
    SEMINAR = "seminar"
    DOCUMENTS = "documents"
    LEADS = "leads"
    TALK = "talk"
    ONLINE = "online"


class Stage(StrEnum):
    """Where an inspection stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Drawn(StrEnum):
    """How an object came in: chosen by name, or drawn by lot."""

    CHOSEN = "chosen"
    DRAWN = "drawn"


class Lot(StrEnum):
    """What is drawn: the objects, who inspects them, or closed findings to be looked back at."""

    OBJECTS = "objects"
    INSPECTORS = "inspectors"
    LOOK_BACK = "look_back"


class Severity(StrEnum):
    """How grave a finding is."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class Advice(StrEnum):
    """What an inspecting body may only propose: 表扬, 激励, 批评, 追责 (art. 21)."""

    PRAISE = "praise"
    INCENTIVE = "incentive"
    CRITICISM = "criticism"
    ACCOUNTABILITY = "accountability"


class Ruling(StrEnum):
    """What a review decides: the conclusion stands, is changed, or is withdrawn."""

    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


BEFORE_APPROVAL = (Stage.DRAFT, Stage.PROPOSED)
OPEN = (Stage.DRAFT, Stage.PROPOSED, Stage.APPROVED, Stage.RUNNING, Stage.CONCLUDED)
COUNTED = (Stage.APPROVED, Stage.RUNNING, Stage.CONCLUDED, Stage.CLOSED)
ON_SITE = (Stage.APPROVED, Stage.RUNNING)
STEPS: dict[str, tuple[tuple[Stage, ...], Stage]] = {
    "propose": ((Stage.DRAFT,), Stage.PROPOSED),
    "send_back": ((Stage.PROPOSED,), Stage.DRAFT),
    "approve": ((Stage.PROPOSED,), Stage.APPROVED),
    "start": ((Stage.APPROVED,), Stage.RUNNING),
    "conclude": ((Stage.RUNNING,), Stage.CONCLUDED),
    "close": ((Stage.CONCLUDED,), Stage.CLOSED),
    "cancel": ((Stage.DRAFT, Stage.PROPOSED, Stage.APPROVED), Stage.CANCELLED),
}
