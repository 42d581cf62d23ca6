"""The needle: what a person should do now, in one order over all superiors and all posts, with the reason said.

The rule, place by place; a later line decides only between rows that are equal in all the lines before it:

| # | what decides                | order                                                                          |
|---|-----------------------------|--------------------------------------------------------------------------------|
| 0 | whether others stand still  | a question put to the person: work elsewhere waits for the answer               |
| 1 | whose hands it is in        | named to the person, to nobody; named to a colleague (not for the unit's head)  |
| 2 | the light of the task       | red, yellow, blue, green, none; a step past its own date counts as yellow or worse |
| 3 | the tier                    | critical 重中之重, key 重点, routine 一般                                         |
| 4 | the urgency                 | immediate 特急, urgent 急, normal 平                                             |
| 5 | who asks                    | a leader, the supervision office, another superior unit, the person's own unit |
| 6 | how many units wait for it  | more first                                                                     |
| 7 | the step's own date         | earlier first, undated last                                                    |
| 8 | what is to be done          | in the order of `Need`, then by the task's number                              |

A task stands in the list once: where it asks for several things, the one that `Need` names first. Parts of one task
that are only to be pressed for stand in the row of the highest, which counts them.
Nothing about the person (speed, hours, habits) enters.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum

LIMIT = 100
SOON_DAYS = 7
SEVERITY = {"red": 0, "yellow": 1, "blue": 2, "green": 3, "grey": 4, "": 4}


class Need(StrEnum):
    """What a row asks of the person; a task that asks for several things shows the first of this order."""

    DECIDE_REQUEST = "decide_request"
    ACKNOWLEDGE = "acknowledge"
    FIX = "fix"
    VERIFY = "verify"
    DECIDE_ADAPTATION = "decide_adaptation"
    DECIDE_EXTENSION = "decide_extension"
    DECIDE_PAUSE = "decide_pause"
    DECIDE_CHANGE = "decide_change"
    CONSENT = "consent"
    APPROVE_CHASE = "approve_chase"
    ISSUE_PAPERS = "issue_papers"
    SPONSOR_ACT = "sponsor_act"
    APPROVE_INSPECTION = "approve_inspection"
    RECEIVE_CONCLUSION = "receive_conclusion"
    REVIEW_OBJECTION = "review_objection"
    NAME_LEAD = "name_lead"
    ANSWER = "answer"
    REMOVE_OBSTACLE = "remove_obstacle"
    SUBMIT = "submit"
    REPORT = "report"
    READ = "read"
    NAME_OBSTACLE = "name_obstacle"
    WORK = "work"
    PRESS = "press"
    FOLLOW_UNITS = "follow_units"
    DISPATCH = "dispatch"
    REVIEW = "review"
    CLOSE = "close"


FOLDED = frozenset({Need.PRESS, Need.SPONSOR_ACT})


class Hands(IntEnum):
    """In whose hands the work is within the unit: the person's own come first, a colleague's last."""

    MINE = 0
    ANYBODY = 1
    COLLEAGUE = 2


class Asker(IntEnum):
    """Who asks, the highest first."""

    LEADER = 1
    OFFICE = 2
    SUPERIOR = 3
    OWN = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits for a person.

    `day` is the date of this step; `waiters` are the levels of the units that wait for it; `path` is the task's line,
    digits of one width a step; `parts` are what the row stands for besides itself.
    """

    need: Need
    key: str
    title: str
    light: str = ""
    tier: int = 3
    urgency: int = 3
    asker: Asker = Asker.OWN
    asker_name: str = ""
    waiters: tuple[str, ...] = ()
    day: date | None = None
    code: str = ""
    task_id: int | None = None
    subject_id: int | None = None
    has_parts: bool = False
    hands: Hands = Hands.ANYBODY
    waiting_unit: str = ""
    waiting_days: int = 0
    path: str = ""
    parts: int = 0

    @property
    def is_parent_work(self) -> bool:
        """Work that is done in the tasks given down, so that it is looked at rather than reported."""
        return self.has_parts and self.need in (Need.WORK, Need.REPORT)

    def is_late(self, today: date) -> bool:
        """Has the step's own date passed?"""
        return self.day is not None and self.day < today


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row stands where it stands: a code and what its sentence needs."""

    code: str
    text: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item in its place, counted from 1, with its reasons in the order of the rule."""

    place: int
    item: Item
    reasons: tuple[Reason, ...]


