"""Registers the room with Django, and what its verbs are called."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "luoshi.supervision"

    def ready(self) -> None:
        from datetime import time

        from luoshi.core.clockwork import daily
        from luoshi.core.events import subscribe
        from luoshi.core.shell import add_verbs
        from luoshi.supervision.actions.coordination import ask_with_report
        from luoshi.supervision.actions.pausing import end_pauses_due, end_with_submission
        from luoshi.supervision.actions.telling import tell_addressed

        subscribe("report_progress", ask_with_report)
        subscribe("submit_task", end_with_submission)
        subscribe("issue_letter", tell_addressed)
        daily("pauses", time(0, 20), end_pauses_due, label=_("Clocks that stood still run again after the last day"))
        subscribe_chasing()
        daily("chasing", time(8, 0), chase_units, workdays_only=True, label=_("chasing, step by step"))
        add_verbs(
            {
                "chase_units": _("chased units by the ladder"),
                "approve_chase": _("let a step of chasing go out"),
                "refuse_chase": _("did not let a step of chasing go out"),
                "set_ladder": _("set the ladder of chasing"),
                "remove_ladder": _("took the ladder of chasing away"),
                "record_contact": _("chased by hand"),
                "record_sponsor_act": _("acted as the leader in charge"),
                "submit_task": _("submitted for verification"),
                "verify_task": _("verified"),
                "close_task": _("closed the task"),
                "reopen_task": _("reopened the task"),
                "request_extension": _("asked for more time"),
                "decide_extension": _("answered the request for more time"),
                "ask_coordination": _("asked for a decision"),
                "answer_coordination": _("decided what was asked"),
                "pass_coordination": _("passed the question on"),
                "withdraw_coordination": _("took the question back"),
                "request_pause": _("asked to suspend the work"),
                "decide_pause": _("decided whether the clock stands still"),
                "end_pause": _("let the clock run again"),
                "propose_change": _("proposed a change of hands"),
                "consent_change": _("answered for the unit that is to take it over"),
                "decide_change": _("decided on the change of hands"),
                "withdraw_change": _("took back the proposed change of hands"),
                "make_stocktake": _("made the pack of a stocktake"),
                "edit_stocktake": _("changed the pack of a stocktake"),
                "rule_stocktake": _("recorded a decision of a stocktake"),
                "end_stocktake": _("ended the stocktake"),
            }
        )


def subscribe_chasing() -> None:
    """A chase hears of what units do."""
    from luoshi.core.events import subscribe
    from luoshi.supervision.actions.heeding import ENDS, UNIT_ACTS, heed_act, heed_end, heed_receipt, heed_report

    subscribe("report_progress", heed_report)
    subscribe("acknowledge_task", heed_receipt)
    for verb in UNIT_ACTS:
        subscribe(verb, heed_act)
    for verb in ENDS:
        subscribe(verb, heed_end)


def chase_units(at: datetime) -> None:
    """The routine of chasing, imported when it is due."""
    from luoshi.supervision import jobs

    jobs.chase_units(at)
