"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    name = "luoshi.orgs"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from luoshi.core.shell import add_verbs

        add_verbs(
            {
                "create_unit": _("added a unit"),
                "edit_unit": _("edited a unit"),
                "rename_unit": _("renamed a unit"),
                "move_unit": _("moved a unit"),
                "merge_units": _("merged units"),
                "split_unit": _("split a unit"),
                "close_unit": _("closed a unit"),
                "create_person": _("added a person"),
                "edit_person": _("edited a person"),
                "issue_passwords": _("issued passwords"),
                "give_post": _("gave a post"),
                "end_post": _("ended a post"),
                "create_api_token": _("made an API key"),
                "revoke_api_token": _("revoked an API key"),
                "note_absence": _("noted days away"),
                "remove_absence": _("removed days away"),
                "set_figures": _("kept figures of units"),
                "apply_sheet": _("imported a table"),
            }
        )
