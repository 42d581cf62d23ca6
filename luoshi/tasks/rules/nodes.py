"""Nodes that a matter passes on its way, by kind of matter (domain handbook §1.2); templates are data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luoshi.tasks.rules.matters import Matter

MOST_NODES = 20


class Reached(StrEnum):
    """What reaches a node: a step of the task, or a milestone that bears the node's name."""

    OPENED = "opened"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"
    REPORTED = "reported"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    CLOSED = "closed"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """One node: what it is called and what reaches it."""

    name: str
    reached_by: str


@dataclass(frozen=True, slots=True)
class Passed:
    """When each step of a task was taken, and when milestones of a name are due or were reached."""

    steps: Mapping[str, date]
    milestones: Mapping[str, tuple[date, date | None]]


class Place(StrEnum):
    """Where a node stands on the strip."""

    DONE = "done"
    PASSED = "passed"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class StripNode:
    """A node as the strip shows it: `day` is when it was reached, or planned to be."""

    name: str
    reached_by: str
    place: str
    day: date | None


def _nodes(text: str) -> tuple[NodeFacts, ...]:
    """`立项=opened 反馈=reported`; without a step the node waits for a milestone of its name."""
    pairs = (part.partition("=") for part in text.split())
    return tuple(NodeFacts(name, step or Reached.MILESTONE.value) for name, _equals, step in pairs)


TEMPLATES: Mapping[str, tuple[NodeFacts, ...]] = {
    "decision": _nodes("立项=opened 反馈=reported 核实=completed 销号=closed"),
    "platform": _nodes(
        "督查事项=opened 领导审核=dispatched 下发通知=dispatched 签收=acknowledged 办理=planned 反馈=reported"
        " 复核=submitted 办结=completed"
    ),
    "construction": _nodes(
        "项目立项=opened 可研批复 用地审批 规划许可 初步设计 招标投标 施工许可 开工建设 主体完工 竣工验收=completed"
        " 交付使用=closed"
    ),
    "investment": _nodes("签约 落地开工 投产达效=completed"),
    "rectification": _nodes("拉条挂账=opened 督办落实=reported 办结销号=closed"),
}
PRESET_NODES: Mapping[str, str] = {
    Matter.DOCUMENT: "platform",
    Matter.MEETING: "decision",
    Matter.REMARK: "platform",
    Matter.HOTLINE: "decision",
    Matter.FINDING: "rectification",
    Matter.PROJECT: "construction",
    Matter.PROPOSAL: "platform",
}


def preset_nodes(matter: str) -> tuple[NodeFacts, ...]:
    """The nodes of a matter where nobody set others."""
    return TEMPLATES[PRESET_NODES[Matter(matter)]]


def make_strip(nodes: Sequence[NodeFacts], passed: Passed, *, is_ended: bool = False) -> tuple[StripNode, ...]:
    """The nodes as done, now (the first that is not reached) and next.

    A node whose step was leapt over is done without a day once a later one was reached. A milestone that the task has
    is never leapt over; one that it has not was passed by unnoted.
    """
    days = [_day(node, passed) for node in nodes]
    furthest = max((n for n, (reached, _planned) in enumerate(days) if reached), default=-1)
    found: list[StripNode] = []
    waits = not is_ended
    for number, (node, (reached, planned)) in enumerate(zip(nodes, days, strict=True)):
        leapt = number < furthest and (node.reached_by != Reached.MILESTONE or planned is None)
        if reached or leapt:
            unnoted = not reached and node.reached_by == Reached.MILESTONE
            place = Place.PASSED if unnoted else Place.DONE
        else:
            place, waits = (Place.NOW if waits else Place.NEXT), False
        found.append(StripNode(node.name, node.reached_by, place.value, reached or (None if leapt else planned)))
    return tuple(found)


def _day(node: NodeFacts, passed: Passed) -> tuple[date | None, date | None]:
    """When the node was reached, and when it is planned to be."""
    if node.reached_by != Reached.MILESTONE:
        return passed.steps.get(node.reached_by), None
    planned, reached = passed.milestones.get(node.name, (None, None))
    return reached, planned


class NodeFault(StrEnum):
    """Why nodes cannot be kept."""

    NONE = "none"
    MANY = "many"
    NAMELESS = "nameless"
    TWICE = "twice"
    STEP = "step"


def check_nodes(nodes: Sequence[NodeFacts]) -> NodeFault | None:
    """The first thing that is wrong with the nodes of a matter."""
    names = [node.name for node in nodes]
    if not nodes:
        return NodeFault.NONE
    if len(nodes) > MOST_NODES:
        return NodeFault.MANY
    if any(not name or len(name) > 40 for name in names):
        return NodeFault.NAMELESS
    if len(set(names)) < len(names):
        return NodeFault.TWICE
    return NodeFault.STEP if any(node.reached_by not in set(Reached) for node in nodes) else None
