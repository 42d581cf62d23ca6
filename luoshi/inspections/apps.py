"""Registers the room with Django, and what its verbs are called."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "luoshi.inspections"
    verbose_name = _("Inspections")
