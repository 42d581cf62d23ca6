"""The daily routine of chasing: each step at most once, written with its notices and one entry a ladder and batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from luoshi.core.actions import hold_journal, record_entry
from luoshi.core.policy import Policy
from luoshi.core.shell import url
from luoshi.notices.actions import notify_each, say, say_by
from luoshi.supervision.models import Chase, ChaseStep, Ladder
from luoshi.supervision.queries.chain import Chain, ToldPerson
from luoshi.supervision.queries.chasing import SETTLED, Case, Day, Pair, get_day, list_cases, list_pairs
from luoshi.supervision.queries.ladders import get_ladders
from luoshi.supervision.queries.sentences import explain_stand_in, explain_step
from luoshi.supervision.rules.chasing import Approver, Due, StepState
from luoshi.tasks.rules.states import Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from luoshi.notices.actions.telling import Message

BATCH = 500


def take_due_steps(*, now: datetime, policy: Policy) -> int:
    """Take every step of chasing that is due on the day of `now`, in batches; how many were taken.

    Run again for the same day, it takes none twice: each batch decides anew from what stands, under the journal's lock.
    """
    today = timezone.localtime(now).date()
    day = get_day(today, policy=policy, ladders=get_ladders())
    if not day.ladders.rows:
        return 0
    pairs = list_pairs(day)
    return sum(_take_batch(pairs[n : n + BATCH], day=day, now=now) for n in range(0, len(pairs), BATCH))


def _take_batch(pairs: Collection[Pair], *, day: Day, now: datetime) -> int:
    with transaction.atomic():
        hold_journal()
        cases = list_cases(pairs, day=day)
        _settle([case for case in cases if case.is_settled], now=now)
        due = [case for case in cases if case.due is not None]
        if due:
            _open_steps(due, now=now, today=day.date)
            _record(due, now=now)
    return len(due)


def _settle(cases: Sequence[Case], *, now: datetime) -> None:
    """End the chases of which nothing is owed any more, though no action ended them."""
    stop_chases([case.chase.pk for case in cases if case.chase], by=SETTLED, now=now)


def stop_chases(ids: Collection[int], *, by: str, now: datetime) -> int:
    """End open chases; steps that wait for approval are overtaken. Part of the caller's transaction."""
    if not ids:
        return 0
    open_chases = Chase.objects.filter(pk__in=ids, stopped_at__isnull=True)
    stopped = open_chases.update(stopped_at=now, stopped_by=by)
    awaiting = ChaseStep.objects.filter(chase__in=ids, state=StepState.AWAITING.value)
    awaiting.update(state=StepState.OVERTAKEN.value, decided_at=now)
    return stopped


def _open_steps(cases: Sequence[Case], *, now: datetime, today: date) -> None:
    """Write the chases and their steps, tell of those that are sent, and ask the approvers of the others."""
    chases = _chases(cases, today=today)
    chain = _chain(cases, today=today)
    asked: Counter[int] = Counter()
    messages: defaultdict[bool, list[Message]] = defaultdict(list)
    steps = []
    for case, chase in zip(cases, chases, strict=True):
        step = _new_step(case, chase, now=now)
        steps.append(step)
        if step.state == StepState.AWAITING:
            asked.update(a.person_id for a in chain.approvers(
                step.approver, unit_id=case.home_id, sponsor_id=case.task.sponsor_id))  # fmt: skip
            continue
        told = told_of(case, chain=chain)
        step.told = [person.as_json() for person in told]
        words = say_by(explain_step, step.instrument, case.owed, title=case.task.title, today=today)
        messages[case.task.urgency == Urgency.IMMEDIATE] += address(told, words, task_id=case.task.pk)
    ChaseStep.objects.bulk_create(steps, batch_size=BATCH)
    for urgent, found in messages.items():
        notify_each(found, kind="chase", now=now, urgent=urgent)
    _ask_approvers(asked, now=now)


