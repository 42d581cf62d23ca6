"""Registers the room with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "luoshi.demo"
