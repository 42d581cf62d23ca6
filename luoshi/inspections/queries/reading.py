"""What the pages show of an inspection: its objects, team, draws and what was found."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from luoshi.directives.rules.likeness import likeness, shingles
from luoshi.inspections.models import (
    Assignment,
    Conclusion,
    Draw,
    Finding,
    Inspection,
    InspectionObject,
    Inspector,
    LookBack,
    Recusal,
)
from luoshi.inspections.queries.gate import get_bounds
from luoshi.inspections.rules import lots
from luoshi.inspections.rules.days import Held, months_before, recusal_of
from luoshi.inspections.rules.kinds import Lot
from luoshi.orgs.models import Person, Post, Unit
from luoshi.tasks.models import STATE_LABELS
from luoshi.tasks.rules.states import State

ALIKE = 0.45  # from this likeness on an earlier finding is offered as the same problem
OFFERED = 5
DONE = (State.CLOSED.value, State.ARCHIVED.value)


@dataclass(frozen=True, slots=True)
class Member:
    """An inspector with the objects they are kept from, by the reason."""

    inspector: Inspector
    barred: dict[int, str]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A draw repeated from its seed and frame: does it give the same, and is the frame the one that was kept?"""

    rows: list[dict[str, Any]]
    agrees: bool
    is_frame_whole: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier finding at the same object that reads alike."""

    finding: Finding
    percent: int


def list_objects(inspection: Inspection) -> list[InspectionObject]:
    """The objects still inspected, each with its inspectors, findings and conclusions."""
    rows = inspection.objects_in.filter(is_dropped=False).select_related("unit", "task", "stratum")
    return list(
        rows.prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("inspector__person")),
            Prefetch("findings", Finding.objects.filter(is_dropped=False).select_related("task")),
            Prefetch("conclusions", Conclusion.objects.select_related("objection")),
        ).order_by("unit__path", "pk")
    )


def list_findings(row: InspectionObject) -> list[Finding]:
    """What was found at an object, dropped ones too, with tasks and earlier findings."""
    found = row.findings.select_related("task", "found_by", "recurrence_of__object__inspection")
    return list(found.order_by("number"))


def stage_of(finding: Finding) -> str:
    """Where putting right stands, from the task it became; no stored state that could differ from the task's."""
    if finding.is_dropped:
        return "dropped"
    return finding.task.state if finding.task else "noted"


def stage_label(finding: Finding, words: dict[str, Any]) -> Any:
    """The stage in words; `words` are those without a task."""
    stage = stage_of(finding)
    return words.get(stage) or STATE_LABELS.get(stage, stage)


def list_team(inspection: Inspection, *, today: date) -> list[Member]:
    """The team with whom each is kept from: by posts held now or within the years, or by declaration."""
    members = list(inspection.inspectors.select_related("person").prefetch_related("recusals__unit"))
    objects = list(inspection.objects_in.filter(is_dropped=False).values_list("pk", "unit__path"))
    years = get_bounds(inspection.unit).recusal_years
    posts: dict[int, list[Held]] = defaultdict(list)
    held = Post.objects.filter(person__in=[m.person_id for m in members])
    for person, path, to_date in held.values_list("person_id", "unit__path", "to_date"):
        posts[person].append(Held(path or "", to_date))
    return [
        Member(m, {
            pk: reason for pk, path in objects
            if (reason := recusal_of(
                path or "", posts=posts[m.person_id], declared=[r.unit.path or "" for r in m.recusals.all()],
                today=today, years=years,
            ))
        })
        for m in members
    ]  # fmt: skip


def get_bar(row: InspectionObject, person: Person, *, today: date) -> str:
    """Why a person, on the team or not, keeps away from an object: works or worked there, declared; or ''."""
    held = Post.objects.filter(person=person).values_list("unit__path", "to_date")
    declared = Recusal.objects.filter(inspector__inspection=row.inspection_id, inspector__person=person)
    return recusal_of(
        row.unit.path or "", posts=[Held(path or "", to_date) for path, to_date in held],
        declared=[path or "" for path in declared.values_list("unit__path", flat=True)], today=today,
        years=get_bounds(row.inspection.unit).recusal_years,
    )  # fmt: skip


