"""What happens by itself in this room: chasing, once each working day."""

from datetime import datetime

from django.conf import settings

from luoshi.core.policy import get_policy
from luoshi.supervision.actions.chasing import take_due_steps
from luoshi.supervision.actions.ladders import ensure_ladders
from luoshi.supervision.actions.sponsoring import tell_offices


def chase_units(at: datetime) -> int:
    """Take the steps of chasing that fall due on the day of `at`; each is taken once, however often this runs."""
    ensure_ladders(preset=settings.LUOSHI["PRESET"], now=at)
    policy = get_policy()
    tell_offices(now=at, policy=policy)
    return take_due_steps(now=at, policy=policy)
