"""Reads rows of a task table or a rectification list, one line a row with cells between tabs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from luoshi.directives.rules.facts import Span, TableHead
from luoshi.directives.rules.heads import (
    BARE_UNIT,
    GAP,
    TEXT_ROLES,
    Cell,
    Head,
    Line,
    Run,
    find_head,
    read_head,
    table_runs,
    unknown_head,
)  # fmt: skip
from luoshi.directives.rules.labels import UNIT_ROLES, outer_labels
from luoshi.directives.rules.outline import marker_at
from luoshi.directives.rules.phrases import Draft, read_field, read_label
from luoshi.directives.rules.records import is_record, record_rows
from luoshi.directives.rules.rows import Row
from luoshi.directives.rules.units import EMPTY, looks_like_unit

NUMBERED = re.compile(r"^[一二三四五六七八九十]{1,3}$|^[（(][一二三四五六七八九十]{1,3}[）)]$")
PROBLEM = re.compile(r"问题|短板|不足|诉求")
MEASURE = re.compile(r"措施|举措|做法")


@dataclass(slots=True)
class Table:
    """A table while its rows are read: its head, the last words of each column, the group that rows stand under."""

    head: Head
    above: dict[int, Cell] = field(default_factory=dict)
    group: str = ""
    begun: bool = False

    @property
    def is_sure(self) -> bool:
        """Tell whether a heading says that its column names who is responsible."""
        rows = zip(self.head.table.headings, self.head.roles, strict=True)
        return any(role in UNIT_ROLES and not BARE_UNIT.match(heading) for heading, role in rows)

    def columns(self, roles: Sequence[str]) -> list[int]:
        """Return the columns that have one of some roles."""
        return [i for i, role in enumerate(self.head.roles) if role in roles]


def read_tables(text: str, *, columns: Mapping[str, str]) -> tuple[list[Row], list[TableHead]]:
    """Return the duty rows of every table whose head says who, and the heads of all that may hold duties."""
    known = {re.sub(r"\s", "", heading): role for heading, role in columns.items()}
    rows: list[Row] = []
    heads: list[TableHead] = []
    table: Table | None = None
    for run in table_runs(text):
        if is_record(run.lines):
            rows.extend(record_rows(run.lines))
            continue
        table = _continued(table, run) or _begun(run, known, heads)
        if table:
            rows.extend(_rows(table, run, known, heads))
    return rows, heads


def _begun(run: Run, known: Mapping[str, str], heads: list[TableHead]) -> Table | None:
    found = find_head(run.lines, columns=known)
    if found:
        return Table(found[0])
    unknown = unknown_head(run.lines, columns=known)
    heads.extend([unknown] if unknown else [])
    return None


def _continued(table: Table | None, run: Run) -> Table | None:
    """Return the table that a run goes on with: as many columns, and little between."""
    if table is None or run.gap > GAP:
        return None
    width = len(table.head.roles)
    same = max(len(line.cells) for line in run.lines) <= width and len(run.lines[0].cells) == width
    if same and run.gap:
        table.above.clear()
    return table if same else None


def _rows(table: Table, run: Run, known: Mapping[str, str], heads: list[TableHead]) -> Iterator[Row]:
    skip = 0
    for index, line in enumerate(run.lines):
        if skip:
            skip -= 1
            continue
        head = read_head(line, run.lines[index + 1 : index + 3], columns=known)
        if head:
            skip = head.size - 1
            if not table.begun or head.table.headings != table.head.table.headings:
                table.head, table.above, table.group, table.begun = head, {}, "", True
                heads.append(head.table)
        elif table.begun:
            row = _row(table, line)
            yield from [row] if row else []


def _row(table: Table, line: Line) -> Row | None:
    """Read one row; an empty cell of a merged column takes what stands above it."""
    if not line.filled or _is_group(table, line):
        return None
    cells, inherited = _filled(table, line)
    draft, serial = Draft(), ""
    roles = table.head.roles
    has_lead = "lead" in roles
    for index, cell in sorted(cells.items()):
        role = roles[index]
        if role in UNIT_ROLES:
            _read_units(cell, "co" if role == "joint" and has_lead else role, draft, label=f"column_{role}")
        elif role == "due" and cell.plain not in EMPTY:
            draft.limits.append(Span(cell.at, cell.end))
        elif role == "people":
            draft.people.extend(p for p in re.split(r"[、，,；;\s]+", cell.words) if p not in EMPTY)
        elif role == "serial":
            serial = cell.plain.strip("．.、（）()")
    texts = [(i, cells[i]) for i in table.columns(TEXT_ROLES) if i in cells]
    if not texts or not _names(draft, sure=table.is_sure):
        return None
    work, goal = _work(table, texts)
    title = next(iter(c for i, c in texts if c.at >= line.span.start), texts[0][1]).words.strip()
    outline = "/".join(part for part in (table.group, serial) if part)
    return Row(line.span, work, title[:60], outline, draft.finish(line.span), inherited, goal)


def _names(draft: Draft, *, sure: bool) -> bool:
    """Tell whether a row names a unit; under a bare 单位 it must look like one, for that may mean 万元."""
    return any(sure or looks_like_unit(m.name) for role in UNIT_ROLES for m in draft.roles[role])


def _read_units(cell: Cell, role: str, draft: Draft, *, label: str) -> None:
    """Read one cell's units; labels in it (牵头：A 配合：B) say more than the column's head."""
    labels = outer_labels(cell.words)
    draft.rules.append(label)
    if not labels:
        read_field(cell.words, cell.at, role, draft)
        return
    ends = [m.start() for m in labels[1:]] + [len(cell.words)]
    before = cell.words[: labels[0].start()]
    if before.strip():
        read_field(before, cell.at, role, draft)
    for found, end in zip(labels, ends, strict=True):
        read_label(cell.words, found, end, draft, has_lead="牵头" in cell.words, offset=cell.at)


def _filled(table: Table, line: Line) -> tuple[dict[int, Cell], bool]:
    """Return a row's cells by column, those that a merged cell covers taken from above, and whether any was."""
    roles = table.head.roles
    own = {i: c for i, c in enumerate(line.cells[: len(roles)]) if c.words.strip()}
    units, works = table.columns(UNIT_ROLES), table.columns(TEXT_ROLES)
    wanted = [i for i in table.columns(("due",)) if i not in own]
    if units and units[0] not in own:
        wanted += [i for i in [*units, *table.columns(("people",))] if i not in own]
    if not any(i in own for i in works):
        wanted += works
    taken = {i: table.above[i] for i in wanted if i in table.above}
    serial = {i: table.above[i] for i in table.columns(("serial",)) if i not in own and i in table.above}
    _remember(table, own, units)
    return {**serial, **taken, **own}, bool(taken)