def _chases(cases: Sequence[Case], *, today: date) -> list[Chase]:
    """The chase of each case, on the rung that it reaches today; the stored ones move on, one UPDATE a rung."""
    chases = [case.chase or _new_chase(case, today=today) for case in cases]
    moved: defaultdict[int, list[int]] = defaultdict(list)
    for case, chase in zip(cases, chases, strict=True):
        if case.due is not None and _is_sent(case.due):
            chase.rung, chase.rung_date = case.due.rung.number, today
            if chase.pk:
                moved[chase.rung].append(chase.pk)
    for rung, ids in moved.items():
        Chase.objects.filter(pk__in=ids).update(rung=rung, rung_date=today)
    Chase.objects.bulk_create([chase for chase in chases if not chase.pk], batch_size=BATCH)
    return chases


def _new_chase(case: Case, *, today: date) -> Chase:
    number = case.due.rung.number if case.due else 0
    return Chase(
        task_id=case.task.pk, unit_id=case.unit_id, ladder_id=case.ladder.id, home_id=case.home_id, opened_date=today,
        start_rung=number, rung_date=today,
    )  # fmt: skip


def _is_sent(due: Due) -> bool:
    """A step without an approver is sent at once."""
    return due.rung.approver == Approver.NOBODY


def _new_step(case: Case, chase: Chase, *, now: datetime) -> ChaseStep:
    if case.due is None:
        raise ValueError(case)
    rung, sent = case.due.rung, _is_sent(case.due)
    return ChaseStep(
        chase=chase, rung=rung.number, instrument=rung.instrument, due_date=case.due.due_date, made_at=now,
        state=(StepState.SENT if sent else StepState.AWAITING).value, approver=rung.approver,
        sent_at=now if sent else None,
    )  # fmt: skip


def _chain(cases: Sequence[Case], *, today: date) -> Chain:
    units = {unit for case in cases for unit in (case.unit_id, case.home_id)}
    people = {pk for case in cases for pk in (case.task.sponsor_id, case.handler_id)}
    return Chain(units, people=people, today=today)


def told_of(case: Case, *, chain: Chain) -> list[ToldPerson]:
    """Who is told of the step that is due."""
    if case.due is None:
        return []
    rung = case.due.rung
    return chain.tell(
        case.unit_id, tells=rung.tells, levels_up=rung.levels_up, sponsor_id=case.task.sponsor_id,
        office_id=case.home_id, handler_id=case.handler_id,
    )  # fmt: skip


def address(told: Sequence[ToldPerson], words: StrPromise, *, task_id: int) -> list[Message]:
    """The message of each who is told; who stands in for another reads so."""
    page = url("ledger:task", task_id)
    return [(p.person_id, say_by(_with_reason, words, p) if p.instead_of else words, page) for p in told]


def _with_reason(words: StrPromise, person: ToldPerson) -> str:
    return f"{words} {explain_stand_in(person.instead_of, person.why)}"


def _ask_approvers(asked: Counter[int], *, now: datetime) -> None:
    """One message for each who has steps to approve, however many."""
    page = url("supervision:approvals")
    words = {
        n: say(
            ngettext_lazy(
                "%(n)s step of chasing waits for your approval.", "%(n)s steps of chasing wait for your approval.", n
            ),
            n=n,
        )
        for n in set(asked.values())
    }
    notify_each([(pk, words[n], page) for pk, n in sorted(asked.items())], kind="chase", now=now)


def _record(cases: Sequence[Case], *, now: datetime) -> None:
    """One entry for each ladder: which steps of whom."""
    by_ladder: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        by_ladder[case.ladder.id].append(case)
    for ladder in Ladder.objects.filter(pk__in=by_ladder).select_related("unit").order_by("pk"):
        found = by_ladder[ladder.pk]
        counts = Counter(case.due.rung.instrument for case in found if case.due)
        steps = [[case.task.pk, case.unit_id, case.due.rung.number] for case in found if case.due]
        record_entry(
            "chase_units", by=None, now=now, subject=ladder, unit_path=ladder.unit.path or "", steps=steps,
            counts=dict(counts), reason=_("%(n)s steps") % {"n": len(steps)},
        )  # fmt: skip
