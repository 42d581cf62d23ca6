"""Registers the room with Django, and what its verbs are called."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "luoshi.supervision"

    def ready(self) -> None:
        from luoshi.core.shell import add_verbs

        add_verbs(
            {
                "submit_task": _("submitted for verification"),
                "verify_task": _("verified"),
                "close_task": _("closed the task"),
                "reopen_task": _("reopened the task"),
                "request_extension": _("asked for more time"),
                "decide_extension": _("answered the request for more time"),
            }
        )
