"""Reads how often a duty recurs: only explicit 每年, 每半年, 每季度, 每月, 每周 (持续 and 定期 are no cadence)."""

import re

from luoshi.directives.rules.facts import Cadence, Span

PERIODS = {"年": "annual", "半": "semiannual", "季": "quarterly", "月": "monthly", "周": "weekly"}
REGULAR = r"(?:调度|通报|报告|汇报|评估|督查|检查|小结|会商|研判|考核|报送|督办|例会|报|评|查|考)"
# A rate, ceiling or allowance (每年不超过…万元, 每年每人一次) says how much, not how often the work is done.
PATTERN = re.compile(
    r"(?P<every>每(?:个)?(?:半年度?|年度?|季度?|月度?|周)|[按逐](?:季度?|月|年|周)|"
    rf"一(?:半年|年|季度?|月|周)一(?={REGULAR}))"
    r"(?!不超过|最高|最多|给予|补助|补贴|奖励|可|每|只|均|按|人均|递增|增长|约|达|享受|报酬|工资|租金|产值|收入|税|"
    r"[\d.]+[万亿]*元|[一二三四五六七八九十百千万]+元|[\d一二三四五六七八九十]+次性|度计划|度考核|份)"
)
RATE_BEFORE = re.compile(r"(?:每人|每户|每家|每名|每个|金额|补贴|补助|标准|费用|租金|最高|享受|按照?)$")
# The day of a report within its period is kept: 每月28日前, 每周二, 每季度末（6月、9月和12月底）.
TAIL = re.compile(
    r"的?(?:第?[一二三四1-4]季度|首月|末月)?(?:\d{1,2}月)?(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号]|(?P<weekday>[一二三四五六日天])(?![次个名项轮])|[底末初])?"
    r"(?:[（(][^）)\n]{1,20}[）)])?(?:[上下]午)?(?:之前|以前|前)?"
)


def find_cadences(text: str, *, start: int, end: int) -> tuple[Cadence, ...]:
    """Return every explicit cadence between two offsets, in order."""
    return tuple(
        _cadence(text, found, end)
        for found in PATTERN.finditer(text, start, end)
        if not RATE_BEFORE.search(text[max(start, found.start() - 6) : found.start()])
    )


def find_cadence(text: str, *, start: int, end: int) -> Cadence | None:
    """Return the first explicit cadence between two offsets."""
    return next(iter(find_cadences(text, start=start, end=end)), None)


def _cadence(text: str, found: re.Match[str], end: int) -> Cadence:
    every = found.group("every")
    value = next(PERIODS[c] for c in every if c in PERIODS)
    tail = TAIL.match(text, found.end(), end)
    assert tail is not None  # every part of it may be missing
    weekday, day = tail.group("weekday"), tail.group("day")
    counted = int(day) if day and value != "weekly" and "首月" not in tail.group() else None
    if weekday and value == "weekly":
        counted = "一二三四五六日".find(weekday.replace("天", "日")) + 1
    detail = tail.group() if counted or re.search(r"[底末初月（(前午]", tail.group()) else ""
    return Cadence(value, every, Span(found.start(), found.end()), counted, detail)
