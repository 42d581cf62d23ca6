"""Reads rows of a task table or a rectification list, one line a row with cells between tabs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.directives.rules.facts import Span
from luoshi.directives.rules.labels import UNIT_ROLES, heading_role
from luoshi.directives.rules.outline import lines
from luoshi.directives.rules.phrases import Draft, Note
from luoshi.directives.rules.units import read_units

COLUMNS = (
    ("serial", re.compile(r"^(?:序号|编号|号)$")),
    ("text", re.compile(r"任务|事项|工作|措施|内容|问题|项目|目标|举措|要求|标准|需求|建议")),
)
TEXT_FIRST = re.compile(r"措施|任务|事项|内容|举措")
PROBLEM = re.compile(r"问题")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that states a duty."""

    span: Span
    work: Span
    title: str
    serial: str
    note: Note
    inherited: bool


def table_rows(text: str) -> list[Row]:
    """Return the duty rows of every table whose head names who is responsible."""
    found: list[Row] = []
    head: list[str] = []
    above: dict[int, tuple[str, int]] = {}
    for start, end in lines(text):
        if text.find("\t", start, end) < 0:
            above = {} if text[start:end].strip() else above
            continue
        cells = list(_cells(text, start, end))
        columns = _columns([words for words, _at in cells])
        if set(columns) & set(UNIT_ROLES):
            head, above = columns, {}
        elif head:
            row = _row(text, head, cells, above, Span(start, end))
            found.extend([row] if row else [])
    return found


def _cells(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for cell in text[start:end].rstrip("\r\n").split("\t"):
        yield cell, start
        start += len(cell) + 1


def _columns(cells: list[str]) -> list[str]:
    """Return what each cell of a table's head announces; nothing where the line is no head."""
    if any(len(c) > 16 for c in cells):
        return []
    return [_column(re.sub(r"\s", "", c)) for c in cells]


def _column(words: str) -> str:
    role = heading_role(words)
    if role:
        return role
    for role, pattern in COLUMNS:
        if pattern.search(words):
            return role
    return ""


def _row(
    text: str, head: list[str], cells: list[tuple[str, int]], above: dict[int, tuple[str, int]], span: Span
) -> Row | None:
    """Read one row; an empty cell of a merged column takes what stands above it."""
    draft, inherited, works, serial = Draft(), False, [], ""
    for index, role in enumerate(head[: len(cells)]):
        words, at = cells[index]
        if not words.strip() and index in above and role in UNIT_ROLES:
            (words, at), inherited = above[index], True
        above[index] = (words, at)
        if role in UNIT_ROLES:
            draft.add("co" if role == "joint" and "lead" in head else role, read_units(words, offset=at))
            draft.rules.append(f"column_{role}")
        elif role == "due" and words.strip():
            draft.limits.append(Span(at, at + len(words)))
        elif role == "people":
            draft.people.extend(p for p in re.split(r"[、，,\s]+", words) if p)
        elif role == "text" and words.strip():
            works.append(Span(at, at + len(words)))
        elif role == "serial":
            serial = words.strip()
    if not works or not any(draft.roles.values()):
        return None
    work = Span(works[0].start, works[-1].end)
    title = text[works[0].start : works[0].end].strip()
    return Row(span, work, title[:60], serial, draft.finish(span), inherited)