def rank(items: Iterable[Item], today: date) -> list[Ranked]:
    """Every subject once, in the order of the rule above; the same items in any order give the same list."""
    best: dict[str, Item] = {}
    for item in items:
        held = best.get(item.key)
        if held is None or _precedence(item) < _precedence(held):
            best[item.key] = item
    ordered = sorted(_fold(best.values()), key=lambda item: _place(item, today))
    return [Ranked(n, item, reasons(item, today=today)) for n, item in enumerate(ordered, start=1)]


def _fold(items: Iterable[Item]) -> list[Item]:
    """Parts under a task that asks for the same are counted in its row."""
    kept: list[Item] = []
    tops: dict[Need, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.path):  # a task stands right before all below it
        held = tops.setdefault(item.need, []) if item.need in FOLDED and item.path else kept
        if held is not kept and held and item.path.startswith(held[-1].path):
            held[-1] = replace(held[-1], parts=held[-1].parts + 1)
        else:
            held.append(item)
    return [*kept, *(item for held in tops.values() for item in held)]


def severity(item: Item, *, today: date) -> int:
    """Place 2 of the rule."""
    own = SEVERITY[item.light]
    return min(own, SEVERITY["yellow"]) if item.is_late(today) else own


def reasons(item: Item, *, today: date) -> tuple[Reason, ...]:
    """What lifts a row above others, never empty: light, tier, urgency, who asks, its date, who waits."""
    found = [
        Reason("unit_waits", text=item.waiting_unit, number=item.waiting_days) if item.waiting_unit else None,
        Reason("mine") if item.hands == Hands.MINE else None,
        Reason(item.light) if item.light in ("red", "yellow") else None,
        Reason({1: "critical", 2: "key"}[item.tier]) if item.tier < 3 else None,
        Reason({1: "immediate", 2: "urgent"}[item.urgency]) if item.urgency < 3 else None,
        _asked(item),
        _dated(item, today=today),
        _waited(item),
        Reason("parts", number=item.parts) if item.parts else None,
    ]
    return tuple(reason for reason in found if reason) or (Reason("turn"),)


def _precedence(item: Item) -> tuple[int, int, date, int, str]:
    """Which of several rows about one subject stays; the last part only makes the choice the same every time."""
    order = list(Need).index(item.need)
    return order, item.asker, item.day or date.max, item.subject_id or 0, repr(item)


def _place(item: Item, today: date) -> tuple[bool, int, int, int, int, int, int, date, int, str, str]:
    return (
        item.need != Need.DECIDE_REQUEST,
        item.hands,
        severity(item, today=today),
        item.tier,
        item.urgency,
        item.asker,
        -len(item.waiters),
        item.day or date.max,
        list(Need).index(item.need),
        item.code,
        item.key,
    )


def _asked(item: Item) -> Reason | None:
    if item.asker == Asker.OWN:
        return None
    return Reason(f"asked_{item.asker.name.lower()}", text=item.asker_name)


def _dated(item: Item, *, today: date) -> Reason | None:
    if item.day is None:
        return None
    left = (item.day - today).days
    if left > SOON_DAYS:
        return None
    clock = _CLOCKS.get(item.need, "desk")
    if left == 0:
        return Reason(f"{clock}_today")
    return Reason(f"{clock}_late", number=-left) if left < 0 else Reason(f"{clock}_soon", number=left)


# Whose date a row shows: the work's own, a report's, or else that of the step at the desk.
_WORK = (Need.FIX, Need.SUBMIT, Need.WORK, Need.NAME_OBSTACLE, Need.PRESS, Need.SPONSOR_ACT)
_CLOCKS = dict.fromkeys(_WORK, "work") | dict.fromkeys((Need.REPORT, Need.READ), "report")


def _waited(item: Item) -> Reason | None:
    """Units of one level are named by it; of several, they are units."""
    if not item.waiters:
        return None
    kinds = set(item.waiters)
    return Reason("waits", text=kinds.pop() if len(kinds) == 1 else "", number=len(item.waiters))
