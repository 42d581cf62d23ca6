"""The papers of steps of chasing: issued with the approval of their step, or by the office that looked them over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from luoshi.core.actions import hold_journal
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.policy import Policy
from luoshi.letters.actions import draft_letter, issue_letter
from luoshi.letters.models import Letter
from luoshi.orgs.models import Person
from luoshi.supervision.models import ChaseStep
from luoshi.supervision.queries.step_papers import STEP, addressees_of, step_fields, waiting_on
from luoshi.supervision.rules.ladders import SHARED, paper_of

MOST = 50  # papers set in one act; what is beyond waits with the office


def issue_papers(
    steps: Sequence[ChaseStep], *, by: Person, now: datetime, policy: Policy, as_drafts: bool = False
) -> list[Letter]:
    """Write and issue the papers of steps that went out ahead of them, or (`as_drafts`) leave them as drafts.

    Paper by paper, so that nobody waits for the lock while a file is set; one that is under way when the process ends
    waits with the office and is written once. One that lacks what its kind must say stays a draft.
    """
    today = timezone.localtime(now).date()
    found = list(waiting_on(today).filter(pk__in=[step.pk for step in steps]).select_related(*STEP))
    letters = []
    for group in list(_papers(found))[:MOST]:
        with suppress(Refusal):  # it waits with the office, and its page says what it lacks
            letter = group[0].letter or _begin(group, by=by, now=now, today=today, policy=policy)
            letters.append(letter)
            if not as_drafts:
                issue_letter(letter, by=by, now=now, today=today)
    return letters


def _papers(steps: Sequence[ChaseStep]) -> Iterator[list[ChaseStep]]:
    """The steps that have a paper, those that share one together."""
    groups: dict[tuple[object, ...], list[ChaseStep]] = defaultdict(list)
    for step in steps:
        if step.chase.home and paper_of(step.instrument, step.approver):
            shared = step.letter_id or (step.instrument in SHARED and step.instrument)
            groups[(step.chase.home_id, shared) if shared else (step.pk,)].append(step)
    yield from groups.values()


def _begin(group: Sequence[ChaseStep], *, by: Person, now: datetime, today: date, policy: Policy) -> Letter:
    """Begin the paper that a ladder asks for, approved with its step. Raises EditConflict where another was quicker."""
    step = group[0]
    assert step.chase.home is not None
    kind, fields = step_fields(group, today=today, policy=policy, chaser=by.name)
    several = len({s.chase.task_id for s in group}) > 1
    bare = ChaseStep.objects.filter(pk__in=[s.pk for s in group], letter__isnull=True)
    with transaction.atomic():
        hold_journal()
        if bare.count() != len(group):
            raise EditConflict
        letter = draft_letter(
            kind, unit=step.chase.home, by=None, now=now, today=today, fields=fields, recipients=addressees_of(group),
            approved_by=step.decided_by or by, subject=step.chase.home if several else step.chase.task,
        )  # fmt: skip
        bare.update(letter=letter)
    return letter
