"""Re-joins the lines of a paper into its paragraphs, over lines and over pages."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from luoshi.papers.layout.lines import Line
from luoshi.papers.layout.marks import (
    APART,
    BRACKETS,
    CLOSED,
    CLOSING,
    DATE,
    ENDS,
    HEADING,
    LABEL,
    LEADING,
    MARK,
    MENTIONED,
    OPENING,
    QUOTES,
    TITLE,
    TRAILING,
    UNIT,
)

INDENT = 1.2  # what counts as indented, in heights of a character
CENTRED = 1.6  # what a centred line leaves free on both sides
SPREAD = 1.3  # how much farther than usual the next line stands when a paragraph has ended


@dataclass(frozen=True, slots=True)
class Measure:
    """Where a page's text begins and ends, the height of its characters, and from line to line."""

    left: float
    right: float
    size: float
    pitch: float


Measures = dict[tuple[int, int], Measure]  # by page and column


def measure_pages(lines: Iterable[Line]) -> Measures:
    """The measure of each column's text; one with few lines takes that of the whole paper."""
    places: dict[tuple[int, int], list[Line]] = {}
    for row in lines:
        places.setdefault(row.place, []).append(row)
    everything = [row for rows in places.values() for row in rows]
    if not everything:
        return {}
    size = _usual([(round(row.size * 2) / 2, len(row.text)) for row in everything])
    wholes = {
        c: _measured([r for r in everything if r.column == c], size, None) for c in {r.column for r in everything}
    }
    return {place: _measured(rows, size, wholes[place[1]]) for place, rows in places.items()}


