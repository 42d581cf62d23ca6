"""The whole filtered ledger as lines, parents above their children, read in constant memory."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any, NamedTuple

from django.db.models import QuerySet

from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.ledger.models import Column
from luoshi.ledger.queries.columns import values_for
from luoshi.ledger.queries.rows import ROLES
from luoshi.ledger.rules import levels
from luoshi.ledger.rules.columns import Value
from luoshi.ledger.rules.filters import Shown
from luoshi.orgs.models import Unit
from luoshi.progress.queries import with_light
from luoshi.progress.queries.forecast import list_forecasts
from luoshi.progress.queries.months import list_strips
from luoshi.progress.rules.forecast import Forecast
from luoshi.progress.rules.months import MonthMark
from luoshi.tasks.models import Duty, Task

CHUNK = 2000
NOTHING = Value()
_NOBODY: dict[str, str] = {}


class Line(NamedTuple):
    """One task of the export as facts; codes are not translated here."""

    level: int
    code: str
    parent_code: str
    title: str
    requirement: str
    standard: str
    tier: int
    state: str
    light: int
    lead: str
    co: str
    due_date: date | None
    original_due_date: date | None
    percent: Decimal | None
    reported: int | None
    expected: int | None
    last_word: str
    own: tuple[Value, ...] = ()
    ahead: Forecast | None = None
    months: tuple[MonthMark, ...] = ()


COLUMNS = (
    "path", "pk", "code", "parent__code", "title", "requirement", "standard", "tier", "state", "light",
    "due_date", "original_due_date", "standing__percent", "standing__reported", "standing__expected",
    "standing__last_word",
)  # fmt: skip


def iterate_lines(
    tasks: QuerySet[Task], *, today: date, policy: Policy, columns: Sequence[Column] = (), shown: Collection[str] = ()
) -> Iterator[Line]:
    """Every task of the set in the order of the tree, with its cells in own columns, forecast and months if `shown`.

    One query, and two for each CHUNK of lines; with own columns, forecasts or months one more for each.
    """
    lit = with_light(tasks.order_by(), today=today, policy=policy).order_by("path")
    found = lit.values_list(*COLUMNS).iterator(chunk_size=CHUNK)
    units: dict[int, str] = {}
    above: list[str] = []
    while rows := list(islice(found, CHUNK)):
        ids = [row[1] for row in rows]
        names, cells = _list_names(ids, units), values_for(ids, columns)
        ahead = list_forecasts(ids, today=today, policy=policy) if Shown.FORECAST in shown else {}
        months = list_strips(ids, today=today, policy=policy) if Shown.MONTHS in shown else {}
        depths = levels(chain(above, (row[0] or "" for row in rows)))
        for _seen in above:
            next(depths)
        for row, level in zip(rows, depths, strict=True):
            held = cells.get(row[1], {}) if columns else {}
            own = tuple(held.get(column.pk, NOTHING) for column in columns)
            line = _line(row, level, names.get(row[1], _NOBODY), own)
            yield line._replace(ahead=ahead.get(row[1]), months=months.get(row[1], ())) if shown else line
        above = _open_ancestors(above, [row[0] or "" for row in rows])


def _open_ancestors(above: list[str], paths: list[str]) -> list[str]:
    """The listed ancestors that lines of the next chunk may stand under."""
    last = paths[-1]
    return [path for path in dict.fromkeys([*above, *paths]) if last.startswith(path)]


def _list_names(ids: list[int], units: dict[int, str]) -> dict[int, dict[str, str]]:
    """Who does each of these tasks, by role, as one text; `units` keeps the names of units that were met."""
    found: dict[int, dict[str, str]] = {}
    duties = _list_duty_columns(ids)
    new = list({unit for _task, _role, unit, *_names in duties if unit} - units.keys())
    for start in range(0, len(new), CHUNK):
        units |= {pk: short or name for pk, short, name in _list_unit_names(new[start : start + CHUNK])}
    for task, role, unit, written, selector in duties:
        name = units[unit] if unit else written or selector
        held = found.setdefault(task, {})
        held[role] = f"{held[role]}、{name}" if role in held else name
    return found


@prepared
def _list_unit_names(ids: list[int]) -> QuerySet[Unit, Any]:
    return Unit.objects.filter(pk__in=ids).order_by().values_list("pk", "short_name", "name")


@prepared
def _list_duty_columns(tasks: list[int]) -> QuerySet[Duty, Any]:
    duties = Duty.objects.filter(task__in=tasks, role__in=ROLES).order_by("task_id", "pk")
    return duties.values_list("task_id", "role", "unit_id", "written_name", "selector")


def _line(row: tuple, level: int, names: dict[str, str], own: tuple[Value, ...]) -> Line:  # type: ignore[type-arg]
    (_path, _pk, code, parent, title, requirement, standard, tier, state, light,
     due, original, percent, reported, expected, word) = row  # fmt: skip
    return Line(
        level, code, parent or "", title, requirement, standard, tier, state, light,
        names.get("lead") or names.get("joint", ""), names.get("co", ""),
        due, original, percent, reported, expected, word or "", own,
    )  # fmt: skip
