"""Cuts a directive into clauses by its numbering (一、→（一）→ 1. →（1）); clauses together cover the text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from luoshi.directives.rules.brackets import closes, unclosed
from luoshi.directives.rules.facts import Clause, Span

NUMERAL = "一二三四五六七八九十百〇零"
# 1.5亿元 at the head of a line is an amount, not a number of the outline.
MEASURES = "亿万千百元个倍吨公平立米人户家件项次年月日度成分台套亩"
MARKER = re.compile(
    rf"""[ \t\u3000]*(?:\#{{1,6}}[ ])?(?:\*\*)?(?:
      (?P<chapter>第[{NUMERAL}\d]{{1,4}}[编章节])(?=[\s\u3000])
    | (?P<one>[{NUMERAL}]{{1,4}})[ ]?[、.．](?!\d)
    | [（(][ ]?(?P<two>[{NUMERAL}]{{1,4}})[ ]?[）)][、.．]?
    | (?P<parts>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})(?:[.．、](?!\d)|(?=[ \t\u3000]|[\u4e00-\u9fa5](?<![{MEASURES}])))
    | (?P<three>\d{{1,3}})(?:[.．](?!\d)|[.．](?=20\d\d年)|、)
    | (?P<article>第[{NUMERAL}]{{1,5}}条)(?=[\s\u3000])
    | [（(][ ]?(?P<four>\d{{1,3}})[ ]?[）)][、.．]?
    | (?P<half>\d{{1,2}})[）)](?=[ \t\u3000]*[\u4e00-\u9fa5])
    | (?P<round>[⑴-⒇①-⑳])
    )[ \t\u3000]*""",
    re.VERBOSE,
)
SENTENCE_END = "。！？；：…”』》）)】〕]"
HEADING_LENGTH = 45
TITLE_LENGTH = 60
CUT_BRACKET = 300
FIELD_NAME = re.compile(
    r"^(?:(?:存在|具体)?(?:的?主要)?问题(?:描述|表现)?|(?:任务|事项|项目|工作)(?:名称|内容)?|(?:反馈)?问题|标题|题目|案由)[一二三四五六七八九十\d]{0,3}[:：]\s*(?=\S)"
)
WRAPPED, WRAPPED_LINES = (18, 60), 8
ATTACHMENT = re.compile(
    r"[ \t\u3000]*附(?:件|表|录)[ \t\u3000]*[\d一二三四五六七八九十]*[ \t\u3000]*[:：]?[ \t\u3000]*(?:\n|$)"
)
LEVELS = (
    ("chapter", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("article", 3),
    ("four", 4),
    ("parts", 4),
    ("half", 4),
    ("round", 4),
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The numbering at the head of a line: its level, its label for outlines, and where the words begin."""

    level: int
    label: str
    end: int


def marker_at(line: str) -> Marker | None:
    """Return the numbering that a line begins with, full-width or half-width brackets alike."""
    found = MARKER.match(line)
    if not found:
        return None
    for name, level in LEVELS:
        label = found.group(name)
        if label:
            return Marker(level, _label(name, label), found.end())
    return None


def _label(name: str, label: str) -> str:
    if name == "two":
        return f"（{label}）"
    if name in ("four", "half"):
        return f"（{label}）"
    if name == "parts":
        return label.replace("．", ".")
    if name == "round" and "⑴" <= label <= "⒇":
        return f"（{ord(label) - ord('⑴') + 1}）"
    return label


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a marker's line or a paragraph, with lines that a page break cut off rejoined."""

    start: int
    end: int
    marker: Marker | None
    body: int


def blocks(text: str, *, start: int = 0) -> Iterator[Block]:
    """Yield the blocks of a text in order; they are adjacent and reach its end."""
    current: Block | None = None
    open_brackets = False
    width = wrap_width(text)
    for begin, end in lines(text, start=start):
        line = text[begin:end]
        covered = line.startswith("\t\t") or (line[:1] == "\t" and "\t" in line.strip(" \r\n\u3000").lstrip("\t"))
        marker = None if covered else marker_at(line)
        joins = current and not marker and (open_brackets or _continues(text, current, line, width=width))
        if current and (joins or not line.strip()):
            current = replace(current, end=end)
            open_brackets = open_brackets and not closes(line)
            continue
        if current:
            yield current
        current = Block(begin, end, marker, begin + (marker.end if marker else 0))
        open_brackets = "\t" not in line and unclosed(line) and closes(text[end : end + CUT_BRACKET])
    if current:
        yield current


