"""When a message may leave: not in a person's quiet hours, not on days off."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from luoshi.core.rules.workdays import Calendar

LONGEST_HOLIDAY = 30  # days that are looked at for the next working day


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is sent; from 20:00 until 8:00 goes over midnight, equal ends are no quiet hours."""

    start: time
    end: time
    lets_urgent: bool = False

    def holds(self, at: time) -> bool:
        """Is this time of day quiet?"""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def read_hours(text: str) -> tuple[time, time]:
    """Two times of day from `20:00-08:00`; raises ValueError."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(text)
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def may_leave_at(local: datetime, *, quiet: Quiet, calendar: Calendar, urgent: bool) -> datetime:
    """The first moment from `local` on at which the message may leave: `local` itself when it need not wait."""
    if urgent and quiet.lets_urgent:
        return local
    found = local
    for _day in range(LONGEST_HOLIDAY):
        if not calendar.is_workday(found.date()):
            found = _at(found + timedelta(days=1), time(0))
        elif quiet.start != quiet.end and quiet.holds(found.timetz().replace(tzinfo=None)):
            later = found.time() >= quiet.end
            found = _at(found + timedelta(days=1) if later else found, time(0) if later else quiet.end)
        else:
            break
    return found


def _at(day: datetime, at: time) -> datetime:
    return day.replace(hour=at.hour, minute=at.minute, second=at.second, microsecond=0)
