"""What waits for a person because of inspections, for the needle; one query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from luoshi.inspections.models import Conclusion, Inspection, Objection
from luoshi.inspections.queries.gate import REVIEWERS
from luoshi.inspections.rules.kinds import Stage
from luoshi.orgs.rules import Access, Role

MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what ("approve", "receive", "review"), where, until when, who waits."""

    what: str
    id: int
    title: str
    code: str
    day: date | None
    level: str


def list_waiting(access: Access) -> list[Waiting]:
    """Plans to approve for heads, conclusions to receive for objects, objections to review for others than authors."""
    answering = {s.unit_id for s in access.seats if s.role in (Role.HEAD, Role.OFFICE, Role.HANDLER)}
    parts = [
        _plans(access),
        _conclusions(answering),
        _objections(access),
    ]
    rows = parts[0].union(*parts[1:], all=True)
    return [Waiting(*row) for row in rows[:MOST]]


def _columns(
    what: str, rows: QuerySet[Any], *, title: str, code: str, day: Any, level: str, key: str = "pk"
) -> QuerySet[Any, Any]:
    found = rows.annotate(
        w_what=Value(what, output_field=CharField()), w_id=Cast(key, IntegerField()),
        w_title=Cast(F(title), CharField()), w_code=Cast(F(code), CharField()),
        w_day=Cast(day, DateField()), w_level=Cast(F(level), CharField()),
    )  # fmt: skip
    columns: QuerySet[Any, Any] = found.order_by().values_list(
        "w_what", "w_id", "w_title", "w_code", "w_day", "w_level"
    )
    return columns


def _plans(access: Access) -> QuerySet[Any, Any]:
    """Formal plans of a government and its departments go to its head, internal ones to the unit's own."""
    own = Q(pk__in=[])
    for seat in access.seats:
        if seat.role == Role.HEAD:
            own |= Q(unit=seat.unit_id, is_formal=False) | Q(
                unit=seat.unit_id, is_formal=True, designation__isnull=True
            )
            own |= Q(designation__government=seat.unit_id, is_formal=True)
    rows = Inspection.objects.filter(own, state=Stage.PROPOSED.value).exclude(proposer=access.person_id)
    return _columns("approve", rows, title="title", code="code", day=F("from_date"), level="unit__level")


def _conclusions(answering: set[int]) -> QuerySet[Any, Any]:
    """Conclusions that the unit has not signed for yet."""
    rows = Conclusion.objects.filter(object__unit__in=answering, state="issued", received_date__isnull=True)
    rows = rows.exclude(object__conclusions__state="replaced")  # what a review decided needs no signature
    return _columns(
        "receive", rows, title="object__inspection__title", code="object__inspection__code",
        day=Value(None, output_field=DateField()), level="object__inspection__unit__level",
    )  # fmt: skip


def _objections(access: Access) -> QuerySet[Any, Any]:
    """Objections under review at the person's government or unit, unless they took part in the conclusion."""
    place = "conclusion__object__inspection__"
    reviewing = [s.unit_id for s in access.seats if s.role in REVIEWERS]
    within = [s.unit_id for s in access.seats if s.role in (*REVIEWERS, Role.HANDLER)]
    formal = Q(**{f"{place}is_formal": True, f"{place}designation__government__in": reviewing})
    own = Q(**{f"{place}unit__in": reviewing, f"{place}is_formal": True, f"{place}designation": None})
    own |= Q(**{f"{place}unit__in": within, f"{place}is_formal": False})
    took_part = (
        Q(author=access.person_id) | Q(signer=access.person_id) | Q(by=access.person_id)
        | Q(conclusion__object__assignments__inspector__person=access.person_id)
        | Q(conclusion__object__findings__found_by=access.person_id)
        | Q(**{f"{place}inspectors__person": access.person_id, f"{place}inspectors__is_leader": True})
    )  # fmt: skip
    rows = Objection.objects.filter(formal | own, ruling="").exclude(
        pk__in=Objection.objects.filter(took_part, ruling="").values("pk")
    )
    return _columns(
        "review", rows, title=f"{place}title", code=f"{place}code", day=F("due_date"), level="unit__level",
        key="conclusion_id",
    )  # fmt: skip
