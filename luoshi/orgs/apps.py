"""Registers the room with Django."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "luoshi.orgs"
