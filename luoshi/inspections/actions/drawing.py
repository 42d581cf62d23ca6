"""Objects chosen or drawn, inspectors named, recused or drawn; every draw keeps what it was drawn from."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.policy import get_policy
from luoshi.inspections.actions.planning import MayNotInspect, NoWidening, NoWords
from luoshi.inspections.models import Assignment, Draw, Inspection, InspectionObject, Inspector, Recusal, Stratum
from luoshi.inspections.queries.gate import get_bounds, get_opener
from luoshi.inspections.queries.loads import Framed, list_frame
from luoshi.inspections.queries.reading import list_team, replay_rows
from luoshi.inspections.rules import lots
from luoshi.inspections.rules.kinds import BEFORE_APPROVAL, ON_SITE, Drawn, Lot
from luoshi.inspections.rules.rights import Bar, reaches
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task


class NothingToDrawFrom(Refusal):
    """No stratum, or none of its units may be drawn."""

    sentence = _("There is nothing to draw from. Set a stratum whose units are below yours.")


class DrawnAlready(Refusal):
    """A draw stands; drawing again needs a reason that stays on record."""

    sentence = _("A draw stands already and stays on record. Say why it is drawn again.")


class WorkHasBegun(Refusal):
    """On-site work began on what was drawn."""

    sentence = _("Visits or findings exist already, so that nothing is drawn or dropped any more.")


class NobodyFree(Refusal):
    """Too few inspectors are free of bars for an object."""

    sentence = _("For some objects too few inspectors are free of bars. Add people to the team.")


def set_stratum(
    inspection: Inspection, *, name: str, under: Unit, levels: Sequence[str], category: str, size: int, by: Person,
    now: datetime,
) -> Stratum:  # fmt: skip
    """Add or change a stratum of the frame, before approval. Raises NoWidening, MayNotInspect."""
    _refuse_after_approval(inspection)
    if not (under.path or "").startswith(get_opener(inspection.unit).government_path):
        raise MayNotInspect(Bar.NOT_SUBORDINATE)
    fields = {"under": under, "levels": list(levels), "category": category, "size": size}
    with transaction.atomic():
        row, _made = Stratum.objects.update_or_create(inspection=inspection, name=name, defaults=fields)
        _record("set_stratum", inspection, by=by, now=now, stratum=name, **fields)
    return row


def remove_stratum(stratum: Stratum, *, by: Person, now: datetime) -> None:
    """Take a stratum out of the plan, before approval. Raises NoWidening."""
    inspection = stratum.inspection
    _refuse_after_approval(inspection)
    with transaction.atomic():
        _record("remove_stratum", inspection, by=by, now=now, stratum=stratum.name)
        stratum.delete()


def choose_object(
    inspection: Inspection, *, unit: Unit, task: Task | None = None, reason: str = "", by: Person, now: datetime
) -> InspectionObject:
    """Name an object, before approval only: a plan is not widened on the way (art. 15).

    Raises NoWidening, MayNotInspect (art. 5), EditConflict when it is in already.
    """
    _refuse_after_approval(inspection)
    if not reaches(get_opener(inspection.unit), unit.path or "", is_formal=inspection.is_formal):
        raise MayNotInspect(Bar.NOT_SUBORDINATE)
    with transaction.atomic():
        if inspection.objects_in.filter(unit=unit, task=task, is_dropped=False).exists():
            raise EditConflict
        row = InspectionObject.objects.create(
            inspection=inspection, unit=unit, task=task, how=Drawn.CHOSEN.value, reason=reason.strip()[:200]
        )
        _record("choose_object", inspection, by=by, now=now, unit=str(unit), reason=row.reason)
    return row


def drop_object(row: InspectionObject, *, why: str, by: Person, now: datetime) -> None:
    """Inspect one object less; it stays on record with the reason. Raises NoWords, WorkHasBegun, EditConflict."""
    if not why.strip():
        raise NoWords
    if row.visits.exists() or row.findings.exists() or row.conclusions.exists():
        raise WorkHasBegun
    with transaction.atomic():
        changed = InspectionObject.objects.filter(pk=row.pk, is_dropped=False)
        if not changed.update(is_dropped=True, reason=why.strip()[:200]):
            raise EditConflict
        _record("drop_object", row.inspection, by=by, now=now, unit=str(row.unit), why=why.strip())


def draw_objects(inspection: Inspection, *, by: Person, now: datetime, seed: str = "", why: str = "") -> Draw:
    """Draw objects from every stratum; a former draw's objects are dropped but stay on record.

    Raises NothingToDrawFrom, DrawnAlready, WorkHasBegun, NoWidening once the inspection is over.
    """
    if inspection.state not in (*BEFORE_APPROVAL, *ON_SITE):
        raise NoWidening
    today, bounds = timezone.localtime(now).date(), get_bounds(inspection.unit)
    strata = list(inspection.strata.select_related("under", "inspection__unit").order_by("pk"))
    frames = [(s, list_frame(s, today=today, policy=get_policy(), bounds=bounds)) for s in strata]
    if not any(frame for _s, frame in frames):
        raise NothingToDrawFrom
    with transaction.atomic():
        former = _former(inspection, Lot.OBJECTS, why=why)
        drawn = inspection.objects_in.filter(is_dropped=False, how=Drawn.DRAWN.value)
        if former:
            _refuse_work(drawn)
            drawn.update(is_dropped=True, reason=why.strip()[:200])
        draw = _keep_draw(
            inspection, Lot.OBJECTS, number=former + 1, seed=seed, method=lots.METHOD, why=why,
            frame=[_part(s, frame) for s, frame in frames],
            parameters={"random_percent": bounds.random_percent, "apart_months": bounds.apart_months}, by=by, now=now,
        )  # fmt: skip
        _insert_drawn(inspection, draw, {s.pk: s for s in strata})
        _record("draw_objects", inspection, by=by, now=now, draw=draw.pk, seed=draw.seed, frame=draw.frame_hash,
                drawn=[r["unit"] for r in draw.result if r["drawn"]], why=why.strip())  # fmt: skip
    return draw


def _part(stratum: Stratum, frame: Sequence[Framed]) -> dict[str, Any]:
    """A stratum as it was drawn from, with what made each unit's weight."""
    units = [
        {"unit": f.unit.pk, "name": str(f.unit), "weight": f.weight, "left_out": f.left_out, "red": f.risk.red,
         "critical": f.risk.critical, "mismatched": f.risk.mismatched}
        for f in frame
    ]  # fmt: skip
    return {"stratum": stratum.pk, "label": stratum.name, "size": stratum.size, "units": units}


