"""Doing what a workbook asks, all of it or nothing, in one act with one entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.bulk import take_keys
from luoshi.core.errors import Refusal
from luoshi.ledger.actions.columns import Filling, write_values
from luoshi.ledger.actions.workbooks import WorkbookEnded, decide_again
from luoshi.ledger.models import Column, Workbook, WorkbookRow
from luoshi.ledger.queries.workbooks import Meanings, get_home, list_fields, list_held
from luoshi.ledger.rules.columns import Value as OwnValue
from luoshi.ledger.rules.columns import read_value
from luoshi.ledger.rules.workbooks.cells import split_milestones, split_target
from luoshi.ledger.rules.workbooks.fields import OWN_PREFIX
from luoshi.ledger.rules.workbooks.verdicts import CONFLICT, ERROR, NEW, Verdict, as_data, chosen
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access
from luoshi.tasks.actions.drafting import insert_duties, refuse_too_many_critical
from luoshi.tasks.actions.inflating import let_pass
from luoshi.tasks.actions.moving import hold_tasks
from luoshi.tasks.actions.numbering import take_codes
from luoshi.tasks.actions.placing import DEEPEST, TooDeep, move_subtrees
from luoshi.tasks.models import TASK_STEP, Duty, Milestone, Task
from luoshi.tasks.queries import acting_unit, get_task_facts
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.duties import DutyRow, merge_duties
from luoshi.tasks.rules.ladder import guess_kind, rung_below
from luoshi.tasks.rules.states import DutyRole, State

PLAIN: Mapping[str, Callable[[str], Any]] = {
    "title": str, "requirement": str, "standard": str, "kind": str, "cadence": str, "tier": int, "urgency": int,
    "weight": Decimal, "start_date": date.fromisoformat, "due_date": date.fromisoformat,
    "review_date": date.fromisoformat,
}  # fmt: skip
EMPTIED: Mapping[str, Any] = {"cadence": "", "requirement": "", "standard": "", "weight": Decimal(1)}
WRITTEN = [*PLAIN, "target_op", "target_value", "target_unit", "sponsor", "version"]
JOURNALLED = 200  # characters of a cell in the entry
BATCH = 500


class WorkbookHasErrors(Refusal):
    """All or nothing."""

    sentence = _("Some rows have errors, so nothing was imported. Correct them in the file and upload it again.")


class WorkbookUndecided(Refusal):
    """Somebody else's change is not overwritten by chance."""

    sentence = _("Some cells were changed here as well as in the file. Choose for them what stands, then import.")


class WorkbookOutdated(Refusal):
    """What was previewed is what is done."""

    sentence = _(
        "Meanwhile something changed that this file touches. The preview is new: check it, then confirm again."
    )


def apply_workbook(
    book: Workbook, *, access: Access, by: Person, now: datetime, today: date, reason: str = ""
) -> dict[str, int]:
    """Do what the preview said, in one transaction; how many rows were new, changed and moved.

    Decided anew first. Raises WorkbookHasErrors, WorkbookUndecided, WorkbookEnded, TooManyCritical,
    UnexplainedInflation when more is asked of units than was asked from above and no `reason` is given, and
    WorkbookOutdated (with a fresh preview kept) when anything would come out differently.
    """
    try:
        with transaction.atomic():
            if not Workbook.objects.filter(pk=book.pk, state="read").update(state="applied", applied_at=now):
                raise WorkbookEnded
            rows = list(book.rows.order_by("number"))
            _check(rows)
            verdicts = _decided(book, rows, access=access, today=today)
            return _Import(book, access=access, by=by, now=now, today=today).run(verdicts, rows, reason=reason)
    except WorkbookOutdated:
        _keep_fresh(book, decide_again(book, access=access, today=today))
        raise


def _check(rows: Sequence[WorkbookRow]) -> None:
    if any(row.state == ERROR for row in rows):
        raise WorkbookHasErrors
    if any(row.state == CONFLICT and not row.choice for row in rows):
        raise WorkbookUndecided


def _decided(book: Workbook, rows: Sequence[WorkbookRow], *, access: Access, today: date) -> list[Verdict]:
    """The verdicts anew, with the tasks locked. Raises WorkbookOutdated when one differs from the preview."""
    hold_tasks(pk for row in rows for pk in (row.data["task"], _target(row.data["place"])) if pk)
    verdicts = decide_again(book, access=access, today=today)
    if [(v.state, as_data(v)) for v in verdicts] != [(row.state, row.data) for row in rows]:
        raise WorkbookOutdated
    return verdicts


