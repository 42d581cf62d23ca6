"""Reads when something is due: dates, month ends, plan years, events, open-ended work, reports."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from luoshi.directives.rules.facts import Deadline, Span
from luoshi.directives.rules.units import looks_like_unit

CN = "一二三四五六七八九十"
YEAR = r"(?:(?P<year>20\d{2})\s?年|(?P<rel>今年|本年|当年|明年|次年|后年))"
MD = r"(?P<month>1[0-2]|0?[1-9])\s?月"
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])\s?[日号]"
PART = r"(?P<part>月底|底|末|上旬|中旬|下旬|初|份)"
WEEKDAY = r"(?:[（(](?:星期|周)(?P<weekday>[一二三四五六日天])[）)])?"
BEFORE = r"(?:以前|之前|前|止)"


@dataclass(slots=True)
class Context:
    """The year that bare months belong to: the document's, until the text names another."""

    issued: date | None
    year: int | None
    named: int | None = None

    def resolve(self, found: re.Match[str]) -> int | None:
        """Return the year of a match and remember it for the months that follow."""
        groups = found.groupdict()
        if groups.get("year"):
            self.named = int(groups["year"])
            return self.named
        if groups.get("rel"):
            shift = {"明年": 1, "次年": 1, "后年": 2}.get(groups["rel"], 0)
            return self.year + shift if self.year else None
        return self.named or self.year


Resolver = Callable[[re.Match[str], Context], date | None]


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _month_day(found: re.Match[str], context: Context) -> date | None:
    year = context.resolve(found)
    if year is None:
        return None
    groups = found.groupdict()
    month, day, part = int(groups["month"]), groups.get("day"), groups.get("part")
    if day:
        return date(year, month, min(int(day), monthrange(year, month)[1]))
    if part in ("上旬", "初"):
        return date(year, month, 10)
    return date(year, month, 20) if part == "中旬" else last_day(year, month)


def _year_end(found: re.Match[str], context: Context) -> date | None:
    year = context.resolve(found)
    return date(year, 12, 31) if year else None


def _this_year_end(_found: re.Match[str], context: Context) -> date | None:
    year = context.named or context.year
    return date(year, 12, 31) if year else None


def _half_year(found: re.Match[str], context: Context) -> date | None:
    year = context.resolve(found)
    if year is None:
        return None
    return date(year, 12, 31) if "下半年" in found.group() else date(year, 6, 30)


def _quarter(found: re.Match[str], context: Context) -> date | None:
    year = context.resolve(found)
    number = found.group("quarter")
    return last_day(year, 3 * ("一二三四".find(number) + 1 or int(number))) if year else None


def _this_half(_found: re.Match[str], context: Context) -> date | None:
    return date(context.year, 6, 30) if context.year else None


def _plan_end(found: re.Match[str], _context: Context) -> date | None:
    words = found.group("plan")
    tens, ten, ones = words.rpartition("十")
    number = ("一二三四五六七八九".find(tens) + 1 or 1) * 10 if ten else 0
    number += "一二三四五六七八九".find(ones) + 1 if ones else 0
    return date(1955 + 5 * number, 12, 31) if number >= 6 else None


def _window_end(found: re.Match[str], context: Context) -> date | None:
    year, month = int(found.group("year2") or found.group("year")), int(found.group("month"))
    context.named = year
    return date(year, month, min(int(found.group("day")), monthrange(year, month)[1]))


def _since_issue(found: re.Match[str], context: Context) -> date | None:
    if context.issued is None:
        return None
    days = int(found.group("days"))
    unit = found.group("unit")
    if "工作日" in unit:
        return None
    return context.issued + timedelta(days=days) if "日" in unit or "天" in unit else _months_on(context.issued, days)


