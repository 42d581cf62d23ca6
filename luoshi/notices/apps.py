"""Registers the room with Django, and the number of unread messages with the page shell."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "luoshi.notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from luoshi.core import clockwork
        from luoshi.core.shell import add_counter, add_verbs
        from luoshi.notices import jobs

        clockwork.every("notices_digests", 30, jobs.tell_digests, label=_("make the digests of messages"))
        clockwork.every("notices_at_once", 1, jobs.tell_at_once, label=_("send messages out of the site"))

        add_counter("unread", _unread)
        add_verbs(
            {
                "make_suggestion": _("made a suggestion"),
                "answer_suggestion": _("answered a suggestion"),
                "set_notice_wishes": _("chose how to be told"),
                "add_robot": _("added a robot"),
                "edit_robot": _("changed a robot"),
                "mute_robot": _("muted a robot"),
                "unmute_robot": _("let a robot speak again"),
                "remove_robot": _("removed a robot"),
            }
        )


def _unread(request: HttpRequest) -> int:
    from luoshi.notices.queries import count_unread

    return count_unread(request.user.pk or 0)
