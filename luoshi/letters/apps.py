"""Registers the room with Django, and what its verbs are called."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "luoshi.letters"
    verbose_name = _("Letters")
