"""What circulars and reports say about many tasks: totals, on time and late, unit by unit, who leads and who lags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Substr, TruncDate
from django.utils import timezone, translation

from luoshi.core.shell import percent as as_percent
from luoshi.directives.models import Directive
from luoshi.letters.rules import date_words
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import PATH_STEP, Access, path_range
from luoshi.progress.models import CAUSE_LABELS, Obstacle
from luoshi.supervision.models import Coordination
from luoshi.supervision.queries.papers import CHINESE, LEADING, Fields
from luoshi.tasks.models import STATE_LABELS, Duty, Task
from luoshi.tasks.rules.states import ACTIVE, State

MOST_EXAMPLES = 8
MOST_ITEMS = 60
DONE = [State.COMPLETED.value, State.CLOSED.value, State.ARCHIVED.value]
OPEN = [state.value for state in ACTIVE]
MANY_KINDS = ("circular", "special", "report", "bulletin", "minutes")


@dataclass(frozen=True, slots=True)
class Scope:
    """The tasks that a report of a unit is about, in a span of days."""

    unit: Unit
    tasks: QuerySet[Task]
    first: date
    last: date

    @property
    def words(self) -> str:
        return f"{date_words(self.first)}至{date_words(self.last)}"


def get_scope(access: Access, *, unit: Unit, first: date, last: date, directive: Directive | None = None) -> Scope:
    """What a unit and those below it ask, or one paper: dispatched by the last day, not ended before the first."""
    tasks = Task.objects.visible_to(access).filter(state__in=[*OPEN, *DONE], dispatched_at__lt=_after(last))
    if directive is not None:
        tasks = tasks.filter(clause__directive=directive)
    else:
        tasks = tasks.filter(owner__path__range=path_range(unit.path or ""))
    return Scope(unit, tasks.exclude(completed_at__lt=_start(first)), first, last)


def circular_fields(kind: str, scope: Scope, *, today: date, directive: Directive | None = None) -> Fields:
    """The fields of a circular or report over a scope; the letter is Chinese whoever asks for it."""
    with translation.override(CHINESE):
        counted = _count(scope, today=min(today, scope.last))
        given: Fields = {**counted, "period": scope.words, **_PARTS[kind](scope, today, directive)}
        given["summary"] = given.get("summary") or _summary(counted, scope)
        return {name: value for name, value in given.items() if value not in (None, "", [])}


def list_parties(scope: Scope) -> list[Unit]:
    """The units that answer for the tasks of a scope, to whom a circular goes; a town answers for its villages."""
    led = Duty.objects.filter(task__in=scope.tasks.values("pk"), role__in=LEADING, unit__isnull=False)
    paths = led.order_by().annotate(party=_party(scope, "unit__path")).values("party")
    return list(Unit.objects.filter(path__in=paths).exclude(pk=scope.unit.pk).order_by("path"))


def _party(scope: Scope, path: str) -> Case:
    """The path of the unit right below the issuer that the unit at a path belongs to; any other stands for itself."""
    above = scope.unit.path or ""
    return Case(
        When(**{f"{path}__range": path_range(above)}, then=Substr(path, 1, len(above) + PATH_STEP)), default=F(path)
    )


def _conditions(scope: Scope, today: date) -> dict[str, Q]:
    """Done, done on time, overdue, as conditions on tasks."""
    done = Q(state__in=DONE, completed_at__lt=_after(scope.last))
    in_time = done & (Q(due_date__isnull=True) | Q(completed_day__lte=F("due_date")))
    waiting = Q(standing__submitted_date__isnull=False) | Q(standing__paused_date__isnull=False)
    return {"done": done, "on_time": in_time, "late": Q(state__in=OPEN, due_date__lt=today) & ~waiting}


def _dated(scope: Scope) -> QuerySet[Task]:
    return scope.tasks.annotate(completed_day=TruncDate("completed_at"))


def _count(scope: Scope, *, today: date) -> dict[str, str]:
    conditions = _conditions(scope, today)
    counted = _dated(scope).aggregate(
        total=Count("pk"), **{name: Count("pk", filter=given) for name, given in conditions.items()}
    )
    return {name: str(number) for name, number in counted.items()}


def _summary(counted: dict[str, str], scope: Scope) -> str:
    return (
        f"{scope.words}，纳入督查的事项共{counted['total']}项，已办结{counted['done']}项，"
        f"其中按期办结{counted['on_time']}项，逾期{counted['late']}项。"
    )


def _units(scope: Scope, today: date) -> list[list[str]]:
    """Each unit that answers: in all, done, on time, overdue, and the share done on time of what is done or overdue."""
    conditions = _conditions(scope, min(today, scope.last))
    tasks = _dated(scope).filter(duties__role__in=LEADING, duties__unit__isnull=False)
    numbers = {name: Count("pk", filter=given, distinct=True) for name, given in conditions.items()}
    grouped: QuerySet[Any, Any] = tasks.order_by().values(party=_party(scope, "duties__unit__path"))
    counted = {row["party"]: row for row in grouped.annotate(total=Count("pk", distinct=True), **numbers)}
    rows = [(unit, counted[unit.path]) for unit in Unit.objects.filter(path__in=list(counted)).order_by("path")]
    return [
        [
            str(unit), str(row["total"]), str(row["done"]), str(row["on_time"]), str(row["late"]),
            _rate(row["on_time"], row["done"] + row["late"]),
        ]
        for unit, row in rows
    ]  # fmt: skip


def _rate(part: int, whole: int) -> str:
    return f"{round(part * 100 / whole)}%" if whole else ""


def _with_lead(tasks: QuerySet[Task]) -> QuerySet[Task, Any]:
    """Tasks with the name of their leading unit and why they stand still."""
    lead = Duty.objects.filter(task=OuterRef("pk"), role__in=LEADING).order_by("-role", "pk")
    held = Obstacle.objects.filter(task=OuterRef("pk"), cleared_at__isnull=True)
    return tasks.annotate(
        lead_short=Subquery(lead.values("unit__short_name")[:1]), lead_name=Subquery(lead.values("unit__name")[:1]),
        held_by=Subquery(held.values("cause")[:1]),
    ).select_related("standing")  # fmt: skip


def _lead_of(task: Any) -> str:
    return task.lead_short or task.lead_name or ""


def _lagging(scope: Scope, today: date) -> list[list[str]]:
    """The tasks longest overdue, with the cause code."""
    late = _conditions(scope, min(today, scope.last))["late"]
    rows = _with_lead(_dated(scope).filter(late)).order_by("due_date", "tier", "pk")[:MOST_EXAMPLES]
    return [
        [_lead_of(task), task.title, f"{(today - task.due_date).days}天", _cause(task)]
        for task in rows
        if task.due_date
    ]


def _cause(task: Any) -> str:
    code = task.held_by or getattr(getattr(task, "standing", None), "last_cause", "")
    return str(CAUSE_LABELS[code]) if code else ""


def _good(scope: Scope) -> list[list[str]]:
    """Weighty tasks done in the span ahead of their date."""
    done = _conditions(scope, scope.last)["on_time"]
    rows = _with_lead(_dated(scope).filter(done, completed_at__gte=_start(scope.first), due_date__isnull=False))
    found = []
    for task in rows.order_by("tier", "due_date", "pk")[:MOST_EXAMPLES]:
        assert task.due_date is not None
        ahead = (task.due_date - task.completed_day).days
        found.append([_lead_of(task), f"“{task.title}”" + (f"提前{ahead}天办结。" if ahead else "按期办结。")])
    return found


def _items(scope: Scope) -> list[list[str]]:
    """Each task: title, unit, date, share done, state."""
    rows = _with_lead(scope.tasks).order_by("tier", F("due_date").asc(nulls_last=True), "pk")[:MOST_ITEMS]
    return [
        [
            task.title, _lead_of(task), date_words(task.due_date) if task.due_date else "长期",
            _reached(task), str(STATE_LABELS[task.state]),
        ]
        for task in rows
    ]  # fmt: skip


def _reached(task: Any) -> str:
    standing = getattr(task, "standing", None)
    return as_percent(standing.percent) if standing is not None and standing.percent is not None else ""


def _stuck(scope: Scope) -> list[list[str]]:
    """What waits for a decision: open obstacles and open questions, with who can decide."""
    ids = scope.tasks.filter(state__in=OPEN).values("pk")
    held = Obstacle.objects.filter(task__in=ids, cleared_at__isnull=True)
    held = held.select_related("task", "holder_unit", "holder_person").order_by("named_at")[:MOST_EXAMPLES]
    asked = Coordination.objects.filter(task__in=ids, state="open")
    asked = asked.select_related("task", "unit", "asked_unit", "asked_person").order_by("needed_date")[:MOST_EXAMPLES]
    leads = {task.pk: _lead_of(task) for task in _with_lead(Task.objects.filter(pk__in=[row.task_id for row in held]))}
    rows = [
        [
            row.task.title,
            leads[row.task_id],
            f"{CAUSE_LABELS[row.cause]}：{row.note}",
            str(row.holder_person or row.holder_unit or ""),
        ]
        for row in held
    ]
    rows += [
        [row.task.title, str(row.unit), row.question, str(row.asked_person or row.asked_unit or "")] for row in asked
    ]
    return rows[:MOST_EXAMPLES]


def _circular(scope: Scope, today: date, _directive: Directive | None) -> Fields:
    words = f"现将{scope.words}督查事项办理情况通报如下。"
    return {
        "lead_words": words, "good": _good(scope), "lagging": _lagging(scope, today), "units": _units(scope, today),
    }  # fmt: skip


def _special(scope: Scope, today: date, _directive: Directive | None) -> Fields:
    lagging = _lagging(scope, today)
    words = "\n".join(f"{unit}承办的“{title}”已逾期{late}。" for unit, title, late, _cause in lagging)
    return {"progress": words, "stuck": _stuck(scope)}


def _report(scope: Scope, today: date, _directive: Directive | None) -> Fields:
    lagging = _lagging(scope, today)
    words = "\n".join(
        f"{unit}：“{title}”逾期{late}{f'，原因为{cause}' if cause else ''}。" for unit, title, late, cause in lagging
    )
    return {"items": _items(scope), "problems": words}


def _bulletin(scope: Scope, today: date, _directive: Directive | None) -> Fields:
    return {"units": _units(scope, today), "lagging": _lagging(scope, today)}


def _minutes(scope: Scope, _today: date, directive: Directive | None) -> Fields:
    rows = _with_lead(scope.tasks.select_related("standing")).order_by("clause__position", "pk")[:MOST_ITEMS]
    items = [
        [
            task.title, _lead_of(task), date_words(task.due_date) if task.due_date else "长期",
            getattr(getattr(task, "standing", None), "last_word", "") or "尚未报告", str(STATE_LABELS[task.state]),
        ]
        for task in rows
    ]  # fmt: skip
    given: Fields = {"items": items}
    if directive is not None:
        number = f"（{directive.number}）" if directive.number else ""
        given |= {
            "meeting": directive.title,
            "meeting_date": directive.issued_date,
            "source": f"《{directive.title}》{number}",
        }
    return given


_PARTS = {"circular": _circular, "special": _special, "report": _report, "bulletin": _bulletin, "minutes": _minutes}


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _after(day: date) -> datetime:
    return _start(day + timedelta(days=1))
