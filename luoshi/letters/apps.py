"""Registers the room with Django, and what its verbs are called."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "luoshi.letters"
    verbose_name = _("Letters")

    def ready(self) -> None:
        from luoshi.core.shell import add_verbs

        add_verbs(
            {
                "draft_letter": _("drafted a letter"),
                "change_letter": _("changed a letter"),
                "approve_letter": _("approved a letter"),
                "issue_letter": _("issued a letter"),
                "keep_letter_pdf": _("kept the PDF of a letter"),
                "void_letter": _("declared a letter void"),
                "discard_letter": _("threw a draft away"),
                "upload_template": _("took a template into use"),
                "use_template": _("took an earlier template into use"),
                "revert_template": _("went back to the usual form"),
                "set_letter_mark": _("set the mark of a series"),
            }
        )
