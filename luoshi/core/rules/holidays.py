"""The official notice of a year's holidays, read into the days that differ from the plain week."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from luoshi.core.rules.workdays import SATURDAY

LONGEST = 15  # days that one holiday may take
_HEAD = re.compile(r"(?:[一二三四五六七八九十]+、|\d+[.．、])\s*([^：:，。\s]{2,12})[：:]")
_DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})日")
_NOTE = re.compile(r"[（(][^）)]*[）)]")


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """One day that differs from the plain week, as the notice says it."""

    day: date
    is_workday: bool
    name: str


def read_holidays(text: str, *, year: int) -> tuple[HolidayLine, ...]:
    """Free weekdays and worked weekend days of the notice, in order; nothing for what cannot be read."""
    found: dict[date, HolidayLine] = {}
    name = ""
    for sentence in re.split(r"[。；;\n]", text):
        head = _HEAD.search(sentence)
        name = head.group(1) if head else name
        plain = _NOTE.sub("", sentence[head.end() :] if head else sentence)
        for day, is_workday in _read(plain, year):
            if is_workday != (day.weekday() < SATURDAY):
                found[day] = HolidayLine(day, is_workday, name)
    return tuple(found[day] for day in sorted(found))


def _read(sentence: str, year: int) -> Iterator[tuple[date, bool]]:
    if "放假" in sentence or "休息" in sentence:
        first, _to, last = re.split("放假|休息", sentence)[0].partition("至")
        days = _days(first, year)[:1] if last else _days(first, year)
        if days and last and (ends := _days(last, year, month=days[0].month)):
            days = [days[0] + timedelta(days=n) for n in range(min((ends[0] - days[0]).days + 1, LONGEST))]
        yield from ((day, False) for day in days)
    elif "上班" in sentence:
        yield from ((day, True) for day in _days(sentence, year))


def _days(text: str, year: int, *, month: int = 0) -> list[date]:
    found = []
    for own_month, number in _DAY.findall(text):
        month = int(own_month or month)
        try:
            found.append(date(year, month, int(number)))
        except ValueError:
            continue
    return found
