"""Registers the room with Django."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    name = "luoshi.schedule"

    def ready(self) -> None:
        from datetime import time

        from luoshi.core.clockwork import daily

        label = _("ask for the holidays of the next year")
        daily("holidays", time(9, 0), _ask, catch_up="latest", atomic=True, label=label)


def _ask(at: datetime) -> None:
    from luoshi.schedule.jobs import ask_for_holidays

    ask_for_holidays(at)
