"""The ladder of kinds, the cap on critical tasks, task numbers, and the planned path of milestones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from luoshi.tasks.rules.states import Kind

PROJECT = re.compile(
    r"工程|项目建设|建设项目|开工|竣工|投产|投用|(?:新建|改建|扩建|改造)[^，。；]{0,30}(?:路|桥|厂|站|园|馆|院|校|区)"
)
ACTION = re.compile(r"^(?:组织|开展|举办|召开|排查|摸排|整治|清理|培训|宣传|巡查|检查|抽查|报送)")
PRINCIPLE = re.compile(r"^(?:坚持|坚定|牢固树立|统筹兼顾|全面贯彻|深入贯彻|认真学习)")
INITIATIVE = re.compile(r"机制|体系|体制|改革|制度|格局|行动计划|战略")
BELOW = {Kind.PRINCIPLE: Kind.INITIATIVE, Kind.INITIATIVE: Kind.MEASURE, Kind.PROJECT: Kind.ACTION}
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def guess_kind(title: str, *, requirement: str = "", has_number: bool = False) -> Kind:
    """The rung that a duty's own words suggest; a person may change it."""
    if has_number:
        return Kind.HARD_TARGET
    if PRINCIPLE.search(title):
        return Kind.PRINCIPLE
    if PROJECT.search(title) or (PROJECT.search(requirement) and not INITIATIVE.search(title)):
        return Kind.PROJECT
    if ACTION.search(title):
        return Kind.ACTION
    return Kind.INITIATIVE if INITIATIVE.search(title) else Kind.MEASURE


def rung_below(kind: str, *, has_number: bool = False) -> Kind:
    """The rung that a part of a task stands on when it is given down."""
    if has_number:
        return Kind.HARD_TARGET
    return BELOW.get(Kind(kind), Kind(kind))


def may_be_critical(count: int, *, cap: int) -> bool:
    """Does a unit that has `count` critical tasks (parts of one count as that one) stay within its cap?"""
    return count <= cap


def task_code(unit_code: str, *, year: int, number: int) -> str:
    """The number of a task as people quote it: QH-2026-0012."""
    return f"{unit_code}-{year}-{number:04d}"


@dataclass(frozen=True, slots=True)
class Point:
    """A milestone of the planned path: what should be done of the task (percent) by a day."""

    name: str
    due_date: date
    percent: Decimal | None = None


def check_path(points: Sequence[Point], *, due_date: date | None) -> str | None:
    """What is wrong with a planned path: after_due, falling, out_of_range, name_twice; None when nothing is."""
    percents = [p.percent for p in sorted(points, key=lambda p: p.due_date) if p.percent is not None]
    if any(not 0 <= p <= 100 for p in percents):
        return "out_of_range"
    if any(later < earlier for earlier, later in pairwise(percents)):
        return "falling"
    if due_date and any(p.due_date > due_date for p in points):
        return "after_due"
    return "name_twice" if len({(p.name, p.due_date) for p in points}) < len(points) else None


def quarter_path(start: date, due: date) -> list[tuple[date, Decimal]]:
    """The straight line from start to due, read at each quarter's end: (day, percent), the last is (due, 100)."""
    days = (due - start).days
    if days <= 0:
        return [(due, Decimal(100))]
    ends = (date(year, *end) for year in range(start.year, due.year + 1) for end in QUARTER_ENDS)
    line = [(end, Decimal((end - start).days * 100) / days) for end in ends if start < end < due]
    return [*((day, percent.quantize(Decimal("0.1"))) for day, percent in line), (due, Decimal(100))]
