"""What a row would do to a task: cell by cell what it held, what stands now and what the sheet says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from luoshi.ledger.rules.workbooks.cells import Fault, Words, read_cell, read_limit
from luoshi.ledger.rules.workbooks.fields import CONTENT, OWN, PLACE, SHOWN, STEER, SheetField
from luoshi.ledger.rules.workbooks.lines import TOP, Exported, Line, is_as, shown, squeezed

NEW, CHANGED, CONFLICT, ERROR, UNCHANGED = "new", "changed", "conflict", "error", "unchanged"
KEEP, OVERWRITE = "keep", "over"
WORDS_KEPT = frozenset({"source", "handler", "note", "last_word"})  # what a new task has no cell for
COMPARED_STEPS = (CONTENT, STEER, OWN)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row asks for: cells by field in canonical form, and its place (`row:12`, `top`).

    `place` names a task as `code:X` or `id:7`. `exported` holds what the wished cells held as they left, if known.
    """

    number: int
    task_id: int | None
    code: str
    title: str
    cells: Mapping[str, str]
    place: str = ""
    theme: str = ""
    exported: Mapping[str, Any] | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.task_id is None

    @property
    def asks(self) -> bool:
        """Does the row ask for anything, or is anything wrong with it?"""
        return bool(self.is_new or self.cells or self.place or self.faults)


@dataclass(frozen=True, slots=True)
class Known:
    """A task as it stands: canonical cells, its place, and which kinds of cells this person may change now."""

    id: int
    code: str
    values: Mapping[str, str]
    path: str = ""
    parent_id: int | None = None
    may: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    why_not: str = "not_yours"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that differs: what was exported, what stands now, what the sheet says; `both` when both were changed."""

    field: str
    exported: str
    theirs: str
    yours: str
    both: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row would do, and what is wrong with it."""

    wish: Wish
    state: str
    cells: tuple[Cell, ...] = ()
    place: str = ""
    faults: tuple[Fault, ...] = field(default=())


def read_wish(line: Line, columns: Iterable[SheetField], words: Words, *, lenient: bool = False) -> Wish:
    """The cells of a row that differ from what was exported (all of them, where that is unknown), read.

    `lenient`: of a table made elsewhere, what a cell cannot hold is kept in the words of the requirement.
    """
    exported = line.exported
    cells: dict[str, str] = {}
    faults = list(line.faults)
    kept: list[str] = []
    for column in columns:
        if lenient and line.is_new and column.step == SHOWN and column.name in WORDS_KEPT and line.texts[column.name]:
            kept.append(f"{column.chinese}：{' '.join(line.texts[column.name].split())}")
        if column.step not in COMPARED_STEPS or column.name not in line.texts:
            continue
        text = line.texts[column.name]
        if exported and text and exported.holds(column.name, text):
            continue
        value, code = read_cell(text, column, words)
        if exported and exported.holds(column.name, value) and not (code and text):
            continue
        if code and text and lenient and line.is_new and code != "too_long":
            day = read_limit(text, year=words.year) if column.kind == "date" else None
            cells |= {column.name: day.isoformat()} if day else {}
            kept += [] if day else [f"{column.chinese}：{' '.join(text.split())}"]
        elif code and not (line.task_id is None and not line.is_new):
            faults.append(Fault(column.name, code, text[:80]))
        elif value or not line.is_new:
            cells[column.name] = value
    if kept:
        cells["requirement"] = "\n".join(filter(None, [cells.get("requirement", ""), *kept]))
    place, fault = _place(line, exported)
    return Wish(
        line.number, line.task_id, line.code, line.title, cells, place, line.theme if line.is_new else "",
        {name: exported.values.get(name, "") for name in cells} if exported else None, (*faults, *fault),
    )  # fmt: skip


def _place(line: Line, exported: Exported | None) -> tuple[str, tuple[Fault, ...]]:
    """Where the row says it belongs; empty for where it was. A number above it rules over its depth."""
    if "parent" not in line.texts and "level" not in line.texts and not line.is_new:
        return "", ()
    parent = squeezed(line.texts.get("parent", ""))
    if line.is_new:
        if parent:
            return f"code:{parent[:40]}", ()
        return (line.parent, ()) if line.parent else ("", (Fault("parent", "no_place"),))
    if line.task_id is None or exported is None:
        return (f"code:{parent[:40]}" if parent and line.task_id else ""), ()
    level = line.texts.get("level", "").strip()
    if "parent" in line.texts and not exported.holds("parent", parent):
        if parent:
            return f"code:{parent[:40]}", ()
        return (TOP, ()) if line.level == 1 else ("", (Fault("parent", "no_place"),))
    if level and "level" in line.texts and str(line.level) != exported.level:
        return (line.parent, ()) if line.parent else ("", (Fault("level", "no_place", level[:20]),))
    return "", ()


def decide(wish: Wish, known: Known | None, columns: Mapping[str, SheetField]) -> Verdict:
    """What the row would do to the task as it stands now; the place is decided apart (`decide_places`)."""
    if wish.is_new or known is None:
        faults = wish.faults if wish.is_new or wish.faults else (*wish.faults, Fault("code", "no_task", wish.code))
        return Verdict(wish, ERROR if faults else NEW, place=wish.place, faults=faults)
    cells: list[Cell] = []
    faults_found = list(wish.faults)
    # In the order of the columns: a database may give the cells of a wish back in an order of its own.
    for name in (name for name in columns if name in wish.cells):
        yours, theirs = wish.cells[name], known.values.get(name, "")
        if squeezed(theirs) == squeezed(yours):
            continue
        was = theirs if wish.exported is None else wish.exported.get(name, "")
        cells.append(Cell(name, shown(was), theirs, yours, both=not is_as(was, theirs)))
        code = _refused(columns[name], known)
        if code:
            faults_found.append(Fault(name, code, yours[:80]))
    state = CONFLICT if any(cell.both for cell in cells) else CHANGED if cells or wish.place else UNCHANGED
    return Verdict(wish, ERROR if faults_found else state, tuple(cells), wish.place, tuple(faults_found))


