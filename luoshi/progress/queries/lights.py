"""Lights from the database: the SQL twin of rules.lights, and lights with their reason in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.core.shell import percent as shown
from luoshi.progress.models import Standing
from luoshi.progress.rules.lights import (
    CODES,
    DOUBTED,
    WORST_FIRST,
    Checkpoint,
    Colour,
    Condition,
    Doubt,
    Light,
    LightFacts,
    Thresholds,
    light,
)
from luoshi.progress.rules.palettes import LINES, palette_of
from luoshi.tasks.models import Milestone, Task
from luoshi.tasks.rules.states import ACTIVE

if TYPE_CHECKING:
    from django.utils.functional import Promise

LIGHT_WORDS: dict[Condition, Promise | str] = {
    Condition.OVERDUE: gettext_lazy("overdue"),
    Condition.FAR_BEHIND: gettext_lazy("far behind"),
    Condition.BEHIND: gettext_lazy("behind"),
    Condition.MISSING: gettext_lazy("no report yet"),
    Condition.PARTIAL: gettext_lazy("few reported"),
    Condition.DOUBT: gettext_lazy("in doubt"),
    Condition.NEAR: gettext_lazy("due soon"),
    Condition.REVIEW: gettext_lazy("review due"),
    Condition.FINE: gettext_lazy("on track"),
    Condition.DONE: gettext_lazy("done"),
    Condition.IDLE: gettext_lazy("not dispatched"),
    Condition.SUSPENDED: gettext_lazy("suspended"),
    Condition.ENDED: gettext_lazy("ended"),
}
DOUBT_WORDS: dict[Doubt, Promise | str] = {
    Doubt.RETURNED: gettext_lazy("sent back"),
    Doubt.OFTEN_RETURNED: gettext_lazy("sent back"),
    Doubt.MISMATCHED: gettext_lazy("found otherwise"),
    Doubt.HOLLOW: gettext_lazy("reports say little"),
}
COLOUR_WORDS: dict[str, Promise | str] = {
    Colour.RED.value: gettext_lazy("red light"),
    Colour.YELLOW.value: gettext_lazy("yellow light"),
    Colour.GREEN.value: gettext_lazy("green light"),
    Colour.BLUE.value: gettext_lazy("blue light"),
    Colour.GREY.value: gettext_lazy("no light"),
}
_Expression = Any  # a Django expression; the stubs have no common public type for those used here


@dataclass(frozen=True, slots=True)
class ShownLight:
    """A light in the reader's language, for the `light` macro: colour, word, and why in one sentence."""

    colour: str
    word: str
    why: str
    light: Light


class Days(Func):
    """Whole days from the second date to the first, without a Python call per row."""

    output_field = IntegerField()
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler,
            connection,
            template="CAST(julianday(%(expressions)s) AS INTEGER)",
            arg_joiner=") - julianday(",
            **extra,
        )


class Scaled(Func):
    """A decimal as a whole number of its smallest parts, so that both databases compare exactly."""

    output_field = IntegerField()
    template = "CAST(ROUND(%(expressions)s * %(scale)s) AS BIGINT)"


class _Quotient(Func):
    """Whole-number division, rounding down (nothing here is negative)."""

    output_field = IntegerField()
    template = "(%(expressions)s)"
    arg_joiner = " / "


class _Hundredths(Func):
    """Whole hundredths as a decimal."""

    output_field = DecimalField(max_digits=7, decimal_places=2)
    template = "(%(expressions)s / 100.0)"


@dataclass(frozen=True, slots=True)
class Then:
    """The columns that change from day to day, by the names under which they are annotated; as they are now."""

    percent: str = "standing__percent"
    submitted: str = "standing__submitted_date"
    paused: str = "standing__paused_date"


NOW = Then()


def with_light(queryset: QuerySet[Task], *, today: date, policy: Thresholds) -> QuerySet[Task]:
    """Annotate `light` (1 red, 2 yellow, 3 green, 4 blue, 5 grey) and `planned` (%). Twin of rules.lights.light."""
    planned = _Hundredths(_planned_points(F("judged_on"), outer=OuterRef("judged_on")))
    return judged(queryset, today=today).annotate(planned=planned, light=light_code(policy))


