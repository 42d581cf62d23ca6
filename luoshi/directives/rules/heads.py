"""Finds the heads of task tables and what each of their columns stands for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from luoshi.directives.rules.facts import Span, TableHead
from luoshi.directives.rules.labels import UNIT_ROLES, heading_role
from luoshi.directives.rules.outline import lines
from luoshi.directives.rules.units import looks_like_unit

HEADING_LENGTH = 24
HEAD_LINES = 4
GAP = 400
SERIAL = re.compile(
    r"^(?:序号|编号|项次|序|号|[Nn][Oo]\.?|№|(?:建议|提案|议案|案|事项|任务|问题|项目|来文)(?:[（(](?:建议|提案|议案)[）)])?、?(?:提案|议案)?(?:编?号|序号))$"
)
IGNORED = re.compile(
    r"来源|成果形式|完成形式|依据|提出人|提案人|领衔|委员|附议|文号|类别|分类|类型|类$|主题$|领域$|板块|方面$|备注|电话|联系方式|地点|金额|投资额|总投资|计划投资|[（(][万亿]元[）)]|资金|完成情况|进展|落实情况|整改情况|结果|状态|是否|完成率|序时"
)
BARE_UNIT = re.compile(r"^(?:单位|部门|科室|处室|股室|司局|乡镇|镇街|镇（街道）|县区|区县|地区)(?:名称)?$")
CADENCE = re.compile(r"频次|频率|周期")
TEXTS = (
    ("text", re.compile(r"任务|事项|措施|内容|举措|问题|做法|标题|题目|案由")),
    ("goal", re.compile(r"目标|形象进度|标准|指标|成效|成果|量化|预期")),
    ("text", re.compile(r"工作|项目|要求|需求|建议|名称|计划|诉求|意见|重点|改革")),
)
TEXT_ROLES = ("text", "goal")
# Ministries' and units' own words for a group of columns, with the parts below them.
GROUP = re.compile(r"分工|责任|单位|部门|时间|进度|安排|目标")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands between two tabs, and where."""

    words: str
    at: int

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.at + len(self.words)

    @property
    def plain(self) -> str:
        """The words without any white space."""
        return re.sub(r"\s", "", self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    span: Span
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> list[Cell]:
        """The cells that hold anything."""
        return [c for c in self.cells if c.words.strip()]


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of a table that follow each other; `gap` is how much other text stands before them."""

    lines: tuple[Line, ...]
    gap: int


@dataclass(frozen=True, slots=True)
class Head:
    """A table's head: the lines it takes, its headings and what they stand for."""

    table: TableHead
    size: int

    @property
    def roles(self) -> tuple[str, ...]:
        """What each column stands for."""
        return self.table.roles


def table_runs(text: str) -> Iterator[Run]:
    """Yield the runs of lines that hold tabs."""
    rows: list[Line] = []
    gap = behind = 0
    for start, end in lines(text):
        if text.find("\t", start, end) >= 0:
            gap = gap if rows else behind
            rows.append(Line(Span(start, end), tuple(_cells(text, start, end))))
            behind = 0
            continue
        behind += len(text[start:end].strip())
        if rows and text[start:end].strip():
            yield Run(tuple(rows), gap)
            rows = []
    if rows:
        yield Run(tuple(rows), gap)


def _cells(text: str, start: int, end: int) -> Iterator[Cell]:
    for words in text[start:end].rstrip("\r\n").split("\t"):
        yield Cell(words, start)
        start += len(words) + 1


def find_head(rows: Sequence[Line], *, columns: Mapping[str, str]) -> tuple[Head, int] | None:
    """Return the head among the first lines, with the number of lines before it."""
    for index, line in enumerate(rows[:HEAD_LINES]):
        head = read_head(line, rows[index + 1 : index + 3], columns=columns)
        if head:
            return head, index
    return None


def read_head(line: Line, below: Sequence[Line], *, columns: Mapping[str, str]) -> Head | None:
    """Read a line as a table's head, with the line of sub-headings below it; None where it is none."""
    if any(len(c.plain) > HEADING_LENGTH or "。" in c.words for c in line.cells) or len(line.filled) < 2:
        return None
    headings = [c.plain for c in line.cells]
    span, size = line.span, 1
    if below and _is_sub(below[0], headings):
        under = [c.plain for c in below[0].cells]
        headings = [_joined(headings, under, i) for i in range(max(len(headings), len(under)))]
        span, size = Span(span.start, below[0].span.end), 2
    roles = tuple(column_role(h, columns=columns) for h in headings)
    named = sum(bool(r) for r in roles)
    units = any(r in UNIT_ROLES for r in roles)
    if not units or named < 2 or named * 2 < sum(bool(h) for h in headings):
        return None
    return Head(TableHead(span, tuple(headings), _weighed(headings, roles)), size)


def _weighed(headings: Sequence[str], roles: tuple[str, ...]) -> tuple[str, ...]:
    """Let a column of kinds be the work where no other column is."""
    if "text" in roles:
        return roles
    if "goal" in roles:
        index = roles.index("goal")
        return (*roles[:index], "text", *roles[index + 1 :])
    index = next(
        (i for i, h in enumerate(headings) if roles[i] == "ignore" and re.search("主题|类别|领域|方面", h)), -1
    )
    return roles if index < 0 else (*roles[:index], "text", *roles[index + 1 :])


def _is_sub(line: Line, headings: Sequence[str]) -> bool:
    """Tell whether a line holds the sub-headings of the one above: 责任分工 over 牵头单位 and 配合单位."""
    cells = line.filled
    known = [heading_role(c.plain) for c in cells]
    fresh = [c for i, c in enumerate(line.cells) if c.plain and (i >= len(headings) or c.plain != headings[i])]
    same = {h for h in headings if h}
    return bool(fresh) and all(role or c.plain in same for role, c in zip(known, cells, strict=True)) and any(known)


def _joined(top: Sequence[str], under: Sequence[str], index: int) -> str:
    words = under[index] if index < len(under) else ""
    return words or (top[index] if index < len(top) else "")


def column_role(heading: str, *, columns: Mapping[str, str]) -> str:
    """Return what a heading stands for: what a person once said, else what its words say."""
    if heading in columns:
        return columns[heading]
    if SERIAL.match(heading):
        return "serial"
    role = heading_role(heading)
    if role:
        return "ignore" if role == "scope" else role
    if IGNORED.search(heading):
        return "ignore"
    if BARE_UNIT.match(heading):
        return "joint"
    if CADENCE.search(heading):
        return "cadence"
    return next((kind for kind, pattern in TEXTS if pattern.search(heading)), "")


def unknown_head(rows: Sequence[Line], *, columns: Mapping[str, str]) -> TableHead | None:
    """Return the head of a table that may hold duties though no heading says who; None where nothing hints at it."""
    first = rows[0]
    if len(rows) < 3 or len(first.filled) < 2 or any(len(c.plain) > HEADING_LENGTH for c in first.cells):
        return None
    headings = tuple(c.plain for c in first.cells)
    roles = tuple(column_role(h, columns=columns) for h in headings)
    if "text" not in roles and not any(_holds_units(rows[1:], i) for i in range(len(headings))):
        return None
    return TableHead(first.span, headings, roles)


def _holds_units(rows: Sequence[Line], index: int) -> bool:
    cells = [r.cells[index].plain for r in rows[:30] if index < len(r.cells) and r.cells[index].plain]
    return len(cells) > 1 and sum(looks_like_unit(c.split("、")[0]) for c in cells) * 2 > len(cells)
