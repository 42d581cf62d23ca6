"""Registers the room with Django."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "luoshi.supervision"
