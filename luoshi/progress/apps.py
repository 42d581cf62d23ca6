"""Registers the room with Django: what it hears, what its verbs are called, and that the palette exists."""

from datetime import datetime, time
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, register
from django.utils.translation import gettext_lazy as _

HEARD = (
    "create_task", "open_tasks", "edit_task", "cascade_task", "cascade_tasks", "dispatch_tasks", "withdraw_task",
    "recall_dispatch", "recall_parts", "tie_task", "place_tasks", "apply_workbook", "decide_change",
)  # fmt: skip
COUNTED = (
    "set_indicator", "edit_indicator", "allot", "remove_allotment", "cascade_task", "cascade_tasks", "withdraw_task",
    "recall_dispatch", "recall_parts", "follow_units", "place_tasks", "tie_task",
    "decide_adaptation",
    "apply_workbook", "decide_change",
)  # fmt: skip


class ProgressConfig(AppConfig):
    name = "luoshi.progress"

    def ready(self) -> None:
        from luoshi.core.clockwork import daily
        from luoshi.core.events import subscribe
        from luoshi.core.policy import settle_policy
        from luoshi.core.shell import add_verbs
        from luoshi.progress.actions.adapted import keep_adapted, keep_divided
        from luoshi.progress.actions.standings import keep_standings
        from luoshi.progress.actions.tallies import keep_tallies
        from luoshi.progress.queries.tables import settled_lights

        for verb in HEARD:
            subscribe(verb, keep_standings)
        for verb in COUNTED:
            subscribe(verb, keep_tallies)
        subscribe("decide_adaptation", keep_adapted)
        subscribe("follow_units", keep_divided)
        subscribe("decide_change", keep_divided)
        add_verbs(
            {
                "report_progress": _("reported progress"),
                "name_obstacle": _("said what holds it up"),
                "clear_obstacle": _("removed what held it up"),
                "set_light_table": _("set the table of lights"),
                "freeze_month": _("kept the lights of a month"),
                "catch_up_months": _("noted red months that were caught up"),
                "close_turns": _("closed reporting windows"),
                "record_readings": _("gave figures of an indicator"),
                "confirm_period": _("confirmed the figures below"),
                "reopen_period": _("reopened confirmed figures"),
                "add_evidence_version": _("kept a newer file of evidence"),
                "describe_evidence": _("described evidence"),
            }
        )
        settle_policy(settled_lights)
        daily("freeze_months", time(0, 10), freeze_months, label=_("keeping the lights of months"))
        daily("close_windows", time(0, 20), close_windows, label=_("closing of reporting windows"))
        register(check_palette)


def freeze_months(at: datetime) -> None:
    """The routine that keeps lights, imported when it is due."""
    from luoshi.progress import jobs

    jobs.freeze_months(at)


def close_windows(at: datetime) -> None:
    """The routine of this room, imported when it is due."""
    from luoshi.progress import jobs

    jobs.close_windows(at)


def check_palette(**_kwargs: Any) -> list[Error]:
    """A palette that is not known must stop the start, not the first page."""
    from luoshi.core.policy import get_preset_policy
    from luoshi.progress.rules.lights import PALETTES

    name = get_preset_policy().palette
    if name in PALETTES:
        return []
    known = ", ".join(sorted(PALETTES))
    return [Error(f"LUOSHI_LIGHT_PALETTE is {name!r}; the palettes are: {known}.", id="progress.E001")]
