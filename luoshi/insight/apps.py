"""Registers the room with Django."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "luoshi.insight"

    def ready(self) -> None:
        from luoshi.insight.queries.opening import list_opening
        from luoshi.notices.queries.wishes import add_opening

        add_opening(list_opening)
