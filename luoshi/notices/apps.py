"""Registers the room with Django, and the number of unread messages with the page shell."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "luoshi.notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from luoshi.core.shell import add_counter, add_verbs

        add_counter("unread", _unread)
        add_verbs(
            {
                "make_suggestion": _("made a suggestion"),
                "answer_suggestion": _("answered a suggestion"),
            }
        )


def _unread(request: HttpRequest) -> int:
    from luoshi.notices.queries import count_unread

    return count_unread(request.user.pk or 0)
