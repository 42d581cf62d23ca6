"""Registers the room with Django and names its journal verbs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectivesConfig(AppConfig):
    name = "luoshi.directives"

    def ready(self) -> None:
        from luoshi.core.shell import add_verbs

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
            }
        )
