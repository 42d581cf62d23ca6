"""The county's diary: what is to happen when, in order, on working days, and never after now."""

import heapq
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from luoshi.core.rules.workdays import Calendar

Act = Callable[[datetime], object]


class Diary:
    """Acts by their moments. An act may write further ones into the diary while it is lived through."""

    def __init__(self, *, now: datetime, start: date, year: int, calendar: Calendar, dice: random.Random) -> None:
        self.now = now
        self.today = timezone.localtime(now).date()
        self.start = start
        self.year = year
        self.calendar = calendar
        self.dice = dice
        self._acts: list[tuple[datetime, int, Act]] = []
        self._count = 0
        self._moment = timezone.make_aware(datetime.combine(start, time(8)))

    def day(self, text: str) -> date:
        """A date of the sheets: MM-DD of the story's year."""
        return date.fromisoformat(f"{self.year}-{text}")

    def workday(self, day: date) -> date:
        """The day itself, or the next working day; never before the story begins."""
        found = max(day, self.start)
        while not self.calendar.is_workday(found):
            found += timedelta(days=1)
        return found

    def workday_before(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.calendar.is_workday(day):
            day -= timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """So many working days later."""
        return self.calendar.add_workdays(day, count)

    def put(self, day: date, hour: int, act: Act, *, minute: int | None = None) -> None:
        """Let it happen on a day, within an hour or at its minute, but not before what is happening now."""
        minute, second = (self.dice.randrange(60), self.dice.randrange(60)) if minute is None else (minute, 0)
        moment = timezone.make_aware(datetime.combine(day, time(hour, minute, second)))
        moment = max(moment, self._moment + timedelta(minutes=5))
        self._count += 1
        heapq.heappush(self._acts, (moment, self._count, act))

    def live(self) -> int:
        """Do everything up to now in its order; how many acts."""
        done = 0
        while self._acts and self._acts[0][0] <= self.now:
            self._moment, _number, act = heapq.heappop(self._acts)
            act(self._moment)
            done += 1
        return done
