"""Reads how often a duty recurs: only explicit 每年, 每季度, 每月, 每周 (持续 and 定期 are no cadence)."""

import re

from luoshi.directives.rules.facts import Cadence, Span

VALUES = (
    ("annual", "每年"),
    ("quarterly", "每季"),
    ("monthly", "每月"),
    ("monthly", "每个月"),
    ("weekly", "每周"),
    ("quarterly", "按季度"),
    ("monthly", "按月"),
    ("quarterly", "逐季"),
    ("monthly", "逐月"),
    ("annual", "逐年"),
)
# A rate, ceiling or allowance (每年不超过…万元, 每年每人一次) says how much, not how often the work is done.
PATTERN = re.compile(
    r"(?P<every>每年|每季度?|每个?月|每周|按月|按季度?|逐月)"
    r"(?!不超过|最高|最多|给予|补助|补贴|奖励|可|每|只|均|按|人均|递增|增长|约|达|享受|[\d.]+[万亿]*[元次]|[一二三四五六七八九十百千万]+[元次])"
)
RATE_BEFORE = re.compile(r"(?:每人|每户|每家|每名|每个|金额|补贴|补助|标准|费用|租金|最高|享受|按照?)$")


def find_cadence(text: str, *, start: int, end: int) -> Cadence | None:
    """Return the first explicit cadence between two offsets."""
    for found in PATTERN.finditer(text, start, end):
        if not RATE_BEFORE.search(text[max(start, found.start() - 6) : found.start()]):
            every = found.group("every")
            value = next(value for value, words in VALUES if every.startswith(words))
            return Cadence(value, every, Span(found.start(), found.end()))
    return None
