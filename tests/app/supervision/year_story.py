"""A year of a county, drawn from a seed: what is asked of whom, and on which days units act. No Django, no rules.

Both the process that lives the year and the oracle that works it out read the same story.
"""

import random
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

START = date(2026, 1, 5)
MATTERS = ("document", "meeting", "remark")
DAY = timedelta(days=1)
Act = tuple[str, int, int]  # what, by which job's unit, the percent said


@dataclass(frozen=True)
class Job:
    """One task of one unit."""

    number: int
    unit: int
    matter: str
    urgency: int
    dispatched: date
    due: date
    cadence: str
    cadence_day: int | None
    sponsor: int | None

    @property
    def code(self) -> str:
        return f"QH-2026-{self.number:05d}"


@dataclass
class Story:
    """The jobs, and the acts of each day in their order."""

    units: int
    days: int
    jobs: list[Job]
    acts: dict[date, list[Act]] = field(default_factory=lambda: defaultdict(list))

    @property
    def end(self) -> date:
        return START + (self.days - 1) * DAY

    def has_handler(self, unit: int) -> bool:
        return unit % 5 != 4

    def has_head(self, unit: int) -> bool:
        return unit % 7 != 6 or not self.has_handler(unit)


def tell(seed: int, *, jobs: int, days: int) -> Story:
    """Draw the story."""
    dice = random.Random(seed)
    story = Story(units=max(8, jobs // 40), days=days, jobs=[])
    for number in range(1, jobs + 1):
        job = _draw_job(dice, number, story)
        story.jobs.append(job)
        _draw_acts(dice, job, story)
    for acts in story.acts.values():
        acts.sort(key=lambda act: act[1])
    return story


def _draw_job(dice: random.Random, number: int, story: Story) -> Job:
    dispatched = START + dice.randrange(max(1, story.days - 15)) * DAY
    cadence = dice.choices(("monthly", "weekly", ""), (60, 15, 25))[0]
    return Job(
        number=number,
        unit=dice.randrange(story.units),
        matter=dice.choice(MATTERS),
        urgency=dice.choices((1, 2, 3), (4, 16, 80))[0],
        dispatched=dispatched,
        due=min(dispatched + dice.randint(8, 150) * DAY, date(2026, 12, 31)),
        cadence=cadence,
        cadence_day=25 if cadence == "monthly" else None,
        sponsor=dice.choice((0, 1, 2, None)),
    )


def _draw_acts(dice: random.Random, job: Job, story: Story) -> None:
    """A unit of some temper: prompt, slow or silent; it acknowledges, reports, and hands in, perhaps twice."""
    temper = dice.choices(("prompt", "slow", "silent"), (45, 35, 20))[0]
    if temper == "silent" and dice.random() < 0.5:
        return
    days = iter(_days(dice, job, temper))
    day = job.dispatched + dice.randint(*{"prompt": (0, 2), "slow": (1, 9), "silent": (5, 20)}[temper]) * DAY
    _add(story, day, "acknowledge", job)
    hands_in = job.due + dice.randint(*{"prompt": (-6, 3), "slow": (-2, 30), "silent": (20, 60)}[temper]) * DAY
    percent = 0
    for report in days:
        if day < report < hands_in:
            percent = min(95, percent + dice.randint(5, 30))
            _add(story, report, "hollow" if dice.random() < 0.2 else "report", job, percent)
            day = report
    hands_in = max(hands_in, day + DAY)
    while dice.random() < 0.85:
        _add(story, hands_in, "submit", job)
        answered = hands_in + dice.randint(1, 9) * DAY
        passed = dice.random() < 0.75
        _add(story, answered, "pass" if passed else "return", job)
        if passed:
            break
        hands_in = answered + dice.randint(2, 25) * DAY


def _days(dice: random.Random, job: Job, temper: str) -> list[date]:
    found, day = [], job.dispatched
    for _n in range({"prompt": 8, "slow": 4, "silent": 1}[temper]):
        day += dice.randint(*{"prompt": (10, 35), "slow": (15, 70), "silent": (20, 90)}[temper]) * DAY
        found.append(day)
    return found


def _add(story: Story, day: date, what: str, job: Job, percent: int = 0) -> None:
    if day <= story.end:
        story.acts[day].append((what, job.number, percent))


def answer_to(code: str, opened: date, rung: int) -> tuple[str, int, int | None]:
    """What the leader says to a step that waits, after how many days, and the days of a new limit: by lot."""
    lot = zlib.crc32(f"{code} {opened} {rung}".encode())
    what = {0: "refuse", 1: "never"}.get(lot % 8, "approve")
    return what, lot // 8 % 4, 5 if lot % 8 == 7 else None
