"""Papers come in, are reviewed, and become tasks that are set up and dispatched."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from luoshi.demo import county
from luoshi.demo.history import courses
from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.demo.history.story import DecisionRow, MilestoneRow, NameRow, PlanRow, read
from luoshi.directives import actions as directives
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import get_coverage, list_clauses, list_proposals
from luoshi.tasks import actions as tasks
from luoshi.tasks.models import Task
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.ladder import Point
from luoshi.tasks.rules.states import BEFORE_DISPATCH, DOING, DutyRole


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, the day it came in, and how many working days later it is reviewed and dispatched.

    `replaces` is the key of the paper of which it is the revision.
    """

    key: str
    file: str
    received: str
    by: str
    review: int = 1
    dispatch: int = 2
    is_complete: bool = True
    replaces: str = ""


PAPERS = (
    Paper("fengong", "fengong.docx", "03-02", "officeclerk", review=2, dispatch=5),
    Paper("zhenggai", "zhenggai.txt", "06-15", "shao.yifan", review=1, dispatch=2),
    Paper("jiyao", "jiyao.txt", "08-18", "officeclerk", review=1, dispatch=1),
    Paper("jiyao19", "jiyao19.ofd", "11-18", "officeclerk", review=2, is_complete=False),
    Paper("xiuding", "xiuding.txt", "11-19", "shao.yifan", is_complete=False, replaces="zhenggai"),
)


def expect_papers(scene: Scene) -> None:
    """Write into the diary when each paper comes in; one of a later day has not come yet."""
    for paper in PAPERS:
        scene.diary.put(scene.diary.workday(scene.diary.day(paper.received)), 9, partial(_register, scene, paper))


def _register(scene: Scene, paper: Paper, now: datetime) -> None:
    today = timezone.localtime(now).date()
    directive = directives.register_directive(
        directives.Source(county.paper(paper.file, year=scene.diary.year), paper.file),
        unit=scene.unit(COUNTY),
        by=scene.person(paper.by),
        now=now,
        today=today,
        supersedes=scene.papers.get(paper.replaces),
    )
    scene.papers[paper.key] = directive
    scene.diary.put(scene.diary.after(today, paper.review), 10, partial(_review, scene, paper, directive))


def _review(scene: Scene, paper: Paper, directive: Directive, now: datetime) -> None:
    by, today = scene.person(paper.by), timezone.localtime(now).date()
    for name in read("names", NameRow):
        if name.paper == paper.key:
            directives.name_unit(
                directive, name=name.name, unit=scene.unit(name.unit), by=by, now=now, today=today, remember=True
            )
    for row in read("decisions", DecisionRow):
        if row.paper == paper.key:
            _decide(directive, row, scene=scene, by=paper.by, now=now)
    if not paper.is_complete:
        return
    directives.accept_sure(directive, by=by, now=now)
    for proposal in Proposal.objects.filter(directive=directive, state="proposed").order_by("position"):
        directives.accept_proposal(proposal, version=proposal.version, by=by, now=now)
    _set_rest_aside(directive, scene=scene, by=paper.by, now=now)
    day = scene.diary.after(today, paper.dispatch)
    scene.diary.put(day, 11, partial(_open, scene, paper, directive))


def _decide(directive: Directive, row: DecisionRow, *, scene: Scene, by: str, now: datetime) -> None:
    proposal = next(
        p for p in list_proposals(directive) if p.state == "proposed" and row.phrase in f"{p.title}\n{p.requirement}"
    )
    step: dict[str, Any] = {"version": proposal.version, "by": scene.person(by), "now": now}
    if row.action == "title":
        directives.edit_proposal(proposal, title=row.value, **step)
    elif row.action == "information":
        directives.mark_information(proposal, **step)
    elif row.action == "accept":
        directives.accept_proposal(proposal, **step)
    elif row.action == "merge":
        directives.merge_proposals(proposal, **step)
    elif row.action == "split":
        directives.split_proposal(proposal, each=row.value, **step)