def _months_on(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _coming_year(found: re.Match[str], context: Context) -> date | None:
    """Read 「2027年，」 at the head of a sentence as a plan year, unless it is past."""
    year = int(found.group("year"))
    return date(year, 12, 31) if context.year and year > context.year else None


def _none(_found: re.Match[str], _context: Context) -> date | None:
    return None


NUMBER = rf"(?:\d{{1,3}}|[{CN}]{{1,3}})"
DAYS = rf"{NUMBER}个?(?:工作日|日|天|月|小时)(?:之内|以内|内)"
DONE = r"(?=[^，。；\n]{0,14}(?:完成|建成|投入|投用|开工|竣工|出台|印发|制定|启动|实现|达到|到位))"
UNTIL = r"(?:到|至|截至|截止到?)?"
# Of matches that begin at one place the first row of the table wins.
INLINE: tuple[tuple[str, str, Resolver], ...] = (
    (
        "fixed",
        r"(?P<year>20\d{2})年\d{1,2}月(?:\d{1,2}日)?[至到—\-–~～](?:(?P<year2>20\d{2})年)?"
        r"(?P<month>1[0-2]|0?[1-9])月(?P<day>3[01]|[12]\d|0?[1-9])日",
        _window_end,
    ),
    (
        "fixed",
        r"自?在?本[^，。；日]{1,8}(?:印发|下发|发布|公布|实施|施行)之日起(?P<days>\d{1,3})"
        r"(?P<unit>个工作日|日|天|个月)(?:之内|以内|内)",
        _since_issue,
    ),
    ("event", rf"(?:[^，。；、\s本]{{0,8}}之日起|会议?后|印发后|签收后|(?:接到|收到)[^，。；]{{0,8}}后){DAYS}", _none),
    (
        "recurring",
        r"每(?:个?月|季度?末?|半年|年|周)(?:的)?(?:\d{1,2}月)?"
        r"(?:\d{1,2}[日号]|[一二三四五六日天]|底|末)?[上下]?[午旬]?(?:以前|之前|前)",
        _none,
    ),
    ("fixed", rf"{UNTIL}(?:{YEAR})?{MD}{DAY}{WEEKDAY}{BEFORE}", _month_day),
    ("fixed", rf"{UNTIL}(?:{YEAR})?{MD}{PART}?(?:以前|之前|前)", _month_day),
    ("fixed", rf"{UNTIL}(?:{YEAR})?{MD}[底末]", _month_day),
    ("fixed", rf"[到至](?:{YEAR}){MD}{PART}?(?!\d)", _month_day),
    ("fixed", rf"{UNTIL}(?:{YEAR})年?[底末](?:以前|之前|前)?", _year_end),
    ("fixed", rf"[到至](?:{YEAR})(?![\d—至\-起以来])", _year_end),
    ("fixed", rf"(?:{YEAR})(?:以前|之前|前)", _year_end),
    ("fixed", r"(?<=[。；\n])(?P<year>20\d{2})年(?=，)", _coming_year),
    ("fixed", r"(?:到|至|今)年[底末终](?:以前|之前|前)?|年[底末终](?:以前|之前|前)", _this_year_end),
    ("fixed", rf"年[底末]{DONE}", _this_year_end),
    ("fixed", rf"(?:{YEAR})内", _year_end),
    (
        "fixed",
        r"(?<![\d一二两三四五六七八九十几半])年内(?=[^，。；\n]{0,20}(?:完成|建成|新增|出台|启动|实现|印发|推出))",
        _this_year_end,
    ),
    ("fixed", rf"(?:{YEAR})?(?:上半年|年中)(?:以前|之前|[前底末内])", _half_year),
    ("fixed", rf"(?:{YEAR})?[上下]半年{DONE}", _half_year),
    ("fixed", rf"(?:{YEAR})?第?(?P<quarter>[一二三四1-4])季度(?:[底末]前?|以前|之前|前)", _quarter),
    ("fixed", rf"(?:{YEAR})?第?(?P<quarter>[一二三四1-4])季度{DONE}", _quarter),
    (
        "fixed",
        rf"[“\"]?(?P<plan>[{CN}]{{1,2}})五[”\"]?(?:规划)?(?:期末|末|(?:期间|时期)(?=，|[^，。；]{{0,20}}(?:完成|建成|达到|新增|培育|实现)))",
        _plan_end,
    ),
    ("trajectory", r"时间过半、?任务过半", _this_half),
)
# A bracket, a labelled line or a table cell says 时限 outright, so that words too plain for running text count there.
STATED: tuple[tuple[str, str, Resolver], ...] = (
    *INLINE,
    ("open", r"年内持续[^，。；、]{0,8}", _none),
    (
        "recurring",
        r"每(?:个?月|季度?|半年|年|周)(?:[^，。；（(]{0,10}[（(][^）)]{1,20}[）)]|[^，。；（(]{0,14})",
        _none,
    ),
    (
        "horizon",
        rf"(?:短期|中期|长期)[（(][^）)]{{1,12}}[）)]|(?:短期|中期)(?:攻坚|推进)?|{NUMBER}[—\-~至]{NUMBER}年",
        _none,
    ),
    ("event", DAYS, _none),
    ("event", r"立行立改|即知即改|立知立改|边查边改|立即整改|急件[^，。；]{0,12}", _none),
    ("fixed", rf"{UNTIL}{YEAR}{MD}{DAY}", _month_day),
    ("fixed", rf"{YEAR}{MD}{PART}?", _month_day),
    (
        "fixed",
        r"(?P<year>20\d{2})[.\-/](?P<month>1[0-2]|0?[1-9])(?:[.\-/](?P<day>3[01]|[12]\d|0?[1-9]))?(?!\d)",
        _month_day,
    ),
    ("fixed", rf"{MD}{DAY}", _month_day),
    ("fixed", rf"{MD}{PART}?(?!\d)", _month_day),
    ("fixed", rf"(?:{YEAR})?(?:[上下]半年|年中)", _half_year),
    ("fixed", rf"(?:{YEAR})?第?(?P<quarter>[一二三四1-4])季度", _quarter),
    ("fixed", rf"{YEAR}[度内]?(?!\d)", _year_end),
    ("fixed", r"年内|年[底末终]|全年|规划期内", _this_year_end),
    ("open", r"(?:持续|长期|常年|常态化?|滚动|坚持)[推坚实落开做整深攻抓跟更进化持施展好改力好新行]{0,6}", _none),
    ("open", r"尽快|适时|有序推进|按序时进度", _none),
)


def _compiled(table: tuple[tuple[str, str, Resolver], ...]) -> list[tuple[str, re.Pattern[str], Resolver]]:
    return [(kind, re.compile(pattern), resolve) for kind, pattern, resolve in table]


INLINE_PATTERNS, STATED_PATTERNS = _compiled(INLINE), _compiled(STATED)
HINT = re.compile(r"[年月日天季期续改快时久度周]|20\d\d")
NOT_DUE_BEFORE = re.compile(r"(?:有效期|实施期|执行期|执行至|施行期|适用期|自|从|截至|截止)[^，。；]{0,4}$")
NOT_DUE_AFTER = re.compile(r"^(?!完成)[、]?[^，。；]{0,4}(?:督查|检查|考核|评估|以来|起[，实施执])")
REPORT_AFTER = re.compile(
    r"^[^，。；\n]{0,30}?(?:报送|上报|书面报|报告|反馈|报备|报[^，。；\n名]{0,16}(?:办|局|委|厅|室|部|政府|院))|^报"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One match of the grammar before its year is known."""

    kind: str
    match: re.Match[str]
    resolve: Resolver


def find_deadlines(
    text: str, *, start: int, end: int, issued: date | None, year: int | None, stated: bool = False
) -> tuple[Deadline, ...]:
    """Return the deadlines between two offsets; `stated` where a label, bracket or cell gives the time limit."""
    if not HINT.search(text, start, end):
        return ()
    context = Context(issued, year if year is not None else (issued.year if issued else None))
    table = STATED_PATTERNS if stated else INLINE_PATTERNS
    found = (_deadline(text, f, end, context, stated=stated) for f in _leftmost(text, start, end, table))
    return tuple(d for d in found if d)


def _leftmost(text: str, start: int, end: int, table: list[tuple[str, re.Pattern[str], Resolver]]) -> Iterator[Found]:
    """Yield matches that do not overlap: leftmost first, then by the order of the table."""
    everything = [
        (match.start(), rank, Found(kind, match, resolve))
        for rank, (kind, pattern, resolve) in enumerate(table)
        for match in pattern.finditer(text, start, end)
    ]
    reached = start
    for begin, _rank, found in sorted(everything, key=lambda row: row[:2]):
        if begin >= reached:
            reached = found.match.end()
            yield found


def _deadline(text: str, found: Found, end: int, context: Context, *, stated: bool) -> Deadline | None:
    match = found.match
    day = _resolved(found, context)
    after = text[match.end() : min(end, match.end() + 40)]
    kind = found.kind
    if not stated and _is_no_deadline(text[max(0, match.start() - 8) : match.start()], match, after, day, context):
        return None
    if kind == "recurring" or (kind == "fixed" and REPORT_AFTER.match(after)):
        kind = "report"
    if found.resolve is _coming_year and day is None:
        return None
    kind = "horizon" if kind == "trajectory" else kind
    kind = "event" if found.resolve is _since_issue and day is None else kind
    return Deadline(match.group(), day, kind, Span(match.start(), match.end()))


def _resolved(found: Found, context: Context) -> date | None:
    """Resolve a date; a bare month that lies before the document is the next year's."""
    day = found.resolve(found.match, context)
    bare = not any(found.match.groupdict().get(k) for k in ("year", "rel", "plan", "days"))
    if day and bare and context.issued and context.named is None and day < context.issued.replace(day=1):
        return date(day.year + 1, day.month, min(day.day, monthrange(day.year + 1, day.month)[1]))
    return day


def _is_no_deadline(before: str, match: re.Match[str], after: str, day: date | None, context: Context) -> bool:
    past = day is not None and context.issued is not None and day < context.issued.replace(day=1)
    validity = NOT_DUE_BEFORE.search(before + match.group()[:1])
    return bool(past or validity or NOT_DUE_AFTER.match(after))


def choose_due(deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """Return the one date that closes the work: the last fixed one, else the first open or event-relative one."""
    fixed = [d for d in deadlines if d.kind == "fixed" and d.date]
    if fixed:
        return max(fixed, key=lambda d: d.date or date.min)
    rest = [d for kind in ("fixed", "event", "open", "horizon") for d in deadlines if d.kind == kind]
    return rest[0] if rest else None


def is_deadline(words: str) -> bool:
    """Tell whether a piece of a duty note is a time limit rather than a unit."""
    plain = words.strip()
    if not plain or not HINT.search(plain):
        return False
    found = list(_leftmost(plain, 0, len(plain), STATED_PATTERNS))
    if found and found[0].match.start() <= 2 and not looks_like_unit(plain):
        return True
    covered = sum(f.match.end() - f.match.start() for f in found)
    rest = re.sub(
        r"(?:前)?(?:底前)?(?:完成|办结|落实|到位|取得|整改|推进|实施|建成|并|基本|全面|全部|时限|期限)", "", plain
    )
    return covered > 0 and len(rest) - covered <= 4


def weekday_is_wrong(deadline: Deadline) -> bool:
    """Tell whether a stated weekday (4月20日（星期五）前) contradicts the date."""
    found = re.search(r"[（(](?:星期|周)([一二三四五六日天])", deadline.raw)
    return bool(
        found and deadline.date and "一二三四五六日".find(found.group(1).replace("天", "日")) != deadline.date.weekday()
    )
