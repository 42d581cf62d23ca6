"""Which ladder holds for a task: that of the nearest government or company at or above the unit that asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from luoshi.core.prepared import prepared
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import TENANT_LEVELS, Access, Role, ancestor_paths
from luoshi.supervision.models import Ladder, Rung
from luoshi.supervision.rules.chasing import LadderFacts, RungFacts
from luoshi.tasks.queries.visible import within

LISTED = 100
KEEPERS = (Role.HEAD, Role.OFFICE)


@dataclass(frozen=True, slots=True)
class HeldLadder:
    """A ladder in use with its steps, and whose it is."""

    id: int
    unit_id: int
    unit_path: str
    matter: str
    facts: LadderFacts

    def rung(self, number: int) -> RungFacts | None:
        """The step of that number."""
        return next((rung for rung in self.facts.rungs if rung.number == number), None)


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladders in use by the path of their unit and the kind of matter ("" for all kinds)."""

    rows: dict[tuple[str, str], HeldLadder]

    def of(self, path: str, matter: str) -> HeldLadder | None:
        """The ladder for what a unit at the path asks: the nearest unit's, that for the matter before that for all."""
        for at in reversed(ancestor_paths(path)):
            found = self.rows.get((at, matter)) or self.rows.get((at, ""))
            if found:
                return found
        return None

    def all(self) -> list[HeldLadder]:
        """Every ladder in use."""
        return list(self.rows.values())


def get_ladders(paths: Sequence[str] | None = None) -> Ladders:
    """The ladders in use that may hold at these paths (None: everywhere); two queries."""
    found = Ladder.objects.filter(is_active=True, unit__path__isnull=False).select_related("unit").order_by("pk")
    if paths is not None:
        found = found.filter(unit__path__in=sorted({at for path in paths for at in ancestor_paths(path)}))
    return Ladders({(row.unit_path, row.matter): row for row in hold_ladders(list(found))})


def hold_ladders(ladders: Sequence[Ladder]) -> list[HeldLadder]:
    """These ladders with their steps; one query."""
    rungs: dict[int, list[RungFacts]] = defaultdict(list)
    for rung in _list_rungs([ladder.pk for ladder in ladders]):
        rungs[rung.ladder_id].append(facts_of(rung))
    return [
        HeldLadder(
            ladder.pk, ladder.unit_id, ladder.unit.path or "", ladder.matter,
            LadderFacts(tuple(rungs[ladder.pk]), quiet_days=ladder.quiet_days, recurs_days=ladder.recurs_days),
        )
        for ladder in ladders
    ]  # fmt: skip


@prepared
def _list_rungs(ladders: list[int]) -> QuerySet[Rung]:
    return Rung.objects.filter(ladder__in=ladders).order_by("number")


def facts_of(rung: Rung) -> RungFacts:
    """A step as the rules read it."""
    return RungFacts(
        rung.number, rung.instrument, rung.trigger, rung.days, rung.grace_days, rung.in_workdays, tuple(rung.tells),
        rung.levels_up, rung.approver, rung.starts_urgency,
    )  # fmt: skip


def list_ladder_units(access: Access) -> list[Unit]:
    """The governments and companies whose ladders this person sets: those of which they are head or office."""
    held = {seat.unit_id for seat in access.seats if seat.role in KEEPERS and seat.path == seat.home}
    return list(Unit.objects.filter(pk__in=held, valid_to__isnull=True).order_by("path")) if held else []


def list_ladders_seen(access: Access) -> list[Ladder]:
    """The ladders of the reader's governments, of those above that hold where these have none, and of those below."""
    found = Ladder.objects.select_related("unit").order_by("unit__path", "matter", "pk")
    if access.admin:
        return list(found[:LISTED])
    above = sorted({at for home in access.homes for at in ancestor_paths(home)})
    return list(found.filter(Q(unit__path__in=above) | within(access.homes, "unit__path"))[:LISTED])


def list_bare_roots() -> list[Unit]:
    """Governments and companies with nothing above them that never had a ladder."""
    tops = Unit.objects.filter(
        parent__isnull=True, level__in=[level.value for level in TENANT_LEVELS], path__isnull=False
    )
    return list(tops.filter(ladders__isnull=True).order_by("path"))
