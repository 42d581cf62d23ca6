"""Registers the room with Django: what a demo plants without actions becomes findable at once."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "luoshi.demo"

    def ready(self) -> None:
        from luoshi.core.events import subscribe
        from luoshi.core.models import Entry
        from luoshi.demo.actions import LOADED
        from luoshi.tasks.actions.searching import reindex

        def index(_entry: Entry) -> None:
            reindex()

        subscribe(LOADED, index)
