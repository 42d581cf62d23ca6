"""The papers that go with steps of chasing: which a step has, what it says, and which wait to be issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from luoshi.core.policy import Policy
from luoshi.letters.models import UNNUMBERED
from luoshi.letters.queries import plan_letter, render_draft
from luoshi.letters.rules import date_words, fields_missing
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.papers.writing import ShownLine, ShownTable, show_paper
from luoshi.supervision.models import ChaseStep
from luoshi.supervision.queries.chases import awaiting_for
from luoshi.supervision.queries.circulars import MANY_KINDS, Scope, circular_fields
from luoshi.supervision.queries.papers import Fields, task_fields
from luoshi.supervision.rules.chasing import Instrument, StepState
from luoshi.supervision.rules.ladders import PAPERS, paper_of
from luoshi.tasks.models import Task

Block = ShownLine | ShownTable
SHOWN = 200
RECENT = timedelta(days=30)
ISSUERS = (Role.HEAD, Role.OFFICE)


def step_fields(steps: Sequence[ChaseStep], *, today: date, policy: Policy, chaser: str) -> tuple[str, Fields]:
    """The kind of the paper of a step (of several: one that they share) and what the ledger says in it."""
    step, tasks = steps[0], [step.chase.task for step in steps]
    kind = paper_of(step.instrument, step.approver)
    if kind in MANY_KINDS:
        first = min(step.chase.opened_date for step in steps)
        chased = Task.objects.filter(pk__in=[task.pk for task in tasks])
        scope = Scope(step.chase.home or tasks[0].owner, chased, first, today)
        fields = circular_fields(kind, scope, today=today)
    else:
        fields = task_fields(tasks[0], kind, today=today, policy=policy, chaser=chaser)
    return kind, {**fields, **_own_words(step, title=tasks[0].title)}


def _own_words(step: ChaseStep, *, title: str) -> Fields:
    """What the step itself adds: its new limit, and what the paper is called where its kind does not say it."""
    found: Fields = {}
    if step.new_limit:
        name = {"chase": "new_date", "circular": "next_steps"}.get(PAPERS[step.instrument], "due_date")
        found[name] = f"请于{date_words(step.new_limit)}前办结。" if name == "next_steps" else step.new_limit
    if step.instrument == Instrument.LISTED:
        found["title"] = f"关于“{title}”的挂牌督办单"
    if step.instrument == Instrument.REFERRAL:
        found |= {"title": f"关于移交“{title}”有关情况的专报", "advice": "建议将上述情况移交有权机关依规依纪依法处理。"}
    return found


def addressees_of(steps: Sequence[ChaseStep]) -> list[Unit]:
    """To whom the paper goes: the units chased; of a referral they are not told."""
    if steps[0].instrument == Instrument.REFERRAL:
        return []
    return list({step.chase.unit_id: step.chase.unit for step in steps}.values())


def papers_waiting(access: Access, *, today: date) -> QuerySet[ChaseStep]:
    """The steps whose paper this person's office has yet to issue."""
    homes = [seat.unit_id for seat in access.seats if seat.role in ISSUERS]
    return waiting_on(today).filter(chase__home__in=homes) if homes else ChaseStep.objects.none()


def waiting_on(today: date) -> QuerySet[ChaseStep]:
    """The steps that went out ahead of their paper: by the ladder itself, or with the paper kept as a draft.

    A paper is overtaken when its chase ends or climbs, or grows old.
    """
    by_itself = [name for name in PAPERS if paper_of(name, "")]
    none_yet = Q(letter__isnull=True) & (Q(approver="", instrument__in=by_itself) | ~Q(approver=""))
    kept = Q(letter__state__in=UNNUMBERED)
    running = Q(chase__stopped_at__isnull=True, chase__home__isnull=False, rung=F("chase__rung"))
    sent = ChaseStep.objects.filter(running, state=StepState.SENT.value, chase__rung_date__gte=today - RECENT)
    return sent.filter(none_yet | kept)


def list_papers_waiting(access: Access, *, today: date) -> list[ChaseStep]:
    """The steps of papers_waiting with what a page says of them, the highest and oldest first; at most 200."""
    found = papers_waiting(access, today=today).select_related(*STEP).order_by("-rung", "sent_at", "pk")
    return list(found[:SHOWN])


def get_step_for(access: Access, *, id: int, today: date) -> ChaseStep:
    """A step with a paper that the person may send, or whose paper they may issue. Raises Http404."""
    steps = ChaseStep.objects.select_related(*STEP)
    mine = Q(pk__in=awaiting_for(access, all_levels=True).filter(pk=id).values("pk"))
    mine |= Q(pk__in=papers_waiting(access, today=today).filter(pk=id).values("pk"))
    step = get_object_or_404(steps.filter(mine), pk=id)
    if not step.chase.home or not paper_of(step.instrument, step.approver):
        raise Http404
    return step


def show_step_paper(step: ChaseStep, *, today: date, policy: Policy, signer: str) -> tuple[list[Block], str]:
    """The paper as it would go out today, line by line, and which required fields it lacks."""
    kind, fields = step_fields([step], today=today, policy=policy, chaser=signer)
    assert step.chase.home is not None
    letter = plan_letter(kind, unit=step.chase.home, fields=fields, recipients=addressees_of([step]))
    missing = fields_missing(kind, {**letter.fields, "title": letter.title})
    return show_paper(render_draft(letter)), "、".join(field.tag for field in missing)


STEP = (
    "letter__unit", "letter__approved_by", "decided_by", "chase__ladder__unit", "chase__home", "chase__unit",
    "chase__task__owner", "chase__task__sponsor", "chase__task__clause__directive",
)  # fmt: skip
