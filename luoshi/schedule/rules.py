"""Where the nodes of a task stand in a year: milestones, due dates and reports placed in twelve months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = range(1, 13)
CELL_NODES = 3  # more than this many in one month are counted, not printed


class NodeKind(StrEnum):
    """What falls on the date: 节点, 办结时限, 报送."""

    MILESTONE = "milestone"
    DUE = "due"
    REPORT = "report"


class NodeState(StrEnum):
    """How a node stands on a day."""

    DONE = "done"
    LATE = "late"
    NEAR = "near"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Node:
    """One dated point of a task; `done` is whether it is behind us. `text` is empty where the kind says it all."""

    kind: NodeKind
    day: date
    text: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A node with its state, as a cell shows it."""

    node: Node
    state: NodeState


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one task: the first nodes, and how many more there are."""

    month: int
    nodes: tuple[Placed, ...] = ()
    more: int = 0


def node_state(node: Node, *, today: date, near_days: int) -> NodeState:
    """Done, past its date, within `near_days` of it, or still ahead; the day itself is near, not late."""
    if node.done:
        return NodeState.DONE
    if node.day < today:
        return NodeState.LATE
    return NodeState.NEAR if (node.day - today).days <= near_days else NodeState.AHEAD


def place_nodes(nodes: Iterable[Node], *, year: int, today: date, near_days: int) -> tuple[Cell, ...]:
    """Twelve cells with the nodes of the year in date order; undone nodes come first where a month is crowded."""
    months: dict[int, list[Placed]] = {month: [] for month in MONTHS}
    for node in nodes:
        if node.day.year == year:
            months[node.day.month].append(Placed(node, node_state(node, today=today, near_days=near_days)))
    return tuple(_cell(month, placed) for month, placed in months.items())


EMPTY = {month: Cell(month) for month in MONTHS}  # most months of most tasks


def _cell(month: int, placed: list[Placed]) -> Cell:
    if len(placed) < 2:
        return Cell(month, tuple(placed)) if placed else EMPTY[month]
    kept = sorted(placed, key=lambda p: (p.state is NodeState.DONE, p.node.day))[:CELL_NODES]
    return Cell(month, tuple(sorted(kept, key=lambda p: (p.node.day, p.node.kind))), len(placed) - len(kept))


def report_nodes(
    cadence: str, *, day: int | None, first: date, last: date, year: int, reported: frozenset[str]
) -> list[Node]:
    """The quarterly, half-yearly or yearly reports of a task in a year; weekly and monthly ones would fill every cell.

    `reported` holds the periods already reported ("2026-Q3", "2026"). Without a day the report is due at month's end.
    """
    if cadence == "quarterly":
        periods = [(3 * quarter, f"{year}-Q{quarter}") for quarter in range(1, 5)]
    elif cadence == "semiannual":
        periods = [(6, f"{year}-H1"), (12, f"{year}-H2")]
    elif cadence == "annual":
        periods = [(12, str(year))]
    else:
        return []
    nodes = [
        Node(NodeKind.REPORT, _day_of(year, month, day), period, done=period in reported) for month, period in periods
    ]
    return [node for node in nodes if first <= node.day <= last]


def _day_of(year: int, month: int, day: int | None) -> date:
    """A day of a month, the last one where the month is shorter or no day is set."""
    for candidate in range(min(day or 31, 31), 27, -1):
        try:
            return date(year, month, candidate)
        except ValueError:
            continue
    return date(year, month, day or 28)