def _measured(rows: list[Line], size: float, whole: Measure | None) -> Measure:
    widest = max((row.right - row.left for row in rows), default=0.0)
    least = 0.6 * max(widest, whole.right - whole.left if whole else 0.0)
    body = [r for r in rows if abs(r.size - size) < 0.2 * size and r.right - r.left >= least]
    if whole is not None and len(body) < 4:
        return whole
    body = body or rows
    share = max(2, len(body) // 8) if len(body) > 2 else 1
    lefts, rights = sorted(r.left for r in body), sorted(-r.right for r in body)
    left = next((x for x in lefts if _count(lefts, x - 0.4 * size, x + 0.4 * size) >= share), lefts[0])
    right = -next((x for x in rights if _count(rights, x, x + 1.2 * size) >= share), rights[0])
    if whole is not None and INDENT * size < left - whole.left < 2 * INDENT * size:
        # A page on which nearly every line begins a paragraph: where its few other lines stand is its margin.
        left = whole.left if any(abs(row.left - whole.left) < 0.4 * size for row in rows) else left
    return Measure(left, right, size, _pitch(body, size, whole))


def _count(places: list[float], low: float, high: float) -> int:
    return bisect_left(places, high) - bisect_left(places, low)


def _pitch(rows: list[Line], size: float, whole: Measure | None) -> float:
    steps = [b.middle - a.middle for a, b in pairwise(rows) if a.place == b.place]
    usual = [(round(step, 0), 1) for step in steps if 0.9 * size < step < 4 * size]
    return _usual(usual) if usual else (whole.pitch if whole else 2 * size)


def _usual(values: list[tuple[float, int]]) -> float:
    counted: Counter[float] = Counter()
    for value, weight in values:
        counted[value] += weight
    return counted.most_common(1)[0][0]


def paragraphs_of(lines: Sequence[Line], measures: Measures) -> Iterator[list[Line]]:
    """Group lines, in reading order, into paragraphs."""
    group: list[Line] = []
    state = Brackets()
    for line in lines:
        if group and not _continues(group, line, measures, state):
            yield group
            group, state = [], Brackets()
        group.append(line)
        state.read(line.text)
    if group:
        yield group


class Brackets:
    """Counts the brackets that a paragraph leaves open."""

    def __init__(self) -> None:
        self.open = 0
        self.since = 0

    def read(self, words: str) -> None:
        """Go on over words."""
        for found in BRACKETS.finditer(words):
            if found.group() in OPENING:
                self.open += 1
                self.since = 0 if self.open == 1 else self.since
            else:
                self.open = max(0, self.open - 1)
        self.since += len(words)

    @property
    def waiting(self) -> bool:
        """Whether a bracket is open that can still be meant to close."""
        return self.open > 0 and self.since < 400


def _continues(group: list[Line], line: Line, measures: Measures, state: Brackets) -> bool:
    """Whether a line goes on with the paragraph that the lines before it began."""
    before = group[-1]
    here, there = measures[line.place], measures[before.place]
    if _is_date(before) or _is_date(line) or APART.match(line.text):
        return False
    if _is_centred(before, there) or _is_centred(line, here):
        return _is_title(group, line, measures)
    if abs(line.size - before.size) > _tolerance(line) * before.size:
        return False
    full = _is_full(before, line, there)
    if state.waiting and _closes(line) and (full or line.place != before.place) and not line.begins_item:
        return True
    if not full or _is_signature(before, there) or _is_far(before, line, here, state):
        return False
    if _is_inner_item(group[0], line, measures):
        return True
    return _flows_on(before, line, here, there, closed=not state.open)


def _is_inner_item(first: Line, line: Line, measures: Measures) -> bool:
    """Whether a mark at the edge of a paragraph that began indented only counts within it: …；③对屡次投诉…"""
    if not line.begins_item or HEADING.match(line.text):
        return False
    here, there = measures[line.place], measures[first.place]
    return line.left - here.left < 0.5 * here.size and first.left - there.left >= INDENT * there.size


def _flows_on(before: Line, line: Line, here: Measure, there: Measure, *, closed: bool) -> bool:
    """Whether the indentation of a line that follows a full one lets it go on."""
    ended = ENDS.search(before.text) is not None
    if line.begins_item and (ended or len(before.text) < 8 or (closed and CLOSED.search(before.text))):
        return False
    if closed and HEADING.match(line.text) and not MENTIONED.search(before.text):
        return False
    inset, inset_before = line.left - here.left, before.left - there.left
    if inset < INDENT * here.size or inset < inset_before - 0.4 * here.size:
        return True
    if abs(inset - inset_before) < 0.4 * here.size:
        return not ended and not line.begins_item and not LABEL.match(line.text)
    return _hangs(before, line)


def _hangs(before: Line, line: Line) -> bool:
    """Whether a line stands under the words after the mark or label of the line before: 1.  加快, 抄送：省委"""
    found = MARK.match(before.text) or LABEL.match(before.text)
    if not found or line.begins_item:
        return False
    first = next((m for m in before.marks[found.end() :] if m is not None), None)
    return first is not None and abs(first.left - line.left) < 0.3 * line.size


def _is_full(before: Line, line: Line, measure: Measure) -> bool:
    """Whether the next line's first word had no place on the line before."""
    token = [m for m in line.marks[: _first_word(line.text)] if m is not None]
    needed = token[-1].right - token[0].left
    return measure.right - before.right <= needed + 0.8 * measure.size


def _first_word(text: str) -> int:
    """How many characters from the start of a line cannot be parted by a line break."""
    at, end = 0, len(text)
    while at < end:
        while at < end - 1 and text[at] in LEADING:
            at += 1
        latin = "!" <= text[at] <= "~"
        at += 1
        while latin and at < end and "!" <= text[at] <= "~":
            at += 1
        while at < end and text[at] in TRAILING:
            at += 1
        if at < end and text[at] not in QUOTES and text[at - 1] not in QUOTES:
            break
    return at


def _is_far(before: Line, line: Line, measure: Measure, state: Brackets) -> bool:
    if before.place != line.place:
        return False
    step = line.middle - before.middle
    return step < 0.3 * measure.size or (step > SPREAD * max(measure.pitch, 1.2 * measure.size) and not state.waiting)


def _is_date(line: Line) -> bool:
    return DATE.fullmatch(line.text.replace(" ", "")) is not None


def _is_signature(line: Line, measure: Measure) -> bool:
    return line.left > measure.left + 0.35 * (measure.right - measure.left)


def _is_centred(line: Line, measure: Measure) -> bool:
    """Whether a line stands in the middle with room on both sides."""
    left, right = line.left - measure.left, measure.right - line.right
    if min(left, right) < CENTRED * measure.size or abs(left - right) > 2 * measure.size:
        return False
    return line.size > 1.08 * measure.size or abs(left - 2 * measure.size) > 0.4 * measure.size


def _is_title(group: list[Line], line: Line, measures: Measures) -> bool:
    """Whether a centred line goes on with a title that the lines before it began."""
    before, measure = group[-1], measures[line.place]
    alike = abs(before.size - line.size) <= _tolerance(line) * before.size
    if not alike or before.place != line.place or line.middle - before.middle > 2.2 * max(line.size, measure.pitch / 2):
        return False
    heading = _is_centred(before, measure) or before.size > 1.2 * measure.size or len(group) == 1
    if not heading or not (_is_centred(line, measure) or line.size > 1.2 * measure.size):
        return False
    if line.begins_item or before.begins_item or re.match(r"[（(〔].*[）)〕]$", line.text) or ENDS.search(before.text):
        return False
    if UNIT.search(before.text) and (UNIT.search(line.text) or not TITLE.search(line.text)):
        return False
    return not re.search(r"号$|^第[一二三四五六七八九十]+[章节编]", before.text)


def _closes(line: Line) -> bool:
    found = BRACKETS.search(line.text)
    return found is not None and found.group() in CLOSING


def _tolerance(line: Line) -> float:
    return 0.3 if line.glyphs[0].confidence is not None else 0.16


def cell_groups(lines: Sequence[Line], *, right: float) -> list[list[Line]]:
    """Group the lines of a cell that reaches to `right`: a line that ends early ends a paragraph."""
    if not lines:
        return []
    size = median(row.size for row in lines)
    padding = min(6.0, max(0.0, right - max(row.right for row in lines)))
    measure = Measure(min(row.left for row in lines), right - padding, size, 2 * size)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        ended = line.begins_item and (ENDS.search(before.text) or len(before.text) < 8)
        if _is_full(before, line, measure) and not ended and not _are_names(before, line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _are_names(before: Line, line: Line) -> bool:
    """Whether two lines are names of units, each on its own: 省财政厅 / 省教育厅"""
    alike = before.text[0] == line.text[0] and "、" not in before.text + line.text
    return alike and UNIT.search(before.text) is not None and UNIT.search(line.text) is not None
