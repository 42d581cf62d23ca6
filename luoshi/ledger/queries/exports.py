"""The whole filtered ledger as lines, parents above their children, read in constant memory."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import NamedTuple

from django.db.models import QuerySet

from luoshi.core.policy import Policy
from luoshi.ledger.queries.rows import list_duty_names
from luoshi.ledger.rules import levels
from luoshi.progress.queries import with_light
from luoshi.tasks.models import Task

CHUNK = 2000


class Line(NamedTuple):
    """One task of the export as facts; codes are not translated here."""

    level: int
    code: str
    parent_code: str
    title: str
    requirement: str
    standard: str
    tier: int
    kind: str
    state: str
    light: int
    owner: str
    lead: str
    co: str
    start_date: date | None
    due_date: date | None
    original_due_date: date | None
    percent: Decimal | None
    reported: int | None
    expected: int | None
    last_word: str
    last_at: datetime | None


COLUMNS = (
    "path", "pk", "code", "parent__code", "title", "requirement", "standard", "tier", "kind", "state", "light",
    "owner__short_name", "owner__name", "start_date", "due_date", "original_due_date",
    "standing__percent", "standing__reported", "standing__expected", "standing__last_word", "standing__last_at",
)  # fmt: skip


def iterate_lines(tasks: QuerySet[Task], *, today: date, policy: Policy) -> Iterator[Line]:
    """Every task of the set in the order of the tree; one query, and one for each CHUNK of lines."""
    lit = with_light(tasks.order_by(), today=today, policy=policy).order_by("path")
    found = lit.values_list(*COLUMNS).iterator(chunk_size=CHUNK)
    above: list[str] = []
    while rows := list(islice(found, CHUNK)):
        names = list_duty_names([row[1] for row in rows])
        depths = levels(chain(above, (row[0] or "" for row in rows)))
        for _seen in above:
            next(depths)
        for row, level in zip(rows, depths, strict=True):
            yield _line(row, level, names.get(row[1], {}))
        above = _open_ancestors(above, [row[0] or "" for row in rows])


def _open_ancestors(above: list[str], paths: list[str]) -> list[str]:
    """The listed ancestors that lines of the next chunk may stand under."""
    last = paths[-1]
    return [path for path in dict.fromkeys([*above, *paths]) if last.startswith(path)]


def _line(row: tuple, level: int, names: dict[str, list[str]]) -> Line:  # type: ignore[type-arg]
    (_path, _pk, code, parent, title, requirement, standard, tier, kind, state, light, short, name,
     start, due, original, percent, reported, expected, word, at) = row  # fmt: skip
    return Line(
        level, code, parent or "", title, requirement, standard, tier, kind, state, light, short or name,
        "、".join(names.get("lead") or names.get("joint") or ()), "、".join(names.get("co") or ()),
        start, due, original, percent, reported, expected, word or "", at,
    )  # fmt: skip