def judged(queryset: QuerySet[Task], *, today: date, then: Then = NOW) -> QuerySet[Task]:
    """What `light_code` and `light_reason` read, whatever the table of lights says."""
    plan = _planned_points(F("judged_on"), outer=OuterRef("judged_on"))
    return (
        queryset.alias(judged_on=Coalesce(then.submitted, then.paused, _day(today)))
        .alias(plan=plan, gap=plan * 100 - Coalesce(Scaled(then.percent, scale=10000), 0))
        .alias(days_left=Days("due_date", "judged_on"), review_left=Days("review_date", "judged_on"))
    )


def showing(codes: Iterable[int]) -> _Expression:
    """A filter for tasks with `light`: those that show one of these.

    PostgreSQL takes a computed column for one of two hundred values, and would rather sort all tasks than read on
    until a page is full; of a CASE it expects that it holds as often as not.
    """
    yes, no = Value(True), Value(False)  # noqa: FBT003
    return Case(When(light__in=list(codes), then=yes), default=no, output_field=BooleanField())


def _day(day: date) -> _Expression:
    return Value(day, output_field=DateField())


def _planned_points(today: _Expression, *, outer: _Expression) -> _Expression:
    """The planned percent in hundredths; twin of rules.lights.planned_percent."""
    path = Milestone.objects.filter(task=OuterRef("pk"), percent__isnull=False)
    passed = path.filter(due_date__lt=outer).order_by("-due_date", "-pk")
    last = Subquery(passed.values(points=Scaled("percent", scale=100))[:1], output_field=IntegerField())
    length = Days("due_date", "start_date") + Value(1)
    return Case(
        When(Q(has_path=True) & Exists(path), then=Coalesce(last, 0)),  # most tasks have none: nothing is looked up
        When(Q(start_date__isnull=True) | Q(due_date__isnull=True), then=Value(None)),
        When(start_date__gte=today, then=Value(0)),
        When(due_date__lt=today, then=Value(10000)),
        default=_Quotient(Value(10000) * Days(today, F("start_date")), length),
        output_field=IntegerField(),
    )


def light_code(policy: Thresholds) -> _Expression:
    """The colour of a judged task as a number: grey at rest, then the colours from the worst to that of no trouble."""
    palette, conditions = palette_of(policy.palette, policy.light_lines), _conditions(policy, NOW)
    whens = [When(~Q(state__in=_values(ACTIVE)), then=Value(CODES[Colour.GREY]))]
    for colour in WORST_FIRST:
        if colour == palette[Condition.FINE]:
            break
        holding = [holds for condition, holds in conditions.items() if palette[condition] == colour]
        if holding:
            either = holding[0]
            for holds in holding[1:]:
                either |= holds
            whens.append(When(either, then=Value(CODES[colour])))
    return Case(*whens, default=Value(CODES[palette[Condition.FINE]]), output_field=SmallIntegerField())


def light_reason(policy: Thresholds, *, then: Then) -> _Expression:
    """The condition that gives a judged task under way its colour; twin of rules.lights._choose."""
    palette, conditions = palette_of(policy.palette, policy.light_lines), _conditions(policy, then)
    chosen = []
    for colour in WORST_FIRST:
        chosen += [c for c in LINES if palette[c] == colour and c in conditions]
        if colour == palette[Condition.FINE]:
            break
    reasons = [When(conditions[c], then=Value(c.value)) for c in chosen]
    return Case(*reasons, default=Value(Condition.FINE.value), output_field=CharField())


