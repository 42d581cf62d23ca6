"""Writes whole trees of tasks with their reports and standings in bulk, at the speed of plain inserts."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone

from luoshi.demo.cityscape import words
from luoshi.progress.models import DayPercent, Feedback, Standing
from luoshi.progress.rules.rollup import Part, Sums, part_of
from luoshi.supervision.models import Submission, Verification
from luoshi.tasks.models import TASK_STEP, CodeSeries, Duty, Milestone, Task
from luoshi.tasks.rules.ladder import task_code
from luoshi.tasks.rules.states import DutyRole, Kind, State, Tier

FLUSH = 5_000
HUNDRED, ONE = Decimal(100), Decimal(1)
PAST_DUE = ((0.66, State.CLOSED), (0.80, State.COMPLETED), (0.86, State.SUBMITTED), (0.90, State.RETURNED))
AHEAD = (
    (0.03, State.COMPLETED),
    (0.05, State.SUBMITTED),
    (0.06, State.RETURNED),
    (0.10, State.DISPATCHED),
    (0.14, State.ACKNOWLEDGED),
    (0.18, State.PLANNED),
)
SILENT = (State.DISPATCHED, State.ACKNOWLEDGED, State.PLANNED)
ENDED = (State.COMPLETED, State.CLOSED)
CHECKED = (*ENDED, State.RETURNED)
PACES = ((0.70, 0.92, 1.15), (0.88, 0.60, 0.92), (0.97, 0.20, 0.60), (1.0, 0.0, 0.0))
PATH = ((Decimal(30), "完成前期工作"), (Decimal(60), "形象进度过半"), (HUNDRED, "完工并自查"))


class Place(NamedTuple):
    """A unit with those who act for it: its clerk, and the supervision office of its government."""

    unit_id: int
    code: str
    clerk_id: int
    office_id: int
    home_id: int


@dataclass(slots=True)
class Node:
    """A task about to be written. Leaves draw their fate; parents follow from their children."""

    title: str
    owner: Place
    doers: tuple[Place, ...]
    start: date
    due: date
    target: int = 100
    tier: int = Tier.ROUTINE
    kind: str = Kind.MEASURE
    children: "list[Node]" = field(default_factory=list)
    state: State = State.IN_PROGRESS
    percent: Decimal | None = None
    sums: Sums = field(default_factory=Sums)
    part: Part = field(default_factory=lambda: Part(None, ONE, 0, 1))
    last_at: datetime | None = None
    id: int = 0
    path: str = ""

    @property
    def code_year(self) -> int:
        return self.start.year


class Sower:
    """Gathers rows of every table and inserts them in blocks; it hands out the keys, so nothing is read back."""

    TABLES: tuple[type[Model], ...] = (
        Task,
        Duty,
        Milestone,
        Feedback,
        Standing,
        DayPercent,
        Submission,
        Verification,
    )

    def __init__(self, *, dice: random.Random, now: datetime, months: int, reports_a_month: float) -> None:
        self.dice = dice
        self.now = now
        self.today = timezone.localtime(now).date()
        self.months = months
        self.reports_a_month = reports_a_month
        self.words = words()
        self.numbers: Counter[tuple[int, int]] = Counter()
        self.written: Counter[str] = Counter()
        self._rows: dict[type[Model], list[Any]] = {table: [] for table in self.TABLES}
        self._keys: dict[type[Model], int] = {table: _highest_key(table) for table in (Task, Submission)}

    def sow(self, root: Node) -> None:
        """Write a tree."""
        self._place(root, parent=None)
        self._settle(root)
        self._write(root, parent=None)
        if sum(map(len, self._rows.values())) > FLUSH:
            self.flush()

    def flush(self) -> None:
        """Insert what was gathered."""
        for table, rows in self._rows.items():
            table._default_manager.bulk_create(rows, batch_size=FLUSH)
            self.written[table.__name__] += len(rows)
            rows.clear()

    def finish(self) -> None:
        """Insert the rest, and let numbers and keys go on after those handed out."""
        self.flush()
        CodeSeries.objects.bulk_create(
            [CodeSeries(unit_id=unit, year=year, last=last) for (unit, year), last in self.numbers.items()],
            update_conflicts=True,
            unique_fields=["unit", "year"],
            update_fields=["last"],
        )
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Task, Submission]):
                cursor.execute(statement)

    def _key(self, table: type[Model]) -> int:
        self._keys[table] += 1
        return self._keys[table]

    def _place(self, node: Node, *, parent: Node | None) -> None:
        node.id = self._key(Task)
        node.path = f"{parent.path if parent else ''}{node.id:0{TASK_STEP}d}"
        for child in node.children:
            self._place(child, parent=node)

    def _settle(self, node: Node) -> None:
        """Draw the fate of leaves; a parent rolls up from its parts and is closed when all of them have ended."""
        for child in node.children:
            self._settle(child)
            node.sums = node.sums.with_part(child.part)
        if node.children:
            ended = all(child.state in ENDED for child in node.children)
            node.state = State.CLOSED if ended and node.due < self.today else State.IN_PROGRESS
        else:
            node.state = _draw(self.dice, PAST_DUE if node.due < self.today else AHEAD)
            if node.state not in SILENT:
                node.percent = HUNDRED if node.state in (*CHECKED, State.SUBMITTED) else self._reached(node)
        node.part = part_of(node.percent, node.sums, weight=ONE, is_done=node.state in ENDED)

    def _reached(self, node: Node) -> Decimal:
        _chance, low, high = next(row for row in PACES if self.dice.random() < row[0] or row[0] == 1.0)
        return Decimal(min(99, round(100 * _share(node, self.today) * self.dice.uniform(low, high))))

    def _write(self, node: Node, *, parent: Node | None) -> None:
        self.numbers[(node.owner.unit_id, node.code_year)] += 1
        self._put(_task_row(node, parent, self.numbers[(node.owner.unit_id, node.code_year)]))
        for n, doer in enumerate(node.doers):
            self._put(_duty_row(node, doer, DutyRole.CO if n else DutyRole.LEAD))
        for child in node.children:
            self._write(child, parent=node)
        word = "" if node.children else self._write_leaf(node)
        self._put(_standing_row(node, word))
        if node.children and node.part.percent is not None:
            self._put(DayPercent(task_id=node.id, date=self.today, percent=node.part.percent))

    def _write_leaf(self, node: Node) -> str:
        """Milestones, reports and checks of a leaf; the words of its last report."""
        self._rows[Milestone].extend(_milestone_rows(node, today=self.today))
        days: dict[date, Decimal] = {}
        word = ""
        for at, percent in self._reports(node):
            report = self._report_row(node, at, percent)
            node.last_at, word = at, report.done
            days[timezone.localtime(at).date()] = percent
            self._put(report)
        self._rows[DayPercent].extend(DayPercent(task_id=node.id, date=d, percent=p) for d, p in days.items())
        if node.state in (*CHECKED, State.SUBMITTED):
            self._write_check(node)
        return word

    def _reports(self, node: Node) -> Iterator[tuple[datetime, Decimal]]:
        """The moments of a leaf's reports, oldest first, and what each said."""
        if node.percent is None:
            return
        end = min(self.today, node.due) if node.state in ENDED else self.today
        days = sorted(self._report_day(end, back) for back in range(self.months) for _n in range(self._how_many()))
        days = [max(day, node.start) for day in days] or [end]
        for n, day in enumerate(days, start=1):
            yield self._moment(day), Decimal(round(node.percent * n / len(days)))

    def _how_many(self) -> int:
        whole = int(self.reports_a_month)
        return whole + (self.dice.random() < self.reports_a_month - whole)

    def _report_day(self, end: date, back: int) -> date:
        """A working day of the month `back` before the end; three in ten in the days before the 28th."""
        month = (end.replace(day=1) - timedelta(days=1)).replace(day=1) if back else end.replace(day=1)
        for _n in range(back - 1):
            month = (month - timedelta(days=1)).replace(day=1)
        day = month + timedelta(
            days=(self.dice.choice((24, 25, 26)) if self.dice.random() < 0.3 else self.dice.randrange(28))
        )
        day = min(day, end)
        return day - timedelta(days=max(0, day.isoweekday() - 5))

    def _moment(self, day: date) -> datetime:
        at = timezone.make_aware(datetime.combine(day, clock_time(8, self.dice.randrange(60)))) + timedelta(
            hours=self.dice.randrange(9)
        )
        return min(at, self.now)

    def _report_row(self, node: Node, at: datetime, percent: Decimal) -> Feedback:
        value = node.target * percent / HUNDRED
        words = self.dice.choice(self.words["report"]).format(value=f"{value:f}", unit="处", percent=percent)
        day = timezone.localtime(at).date()
        return Feedback(
            task_id=node.id,
            unit_id=node.doers[0].unit_id,
            by_id=node.doers[0].clerk_id,
            at=at,
            period=f"{day.year}-{day.month:02d}",
            done=words,
            percent=percent,
            value=value,
        )

    def _write_check(self, node: Node) -> None:
        """The submission of a leaf, and what its verifier said."""
        doer, at = node.doers[0], node.last_at or self.now
        key = self._key(Submission)
        self._put(
            Submission(id=key, task_id=node.id, unit_id=doer.unit_id, by_id=doer.clerk_id, at=at, result="已逐点完成。")
        )
        if node.state in CHECKED:
            passed = node.state in ENDED
            self._put(
                Verification(
                    submission_id=key,
                    submitted_by_id=doer.clerk_id,
                    verifier_id=doer.office_id,
                    verifier_unit_id=doer.home_id,
                    doer_unit_id=doer.unit_id,
                    as_office=True,
                    at=at,
                    method="visit",
                    result="passed" if passed else "returned",
                    opinion="现场核对属实。" if passed else "有点位未完工，退回完善。",
                )
            )

    def _put(self, row: Model) -> None:
        self._rows[type(row)].append(row)


