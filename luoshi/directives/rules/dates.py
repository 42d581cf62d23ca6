"""Turns the words of a date into a day: numerals, years, month ends, quarters, plan periods, spans of time."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
RELATIVE = {"去": -1, "上": -1, "前": -2, "明": 1, "次": 1, "翌": 1, "下": 1, "后": 2}
SPAN = re.compile(
    r"(?P<half>半年|半个月)|(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?个?\s?"
    r"(?P<unit>半?(?:工作日|月|年)|小时|日|天|周|星期)"
)
LAST_YEAR = 9000  # counting on from a later day could leave the calendar
FESTIVALS = {"元旦": (12, 31), "五一": (4, 30), "七一": (6, 30), "八一": (7, 31), "国庆": (9, 30)}
# 「X日前」 counts that day in, as offices read it; a house that reads it otherwise hands in False.
BEFORE_IS_INCLUSIVE = True


@dataclass(slots=True)
class Context:
    """The year that bare months belong to: the document's, until the text names another with a month."""

    issued: date | None
    year: int | None
    plan_end: date | None = None
    inclusive: bool = BEFORE_IS_INCLUSIVE
    named: int | None = None

    def later(self) -> "Context":
        """Return the context of the year after."""
        return replace(self, year=self.year + 1 if self.year else None)

    def resolve(self, found: re.Match[str]) -> int | None:
        """Return the year of a match: its own, one counted from the document's, or that of the months before."""
        named, relative = year_of(found), found.groupdict().get("rel")
        if named:
            return named
        if relative:
            base = self.named if relative[0] in "次翌" and self.named else self.year
            return base + RELATIVE.get(relative[0], 0) if base else None
        return self.named or self.year


Resolver = Callable[[re.Match[str], Context], date | None]


def number(words: str) -> int:
    """Return a number written in digits or in Chinese up to 99 (十二, 二十); 0 where it is none."""
    if words.isascii() and words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


def year_of(found: re.Match[str]) -> int | None:
    """Return the year that a match names in digits (2026年) or in Chinese (二〇二六年)."""
    groups = found.groupdict()
    words = groups.get("year2") or groups.get("year")
    return int("".join(str(DIGITS.get(c, c)) for c in words)) if words else None


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def on(year: int, month: int, day: int) -> date:
    """Return a day, or the month's last where it has fewer days."""
    return date(year, month, max(1, min(day, monthrange(year, month)[1])))


def months_on(start: date, months: int) -> date:
    """Return the day so many months later."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return on(min(year, date.max.year), month + 1, start.day)


def month_day(found: re.Match[str], context: Context) -> date | None:
    """Resolve 6月底, 6月中旬, 6月30日前, 二〇二六年三月."""
    year = context.resolve(found)
    if year is None:
        return None
    groups = found.groupdict()
    month, day, part = number(groups["month"]), groups.get("day"), groups.get("part") or ""
    if day:
        end = on(year, month, number(day))
        exclusive = not context.inclusive and found.group().endswith("前")
        return end - timedelta(days=1) if exclusive else end
    if part in ("上旬", "初"):
        return date(year, month, 10)
    return date(year, month, 20) if part == "中旬" else last_day(year, month)


def year_end(found: re.Match[str], context: Context) -> date | None:
    """Resolve 到2027年, 明年年底前."""
    year = context.resolve(found)
    whole = not context.inclusive and re.search(r"年(?:之|以)?前$", found.group())
    return date(year - 1 if whole else year, 12, 31) if year else None


def this_year_end(_found: re.Match[str], context: Context) -> date | None:
    """Resolve 年底前, 年内."""
    year = context.named or context.year
    return date(year, 12, 31) if year else None


def half_year(found: re.Match[str], context: Context) -> date | None:
    """Resolve 上半年, 年中, 下半年."""
    year = context.resolve(found)
    if year is None:
        return None
    return date(year, 12, 31) if "下半年" in found.group() else date(year, 6, 30)


def quarter(found: re.Match[str], context: Context) -> date | None:
    """Resolve 第三季度, 一季度末, 首季."""
    year = context.resolve(found)
    words = found.groupdict().get("quarter") or "一"
    return last_day(year, 3 * number(words)) if year else None


def this_half(_found: re.Match[str], context: Context) -> date | None:
    """Resolve 时间过半."""
    return date(context.year, 6, 30) if context.year else None


def plan_end(found: re.Match[str], _context: Context) -> date | None:
    """Resolve the last day of a five-year plan: 十四五 is 2025-12-31, 十五五 is 2030-12-31."""
    count = number(found.group("plan"))
    return date(1955 + 5 * count, 12, 31) if 6 <= count <= 99 else None


def this_plan_end(_found: re.Match[str], context: Context) -> date | None:
    """Resolve 规划期内 from the period in the document's title."""
    return context.plan_end


def festival(found: re.Match[str], context: Context) -> date | None:
    """Resolve 国庆节前: the day before it."""
    year = context.resolve(found)
    return date(year, *FESTIVALS[found.group("festival")]) if year else None


def since_issue(found: re.Match[str], context: Context) -> date | None:
    """Resolve 本意见印发之日起30日内; working days are counted later, by the calendar."""
    return after(context.issued, found.group()) if context.issued else None


def coming_year(found: re.Match[str], context: Context) -> date | None:
    """Resolve 「2027年，」 at the head of a sentence as a plan year, unless it is past."""
    year = year_of(found)
    return date(year, 12, 31) if year and context.year and year > context.year else None


def nothing(_found: re.Match[str], _context: Context) -> date | None:
    """Resolve words that name no day."""
    return None


def after(start: date, words: str) -> date | None:
    """Return the day that a span of time (7日内, 三个月内, 两年内, 半年内) ends; None for working days."""
    found = SPAN.search(words)
    if not found or start.year > LAST_YEAR:
        return None
    if found.group("half"):
        return months_on(start, 6) if found.group("half") == "半年" else start + timedelta(days=15)
    count, unit = number(found.group("count")), found.group("unit")
    if "月" in unit or "年" in unit:
        months = count * (12 if "年" in unit else 1)
        return months_on(start, months + (6 if unit == "半年" else 0)) + timedelta(days=15 * (unit == "半月"))
    days = {"周": 7 * count, "星期": 7 * count, "小时": -(-count // 24)}.get(unit, count)
    return None if "工作日" in unit else start + timedelta(days=days)


def workdays(words: str) -> int:
    """Return the number of working days that words such as 会后5个工作日内 allow; 0 when they name none."""
    found = SPAN.search(words)
    return number(found.group("count")) if found and found.group("unit") == "工作日" else 0


def plan_end_of(title: str) -> date | None:
    """Return the last day of the period that a title names: “十五五”规划, 三年行动计划（2026—2028年）."""
    years = re.search(r"20\d{2}\s?年?\s?[—–\-~～至]{1,2}\s?(20\d{2})\s?年", title)
    if years:
        return date(int(years.group(1)), 12, 31)
    plan = re.search(r"[“\"]?(?P<plan>[一二三四五六七八九十]{1,2})五[”\"]", title)
    return plan_end(plan, Context(None, None)) if plan else None
