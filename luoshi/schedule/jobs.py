"""What happens by itself in this room: the holidays of next year are asked for."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luoshi.core.queries import list_unknown_years
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person, Post
from luoshi.orgs.rules import Role

MONDAY = 0


def ask_for_holidays(at: datetime) -> int:
    """Each Monday on which a year's holidays are wanted and not entered, remind the offices on top; how many people."""
    today = at.date()
    years = list_unknown_years(today) if today.weekday() == MONDAY else ()
    if not years:
        return 0
    words = _("The holidays of %(year)s are not entered: time limits in working days need them.")
    url = f"{reverse('core:calendar_days')}?year={years[-1]}"
    with transaction.atomic():
        return notify(_list_keepers(today), kind="calendar", text=say(words, year=years[-1]), url=url, now=at)


def _list_keepers(today: date) -> list[Person]:
    """The offices above which no other office stands."""
    posts = Post.objects.held_on(today).filter(role=Role.OFFICE.value, person__is_active=True)
    topmost: list[str] = []
    for path in sorted({path or "" for path in posts.values_list("unit__path", flat=True)}):
        if not topmost or not path.startswith(topmost[-1]):
            topmost.append(path)
    return list(Person.objects.filter(pk__in=posts.filter(unit__path__in=topmost).values("person")))
