"""What a step of chasing says in words: which instrument, about what, why, and who stands in for whom."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.supervision.models import INSTRUMENT_LABELS
from luoshi.supervision.rules.chasing import Owed

TITLE = 120


def explain_step(instrument: str, owed: Owed, *, title: str, today: date, new_limit: date | None = None) -> str:
    """One sentence to those who are told: what is chased with which instrument, and what is owed."""
    words = _("%(instrument)s: “%(task)s”: %(why)s") % {
        "instrument": INSTRUMENT_LABELS[instrument],
        "task": title[:TITLE],
        "why": explain_owed(owed, today=today),
    }
    if new_limit is None:
        return words
    return f"{words} {_('To be done by %(date)s.') % {'date': new_limit.isoformat()}}"


def explain_owed(owed: Owed, *, today: date) -> str:
    """What is owed, the gravest first; what stops the chase is said with it."""
    if owed.due_date and owed.due_date < today:
        late = (today - owed.due_date).days
        words = ngettext("%(n)s day past its due date %(date)s.", "%(n)s days past its due date %(date)s.", late)
        return words % {"n": late, "date": owed.due_date.isoformat()}
    if owed.receipt_date and owed.receipt_date < today:
        return _("receipt was to be acknowledged by %(date)s.") % {"date": owed.receipt_date.isoformat()}
    if owed.silent_date and owed.silent_date < today:
        return _("the report due on %(date)s is missing.") % {"date": owed.silent_date.isoformat()}
    if owed.red_date or owed.behind_date:
        since = (owed.red_date or owed.behind_date or today).isoformat()
        return _("it is behind its plan since %(date)s.") % {"date": since}
    if owed.due_date:
        return _("it is due on %(date)s.") % {"date": owed.due_date.isoformat()}
    return _("the last step was not answered.")


ENDS: dict[str, str | Promise] = {
    "report_progress": gettext_lazy("the unit reported"),
    "submit_task": gettext_lazy("the unit submitted it as done"),
    "request_extension": gettext_lazy("the unit asked for more time in time"),
    "ask_coordination": gettext_lazy("the unit asked for a decision"),
    "acknowledge_task": gettext_lazy("the unit acknowledged receipt"),
    "refused": gettext_lazy("the next step was not approved"),
    "settled": gettext_lazy("nothing is owed any more"),
}


def explain_end(by: str) -> str:
    """What ended a chase."""
    return str(ENDS.get(by, by))


def explain_stand_in(instead_of: str, why: str) -> str:
    """Why somebody else is told than whose turn it was; empty where nobody stands in."""
    if not instead_of:
        return ""
    if why == "away":
        return _("You are told because the head of %(unit)s is away.") % {"unit": instead_of}
    return _("You are told because %(unit)s has no head in post.") % {"unit": instead_of}
