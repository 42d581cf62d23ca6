"""How often objects are inspected already, for who approves; and the frame that lots are drawn from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from luoshi.core.policy import Policy
from luoshi.directives.rules.likeness import likeness, shingles
from luoshi.inspections.models import Inspection, InspectionObject, Stratum
from luoshi.inspections.queries.gate import get_bounds, get_opener
from luoshi.inspections.rules import lots
from luoshi.inspections.rules.days import months_before
from luoshi.inspections.rules.kinds import COUNTED, Drawn, Stage
from luoshi.inspections.rules.plans import Bounds, Load, Other, count_grassroots, weigh_load
from luoshi.inspections.rules.rights import reaches
from luoshi.orgs.models import Unit
from luoshi.progress.queries import with_light
from luoshi.progress.queries.lights import showing
from luoshi.progress.rules.lights import CODES, Colour
from luoshi.tasks.models import LEADING_ROLES, Duty, Task
from luoshi.tasks.rules.states import Tier

ALIKE = 0.5
FRAME = 2000


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """One object with its load; `alike` names the other inspections whose subject is like this one's."""

    unit: Unit
    load: Load
    alike: tuple[str, ...]
    is_drawn_yet: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """What weighs in a unit's risk."""

    red: int = 0
    critical: int = 0
    mismatched: int = 0


@dataclass(frozen=True, slots=True)
class Framed:
    """A unit of a stratum's frame with its risk and why it is left out, if it is."""

    unit: Unit
    risk: Risk
    weight: int
    left_out: str


def list_loads(inspection: Inspection, *, today: date) -> list[UnitLoad]:
    """The load of every object, and of every unit that a stratum may still draw, heaviest first."""
    if inspection.from_date is None or inspection.to_date is None:
        return []
    objects = {o.unit_id: o.unit for o in inspection.objects_in.filter(is_dropped=False).select_related("unit")}
    units = dict(objects)
    for stratum in inspection.strata.select_related("under"):
        units |= {unit.pk: unit for unit in list_stratum(stratum, inspection=inspection, today=today)}
    others = list_others(inspection, units)
    bounds = get_bounds(inspection.unit)
    rows = [_unit_load(inspection, unit, others[pk], bounds, is_drawn_yet=pk in objects) for pk, unit in units.items()]
    return sorted(rows, key=lambda row: (-len(row.load.warnings), -row.load.this_year, row.unit.path or ""))


def _unit_load(
    inspection: Inspection, unit: Unit, others: Sequence[Other], bounds: Bounds, *, is_drawn_yet: bool
) -> UnitLoad:
    assert inspection.from_date is not None
    assert inspection.to_date is not None
    load = weigh_load(
        unit.pk, others, kind=inspection.kind, first=inspection.from_date, last=inspection.to_date, bounds=bounds
    )
    mine = shingles(inspection.title)
    alike = tuple(o.title for o in load.overlapping if likeness(mine, shingles(o.title)) >= ALIKE)
    return UnitLoad(unit, load, alike, is_drawn_yet)


def list_others(inspection: Inspection, unit_ids: Iterable[int]) -> dict[int, list[Other]]:
    """The other inspections of these units in the years of the plan, by unit, whoever opened them."""
    assert inspection.from_date is not None
    assert inspection.to_date is not None
    states = [s.value for s in (*COUNTED, Stage.PROPOSED)]
    rows = InspectionObject.objects.filter(
        unit__in=list(unit_ids), is_dropped=False, inspection__state__in=states,
        inspection__to_date__gte=date(inspection.from_date.year, 1, 1),
        inspection__from_date__lte=date(inspection.to_date.year, 12, 31),
    ).exclude(inspection=inspection.pk)  # fmt: skip
    found: dict[int, list[Other]] = defaultdict(list)
    for row in rows.select_related("inspection__unit").order_by("inspection__from_date", "pk"):
        other = row.inspection
        assert other.from_date is not None
        assert other.to_date is not None
        found[row.unit_id].append(
            Other(other.pk, other.title, str(other.unit), other.kind, other.from_date, other.to_date)
        )
    return found


def count_filed(loads: Iterable[UnitLoad]) -> int:
    """How many objects are counties or below."""
    return count_grassroots(row.unit.level for row in loads)