def _insert_drawn(inspection: Inspection, draw: Draw, strata: dict[int, Stratum]) -> None:
    """The drawn units as objects; who was chosen by name is not drawn."""
    InspectionObject.objects.bulk_create(
        InspectionObject(
            inspection=inspection, unit_id=row["unit"], stratum=strata[row["stratum"]], draw=draw,
            how=Drawn.DRAWN.value, probability=Decimal(row["chance"]) / lots.SCALE,
        )
        for row in draw.result
        if row["drawn"]
    )  # fmt: skip


def add_inspector(inspection: Inspection, *, person: Person, is_leader: bool, by: Person, now: datetime) -> Inspector:
    """Put somebody on the team. Raises EditConflict when they are on it already."""
    with transaction.atomic():
        if inspection.inspectors.filter(person=person).exists():
            raise EditConflict
        row = Inspector.objects.create(inspection=inspection, person=person, is_leader=is_leader)
        _record("add_inspector", inspection, by=by, now=now, person=str(person), is_leader=is_leader)
    return row


def declare_recusal(inspector: Inspector, *, unit: Unit, reason: str, by: Person, now: datetime) -> Recusal:
    """An inspector keeps away from a unit; an assignment to it ends. Raises NoWords."""
    if not reason.strip():
        raise NoWords
    with transaction.atomic():
        row, _made = Recusal.objects.update_or_create(
            inspector=inspector, unit=unit, defaults={"reason": reason.strip()[:200], "declared_at": now}
        )
        inspector.assignments.filter(object__unit__path__startswith=unit.path or "").delete()
        _record("declare_recusal", inspector.inspection, by=by, now=now, person=str(inspector), unit=str(unit),
                reason=row.reason)  # fmt: skip
    return row


