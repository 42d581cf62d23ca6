"""One level of an indicator as a page: its parts by periods, what the whole comes to, and what a superior checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from luoshi.orgs.rules import Access
from luoshi.progress.models import Confirmation, Coverage, Reading
from luoshi.progress.queries import boards
from luoshi.progress.queries.boards import Cell, Crumb, Facts, Line
from luoshi.progress.rules.gaps import Gap
from luoshi.progress.rules.oddities import Oddity, Seen, find_oddities
from luoshi.progress.rules.plots import Plot
from luoshi.tasks.models import TASK_STEP, Allotment, Indicator
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.indicators import OverUnits

HISTORY = 24


@dataclass
class Board:
    """An allotment's page. `period` is the newest that was read, else today's; `lines` are one page of its parts."""

    allotment: Allotment
    name: str
    own: Line
    period: str
    facts: Facts
    crumbs: list[Crumb] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    after: int | None = None
    skipped: bool = False
    parts_target: Decimal | None = None
    sums: dict[str, Decimal] = field(default_factory=dict)
    missing_names: list[str] = field(default_factory=list)
    history: list[Confirmation] = field(default_factory=list)
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    locked: str = ""

    @property
    def indicator(self) -> Indicator:
        return self.allotment.indicator

    @property
    def periods(self) -> tuple[str, ...]:
        return boards.periods_of(self.indicator)

    @property
    def column(self) -> int:
        """The place of the period among the columns, from 1: the one that a narrow screen shows."""
        return self.periods.index(self.period) + 1

    @property
    def has_parts(self) -> bool:
        return bool(self.lines) or self.skipped

    @property
    def is_ratio(self) -> bool:
        return self.indicator.over_units == OverUnits.RATIO

    @property
    def adds_up(self) -> bool:
        return boards.adds_up(self.indicator)

    @property
    def now(self) -> Cell:
        """The whole in the period of the page."""
        return self.own.cells[self.column - 1]

    @property
    def to_date(self) -> Decimal | None:
        return self.now.to_date

    @property
    def targets(self) -> list[Decimal | None]:
        """The own target to date, period by period."""
        return [self.target_of(period) for period in self.periods]

    @property
    def parts_targets(self) -> list[Decimal | None]:
        return [self.sums.get(period) for period in self.periods]

    @property
    def parts_gap(self) -> Decimal | None:
        """By how much the parts' targets fall short of the whole's (negative: exceed it); None where one is missing."""
        own = self.allotment.target
        return None if own is None or self.parts_target is None else own - self.parts_target

    @property
    def gaps(self) -> list[Gap | None]:
        return [self.gap_of(period) for period in self.periods]

    @property
    def gap(self) -> Gap | None:
        return self.gap_of(self.period)

    @property
    def pace(self) -> Decimal | None:
        return boards.pace_of(self.allotment, self.to_date)

    @property
    def plot(self) -> Plot:
        return boards.plot_allotment(self.allotment, self.facts)

    def target_of(self, period: str) -> Decimal | None:
        return self.facts.targets.get(self.allotment.pk, {}).get(period)

    def gap_of(self, period: str) -> Gap | None:
        """The distance of the value to date to the path, by the end of a period that was read."""
        cell = self.own.cells[self.periods.index(period)]
        targets = self.facts.targets.get(self.allotment.pk, {})
        return boards.gap_to_date(self.allotment, cell.to_date, targets, period=period)


def get_board(access: Access, allotment: Allotment, *, today: date, period: str = "", after: int = 0) -> Board:
    """The page of an allotment: its parts from the one after `after` on; a fixed number of queries at any size."""
    parts = list(
        boards.list_parts_of(allotment).filter(pk__gt=after).select_related("indicator", "task")[: boards.PARTS + 1]
    )
    more, parts = len(parts) > boards.PARTS, parts[: boards.PARTS]
    facts = boards.read_facts([allotment.pk, *(part.pk for part in parts)])
    names = boards.list_lead_names([allotment.task_id, *(part.task_id for part in parts)])
    has_parts = allotment.pk in facts.expected
    locked = boards.locked_until(allotment, own=has_parts)
    own = boards.make_line(
        allotment, facts, name=names.get(allotment.task_id, ""), today=today, is_leaf=not has_parts, locked=locked
    )
    year, sums = boards.sum_targets(allotment) if has_parts else (None, {})
    board = Board(
        allotment=allotment, name=own.name, own=own, facts=facts, parts_target=year, sums=sums,
        period=_period(allotment, facts, period, today=today), crumbs=_list_crumbs(access, allotment),
        lines=_lines(access, parts, facts=facts, names=names, today=today, locked=locked), locked=locked,
        after=parts[-1].pk if more else None, skipped=after > 0, history=list_confirmations(allotment),
    )  # fmt: skip
    if has_parts:
        board.missing_names = boards.list_missing_names(allotment, board.period)
    else:
        board.readings = list_readings_of(allotment)
    return board


def _period(allotment: Allotment, facts: Facts, asked: str, *, today: date) -> str:
    """The period asked for, else the newest that was read, else today's."""
    if asked in boards.periods_of(allotment.indicator):
        return asked
    now = boards.period_of(allotment.indicator, today)
    tally = facts.tallies.get(allotment.pk, {}).get(now)
    return tally.last_period if tally else now


