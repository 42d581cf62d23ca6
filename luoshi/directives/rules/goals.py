"""Finds the indicators that a document sets for itself as a whole, in its paragraphs of overall goals (总体目标)."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from luoshi.directives.rules.deadlines import find_deadlines
from luoshi.directives.rules.facts import Clause, Deadline, Goal, Span
from luoshi.directives.rules.targets import find_targets

KIND = (
    r"(?:总体|主要|总|工作|发展|行动|建设|预期|规划|阶段性?|"
    r"具体|年度|任务|奋斗|战略|整治|改革|攻坚|实施|远景|近期|中期)"
)
HEADING = re.compile(
    rf"[\s*]*(?:(?:20\d\d年)?(?:{KIND}和?)+目标(?:任务|要求|指标)?|目标(?:任务|要求|指标)|(?:{KIND})*(?:预期)?指标|"
    rf"总体(?:要求|思路)(?:(?:和|与|及)(?:{KIND})*目标)?|"
    rf"指导思想(?:和|与|及)(?:{KIND})*目标|目标)(?=[\s*。：:，、到（(]|聚焦|力争|通过|$)"
)


def find_goals(
    text: str, *, clauses: Sequence[Clause], issued: date | None, year: int | None, taken: Sequence[Span] = ()
) -> tuple[Goal, ...]:
    """Return the document's own indicators; `taken` are the spans of duties, in order, whose numbers are theirs."""
    found: list[Goal] = []
    for section in _sections(clauses):
        by: Deadline | None = None
        for clause in section:
            start, end = clause.span.start, clause.span.end
            if clause.role == "attachment" or _is_taken(clause.span, taken):
                continue
            days = [
                d for d in find_deadlines(text, start=start, end=end, issued=issued, year=year) if d.kind == "fixed"
            ]
            for target in find_targets(text, start=start, end=end):
                by = next((d for d in reversed(days) if d.span.start < target.span.start), by)
                found.append(Goal(clause.index, target.name, target.op, target.value, target.unit, by, target.span))
            by = days[-1] if days else by
    return tuple(found)


def _sections(clauses: Sequence[Clause]) -> Iterator[list[Clause]]:
    """Yield each passage of goals: a clause that is headed so, and all that stands under it."""
    index = 0
    while index < len(clauses):
        head = clauses[index]
        index += 1
        if not _is_headed(head):
            continue
        section = [head]
        while index < len(clauses) and _is_under(clauses[index], head):
            section.append(clauses[index])
            index += 1
        yield section


def _is_headed(clause: Clause) -> bool:
    if clause.role == "preamble":
        return False
    return bool(HEADING.match(clause.title or clause.text))


def _is_under(clause: Clause, head: Clause) -> bool:
    if not head.level:
        return not clause.level and len(head.text) < 20 and not _is_headed(clause)
    return clause.level == 0 or clause.level > head.level


def _is_taken(span: Span, taken: Sequence[Span]) -> bool:
    first = bisect_right(taken, span.start, key=lambda t: t.end)
    return first < len(taken) and taken[first].start < span.end
