"""Registers the room with Django."""

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "luoshi.directives"