def _highest_key(table: type[Model]) -> int:
    highest: int | None = table._default_manager.aggregate(highest=Max("pk"))["highest"]
    return highest or 0


def _draw(dice: random.Random, chances: Sequence[tuple[float, State]]) -> State:
    roll = dice.random()
    return next((state for limit, state in chances if roll < limit), State.IN_PROGRESS)


def _share(node: Node, day: date) -> float:
    """The share of a task's days that have passed."""
    return min(1.0, max(0.0, (day - node.start).days / max(1, (node.due - node.start).days)))


def _task_row(node: Node, parent: Node | None, number: int) -> Task:
    begun = timezone.make_aware(datetime.combine(node.start, clock_time(9)))
    ended = node.last_at or timezone.make_aware(datetime.combine(node.due, clock_time(17)))
    return Task(
        id=node.id,
        path=node.path,
        parent_id=parent.id if parent else None,
        code=task_code(node.owner.code, year=node.code_year, number=number),
        title=node.title,
        requirement=f"{node.title}，{node.due:%-m月%-d日}前完成。",
        standard=f"完成{node.target}处，现场逐点核对。",
        kind=str(node.kind),
        tier=int(node.tier),
        state=node.state.value,
        owner_id=node.owner.unit_id,
        start_date=node.start,
        due_date=node.due,
        original_due_date=node.due,
        target_op=">=",
        target_value=node.target,
        target_unit="处",
        cadence="monthly",
        cadence_day=28,
        created_by_id=node.owner.office_id,
        created_at=begun,
        dispatched_at=begun,
        completed_at=ended if node.state in ENDED else None,
        closed_at=ended if node.state == State.CLOSED else None,
    )