def _keep_fresh(book: Workbook, verdicts: Sequence[Verdict]) -> None:
    choices = dict(book.rows.values_list("number", "choice"))
    with transaction.atomic():
        WorkbookRow.objects.filter(workbook=book).delete()
        WorkbookRow.objects.bulk_create(
            [WorkbookRow(workbook=book, number=v.wish.number, state=v.state, data=as_data(v),
                         choice=choices.get(v.wish.number, "") if v.state == CONFLICT else "")
             for v in verdicts if v.state != "unchanged"],
            batch_size=BATCH,
        )  # fmt: skip


class _Import:
    """One import under way."""

    def __init__(self, book: Workbook, *, access: Access, by: Person, now: datetime, today: date) -> None:
        self.book, self.access, self.by, self.now, self.today = book, access, by, now, today
        _fields, self.columns = list_fields(access)
        self.meanings = Meanings(access, home=get_home(access, book), today=today, lenient=bool(book.layout))
        self.fillings: list[Filling] = []
        self.tasks: dict[int, Task] = {}

    def run(self, verdicts: Sequence[Verdict], rows: Sequence[WorkbookRow], *, reason: str) -> dict[str, int]:
        choices = {row.number: row.choice for row in rows}
        ids = [v.wish.task_id for v in verdicts if v.wish.task_id]
        ids += [_target(v.place) for v in verdicts if _target(v.place)]
        for start in range(0, len(ids), BATCH):
            found = Task.objects.select_related("owner").filter(pk__in=ids[start : start + BATCH])
            self.tasks |= {task.pk: task for task in found}
        moved = self._move([v for v in verdicts if v.wish.task_id and v.place])
        made = self._insert([v for v in verdicts if v.state == NEW])
        wanted, changes = _wanted(verdicts, choices)
        notes = self._let_pass(wanted, reason=reason)
        self._change(wanted)
        filled = write_values(self.fillings)
        touched = [*made, *(self.tasks[pk] for pk in changes)]
        refuse_too_many_critical([*made, *(self.tasks[pk] for pk, cells in changes.items() if "tier" in cells)])
        counts = {"new": len(made), "changed": len(changes), "moved": len(moved)}
        Workbook.objects.filter(pk=self.book.pk).update(counts={**self.book.counts, **counts})
        record_entry(
            "apply_workbook", by=self.by, now=self.now, subject=self.book, unit_path=_top(self.access, touched),
            counts=counts, task_ids=[*(t.pk for t in made), *changes, *(m[0] for m in moved)],
            new=[[t.pk, t.code, t.parent_id] for t in made], changes={str(k): v for k, v in changes.items()},
            moves=[list(m) for m in moved], parent_ids=sorted({m[1] for m in moved if m[1]}), cells=filled,
            columns={str(column.pk): column.name for column in self.columns.values()} if filled else {}, **notes,
        )  # fmt: skip
        return counts

    def _move(self, verdicts: Sequence[Verdict]) -> list[tuple[int, int | None, int | None]]:
        """Hang tasks with all below them under other tasks; the task, what stood above and what stands above now."""
        targets = {v.wish.task_id or 0: _target(v.place) for v in verdicts}
        pairs = [
            (self.tasks[pk], self.tasks[targets[pk]] if targets[pk] else None) for pk in _in_turn(targets, self.tasks)
        ]
        return move_subtrees(pairs) if pairs else []

    def _insert(self, verdicts: Sequence[Verdict]) -> list[Task]:
        """Draft the new rows, those above before those below, each theme as a task above its rows."""
        if not verdicts:
            return []
        made: dict[str, Task] = {}
        themes: dict[tuple[str, str], Task] = {}
        tasks: list[Task] = []
        duties: dict[int, Sequence[DutyRow]] = {}
        milestones: list[Milestone] = []
        for verdict in sorted(verdicts, key=lambda v: v.wish.number):
            above = self._above(verdict.place, made)
            if verdict.wish.theme and verdict.place in ("", "top", f"task:{self.book.parent_id}"):
                key = (verdict.place, verdict.wish.theme)
                if key not in themes:
                    themes[key] = self._task({"title": verdict.wish.theme, "kind": "initiative"}, above)
                    tasks.append(themes[key])
                above = themes[key]
            task = self._task(dict(verdict.wish.cells), above)
            made[f"row:{verdict.wish.number}"] = task
            tasks.append(task)
        self._number(tasks)
        for verdict in verdicts:
            task = made[f"row:{verdict.wish.number}"]
            duties[task.pk] = merge_duties(self._duties(verdict.wish.cells, {}))
            milestones += _milestones(task, verdict.wish.cells.get("milestones", ""))
            self._fill(task.pk, verdict.wish.cells)
        Task.objects.bulk_create(tasks, batch_size=BATCH)
        insert_duties(duties)
        Milestone.objects.bulk_create(milestones, batch_size=BATCH)
        return tasks

    def _above(self, place: str, made: Mapping[str, Task]) -> Task | None:
        if place.startswith("row:"):
            return made[place]
        return self.tasks[_target(place)] if _target(place) else None

    def _task(self, cells: dict[str, str], above: Task | None) -> Task:
        fields = _fields(cells, self.meanings)
        number = fields.get("target_value") is not None
        given = rung_below(above.kind, has_number=number) if above else guess_kind(cells["title"], has_number=number)
        fields.setdefault("kind", given.value)
        return Task(
            state=State.DRAFT.value, owner=self._owner(above), parent=above, created_by=self.by, created_at=self.now,
            **{name: value for name, value in fields.items() if value is not None},
        )  # fmt: skip

    def _owner(self, above: Task | None) -> Unit:
        """Who asks for a new task: who asked for the one above, or the unit that gives a part of it down."""
        if above is None:
            assert self.book.owner is not None  # `no_owner` is an error of the row
            return self.book.owner
        if above.pk is None or may(self.access, get_task_facts(above), "draft"):
            return above.owner
        return acting_unit(self.access, above, "cascade")

    def _number(self, tasks: Sequence[Task]) -> None:
        """Keys, codes and paths for tasks whose parents come before them."""
        for task, key in zip(tasks, take_keys(Task, len(tasks)), strict=True):
            task.pk = key
        paths = dict(Task.objects.filter(pk__in={t.parent.pk for t in tasks if t.parent}).values_list("pk", "path"))
        for task in tasks:
            root = paths.get(task.parent.pk, task.parent.path) or "" if task.parent else ""
            task.parent_id = task.parent.pk if task.parent else None
            task.path = f"{root}{task.pk:0{TASK_STEP}d}"
            if len(task.path) > DEEPEST * TASK_STEP:
                raise TooDeep
        for owner in {task.owner for task in tasks}:
            own = [task for task in tasks if task.owner == owner]
            for task, code in zip(own, take_codes(owner, year=self.today.year, count=len(own)), strict=True):
                task.code = code

    def _let_pass(self, wanted: Mapping[int, Mapping[str, str]], *, reason: str) -> dict[str, Any]:
        """The guard against asking more than was asked from above; what it notes. Raises UnexplainedInflation."""
        fields = {pk: _fields(cells, self.meanings) for pk, cells in wanted.items()}
        tasks = [self.tasks[pk] for pk in wanted]
        return let_pass(tasks, by=self.by, now=self.now, today=self.today, reason=reason, changes=fields)

    def _change(self, wanted: Mapping[int, Mapping[str, str]]) -> None:
        """Write the cells that differ."""
        for pk, cells_wanted in wanted.items():
            task = self.tasks[pk]
            for name, value in _fields(cells_wanted, self.meanings).items():
                setattr(task, name, value)
            task.version += 1
            self._fill(pk, cells_wanted)
        Task.objects.bulk_update([self.tasks[pk] for pk in wanted], WRITTEN, batch_size=BATCH // 5)
        self._replace_duties({pk: c for pk, c in wanted.items() if c.keys() & {"lead", "co"}})
        self._replace_milestones({pk: cells["milestones"] for pk, cells in wanted.items() if "milestones" in cells})

    def _replace_milestones(self, wanted: Mapping[int, str]) -> None:
        """Put the written path in the place of the planned one; a milestone of the same name stays reached."""
        old = Milestone.objects.filter(task__in=wanted)
        reached = {(m.task_id, m.name): m.done_date for m in old}
        old.delete()
        rows = [row for pk, text in wanted.items() for row in _milestones(self.tasks[pk], text)]
        for row in rows:
            row.done_date = reached.get((row.task_id, row.name))
        Milestone.objects.bulk_create(rows, batch_size=BATCH)

    def _replace_duties(self, wanted: Mapping[int, Mapping[str, str]]) -> None:
        """Put the named units in the place of those that led or helped; what each owes by its own words stays."""
        held, stand = _held(wanted), _list_duties(wanted)
        gone: set[int] = set()
        fresh: dict[int, Sequence[DutyRow]] = {}
        for pk, cells in wanted.items():
            rows = merge_duties(self._duties(cells, held[pk]))
            replaced = {str(row.role) for row in rows}
            replaced |= {"lead", "joint"} if "lead" in cells else set()
            replaced |= {"co"} if "co" in cells else set()
            asked = {(row.unit_id, str(row.role)) for row in rows if row.unit_id}
            old = stand.get(pk, [])
            gone |= {d.pk for d in old if d.role in replaced and (d.unit_id, d.role) not in asked}
            kept = {(d.unit_id, d.role) for d in old if d.unit_id and d.pk not in gone}
            fresh[pk] = [row for row in rows if (row.unit_id, str(row.role)) not in kept]
        for part in _in_parts(gone, BATCH):
            Duty.objects.filter(pk__in=part).delete()
        insert_duties(fresh)

    def _duties(self, cells: Mapping[str, str], held: Mapping[str, DutyRow]) -> list[DutyRow]:
        found = []
        for name, role in (("lead", DutyRole.LEAD), ("co", DutyRole.CO)):
            if cells.get(name):
                found += self.meanings.units(cells[name], role=role, held=held)[0]
        return found

    def _fill(self, pk: int, cells: Mapping[str, str]) -> None:
        """Note what is to stand in own columns."""
        for name, text in cells.items():
            if name.startswith(OWN_PREFIX) and name in self.columns:
                column: Column = self.columns[name]
                value = read_value(text, kind=column.kind, choices=column.choices) if text else OwnValue()
                self.fillings.append(Filling(pk, column, value))


def _wanted(
    verdicts: Iterable[Verdict], choices: Mapping[int, str]
) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, list[str]]]]:
    """The cells to write, by task and field; and what stood there and what is to stand, for the journal."""
    wanted: dict[int, dict[str, str]] = {}
    changes: dict[int, dict[str, list[str]]] = {}
    for verdict in verdicts:
        cells = chosen(verdict.cells, choice=choices.get(verdict.wish.number, ""))
        if verdict.wish.task_id and cells:
            wanted[verdict.wish.task_id] = {cell.field: cell.yours for cell in cells}
            changes[verdict.wish.task_id] = {
                cell.field: [cell.theirs[:JOURNALLED], cell.yours[:JOURNALLED]] for cell in cells
            }
    return wanted, changes


