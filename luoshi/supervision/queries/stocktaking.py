"""Reading stocktakes: the gate, what goes into a pack, how its tasks stand, and what became of what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import NotAllowed
from luoshi.core.policy import Policy
from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.rules import Access, Role
from luoshi.progress.models import Standing
from luoshi.progress.models.following import Obstacle
from luoshi.progress.queries import ShownLight, Trajectory, get_trajectory, show, with_light
from luoshi.progress.queries.lights import list_facts
from luoshi.progress.rules.lights import light
from luoshi.supervision.models import Coordination, Ruling, Stocktake
from luoshi.supervision.rules.stocktaking import Candidate, Chosen, Why, choose
from luoshi.tasks.models import LEADING_ROLES, PHASE_OPEN, TASK_STEP, Duty, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.queries.searching import says
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.states import ACTIVE, State

if TYPE_CHECKING:
    from django.utils.functional import Promise

HOLDERS = (Role.HEAD, Role.OFFICE, Role.SPONSOR)
CANDIDATES = 300
FOUND = 12
WHY_WORDS: dict[str, Promise | str] = {
    Why.RED_CRITICAL.value: _("red and critical"),
    Why.WAITS.value: _("waits for a decision"),
    Why.RED.value: _("red"),
    Why.CRITICAL.value: _("critical and not fine"),
    Why.CHOSEN.value: _("chosen by hand"),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part that is named under its task."""

    task: Task
    light: ShownLight
    leads: str


@dataclass(frozen=True, slots=True)
class Line:
    """A task of a pack as it stands now: its course, its worst parts, what blocks them, what is asked of whom.

    `answered` are the questions that were decided since the pack was made.
    """

    task: Task
    why: str
    light: ShownLight
    standing: Standing | None
    leads: str
    trajectory: Trajectory
    parts: tuple[PartLine, ...]
    obstacle: Obstacle | None
    questions: tuple[Coordination, ...]
    answered: tuple[Coordination, ...]
    rulings: tuple[Ruling, ...]


def list_holding_units(access: Access) -> list[Unit]:
    """The units whose stocktakes this person may prepare: which they head, run the office of, or are in charge in."""
    units = [s.unit_id for s in access.seats if s.role in HOLDERS]
    return [] if access.admin else list(Unit.objects.filter(pk__in=units, valid_to__isnull=True).order_by("path"))


def may_hold(access: Access, unit: Unit) -> bool:
    """May this person prepare and record a stocktake of the unit?"""
    return not access.admin and access.sits_in(unit.pk, roles=HOLDERS)


def list_stocktakes(access: Access) -> QuerySet[Stocktake]:
    """The stocktakes that a person sees, newest first, with how much was decided and done."""
    done = Q(rulings__task__completed_at__isnull=False)
    made = Q(rulings__kind="task")
    rows = Stocktake.objects.select_related("unit", "leader").annotate(
        decided=Count("rulings"), tasks=Count("rulings", filter=made), completed=Count("rulings", filter=made & done)
    )
    if access.admin:
        return rows
    paths = [s.path for s in access.seats if s.role in HOLDERS]
    return rows.filter(within(paths, "unit__path") | Q(leader=access.person_id))


def get_stocktake_for(access: Access, *, id: int, to: str = "see") -> Stocktake:
    """A stocktake. `to`: "hold". Raises Http404 when unseen, NotAllowed when only seen."""
    found = Stocktake.objects.select_related("unit", "leader", "made_by").filter(pk=id).first()
    if found is None:
        raise Http404
    sees = access.oversees(found.unit.path or "", roles=HOLDERS) or found.leader_id == access.person_id
    if not (sees or access.admin):
        raise Http404
    if to == "hold" and not may_hold(access, found.unit):
        raise NotAllowed
    return found


