"""What the pages of chasing show: open chases by step, what goes out next, what action stopped, what is listed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from luoshi.core.pagination import Page, paginate
from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.core.queries import get_calendar
from luoshi.core.rules.workdays import Calendar
from luoshi.letters.models import Letter
from luoshi.orgs.rules import Access, Role
from luoshi.supervision.models import Chase, ChaseStep, Contact
from luoshi.supervision.queries.chasing import Case, get_day, list_cases, list_pairs
from luoshi.supervision.queries.ladders import HeldLadder, Ladders, get_ladders, hold_ladders
from luoshi.supervision.rules.chasing import Approver, Due, Instrument, Owed, Spell, StepState, Trigger, next_step
from luoshi.tasks.models import PHASE_OPEN, Task
from luoshi.tasks.queries.visible import within

SHOWN = 200  # steps of tomorrow that a page counts and names
PREVIEWED = 3000  # tasks that a preview looks through
PANEL = 12


@dataclass(frozen=True, slots=True)
class ChaseRow:
    """One open chase: the step reached, and what comes next if the unit does nothing."""

    chase: Chase
    instrument: str
    sent_at: object
    awaiting: ChaseStep | None
    next: Due | None


@dataclass(frozen=True, slots=True)
class Coming:
    """What a day's routine would do: by instrument, and the cases."""

    day: date
    sent: dict[str, int]
    awaiting: dict[str, int]
    cases: list[Case]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class PanelStep:
    """One step of the ladder on the task page: sent, waiting for a yes, next on a day, or further up."""

    instrument: str
    state: str
    day: date | None = None
    step: ChaseStep | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A chase of one unit as the task page shows it."""

    chase: Chase
    steps: list[PanelStep]


def chases_seen(access: Access) -> QuerySet[Chase]:
    """The chases about tasks that the reader sees."""
    seen = Task.objects.visible_to(access).filter(pk=OuterRef("task"))
    return Chase.objects.filter(Exists(seen)).select_related("task__owner", "unit")


def count_open(access: Access) -> dict[str, int]:
    """How many open chases stand at each instrument; "" for those whose first step waits for approval."""
    highest = ChaseStep.objects.filter(chase=OuterRef("pk"), state=StepState.SENT.value).order_by("-rung")
    found = chases_seen(access).filter(stopped_at__isnull=True).annotate(at=highest.values("instrument")[:1])
    return {at or "": n for at, n in found.order_by().values_list("at").annotate(Count("pk"))}


def list_open(access: Access, *, instrument: str | None, number: object, today: date) -> Page[ChaseRow]:
    """A page of open chases, the highest step first."""
    found = chases_seen(access).filter(stopped_at__isnull=True).order_by("-rung", "rung_date", "pk")
    if instrument is not None:
        highest = ChaseStep.objects.filter(chase=OuterRef("pk"), state=StepState.SENT.value).order_by("-rung")
        found = found.annotate(at=highest.values("instrument")[:1]).filter(
            **({"at": instrument} if instrument else {"at__isnull": True})
        )
    page = paginate(found, number=number)
    return Page(rows=_rows(page.rows, today=today), number=page.number, size=page.size, total=page.total)


def _rows(chases: Sequence[Chase], *, today: date) -> list[ChaseRow]:
    steps = _list_steps([chase.pk for chase in chases])
    in_use = get_ladders([chase.task.owner.path or "" for chase in chases])
    ladders = {held.id: held for held in in_use.all()}
    calendar = get_calendar(today - timedelta(days=60), today + timedelta(days=200))
    rows = []
    for chase in chases:
        sent = [s for s in steps[chase.pk] if s.state == StepState.SENT]
        waiting = next((s for s in steps[chase.pk] if s.state == StepState.AWAITING), None)
        ladder = ladders.get(chase.ladder_id) or in_use.of(chase.task.owner.path or "", chase.task.matter)
        coming = _expect(chase, ladder, steps[chase.pk], calendar=calendar) if ladder and not waiting else None
        last = sent[-1] if sent else None
        rows.append(ChaseRow(chase, last.instrument if last else "", last and last.sent_at, waiting, coming))
    return rows


def _expect(chase: Chase, ladder: HeldLadder, steps: Sequence[ChaseStep], *, calendar: Calendar) -> Due | None:
    """The step that follows if the unit does nothing, from what the chase itself knows."""
    start = ladder.rung(chase.start_rung)
    near = start is not None and start.trigger == Trigger.NEAR
    since = None if near else chase.opened_date - timedelta(days=1)
    limit = next((s.new_limit for s in reversed(steps) if s.state == StepState.SENT), None)
    owed = Owed(due_date=chase.task.due_date, silent_date=since, urgency=chase.task.urgency)
    return next_step(ladder.facts, owed, Spell(chase.rung, chase.rung_date, limit), calendar=calendar)


def _list_steps(chases: list[int]) -> dict[int, list[ChaseStep]]:
    found: dict[int, list[ChaseStep]] = defaultdict(list)
    for step in _list_steps_of(chases):
        found[step.chase_id].append(step)
    return found


@prepared
def _list_steps_of(chases: list[int]) -> QuerySet[ChaseStep]:
    return ChaseStep.objects.filter(chase__in=chases).select_related("decided_by").order_by("rung")


def list_stopped(access: Access, *, number: object) -> Page[Chase]:
    """Chases that ended, newest first: what the units did, and what was settled or refused."""
    return paginate(chases_seen(access).filter(stopped_at__isnull=False).order_by("-stopped_at", "-pk"), number=number)


def count_stopped(access: Access, *, since: date) -> dict[str, int]:
    """How many chases ended since a day, by what ended them."""
    ended = chases_seen(access).filter(stopped_at__date__gte=since)
    return dict(ended.order_by().values_list("stopped_by").annotate(Count("pk")))


def list_coming(paths: Sequence[str], *, today: date, policy: Policy, ladders: Ladders | None = None) -> Coming:
    """What the next working day's routine would do about work that units at or below these paths ask."""
    calendar = get_calendar(today, today + timedelta(days=60))
    day = get_day(calendar.add_workdays(today, 1), policy=policy, ladders=get_ladders() if ladders is None else ladders)
    pairs = [pair for path in paths for pair in list_pairs(day, path=path)]
    cases = [case for case in list_cases(pairs[:PREVIEWED], day=day) if case.due]
    sent, awaiting = Counter[str](), Counter[str]()
    for case in cases:
        if case.due:
            (awaiting if case.due.rung.approver else sent)[case.due.rung.instrument] += 1
    cases.sort(key=lambda case: (-(case.due.rung.number if case.due else 0), case.task.code))
    return Coming(day.date, dict(sent), dict(awaiting), cases[:SHOWN], len(pairs) > PREVIEWED)


