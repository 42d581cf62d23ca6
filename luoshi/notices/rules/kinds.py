"""Kinds of messages in the groups that a person chooses by, and the words for how, where and how far."""

from enum import StrEnum


class Group(StrEnum):
    """What a message is about, as its reader would sort it."""

    CHASED = "chased"
    GIVEN = "given"
    DECIDE = "decide"
    ANSWERED = "answered"
    CHECKED = "checked"
    PAPERS = "papers"
    OTHER = "other"


KINDS: dict[Group, tuple[str, ...]] = {
    Group.CHASED: ("chase", "escalation", "reminder", "clock", "window", "light", "node", "due", "sponsor"),
    Group.GIVEN: ("dispatch", "withdraw", "recall", "task", "following", "transfer", "pause"),
    Group.DECIDE: ("ask", "coordination", "approval", "decide", "obstacle", "stocktake"),
    Group.ANSWERED: ("supervision", "extension", "answer", "suggestion"),
    Group.CHECKED: ("inspection", "finding", "objection", "rectification"),
    Group.PAPERS: ("letter", "paper", "directive"),
}
PRIVATE_KINDS = ("suggestion",)  # between two people: never told in a group chat


def group_of(kind: str) -> Group:
    """The group of a kind; one that no group names is among the others."""
    return next((group for group, kinds in KINDS.items() if kind in kinds), Group.OTHER)


class How(StrEnum):
    """What a person wants of a group: in the day's digest, at once, or on the site only."""

    DIGEST = "digest"
    NOW = "now"
    SITE = "site"


class Channel(StrEnum):
    """A way out of the site."""

    MAIL = "mail"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"
    WEBHOOK = "webhook"


ROBOTS = (Channel.DINGTALK, Channel.WECOM, Channel.FEISHU, Channel.WEBHOOK)


class State(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"  # the process ended while it wrote, and the receiver cannot tell a second copy
    REFUSED = "refused"  # for good: somebody has to mend something
    GIVEN_UP = "given_up"  # tried for a day
    NEEDLESS = "needless"  # all was read on the site before it left
    STOPPED = "stopped"  # the robot was muted or removed, or the address taken away


OPEN = (State.WAITING, State.SENDING)