def _lines(
    access: Access, parts: list[Allotment], *, facts: Facts, names: dict[int, str], today: date, locked: str
) -> list[Line]:
    seen = set(list_visible(access).filter(pk__in=[p.task_id for p in parts]).values_list("pk", flat=True))
    return [
        boards.make_line(
            part, facts, name=names.get(part.task_id, "—"), today=today, locked=locked,
            is_seen=part.task_id in seen, is_leaf=part.pk not in facts.expected,
        )
        for part in parts
    ]  # fmt: skip


def _list_crumbs(access: Access, allotment: Allotment) -> list[Crumb]:
    """The levels above that take part in the indicator, from the top."""
    path = allotment.task.path or ""
    above = [int(path[n : n + TASK_STEP]) for n in range(0, len(path) - TASK_STEP, TASK_STEP)]
    rows = Allotment.objects.filter(indicator=allotment.indicator_id, task__in=above).order_by("task__path")
    found = list(rows.values_list("pk", "task_id"))
    if not found:
        return []
    tasks = [task for _pk, task in found]
    names = boards.list_lead_names(tasks)
    seen = set(list_visible(access).filter(pk__in=tasks).values_list("pk", flat=True))
    return [Crumb(pk, names.get(task, "—"), task in seen) for pk, task in found]


def list_confirmations(allotment: Allotment) -> list[Confirmation]:
    """What was confirmed on this level and opened again, newest first."""
    rows = Confirmation.objects.filter(allotment=allotment).select_related("by", "unit", "reopened_by")
    return list(rows.order_by("-at")[:HISTORY])


def list_readings_of(allotment: Allotment) -> dict[str, list[Reading]]:
    """Every reading of one allotment by period, the one that counts first."""
    found: dict[str, list[Reading]] = {}
    rows = Reading.objects.filter(allotment=allotment).select_related("by", "unit")
    for reading in sorted(rows, key=lambda r: (r.replaced_at is None, r.pk), reverse=True):
        found.setdefault(reading.period, []).append(reading)
    return found


@dataclass(frozen=True, slots=True)
class Check:
    """One part before a superior who confirms a period."""

    line: Line
    cell: Cell
    last: Decimal | None
    gap: Gap | None
    oddities: tuple[Oddity, ...]
    reading: Reading | None


def list_checks(board: Board, period: str) -> list[Check]:
    """The parts on the board's page in one period, each beside the period before, with what to look at; one query."""
    at = board.periods.index(period)
    ids = [line.allotment_id for line in board.lines]
    rows = Reading.objects.filter(allotment__in=ids, period=period, replaced_at__isnull=True).select_related("by")
    readings = {reading.allotment_id: reading for reading in rows}
    return [_check(board, line, at, readings.get(line.allotment_id)) for line in board.lines]


def _check(board: Board, line: Line, at: int, reading: Reading | None) -> Check:
    cell, last = line.cells[at], line.cells[at - 1].value if at else None
    targets = board.facts.targets.get(line.allotment_id, {})
    gap = boards.gap_to_date(board.allotment, cell.to_date, targets, period=cell.period)
    seen = Seen(cell.value, last, to_date=cell.to_date, target_to_date=targets.get(cell.period))
    return Check(line, cell, last, gap, find_oddities(seen), reading)


def get_confirmation(allotment: Allotment, period: str) -> Confirmation | None:
    """The confirmation under which a period of this level lies: its own, or one of a later period."""
    standing = Confirmation.objects.filter(allotment=allotment, period__gte=period, reopened_at__isnull=True)
    return standing.select_related("by", "unit").order_by("period").first()


def has_parts(allotment: Allotment) -> bool:
    """Has the allotment parts that count?"""
    return Coverage.objects.filter(allotment=allotment).exists()


def list_all_parts(allotment: Allotment) -> QuerySet[Allotment]:
    """The parts with their tasks, for the page on which each one's target is set."""
    return boards.list_parts_of(allotment).select_related("task", "indicator")
