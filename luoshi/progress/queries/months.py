"""Reading the lights of months as they ended: the strip of one task, and counts for a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from luoshi.core.pagination import Page, paginate
from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.core.shell import day as shown_day
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, path_range
from luoshi.progress.models.following import MonthLight
from luoshi.progress.queries.lights import COLOUR_WORDS, LIGHT_WORDS
from luoshi.progress.rules.months import STRIP, MonthMark, list_strip_months, make_strip, shown_colour
from luoshi.progress.rules.palettes import CODES, Colour
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.queries import list_visible

_REASONS = {condition.value: words for condition, words in LIGHT_WORDS.items()}
KINDS = ("red", "caught_up", "yellow", "blue", "green")


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """One month of the strip in the reader's language: a shape, a word, and why."""

    month: date
    colour: str
    word: str
    why: str


def get_strip(task_id: int, *, today: date, policy: Policy) -> list[ShownMonth]:
    """The last twelve months of a task as they ended, oldest first; empty where none was frozen. One query."""
    rows = _list_months(task_id)
    return [show_month(mark) for mark in make_strip(rows, today=today, caught_up=policy.caught_up)] if rows else []


def list_strips(ids: Sequence[int], *, today: date, policy: Policy) -> dict[int, tuple[MonthMark, ...]]:
    """The last twelve months of those of these tasks that have any, oldest first; one query."""
    frozen = MonthLight.objects.filter(task__in=list(ids), month__gte=list_strip_months(today)[0]).order_by()
    rows: dict[int, list[tuple[date, int, str, date | None]]] = defaultdict(list)
    for task, month, code, reason, on in frozen.values_list("task_id", "month", "light", "reason", "caught_up_date"):
        rows[task].append((month, code, reason, on))
    return {task: make_strip(held, today=today, caught_up=policy.caught_up) for task, held in rows.items()}


def list_year_lights(ids: Sequence[int], *, year: int, policy: Policy) -> dict[int, dict[int, ShownMonth]]:
    """The months of a year that ended for these tasks, by their number; one query."""
    found: dict[int, dict[int, ShownMonth]] = defaultdict(dict)
    for row in MonthLight.objects.filter(task__in=list(ids), month__year=year).order_by():
        found[row.task_id][row.month.month] = show_month(_mark(row, policy))
    return found


@prepared
def _list_months(task: int) -> QuerySet[MonthLight, Any]:
    months = MonthLight.objects.filter(task=task).order_by("-month")
    return months.values_list("month", "light", "reason", "caught_up_date")[:STRIP]


def show_month(mark: MonthMark) -> ShownMonth:
    """A month in words; one that was caught up says so and when."""
    if mark.colour is None:
        return ShownMonth(mark.month, "", "—", _("not under way"))
    why = str(_REASONS.get(mark.reason, ""))
    if mark.caught_up_date is None:
        return ShownMonth(mark.month, mark.colour.value, str(COLOUR_WORDS[mark.colour.value]), why)
    words = _("was red (%(why)s), caught up on %(date)s") % {"why": why, "date": shown_day(mark.caught_up_date)}
    return ShownMonth(mark.month, mark.colour.value, _("caught up"), words)


@dataclass(slots=True)
class MonthCount:
    """How many tasks ended a month in each colour; red ones that were caught up stand apart."""

    month: date
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


def count_months(access: Access, *, today: date, unit: Unit | None = None) -> list[MonthCount]:
    """The last twelve months, newest first, of the work that the person sees (and a unit leads); one query."""
    is_caught_up = Case(
        When(caught_up_date__isnull=False, then=Value(True)),  # noqa: FBT003
        default=Value(False),  # noqa: FBT003
        output_field=BooleanField(),
    )
    rows = (
        _months_of(access, unit).filter(month__gte=list_strip_months(today)[0]).order_by().annotate(caught=is_caught_up)
    )
    found: dict[date, MonthCount] = {}
    for month, code, caught, number in rows.values_list("month", "light", "caught").annotate(n=Count("pk")):
        kind = "caught_up" if caught else _colours()[code]
        found.setdefault(month, MonthCount(month)).numbers[kind] += number
    return sorted(found.values(), key=lambda count: count.month, reverse=True)


def page_month(
    access: Access, *, month: date, kind: str, unit: Unit | None, number: object, policy: Policy
) -> Page[tuple[Task, ShownMonth]]:
    """The tasks behind one number."""
    red = Q(light=CODES[Colour.RED])
    wanted = {"red": red & Q(caught_up_date=None), "caught_up": Q(caught_up_date__isnull=False)}
    codes = {colour.value: code for colour, code in CODES.items()}
    rows = _months_of(access, unit).filter(wanted.get(kind) or Q(light=codes[kind]), month=month)
    page = paginate(rows.select_related("task__owner").order_by("task__due_date", "task_id"), number=number)
    shown = [(row.task, show_month(_mark(row, policy))) for row in page.rows]
    return Page(shown, page.number, page.size, page.total)


def _mark(row: MonthLight, policy: Policy) -> MonthMark:
    colour = shown_colour(row.light, caught_up_date=row.caught_up_date, caught_up=policy.caught_up)
    return MonthMark(row.month, colour, Colour(_colours()[row.light]), row.reason, row.caught_up_date)


def _months_of(access: Access, unit: Unit | None) -> QuerySet[MonthLight]:
    """The frozen months of what the person sees; of a unit those of the work that it or a unit below leads."""
    months = MonthLight.objects.all()
    if unit is not None:
        led = Duty.objects.filter(unit__path__range=path_range(unit.path or ""), role__in=LEADING_ROLES)
        months = months.filter(task__in=led.order_by().values("task"))
    return months if access.admin else months.filter(task__in=list_visible(access, whole=True).values("pk"))


def _colours() -> dict[int, str]:
    return {code: colour.value for colour, code in CODES.items()}
