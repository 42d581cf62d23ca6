"""Reporting periods and the dates by which reports are due (domain handbook §1.5)."""

import calendar
from datetime import date, timedelta

from luoshi.tasks.rules.states import Cadence

FRIDAY = 5
HALF = 6  # the last month of the first half
LENGTH_IN_MONTHS = {Cadence.QUARTERLY.value: 3, Cadence.SEMIANNUAL.value: 6, Cadence.ANNUAL.value: 12}


def current_period(cadence: str, today: date) -> str:
    """The period a report of today belongs to: 2026-W47, 2026-11, 2026-Q4, 2026-H2 or 2026; months without any."""
    if cadence == Cadence.WEEKLY:
        year, week, _day = today.isocalendar()
        return f"{year}-W{week:02d}"
    if cadence == Cadence.QUARTERLY:
        return f"{today.year}-Q{_quarter(today)}"
    if cadence == Cadence.SEMIANNUAL:
        return f"{today.year}-H{1 if today.month <= HALF else 2}"
    if cadence == Cadence.ANNUAL:
        return str(today.year)
    return f"{today.year}-{today.month:02d}"


def period_start(cadence: str, today: date) -> date:
    """The first day of the period that contains today."""
    if cadence == Cadence.WEEKLY:
        return today - timedelta(days=today.isoweekday() - 1)
    if cadence == Cadence.QUARTERLY:
        return date(today.year, 3 * _quarter(today) - 2, 1)
    if cadence == Cadence.SEMIANNUAL:
        return date(today.year, 1 if today.month <= HALF else HALF + 1, 1)
    if cadence == Cadence.ANNUAL:
        return date(today.year, 1, 1)
    return today.replace(day=1)


def report_date(cadence: str, *, cadence_day: int | None, today: date) -> date | None:
    """The day by which the report of today's period is due; None where reports follow milestones only.

    `cadence_day` counts within the week (1 Monday … 7) or within the (last) month of the period; without it the
    report is due on Friday, or on the last day. A day the month does not have is its last day.
    """
    if cadence == Cadence.NONE:
        return None
    first = period_start(cadence, today)
    if cadence == Cadence.WEEKLY:
        return first + timedelta(days=min(cadence_day or FRIDAY, 7) - 1)
    month = first.month + LENGTH_IN_MONTHS.get(cadence, 1) - 1
    last = calendar.monthrange(first.year, month)[1]
    return date(first.year, month, min(cadence_day or last, last))


def next_report_date(
    cadence: str,
    *,
    cadence_day: int | None,
    last_at: date | None,
    today: date,
    start: date | None = None,
) -> date | None:
    """The day by which the next report is due; a day in the past means it is late. None without a cadence.

    `last_at` is the local date of the latest report. A report in today's period answers for that period; a task that
    started after the period's report day first owes the next period's report.
    """
    due = report_date(cadence, cadence_day=cadence_day, today=today)
    if due is None:
        return None
    answered = last_at is not None and last_at >= period_start(cadence, today)
    if answered or (start is not None and start > due):
        return report_date(cadence, cadence_day=cadence_day, today=_next_period(cadence, today))
    return due


def _next_period(cadence: str, today: date) -> date:
    """The first day of the period after today's."""
    length = 7 if cadence == Cadence.WEEKLY else 31 * LENGTH_IN_MONTHS.get(cadence, 1)
    return period_start(cadence, period_start(cadence, today) + timedelta(days=length))


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def list_periods(cadence: str, year: int) -> tuple[str, ...]:
    """Every period of a year, in order; months where the cadence names none."""
    found: dict[str, None] = {}
    day = date(year, 1, 4 if cadence == Cadence.WEEKLY else 1)  # 4 January always lies in the first week
    while current_period(cadence, day).startswith(str(year)):
        found[current_period(cadence, day)] = None
        day = _next_period(cadence, day)
    return tuple(found)


def period_end(period: str) -> date:
    """The last day of a period as `current_period` writes it. Raises ValueError for what is no period."""
    year, _dash, part = period.partition("-")
    if part.startswith("W"):
        return date.fromisocalendar(int(year), int(part[1:]), 7)
    months = {"": 12, **{f"Q{n}": 3 * n for n in range(1, 5)}, "H1": HALF, "H2": 2 * HALF}
    month = months[part] if part in months else int(part)
    return date(int(year), month, calendar.monthrange(int(year), month)[1])


def previous_day(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