def list_candidates(inspection: Inspection, *, today: date) -> QuerySet[Person]:
    """Who may join the team: people with a post in the inspecting unit or below its government, not in yet."""
    units = Unit.objects.within(inspection.unit.path or "")
    posts = Post.objects.filter(unit__in=units.values("pk")).held_on(today).values("person")
    taken = inspection.inspectors.values("person")
    return Person.objects.filter(pk__in=posts, is_active=True).exclude(pk__in=taken).order_by("name")


def replay(draw: Draw) -> Replayed:
    """Draw again from the kept seed, parameters and frame, and compare with what was kept."""
    rows = replay_rows(draw.lot, frame=draw.frame, parameters=draw.parameters, seed=draw.seed)
    return Replayed(rows, rows == draw.result, lots.frame_hash(draw.frame) == draw.frame_hash)


def replay_rows(lot: str, *, frame: list[Any], parameters: dict[str, Any], seed: str) -> list[dict[str, Any]]:
    """What a seed gives: for objects each unit of each stratum with its chance, for people each object's inspectors."""
    if lot == Lot.OBJECTS:
        return [
            {"stratum": part["stratum"], "unit": p.id, "chance": p.chance, "drawn": p.drawn}
            for part in frame
            for p in lots.draw(
                [lots.Unit(u["unit"], u["weight"], u["left_out"]) for u in part["units"]], size=part["size"],
                random_percent=parameters["random_percent"], seed=seed, label=part["label"],
            )
        ]  # fmt: skip
    count = int(parameters["count"])
    return [_some(part, count=count, seed=seed) for part in frame]


def _some(part: dict[str, Any], *, count: int, seed: str) -> dict[str, Any]:
    """Who of those not barred inspects one object, or what is looked back at."""
    drawn = lots.draw_some(part["eligible"], count=part.get("count", count), seed=seed, label=part["label"])
    return {"object": part["object"], "drawn": drawn, "eligible": len(part["eligible"])}


def list_alike(row: InspectionObject, *, words: str, but: int | None = None) -> list[Earlier]:
    """Earlier findings at the same unit in other inspections that read like these words, the most alike first."""
    earlier = Finding.objects.filter(object__unit=row.unit_id, is_dropped=False).exclude(
        object__inspection=row.inspection_id
    )
    mine = shingles(words)
    scored = [
        Earlier(f, round(100 * degree))
        for f in earlier.select_related("object__inspection", "task").order_by("-found_at")[:200]
        if f.pk != but and (degree := likeness(mine, shingles(f"{f.fact}。{f.rule}"))) >= ALIKE
    ]
    return sorted(scored, key=lambda e: (-e.percent, -e.finding.pk))[:OFFERED]


def list_closed_findings(inspection: Inspection, *, today: date) -> QuerySet[Finding]:
    """Findings of the inspection that were closed so many months ago and not looked back at yet."""
    since = months_before(today, get_bounds(inspection.unit).look_back_months)
    closed = Finding.objects.filter(
        object__inspection=inspection, is_dropped=False, task__state__in=DONE, task__closed_at__date__lte=since
    )
    return closed.exclude(look_backs__isnull=False).select_related("object__unit", "task").order_by("pk")


def list_look_backs(inspection: Inspection) -> list[LookBack]:
    """What was drawn to be looked back at, open ones first."""
    rows = inspection.look_backs.select_related("finding__object__unit", "finding__task", "by", "draw")
    return sorted(rows, key=lambda row: (row.holds is not None, row.pk))


def with_counts(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Annotate how many objects and findings each has."""
    return rows.annotate(
        objects_count=Count("objects_in", filter=Q(objects_in__is_dropped=False), distinct=True),
        findings_count=Count("objects_in__findings", filter=Q(objects_in__findings__is_dropped=False), distinct=True),
    )
