"""Reads when something is due: dates, month ends, plan years, events, open-ended work, reports."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from luoshi.directives.rules.dates import BEFORE_IS_INCLUSIVE, Context, Resolver, coming_year, since_issue
from luoshi.directives.rules.facts import Deadline, Span
from luoshi.directives.rules.timewords import ACTS, INLINE, STATED, Row
from luoshi.directives.rules.units import looks_like_unit

Patterns = list[tuple[str, re.Pattern[str], Resolver]]


def _compiled(table: Sequence[Row]) -> Patterns:
    return [(kind, re.compile(pattern), resolve) for kind, pattern, resolve in table]


INLINE_PATTERNS, STATED_PATTERNS = _compiled(INLINE), _compiled(STATED)
HINT = re.compile(r"[年月日天季期续改快时久度周件抓马立适按常岁有]|五[”\"]?末|20\d\d|\d[./]\d|[节汛]前|[五一旦庆]前")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．／", "0123456789./")
OWN_YEAR = ("year", "year2", "rel", "plan")
# What a date is that is no time limit: the start of something, the day of a count, a validity.
NOT_DUE_BEFORE = re.compile(r"(?:有效期|实施期|执行期|执行至|施行期|适用期|截至|截止|同比|较|比)[^，。；]{0,4}$")
STARTS_BEFORE = re.compile(r"(?:自|从)[^，。；]{0,4}$")
NOT_DUE_AFTER = re.compile(
    r"^(?!完成)[、]?[^，。；]{0,4}(?:督查|检查|考核|评估|以来|起[，实施执])|^(?:水平|的?\d|[^，。；\n]{0,8}(?:建成|出生|取得|签订|"
    r"毕业|批准|备案|成立|注册|登记|入职|形成|发生|存在|投产|参加|缴纳|获得)[^，。；、\n]{0,3}的)"
)
REPORT = (
    r"(?:报送|上报|呈报|报备|书面报|报告|反馈|函告|"
    r"报[^，。；\n名建考废销纸]{0,16}(?:办|局|委|厅|室|部|政府|院|组|处|备案|审))"
)
REPORT_AFTER = re.compile(rf"^[^，。；\n]{{0,30}}?{REPORT}|^报(?![名建考废销])")
WORK_FIRST = re.compile(rf"^[^，。；\n]{{0,24}}?{ACTS}[^，。；\n]{{0,16}}[并且后][^，。；\n]{{0,4}}报")
TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Found:
    """One match of the grammar before its year is known."""

    kind: str
    match: re.Match[str]
    resolve: Resolver


def find_deadlines(
    text: str, *, start: int, end: int, issued: date | None, year: int | None, stated: bool = False,
    plan_end: date | None = None, before_is_inclusive: bool = BEFORE_IS_INCLUSIVE,
) -> tuple[Deadline, ...]:  # fmt: skip
    """Return the deadlines between two offsets; `stated` where a label, bracket or cell gives the time limit.

    `plan_end` is the last day of the period that the document plans for (规划期内).
    """
    if not HINT.search(text, start, end):
        return ()
    year = year if year is not None else (issued.year if issued else None)
    context = Context(issued, year, plan_end, before_is_inclusive)
    offset = max(0, start - TITLE_LENGTH)
    words = text[offset : end + 40].translate(FULL_WIDTH)
    table = STATED_PATTERNS if stated else INLINE_PATTERNS
    window = Span(start - offset, end - offset)
    found = (_deadline(words, f, window, context, stated=stated) for f in _leftmost(words, window, table))
    return tuple(_moved(d, text, offset) for d in found if d)


def _moved(found: Deadline, text: str, offset: int) -> Deadline:
    span = Span(found.span.start + offset, found.span.end + offset)
    return Deadline(text[span.start : span.end], found.date, found.kind, span)


def _leftmost(text: str, window: Span, table: Patterns) -> Iterator[Found]:
    """Yield matches that do not overlap: leftmost first, then by the order of the table."""
    everything = [
        (match.start(), rank, Found(kind, match, resolve))
        for rank, (kind, pattern, resolve) in enumerate(table)
        for match in pattern.finditer(text, window.start, window.end)
    ]
    reached = window.start
    for begin, _rank, found in sorted(everything, key=lambda row: row[:2]):
        if begin >= reached:
            reached = found.match.end()
            yield found


def _deadline(text: str, found: Found, window: Span, context: Context, *, stated: bool) -> Deadline | None:
    match = found.match
    day = _resolved(found, context)
    after = text[match.end() : min(window.end, match.end() + 60)]
    before = text[max(0, match.start() - TITLE_LENGTH) : match.start()]
    if not stated and _is_no_deadline(before, found, after, day, context):
        return None
    if found.resolve is coming_year and day is None:
        return None
    groups = match.groupdict()
    if day and groups.get("month") and any(groups.get(name) for name in OWN_YEAR):
        context.named = day.year
    return Deadline(match.group(), day, _kind(found, day, after), Span(match.start(), match.end()))


def _kind(found: Found, day: date | None, after: str) -> str:
    if found.kind in ("fixed", "recurring", "window") and REPORT_AFTER.match(after) and not WORK_FIRST.match(after):
        return "report"
    if found.resolve is since_issue and day is None:
        return "event"
    return "fixed" if found.kind == "window" else found.kind


def _resolved(found: Found, context: Context) -> date | None:
    """Resolve a date; a bare month that lies before the document is the next year's."""
    day = found.resolve(found.match, context)
    groups = found.match.groupdict()
    if found.resolve is since_issue or any(groups.get(name) for name in OWN_YEAR):
        return day
    if day and context.issued and context.named is None and day < context.issued.replace(day=1):
        return found.resolve(found.match, context.later()) or day
    return day