def preview_ladder(held: HeldLadder, *, today: date, policy: Policy) -> Coming:
    """What the next working day would bring if this ladder held already in place of the one in use."""
    rows = {key: row for key, row in get_ladders().rows.items() if row.id != held.id}
    rows[held.unit_path, held.matter] = held
    return list_coming([held.unit_path], today=today, policy=policy, ladders=Ladders(rows))


def awaiting_for(access: Access, *, all_levels: bool = False) -> QuerySet[ChaseStep]:
    """The steps that wait for this person's yes; with `all_levels` also those that a head may decide for others."""
    heads = [s.unit_id for s in access.seats if s.role == Role.HEAD]
    offices = [s.unit_id for s in access.seats if s.role == Role.OFFICE]
    led = Q(chase__home__in=heads)
    mine = Q(approver=Approver.OFFICE.value, chase__home__in=offices)
    mine |= Q(approver=Approver.HEAD.value) & led
    mine |= Q(approver=Approver.LEADER.value, chase__task__sponsor=access.person_id)
    mine |= Q(approver=Approver.LEADER.value, chase__task__sponsor__isnull=True) & led
    if all_levels:
        mine |= within([s.path for s in access.seats if s.role == Role.HEAD], "chase__home__path")
    waiting = ChaseStep.objects.filter(state=StepState.AWAITING.value, chase__stopped_at__isnull=True)
    return waiting.filter(mine) if access.seats and not access.admin else waiting.none()