def _conditions(policy: Thresholds, then: Then) -> dict[Condition, Q]:
    """The conditions of the table as filters, cheap ones first within a colour.

    No plan is above 100, so who reported enough is not behind, whatever the plan says: then it is not looked up.
    """
    working = Q(**{f"{then.submitted}__isnull": True})
    reported = Q(**{f"{then.percent}__isnull": False})
    yellow, red = policy.behind_yellow * 10000, policy.behind_red * 10000
    return {
        Condition.OVERDUE: Q(due_date__lt=F("judged_on")),
        Condition.NEAR: Q(days_left__lte=policy.near_due_days),
        Condition.REVIEW: Q(due_date__isnull=True, review_left__lte=policy.near_due_days),
        Condition.DOUBT: _doubt(policy),
        Condition.FAR_BEHIND: working
        & Q(**{f"{then.percent}__lt": 100 - policy.behind_red})
        & Q(gap__gt=max(red, yellow - 1)),
        Condition.BEHIND: working & Q(**{f"{then.percent}__lte": 100 - policy.behind_yellow}) & Q(gap__gte=yellow),
        Condition.MISSING: working & ~reported & Q(gap__gte=yellow),
        Condition.PARTIAL: working
        & reported
        & Q(standing__expected__gt=1)
        & Q(LessThan(F("standing__reported") * 100, F("standing__expected") * policy.coverage_percent))
        & Q(plan__gte=policy.behind_yellow * 100),
    }


def _doubt(policy: Thresholds) -> Q:
    """Twin of rules.lights.find_doubts."""
    found = Q(state__in=_values(DOUBTED))
    counted = {
        "returned": policy.returns_in_doubt,
        "mismatched": policy.mismatches_in_doubt,
        "hollow": policy.hollow_in_doubt,
    }
    for name, least in counted.items():
        if least:
            found |= Q(**{f"standing__{name}__gte": least})
    return found


def _values(states: Iterable[str]) -> list[str]:
    return [str(state) for state in states]


def explain_light(task: Task, *, today: date, policy: Thresholds) -> ShownLight:
    """The light of one task with its reason in one sentence."""
    return list_lights([task], today=today, policy=policy)[task.pk]


def list_lights(tasks: Iterable[Task], *, today: date, policy: Thresholds) -> dict[int, ShownLight]:
    """The lights of the tasks of one page, by task id; two queries."""
    facts = list_facts(tasks)
    return {pk: show(light(found, today=today, policy=policy)) for pk, found in facts.items()}


def list_facts(tasks: Iterable[Task]) -> dict[int, LightFacts]:
    """What the lights of tasks depend on, by task id; two queries."""
    rows = list(tasks)
    ids = [task.pk for task in rows]
    standings = Standing.objects.in_bulk(ids)
    paths = _list_paths(ids)
    return {task.pk: _facts(task, standings.get(task.pk), paths[task.pk]) for task in rows}


@dataclass(frozen=True, slots=True)
class Outlook:
    """How one task stands: its light, what the plan says, and what was reached."""

    light: ShownLight
    planned: Decimal | None
    standing: Standing


def get_outlook(task: Task, *, today: date, policy: Thresholds) -> Outlook:
    """What the pages about one task show of it; two queries."""
    standing = get_standing(task)
    facts = _facts(task, standing, _list_paths([task.pk])[task.pk])
    found = light(facts, today=today, policy=policy)
    return Outlook(show(found), found.planned, standing)


def get_standing(task: Task) -> Standing:
    """How the task stands; an unsaved, empty standing where nothing is kept yet."""
    return Standing.objects.filter(task=task).first() or Standing(task=task)


def _list_paths(task_ids: list[int]) -> defaultdict[int, tuple[Checkpoint, ...]]:
    found: defaultdict[int, tuple[Checkpoint, ...]] = defaultdict(tuple)
    rows = Milestone.objects.filter(task__in=task_ids, percent__isnull=False).order_by("due_date", "pk")
    for task_id, due_date, percent in rows.values_list("task_id", "due_date", "percent"):
        found[task_id] += (Checkpoint(due_date, percent or Decimal(0)),)
    return found