def _is_no_deadline(before: str, found: Found, after: str, day: date | None, context: Context) -> bool:
    past = day is not None and context.issued is not None and day < context.issued.replace(day=1)
    near = before[-8:] + found.match.group()[:1]
    counted = found.kind in ("window", "event") or found.resolve is since_issue
    starts = not counted and STARTS_BEFORE.search(near)
    in_title = before.rfind("《") > before.rfind("》")
    return bool(past or starts or in_title or NOT_DUE_BEFORE.search(near) or NOT_DUE_AFTER.match(after))


def choose_due(deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """Return the one date that closes the work: the last fixed one, else the first event-relative or open one."""
    fixed = [d for d in deadlines if d.kind == "fixed" and d.date]
    if fixed:
        return max(fixed, key=lambda d: d.date or date.min)
    kinds = ("fixed", "event", "immediate", "class", "recurring", "open", "horizon", "vague")
    rest = [d for kind in kinds for d in deadlines if d.kind == kind]
    return rest[0] if rest else None


def is_deadline(words: str) -> bool:
    """Tell whether a piece of a duty note is a time limit rather than a unit."""
    plain = words.strip().translate(FULL_WIDTH)
    if not plain or not HINT.search(plain):
        return False
    found = list(_leftmost(plain, Span(0, len(plain)), STATED_PATTERNS))
    if found and found[0].match.start() <= 2 and not looks_like_unit(plain):
        return True
    covered = sum(f.match.end() - f.match.start() for f in found)
    rest = re.sub(
        r"(?:前)?(?:底前)?(?:完成|办结|落实|到位|取得|整改|推进|实施|建成|并|基本|全面|全部|时限|期限)", "", plain
    )
    return covered > 0 and len(rest) - covered <= 4


def weekday_is_wrong(deadline: Deadline) -> bool:
    """Tell whether a stated weekday (4月20日（星期五）前) contradicts the date."""
    found = re.search(r"[（(](?:星期|周|礼拜)([一二三四五六日天])", deadline.raw)
    return bool(
        found and deadline.date and "一二三四五六日".find(found.group(1).replace("天", "日")) != deadline.date.weekday()
    )