def _refused(column: SheetField, known: Known) -> str:
    """Why this person may not change this cell now; empty when they may."""
    if column.step == OWN:
        return "" if column.name in known.own else "not_yours"
    return "" if column.step in known.may else known.why_not


def decide_places(
    verdicts: Sequence[Verdict], *, parents: Mapping[str, Known], tasks: Mapping[int, Known], paths: Mapping[int, str]
) -> list[Verdict]:
    """Where each row goes: `task:7`, `row:12` for a row that becomes a task, `top`, or nothing when it stays.

    `parents` are the tasks that rows name (`code:X`, `id:7`), `tasks` those that rows are, `paths` those of them all.
    """
    rows = {v.wish.number: v for v in verdicts}
    placed = [_placed(v, rows=rows, parents=parents, tasks=tasks) for v in verdicts]
    moves = {
        v.wish.task_id: int(v.place.partition(":")[2]) if v.place.startswith("task:") else 0
        for v in placed
        if v.wish.task_id is not None and v.place
    }
    return [_uncircled(v, moves, paths) for v in placed]


def _placed(
    verdict: Verdict, *, rows: Mapping[int, Verdict], parents: Mapping[str, Known], tasks: Mapping[int, Known]
) -> Verdict:
    wish = verdict.wish
    if not wish.place or (wish.task_id is None and wish.code):
        return verdict
    place, code, parent = wish.place, "", None
    if place.startswith(("code:", "id:")):
        parent = parents.get(place)
        place, code = (f"task:{parent.id}", "") if parent else ("", "no_parent")
    elif place.startswith("row:"):
        above = rows.get(int(place[4:]))
        if above is None or above.state == ERROR:
            place, code = "", "parent_wrong"
    return _settled(verdict, place, code, parent=parent, known=tasks.get(wish.task_id or 0))


def _settled(verdict: Verdict, place: str, code: str, *, parent: Known | None, known: Known | None) -> Verdict:
    """The verdict with its place, or with what stands against it."""
    wish = verdict.wish
    if known is not None and not code:
        here = f"task:{known.parent_id}" if known.parent_id else TOP
        if place == here:
            state = UNCHANGED if verdict.state == CHANGED and not verdict.cells else verdict.state
            return Verdict(wish, state, verdict.cells, "", verdict.faults)
        if PLACE not in known.may:
            code = known.why_not
    if parent is not None and not code and "parts" not in parent.may:
        code = "parent_ended" if parent.why_not == "ended" else "parent_not_yours"
    if code:
        text = wish.place.partition(":")[2] if wish.place.startswith("code:") else ""
        return Verdict(wish, ERROR, verdict.cells, "", (*verdict.faults, Fault("parent", code, text)))
    return Verdict(wish, verdict.state, verdict.cells, place, verdict.faults)


def _uncircled(verdict: Verdict, moves: Mapping[int, int], paths: Mapping[int, str]) -> Verdict:
    task = verdict.wish.task_id
    if task is None or not verdict.place.startswith("task:") or not _leads_to(moves[task], task, moves, paths):
        return verdict
    fault = Fault("parent", "circle")
    return Verdict(verdict.wish, ERROR, verdict.cells, "", (*verdict.faults, fault))


def _leads_to(start: int, task: int, moves: Mapping[int, int], paths: Mapping[int, str]) -> bool:
    """Would the task stand above `start` once everything has moved?"""
    seen: set[int] = set()
    here: int | None = start
    while here:
        chain = [int(paths[here][end - 10 : end]) for end in range(len(paths.get(here, "")), 0, -10)]
        if task in chain[: _moved_at(chain, moves) + 1]:
            return True
        place = _moved_at(chain, moves)
        if place >= len(chain) or chain[place] in seen:
            return place < len(chain)
        seen.add(chain[place])
        here = moves[chain[place]]
    return False


def _moved_at(chain: Sequence[int], moves: Mapping[int, int]) -> int:
    return next((n for n, pk in enumerate(chain) if pk in moves), len(chain))


def as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, from which its wish can be read again."""
    wish = verdict.wish
    return {
        "task": wish.task_id, "code": wish.code, "title": wish.title, "wish": dict(wish.cells), "asked": wish.place,
        "theme": wish.theme, "exported": None if wish.exported is None else dict(wish.exported),
        "own_faults": [[f.field, f.code, f.text] for f in wish.faults],
        "cells": [[c.field, c.exported, c.theirs, c.yours, c.both] for c in verdict.cells], "place": verdict.place,
        "faults": [[f.field, f.code, f.text] for f in verdict.faults],
    }  # fmt: skip


def as_wish(number: int, data: Mapping[str, Any]) -> Wish:
    """The wish that `as_data` wrote."""
    return Wish(
        number, data["task"], data["code"], data["title"], data["wish"], data["asked"], data["theme"],
        data["exported"], tuple(Fault(*row) for row in data["own_faults"]),
    )  # fmt: skip


def chosen(verdict_cells: Iterable[Cell], *, choice: str) -> list[Cell]:
    """The cells that are written: of those that both changed only when theirs is to be overwritten."""
    return [cell for cell in verdict_cells if not cell.both or choice == OVERWRITE]
