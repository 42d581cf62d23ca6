"""Why a row of the needle stands where it stands, in the reader's language."""

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.insight.rules import Need, Reason

NEED_WORDS: dict[Need, Promise | str] = {
    Need.DECIDE_REQUEST: gettext_lazy("Decide what is asked"),
    Need.ACKNOWLEDGE: gettext_lazy("Acknowledge"),
    Need.FIX: gettext_lazy("Put right"),
    Need.VERIFY: gettext_lazy("Verify"),
    Need.DECIDE_ADAPTATION: gettext_lazy("Answer the objection"),
    Need.DECIDE_EXTENSION: gettext_lazy("Decide on more time"),
    Need.APPROVE_CHASE: gettext_lazy("Approve chasing"),
    Need.ISSUE_PAPERS: gettext_lazy("Issue papers"),
    Need.SPONSOR_ACT: gettext_lazy("Act as its leader"),
    Need.DECIDE_PAUSE: gettext_lazy("Decide on standing still"),
    Need.DECIDE_CHANGE: gettext_lazy("Decide on the change of hands"),
    Need.CONSENT: gettext_lazy("Take it over or not"),
    Need.APPROVE_INSPECTION: gettext_lazy("Decide on the plan"),
    Need.RECEIVE_CONCLUSION: gettext_lazy("Sign for the conclusion"),
    Need.REVIEW_OBJECTION: gettext_lazy("Review the objection"),
    Need.NAME_LEAD: gettext_lazy("Name the lead unit"),
    Need.ANSWER: gettext_lazy("Answer"),
    Need.REMOVE_OBSTACLE: gettext_lazy("Remove what holds it up"),
    Need.SUBMIT: gettext_lazy("Submit as done"),
    Need.REPORT: gettext_lazy("Report progress"),
    Need.READ: gettext_lazy("Enter readings"),
    Need.NAME_OBSTACLE: gettext_lazy("Say what holds it up"),
    Need.WORK: gettext_lazy("Catch up"),
    Need.PRESS: gettext_lazy("Press for it"),
    Need.FOLLOW_UNITS: gettext_lazy("Follow the changed units"),
    Need.DISPATCH: gettext_lazy("Dispatch"),
    Need.REVIEW: gettext_lazy("Review the directive"),
    Need.CLOSE: gettext_lazy("Write off"),
}
PLAIN: dict[str, Promise | str] = {
    "mine": gettext_lazy("named to you"),
    "red": gettext_lazy("red light"),
    "yellow": gettext_lazy("yellow light"),
    "critical": gettext_lazy("critical"),
    "key": gettext_lazy("key"),
    "immediate": gettext_lazy("immediate"),
    "urgent": gettext_lazy("urgent"),
    "work_today": gettext_lazy("due today"),
    "report_today": gettext_lazy("report due today"),
    "desk_today": gettext_lazy("to be handled today"),
    "turn": gettext_lazy("in its turn"),
}


def explain_reasons(reasons: Sequence[Reason]) -> str:
    """One line such as "red light, critical, asked by the county head, 3 townships wait for you"."""
    return _(", ").join(_explain(reason) for reason in reasons)


def _explain(reason: Reason) -> str:
    if reason.code in PLAIN:
        return str(PLAIN[reason.code])
    if reason.code.startswith("asked_"):
        return _("asked by %(who)s") % {"who": reason.text}
    if reason.code == "unit_waits":
        words = ngettext("%(who)s has waited %(n)s day", "%(who)s has waited %(n)s days", reason.number)
        return words % {"who": reason.text, "n": reason.number}
    if reason.code == "parts":
        return ngettext("with %(n)s part below", "with %(n)s parts below", reason.number) % {"n": reason.number}
    counted = _DATED.get(reason.code) or _WAITING.get(reason.text, _units)
    return counted(reason.number) % {"n": reason.number}


def _units(n: int) -> str:
    return ngettext("%(n)s unit waits for you", "%(n)s units wait for you", n)


_DATED: dict[str, Callable[[int], str]] = {
    "work_late": lambda n: ngettext("%(n)s day late", "%(n)s days late", n),
    "work_soon": lambda n: ngettext("%(n)s day left", "%(n)s days left", n),
    "report_late": lambda n: ngettext("report %(n)s day late", "report %(n)s days late", n),
    "report_soon": lambda n: ngettext("report due in %(n)s day", "report due in %(n)s days", n),
    "desk_late": lambda n: ngettext("handling %(n)s day late", "handling %(n)s days late", n),
    "desk_soon": lambda n: ngettext("to be handled in %(n)s day", "to be handled in %(n)s days", n),
}
_WAITING: dict[str, Callable[[int], str]] = {
    "county": lambda n: ngettext("%(n)s county waits for you", "%(n)s counties wait for you", n),
    "department": lambda n: ngettext("%(n)s department waits for you", "%(n)s departments wait for you", n),
    "township": lambda n: ngettext("%(n)s township waits for you", "%(n)s townships wait for you", n),
    "village": lambda n: ngettext("%(n)s village waits for you", "%(n)s villages wait for you", n),
}
