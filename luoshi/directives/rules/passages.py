"""The passages within which notes are looked for, and which words of a passage are the work that its note speaks of."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from luoshi.directives.rules.duties import find_notes
from luoshi.directives.rules.facts import Clause, Span
from luoshi.directives.rules.outline import is_heading, marker_at
from luoshi.directives.rules.phrases import Note
from luoshi.directives.rules.prose import report_line, sentences
from luoshi.directives.rules.units import looks_like_unit

PROBLEM_LINE = re.compile(
    r"[ \t\u3000]*(?:存在的?)?(?:主要)?问题(?:描述|表现|清单|内容)?[一二三四五六七八九十\d]{0,3}[:：]"
)
CLOSING_LINE = re.compile(
    r"[ \t\u3000]*(?:(?:有关|相关|工作|几点|具体)?要求[:：]"
    r"|(?:各[^，。；]{0,12}|全[市县区镇乡])要(?:高度|切实|加强|强化|认真|提高|压实|充分)"
    r"|联系人|联系电话|附件?[:：]|(?:20\d{2}|二[〇○零][一-龥〇○]{2})\s?年[^，。；]{2,8}日\s*$"
    r"|[（(]?(?:注[:：]|列第|排第|排名)|本(?:方案|通知|办法|措施|意见)|特此|[（(]此件)"
)
LABELLED = re.compile(r"[ \t\u3000]*(?P<label>[^，。；：:、（(\s]{2,10})[:：](?=[^\n]*[^\n\s])")
HEADING_LENGTH = 45
SIGNATURE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Group:
    """A numbered clause with the paragraphs under it: the passage within which notes are looked for."""

    clauses: tuple[Clause, ...]
    start: int
    end: int

    @property
    def outline(self) -> str:
        """The outline path of the numbered clause."""
        return self.clauses[0].outline

    @property
    def parent(self) -> str:
        """The outline path of the clause above."""
        return self.outline.rpartition("/")[0]

    @property
    def level(self) -> int:
        """The level of the numbered clause; 0 for a paragraph without a number."""
        return self.clauses[0].level


@dataclass(frozen=True, slots=True)
class Noted:
    """A passage with its notes; `work` is where the work stands when it is not what stands before each note."""

    group: Group
    notes: list[Note]
    work: Span | None = None


def find_groups(text: str, clauses: Sequence[Clause], *, prose: bool, apart: frozenset[int]) -> Iterator[Group]:
    """Yield passages: a numbered clause with its paragraphs, or a paragraph that stands under no number."""
    current: list[Clause] = []
    for clause in clauses:
        if clause.role == "preamble":
            continue
        if clause.index in apart:
            if current:
                yield _group(text, current, prose=prose)
            current = []
            continue
        under = current and current[0].level > 0 and not _begins_problem(clause, current)
        if clause.level == 0 and (under or _is_field(clause, current)):
            current.append(clause)
            continue
        if current:
            yield _group(text, current, prose=prose)
        current = [clause]
    if current:
        yield _group(text, current, prose=prose)


def _begins_problem(clause: Clause, current: list[Clause]) -> bool:
    return bool(PROBLEM_LINE.match(clause.text)) and any(PROBLEM_LINE.match(c.text) for c in current)


def _is_field(clause: Clause, current: list[Clause]) -> bool:
    """Tell whether a line without a number goes on with a record of labels (任务名称：… / 牵头科室：…)."""
    found = LABELLED.match(clause.text)
    above = [LABELLED.match(c.text) for c in current[:12]]
    labels = {m.group("label") for m in above if m}
    return bool(found and above and all(above) and found.group("label") not in labels)


def _group(text: str, clauses: list[Clause], *, prose: bool) -> Group:
    first = clauses[0]
    marker = marker_at(text[first.span.start : first.span.end]) if first.level else None
    start = first.span.start + (marker.end if marker else 0)
    alone = is_heading(first) and not (prose and first.text.endswith("。"))
    below = first.level and alone and not all(_closes(c) for c in clauses[1:])
    if below and not find_notes(text, start=start, end=first.span.end) and not _only_labels(text, clauses[1:]):
        start = clauses[1].span.start
    return Group(tuple(clauses), start, clauses[-1].span.end)


def _only_labels(text: str, clauses: list[Clause]) -> bool:
    """Tell whether the first lines under a heading already name who is responsible, so that the heading is the work."""
    start, end = clauses[0].span.start, clauses[min(1, len(clauses) - 1)].span.end
    found = find_notes(text, start=start, end=end)
    return bool(found) and not text[start : found[0].span.start].strip()


def with_work(text: str, noted: Sequence[Noted]) -> list[Noted]:
    """Find the work of those passages whose heading, or the lines right under it, carry the note.

    It is the paragraph below where that is how most headings of that level are written, or the points under the
    heading where none of them has a note of its own.
    """
    styles = Counter[int]()
    for each in noted:
        if _headed(text, each):
            styles[each.group.level] += 1 if _below(text, each) else -1
    return [_placed(text, noted, index, styles) for index in range(len(noted))]


def _placed(text: str, noted: Sequence[Noted], index: int, styles: Counter[int]) -> Noted:
    each = noted[index]
    if not _headed(text, each):
        return each
    body, points = _below(text, each), _points_end(noted, index)
    if body and styles[each.group.level] > 0:
        return replace(each, work=Span(each.notes[0].span.end, max(body, points)))
    return replace(each, work=Span(each.group.start, points)) if points else each


def _headed(text: str, each: Noted) -> bool:
    """Tell whether a passage is a heading with one note behind it, or on the lines right under it."""
    if not each.group.level or len(each.notes) != 1:
        return False
    words = text[each.group.start : each.notes[0].span.start].strip().removesuffix("。")
    return 0 < len(words) <= HEADING_LENGTH and "。" not in words and "；" not in words


def _below(text: str, each: Noted) -> int:
    """Return where the paragraphs end that follow a heading and its note, or 0 where there are none."""
    after = each.notes[0].span.end
    line = text.find("\n", after)
    end = own_end(text, each.group, each.notes[0])
    plain = 0 <= line < end and not text[after:line].strip(" \t\u3000。；;")
    return end if plain and text[line:end].strip() else 0


def _points_end(noted: Sequence[Noted], index: int) -> int:
    """Return where the numbered points under a heading end, none of which has a note; 0 where there are none."""
    end, outline = 0, noted[index].group.outline + "/"
    for each in noted[index + 1 :]:
        if not each.group.outline.startswith(outline) or not each.group.level:
            break
        if each.notes:
            return 0
        end = each.group.end
    return end


def _closes(clause: Clause) -> bool:
    """Tell whether a paragraph only closes the paper: the unit that signs it, its date, whom to ask."""
    words = clause.text.strip()
    signs = len(words) <= SIGNATURE_LENGTH and words[-1:] not in "。；" and "，" not in words and looks_like_unit(words)
    return bool(CLOSING_LINE.match(words)) or signs


def own_end(text: str, group: Group, note: Note) -> int:
    """Return where a passage ends: before a report that it asks of others, or the words that close a paper."""
    for clause in group.clauses[1:]:
        if clause.span.start < note.span.end:
            continue
        spans = sentences(text, start=clause.span.start, end=clause.span.end)
        if _closes(clause) or any(report_line(text, span) for span in spans):
            return clause.span.start
    return group.end
