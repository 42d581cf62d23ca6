"""Registers the room with Django."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "luoshi.ledger"

    def ready(self) -> None:
        from luoshi.core import shell
        from luoshi.core.events import at_start_of_work

        at_start_of_work(_begin)
        shell.add_verbs(
            {
                "save_view": _("saved a view"),
                "delete_view": _("deleted a view"),
                "define_column": _("added a column"),
                "change_column": _("changed a column"),
                "move_column": _("moved a column"),
                "retire_column": _("retired a column"),
                "restore_column": _("restored a column"),
                "set_values": _("filled own columns"),
                "undo_values": _("took back what was filled in"),
                "apply_workbook": _("imported a workbook"),
                "save_layout": _("kept a layout"),
                "change_layout": _("changed a layout"),
                "delete_layout": _("removed a layout"),
            }
        )


def _begin(now: datetime) -> None:
    from luoshi.ledger.jobs import begin

    begin(now)
