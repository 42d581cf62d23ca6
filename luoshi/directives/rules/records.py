"""Reads tables on their side: labels in the first column (问题, 整改措施, 责任单位), their words beside them."""

import re
from collections.abc import Iterator, Sequence

from luoshi.directives.rules.facts import Span
from luoshi.directives.rules.heads import TEXT_ROLES, Cell, Line, column_role
from luoshi.directives.rules.labels import UNIT_ROLES
from luoshi.directives.rules.phrases import Draft, read_field
from luoshi.directives.rules.rows import Row
from luoshi.directives.rules.units import looks_like_unit

LABEL_LENGTH = 12
COUNTED = re.compile(r"[一二三四五六七八九十\d（()）]+$")
MEASURE = re.compile(r"措施|举措|任务|要求")
Field = tuple[str, str, Cell]


def is_record(lines: Sequence[Line]) -> bool:
    """Tell whether most lines are a label with its words, one of them naming who is responsible."""
    pairs = [_fields(line) for line in lines]
    found = [p for p in pairs if p]
    units = any(role in UNIT_ROLES for fields in found for _label, role, _cell in fields)
    return units and len(found) >= 2 and len(found) * 10 >= len(lines) * 6


def _fields(line: Line) -> list[Field]:
    """Return the labels of a line with their parts and words; nothing where the line is none of labels."""
    cells = [c for c in line.cells if c.words.strip()]
    if len(cells) not in (2, 4, 6):
        return []
    found = []
    for label, words in zip(cells[::2], cells[1::2], strict=True):
        name = COUNTED.sub("", label.plain.rstrip("：:"))
        role = column_role(name, columns={}) if len(name) <= LABEL_LENGTH else ""
        if not role or role == "serial" or (len(words.plain) <= LABEL_LENGTH and _is_label(words.plain)):
            return []
        found.append((name, role, words))
    return found


def _is_label(words: str) -> bool:
    return column_role(words, columns={}) in (*UNIT_ROLES, "due", "people") and not looks_like_unit(words)


def record_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Yield one row for each record; a label that comes again begins the next."""
    fields: list[Field] = []
    first = lines[0].span.start
    for line in lines:
        found = _fields(line)
        if fields and any(label in {f[0] for f in fields} for label, _role, _cell in found):
            yield from _row(fields, Span(first, line.span.start))
            fields, first = [], line.span.start
        fields.extend(found)
    yield from _row(fields, Span(first, lines[-1].span.end))


def _row(fields: list[Field], span: Span) -> Iterator[Row]:
    draft = Draft()
    has_lead = any(role == "lead" for _label, role, _cell in fields)
    for _label, role, cell in fields:
        if role in UNIT_ROLES:
            draft.rules.append(f"column_{role}")
            read_field(cell.words, cell.at, "co" if role == "joint" and has_lead else role, draft)
        elif role == "due":
            draft.limits.append(Span(cell.at, cell.end))
        elif role == "people":
            draft.people.extend(p for p in re.split(r"[、，,；;\s]+", cell.words) if p)
    texts = [f for f in fields if f[1] in TEXT_ROLES]
    if not texts or not any(looks_like_unit(m.name) for role in UNIT_ROLES for m in draft.roles[role]):
        return
    works = [f[2] for f in texts if f[1] == "text" and MEASURE.search(f[0])] or [f[2] for f in texts]
    goals = [f[2] for f in texts if f[1] == "goal" and f[2] is not works[0]]
    goal = Span(goals[0].at, goals[0].end) if goals else None
    title = texts[0][2].words.strip()[:60]
    yield Row(span, Span(works[0].at, works[0].end), title, "", draft.finish(span), inherited=False, goal=goal)
