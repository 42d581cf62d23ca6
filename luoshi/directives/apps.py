"""Registers the room with Django and names its journal verbs."""

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from luoshi.core.models import Entry


class DirectivesConfig(AppConfig):
    name = "luoshi.directives"

    def ready(self) -> None:
        from luoshi.core.clockwork import daily
        from luoshi.core.events import at_start_of_work, subscribe
        from luoshi.core.shell import add_verbs

        subscribe("start_intake", _enqueue)
        subscribe("ask_model", _enqueue_asking)
        at_start_of_work(_begin)
        daily("pictures", time(3, 50), _tidy, catch_up="latest", label=_("drop pictures of pages nobody looks at"))
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
                "set_supersedes": _("said which directive it replaces"),
                "remember_columns": _("said what table headings stand for"),
                "forget_column": _("forgot a table heading"),
                "decide_goal": _("decided about an indicator"),
                "edit_goal": _("corrected an indicator"),
                "add_proposal": _("added a proposal by hand"),
                "confirm_fields": _("checked fields against the original"),
                "ask_model": _("asked the language model"),
                "keep_model_answer": _("kept what the language model pointed at"),
                "start_intake": _("sent a long paper to be read"),
                "refuse_intake": _("could not read a paper"),
                "cancel_intake": _("cancelled the reading of a paper"),
            }
        )


def _enqueue(entry: "Entry") -> None:
    from luoshi.directives.jobs import enqueue_reading

    enqueue_reading(entry)


def _enqueue_asking(entry: "Entry") -> None:
    from luoshi.directives.jobs import enqueue_asking

    enqueue_asking(entry)


def _tidy(at: datetime) -> None:
    from luoshi.directives.actions.reading import drop_pictures

    drop_pictures(at)


def _begin(now: datetime) -> None:
    from luoshi.directives.jobs import begin

    begin(now)
