"""Who might handle a unit's duty, with what speaks for and against each."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from luoshi.orgs.models import Person, Post
from luoshi.orgs.queries.absences import list_away
from luoshi.orgs.rules import Access, Role
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.rules.access import NAMERS
from luoshi.tasks.rules.handlers import Away, Candidate, is_alike, pairs_of, suggest
from luoshi.tasks.rules.states import ACTIVE, DOING, State

DOING_ROLES = [r.value for r in DOING]
DONE = [State.COMPLETED.value, State.CLOSED.value, State.ARCHIVED.value]
STAFF = 100
RECENT = 2000  # ended duties that are looked through for like tasks, the latest first


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A duty and the people who might handle it, the most fitting first."""

    duty: Duty
    candidates: list[Candidate]


def list_nameable(access: Access, task: Task) -> list[Duty]:
    """The duties of a task whose handler this person may name: those of the units they head or run the office of."""
    units = {seat.unit_id for seat in access.seats if seat.role in NAMERS}
    duties = Duty.objects.filter(task=task, unit__in=units, role__in=DOING_ROLES)
    return list(duties.select_related("unit", "handler", "task").order_by("pk"))


def list_staff_of(duty: Duty, *, today: date) -> dict[int, tuple[Person, str]]:
    """Heads and handlers of the duty's unit with their job titles, by id."""
    roles = [Role.HEAD.value, Role.HANDLER.value]
    posts = Post.objects.filter(unit=duty.unit_id, role__in=roles, person__is_active=True).held_on(today)
    return {p.person_id: (p.person, p.title) for p in posts.select_related("person").order_by("role", "pk")[:STAFF]}


def get_suggestion(duty: Duty, *, today: date) -> Suggestion:
    """Who might handle the duty; five queries whatever the number of people."""
    staff = list_staff_of(duty, today=today)
    until = duty.due_date or duty.task.due_date
    away = list_away(staff, since=today, until=until if until and until > today else date.max)
    load = _load(staff, but=duty, today=today)
    alike, on_time = _record(staff, task=duty.task)
    found = [
        Candidate(
            pk, person.name, title, *load.get(pk, (0, 0)), alike[pk], on_time[pk],
            tuple(Away(a.from_date, a.to_date) for a in away.get(pk, ())),
        )
        for pk, (person, title) in staff.items()
    ]  # fmt: skip
    return Suggestion(duty, suggest(found, today=today, until=until))


def _load(staff: dict[int, tuple[Person, str]], *, but: Duty, today: date) -> dict[int, tuple[int, int]]:
    """How many open duties each handles now, and how many of them are past their date."""
    late = Q(task__due_date__lt=today)
    rows = Duty.objects.filter(handler__in=list(staff), task__state__in=[s.value for s in ACTIVE]).exclude(pk=but.pk)
    counted = rows.order_by().values_list("handler").annotate(open_now=Count("pk"), late_now=Count("pk", filter=late))
    return {handler: (count, behind) for handler, count, behind in counted}


def _record(staff: dict[int, tuple[Person, str]], *, task: Task) -> tuple[Counter[int], Counter[int]]:
    """Like tasks each finished, and those within their date: the same tier and rung, or titles of the same matter."""
    alike: Counter[int] = Counter()
    on_time: Counter[int] = Counter()
    ended = Duty.objects.filter(handler__in=list(staff), task__state__in=DONE, task__completed_at__isnull=False)
    columns = ("handler", "task__title", "task__tier", "task__kind", "task__due_date", "task__completed_at")
    mine, seen = pairs_of(task.title), defaultdict(bool)
    for handler, title, tier, kind, due, done_at in ended.order_by("-pk").values_list(*columns)[:RECENT]:
        if title not in seen:
            seen[title] = is_alike(mine, pairs_of(title))
        if seen[title] or (tier, kind) == (task.tier, task.kind):
            alike[handler] += 1
            on_time[handler] += due is None or timezone.localtime(done_at).date() <= due
    return alike, on_time