def _list_duties(tasks: Iterable[int]) -> dict[int, list[Duty]]:
    """The duties of these tasks, by task."""
    found: dict[int, list[Duty]] = {}
    for part in _in_parts(tasks, BATCH):
        for duty in Duty.objects.filter(task__in=part).order_by("pk"):
            found.setdefault(duty.task_id, []).append(duty)
    return found


def _in_parts(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    """Keys some at a time, as many as a statement takes."""
    left = iter(keys)
    while part := list(islice(left, size)):
        yield part


def _held(wanted: Mapping[int, Any]) -> dict[int, dict[str, DutyRow]]:
    found = list_held(list(wanted))
    return {pk: found.get(pk, {}) for pk in wanted}


def _fields(cells: Mapping[str, str], meanings: Meanings) -> dict[str, Any]:
    """The columns of the task that cells set."""
    found: dict[str, Any] = {}
    for name, text in cells.items():
        if name in PLAIN:
            found[name] = PLAIN[name](text) if text else EMPTIED.get(name)
        elif name == "target":
            sign, value, unit = split_target(text) if text else ("", None, "")
            found |= {"target_op": sign, "target_value": value, "target_unit": unit}
        elif name == "sponsor":
            found["sponsor_id"] = meanings.sponsor(text) if text else None
    return found


def _milestones(task: Task, text: str) -> list[Milestone]:
    return [Milestone(task=task, name=n, due_date=day, percent=p) for day, p, n in split_milestones(text)]


def _target(place: str) -> int:
    """The task that a place names; 0 for the top."""
    return int(place[5:]) if place.startswith("task:") else 0


def _in_turn(targets: Mapping[int, int], tasks: Mapping[int, Task]) -> list[int]:
    """The moves in an order in which what stands above the new place has moved before: no step meets a circle."""
    order: dict[int, None] = {}

    def visit(pk: int) -> None:
        path = tasks[targets[pk]].path or "" if targets[pk] else ""
        for end in range(TASK_STEP, len(path) + 1, TASK_STEP):
            above = int(path[end - TASK_STEP : end])
            if above in targets and above != pk and above not in order:
                visit(above)
        order.setdefault(pk)

    for pk in targets:
        visit(pk)
    return list(order)


def _top(access: Access, tasks: Sequence[Task]) -> str:
    """The unit at whose level the entry may be read."""
    paths = [task.owner.path or "" for task in tasks] or list(access.paths[:1]) or [""]
    common = paths[0]
    while common and not all(path.startswith(common) for path in paths):
        common = common[:-8]
    return common
