"""Two days of the ledger side by side: a few set-based queries, however many tasks there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from axes.models import AccessLog
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.ledger.queries.rows import list_duty_names
from luoshi.ledger.rules.comparing import (
    Change,
    Field,
    Present,
    Step,
    Steps,
    compare_task,
    group_steps,
    plain,
    read_entry,
)
from luoshi.orgs.models import Person, Unit
from luoshi.progress.models import DayPercent
from luoshi.tasks.models import Task

SHOWN = 200  # lines of one group on a page; exports hold all
CHUNK = 10_000
TELLING = (  # the acts that change a date, a target, a lead or whether a task has ended
    "open_tasks", "edit_task", "edit_tasks", "dispatch_tasks", "acknowledge_task", "name_lead", "withdraw_task",
    "recall_dispatch", "recall_parts", "decide_adaptation", "decide_extension", "submit_task", "verify_task",
    "close_task", "reopen_task", "follow_units", "apply_workbook", "steer_tasks",
    "undo_steering",
)  # fmt: skip
FACTS = (
    "pk", "path", "code", "title", "created_at", "state", "due_date", "original_due_date", "target_value",
    "target_unit",
)  # fmt: skip
ROLES = ("lead", "joint")


@dataclass(frozen=True, slots=True)
class Span:
    """From the end of one day to the end of another."""

    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moments after each of the two days."""
        return _after(self.since), _after(self.until)


def _after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@dataclass(frozen=True, slots=True)
class Line:
    """One change of one task, its values as the database gives them or as texts of rules.comparing.plain."""

    change: Change
    id: int
    code: str
    title: str
    then: str
    now: str
    original: date | None = None
    measure: str = ""
    was: Decimal | None = None
    stands: Decimal | None = None


@dataclass(slots=True)
class Comparison:
    """The lines by change, and how many there are of each, also where not all are listed."""

    span: Span
    lines: dict[Change, list[Line]] = field(default_factory=dict)
    counts: dict[Change, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def compare_days(
    tasks: QuerySet[Task], span: Span, *, only: Change | None = None, most: int | None = SHOWN
) -> Comparison:
    """What differs in these tasks between the ends of two days: `only` one change is listed, all are counted."""
    told = _list_told(tasks, span)
    found = Comparison(span)
    for change in Change:
        wanted = only in (None, change)
        if change in (Change.ADDED, Change.PROGRESS):
            rows = _added(tasks, span) if change == Change.ADDED else _moved(tasks, span)
            listed = [_line(change, row) for row in (rows[:most] if most else rows.iterator())] if wanted else []
            is_all = wanted and (most is None or len(listed) < most)
            found.counts[change] = len(listed) if is_all else rows.count()
        else:
            listed = told.get(change, [])
            found.counts[change] = len(listed)
        if wanted:
            found.lines[change] = listed[:most]
    return found


def _line(change: Change, row: tuple[Any, ...]) -> Line:
    """A line of what a query answers in the order of `_added` and `_moved`."""
    pk, code, title, state, *percents = row
    if change == Change.ADDED:
        return Line(change, pk, code, title, "", state)
    return Line(change, pk, code, title, "", "", was=percents[0], stands=percents[1])


def _added(tasks: QuerySet[Task], span: Span) -> QuerySet[Task, Any]:
    since, until = span.moments
    came = tasks.filter(created_at__gte=since, created_at__lt=until)
    return came.order_by("path").values_list("pk", "code", "title", "state")


def _moved(tasks: QuerySet[Task], span: Span) -> QuerySet[Task, Any]:
    """Tasks that were there on the first day and whose percent differs on the second."""
    days = DayPercent.objects.filter(task=OuterRef("pk"))
    between = days.filter(date__gt=span.since, date__lte=span.until)
    latest = days.order_by("-date").values("percent")
    there = tasks.filter(Exists(between), created_at__lt=span.moments[0])
    percents = there.annotate(
        was=Subquery(latest.filter(date__lte=span.since)[:1]), stands=Subquery(latest.filter(date__lte=span.until)[:1])
    )
    first, gone = Q(was__isnull=True, stands__isnull=False), Q(was__isnull=False, stands__isnull=True)
    moved = percents.filter(first | gone | Q(was__lt=F("stands")) | Q(was__gt=F("stands")))
    return moved.order_by("path").values_list("pk", "code", "title", "state", "was", "stands")


def _list_told(tasks: QuerySet[Task], span: Span) -> dict[Change, list[Line]]:
    """What the journal tells of these tasks, by change, in the order of the tree."""
    steps = _list_steps(span)
    ids = sorted({task for task, _field in steps})
    leads = _list_leads([task for task, changed in steps if changed == Field.LEAD])
    since, until = span.moments
    found: dict[Change, list[Line]] = {}
    for row in _list_facts(tasks, ids):
        pk, _path, code, title, created, state, due, original, target, measure = row
        task = Present(pk, created, state, plain(due), plain(target), leads.get(pk, ""))
        for one in compare_task(task, steps, since=since, until=until):
            if one.change != Change.ADDED:
                line = Line(one.change, pk, code, title, one.then, one.now, original, measure)
                found.setdefault(one.change, []).append(line)
    return found


def _list_steps(span: Span) -> Steps:
    """The steps of all tasks since the first day, to today: what stands now is walked back through them."""
    entries = Entry.objects.filter(verb__in=TELLING, at__gte=span.moments[0]).order_by("seq")
    found = entries.values_list("at", "subject_type", "subject_id", "data").iterator(chunk_size=2000)
    steps = group_steps(
        step
        for at, kind, subject, data in found
        for step in read_entry(at, int(subject) if kind == "task" else None, data)
    )
    return _with_names(steps)


def _with_names(steps: dict[tuple[int, Field], list[Step]]) -> Steps:
    """Units that the journal holds by their keys, as `#12`, by name."""
    leads = [step for (_task, changed), rows in steps.items() if changed == Field.LEAD for step in rows]
    keys = {int(text[1:]) for step in leads for text in (step.before or "", step.after) if text.startswith("#")}
    if not keys:
        return steps
    names = {f"#{unit.pk}": str(unit) for unit in Unit.objects.filter(pk__in=keys)}
    named = [
        replace(step, before=names.get(step.before or "", step.before), after=names.get(step.after, step.after))
        for rows in steps.values()
        for step in rows
    ]
    return group_steps(named)


def _list_facts(tasks: QuerySet[Task], ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Those of the changed tasks that are in the set, in the order of the tree."""
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(ids), CHUNK):
        rows += tasks.filter(pk__in=ids[start : start + CHUNK]).order_by().values_list(*FACTS)
    return iter(sorted(rows, key=lambda row: row[1] or ""))


def _list_leads(ids: Sequence[int]) -> dict[int, str]:
    found = list_duty_names(ids) if ids else {}
    return {pk: "、".join(name for role in ROLES for name in names.get(role, ())) for pk, names in found.items()}


def list_shortcuts(person: Person, *, today: date) -> list[tuple[str, date]]:
    """Days that people compare with: the last sign-in before today, a week ago, the ends of last month and year."""
    found = [("week", today - timedelta(days=7)), ("month", today.replace(day=1) - timedelta(days=1))]
    found.append(("year", date(today.year - 1, 12, 31)))
    last = _last_visit(person, today=today)
    return [("visit", last), *found] if last else found


def _last_visit(person: Person, *, today: date) -> date | None:
    """The last day before today on which the person signed in."""
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    signed = AccessLog.objects.filter(username=person.username, attempt_time__lt=midnight)
    at = signed.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return timezone.localtime(at).date() if at else None