def get_head(unit: Unit, *, today: date) -> Person | None:
    """Who heads the unit on the day."""
    post = Post.objects.filter(unit=unit, role=Role.HEAD.value, person__is_active=True).held_on(today)
    found = post.select_related("person").order_by("pk").first()
    return found.person if found else None


def choose_tasks(unit: Unit, *, today: date, policy: Policy) -> list[Chosen]:
    """The few tasks of a unit's own asking, and below it, that the rule takes in."""
    open_ones = Coordination.objects.filter(task=OuterRef("pk"), state="open")
    tasks = Task.objects.filter(within([unit.path or ""], "owner__path"), phase=PHASE_OPEN)
    tasks = tasks.filter(state__in=[*(s.value for s in ACTIVE), State.SUSPENDED.value])
    lit: QuerySet[Any] = with_light(tasks, today=today, policy=policy)
    fitting = lit.annotate(asks=Exists(open_ones)).filter(Q(light=1, tier__lte=2) | Q(tier=1, light=2) | Q(asks=True))
    rows = fitting.order_by("-asks", "light", "tier", "due_date", "pk").values_list(
        "pk", "path", "tier", "light", "due_date"
    )[:CANDIDATES]
    found = list(rows)
    keys = [pk for pk, *_rest in found]
    asked, blocked = _count_questions(keys, today=today), set(_list_blocked(keys))
    tops = _find_tops({pk: path or "" for pk, path, *_rest in found}, unit)
    return choose(
        Candidate(pk, path or "", tier, code, *asked.get(pk, (0, 0)), pk in blocked, due, tops[pk])
        for pk, path, tier, code, due in found
    )


def _find_tops(paths: dict[int, str], unit: Unit) -> dict[int, int]:
    """The highest open task above each that the unit or one below asks for; itself where there is none."""
    lines = {pk: [int(p[n : n + TASK_STEP]) for n in range(0, len(p), TASK_STEP)] for pk, p in paths.items()}
    above = Task.objects.filter(pk__in={key for line in lines.values() for key in line}, phase=PHASE_OPEN)
    own = set(above.filter(within([unit.path or ""], "owner__path")).order_by().values_list("pk", flat=True))
    return {pk: next((key for key in line if key in own), pk) for pk, line in lines.items()}


def _count_questions(keys: Sequence[int], *, today: date) -> dict[int, tuple[int, int]]:
    late = Q(needed_date__lt=today)
    rows = Coordination.objects.filter(task__in=keys, state="open").order_by().values_list("task")
    return {pk: (n, behind) for pk, n, behind in rows.annotate(n=Count("pk"), late=Count("pk", filter=late))}


def _list_blocked(keys: Sequence[int]) -> QuerySet[Obstacle, int]:
    return Obstacle.objects.filter(task__in=keys, cleared_at__isnull=True).order_by().values_list("task_id", flat=True)


def make_pack(chosen: Iterable[Chosen]) -> dict[str, Any]:
    """The pack as it is kept: the tasks in their order with the reason of each and its worst parts."""
    return {"tasks": [{"id": c.task_id, "why": c.why.value, "parts": list(c.parts)} for c in chosen]}


def snapshot(pack: dict[str, Any], *, today: date, policy: Policy) -> dict[str, Any]:
    """The same with how each task stood: its light and percent, kept as it lay on the table."""
    keys = [int(row["id"]) for row in pack["tasks"]]
    tasks = Task.objects.in_bulk(keys)
    facts = list_facts(tasks.values())
    rows = []
    for row in pack["tasks"]:
        found = light(facts[row["id"]], today=today, policy=policy)
        percent = facts[row["id"]].percent
        stood = {"light": found.colour.value, "percent": None if percent is None else str(percent)}
        rows.append({**row, **stood})
    return {"tasks": rows, "on": today.isoformat()}


