"""The table of lights that holds, from a short memory of this process, and what another one would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy

from luoshi.core.policy import Policy
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.progress.models.following import LightTable
from luoshi.progress.queries.lights import judged, light_code
from luoshi.progress.rules.palettes import CODES, PALETTES, PRESETS, TableFault
from luoshi.tasks.models import PHASE_OPEN, Task
from luoshi.tasks.rules.states import ACTIVE

LIFE = 20.0  # seconds for which a process believes what it read
THRESHOLDS = (
    "near_due_days", "behind_yellow", "behind_red", "coverage_percent", "returns_in_doubt", "mismatches_in_doubt",
    "mismatch_healing", "hollow_in_doubt", "forecast_days",
)  # fmt: skip
SAMPLE = 100
FAULT_SENTENCES = {
    TableFault.TOO_GOOD: gettext_lazy("No trouble may show a better colour than the last line, which is no trouble."),
    TableFault.FINE_IS_RED: gettext_lazy("Work without any trouble can only be green or blue."),
    TableFault.MILDER: gettext_lazy("Far behind cannot show a milder colour than behind."),
    TableFault.RED_BEFORE_YELLOW: gettext_lazy("Far behind begins at no fewer points than behind."),
}
PALETTE_NAMES = {
    "traffic": gettext_lazy("traffic lights"),
    "sheets": gettext_lazy("three sheets"),
    "blue_fine": gettext_lazy("blue is good"),
    "pace": gettext_lazy("pace alone"),
    **{name: preset.place for name, preset in PRESETS.items() if preset.place},
}
PALETTE_NOTES = {
    "traffic": gettext_lazy("Red overdue or far behind, yellow behind, in doubt or near its date, green on track."),
    "sheets": gettext_lazy("Blue is a reminder that the date is near, yellow behind or in doubt, red overdue."),
    "blue_fine": gettext_lazy("Blue is good: on track. Red and yellow as with traffic lights."),
    "pace": gettext_lazy("By pace alone: a date that is near says nothing."),
    "yichang": gettext_lazy("Yellow near its limit, red as soon as it is behind."),
    "sanming": gettext_lazy("The blue sheet reminds, the orange one (yellow here) warns, the red one is the last."),
    "suqian": gettext_lazy("Blue near its limit, yellow behind schedule or poor, red overdue."),
    "guangyuan": gettext_lazy("Blue is fine, yellow slow but still to be reached, red hard to finish."),
    "yinchuan": gettext_lazy("Yellow 10 to 30 points below the path, red beyond 30."),
    "zaozhuang": gettext_lazy("The blue card encourages, the yellow one reminds, the red one warns."),
    "sanyuan": gettext_lazy("Green smooth, yellow slow, red overdue or never begun."),
    "dongtou": gettext_lazy("A list of projects in three colours by pace alone."),
    "wuding": gettext_lazy("Indicators under watch are yellow; red ones are answered for in public."),
    "kaiyuan": gettext_lazy("Blue is an early warning, yellow a card, red the last."),
}


class _Memory:
    """What this process read last; `until` is 0 when it has to be read again."""

    values: Mapping[str, Any] = {}
    until: float = 0.0


def settled_lights() -> Mapping[str, Any]:
    """What the newest table sets of the policy; the database is asked at most every LIFE seconds."""
    if _Memory.until <= monotonic():
        _Memory.values = _read(get_newest())
        _Memory.until = monotonic() + LIFE
    return _Memory.values


def forget_table() -> None:
    """Read the table again when it is needed next."""
    _Memory.until = 0.0


def believe(values: Mapping[str, Any], *, seconds: float) -> None:
    """Take these values for the table's without asking."""
    _Memory.values, _Memory.until = values, monotonic() + seconds


def get_newest() -> LightTable | None:
    """The table that holds, or None where the installation's preset does."""
    return LightTable.objects.order_by("-made_at", "-pk").first()


def _read(table: LightTable | None) -> Mapping[str, Any]:
    """A table as fields of the policy; a palette that this version does not know leaves the preset's."""
    if table is None or table.palette not in PALETTES:
        return {}
    numbers = {name: int(table.thresholds[name]) for name in THRESHOLDS if name in table.thresholds}
    caught_up = table.thresholds.get("caught_up", "yellow")
    lines = tuple(sorted((str(line), str(colour)) for line, colour in table.lines.items()))
    return {"palette": table.palette, "light_lines": lines, "caught_up": caught_up, **numbers}


def may_set_table(access: Access) -> bool:
    """Administrators, and the office and head of the topmost unit where there is one; one query for others."""
    if access.admin:
        return True
    tops = {s.path for s in access.seats if s.role in (Role.OFFICE, Role.HEAD) and s.path == s.home}
    if not tops:
        return False
    roots = list(Unit.objects.filter(parent=None).order_by().values_list("path", flat=True)[:2])
    return len(roots) == 1 and roots[0] in tops


def list_tables() -> QuerySet[LightTable]:
    """Every table that held, newest first."""
    return LightTable.objects.select_related("made_by").order_by("-made_at", "-pk")


@dataclass(frozen=True, slots=True)
class Turned:
    """How many tasks would turn from one colour to another."""

    before: int
    after: int
    number: int


def compare_tables(*, before: Policy, after: Policy, today: date) -> list[Turned]:
    """All open work by the colour it shows and would show; one scan."""
    rows = _both(before, after, today=today).values_list("light", "turned").annotate(n=Count("pk"))
    return [Turned(*row) for row in sorted(rows)]


def list_turned(
    *, before: Policy, after: Policy, today: date, change: tuple[int, int], access: Access
) -> Sequence[Task]:
    """The first tasks that would turn from one colour to another, as far as the person sees them."""
    was, becomes = change
    found = _both(before, after, today=today).filter(light=was, turned=becomes)
    if not access.admin:
        found = found.filter(pk__in=Task.objects.visible_to(access).order_by().values("pk"))
    return list(found.select_related("owner").order_by("due_date", "pk")[:SAMPLE])


def _both(before: Policy, after: Policy, *, today: date) -> QuerySet[Any, Any]:
    states = [s.value for s in ACTIVE]
    tasks: QuerySet[Any, Any] = judged(Task.objects.filter(phase=PHASE_OPEN, state__in=states).order_by(), today=today)
    both: QuerySet[Any, Any] = tasks.annotate(light=light_code(before), turned=light_code(after))
    return both


def colours() -> dict[int, str]:
    """The colours by their codes in the database."""
    return {code: colour.value for colour, code in CODES.items()}
