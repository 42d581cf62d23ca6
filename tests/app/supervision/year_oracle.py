"""What a year must leave behind, worked out day by day and job by job in plain Python: slow, and by none of our rules.

The words of the handbook that it follows: receipt, first report and grace are counted in working days; a ladder climbs
by silence and stops by action; a window is judged after its grace; a month keeps the light it ended with.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

from tests.app.supervision.year_story import DAY, START, Job, Story, answer_to

CLOCKS = {"document": (2, 10), "meeting": (2, 5), "remark": (1, 5)}  # receipt, first report
GRACE_OF_WINDOWS, NEAR_DAYS, QUIET, RECURS = 1, 7, 5, 30
RECEIPT, NEAR, SILENT, OVERDUE = 1, 2, 3, 4  # the steps that a date starts; 5 to 8 are reached by silence
GRACE = {4: 3, 5: 5, 6: 10, 7: 10, 8: 10}
APPROVED = {5: "office", 6: "leader", 7: "head", 8: "head"}
TELLS = {
    1: "handler head", 2: "handler", 3: "handler head", 4: "handler head", 5: "head sponsor up",
    6: "head sponsor office", 7: "head sponsor", 8: "head sponsor office up",
}  # fmt: skip


def is_workday(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if day.year <= 2026 else day.weekday() < 5


def after(day: date, count: int) -> date:
    """The so-manieth working day after a day; before it for a negative count."""
    step = DAY if count > 0 else -DAY
    while count:
        day += step
        if is_workday(day):
            count += -1 if count > 0 else 1
    return day


@dataclass
class Chase:
    opened: date
    first: int
    rung: int = 0
    since: date = START
    limit: date | None = None
    waiting: date | None = None  # since when a step waits for a yes
    waiting_rung: int = 0


@dataclass
class Life:
    """What has become of one job so far."""

    job: Job
    state: str = "draft"
    acknowledged: bool = False
    reports: list[date] = field(default_factory=list)
    told: list[date] = field(default_factory=list)  # reports that say something
    words: list[date] = field(default_factory=list)  # submissions and their answers
    percent: int | None = None
    hollow: int = 0
    returns: int = 0
    submitted: date | None = None
    chase: Chase | None = None
    ended: tuple[int, date] | None = None  # the first step of the chase before and the day of the action that ended it
    missing: dict[str, tuple[date, date]] = field(default_factory=dict)
    red_months: list[date] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state not in ("draft", "done")


class Oracle:
    """Lives the story; then `steps`, `turns`, `months`, `notices` and `asked` hold what must stand."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.lives = {job.number: Life(job) for job in story.jobs}
        self.steps: dict[tuple[str, date, int], tuple[str, str, str]] = {}  # → due on, made on, state
        self.turns: dict[tuple[str, str], tuple[date, str]] = {}  # → closes, state
        self.months: dict[tuple[str, date], tuple[str, str, date | None]] = {}
        self.notices: Counter[tuple[str, date, str]] = Counter()
        self.asked: set[tuple[str, date]] = set()

    def live(self) -> "Oracle":
        for n in range(self.story.days):
            self._morning(START + n * DAY)
            self._day(START + n * DAY)
        return self

    def _morning(self, day: date) -> None:
        lives = [life for life in self.lives.values() if life.state != "draft"]
        if day.day == 1:
            for life in lives:
                self._freeze(life, day - DAY)
        for life in lives:
            self._catch_up(life, day)
            self._close_windows(life, day - DAY)
        if is_workday(day):
            for life in lives:
                self._chase(life, day)

    def _day(self, day: date) -> None:
        for life in self.lives.values():
            self._answer(life, day)
        for job in self.story.jobs:
            if job.dispatched == day:
                self.lives[job.number].state = "dispatched"
        for what, number, percent in self.story.acts.get(day, ()):
            self._act(self.lives[number], what, percent, day)

    def _act(self, life: Life, what: str, percent: int, day: date) -> None:
        if what == "acknowledge":
            life.acknowledged, life.state = True, "working"
            if life.chase and life.chase.first == RECEIPT:
                self._stop(life, day)
        elif what in ("report", "hollow"):
            life.reports.append(day)
            life.state = "working"
            life.hollow = life.hollow + 1 if what == "hollow" else 0
            for period, (closes, _final) in list(life.missing.items()):
                if period == period_of(life.job.cadence, day):
                    self.turns[life.job.code, period] = (closes, "late")
                    del life.missing[period]
            if what == "report":
                life.percent = percent
                life.told.append(day)
                self._stop(life, day)
        elif what == "submit":
            life.state, life.submitted = "submitted", day
            life.words.append(day)
            self._stop(life, day)
        else:
            life.words.append(day)
            life.submitted = None
            life.state = "done" if what == "pass" else "returned"
            life.returns += what == "return"

    def _stop(self, life: Life, day: date) -> None:
        if life.chase:
            self._overtake(life)
            life.ended, life.chase = (life.chase.first, day), None

    def _overtake(self, life: Life) -> None:
        if life.chase and life.chase.waiting:
            key = (life.job.code, life.chase.opened, life.chase.waiting_rung)
            self.steps[key] = (*self.steps[key][:2], "overtaken")

    # chasing

    def _chase(self, life: Life, day: date) -> None:
        if life.state in ("submitted", "done"):
            return
        owed = self._owed(life, day)
        late = [d for d in (owed[OVERDUE], owed[RECEIPT], owed[SILENT]) if d is not None and d < day]
        chase = life.chase
        if chase and not late and not self._is_near(life, day):
            self._overtake(life)
            life.chase = None
            return
        if chase is None:
            found = self._begins(life, owed, day)
        elif chase.waiting or chase.since >= day:
            found = None
        else:
            found = self._climbs(chase, owed, min(late, default=None), day)
        if found:
            self._take(life, *found, day)

    def _owed(self, life: Life, day: date) -> dict[int, date | None]:
        receipt, first = (after(life.job.dispatched, count) for count in CLOCKS[life.job.matter])
        said = max(life.reports, default=None)
        unsaid = [closes for closes, _final in life.missing.values() if said is None or said <= closes]
        silent = min(unsaid, default=first if said is None and first < day else None)
        return {
            RECEIPT: None if life.acknowledged else receipt,
            SILENT: silent,
            OVERDUE: life.job.due,
            NEAR: life.job.due,
        }

    def _is_near(self, life: Life, day: date) -> bool:
        return after(life.job.due, -3) <= day <= life.job.due

    def _begins(self, life: Life, owed: dict[int, date | None], day: date) -> tuple[int, date] | None:
        acted = max([*life.told, *([life.ended[1]] if life.ended else [])], default=None)
        ready: list[tuple[int, date]] = []
        for rung, origin in owed.items():
            if origin is None or (rung == NEAR and not self._is_near(life, day)):
                continue
            falls = after(origin, -3 if rung == NEAR else 1)
            answers = falls if rung == NEAR else origin + DAY
            if falls <= day:
                if acted is not None and acted >= answers:
                    falls = max(falls, after(acted, QUIET))
                ready += [(rung, falls)] if falls <= day else []
        if not ready:
            return None
        rung, falls = max(ready)
        if rung == NEAR:
            return rung, falls
        start = rung
        if life.ended and life.ended[0] >= rung and (falls - life.ended[1]).days <= RECURS:
            start = next((r for r in range(life.ended[0] + 1, 9) if r in GRACE), rung)
        return max(start, 5) if life.job.urgency == 1 else start, falls

    def _climbs(
        self, chase: Chase, owed: dict[int, date | None], late: date | None, day: date
    ) -> tuple[int, date] | None:
        found = []
        for rung, origin in owed.items():
            if rung > chase.rung and origin is not None and rung != NEAR and after(origin, 1) <= day:
                found.append((rung, after(origin, 1)))
            if rung == NEAR > chase.rung and origin is not None and after(origin, -3) <= day <= origin:
                found.append((rung, after(origin, -3)))
        above = next((rung for rung in range(chase.rung + 1, 9) if rung in GRACE), None)
        if above and late and chase.rung:
            falls = after(max(chase.since, late, chase.limit or chase.since), GRACE[above])
            found += [(above, falls)] if falls <= day else []
        if not found:
            return None
        highest = max(rung for rung, _falls in found)
        falls = next(falls for rung, falls in found if rung == highest)
        return highest, max(falls, chase.since)

    def _take(self, life: Life, rung: int, falls: date, day: date) -> None:
        chase = life.chase = life.chase or Chase(day, rung)
        waits = rung in APPROVED
        key = (life.job.code, chase.opened, rung)
        self.steps[key] = (falls.isoformat(), day.isoformat(), "awaiting" if waits else "sent")
        if waits:
            chase.waiting, chase.waiting_rung, chase.limit = day, rung, None
            self.asked.add((self._approver(life.job, APPROVED[rung]), day))
        else:
            self._send(life, rung, day)

    def _send(self, life: Life, rung: int, day: date, limit: date | None = None) -> None:
        assert life.chase
        life.chase.rung, life.chase.since, life.chase.limit, life.chase.waiting = rung, day, limit, None
        for person in self._told(life.job, TELLS[rung].split()):
            self.notices[person, day, life.job.code] += 1

    def _answer(self, life: Life, day: date) -> None:
        chase = life.chase
        if chase is None or chase.waiting is None:
            return
        what, days, limit = answer_to(life.job.code, chase.opened, chase.waiting_rung)
        if what == "never" or chase.waiting + days * DAY != day:
            return
        key, rung = (life.job.code, chase.opened, chase.waiting_rung), chase.waiting_rung
        if what == "refuse":
            self.steps[key] = (*self.steps[key][:2], "refused")
            life.ended, life.chase = (0, day), None
        else:
            self.steps[key] = (*self.steps[key][:2], "sent")
            self._send(life, rung, day, day + limit * DAY if limit else None)

    def _told(self, job: Job, whom: list[str]) -> set[str]:
        story, unit = self.story, job.unit
        head = f"head{unit}" if story.has_head(unit) else "county"
        people: dict[str, str | None] = {
            "handler": f"clerk{unit}" if story.has_handler(unit) else head,
            "head": head,
            "sponsor": None if job.sponsor is None else f"sponsor{job.sponsor}",
            "office": "office",
            "up": "county",
        }
        return {found for who in whom if (found := people[who])}

    def _approver(self, job: Job, approver: str) -> str:
        if approver == "office":
            return "office"
        return f"sponsor{job.sponsor}" if approver == "leader" and job.sponsor is not None else "county"

    # windows

    def _close_windows(self, life: Life, last: date) -> None:
        """Every window of which yesterday was the last day."""
        job = life.job
        if not job.cadence or life.state == "done":
            return
        for back in range(15):
            closes = last - back * DAY
            if closes_on(job, closes) and after(closes, GRACE_OF_WINDOWS) == last and job.dispatched <= closes:
                start = closes - closes.weekday() * DAY if job.cadence == "weekly" else closes.replace(day=1)
                period = period_of(job.cadence, closes)
                if any(day >= start for day in [*life.reports, *life.words]):
                    state = "on_time"
                elif life.submitted and life.submitted <= last:
                    state = "excused"
                else:
                    state = "missing"
                    life.missing[period] = (closes, last)
                self.turns[job.code, period] = (closes, state)

    # lights

    def _freeze(self, life: Life, end: date) -> None:
        if life.is_open and life.job.dispatched <= end:
            colour, reason = self._light(life, end)
            self.months[life.job.code, end.replace(day=1)] = (colour, reason, None)
            if colour == "red":
                life.red_months.append(end.replace(day=1))

    def _catch_up(self, life: Life, day: date) -> None:
        if life.red_months and (not life.is_open or self._light(life, day)[0] != "red"):
            for month in life.red_months:
                self.months[life.job.code, month] = (*self.months[life.job.code, month][:2], day)
            life.red_months = []

    def _light(self, life: Life, day: date) -> tuple[str, str]:
        job, day = life.job, life.submitted or day
        whole, gone = (job.due - job.dispatched).days + 1, (day - job.dispatched).days
        plan = 10000 if day > job.due else max(0, 10000 * gone // whole)
        gap = 0 if life.submitted else plan - 100 * (life.percent or 0)
        said = life.percent is not None
        tests: list[tuple[str, str, Callable[[], bool]]] = [
            ("red", "overdue", lambda: day > job.due),
            ("red", "far_behind", lambda: said and gap > 3000),
            ("yellow", "behind", lambda: said and gap >= 1000),
            ("yellow", "missing", lambda: not said and gap >= 1000),
            ("yellow", "doubt", lambda: life.state == "returned" or life.returns >= 2 or life.hollow >= 3),
            ("yellow", "near", lambda: timedelta() <= job.due - day <= NEAR_DAYS * DAY),
            ("green", "fine", lambda: True),
        ]
        return next((colour, reason) for colour, reason, holds in tests if holds())


def closes_on(job: Job, day: date) -> bool:
    """Does a window of this job close on this day?"""
    if job.cadence == "weekly":
        return day.weekday() == 4
    return day.day == min(job.cadence_day or 31, monthrange(day.year, day.month)[1])


def period_of(cadence: str, day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}" if cadence == "weekly" else f"{day:%Y-%m}"