def lines(text: str, *, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line, line break included."""
    while start < len(text):
        found = text.find("\n", start)
        end = len(text) if found < 0 else found + 1
        yield start, end
        start = end


def wrap_width(text: str) -> int:
    """Return how long the lines are that a text was cut into, or 0 where its lines are whole paragraphs."""
    lengths = Counter(len(line.rstrip()) for line in text.split("\n") if line.strip())
    for width, count in lengths.most_common(3):
        near = sum(lengths[n] for n in range(width - 2, width + 3))
        longer = sum(n for length, n in lengths.items() if length > width + 2)
        if WRAPPED[0] <= width <= WRAPPED[1] and count >= WRAPPED_LINES and near * 3 >= lengths.total() >= longer * 20:
            return width - 2
    return 0


def _continues(text: str, block: Block, line: str, *, width: int) -> bool:
    """Tell whether a line goes on with a sentence that a page break, or the end of a line of print, cut."""
    if width:
        before = text[text.rfind("\n", 0, block.end - 1) + 1 : block.end].rstrip()
        return len(before) >= width and "\t" not in line and before[-1:] not in "。！？；"
    last = text[max(block.start, block.end - HEADING_LENGTH - 1) : block.end].rstrip()
    long_enough = block.end - block.body > HEADING_LENGTH
    return long_enough and "\t" not in line and "\t" not in last and last[-1:] not in SENTENCE_END and last[-1:] != "。"


def split_clauses(text: str, *, body: int = 0) -> tuple[Clause, ...]:
    """Return the clauses of a text; what stands before offset `body` is preamble."""
    found: list[Clause] = []
    if body:
        found.append(Clause(0, "", 0, "", "", text[:body], Span(0, body), None, "preamble"))
    chain: list[Clause] = []
    attached = False
    for block in blocks(text, start=body):
        begins = not attached and bool(ATTACHMENT.match(text, block.start) and found and not block.marker)
        attached, chain = attached or begins, [] if begins else chain
        clause = _clause(text, block, index=len(found), chain=chain)
        chain = [*(c for c in chain if c.level < clause.level), clause] if clause.level else chain
        found.append(replace(clause, role="attachment") if attached else clause)
    return tuple(_with_headings(found))


def _clause(text: str, block: Block, *, index: int, chain: list[Clause]) -> Clause:
    span, marker = Span(block.start, block.end), block.marker
    words = text[block.start : block.end].strip()
    above = [c for c in chain if not marker or c.level < marker.level]
    parent = above[-1].index if above else None
    path = [c.marker for c in above] + ([marker.label] if marker else [])
    title = run_in_title(text, block.body, block.end) if marker else ""
    label = marker.label if marker else ""
    return Clause(index, "/".join(path), marker.level if marker else 0, label, title, words, span, parent, "text")


def run_in_title(text: str, start: int, end: int) -> str:
    """Return the first sentence of an item, which is its title, shortened at a comma when it is long."""
    line = FIELD_NAME.sub("", text[start:end].strip().split("\n", 1)[0])
    sentence = re.split(r"[。；;:：]", line[: TITLE_LENGTH * 2], maxsplit=1)[0].strip(" *")
    if len(sentence) <= TITLE_LENGTH:
        return sentence
    head = sentence[:TITLE_LENGTH]
    cut = max(head.rfind("，"), head.rfind("、"))
    return head[:cut] if cut > 8 else head


def _with_headings(clauses: list[Clause]) -> list[Clause]:
    """Mark as heading each numbered clause that only names what stands under it."""
    parents = {c.parent for c in clauses if c.parent is not None}
    return [
        replace(c, role="heading") if c.role == "text" and c.index in parents and is_heading(c) else c for c in clauses
    ]


def is_heading(clause: Clause) -> bool:
    """Tell whether a numbered clause is a heading on its own line."""
    words = clause.text.rstrip("。：: ")
    return clause.level > 0 and len(words) <= HEADING_LENGTH + 10 and "。" not in words
