"""The conclusion on an object, its receipt, the objection to it, and the review by others (arts. 16, 17, 21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.core.queries import get_calendar
from luoshi.core.shell import url
from luoshi.inspections.actions.finding import refuse_barred
from luoshi.inspections.actions.planning import NoWords, WrongStage
from luoshi.inspections.actions.telling import tell_person, tell_workers
from luoshi.inspections.models import RULING_LABELS, Advised, Conclusion, Decided, InspectionObject, Objection
from luoshi.inspections.queries.gate import get_government, is_reviewed, list_took_part, may_review
from luoshi.inspections.queries.papers import conclusion_fields
from luoshi.inspections.rules.days import TooLate, fault_of_objection, objection_until, review_until
from luoshi.inspections.rules.kinds import Ruling, Stage
from luoshi.letters.actions import draft_letter
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import get_access

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


FAULTS = {
    TooLate.NOT_FED_BACK: _("This conclusion is not in force, so there is nothing to object to."),
    TooLate.NOT_RECEIVED: _("Sign for the conclusion first: the thirty days run from its receipt."),
    TooLate.OVER: _("The thirty days for objecting ended on %(day)s (art. 17)."),
    TooLate.REVIEWED: _("This conclusion was decided by a review, which is final here."),
    TooLate.ALREADY: _("An objection to this conclusion was filed already. Its review is shown below."),
}
LONGEST_HOLIDAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Advice:
    """One proposal: praise, incentive, criticism or accountability, of whom and why."""

    kind: str
    whom: str
    reason: str


class ConclusionIncomplete(Refusal):
    """Facts and conclusion are needed."""

    sentence = _("A conclusion says the facts and what follows from them.")


class InForce(Refusal):
    """A conclusion that was fed back is changed only by a review."""

    sentence = _("This conclusion was fed back. It is changed only by a review of an objection (art. 17).")


class CannotObject(Refusal):
    """The objection comes too early, too late or twice."""

    def __init__(self, fault: TooLate, *, until: date | None) -> None:
        super().__init__(str(FAULTS[fault]) % {"day": until.isoformat() if until else ""})


class AlreadyReceived(Refusal):
    """The receipt is on record."""

    sentence = _("The receipt of this conclusion is on record already.")


class MayNotReview(NotAllowed):
    """Who took part in the conclusion keeps out of its review (art. 17)."""

    sentence = _(
        "You took part in this conclusion, or do not sit in the government that inspected. Others review it (art. 17)."
    )


def write_conclusion(
    row: InspectionObject, *, facts: str, conclusion: str, evidence: str = "", advice: Sequence[Advice] = (),
    by: Person, now: datetime, edits: int = 0,
) -> Conclusion:  # fmt: skip
    """Draft the conclusion on an object, or change the draft. Raises ConclusionIncomplete, InForce, EditConflict."""
    if not facts.strip() or not conclusion.strip():
        raise ConclusionIncomplete
    if row.inspection.state not in (Stage.RUNNING, Stage.CONCLUDED):
        raise WrongStage
    refuse_barred(row, by=by, now=now)
    words = {"facts": facts.strip(), "conclusion": conclusion.strip(), "evidence": evidence.strip(), "author": by}
    with transaction.atomic():
        held = row.conclusions.select_for_update(no_key=True).filter(state__in=["draft", "issued"]).first()
        if held is not None and held.state == "issued":
            raise InForce
        if held is None:
            held = Conclusion.objects.create(object=row, version=row.conclusions.count() + 1, **words)
        elif not Conclusion.objects.filter(pk=held.pk, edits=edits).update(**words, edits=F("edits") + 1):
            raise EditConflict
        held.advice.all().delete()
        Advised.objects.bulk_create(Advised(conclusion=held, kind=a.kind, whom=a.whom, reason=a.reason) for a in advice)
        held.refresh_from_db()
        _record("write_conclusion", held, by=by, now=now, path=row.inspection.unit.path or "")
    return held


def issue_conclusion(conclusion: Conclusion, *, by: Person, now: datetime) -> None:
    """Sign a conclusion and feed it back to the object (art. 16). Raises EditConflict."""
    row = conclusion.object
    with transaction.atomic():
        drafts = Conclusion.objects.filter(pk=conclusion.pk, state="draft", edits=conclusion.edits)
        if not drafts.update(state="issued", signer=by, issued_at=now, edits=F("edits") + 1):
            raise EditConflict
        conclusion.refresh_from_db()
        words = _("The conclusion of “%(title)s” was fed back to %(unit)s. Sign for it; thirty days to object follow.")
        letter = draft_letter(
            "conclusion", unit=row.inspection.unit, by=by, now=now, today=timezone.localtime(now).date(),
            fields=conclusion_fields(conclusion), subject=conclusion, recipients=[row.unit],
            title=f"关于{row.unit.name}的督查结论",
        )  # fmt: skip
        Conclusion.objects.filter(pk=conclusion.pk).update(letter=letter.pk)
        text = say(words, title=row.inspection.title[:120], unit=row.unit)
        _tell_object(conclusion, text, by=by, now=now)
        _record("issue_conclusion", conclusion, by=by, now=now)


def receive_conclusion(
    conclusion: Conclusion, *, by: Person, now: datetime, received_date: date | None = None, delivery: str = ""
) -> None:
    """Sign for a conclusion; the inspecting side records a delivery with its day and manner instead.

    From the day of receipt the object has thirty days (art. 17). Raises AlreadyReceived, NoWords.
    """
    today = timezone.localtime(now).date()
    issued = timezone.localtime(conclusion.issued_at).date() if conclusion.issued_at else today
    own = get_access(by, today=today).sits_in(conclusion.object.unit_id)
    day = today if own else received_date or today
    if not own and not delivery.strip():
        raise NoWords(_("Say how the conclusion was delivered, for instance by whom and to whom."))
    if not issued <= day <= today:
        raise NoWords(_("The day of receipt lies between the feedback and today."))
    until = objection_until(day, get_calendar(day, day + 2 * LONGEST_HOLIDAYS))
    with transaction.atomic():
        rows = Conclusion.objects.filter(pk=conclusion.pk, state="issued", received_date__isnull=True)
        if not rows.update(
            received_date=day, received_by=by, delivery=delivery.strip()[:200], objection_until=until,
            edits=F("edits") + 1,
        ):  # fmt: skip
            raise AlreadyReceived
        conclusion.refresh_from_db()
        _record("receive_conclusion", conclusion, by=by, now=now, day=day, until=until, delivery=delivery.strip())


def object_to(
    conclusion: Conclusion, *, unit: Unit, reason: str, by: Person, now: datetime, evidence: str = ""
) -> Objection:
    """The object does not agree: within thirty days of receipt (art. 17). Raises CannotObject, NoWords."""
    today = timezone.localtime(now).date()
    if not reason.strip():
        raise NoWords(_("Say which point is objected to, and why."))
    with transaction.atomic():
        held = Conclusion.objects.select_for_update(no_key=True).get(pk=conclusion.pk)
        fault = fault_of_objection(
            state=held.state, received=held.received_date, until=held.objection_until,
            has_one=Objection.objects.filter(conclusion=held).exists(), on=today,
            is_reviewed=is_reviewed(held),
        )  # fmt: skip
        if fault:
            raise CannotObject(fault, until=held.objection_until)
        assert held.signer_id is not None
        objection = Objection.objects.create(
            conclusion=held, unit=unit, by=by, filed_at=now, reason=reason.strip(), evidence=evidence.strip(),
            due_date=review_until(today), author_id=held.author_id, signer_id=held.signer_id,
        )  # fmt: skip
        inspection = conclusion.object.inspection
        reviewing = get_government(inspection.unit) if inspection.is_formal else inspection.unit
        words = _("%(unit)s objects to the conclusion of “%(title)s”. Others than its authors decide by %(day)s.")
        text = say(words, unit=unit, title=inspection.title[:120], day=objection.due_date.isoformat())
        tell_workers([reviewing.pk], text=text, page=_page(conclusion), by=by, now=now)
        _record("object_to_conclusion", conclusion, by=by, now=now, reason=objection.reason[:500],
                due=objection.due_date)  # fmt: skip
    return objection


def review_objection(
    objection: Objection, *, ruling: str, grounds: str, by: Person, now: datetime, facts: str = "",
    conclusion: str = "", advice: Collection[Advised] = (),
) -> Conclusion:  # fmt: skip
    """Decide on an objection as somebody without part in the conclusion (art. 17); the conclusion now in force.

    A changed conclusion is a new version in force at once; it is final, and proposes what of `advice` still stands.
    Raises MayNotReview, NoWords, ConclusionIncomplete, EditConflict.
    """
    held = objection.conclusion
    if not may_review(get_access(by, today=timezone.localtime(now).date()), held) or by.pk in list_took_part(held):
        raise MayNotReview
    if not grounds.strip():
        raise NoWords(_("Give the grounds of the decision: the object reads them."))
    if ruling == Ruling.CHANGED and not (facts.strip() and conclusion.strip()):
        raise ConclusionIncomplete
    with transaction.atomic():
        rows = Objection.objects.filter(pk=objection.pk, ruling="")
        if not rows.update(ruling=ruling, grounds=grounds.strip(), reviewer=by, reviewed_at=now):
            raise EditConflict
        objection.refresh_from_db()
        found = _apply(held, ruling=ruling, facts=facts, conclusion=conclusion, by=by, now=now)
        if found.pk != held.pk:
            _carry_over(held, found, [a.pk for a in advice])
        _tell_decision(objection, found, by=by, now=now)
        _record("review_objection", held, by=by, now=now, ruling=ruling, grounds=grounds.strip()[:500],
                in_force=found.version, kept=[str(a) for a in advice if found.pk != held.pk])  # fmt: skip
    return found


def _apply(held: Conclusion, *, ruling: str, facts: str, conclusion: str, by: Person, now: datetime) -> Conclusion:
    """What a ruling does to the conclusion: nothing, a new version in force at once, or its end."""
    if ruling == Ruling.UPHELD:
        return held
    state = "replaced" if ruling == Ruling.CHANGED else "withdrawn"
    Conclusion.objects.filter(pk=held.pk).update(state=state, edits=F("edits") + 1)
    held.refresh_from_db()
    if ruling == Ruling.WITHDRAWN:
        return held
    return Conclusion.objects.create(
        object=held.object, version=held.version + 1, facts=facts.strip(), evidence=held.evidence,
        conclusion=conclusion.strip(), state="issued", author=by, signer=by, issued_at=now,
    )  # fmt: skip


def _carry_over(held: Conclusion, found: Conclusion, ids: Collection[int]) -> None:
    """What still stands is proposed anew, with what was decided on it; the version before keeps its own words."""
    for old in held.advice.filter(pk__in=ids):
        new = Advised.objects.create(conclusion=found, kind=old.kind, whom=old.whom, reason=old.reason)
        Decided.objects.filter(advised=old).update(advised=new)


def _tell_decision(objection: Objection, found: Conclusion, *, by: Person, now: datetime) -> None:
    words = _("The objection to “%(title)s” was decided: %(ruling)s.")
    text = say(words, title=found.object.inspection.title[:120], ruling=RULING_LABELS[objection.ruling])
    _tell_object(found, text, by=by, now=now)
    for person in (objection.author_id, objection.signer_id):
        tell_person(person, text=text, page=_page(found), by=by, now=now)


def _tell_object(conclusion: Conclusion, text: StrPromise, *, by: Person, now: datetime) -> None:
    tell_workers([conclusion.object.unit_id], text=text, page=_page(conclusion), by=by, now=now)


def _page(conclusion: Conclusion) -> str:
    return url("inspections:conclusion", conclusion.pk)


def _record(verb: str, conclusion: Conclusion, *, by: Person, now: datetime, path: str = "", **notes: Any) -> None:
    """An entry that the object reads too once it was told; drafts are for the inspecting side."""
    record_entry(
        verb, by=by, now=now, subject=conclusion, unit_path=path or conclusion.object.unit.path or "",
        after={"state": conclusion.state}, version=conclusion.version, **notes,
    )  # fmt: skip
