"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "luoshi.ledger"

    def ready(self) -> None:
        from luoshi.core import shell

        shell.add_verbs({"save_view": _("saved a view"), "delete_view": _("deleted a view")})