def list_stratum(stratum: Stratum, *, inspection: Inspection, today: date) -> list[Unit]:
    """The units of a stratum that this inspection may reach, in the order of their ids; at most FRAME."""
    opener = get_opener(inspection.unit)
    units = Unit.objects.within(stratum.under.path or "").valid_on(today).filter(level__in=stratum.levels)
    if stratum.category:
        units = units.filter(category=stratum.category)
    reached = (u for u in units.order_by("pk") if reaches(opener, u.path or "", is_formal=inspection.is_formal))
    return [unit for _n, unit in zip(range(FRAME), reached, strict=False)]


def list_frame(stratum: Stratum, *, today: date, policy: Policy, bounds: Bounds) -> list[Framed]:
    """The stratum's units with their risk weights; left out who is chosen, in an earlier one or inspected lately."""
    inspection = stratum.inspection
    units = list_stratum(stratum, inspection=inspection, today=today)
    risks = list_risks([u.pk for u in units], today=today, policy=policy)
    lately = list_inspected([u.pk for u in units], since=months_before(today, bounds.apart_months), but=inspection.pk)
    chosen = set(
        inspection.objects_in.filter(is_dropped=False, task=None, how=Drawn.CHOSEN.value).values_list(
            "unit_id", flat=True
        )
    )
    earlier = inspection.strata.filter(pk__lt=stratum.pk).select_related("under")
    others = {unit.pk for other in earlier for unit in list_stratum(other, inspection=inspection, today=today)}
    return [
        _framed(
            unit, risks.get(unit.pk, Risk()), bounds, is_chosen=unit.pk in chosen, is_elsewhere=unit.pk in others,
            was_inspected=unit.pk in lately,
        )
        for unit in units
    ]  # fmt: skip


def _framed(
    unit: Unit, risk: Risk, bounds: Bounds, *, is_chosen: bool, is_elsewhere: bool, was_inspected: bool
) -> Framed:
    weight = (
        1 + bounds.red_weight * risk.red + bounds.critical_weight * risk.critical
        + bounds.mismatch_weight * risk.mismatched
    )  # fmt: skip
    left_out = lots.why_left_out(
        is_chosen=is_chosen,
        is_elsewhere=is_elsewhere,
        was_inspected=was_inspected,
        is_red=bool(risk.red or risk.critical),
    )
    return Framed(unit, risk, weight, left_out)


def list_risks(unit_ids: Sequence[int], *, today: date, policy: Policy) -> dict[int, Risk]:
    """By unit: red tasks that it leads, critical ones apart, and tasks found otherwise than reported."""
    reds = with_light(Task.objects.active(), today=today, policy=policy).filter(showing([CODES[Colour.RED]]))
    leads = Duty.objects.filter(unit__in=unit_ids, role__in=LEADING_ROLES).order_by()
    is_critical = Q(task__tier=Tier.CRITICAL.value)
    red = leads.filter(task__in=reds.values("pk")).values("unit").annotate(
        plain=Count("pk", filter=~is_critical), critical=Count("pk", filter=is_critical)
    ).values_list("unit", "plain", "critical")  # fmt: skip
    doubted = dict(leads.filter(task__standing__mismatched__gt=0).values_list("unit").annotate(Count("pk")))
    found = {unit: Risk(plain, critical, doubted.pop(unit, 0)) for unit, plain, critical in red}
    return found | {unit: Risk(mismatched=count) for unit, count in doubted.items()}


def list_inspected(unit_ids: Sequence[int], *, since: date, but: int) -> set[int]:
    """Which of these units were inspected since a day, by whomever."""
    rows = InspectionObject.objects.filter(
        unit__in=unit_ids, is_dropped=False, inspection__to_date__gte=since,
        inspection__state__in=[s.value for s in COUNTED],
    ).exclude(inspection=but)  # fmt: skip
    return set(rows.values_list("unit_id", flat=True))


def to_lots(frame: Iterable[Framed]) -> list[lots.Unit]:
    """A frame as the draw reads it."""
    return [lots.Unit(row.unit.pk, row.weight, row.left_out) for row in frame]
