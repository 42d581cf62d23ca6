"""Registers the room with Django and names its journal verbs."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from luoshi.core.models import Entry


class DirectivesConfig(AppConfig):
    name = "luoshi.directives"

    def ready(self) -> None:
        from luoshi.core.events import at_start_of_work, subscribe
        from luoshi.core.shell import add_verbs

        subscribe("start_intake", _enqueue)
        at_start_of_work(_begin)
        add_verbs(
            {
                "register_directive": _("registered a directive"),
                "edit_directive": _("corrected the head of a directive"),
                "reread_directive": _("read a directive again"),
                "withdraw_directive": _("withdrew a directive"),
                "accept_proposal": _("accepted a proposal"),
                "accept_sure": _("accepted all sure proposals"),
                "drop_proposal": _("dropped a proposal"),
                "mark_information": _("set a proposal aside as information"),
                "mark_clause": _("set clauses aside as information"),
                "edit_proposal": _("edited a proposal"),
                "split_proposal": _("split a proposal"),
                "merge_proposals": _("merged proposals"),
                "undo_step": _("took a step back"),
                "name_unit": _("matched a name to a unit"),
                "add_proposal": _("added a proposal by hand"),
                "confirm_fields": _("checked fields against the original"),
                "start_intake": _("sent a long paper to be read"),
                "refuse_intake": _("could not read a paper"),
                "cancel_intake": _("cancelled the reading of a paper"),
            }
        )


def _enqueue(entry: "Entry") -> None:
    from luoshi.directives.jobs import enqueue_reading

    enqueue_reading(entry)


def _begin(now: datetime) -> None:
    from luoshi.directives.jobs import begin

    begin(now)
