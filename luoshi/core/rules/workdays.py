"""Working days by an editable calendar: weekends, holidays off, and weekend days worked instead."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that differ from the plain week: `off` are free weekdays, `worked` are worked weekend days."""

    off: Set[date] = frozenset()
    worked: Set[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def add_workdays(self, start: date, count: int) -> date:
        """The `count`-th working day after `start` (会后5个工作日内 → add_workdays(meeting, 5))."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def knows(self, year: int) -> bool:
        """Are the year's holidays entered? Spring Festival, Labour Day and National Day take weekdays every year."""
        months = {day.month for day in self.off if day.year == year}
        return bool(months & {1, 2}) and {5, 10} <= months

    def unknown_years(self, start: date, end: date) -> tuple[int, ...]:
        """Years from `start` to `end` whose holidays are not entered: working days counted there may be wrong."""
        return tuple(year for year in range(start.year, end.year + 1) if not self.knows(year))

    def count_workdays(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when end is not after start."""
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