def _duty_row(node: Node, doer: Place, role: DutyRole) -> Duty:
    taken = node.state != State.DISPATCHED
    at = timezone.make_aware(datetime.combine(node.start, clock_time(15))) if taken else None
    return Duty(
        task_id=node.id,
        unit_id=doer.unit_id,
        role=role.value,
        acknowledged_at=at,
        acknowledged_by_id=doer.clerk_id if taken else None,
    )


def _milestone_rows(node: Node, *, today: date) -> Iterator[Milestone]:
    span = (node.due - node.start).days
    for n, (percent, name) in enumerate(PATH, start=1):
        due = node.due if n == len(PATH) else node.start + timedelta(days=span * n // len(PATH))
        done = due if due < today and (node.percent or 0) >= percent else None
        yield Milestone(task_id=node.id, name=name, due_date=due, percent=percent, done_date=done)


def _standing_row(node: Node, word: str) -> Standing:
    waits = node.state == State.SUBMITTED and node.last_at
    return Standing(
        task_id=node.id,
        percent=node.part.percent,
        own_percent=node.percent,
        value=None if node.percent is None else node.target * node.percent / HUNDRED,
        reported=node.part.reported,
        expected=node.part.expected,
        weighted=node.sums.weighted,
        weight=node.sums.weight,
        last_at=node.last_at,
        last_word=word[:200],
        returned=int(node.state == State.RETURNED),
        submitted_date=timezone.localtime(waits).date() if waits else None,
    )