def draw_inspectors(
    inspection: Inspection, *, count: int, by: Person, now: datetime, seed: str = "", why: str = ""
) -> Draw:
    """Draw so many inspectors for every object among those not barred (双随机).

    Raises NothingToDrawFrom, NobodyFree, DrawnAlready.
    """
    frame = _free(inspection, today=timezone.localtime(now).date())
    if any(len(part["eligible"]) < count for part in frame):
        raise NobodyFree
    with transaction.atomic():
        former = _former(inspection, Lot.INSPECTORS, why=why)
        draw = _keep_draw(
            inspection, Lot.INSPECTORS, number=former + 1, seed=seed, method=lots.SIMPLE, why=why, frame=frame,
            parameters={"count": count}, by=by, now=now,
        )  # fmt: skip
        Assignment.objects.filter(object__in=[part["object"] for part in frame]).delete()
        Assignment.objects.bulk_create(
            Assignment(object_id=row["object"], inspector_id=pk, draw=draw)
            for row in draw.result
            for pk in row["drawn"]
        )
        _record("draw_inspectors", inspection, by=by, now=now, draw=draw.pk, seed=draw.seed, frame=draw.frame_hash,
                why=why.strip())  # fmt: skip
    return draw


def _free(inspection: Inspection, *, today: date) -> list[dict[str, Any]]:
    """For every object who may be drawn and who is kept from it, and why. Raises NothingToDrawFrom."""
    objects = list(inspection.objects_in.filter(is_dropped=False).select_related("unit").order_by("pk"))
    team = list_team(inspection, today=today)
    if not objects or not team:
        raise NothingToDrawFrom
    return [
        {"object": o.pk, "label": str(o.unit_id), "name": str(o.unit),
         "eligible": [m.inspector.pk for m in team if o.pk not in m.barred],
         "barred": {str(m.inspector.pk): m.barred[o.pk] for m in team if o.pk in m.barred}}
        for o in objects
    ]  # fmt: skip


def _former(inspection: Inspection, lot: Lot, *, why: str) -> int:
    """How many draws of this kind there were; the plan's row is the lock. Raises DrawnAlready without a reason."""
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    former = Draw.objects.filter(inspection=inspection, lot=lot.value).count()
    if former and not why.strip():
        raise DrawnAlready
    return former


def _refuse_work(drawn: Any) -> None:
    if drawn.filter(visits__isnull=False).exists() or drawn.filter(findings__isnull=False).exists():
        raise WorkHasBegun


def _keep_draw(
    inspection: Inspection, lot: Lot, *, number: int, seed: str, method: str, why: str, frame: list[Any],
    parameters: dict[str, Any], by: Person, now: datetime,
) -> Draw:  # fmt: skip
    """Draw and keep all that a repetition needs; without a seed of one's own one is made."""
    seed = seed.strip()[:64] or token_hex(8)
    return Draw.objects.create(
        inspection=inspection, lot=lot.value, number=number, seed=seed, method=method, parameters=parameters,
        frame=frame, frame_hash=lots.frame_hash(frame), why=why.strip()[:300], by=by, at=now,
        result=replay_rows(lot.value, frame=frame, parameters=parameters, seed=seed),
    )  # fmt: skip


def _refuse_after_approval(inspection: Inspection) -> None:
    if inspection.state not in BEFORE_APPROVAL:
        raise NoWidening


def _record(verb: str, inspection: Inspection, *, by: Person, now: datetime, **notes: Any) -> None:
    record_entry(verb, by=by, now=now, subject=inspection, unit_path=inspection.unit.path or "", **notes)
