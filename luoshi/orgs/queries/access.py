"""The access a person has on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from luoshi.core.prepared import prepared
from luoshi.orgs.models import Person, Post, Succession, Unit
from luoshi.orgs.rules import TENANT_LEVELS, Access, Seat, ancestor_paths


@dataclass(frozen=True, slots=True)
class _Chair:
    """A role in a unit before its government is known."""

    role: str
    unit_id: int
    path: str


def get_access(person: Person, *, today: date) -> Access:
    """The posts a person holds on a day, as the rules need them; two queries.

    A post in a unit that took over another, now closed, sits in that one too: its open work passes to the successor.
    """
    chairs: dict[_Chair, None] = {}
    inherited: dict[_Chair, None] = {}
    for role, unit_id, path, old_id, old_path, old_end in _list_held(person.pk, day=today):
        chairs[_Chair(role, unit_id, path or "")] = None
        if old_id is not None and old_end is not None and old_end < today:
            inherited[_Chair(role, old_id, old_path or "")] = None
    chairs |= _with_predecessors(inherited, today=today)
    return Access(person_id=person.pk, seats=_seats(chairs), admin=person.is_superuser)


@prepared
def _list_held(person: int, *, day: date) -> QuerySet[Post, Any]:
    """The posts held on a day, each with the unit that its own took over."""
    return (
        Post.objects.filter(person=person)
        .held_on(day)
        .values_list(
            "role", "unit_id", "unit__path", "unit__origins__predecessor_id",
            "unit__origins__predecessor__path", "unit__origins__predecessor__valid_to",
        )
    )  # fmt: skip


@prepared
def _list_levels(paths: list[str]) -> QuerySet[Unit, Any]:
    return Unit.objects.filter(path__in=paths).order_by().values_list("path", "level")


def _with_predecessors(chairs: dict[_Chair, None], *, today: date) -> dict[_Chair, None]:
    """The inherited chairs and, further back, those that these units had inherited; no query where there are none."""
    found = dict(chairs)
    while chairs:
        links = Succession.objects.filter(
            successor__in={c.unit_id for c in chairs}, predecessor__valid_to__lt=today
        ).values_list("successor_id", "predecessor_id", "predecessor__path")
        older = {_Chair(c.role, old, path or "") for new, old, path in links for c in chairs if c.unit_id == new}
        chairs = dict.fromkeys(older - set(found))
        found |= chairs
    return found


def _seats(chairs: Iterable[_Chair]) -> tuple[Seat, ...]:
    chairs = list(chairs)
    levels: dict[str | None, str] = {}
    if chairs:
        paths = {path for chair in chairs for path in ancestor_paths(chair.path)}
        levels = dict(_list_levels(list(paths)))
    return tuple(
        Seat(role=c.role, unit_id=c.unit_id, path=c.path, home=_home(c.path, levels=levels)) for c in chairs if c.path
    )


def _home(path: str, *, levels: dict[str | None, str]) -> str:
    """The nearest government or company at or above a unit; the root where there is none."""
    chain = ancestor_paths(path)
    return next((p for p in reversed(chain) if levels.get(p) in TENANT_LEVELS), chain[0])
