"""只挂帅不出征: what the leader in charge left undone after the grace is told to the office, once."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.policy import Policy
from luoshi.core.queries import get_calendar
from luoshi.core.shell import url
from luoshi.notices.actions import notify, say
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role
from luoshi.supervision.queries.chasing import list_homes
from luoshi.supervision.queries.sponsoring import Sponsored, list_idle_among
from luoshi.tasks.models import Task

MOST = 5000


def tell_offices(*, now: datetime, policy: Policy) -> int:
    """Tell each office of red work whose leader's grace ran out since the last working day; of how much.

    Told on that one day only, and a message that waits unread is not sent again, so that a second run adds nothing.
    """
    today = timezone.localtime(now).date()
    days = policy.sponsor_days + policy.sponsor_grace_days
    led = Task.objects.filter(sponsor__isnull=False)
    idle = list_idle_among(led, today=today, policy=policy, days=days, limit=MOST)
    fresh = [row for row in idle if _since(row) + timedelta(days=days) > _last_workday(today)]
    if not fresh:
        return 0
    homes = list_homes(row.task.owner.path or "" for row in fresh)
    with transaction.atomic():
        for row in fresh:
            office = list_people_in([homes.get(row.task.owner.path or "", 0)], [Role.OFFICE], today)
            words = _("“%(task)s” is red, and its leader in charge has done nothing about it since %(date)s.")
            text = say(words, task=row.task.title[:140], date=_since(row).isoformat())
            notify(office, kind="sponsor", text=text, url=url("supervision:sponsored"), now=now)
    return len(fresh)


def _since(row: Sponsored) -> date:
    """The last act, or the day on which the light turned red."""
    return max(day for day in (row.red_date, row.acted_date) if day)


def _last_workday(today: date) -> date:
    """The working day before today."""
    calendar, day = get_calendar(today - timedelta(days=40), today), today - timedelta(days=1)
    while not calendar.is_workday(day) and (today - day).days < 30:
        day -= timedelta(days=1)
    return day
