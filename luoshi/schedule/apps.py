"""Registers the room with Django."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "luoshi.schedule"