def list_lines(stocktake: Stocktake, *, today: date, policy: Policy) -> list[Line]:
    """The tasks of a pack as they stand now; one query for each course, and seven more."""
    rows = {int(row["id"]): row for row in stocktake.pack.get("tasks", [])}
    parts = {pk: list_parts(row) for pk, row in rows.items()}
    keys = [key for pk in rows for key in (pk, *parts[pk])]
    tasks = Task.objects.select_related("owner", "sponsor").in_bulk(keys)
    facts = list_facts(tasks.values())
    standings = Standing.objects.in_bulk(rows)
    leads, questions = _list_leads(keys), _list_questions(keys, since=stocktake.made_at)
    obstacles = {o.task_id: o for o in _list_obstacles(keys)}
    rulings = _by_task(list_rulings(stocktake))
    lights = {pk: show(light(found, today=today, policy=policy)) for pk, found in facts.items()}
    return [
        Line(
            task=tasks[pk], why=str(WHY_WORDS.get(row.get("why", ""), "")),
            light=lights[pk], standing=standings.get(pk), leads="、".join(leads.get(pk, [])),
            trajectory=get_trajectory(tasks[pk], today=today, facts=facts[pk]),
            parts=tuple(PartLine(tasks[n], lights[n], "、".join(leads.get(n, []))) for n in parts[pk] if n in tasks),
            obstacle=next((obstacles[n] for n in (pk, *parts[pk]) if n in obstacles), None),
            questions=tuple(q for n in (pk, *parts[pk]) for q in questions.get(n, []) if q.state == "open"),
            answered=tuple(q for n in (pk, *parts[pk]) for q in questions.get(n, []) if q.state != "open"),
            rulings=tuple(rulings.get(pk, [])),
        )
        for pk, row in rows.items()
        if pk in tasks
    ]  # fmt: skip


def list_parts(row: dict[str, Any]) -> list[int]:
    """The parts named in one row of a pack; packs of earlier times named none."""
    return [int(pk) for pk in row.get("parts", [])]


def _list_leads(keys: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    duties = Duty.objects.filter(task__in=keys, role__in=LEADING_ROLES, unit__isnull=False).order_by("task", "pk")
    for task, short, name in duties.values_list("task_id", "unit__short_name", "unit__name"):
        found[task].append(short or name)
    return found


def _list_questions(keys: Sequence[int], *, since: datetime) -> dict[int, list[Coordination]]:
    found: dict[int, list[Coordination]] = defaultdict(list)
    known = Q(state="open") | Q(state="answered", answered_at__gte=since)
    rows = Coordination.objects.filter(known, task__in=keys).select_related("unit", "asked_unit", "asked_person")
    for row in rows.order_by("needed_date", "pk"):
        found[row.task_id].append(row)
    return found


def _list_obstacles(keys: Sequence[int]) -> QuerySet[Obstacle]:
    found = Obstacle.objects.filter(task__in=keys, cleared_at__isnull=True)
    return found.select_related("holder_unit", "holder_person").order_by("pk")


def list_rulings(stocktake: Stocktake) -> list[Ruling]:
    """What was decided, with what it became."""
    rows = Ruling.objects.filter(stocktake=stocktake).select_related("about", "unit", "task", "by")
    return list(rows.select_related("coordination__asked_unit", "coordination__asked_person").order_by("pk"))


def _by_task(rulings: Iterable[Ruling]) -> dict[int, list[Ruling]]:
    found: dict[int, list[Ruling]] = defaultdict(list)
    for ruling in rulings:
        if ruling.about_id is not None:
            found[ruling.about_id].append(ruling)
    return found


def find_tasks(access: Access, unit: Unit, *, q: str, held: Iterable[int]) -> list[Task]:
    """Open tasks to be added by hand, by words or number."""
    if not q:
        return []
    tasks = list_visible(access).filter(says(q) | Q(code__iexact=q), phase=PHASE_OPEN).exclude(pk__in=list(held))
    inside = tasks.filter(within([unit.path or ""], "owner__path"))
    return list(inside.select_related("owner").order_by("path")[:FOUND])
