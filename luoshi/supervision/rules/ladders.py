"""Ladders that governments and companies use, as data with their sources (domain handbook §1.3); what may be wrong."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from luoshi.supervision.rules.chasing import Approver, Instrument, LadderFacts, RungFacts, Told, Trigger

HANDLER, HEAD, SPONSOR, OFFICE = (t.value for t in (Told.HANDLER, Told.HEAD, Told.SPONSOR, Told.OFFICE))
PAPERS: Mapping[str, str] = {  # the kind of letter that an instrument is written as
    Instrument.REMINDER.value: "reminder",
    Instrument.BLUE.value: "order",
    Instrument.ORANGE.value: "order",
    Instrument.RED.value: "order",
    Instrument.CHASE.value: "chase",
    Instrument.LETTER.value: "order",
    Instrument.RECTIFY.value: "rectify",
    Instrument.TALK.value: "talk",
    Instrument.LISTED.value: "order",  # 挂牌: an order with the limit, beside the public list
    Instrument.CIRCULAR.value: "circular",
    Instrument.REFERRAL.value: "special",  # 移交: upward, to those who decide on it
}
SHARED = frozenset({Instrument.CIRCULAR.value})  # one paper for all that are approved at once
MOST_RUNGS = 12
MOST_DAYS = 200
MOST_LEVELS = 5


def paper_of(instrument: str, approver: str) -> str:
    """The kind of letter that a step is written as; "" for a reminder that goes by itself: the message is enough."""
    return "" if instrument == Instrument.REMINDER and not approver else PAPERS.get(instrument, "")


def _rung(
    number: int, instrument: Instrument, trigger: Trigger = Trigger.UNANSWERED, days: int = 0, *,
    grace: int | None = None, in_workdays: bool = True, tells: tuple[str, ...] = (HANDLER, HEAD), up: int = 0,
    approver: Approver = Approver.NOBODY, urgency: int | None = None,
) -> RungFacts:  # fmt: skip
    return RungFacts(
        number, instrument.value, trigger.value, days, grace, in_workdays, tells, up, approver.value, urgency
    )


def _county() -> LadderFacts:
    """提醒 → 催办单 → 督办函 → 挂牌 → 约谈 → 通报: the order of the handbook's table [S12a, S16b, S26e, S31]."""
    return LadderFacts((
        _rung(1, Instrument.REMINDER, Trigger.UNACKNOWLEDGED, 1),
        _rung(2, Instrument.REMINDER, Trigger.NEAR, 3, tells=(HANDLER,)),
        _rung(3, Instrument.REMINDER, Trigger.SILENT, 1),
        _rung(4, Instrument.CHASE, Trigger.OVERDUE, 1, grace=3),
        _rung(5, Instrument.LETTER, grace=5, tells=(HEAD, SPONSOR), up=1, approver=Approver.OFFICE, urgency=1),
        _rung(6, Instrument.LISTED, grace=10, tells=(HEAD, SPONSOR, OFFICE), approver=Approver.LEADER),
        _rung(7, Instrument.TALK, grace=10, tells=(HEAD, SPONSOR), approver=Approver.HEAD),
        _rung(8, Instrument.CIRCULAR, grace=10, tells=(HEAD, SPONSOR, OFFICE), up=1, approver=Approver.HEAD),
    ))  # fmt: skip


def _sanming() -> LadderFacts:
    """三明三色督查单: 蓝色提醒、橙色警示、红色; 紧急重大的直接发橙色或红色 [S3]."""
    return LadderFacts((
        _rung(1, Instrument.BLUE, Trigger.BEHIND, 1),
        _rung(2, Instrument.ORANGE, grace=5, tells=(HEAD, SPONSOR), approver=Approver.OFFICE, urgency=2),
        _rung(3, Instrument.RED, grace=5, tells=(HEAD, SPONSOR), up=1, approver=Approver.LEADER, urgency=1),
    ))  # fmt: skip


def _suqian() -> LadderFacts:
    """宿迁三色督办单: 临近时限发蓝, 滞后或质量差发黄, 逾期发红直至销号 [S4]."""
    return LadderFacts((
        _rung(1, Instrument.BLUE, Trigger.NEAR, 7, in_workdays=False),
        _rung(2, Instrument.ORANGE, Trigger.BEHIND, 1, grace=5, approver=Approver.OFFICE),
        _rung(3, Instrument.RED, Trigger.OVERDUE, 1, grace=5, tells=(HEAD, SPONSOR), approver=Approver.LEADER),
    ))  # fmt: skip


def _guangyuan() -> LadderFacts:
    """广元红黄蓝: 黄牌提醒, 再次黄牌发督办函, 红牌由组长约谈 [S8]."""
    return LadderFacts((
        _rung(1, Instrument.REMINDER, Trigger.BEHIND, 1),
        _rung(2, Instrument.LETTER, grace=10, tells=(HEAD, SPONSOR), approver=Approver.OFFICE),
        _rung(3, Instrument.TALK, Trigger.RED, 1, grace=10, tells=(HEAD, SPONSOR), approver=Approver.HEAD),
    ), recurs_days=90)  # fmt: skip


def _enterprise() -> LadderFacts:
    """A company's: fewer steps and shorter days."""
    return LadderFacts((
        _rung(1, Instrument.REMINDER, Trigger.UNACKNOWLEDGED, 1),
        _rung(2, Instrument.REMINDER, Trigger.NEAR, 2, tells=(HANDLER,)),
        _rung(3, Instrument.REMINDER, Trigger.SILENT, 1),
        _rung(4, Instrument.CHASE, Trigger.OVERDUE, 1, grace=2),
        _rung(5, Instrument.LETTER, grace=3, tells=(HEAD, SPONSOR), up=1, approver=Approver.OFFICE, urgency=1),
        _rung(6, Instrument.TALK, grace=5, tells=(HEAD, SPONSOR), approver=Approver.LEADER),
        _rung(7, Instrument.CIRCULAR, grace=5, tells=(HEAD, OFFICE), up=1, approver=Approver.HEAD),
    ), quiet_days=3)  # fmt: skip


PRESETS: Mapping[str, LadderFacts] = {
    "county": _county(),
    "sanming": _sanming(),
    "suqian": _suqian(),
    "guangyuan": _guangyuan(),
    "enterprise": _enterprise(),
}


class LadderFault(StrEnum):
    """What is wrong with a ladder."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_START = "no_start"
    NO_GRACE = "no_grace"
    TELLS_NOBODY = "tells_nobody"
    DAYS = "days"


def fault_of_ladder(rungs: Sequence[RungFacts]) -> tuple[LadderFault, int] | None:
    """The first fault and the step it is in (0: the whole): a chase must be able to start, and each step be reached."""
    if not rungs:
        return LadderFault.EMPTY, 0
    if len(rungs) > MOST_RUNGS:
        return LadderFault.TOO_LONG, 0
    if all(rung.trigger == Trigger.UNANSWERED for rung in rungs):
        return LadderFault.NO_START, 0
    for rung in rungs:
        if rung.trigger == Trigger.UNANSWERED and rung.grace is None:
            return LadderFault.NO_GRACE, rung.number
        if not rung.tells and not rung.levels_up:
            return LadderFault.TELLS_NOBODY, rung.number
        if not (0 <= rung.days <= MOST_DAYS and 0 <= (rung.grace or 0) <= MOST_DAYS):
            return LadderFault.DAYS, rung.number
    return None
