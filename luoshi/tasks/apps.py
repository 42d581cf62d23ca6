"""Registers the room with Django: its verbs for the journal, and the number of drafts for the page shell."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "luoshi.tasks"

    def ready(self) -> None:
        from luoshi.core.events import subscribe
        from luoshi.core.shell import add_counter, add_verbs
        from luoshi.notices.queries.wishes import add_discretion
        from luoshi.tasks.actions import mentioning, searching
        from luoshi.tasks.actions.adopting import forget_reference, forget_references
        from luoshi.tasks.queries.discretion import list_internal

        subscribe("undo_step", forget_reference)
        subscribe("withdraw_directive", forget_references)
        searching.listen()
        mentioning.listen()
        add_discretion(list_internal)
        add_counter("drafts", _drafts)
        add_verbs(
            {
                "open_tasks": _("opened tasks from the directive"),
                "create_task": _("drafted a task"),
                "edit_task": _("edited the task"),
                "edit_tasks": _("edited several tasks"),
                "dispatch_tasks": _("dispatched"),
                "cascade_task": _("gave the task down"),
                "cascade_tasks": _("gave tasks down to a whole group of units"),
                "acknowledge_task": _("acknowledged"),
                "name_lead": _("named the lead unit"),
                "set_milestones": _("set the milestones"),
                "withdraw_task": _("withdrew the task"),
                "steer_tasks": _("changed several tasks"),
                "undo_steering": _("took back a change of several tasks"),
                "place_tasks": _("moved tasks under another one"),
                "set_indicator": _("set an indicator"),
                "edit_indicator": _("changed the indicator"),
                "remove_indicator": _("removed the indicator"),
                "set_period_targets": _("set the targets by period"),
                "allot": _("set what tasks owe of the indicator"),
                "remove_allotment": _("removed a part of the indicator"),
                "propose_adaptation": _("proposed to adapt it"),
                "decide_adaptation": _("answered the proposal to adapt it"),
                "recall_dispatch": _("recalled the dispatch"),
                "recall_parts": _("recalled what was given down"),
                "name_handler": _("named the handler"),
                "set_severities": _("set how serious the linter's rules are taken"),
                "tie_task": _("answered it by work of their own"),
                "follow_units": _("followed the changed units"),
                "set_clocks": _("set the clocks"),
                "set_nodes": _("set the nodes"),
                "take_clocks": _("took the dates of the clocks over"),
                "adopt_by_reference": _("answered a proposal by an existing task"),
                "adopt_revisions": _("let proposals update existing tasks"),
            }
        )


def _drafts(request: HttpRequest) -> int:
    from luoshi.tasks.queries import count_drafts_for

    return count_drafts_for(request.access)  # type: ignore[attr-defined]
