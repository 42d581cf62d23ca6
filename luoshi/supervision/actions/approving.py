"""Steps of chasing that wait for a yes: sent with a new limit, or refused with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import hold_journal, record_entry
from luoshi.core.errors import Refusal
from luoshi.core.policy import Policy
from luoshi.notices.actions import notify_each, say_by
from luoshi.orgs.models import Person
from luoshi.supervision.actions.chasing import address
from luoshi.supervision.actions.extensions import AlreadyDecided
from luoshi.supervision.actions.issuing import issue_papers
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import INSTRUMENT_LABELS, Chase, ChaseStep
from luoshi.supervision.queries.chain import Chain
from luoshi.supervision.queries.chasing import REFUSED, Case, get_day, list_cases
from luoshi.supervision.queries.ladders import get_ladders
from luoshi.supervision.queries.sentences import explain_step
from luoshi.supervision.queries.step_papers import STEP
from luoshi.supervision.rules.chasing import StepState
from luoshi.supervision.rules.ladders import paper_of


class LimitInThePast(Refusal):
    """A new limit that cannot be met."""

    sentence = gettext_lazy("The new limit has already passed. Give one that is still to come, or leave it empty.")


class NothingChosen(Refusal):
    """No step was chosen."""

    sentence = gettext_lazy("Choose at least one step.")


def approve_steps(
    steps: Sequence[ChaseStep], *, by: Person, now: datetime, policy: Policy, new_limit: date | None = None,
    opinion: str = "", keep_drafts: bool = False,
) -> list[ChaseStep]:  # fmt: skip
    """Send steps that waited, several at once, each to those whom its ladder tells; grace runs from the new limit.

    The paper of each is issued in the same act, or with `keep_drafts` left to the office to be worked over first.
    Raises NothingChosen, LimitInThePast, AlreadyDecided when one was decided or overtaken meanwhile.
    """
    today = timezone.localtime(now).date()
    if not steps:
        raise NothingChosen
    if new_limit is not None and new_limit < today:
        raise LimitInThePast
    answer = {"decided_by": by, "decided_at": now, "opinion": opinion.strip(), "new_limit": new_limit}
    with transaction.atomic():
        hold_journal()
        ids = [step.pk for step in steps]
        _claim(ids, state=StepState.SENT, sent_at=now, **answer)
        sent = list(ChaseStep.objects.filter(pk__in=ids).select_related(*STEP))
        for step in sent:
            Chase.objects.filter(pk=step.chase_id).update(rung=step.rung, rung_date=today)
        _tell_sent(sent, now=now, today=today, policy=policy)
        _record(sent, "approve_chase", by=by, now=now, new_limit=new_limit, opinion=opinion.strip()[:500])
    if any(paper_of(step.instrument, step.approver) for step in sent):
        issue_papers(sent, by=by, now=now, policy=policy, as_drafts=keep_drafts)
    return sent


def refuse_steps(steps: Sequence[ChaseStep], *, reason: str, by: Person, now: datetime) -> None:
    """Do not send steps: their chases end, and the units are left in peace as if they had acted.

    Raises NothingChosen, MissingWords, AlreadyDecided.
    """
    if not steps:
        raise NothingChosen
    if not reason.strip():
        raise MissingWords(_("Write why it is not sent: the office and the next reader must know."))
    with transaction.atomic():
        hold_journal()
        answer = {"decided_by": by, "decided_at": now, "opinion": reason.strip(), "new_limit": None}
        _claim([step.pk for step in steps], state=StepState.REFUSED, **answer)
        chases = Chase.objects.filter(pk__in=[step.chase_id for step in steps], stopped_at__isnull=True)
        chases.update(stopped_at=now, stopped_by=REFUSED)
        _record(steps, "refuse_chase", by=by, now=now, reason=reason.strip()[:500])


def _claim(ids: Sequence[int], *, state: StepState, **answer: object) -> None:
    """Decide steps that still wait in chases that still run, all or none."""
    waiting = ChaseStep.objects.filter(
        pk__in=ids, state=StepState.AWAITING.value, chase__in=Chase.objects.filter(stopped_at__isnull=True)
    )
    if waiting.update(state=state.value, **answer) != len(set(ids)):
        raise AlreadyDecided


def _tell_sent(steps: Sequence[ChaseStep], *, now: datetime, today: date, policy: Policy) -> None:
    """Tell those whom the ladder names of each step, and keep who they were."""
    day = get_day(today, policy=policy, ladders=get_ladders())
    found = list_cases([(step.chase.task_id, step.chase.unit_id) for step in steps], day=day)
    cases: dict[tuple[int, int], Case] = {(case.task.pk, case.unit_id): case for case in found}
    units = {unit for case in found for unit in (case.unit_id, case.home_id)}
    people = {pk for case in found for pk in (case.task.sponsor_id, case.handler_id)}
    chain, messages = Chain(units, people=people, today=today), []
    for step in steps:
        case = cases[step.chase.task_id, step.chase.unit_id]
        rung = case.ladder.rung(step.rung)
        told = chain.tell(
            case.unit_id, tells=rung.tells if rung else ("head",), levels_up=rung.levels_up if rung else 0,
            sponsor_id=case.task.sponsor_id, office_id=case.home_id, handler_id=case.handler_id,
        )  # fmt: skip
        step.told = [person.as_json() for person in told]
        words = say_by(
            explain_step, step.instrument, case.owed, title=case.task.title, today=today, new_limit=step.new_limit
        )
        messages += address(told, words, task_id=case.task.pk)
    ChaseStep.objects.bulk_update(steps, ["told"], batch_size=500)
    notify_each(messages, kind="chase", now=now)


def _record(steps: Sequence[ChaseStep], verb: str, *, by: Person, now: datetime, **notes: Any) -> None:
    """One entry: about the task of one step, about the ladder of several."""
    by_path: dict[str, list[ChaseStep]] = defaultdict(list)
    for step in steps:
        by_path[step.chase.ladder.unit.path or ""].append(step)
    first = steps[0]
    subject = first.chase.task if len(steps) == 1 else first.chase.ladder
    record_entry(
        verb, by=by, now=now, subject=subject, unit_path=min(by_path),
        steps=[[s.chase.task_id, s.chase.unit_id, s.rung] for s in steps],
        result="、".join(dict.fromkeys(str(INSTRUMENT_LABELS[s.instrument]) for s in steps)), **notes,
    )  # fmt: skip
