"""请求协调: asking a leader or unit for a decision, answering, passing on, taking back; the clock runs on the asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.core.queries import get_calendar
from luoshi.core.shell import day, url
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_people_in
from luoshi.progress.models import Feedback
from luoshi.supervision.actions.pausing import Ended, ask_pause, close_pause, settle_pause
from luoshi.supervision.actions.telling import DECIDERS, tell_units
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import Coordination, Pause
from luoshi.supervision.queries.coordination import get_needed_date, list_chain
from luoshi.supervision.rules.coordination import (
    AskFault,
    Party,
    fault_of_passing,
    fault_of_question,
    needed_after_passing,
)
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class BadQuestion(Refusal):
    """The question, or whom it is put to, does not do."""

    status = 422
    SENTENCES: Mapping[AskFault, str | Promise] = {
        AskFault.NOBODY: _("Choose the unit or the leader who can decide this."),
        AskFault.SELF: _("This is your own to decide. Choose who else can settle it."),
        AskFault.NO_QUESTION: _("Write what is to be decided, so that it can be answered in one sentence."),
        AskFault.PAST: _("The day on which the answer is needed has already passed. Choose a later one."),
        AskFault.AGAIN: _("They had this question before. Decide it, or pass it to somebody who has not had it yet."),
        AskFault.TOO_OFTEN: _(
            "This was passed on as often as it may be. Answer it, or settle it with the unit that asks."
        ),
    }

    def __init__(self, fault: AskFault) -> None:
        super().__init__(self.SENTENCES[fault])


class AnsweredBefore(Refusal):
    """Somebody answered, passed it on or took it back first."""

    sentence = _("This question is settled already: somebody answered it or took it back. Open it to see.")


def ask_coordination(
    task: Task, *, unit: Unit, by: Person, now: datetime, question: str, asked_unit: Unit | None = None,
    asked_person: Person | None = None, needed_date: date | None = None, tried: str = "", wants_pause: bool = False,
) -> Coordination:  # fmt: skip
    """Ask a unit or a leader for a decision; without a day, needed by the clock of leaders' remarks.

    With `wants_pause` the task's decider is asked to let its clock stand still meanwhile.
    Raises BadQuestion, PausedAlready, UnlawfulStep.
    """
    check_step(task, "ask_coordination")
    today = timezone.localtime(now).date()
    needed = needed_date or get_needed_date(task, today=today)
    party = Party(None if asked_person else asked_unit.pk if asked_unit else None, _pk(asked_person))
    fault = fault_of_question(party, question=question, needed=needed, today=today, asking_unit=unit.pk, by=by.pk)
    if fault:
        raise BadQuestion(fault)
    with transaction.atomic():
        asked = Coordination.objects.create(
            task=task, unit=unit, by=by, at=now, asked_unit=None if asked_person else asked_unit,
            asked_person=asked_person, question=question.strip(), tried=tried.strip(), needed_date=needed,
            wants_pause=wants_pause,
        )  # fmt: skip
        if wants_pause:
            ask_pause(task, kind="waiting", unit=unit, reason=asked.question, by=by, now=now, coordination=asked)
        _tell_asked(asked, now=now)
        record_entry(
            "ask_coordination", by=by, now=now, subject=task, unit_path=unit.path or "", coordination=asked.pk,
            unit=str(unit), asked=str(asked_person or asked_unit), asked_unit=asked.asked_unit,
            asked_person=asked_person, needed_date=needed, pause=wants_pause, reason=asked.question[:500],
        )  # fmt: skip
    return asked


def _pk(person: Person | None) -> int | None:
    return person.pk if person else None


def _tell_asked(asked: Coordination, *, now: datetime) -> None:
    today = timezone.localtime(now).date()
    words = _("%(unit)s asks you to decide by %(day)s: %(question)s")
    text = say(words, unit=asked.unit, day=day(asked.needed_date), question=asked.question[:180])
    people = [asked.asked_person] if asked.asked_person else list_people_in([asked.asked_unit_id or 0], DECIDERS, today)
    page = url("supervision:coordination", asked.pk)
    notify([p for p in people if p.pk != asked.by_id], kind="ask", text=text, url=page, now=now, urgent=True)


def answer_coordination(asked: Coordination, *, answer: str, by: Person, now: datetime) -> None:
    """Answer; the asking unit is told, and a pause approved for it ends today. Raises MissingWords, AnsweredBefore."""
    if not answer.strip():
        raise MissingWords(_("Write the decision: the unit that asked goes on by it."))
    with transaction.atomic():
        _end(asked, state="answered", answer=answer.strip(), by=by, now=now)
        ended = _end_pauses(asked, now=now)
        words = _("%(who)s decided on “%(task)s”: %(answer)s")
        who = asked.asked_person or asked.asked_unit
        text = say(words, who=who, task=asked.task.title[:100], answer=asked.answer[:150])
        _tell_asker(asked, text=text, by=by, now=now)
        _record("answer_coordination", asked, by=by, now=now, reason=asked.answer[:500], **_dates(ended))
        settle_pause(ended, now=now)


def pass_coordination(
    asked: Coordination, *, reason: str, by: Person, now: datetime, to_unit: Unit | None = None,
    to_person: Person | None = None,
) -> Coordination:  # fmt: skip
    """Pass a question on to whom it belongs; who had it stays on record. Raises MissingWords, BadQuestion, …"""
    today = timezone.localtime(now).date()
    party = Party(None if to_person else to_unit.pk if to_unit else None, _pk(to_person))
    chain = [Party(c.asked_unit_id, c.asked_person_id) for c in list_chain(asked)]
    most = get_policy().coordination_passes
    fault = fault_of_passing(party, chain=chain, asking_unit=asked.unit_id, most=most)
    if fault:
        raise BadQuestion(fault)
    if not reason.strip():
        raise MissingWords(_("Write why it belongs to them: whoever gets it reads this first."))
    calendar = get_calendar(today, date(today.year + 1, 12, 31))
    with transaction.atomic():
        _end(asked, state="passed_on", answer=reason.strip(), by=by, now=now)
        following = Coordination.objects.create(
            task=asked.task, unit=asked.unit, by=asked.by, at=now, asked_unit=None if to_person else to_unit,
            asked_person=to_person, question=asked.question, tried=asked.tried, wants_pause=asked.wants_pause,
            needed_date=needed_after_passing(asked.needed_date, today=today, calendar=calendar), passed_from=asked,
        )  # fmt: skip
        Pause.objects.filter(coordination=asked, state__in=["requested", "running"]).update(coordination=following)
        _tell_asked(following, now=now)
        _record(
            "pass_coordination", asked, by=by, now=now, reason=asked.answer[:500], following=following.pk,
            to=str(to_person or to_unit), needed_date=following.needed_date,
        )  # fmt: skip
    return following


def withdraw_coordination(asked: Coordination, *, by: Person, now: datetime, reason: str = "") -> None:
    """Take a question back, because it settled itself; it counts for nobody. Raises AnsweredBefore."""
    with transaction.atomic():
        _end(asked, state="withdrawn", answer=reason.strip(), by=by, now=now)
        ended = _end_pauses(asked, now=now)
        words = _("%(unit)s took its question back: %(question)s")
        text = say(words, unit=asked.unit, question=asked.question[:180])
        today = timezone.localtime(now).date()
        page = url("supervision:coordination", asked.pk)
        if asked.asked_person:
            notify([asked.asked_person], kind="ask", text=text, url=page, now=now)
        else:
            tell_units([asked.asked_unit_id or 0], text=text, page=page, by=by, now=now, today=today)
        _record("withdraw_coordination", asked, by=by, now=now, reason=asked.answer[:500], **_dates(ended))
        settle_pause(ended, now=now)


def ask_with_report(entry: Entry) -> None:
    """Listener: what a report asks of a unit is a question with a clock; not a second one while the first waits.

    The report's own entry tells of it, and the report told those asked.
    """
    if not entry.data.get("ask") or not entry.data.get("asked_unit"):
        return
    found = Feedback.objects.filter(pk=entry.data["feedback"]).select_related("task__owner", "by").first()
    if found is not None:
        keep_question(found)


def keep_question(feedback: Feedback) -> Coordination | None:
    """The question of a report as a request, for use inside an action; None where it asks nobody, or one waits."""
    asked, task, today = feedback.asked_unit_id, feedback.task, timezone.localtime(feedback.at).date()
    if asked is None or asked == feedback.unit_id:
        return None
    if Coordination.objects.filter(task=task, unit=feedback.unit_id, asked_unit=asked, state="open").exists():
        return None
    return Coordination.objects.create(
        task=task, unit_id=feedback.unit_id, by=feedback.by, at=feedback.at, asked_unit_id=asked,
        question=feedback.ask, needed_date=get_needed_date(task, today=today),
    )  # fmt: skip


def _end(asked: Coordination, *, state: str, answer: str, by: Person, now: datetime) -> None:
    """Whoever comes first settles it. Raises AnsweredBefore."""
    said = {"state": state, "answer": answer, "answered_by": by, "answered_at": now}
    if not Coordination.objects.filter(pk=asked.pk, state="open").update(**said):
        raise AnsweredBefore
    for name, value in said.items():
        setattr(asked, name, value)


def _end_pauses(asked: Coordination, *, now: datetime) -> list[Ended]:
    """The pause that was asked for or approved because of the question."""
    today = timezone.localtime(now).date()
    found = Pause.objects.filter(coordination=asked, state__in=["requested", "running"]).select_related("task__owner")
    return [ended for pause in found for ended in close_pause(pause, ends=today)]


def _dates(ended: list[Ended]) -> dict[str, Any]:
    """What the end of a pause changed, for the entry."""
    return ended[0].notes() if ended else {}


def _tell_asker(asked: Coordination, *, text: StrPromise, by: Person, now: datetime) -> None:
    people = [p for p in list_people_in([asked.unit_id], DECIDERS, timezone.localtime(now).date()) if p.pk != by.pk]
    notify(people, kind="ask", text=text, url=url("ledger:task", asked.task_id), now=now)


def _record(verb: str, asked: Coordination, *, by: Person, now: datetime, **notes: Any) -> None:
    place = asked.asked_unit.path if asked.asked_unit else asked.task.owner.path
    record_entry(
        verb, by=by, now=now, subject=asked.task, unit_path=place or "", coordination=asked.pk, unit=str(asked.unit),
        asked=str(asked.asked_person or asked.asked_unit), **notes,
    )  # fmt: skip
