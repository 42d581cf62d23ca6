"""When a delivery is tried again, and how fast a robot may speak."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.notices.rules.kinds import Channel

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=3)
LONGEST_ASKED = timedelta(hours=12)  # a receiver that asks for more patience than this gets this
ATTEMPTS = 14  # with these waits a day and some hours
JITTER = 0.25


def wait_after(attempts: int, *, dice: float, asked: timedelta | None = None) -> timedelta:
    """How long to wait after so many attempts: doubling, spread by a quarter, and no shorter than was asked for.

    `dice` is a number from 0 to 1.
    """
    wait: timedelta = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    if asked is not None:
        wait = max(wait, min(asked, LONGEST_ASKED))
        return wait * (1 + JITTER * dice)  # never before the moment that was named
    return wait * (1 - JITTER + 2 * JITTER * dice)


@dataclass(frozen=True, slots=True)
class Pace:
    """A bucket of `burst` messages that fills again by one each `gap`: at most burst + minute/gap in any minute."""

    gap: timedelta
    burst: int


PACES: dict[Channel, Pace] = {  # within what each platform allows: 20, 20, and 100 a minute with 5 a second
    Channel.DINGTALK: Pace(timedelta(seconds=6), 10),
    Channel.WECOM: Pace(timedelta(seconds=6), 10),
    Channel.FEISHU: Pace(timedelta(seconds=1), 4),
    Channel.WEBHOOK: Pace(timedelta(milliseconds=100), 20),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """May it speak now? Then `paced_at` is what to keep, else `wait_until` is when to come back."""

    paced_at: datetime | None = None
    wait_until: datetime | None = None


def take_turn(paced_at: datetime | None, *, now: datetime, pace: Pace) -> Turn:
    """Whether the bucket, empty again at `paced_at`, has room now."""
    level = max(paced_at or now, now)
    free_from = level - pace.gap * (pace.burst - 1)
    if free_from > now:
        return Turn(wait_until=free_from)
    return Turn(paced_at=level + pace.gap)