def _facts(task: Task, standing: Standing | None, path: tuple[Checkpoint, ...]) -> LightFacts:
    return LightFacts(
        state=task.state,
        start_date=task.start_date,
        due_date=task.due_date,
        review_date=task.review_date,
        path=path,
        percent=standing.percent if standing else None,
        returned=standing.returned if standing else 0,
        mismatched=standing.mismatched if standing else 0,
        hollow=standing.hollow if standing else 0,
        submitted_date=standing.submitted_date if standing else None,
        paused_date=standing.paused_date if standing else None,
        reported=standing.reported if standing else 0,
        expected=standing.expected if standing else 1,
    )


def show(found: Light) -> ShownLight:
    """A light with its word and its reason in the reader's language."""
    words = DOUBT_WORDS[found.doubt] if found.reason == Condition.DOUBT and found.doubt else LIGHT_WORDS[found.reason]
    return ShownLight(colour=found.colour.value, word=str(words), why=_why(found), light=found)


def _why(found: Light) -> str:
    """One sentence that says why the light is as it is."""
    if found.reason in (Condition.OVERDUE, Condition.NEAR, Condition.REVIEW):
        return _why_time(found.reason, days=found.days or 0)
    if found.reason in (Condition.FAR_BEHIND, Condition.BEHIND):
        gap = (found.planned or Decimal(0)) - (found.percent or Decimal(0))
        return _("Reported %(percent)s where the plan says %(planned)s: %(gap)s points behind.") % {
            "percent": shown(found.percent),
            "planned": shown(found.planned),
            "gap": shown(gap).rstrip("%"),
        }
    if found.reason == Condition.MISSING:
        return _("Nothing is reported yet where the plan says %(planned)s.") % {"planned": shown(found.planned)}
    if found.reason == Condition.PARTIAL:
        return _("Only %(n)s of %(m)s have reported where the plan says %(planned)s.") % {
            "n": found.reported,
            "m": found.expected,
            "planned": shown(found.planned),
        }
    if found.reason == Condition.FINE:
        return _why_fine(found)
    if found.reason == Condition.DOUBT:
        return _why_doubt(found)
    return str(_PLAIN[found.reason])


_PLAIN = {
    Condition.DONE: gettext_lazy("The work is completed."),
    Condition.IDLE: gettext_lazy("Not dispatched yet: its clock has not started."),
    Condition.SUSPENDED: gettext_lazy("Suspended: its clock stands still."),
    Condition.ENDED: gettext_lazy("Withdrawn, merged or transferred: nothing is due here."),
}


def _why_time(reason: Condition, *, days: int) -> str:
    if reason == Condition.OVERDUE:
        return ngettext("%(days)s day past its due date.", "%(days)s days past its due date.", -days) % {"days": -days}
    if reason == Condition.REVIEW:
        if days < 0:
            return _("No fixed end; its review date has passed.")
        return ngettext(
            "No fixed end; its review is in %(days)s day.", "No fixed end; its review is in %(days)s days.", days
        ) % {"days": days}
    if days == 0:
        return _("Due today.")
    return ngettext("Due in %(days)s day.", "Due in %(days)s days.", days) % {"days": days}


def _why_doubt(found: Light) -> str:
    n = found.doubted
    if found.doubt == Doubt.OFTEN_RETURNED:
        return ngettext("Checks sent it back %(n)s time.", "Checks sent it back %(n)s times.", n) % {"n": n}
    if found.doubt == Doubt.MISMATCHED:
        return ngettext(
            "%(n)s check found otherwise than reported.", "%(n)s checks found otherwise than reported.", n
        ) % {"n": n}
    if found.doubt == Doubt.HOLLOW:
        return ngettext(
            "The last report says nothing that can be checked: no number, date or place.",
            "The last %(n)s reports say nothing that can be checked: no number, date or place.",
            n,
        ) % {"n": n}
    return _("A check sent it back: to be put right and submitted again.")


def _why_fine(found: Light) -> str:
    if found.planned is None:
        return _("Nothing is due now; no path by date is planned.")
    if found.percent is None:
        return _("Nothing is reported yet; the plan says %(planned)s.") % {"planned": shown(found.planned)}
    return _("Reported %(percent)s, the plan says %(planned)s.") % {
        "percent": shown(found.percent),
        "planned": shown(found.planned),
    }