def _remember(table: Table, own: dict[int, Cell], units: list[int]) -> None:
    """Keep what stands above the next row; a row that names its own first unit forgets the others'."""
    if units and units[0] in own:
        for index in [*units, *table.columns(("people",))]:
            table.above.pop(index, None)
    if any(i in own for i in table.columns(("serial",))):
        for index in table.columns(TEXT_ROLES):
            table.above.pop(index, None)
    table.above.update(own)


def _is_group(table: Table, line: Line) -> bool:
    """Tell whether a row only heads those below (一、经济发展), and remember its number."""
    filled = line.filled
    if len(filled) == 1 or (len(filled) == 2 and NUMBERED.match(filled[0].plain)):
        marker = marker_at(filled[0].words)
        number = filled[0].plain if len(filled) == 2 else marker.label if marker else ""
        if line.cells[0] is filled[0] and (number or len(filled) == 1):
            table.group = "" if marker and len(filled) == 1 else number
            table.above.clear()
            return True
    return False


def _work(table: Table, texts: list[tuple[int, Cell]]) -> tuple[Span, Span | None]:
    """Return where the work stands, columns of text beside each other, measures first; and where the standard does."""
    headings, roles = table.head.table.headings, table.head.roles
    goals = [c for i, c in texts if roles[i] == "goal"]
    told = [(i, c) for i, c in texts if not PROBLEM.search(headings[i])]
    texts = told if any(roles[i] == "text" for i, _c in told) else texts
    groups: list[list[tuple[int, Cell]]] = []
    for index, cell in texts:
        joins = groups and index - groups[-1][-1][0] == 1 and cell.at > groups[-1][-1][1].at
        if joins:
            groups[-1].append((index, cell))
        else:
            groups.append([(index, cell)])
    measured = [g for g in groups if any(MEASURE.search(headings[i]) for i, _c in g)]
    plain = [g for g in groups if any(roles[i] == "text" for i, _c in g)]
    chosen = (measured or plain or groups)[0]
    goal = Span(goals[0].at, goals[0].end) if goals else None
    return Span(chosen[0][1].at, chosen[-1][1].end), goal