def _set_rest_aside(directive: Directive, *, scene: Scene, by: str, now: datetime) -> None:
    """Say of the clauses that ask for nothing that they are for information."""
    found = get_coverage(directive, clauses=list_clauses(directive), proposals=list_proposals(directive))
    ids = [clause.id for clause in found.open_clauses]
    directives.mark_rest(directive, clause_ids=ids, by=scene.person(by), now=now)


def _open(scene: Scene, paper: Paper, directive: Directive, now: datetime) -> None:
    """Open the tasks, set each up as planned, and dispatch them together."""
    opened = tasks.open_tasks(directive, by=scene.person("office"), now=now)
    plan = [row for row in read("plan", PlanRow) if row.paper == paper.key]
    for row in plan:
        task = next(t for t in opened if row.title in t.title and t.pk not in scene.tasks.values())
        scene.tasks[row.title] = task.pk
        _set_up(scene, task, row, by=paper.by, now=now)
    ready = list(
        Task.objects.filter(pk__in=[t.pk for t in opened], state__in=[s.value for s in BEFORE_DISPATCH])
        .select_related("owner")
        .order_by("path")
    )
    tasks.dispatch_tasks(ready, by=scene.person("office"), now=now)
    for row in plan:
        courses.begin(scene, courses.of_plan(scene, row), dispatched=timezone.localtime(now).date())


def _set_up(scene: Scene, task: Task, row: PlanRow, *, by: str, now: datetime) -> None:
    person = scene.person(by)
    task.refresh_from_db()
    duties = _with_lead(scene, task, row.lead)
    tasks.edit_task(task, version=task.version, by=person, now=now, duties=duties, **_fields(scene, task, row))
    if row.lead and duties is None and not _leads_alone(scene, task, row.lead):
        tasks.name_lead(task, unit=scene.unit(row.lead), by=person, now=now)
    points = [
        Point(m.name, scene.diary.day(m.date), Decimal(m.percent))
        for m in read("milestones", MilestoneRow)
        if m.title == row.title
    ]
    if points:
        task.refresh_from_db()
        tasks.set_milestones(task, rows=points, by=person, now=now)


def _fields(scene: Scene, task: Task, row: PlanRow) -> dict[str, Any]:
    due: date | None = scene.diary.day(row.due) if row.due else task.due_date
    fields: dict[str, Any] = {
        "tier": int(row.tier),
        "urgency": int(row.urgency),
        "sponsor": scene.person(row.sponsor),
        "asked_by": scene.person(row.asked_by) if row.asked_by else None,
        "standard": row.standard,
        "due_date": due,
        "review_date": None if due else task.review_date,
        "cadence": row.cadence,
        "cadence_day": int(row.day) if row.day else None,
    }
    if row.target:
        value, unit = row.target.split()
        fields |= {"target_op": ">=", "target_value": Decimal(value), "target_unit": unit}
    return fields


def _with_lead(scene: Scene, task: Task, code: str) -> list[DutyRow] | None:
    """The duties with a lead from outside the units that the paper names; None when the paper names it."""
    doing = {d.unit_id for d in task.duties.filter(role__in=[r.value for r in DOING])}
    if not code or scene.unit(code).pk in doing:
        return None
    lead = DutyRow(DutyRole.LEAD, scene.unit(code).pk, str(scene.unit(code)))
    kept = [DutyRow(_beside(d.role), d.unit_id, d.written_name, d.selector) for d in task.duties.order_by("id")]
    return [lead, *kept]


def _beside(role: str) -> str:
    return DutyRole.CO if role in (DutyRole.LEAD, DutyRole.JOINT) else role


def _leads_alone(scene: Scene, task: Task, code: str) -> bool:
    leading = task.duties.filter(role__in=[DutyRole.LEAD.value, DutyRole.JOINT.value])
    return [(d.unit_id, d.role) for d in leading] == [(scene.unit(code).pk, DutyRole.LEAD)]
