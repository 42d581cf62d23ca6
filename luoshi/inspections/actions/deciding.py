"""What became of the proposals of a conclusion: decided elsewhere, recorded here (art. 21)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.shell import url
from luoshi.inspections.actions.telling import tell_workers
from luoshi.inspections.models import ADVICE_LABELS, Advised, Decided
from luoshi.notices.actions import say
from luoshi.orgs.models import Person

NOTED = ("body", "decided_date", "is_adopted", "words", "number")


class NotFedBack(Refusal):
    """The conclusion that proposes it is a draft."""

    sentence = _("Nothing is proposed before the conclusion is fed back. Sign it first.")


class DecisionIncomplete(Refusal):
    """Who decided, when, and why not are asked for."""

    status = 422
    sentence = _("Name who decided, and the day, between the feedback and today; what is not adopted says why.")


def record_decision(
    advised: Advised, *, body: str, decided_date: date, is_adopted: bool, by: Person, now: datetime, words: str = "",
    number: str = "",
) -> Decided:  # fmt: skip
    """Record what was decided elsewhere on a proposal, or correct the record; the object is told.

    Raises NotFedBack, DecisionIncomplete.
    """
    conclusion, local = advised.conclusion, timezone.localtime
    if conclusion.issued_at is None:
        raise NotFedBack
    if not body.strip() or not (is_adopted or words.strip()):
        raise DecisionIncomplete
    if not local(conclusion.issued_at).date() <= decided_date <= local(now).date():
        raise DecisionIncomplete
    given = {
        "body": body.strip(), "decided_date": decided_date, "is_adopted": is_adopted, "words": words.strip(),
        "number": number.strip(),
    }  # fmt: skip
    with transaction.atomic():
        before = Decided.objects.select_for_update(no_key=True).filter(advised=advised).values(*NOTED).first() or {}
        found, _made = Decided.objects.update_or_create(advised=advised, defaults={**given, "by": by, "at": now})
        _tell(found, by=by, now=now)
        record_entry(
            "record_decision", by=by, now=now, subject=conclusion, unit_path=conclusion.object.unit.path or "",
            proposal=f"{ADVICE_LABELS[advised.kind]} {advised.whom}", advised=advised.pk, before=before, after=given,
        )  # fmt: skip
    return found


def _tell(found: Decided, *, by: Person, now: datetime) -> None:
    advised = found.advised
    words = _("%(body)s adopted what the conclusion proposes: %(kind)s, %(whom)s.") if found.is_adopted else _(
        "%(body)s did not adopt what the conclusion proposes: %(kind)s, %(whom)s."
    )  # fmt: skip
    text = say(words, body=found.body, kind=ADVICE_LABELS[advised.kind], whom=advised.whom)
    page = url("inspections:conclusion", advised.conclusion_id)
    tell_workers([advised.conclusion.object.unit_id], text=text, page=page, by=by, now=now)
