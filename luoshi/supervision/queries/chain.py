"""Who is told of steps of chasing: handlers, heads, sponsors, offices and the superiors up the chain of command."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.queries.absences import list_away
from luoshi.orgs.rules import Role, ancestor_paths
from luoshi.supervision.rules.chain import Holder, Level, Reached, head_at
from luoshi.supervision.rules.chasing import Approver, Told

ROLES = (Role.HEAD.value, Role.HANDLER.value, Role.OFFICE.value)


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Somebody who is told, in which capacity, and in whose stead."""

    person_id: int
    name: str
    role: str
    unit: str
    instead_of: str = ""
    why: str = ""

    def as_json(self) -> dict[str, str | int]:
        """As a step keeps it."""
        given: dict[str, str | int] = {"person": self.person_id, "name": self.name, "as": self.role, "unit": self.unit}
        if self.instead_of:
            given |= {"instead_of": self.instead_of, "why": self.why}
        return given


class Chain:
    """The people of some units and of all above them on a day; five queries however many units there are."""

    def __init__(self, unit_ids: Iterable[int], *, people: Iterable[int | None] = (), today: date) -> None:
        units = dict(Unit.objects.filter(pk__in=set(unit_ids)).order_by().values_list("pk", "path"))
        self._paths = {pk: path or "" for pk, path in units.items()}
        wanted = {at for path in self._paths.values() for at in ancestor_paths(path)}
        rows = Unit.objects.filter(path__in=wanted).order_by().values_list("path", "short_name", "name")
        self._names = {path or "": short or name for path, short, name in rows}
        self._held = _list_held(wanted, today=today)
        named = {pk for pk in people if pk}
        names = Person.objects.filter(pk__in=named, is_active=True).order_by().values_list("pk", "name")
        ids = {h.person_id for held in self._held.values() for h in held} | named
        away = list_away(ids, since=today, until=today)
        self._away = frozenset(pk for pk in ids if away.get(pk))
        self._people = {pk: Holder(pk, name, is_away=pk in self._away) for pk, name in names}

    def tell(
        self, unit_id: int, *, tells: Iterable[str], levels_up: int, sponsor_id: int | None, office_id: int,
        handler_id: int | None = None,
    ) -> list[ToldPerson]:  # fmt: skip
        """Everybody who is told about work of this unit, each once, in the order of the ladder."""
        found: list[ToldPerson] = []
        for who in tells:
            if who == Told.HANDLER:
                found += self._handlers(unit_id, handler_id)
            elif who == Told.HEAD:
                found += self._heads(unit_id, 0)
            elif who == Told.SPONSOR:
                found += self._sponsor(sponsor_id)
            else:
                found += self.office(office_id)
        for level in range(1, levels_up + 1):
            found += self._heads(unit_id, level)
        return list({told.person_id: told for told in reversed(found)}.values())[::-1]

    def office(self, unit_id: int) -> list[ToldPerson]:
        """The supervision office of a government or company."""
        return self._in_post(unit_id, Role.OFFICE)

    def approvers(self, approver: str, *, unit_id: int, sponsor_id: int | None) -> list[ToldPerson]:
        """Those whose yes a step waits for: the head stands in for a leader who is not named."""
        if approver == Approver.OFFICE:
            return self.office(unit_id) or self._heads(unit_id, 0)
        return (self._sponsor(sponsor_id) if approver == Approver.LEADER else []) or self._heads(unit_id, 0)

    def _handlers(self, unit_id: int, handler_id: int | None) -> list[ToldPerson]:
        """The named handler, else all of the unit's, else its head."""
        named = self._people.get(handler_id or 0)
        if named and not named.is_away:
            return [ToldPerson(named.person_id, named.name, Told.HANDLER.value, self._name(unit_id))]
        return self._in_post(unit_id, Role.HANDLER) or self._heads(unit_id, 0)

    def _sponsor(self, person_id: int | None) -> list[ToldPerson]:
        found = self._people.get(person_id or 0)
        return [ToldPerson(found.person_id, found.name, Told.SPONSOR.value, "")] if found else []

    def _in_post(self, unit_id: int, role: Role) -> list[ToldPerson]:
        held = self._held.get((self._paths.get(unit_id, ""), role.value), [])
        present = [h for h in held if h.person_id not in self._away]
        return [ToldPerson(h.person_id, h.name, role.value, self._name(unit_id)) for h in present]

    def _heads(self, unit_id: int, level: int) -> list[ToldPerson]:
        reached: Reached | None = head_at(self._levels(unit_id), level)
        if reached is None:
            return []
        role = Told.HEAD.value if level == 0 else f"up{level}"
        return [
            ToldPerson(h.person_id, h.name, role, reached.unit, reached.instead_of, reached.why)
            for h in reached.holders
        ]

    def _levels(self, unit_id: int) -> list[Level]:
        chain = reversed(ancestor_paths(self._paths.get(unit_id, "")))
        return [Level(self._names.get(at, ""), tuple(self._holders(at))) for at in chain]

    def _holders(self, path: str) -> list[Holder]:
        held = self._held.get((path, Role.HEAD.value), [])
        return [Holder(h.person_id, h.name, is_away=h.person_id in self._away) for h in held]

    def _name(self, unit_id: int) -> str:
        return self._names.get(self._paths.get(unit_id, ""), "")


def _list_held(paths: Iterable[str], *, today: date) -> dict[tuple[str, str], list[Holder]]:
    found: dict[tuple[str, str], list[Holder]] = defaultdict(list)
    posts = Post.objects.filter(unit__path__in=list(paths), role__in=ROLES, person__is_active=True).held_on(today)
    for path, role, pk, name in posts.order_by("pk").values_list("unit__path", "role", "person_id", "person__name"):
        found[path or "", role].append(Holder(pk, name))
    return found