def list_awaiting(access: Access) -> list[ChaseStep]:
    """The steps that this person may send or refuse, the highest and oldest first; at most 200."""
    found = awaiting_for(access, all_levels=True).select_related(
        "chase__task__owner", "chase__unit", "chase__task__sponsor"
    )
    return list(found.select_related("chase__ladder__unit").order_by("-rung", "made_at", "pk")[:SHOWN])


def list_listed(access: Access) -> list[ChaseStep]:
    """挂牌督办: what is listed for supervision and not completed yet, in the governments that the reader belongs to."""
    listed = ChaseStep.objects.filter(
        instrument=Instrument.LISTED.value, state=StepState.SENT.value, chase__task__phase=PHASE_OPEN
    ).select_related("chase__task__owner", "chase__task__standing", "chase__unit", "chase__task__sponsor")
    if not access.admin:
        listed = listed.filter(within(access.homes, "chase__task__owner__path"))
    latest: dict[tuple[int, int], ChaseStep] = {}
    for step in listed.order_by("sent_at", "pk")[:500]:
        latest.setdefault((step.chase.task_id, step.chase.unit_id), step)
    return list(latest.values())


def list_panels(task: Task) -> list[Panel]:
    """The running chases of a task, else the last one that ended, step by step; one query where there is none."""
    chases = _list_chases(task.pk)
    shown = [c for c in chases if c.stopped_at is None] or chases[:1]
    if not shown:
        return []
    for chase in shown:
        chase.task = task
    steps = _list_steps([chase.pk for chase in shown])
    ladders = {held.id: held for held in hold_ladders(list({c.ladder_id: c.ladder for c in shown}.values()))}
    today = max(chase.rung_date for chase in shown)
    calendar = get_calendar(today - timedelta(days=60), today + timedelta(days=200))
    return [_panel(chase, ladders[chase.ladder_id], steps[chase.pk], calendar=calendar) for chase in shown]


@prepared
def _list_chases(task: int) -> QuerySet[Chase]:
    found = Chase.objects.filter(task=task).select_related("unit", "ladder__unit")
    return found.order_by("-opened_date", "-pk")[:PANEL]


def _panel(chase: Chase, ladder: HeldLadder, steps: Sequence[ChaseStep], *, calendar: Calendar) -> Panel:
    taken = {step.rung: step for step in steps}
    waits = any(step.state == StepState.AWAITING for step in steps)
    runs = chase.stopped_at is None
    coming = _expect(chase, ladder, steps, calendar=calendar) if runs and not waits else None
    shown = []
    for rung in ladder.facts.rungs:
        step = taken.get(rung.number)
        if step:
            at = step.sent_at or step.made_at
            shown.append(PanelStep(step.instrument, step.state, timezone.localtime(at).date(), step))
        elif coming and coming.rung == rung:
            shown.append(PanelStep(rung.instrument, "next", coming.due_date))
        elif runs and rung.number > max([*taken, chase.start_rung]) and rung.grace is not None:
            shown.append(PanelStep(rung.instrument, "later"))
    return Panel(chase, shown)


def list_papers(access: Access, panels: Sequence[Panel]) -> set[int]:
    """The papers of these steps that the reader may open; no query where there are none."""
    ids = {s.step.letter_id for panel in panels for s in panel.steps if s.step and s.step.letter_id}
    return set(Letter.objects.visible_to(access).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def list_contacts(task: Task) -> list[Contact]:
    """How the unit was chased by hand, newest first."""
    return list(Contact.objects.filter(task=task).select_related("by", "unit")[:50])
