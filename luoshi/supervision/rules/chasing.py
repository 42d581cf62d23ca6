"""The words of the ladder of chasing (domain handbook §1.3)."""

from enum import StrEnum


class Instrument(StrEnum):
    """提醒, 蓝/橙/红色督办单, 催办单, 督办函, 挂牌督办, 整改通知书, 约谈, 通报, 移交."""

    REMINDER = "reminder"
    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"
    CHASE = "chase"
    LETTER = "letter"
    LISTED = "listed"
    RECTIFY = "rectify"
    TALK = "talk"
    CIRCULAR = "circular"
    REFERRAL = "referral"


class Trigger(StrEnum):
    """What a step's days are counted from."""

    NEAR = "near"
    OVERDUE = "overdue"
    UNACKNOWLEDGED = "unacknowledged"
    SILENT = "silent"
    RED = "red"
    UNANSWERED = "unanswered"


class Approver(StrEnum):
    """Whose yes an instrument needs before it goes out."""

    NOBODY = ""
    OFFICE = "office"
    LEADER = "leader"
    HEAD = "head"


class StepState(StrEnum):
    """Where a step of a chase stands."""

    AWAITING = "awaiting"
    SENT = "sent"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
