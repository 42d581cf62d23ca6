"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "luoshi.core"

    def ready(self) -> None:
        from luoshi.core.shell import add_verbs

        add_verbs(
            {
                "set_calendar_day": _("changed the working-day calendar"),
                "clear_calendar_day": _("removed a day from the working-day calendar"),
            }
        )
