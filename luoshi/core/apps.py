"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "luoshi.core"

    def ready(self) -> None:
        from datetime import time

        from luoshi.core.clockwork import daily, prune_runs
        from luoshi.core.shell import add_verbs

        daily("pruning", time(3, 40), prune_runs, catch_up="latest", label=_("drop old lines of this list"))

        add_verbs(
            {
                "set_calendar_day": _("changed the working-day calendar"),
                "set_calendar_list": _("entered the holidays of a year"),
                "run_again": _("let something be tried again that happens by itself"),
                "clear_calendar_day": _("removed a day from the working-day calendar"),
            }
        )
